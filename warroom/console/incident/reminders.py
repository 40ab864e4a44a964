"""The reminders of the incident that is shown: a banner, until somebody has seen them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from textual.content import Content

from warroom.console.commands.sources import may_only_watch
from warroom.console.incident.bar import Timed
from warroom.console.look import Look, fit, fit_to
from warroom.console.state import RoomState
from warroom.incident.incident import Incident, Reminder
from warroom.text import safe

if TYPE_CHECKING:
    from warroom.console.app import Console

MOST = 2
"""Lines of it."""
URGENT = (
    "response",
    "escalation",
    "severity",
    "commander",
    "matrix",
    "update",
    "task",
    "watch",
    "due",
)
"""Kinds of reminders, as their keys begin, the most urgent first."""


class Reminders(Timed):
    """One line for each reminder that stands, at most two."""

    def standing(self) -> tuple[Reminder, ...]:
        """Those that nobody has seen, the most urgent first."""
        incident, state = self.incident, self.state
        if not state.incidents:
            return ()
        return tuple(one for _, one in all_standing(incident, state, self.now))

    def draw(self, width: int, height: int) -> list[Content]:
        console = cast("Console", self.app)
        key = "" if may_only_watch(console) else console.key_of("seen")
        return lines(self.standing(), key, self.look, width)

    def follow(self) -> None:
        count = min(len(self.standing()), MOST)
        self.styles.height = count
        self.display = bool(count)
        self.redraw()


def all_standing(
    shown: Incident | None, state: RoomState, now: datetime
) -> list[tuple[str, Reminder]]:
    """What stands of the incident that is shown, and of those that are over: what is due of them
    is on nobody's screen otherwise. With the incident's id, the most urgent first."""
    from warroom.incident.nags import standing  # not before the first frame

    over = [one for one in state.incidents if not one.open and one is not shown]
    of = {
        id(reminder): one.id
        for one in ([shown] if shown is not None else []) + over
        for reminder in standing(one, state.procedures, state.scale, now)
    }
    found = [
        reminder
        for one in ([shown] if shown is not None else []) + over
        for reminder in one.reminders.values()
        if id(reminder) in of
    ]
    return [(of[id(reminder)], reminder) for reminder in ordered(found)]


def ordered(reminders: Sequence[Reminder]) -> tuple[Reminder, ...]:
    """The most urgent first; of equals the newest."""

    def urgency(reminder: Reminder) -> tuple[int, float]:
        kind = reminder.key.partition(":")[0]
        at = URGENT.index(kind) if kind in URGENT else len(URGENT)
        return at, -reminder.at.timestamp()

    return tuple(sorted(reminders, key=urgency))


def lines(reminders: Sequence[Reminder], key: str, look: Look, width: int) -> list[Content]:
    """At most two, and how many more there are. Without a ``key`` none can be seen to. Pure."""
    shown = reminders[:MOST]
    more = f"and {len(reminders) - MOST} more " if len(reminders) > MOST else ""
    ends = (f"  {key} seen " if key else "", f"  {more}" if more else "")
    return [_line(one, end, look, width) for one, end in zip(shown, ends, strict=False)]


def _line(reminder: Reminder, end: str, look: Look, width: int) -> Content:
    """What it is about, whom to reach and how; behind the first the key that says it is seen."""
    words = look.plain(safe(reminder.text, 400))
    room = max(width - cell_len(end) - 3, 10)
    who = _who(reminder, room - cell_len(words), look)
    if who:
        # How to reach somebody is what cannot be had elsewhere: it has its room first.
        words = fit_to(words, max(room - cell_len(who), room * 2 // 5), look)
    words = fit(words + who, room, "<", look.end)
    line = Content.assemble((f" ! {words}", ".level-1"), (end, ".dim"))
    return line.truncate(width)


def _who(reminder: Reminder, room: int, look: Look) -> str:
    """All whom to reach, where there is room for them, else the first: whom to tell first."""
    found = [look.plain(safe(line, 120)) for line in reminder.who]
    if not found:
        return ""
    every = f" {look.dot} {'; '.join(found)}"
    if cell_len(every) <= room or len(found) == 1:
        return every
    return f" {look.dot} {found[0]}; +{len(found) - 1}"
