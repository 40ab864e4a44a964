"""Whoever the shop has to do with but does not own, as programs of their own.

The payments provider, the mail server, the warehouse, and who comes to use or misuse the
shop: a partner, an importer, robots, an intruder. Like the shop's programs each is
run as `python -m` with the path of the settings file.
"""
