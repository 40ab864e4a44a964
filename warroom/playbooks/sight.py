"""What the matching reads of a source: as it is now, told by whoever watches it."""

from typing import Literal

import msgspec

from warroom.measure.comparison import Threshold
from warroom.severity import OK, UNSEEN, Level

State = Literal["UP", "DOWN", "CAN'T SEE", "MAINTENANCE"]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One signal. ``name`` is its whole name, its source's included; ``value`` is None when it is
    not known. ``level`` is what its rules have taken, and ``why`` their words; ``limits`` are
    their steps, worst first."""

    name: str
    value: float | None
    unit: str = ""
    of: str = ""
    level: Level = OK
    why: str = ""
    limits: tuple[tuple[Level, Threshold], ...] = ()

    @property
    def short(self) -> str:
        """Its name without the source's."""
        return self.name.partition(".")[2]


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """One source. ``why`` is what is wrong with it in its own words: its failure, its faults, the
    cause of its level. ``polls`` is how many there have been. ``cut_off``: nothing of the world
    is seen from here, which says nothing of the source."""

    name: str
    kind: str
    title: str = ""
    state: State = "CAN'T SEE"
    level: Level = UNSEEN
    why: str = ""
    cut_off: bool = False
    polls: int = 0
    signals: tuple[Figure, ...] = ()
