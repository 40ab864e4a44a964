"""Milestones: one key each says that it was reached."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from warroom.config.keys import key_named
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.milestones import milestone_rows
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.incident.incident import Incident


class MilestonesScreen(Dialog[str | None]):
    """Its result is the milestone's name; None when it was left. One that was reached before
    wants its key twice: its time would be another."""

    def __init__(self, incident: Incident) -> None:
        super().__init__()
        self.incident = incident
        self.again = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="milestones", classes="dialog incident") as box:
            words = "a key says it was reached now, Esc closes"
            self.titled(box, f"Milestones of {self.incident.id}", words)
            yield RowsView(self._rows, self.look, pointed=False)

    def follow(self) -> None:
        self.incident = self.room.incident(self.incident.id) or self.incident
        super().follow()

    def _rows(self, width: int) -> list[Row]:
        steps = self.room.procedures
        return milestone_rows(steps, self.incident, self.look, self.now, self.again)

    def on_key(self, event: events.Key) -> None:
        """A milestone's key; any other lets go of the question."""
        for step in self.room.procedures.milestones:
            if event.key != key_named(step.key):
                continue
            event.stop()
            event.prevent_default()
            if step.name in self.incident.milestones and self.again != step.name:
                self.again = step.name
                self.redraw()
            else:
                self.dismiss(step.name)
            return
        if self.console.means("dialog.close", event.key):
            self.dismiss(None)
        elif self.again:
            self.again = ""
            self.redraw()
