"""The entries of a timeline in their order: by when things happened. Pure."""

from collections.abc import Sequence

import msgspec

from warroom.console.scribe.kept import Unsaved
from warroom.incident.entries import Correction, Entry, Mark, Seen
from warroom.incident.incident import Corrected, Incident
from warroom.incident.order import in_order
from warroom.incident.words import is_automatic

Row = Entry | Unsaved
"""A row of the timeline: what is durable, and at the end what is not yet."""


class Order(msgspec.Struct, frozen=True):
    """The rows, the oldest first; the place of each by its key; and how many are left out."""

    rows: tuple[Row, ...] = ()
    place: dict[str, int] = {}
    hidden: int = 0


def key_of(row: Row) -> str:
    """What the cursor calls it by: an entry's number, or what an unsaved one was named."""
    return str(row.number) if isinstance(row, Entry) else row.once


def is_aside(entry: Entry) -> bool:
    """What the watch wrote, and what is told beside other entries: marks, corrections."""
    return is_automatic(entry.body) or isinstance(entry.body, Mark | Correction | Seen)


def ordered(
    entries: Sequence[Entry],
    corrections: dict[int, Corrected],
    outgoing: Sequence[Unsaved],
    *,
    asides: bool,
) -> Order:
    """By the time it happened, of equals by number; without the asides if they are not wanted."""
    wanted = [entry for entry in entries if asides or not is_aside(entry)]
    shown = in_order(wanted, corrections)
    rows: tuple[Row, ...] = (*shown, *outgoing)
    place = {key_of(row): at for at, row in enumerate(rows)}
    return Order(rows, place, len(entries) - len(shown))


class Orders:
    """The order, made anew only when something of it changed: not once a frame."""

    def __init__(self) -> None:
        self._made_of: tuple[object, ...] = ()
        self._order = Order()

    def of(
        self,
        incident: Incident,
        entries: tuple[Entry, ...],
        outgoing: tuple[Unsaved, ...],
        *,
        asides: bool,
    ) -> Order:
        """The present one."""
        made_of = (entries, incident.corrections, outgoing, asides)
        same = len(self._made_of) == len(made_of) and all(
            a is b for a, b in zip(self._made_of, made_of, strict=True)
        )
        if not same:
            mine = tuple(one for one in outgoing if one.incident == incident.id)
            self._order = ordered(entries, incident.corrections, mine, asides=asides)
            self._made_of = made_of
        return self._order


def nearest(key: str, before: Order, now: Order) -> str:
    """The row that stands for one that is left out now: the next above it, else below it."""
    at = before.place.get(key, 0)
    for row in (*reversed(before.rows[:at]), *before.rows[at:]):
        if key_of(row) in now.place:
            return key_of(row)
    return ""


def newer_than(number: int, entries: Sequence[Entry], order: Order, at: int) -> int:
    """How many came after that one and stand below the row ``at``: what was inserted further up
    is not news there. Entries stand in order of number."""
    count = 0
    for entry in reversed(entries):
        if entry.number <= number:
            break
        count += order.place.get(str(entry.number), -1) > at
    return count
