"""Statements as a server shows them of others: what is secret in them is not for the screen."""

import re

_PASSWORD = re.compile(r"(\bpassword\b\s*(?:=|to\b)?\s*)(?:[eE]?'(?:[^']|'')*'?)", re.IGNORECASE)
"""``ALTER ROLE app PASSWORD '…'`` and the like; its end may be cut off by the server."""


def masked(query: str) -> str:
    """A query without the passwords that are set in it."""
    return _PASSWORD.sub(r"\1'***'", query)
