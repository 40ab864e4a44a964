"""Connections to watched systems: a driver in, a ``Sample`` out.

One module or folder per kind. A source knows its own system and nothing of polling,
levels or screens; see ``base`` for what one must offer.
"""
