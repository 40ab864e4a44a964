"""The shop itself: a web app, a worker that sends its mails, and the customers' traffic.

Three programs (`web`, `worker`, `traffic`), each run as `python -m` with the path of the
settings file. They know nothing of faults or of who watches them.
"""
