"""A connection that was there and is not any more."""


class LostError(Exception):
    """The connection is of no use any more; in words."""
