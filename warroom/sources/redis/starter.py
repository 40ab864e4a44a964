"""What ``warroom init`` writes for the Redis server of the environment."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

VARIABLE = "REDIS_URL"
SCHEMES = ("redis", "rediss", "valkey", "valkeys")


class Found(Protocol):
    """The part of ``warroom.config.starter.Found`` that is read here."""

    @property
    def environ(self) -> Mapping[str, str]: ...


def tables(found: Found) -> dict[str, dict[str, Any]]:
    """``[sources.redis]`` for a REDIS_URL, which stays in the environment."""
    try:
        scheme = urlsplit(found.environ.get(VARIABLE, "")).scheme
    except ValueError:
        return {}
    if scheme not in SCHEMES:
        return {}
    return {"redis": {"kind": "redis", "interval": "5s", "dsn": {"env": VARIABLE}}}
