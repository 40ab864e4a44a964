"""The strip: what runs, what came of the last run, what is still on, and whether we may act."""

from typing import TYPE_CHECKING, cast

from textual.content import Content

from warroom.console.commands.sources import may_only_watch
from warroom.console.incident.bar import Timed

if TYPE_CHECKING:
    from warroom.console.app import Console


class Strip(Timed):
    """One line while there is something of it to say; nothing otherwise."""

    def draw(self, width: int, height: int) -> list[Content]:
        if not self._wanted():
            return []
        from warroom.console.acting.strip_line import Shown, line  # not before the first frame

        console = cast("Console", self.app)
        watches = bool(may_only_watch(console))
        shown = Shown(
            acts=self.state.acts,
            now=self.now,
            monotonic=console.clock.monotonic(),
            look=self.look,
            arm="" if watches else console.key_of("arm"),
            open="" if watches else console.key_of("acted"),
        )
        return [found] if (found := line(shown, width)) is not None else []

    def follow(self) -> None:
        wanted = self._wanted()
        self.styles.height = 1 if wanted else 0
        self.display = wanted
        self.redraw()

    def _wanted(self) -> bool:
        acts = self.state.acts
        if not (acts.runs or acts.on or acts.locked):
            return False
        from warroom.console.acting.strip_line import fresh

        return bool(acts.on or acts.locked or fresh(acts, self.now))
