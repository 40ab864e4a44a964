"""Where a Redis server is: what its ``dsn`` says, before anything is asked.

``redis://user@host:6379/0`` and ``rediss://`` (TLS) as the URI schemes registered with IANA
have them, ``valkey`` and ``valkeys`` likewise, ``unix:///path?db=0`` as redis-py has it.
"""

from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from warroom.config.secrets import Secret

PORT = 6379
SENTINEL_PORT = 26379
EXAMPLE = "write it as redis://user@redis.example:6379/0"
_TLS = {"redis": False, "rediss": True, "valkey": False, "valkeys": True}
_MOST_DATABASES = 1 << 20


class Place(NamedTuple):
    """One server, or one name that Sentinels know. ``path`` is a Unix socket's, empty for TCP;
    ``user`` is empty for the default user."""

    host: str
    port: int = PORT
    path: str = ""
    database: int = 0
    user: str = ""
    password: Secret | None = None
    tls: bool = False


def place(dsn: str) -> Place:
    """What ``dsn`` means. Raises ValueError, which repeats nothing of it: it may hold a
    password."""
    try:
        parts = urlsplit(dsn)
        port, host = parts.port, parts.hostname or ""
        database = parse_qs(parts.query).get("db", [""])[0]
    except ValueError:
        # Not chained: the cause repeats what it could not read.
        raise ValueError(f"dsn cannot be read; {EXAMPLE}") from None
    user = unquote(parts.username or "")
    password = Secret(unquote(parts.password)) if parts.password else None
    if parts.scheme == "unix":
        if not parts.path.startswith("/"):
            raise ValueError("a Unix socket is written unix:///run/redis/redis.sock")
        number = _database(database)
        return Place("", 0, unquote(parts.path), number, user, password)
    if parts.scheme not in _TLS:
        raise ValueError(f"no address of a Redis server; {EXAMPLE}")
    if not host:
        raise ValueError(f"dsn names no host; {EXAMPLE}")
    number = _database(database or parts.path.removeprefix("/"))
    given = PORT if port is None else port
    return Place(host, given, "", number, user, password, _TLS[parts.scheme])


def sentinel(address: str) -> tuple[str, int]:
    """Host and port of ``10.0.0.7:26379``, ``[fd00::7]`` or a name. Raises ValueError."""
    try:
        parts = urlsplit(f"//{address}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.path or parts.query or parts.username:
        raise ValueError('a Sentinel is written "10.0.0.7:26379"')
    return host, SENTINEL_PORT if port is None else port


def _database(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise ValueError("the database of dsn is a number: redis://host:6379/0")
    number = int(text)
    if number >= _MOST_DATABASES:
        raise ValueError("the database of dsn is too high a number")
    return number
