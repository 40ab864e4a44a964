"""A document before it has a format: headings, facts, lists, tables, charts. Pure.

Everything in it is text that is written by somebody; each format escapes it in its own way.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec


class Blank(msgspec.Struct, frozen=True):
    """What only a person can write."""

    text: str


Text = str | Blank


class Heading(msgspec.Struct, frozen=True):
    """``depth`` is 2 for a section, 3 for a part of one."""

    text: str
    depth: int = 2


class Words(msgspec.Struct, frozen=True):
    """A paragraph; may have several lines."""

    text: Text


class Facts(msgspec.Struct, frozen=True):
    """Names and what they are."""

    rows: tuple[tuple[str, Text], ...]


class Items(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Text, ...]


class Table(msgspec.Struct, frozen=True):
    """A table. ``figures`` are the columns that hold numbers or times."""

    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    figures: tuple[int, ...] = ()


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """One figure over time. None in ``points`` is a gap: nothing was seen. ``began`` and
    ``ended`` are the incident's own start and end, None while it is open."""

    title: str
    unit: str
    points: tuple[tuple[datetime, float | None], ...]
    began: datetime
    ended: datetime | None = None


class Notice(msgspec.Struct, frozen=True):
    """Something that a reader must not overlook."""

    text: str


Block = Heading | Words | Facts | Items | Table | Chart | Notice


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of it. ``about`` is the small print at its end."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    about: tuple[str, ...] = ()

    @property
    def blanks(self) -> int:
        """How many places wait for a person."""
        return sum(1 for _ in _blanks(self.blocks))


def _blanks(blocks: tuple[Block, ...]) -> Iterator[Blank]:
    for block in blocks:
        match block:
            case Words(text=Blank() as blank):
                yield blank
            case Facts(rows=rows):
                yield from (value for _, value in rows if isinstance(value, Blank))
            case Table(rows=cells):
                yield from (one for row in cells for one in row if isinstance(one, Blank))
            case Items(items=items):
                yield from (item for item in items if isinstance(item, Blank))
