"""Which entries of a timeline are in sight. Pure."""

from collections.abc import Sequence

import msgspec

from panels.timeline_order import Order, key_of, newer_than
from warroom.console.table.cursor import window
from warroom.incident.entries import Entry


class Sight(msgspec.Struct, frozen=True):
    """``first`` is the first row in sight, of ``room`` of them; ``above`` says that the line
    over the oldest is too. ``new`` came below, out of sight; ``end`` says that the end is in it."""

    first: int
    room: int
    above: bool
    new: int
    end: bool


class Scene(msgspec.Struct, frozen=True):
    """What it depends on. ``top`` is the key of the row that was the first in sight, ``led`` says
    that the line over the oldest stood above it; ``seen`` is the number of the newest entry when
    the end was in sight. ``follows`` keeps the end in sight for as long as the cursor is; ``older``
    says that there are entries that are not here."""

    order: Order
    entries: Sequence[Entry]
    cursor: str
    top: str
    led: bool
    seen: int
    follows: bool
    older: bool


def sight(scene: Scene, room: int) -> Sight:
    """The rows in sight, where there is room for so many lines."""
    found = _sight(scene, room)
    if found.new and room > 2:
        # The line that says so has its room as well.
        return msgspec.structs.replace(_sight(scene, room - 1), new=found.new, end=False)
    return found


def _sight(scene: Scene, room: int) -> Sight:
    # The line over the oldest counts as a row: one goes up to it.
    order, over = scene.order, int(scene.older)
    count = len(order.rows) + over
    place = order.place.get(scene.cursor, len(order.rows) - 1)
    at = 0 if place == 0 and not scene.follows else place + over
    if scene.follows:
        first = max(min(count - room, at), 0)
    else:
        # What comes in above the first row does not move it.
        first = window(count, at, order.place.get(scene.top, 0) + over - scene.led, room)
    end = first + room >= count
    last = first + room - 1 - over
    new = 0 if end else newer_than(scene.seen, scene.entries, order, last)
    above = bool(over) and first == 0
    return Sight(max(first - over, 0), room - above, above, new, end)


def top_of(scene: Scene, found: Sight) -> str:
    """The key of the first row in sight, by which it is found again."""
    rows = scene.order.rows
    return key_of(rows[found.first]) if found.first < len(rows) else ""
