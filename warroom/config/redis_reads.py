"""The commands of Redis that a check may send: they only read, and cost the server little. Pure.

Left out although they read: ``KEYS``, ``MONITOR``, ``SMEMBERS``, ``HGETALL`` and whatever else
takes time in proportion to all that is there, and what shows passwords.
"""

import re

_PLAIN = frozenset(
    {
        *("PING", "INFO", "DBSIZE", "LASTSAVE", "ROLE", "TIME"),
        *("TYPE", "EXISTS", "TTL", "PTTL", "EXPIRETIME", "STRLEN", "GET", "GETRANGE"),
        *("LLEN", "LINDEX", "LRANGE", "SCARD", "SISMEMBER", "HLEN", "HGET", "HEXISTS"),
        *("ZCARD", "ZCOUNT", "ZSCORE", "ZRANK", "XLEN"),
    }
)
_FAMILIES: dict[str, frozenset[str]] = {
    "MEMORY": frozenset({"USAGE", "STATS", "DOCTOR"}),
    "SLOWLOG": frozenset({"GET", "LEN"}),
    "LATENCY": frozenset({"LATEST", "HISTORY", "DOCTOR"}),
    "CLIENT": frozenset({"LIST", "INFO"}),
    "CONFIG": frozenset({"GET"}),
    "OBJECT": frozenset({"ENCODING", "IDLETIME", "FREQ", "REFCOUNT"}),
    "XINFO": frozenset({"STREAM", "GROUPS", "CONSUMERS"}),
    "CLUSTER": frozenset({"INFO", "NODES"}),
    "PUBSUB": frozenset({"NUMSUB", "NUMPAT"}),
    "COMMAND": frozenset({"COUNT"}),
    "ACL": frozenset({"WHOAMI"}),
}
MOST = 100
"""Elements that one command may ask for."""
_INDEX = re.compile(r"-?\d{1,9}\Z")
_KEY = re.compile(r"[a-z0-9-]+\Z", re.IGNORECASE)
_HIDDEN = re.compile(r"pass|auth|user", re.IGNORECASE)


def reads(command: tuple[str, ...]) -> tuple[str, ...]:
    """``command``, if it is one of those; raises ValueError."""
    name, *rest = command
    family = _FAMILIES.get(name.upper())
    if family is not None:
        if not rest or rest[0].upper() not in family:
            raise ValueError(f"of {name.upper()} a check may send: {', '.join(sorted(family))}")
        name, rest = f"{name.upper()} {rest[0].upper()}", rest[1:]
    elif name.upper() not in _PLAIN:
        known = ", ".join(sorted(_PLAIN | _FAMILIES.keys()))
        raise ValueError(f"{name.upper()[:40]} is not among what a check may send: {known}")
    if name.upper() == "CONFIG GET":
        _config(rest)
    if name.upper() == "LRANGE":
        _few(rest[1:])
    return command


def _config(names: list[str]) -> None:
    for name in names or [""]:
        if not _KEY.match(name) or _HIDDEN.search(name):
            raise ValueError("CONFIG GET takes the names of parameters, of no pattern or password")


def _few(ends: list[str]) -> None:
    """From the one end or from the other, and not from the one to the other."""
    if len(ends) != 2 or not all(map(_INDEX.match, ends)):
        raise ValueError("LRANGE takes a key and two numbers")
    first, last = map(int, ends)
    if (first < 0) != (last < 0) or last - first >= MOST:
        raise ValueError(f"LRANGE takes at most {MOST} elements, such as 0 to {MOST - 1}")
