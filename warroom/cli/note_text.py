"""A text on its way into notes: made safe, cut where there is too much of it, split. Pure."""

from dataclasses import dataclass

from warroom.incident.bounds import LONGEST
from warroom.text import safe

MOST = 256 * 1024
"""Bytes that are taken from standard input."""
CUT = "(cut here: what came after the first 256 KiB was not kept)"
_HEAD = "(part {} of {})"
_ROOM = LONGEST - 100
"""Characters of one part, beside the words that say which part it is."""


@dataclass(frozen=True)
class Notes:
    """The texts of one or several notes; ``cut`` says whether something is missing."""

    texts: tuple[str, ...]
    cut: bool = False


def from_bytes(data: bytes) -> Notes:
    """What was read: at most ``MOST`` bytes of it, one more says that there is more."""
    return notes(data[:MOST].decode("utf-8", "backslashreplace"), cut=len(data) > MOST)


def notes(text: str, *, cut: bool = False) -> Notes:
    """The notes that hold all of the text, but for what is over ``MOST`` characters once it can
    be shown; none when there is nothing in it."""
    shown = clean(text)
    cut = cut or len(shown) > MOST
    parts = _split(f"{shown[:MOST]}\n{CUT}" if cut else shown)
    if len(parts) > 1:
        count = len(parts)
        parts = [f"{_HEAD.format(at, count)}\n{part}" for at, part in enumerate(parts, 1)]
    return Notes(tuple(parts), cut)


def clean(text: str) -> str:
    """Every character visible and none obeyed; lines stay lines, blank ones at the ends go."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return "\n".join(safe(line, len(line)).rstrip() for line in lines).strip("\n")


def _split(text: str) -> list[str]:
    """Pieces of at most ``LONGEST`` characters, cut between lines where that can be done."""
    if len(text) <= LONGEST:
        return [text] if text else []
    parts = []
    while len(text) > _ROOM:
        at = text.rfind("\n", _ROOM // 2, _ROOM)
        at = at if at > 0 else _ROOM
        parts.append(text[:at])
        text = text[at:].lstrip("\n")
    return [*parts, text] if text else parts
