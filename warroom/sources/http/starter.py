"""What ``warroom init`` writes for the health addresses it was given."""

import re
from typing import Any, Protocol

from warroom.connect.found import name_of, request_of, unique

_GENERIC = re.compile(
    r"(health|healthy|healthz|healthcheck|health-check|ready|readyz|readiness|live|livez"
    r"|liveness|status|ping|up|check|checks|internal|actuator|v\d+|\d+|www|localhost)\Z"
)


class Found(Protocol):
    """The part of ``warroom.config.starter.Found`` that is read here."""

    @property
    def health(self) -> tuple[str, ...]: ...


def tables(found: Found) -> dict[str, dict[str, Any]]:
    """One ``[sources.NAME]`` for each address; a password in one becomes a reference."""
    written: dict[str, dict[str, Any]] = {}
    for url in dict.fromkeys(found.health):
        name = unique(name_of(url, _GENERIC, "web"), written)
        written[name] = {"kind": "http", "interval": "5s", **request_of(url, name)}
    return written
