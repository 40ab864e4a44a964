"""What went before: the last half hour of troubles, changes and levels, for whoever looks back."""

from datetime import datetime

import msgspec

from warroom.measure.change import Change
from warroom.severity import Level
from warroom.sharing.kinds import Name

KEPT = 1800.0
"""Seconds that something which is over stays in the past."""


class Onset(msgspec.Struct, frozen=True, kw_only=True):
    """One trouble: when the first bad poll came, not when it was called a level.

    ``signal`` is the figure, ``rule`` the name of the rule that blames it; both are empty where a
    source as a whole cannot be seen, and ``source`` too where it is the room that is cut off.
    ``level`` is the worst it came to. ``until`` is when its level was let go, None while it lasts.
    """

    source: Name
    signal: Name = ""
    rule: str = ""
    level: Level
    at: datetime
    until: datetime | None = None


class Noticed(msgspec.Struct, frozen=True):
    """A change, and the source that noticed it."""

    source: Name
    change: Change


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A source went from one level to another, and why."""

    source: Name
    at: datetime
    before: Level
    level: Level
    cause: str = ""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """The last half hour, each list oldest first; and every trouble that lasts, however old."""

    onsets: tuple[Onset, ...] = ()
    changes: tuple[Noticed, ...] = ()
    levels: tuple[Step, ...] = ()


class Mark(msgspec.Struct, frozen=True):
    """A deployment in a figure's past: ``poll`` is the number of the first poll after it (the
    source's polls are counted from 1; what it had before a reload ends with 0)."""

    poll: int
    what: str


MARKED = frozenset({"deployment", "version"})
"""The kinds of change that are marks in graphs: other code runs."""
