"""When the console calls out loud."""

import re

from warroom.console.look import Look
from warroom.console.state import RoomState
from warroom.severity import UNSEEN, Level
from warroom.text import safe
from warroom.wire import SourceView

DARK_POLLS = 3
DARK_SECONDS = 15.0
"""A source is called about when its figures are this many intervals old, and this many
seconds at the least: a single poll without an answer is no reason to wake anybody."""

_LONGEST = 120
_COMMAND = re.compile(r"\d+;")
"""How an OSC 9 begins that is no notice: ConEmu, Windows Terminal and Ghostty obey it."""


def notification(source: SourceView, look: Look) -> str:
    """The sequence by which a terminal tells of it (OSC 9)."""
    words = look.plain(safe(f"{source.level} {source.title}: {source.cause}", _LONGEST))
    return f"\x1b]9;{' ' if _COMMAND.match(words) else ''}{words}\x07"


class Caller:
    """Remembers what was called about, so that each worsening calls once.

    The first sight of a board does not call. Losing sight neither calls at once nor makes
    one forget: back from CAN'T SEE at the level of before is no worsening.
    """

    def __init__(self) -> None:
        self._levels: dict[str, Level] = {}
        self._dark: set[str] = set()

    def hear(self, state: RoomState, now: float) -> SourceView | None:
        """The source to call about now, the worst if there are several."""
        if state.room is None:
            return None
        calls = [view for view in state.sources if self._calls(view, state, now)]
        return max(calls, key=lambda view: state.scale.rank(view.level), default=None)

    def _calls(self, view: SourceView, state: RoomState, now: float) -> bool:
        if view.level == UNSEEN:
            return self._goes_dark(view, state.age(view, now))
        self._dark.discard(view.name)
        scale = state.scale
        before = self._levels.get(view.name)
        self._levels[view.name] = view.level
        if before is None or view.acknowledged is not None:
            return False
        if scale.index(view.level) is None:
            return False
        return scale.rank(view.level) > scale.rank(before)

    def _goes_dark(self, view: SourceView, age: float | None) -> bool:
        if age is None or view.acknowledged is not None or view.name in self._dark:
            return False
        if age < max(DARK_POLLS * view.interval, DARK_SECONDS):
            return False
        self._dark.add(view.name)
        return True
