"""Patterns in which ``*`` stands for anything, as symptoms have them for sources and figures."""

import re


def fits(pattern: str, name: str) -> bool:
    """Whether ``name`` is what the pattern says, the whole of it."""
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), name, re.DOTALL) is not None
