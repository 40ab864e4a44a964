"""What the looks of plain layouts have in common: commands by name, and parts that may fail."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, count, text

T = TypeVar("T")
Replies = Mapping[str, Reply]

LENGTHS = {"list": "LLEN", "set": "SCARD", "zset": "ZCARD", "hash": "HLEN", "stream": "XLEN"}


def asking(commands: Mapping[str, Command]) -> Look[Replies]:
    """One round trip; the replies go by the names of their commands."""
    replies = yield tuple(commands.values())
    return dict(zip(commands, replies, strict=False))


def part(what: str, read: Callable[[Reply], T], reply: Reply, notes: list[str]) -> T | None:
    """An optional part of a look; where it is refused or of a wrong shape, a note says so."""
    try:
        return read(reply)
    except ReplyError as error:
        notes.append(f"{what}: {error}")
        return None


def length_of(key: str, kind: Reply) -> Look[int]:
    """How many elements ``key`` has, by the reply to ``TYPE``; none in a key that is not
    there. One round trip, or none. Raises ReplyError."""
    found = text(kind)
    if found == "none":
        return 0
    if found not in LENGTHS:
        raise ReplyError(f"{key} is neither a list, a set nor a hash")
    (length,) = yield ((LENGTHS[found], key),)
    return count(length)
