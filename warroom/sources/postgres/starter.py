"""What ``warroom init`` writes for the database of the environment."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

VARIABLE = "DATABASE_URL"


class Found(Protocol):
    """The part of ``warroom.config.starter.Found`` that is read here."""

    @property
    def environ(self) -> Mapping[str, str]: ...


def tables(found: Found) -> dict[str, dict[str, Any]]:
    """``[sources.db]`` for a DATABASE_URL of PostgreSQL, which stays in the environment."""
    try:
        scheme = urlsplit(found.environ.get(VARIABLE, "")).scheme
    except ValueError:
        return {}
    if scheme not in ("postgresql", "postgres"):
        return {}
    return {"db": {"kind": "postgres", "interval": "5s", "dsn": {"env": VARIABLE}}}
