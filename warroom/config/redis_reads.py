"""The commands of Redis that a check may send: they only read, and cost the server little. Pure.

Left out although they read: ``KEYS``, ``MONITOR``, ``SMEMBERS``, ``HGETALL`` and whatever else
takes time in proportion to all that is there, and what shows passwords. Of those that take a
range, a range of so much and no more.
"""

import re
from collections.abc import Callable, Sequence

from warroom.config.problems import did_you_mean

MOST = 100
"""Elements that one command may ask for."""
DEEPEST = 10_000
"""How far into a list an index may reach: Redis walks there from the nearer end."""
LONGEST = 64 * 1024
"""Bytes of a part of a string."""
_NUMBER = re.compile(r"-?\d{1,9}\Z")
_KEY = re.compile(r"[a-z0-9-]+\Z", re.IGNORECASE)
_HIDDEN = re.compile(r"pass|auth|user|key", re.IGNORECASE)
_TAKES: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("DBSIZE", "LASTSAVE", "ROLE", "TIME"), (0, 0)),
    **dict.fromkeys(("PING",), (0, 1)),
    **dict.fromkeys(("INFO",), (0, 8)),
    **dict.fromkeys(("TYPE", "TTL", "PTTL", "EXPIRETIME", "STRLEN", "GET"), (1, 1)),
    **dict.fromkeys(("LLEN", "SCARD", "HLEN", "ZCARD", "XLEN"), (1, 1)),
    **dict.fromkeys(("LINDEX", "SISMEMBER", "HGET", "HEXISTS", "ZSCORE", "ZRANK"), (2, 2)),
    **dict.fromkeys(("GETRANGE", "LRANGE", "ZCOUNT"), (3, 3)),
    "EXISTS": (1, 8),
    "HMGET": (2, 9),
    "ZRANGE": (3, 5),
    "XPENDING": (2, 6),
    **dict.fromkeys(("MEMORY STATS", "MEMORY DOCTOR", "SLOWLOG LEN"), (0, 0)),
    **dict.fromkeys(("LATENCY LATEST", "LATENCY DOCTOR", "CLIENT LIST", "CLIENT INFO"), (0, 0)),
    **dict.fromkeys(("CLUSTER INFO", "CLUSTER NODES", "PUBSUB NUMPAT"), (0, 0)),
    **dict.fromkeys(("COMMAND COUNT", "ACL WHOAMI"), (0, 0)),
    **dict.fromkeys(("OBJECT ENCODING", "OBJECT IDLETIME", "OBJECT FREQ"), (1, 1)),
    **dict.fromkeys(("OBJECT REFCOUNT", "XINFO STREAM", "XINFO GROUPS"), (1, 1)),
    "LATENCY HISTORY": (1, 1),
    "XINFO CONSUMERS": (2, 2),
    "PUBSUB NUMSUB": (0, 8),
    "SLOWLOG GET": (0, 1),
    "MEMORY USAGE": (1, 3),
    "CONFIG GET": (1, 8),
}
"""By command: how many arguments it takes at least and at most."""
_FAMILIES = frozenset(name.partition(" ")[0] for name in _TAKES if " " in name)


def reads(command: tuple[str, ...]) -> tuple[str, ...]:
    """``command``, if it is one of those; raises ValueError."""
    name, rest = _named(command)
    least, most = _TAKES[name]
    if not least <= len(rest) <= most:
        number = f"{least}" if least == most else f"{least} to {most}"
        raise ValueError(f"{name} takes {number} arguments here, these are {len(rest)}")
    if name in _BOUNDS:
        _BOUNDS[name](rest)
    return command


def _named(command: Sequence[str]) -> tuple[str, Sequence[str]]:
    name, rest = command[0].upper(), command[1:]
    if name in _FAMILIES and rest:
        name, rest = f"{name} {rest[0].upper()}", rest[1:]
    if name not in _TAKES:
        family = name.partition(" ")[0]
        known = sorted(n for n in _TAKES if family not in _FAMILIES or n.startswith(f"{family} "))
        hint = did_you_mean(name, known) or f"it may send {', '.join(known)}"
        raise ValueError(f"{name[:40]} is not among what a check may send; {hint}")
    return name, rest


def _numbers(name: str, texts: Sequence[str]) -> list[int]:
    if not all(map(_NUMBER.match, texts)):
        raise ValueError(f"{name} takes whole numbers there")
    return [int(text) for text in texts]


def _range(name: str) -> Callable[[Sequence[str]], None]:
    """From the one end or from the other, and not from the one to the other."""

    def check(rest: Sequence[str]) -> None:
        first, last = _numbers(name, rest[1:3])
        if (first < 0) != (last < 0) or last - first >= MOST:
            raise ValueError(f"{name} takes at most {MOST} elements, such as 0 to {MOST - 1}")
        if max(abs(first), abs(last)) > DEEPEST:
            raise ValueError(f"{name} reaches at most {DEEPEST} elements far")
        for word in rest[3:]:
            if word.upper() not in ("REV", "WITHSCORES"):
                raise ValueError(f"{name} takes positions here, with REV and WITHSCORES")

    return check


def _index(rest: Sequence[str]) -> None:
    if abs(_numbers("LINDEX", rest[1:])[0]) > DEEPEST:
        raise ValueError(f"LINDEX reaches at most {DEEPEST} elements far")


def _part(rest: Sequence[str]) -> None:
    first, last = _numbers("GETRANGE", rest[1:])
    if (first < 0) != (last < 0) or last - first >= LONGEST:
        raise ValueError(f"GETRANGE takes at most {LONGEST} bytes, such as 0 to {LONGEST - 1}")


def _slow(rest: Sequence[str]) -> None:
    if rest and not 0 < _numbers("SLOWLOG GET", rest)[0] <= MOST:
        raise ValueError(f"SLOWLOG GET takes 1 to {MOST} entries")


def _usage(rest: Sequence[str]) -> None:
    """Of a large collection as many elements as are sampled; 0 would be all of them."""
    if len(rest) == 1:
        return
    if len(rest) != 3 or rest[1].upper() != "SAMPLES":
        raise ValueError("MEMORY USAGE takes a key, and SAMPLES with a number")
    if not 0 < _numbers("MEMORY USAGE", rest[2:])[0] <= MOST:
        raise ValueError(f"MEMORY USAGE takes 1 to {MOST} samples")


def _pending(rest: Sequence[str]) -> None:
    """The summary, or so many entries."""
    if len(rest) == 2:
        return
    if len(rest) < 5 or not 0 < _numbers("XPENDING", rest[4:5])[0] <= MOST:
        raise ValueError(f"XPENDING takes a key and a group, and START END and 1 to {MOST} then")


def _config(rest: Sequence[str]) -> None:
    for name in rest:
        if not _KEY.match(name) or _HIDDEN.search(name):
            raise ValueError("CONFIG GET takes the names of parameters, of no pattern or password")


_BOUNDS: dict[str, Callable[[Sequence[str]], None]] = {
    "LRANGE": _range("LRANGE"),
    "ZRANGE": _range("ZRANGE"),
    "LINDEX": _index,
    "GETRANGE": _part,
    "SLOWLOG GET": _slow,
    "MEMORY USAGE": _usage,
    "XPENDING": _pending,
    "CONFIG GET": _config,
}
