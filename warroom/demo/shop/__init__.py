"""The shop itself: a web app, its TLS front, a worker that sends mails, the customers' traffic.

Four programs (`web`, `front`, `worker`, `traffic`), each run as `python -m` with the path of the
settings file. They know nothing of faults or of who watches them.
"""
