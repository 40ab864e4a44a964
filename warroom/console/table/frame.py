"""What a table's frame says so that nobody takes a part for the whole: pure."""

from collections.abc import Iterator

import msgspec

from warroom.console.look import Look, fit
from warroom.text import safe, stepped_age

LONGEST_PATTERN = 40
SHORTEST_PATTERN = 6
"""Cells of the filter that are shown, however little room there is."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps a person from seeing all there is, as it is.

    ``pattern`` is the filter that was typed, by which ``shown`` of ``rows`` pass;
    ``frozen_at`` a time of day and ``age`` seconds since then, None while the table follows
    the watch; ``turned`` whether the panel's own order is reversed; ``waiting`` the source
    that has been asked and has not answered.
    """

    pattern: str = ""
    shown: int = 0
    rows: int = 0
    frozen_at: str = ""
    age: float | None = None
    turned: bool = False
    waiting: str = ""


def words(frame: Frame, room: int, look: Look) -> list[str]:
    """The parts, what matters most first, for about so many cells."""
    others = list(_others(frame, look))
    if not frame.pattern:
        return others
    count = f"{frame.shown} of {frame.rows}"
    taken = len(count) + 2 + sum(len(part) + 3 for part in others)
    most = min(max(room - taken, SHORTEST_PATTERN), LONGEST_PATTERN)
    pattern = fit(look.plain(safe(frame.pattern)), most, "<", look.end).rstrip()
    return [f"/{pattern} {count}", *others]


def _others(frame: Frame, look: Look) -> Iterator[str]:
    if frame.age is not None:
        yield f"FROZEN {frame.frozen_at}, {stepped_age(frame.age)} ago"
    if frame.waiting:
        yield look.plain(f"{safe(frame.waiting, 20)} is asked")
    if frame.turned:
        yield "reversed"
