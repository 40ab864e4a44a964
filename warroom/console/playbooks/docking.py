"""Where a playbook that is followed stands in the room, and how high it is. Pure."""

from typing import Literal

import msgspec

RIGHT = 120
"""Columns from which it stands at the right of the panels."""
WIDTH, WIDER = 48, 52
"""Its columns there, and from 160 on."""
BESIDE = 160
"""Columns that panels and timeline need to stand side by side."""

Focus = Literal["", "log", "playbook"]
"""Which of the two below the panels has the keys."""


class Shares(msgspec.Struct, frozen=True):
    """Columns of the playbook at the right, 0 where it is below; and the lines of it and of the
    timeline below the panels."""

    columns: int
    playbook: int
    log: int


def shares(width: int, height: int, focus: Focus, *, log: bool) -> Shares:
    """How so many lines between bars and scribe are shared out. Where they are few, the one that
    has the keys is high and the other low: the panels keep what they have."""
    if width >= RIGHT:
        columns = WIDER if width >= BESIDE else WIDTH
        return Shares(columns, height, max(height * 2 // 5, 5) if log else 0)
    if height >= 26:
        own = max(height * 3 // 10, 9)
        return Shares(0, own, max((height - own) * 3 // 10, 5) if log else 0)
    if not log:
        return Shares(0, min(9 if height >= 16 else 6, max((height + 1) // 2, 3)), 0)
    if height >= 16:
        return Shares(0, 3, 8) if focus == "log" else Shares(0, 8, 3)
    high = max(min(6, height * 3 // 5), 3)
    return Shares(0, 0, high) if focus == "log" else Shares(0, high, 0)
