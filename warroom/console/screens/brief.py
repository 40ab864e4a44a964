"""Two lines to read to somebody who joins late."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warroom.console.bound import bound
from warroom.console.incident.asking import GONE, answer_of
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.table.clipboard import copy_text
from warroom.incident.drafted import Drafted
from warroom.incident.incident import Incident
from warroom.text import whole_line
from warroom.wire import GetDraft


class BriefScreen(Dialog[None]):
    """Drafted anew whenever the incident moves."""

    BINDINGS = [
        bound("dialog.copy", "copy"),
        bound("dialog.close", "dismiss(None)"),
    ]

    def __init__(self, incident: Incident) -> None:
        super().__init__()
        self.incident = incident
        self.draft: Drafted | None = None
        self.at = -1
        """The number of the newest entry that it tells of."""

    def compose(self) -> ComposeResult:
        with Vertical(id="brief", classes="dialog incident") as box:
            self.titled(box, f"Brief  {self.incident.id}", "{dialog.copy} copies, Esc closes")
            yield RowsView(self._rows, self.look, pointed=False)
            yield Static("", classes="complaint")

    def on_mount(self) -> None:
        super().on_mount()
        self.follow()

    def _rows(self, width: int) -> list[Row]:
        lines = self.draft.text.split("\n") if self.draft else [self.look.end]
        return [Row(Content(self.look.plain(whole_line(line)))) for line in lines]

    def follow(self) -> None:
        self.incident = self.room.incident(self.incident.id) or self.incident
        if self.incident.number != self.at:
            self.at = self.incident.number
            self.run_worker(self._ask(), group="brief", exclusive=True, exit_on_error=False)

    async def _ask(self) -> None:
        request = GetDraft(ref=0, incident=self.incident.id, purpose="brief")
        answer = await answer_of(self.console, request)
        if not self.is_mounted:
            return
        self.draft = answer.draft or self.draft
        self.complain(answer.draft.problem if answer.draft else answer.message or GONE)
        self.query_one(RowsView).refresh(layout=True)
        self.redraw()

    def action_copy(self) -> None:
        """To the terminal's clipboard."""
        if self.draft is not None:
            copy_text(self.console, self.draft.text)
