"""Choosing which incident is shown: the open ones, and all that ever were."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from warroom.console.bound import bound
from warroom.console.incident.asking import answer_of
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.listed import Found, listed_rows
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.incident.incident import Summary, summary
from warroom.wire import GetIncidents


class IncidentsScreen(Dialog[str | None]):
    """Its result is the id of the chosen one; None when it was left."""

    BINDINGS = [bound("dialog.close", "dismiss(None)")]

    def __init__(self) -> None:
        super().__init__()
        self.others: tuple[Summary, ...] = ()
        self.said = "asking for those that are over"

    def compose(self) -> ComposeResult:
        with Vertical(id="incidents", classes="dialog incident") as box:
            self.titled(box, "Incidents", "{list.take} shows it, Esc closes")
            yield RowsView(self._rows, self.look)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(RowsView).focus()
        self.run_worker(self._ask(), exit_on_error=False)

    async def _ask(self) -> None:
        answer = await answer_of(self.console, GetIncidents(ref=0))
        self.others = answer.incidents
        self.said = "" if answer.ok else f"Those that are over cannot be had: {answer.message}"
        if self.is_mounted:
            self.query_one(RowsView).refresh(layout=True)
            self.redraw()

    def _rows(self, width: int) -> list[Row]:
        known = {one.id: one for one in self.others}
        known |= {one.id: summary(one) for one in self.room.incidents}
        shown = self.console.incident
        found = Found(
            tuple(known.values()),
            self.room.scale,
            self.now,
            self.look,
            shown=shown.id if shown else "",
            said=self.said,
            declare=self.console.key_of("declare"),
        )
        return listed_rows(found, width)

    @on(RowsView.Taken)
    def taken(self, event: RowsView.Taken) -> None:
        """Hand the choice back."""
        self.dismiss(event.key)
