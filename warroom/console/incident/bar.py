"""The incident's line under the header: which one, how bad, who leads, and its clocks."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.reactive import reactive

from warroom.console.header import HeaderPart

if TYPE_CHECKING:
    from warroom.console.app import Console


class Timed(HeaderPart):
    """A part that is drawn from the incident and the time: both may change what it says."""

    time: reactive[datetime | None] = reactive(None, init=False, repaint=False)
    """Now, by the second; only the cells that come out different are painted."""

    def watch_time(self) -> None:
        self.follow()

    def watch_state(self) -> None:
        self.follow()

    def follow(self) -> None:
        """Something it is drawn from may have changed."""
        raise NotImplementedError

    @property
    def now(self) -> datetime:
        return self.time or cast("Console", self.app).clock.now()


class IncidentBar(Timed):
    """One line while an incident is shown; nothing otherwise."""

    def draw(self, width: int, height: int) -> list[Content]:
        incident, state = self.incident, self.state
        if incident is None:
            return []
        from warroom.console.incident.bar_line import Shown, line  # not before the first frame

        open_ones = [one.id for one in state.incidents if one.open or one.id == incident.id]
        shown = Shown(
            incident=incident,
            procedures=state.procedures,
            scale=state.scale,
            now=self.now,
            look=self.look,
            place=open_ones.index(incident.id) + 1,
            several=len(open_ones),
        )
        return [line(shown, width)]

    def follow(self) -> None:
        self.display = self.incident is not None
        self.redraw()
