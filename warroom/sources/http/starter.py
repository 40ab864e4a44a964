"""What ``warroom init`` writes for the health addresses it was given."""

import re
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

_GENERIC = re.compile(
    r"(health|healthy|healthz|healthcheck|health-check|ready|readyz|readiness|live|livez"
    r"|liveness|status|ping|up|check|checks|internal|actuator|v\d+|\d+|www|localhost)\Z"
)
_UNFIT = re.compile(r"[^a-z0-9_-]+")


class Found(Protocol):
    """The part of ``warroom.config.starter.Found`` that is read here."""

    @property
    def health(self) -> tuple[str, ...]: ...


def tables(found: Found) -> dict[str, dict[str, Any]]:
    """One ``[sources.NAME]`` for each address; a password in one becomes a reference."""
    written: dict[str, dict[str, Any]] = {}
    for url in dict.fromkeys(found.health):
        name = _unique(_name(url), written)
        written[name] = {"kind": "http", "interval": "5s", **_request(url, name)}
    return written


def _request(url: str, name: str) -> dict[str, Any]:
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return {"url": url}
    bare = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    variable = f"{name.upper().replace('-', '_')}_PASSWORD"
    basic = {"user": user.partition(":")[0], "password": {"env": variable}}
    return {"url": bare, "basic": basic}


def _name(url: str) -> str:
    """The last part of the path, or first of the host, that says more than "health"."""
    parts = urlsplit(url)
    labels = (parts.hostname or "").split(".")
    for word in (*reversed(parts.path.lower().split("/")), *labels):
        fit = _UNFIT.sub("-", word).strip("-_")
        if fit and not _GENERIC.match(fit):
            return fit[:24] if fit[0].isalpha() else f"web-{fit[:20]}"
    return "web"


def _unique(name: str, taken: dict[str, dict[str, Any]]) -> str:
    count, unique = 1, name
    while unique in taken:
        count += 1
        unique = f"{name}-{count}"
    return unique
