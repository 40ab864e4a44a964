"""The line that says that a playbook fits what is seen."""

from typing import TYPE_CHECKING, cast

from textual.content import Content

from warroom.console.incident.bar import Timed
from warroom.console.playbooks.books import standing
from warroom.playbooks.standing import Proposal

if TYPE_CHECKING:
    from warroom.console.app import Console


class Proposed(Timed):
    """One line while a playbook fits that is neither followed nor set aside."""

    @property
    def console(self) -> "Console":
        return cast("Console", self.app)

    def on_mount(self) -> None:
        self.watch(self.app, "books", self.follow, init=False)

    def _standing(self) -> tuple[Proposal, ...]:
        if not self.state.proposals:
            return ()
        from warroom.console.playbooks.walk import followed  # not before the first frame

        taken = followed(self.state.incidents, self.console.books)
        return standing(self.state.proposals, self.console.books, taken)

    def draw(self, width: int, height: int) -> list[Content]:
        found = self._standing()
        if not found:
            return []
        from warroom.console.playbooks.proposed_line import line

        return [line(found, self.console.key_of("playbooks"), self.look, width)]

    def watch_time(self) -> None:
        """It says nothing of the time: only what is seen changes it."""

    def follow(self) -> None:
        wanted = bool(self._standing())
        self.styles.height = 1 if wanted else 0
        self.display = wanted
        self.redraw()
