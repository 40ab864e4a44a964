"""Commands and replies, as a layout deals in them, and the strict reading of replies.

A layout's look is a generator: it yields the commands of one round trip, all at once, and is
sent their replies in the same order. The looks of all queues of a server go in step, so that
each round trip is one for all of them together.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TypeVar, Union

from warroom.connect.wording import outside

Argument = str | int | float | bytes
Command = tuple[Argument, ...]


@dataclass(frozen=True)
class ErrorReply:
    """A command was answered with an error: ``WRONGTYPE Operation against a key …``."""

    words: str

    @property
    def code(self) -> str:
        return self.words.partition(" ")[0]


Reply = Union[bytes, int, None, list["Reply"], ErrorReply]  # noqa: UP007 - it names itself
"""What RESP2 knows."""

T = TypeVar("T")
Look = Generator[Sequence[Command], Sequence[Reply], T]


class ReplyError(Exception):
    """A reply is an error, or not of the shape that the command has; in words."""

    def __init__(self, words: str, code: str = "") -> None:
        super().__init__(words)
        self.code = code


def sound(reply: Reply) -> Reply:
    """``reply``, if it is no error. Raises ReplyError."""
    if isinstance(reply, ErrorReply):
        raise ReplyError(outside(reply.words), reply.code)
    return reply


def count(reply: Reply) -> int:
    """A number of things. Raises ReplyError."""
    found = sound(reply)
    if isinstance(found, int) and found >= 0:
        return found
    raise ReplyError("not a count")


def whole(reply: Reply) -> int | None:
    """A whole number that is kept as text; None where there is none. Raises ReplyError."""
    found = sound(reply)
    if isinstance(found, int):
        return found
    try:
        return int(found) if isinstance(found, bytes) and len(found) < 20 else None
    except ValueError:
        return None


def real(reply: Reply) -> float | None:
    """A finite number that is kept as text; None where there is none. Raises ReplyError."""
    found = sound(reply)
    if isinstance(found, int):
        return float(found)
    try:
        value = float(found) if isinstance(found, bytes) and len(found) < 40 else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < 1e18 else None


def raw(reply: Reply) -> bytes | None:
    """Bytes as they are; None where there is nothing. Raises ReplyError."""
    found = sound(reply)
    if found is None or isinstance(found, bytes):
        return found
    raise ReplyError("not a string")


def text(reply: Reply) -> str:
    """Text in whatever encoding; empty where there is nothing. Raises ReplyError."""
    return (raw(reply) or b"").decode("utf-8", "replace")


def items(reply: Reply) -> list[Reply]:
    """A list; empty where there is nothing. Raises ReplyError."""
    found = sound(reply)
    if found is None:
        return []
    if isinstance(found, list):
        return found
    raise ReplyError("not a list")


def pairs(reply: Reply) -> dict[str, Reply]:
    """What comes as name, value, name, value. Raises ReplyError."""
    listed = items(reply)
    return {text(name): value for name, value in zip(listed[::2], listed[1::2], strict=False)}


def scanned(reply: Reply) -> tuple[list[bytes], bool]:
    """What one ``SSCAN`` gave, and whether there is more. Raises ReplyError."""
    listed = items(reply)
    if len(listed) != 2:
        raise ReplyError("not a scan")
    return [each for each in items(listed[1]) if isinstance(each, bytes)], listed[0] != b"0"
