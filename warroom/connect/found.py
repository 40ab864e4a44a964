"""What ``warroom init`` makes of an address: a source's name, and a request without secrets."""

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit, urlunsplit

_UNFIT = re.compile(r"[^a-z0-9_-]+")
_LONGEST = 24


def request_of(url: str, name: str) -> dict[str, Any]:
    """``url = …`` for the source ``name``; a password in it becomes a reference."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return {"url": url}
    bare = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    variable = f"{name.upper().replace('-', '_')}_PASSWORD"
    basic = {"user": user.partition(":")[0], "password": {"env": variable}}
    return {"url": bare, "basic": basic}


def name_of(url: str, generic: re.Pattern[str], otherwise: str) -> str:
    """The last part of the path, or first of the host, that says more than ``generic`` does."""
    parts = urlsplit(url)
    labels = (parts.hostname or "").split(".")
    for word in (*reversed(parts.path.lower().split("/")), *labels):
        fit = _UNFIT.sub("-", word).strip("-_")
        if fit and not generic.match(fit):
            return fit[:_LONGEST] if fit[0].isalpha() else f"{otherwise}-{fit[:20]}"
    return otherwise


def unique(name: str, taken: Collection[str]) -> str:
    """``name``, or with a number behind it if it is taken."""
    count, free = 1, name
    while free in taken:
        count += 1
        free = f"{name}-{count}"
    return free
