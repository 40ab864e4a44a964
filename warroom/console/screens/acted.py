"""What was done lately and what is still on: to look into, to take back, to keep on purpose."""

from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from warroom.console.acting.run_rows import listed_rows
from warroom.console.bound import bound
from warroom.console.incident.asking import answer_of
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Field
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.incident.acting.still_on import On
from warroom.wire import KeepOn

KEYS = (
    "{list.take} opens it, {still_on.undo} takes it back, {still_on.keep} it stays on, "
    "{still_on.off} is off already, Esc"
)
FEW = "{list.take}, {still_on.undo} back, {still_on.keep} stays, {still_on.off} off, Esc"


class ActedScreen(Dialog[str | None]):
    """Its result is the row's key that was opened, or ``undo:`` and the name of what is on."""

    BINDINGS = [
        bound("dialog.close", "dismiss(None)"),
        bound("still_on.undo", "undo"),
        bound("still_on.keep", "keep(False)"),
        bound("still_on.off", "keep(True)"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.off = False
        self.kept = ""
        """The name of what the reason is asked for: the list may move under its cursor."""

    def compose(self) -> ComposeResult:
        with Vertical(id="acted", classes="dialog incident") as box:
            self.titled(box, "Done lately, and still on", KEYS, FEW)
            yield RowsView(self._rows, self.look, id="acted-rows")
            reason = Field(id="keep-reason", hint="why; it is recorded")
            yield Horizontal(Label("Reason"), reason, classes="line", id="keep-line")
            yield Static("", classes="complaint")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#keep-line").display = False
        self.query_one(RowsView).focus()

    def _rows(self, width: int) -> list[Row]:
        acts = self.room.acts
        return listed_rows(
            acts.runs,
            acts.on,
            self.now,
            self.look,
            blind=acts.blind,
            opens=self.console.key_of("actions"),
        )

    @property
    def chosen(self) -> On | None:
        """What is on under the cursor."""
        name = self.query_one(RowsView).cursor.removeprefix("on:")
        return next((one for one in self.room.acts.on if one.name == name), None)

    @on(RowsView.Taken)
    def taken(self, event: RowsView.Taken) -> None:
        if event.key.startswith("run:"):
            self.finish(event.key)

    def action_undo(self) -> None:
        if self.chosen is None:
            self.complain("Go to what is on first; a run is taken back from its own screen")
        elif not self.chosen.undo:
            self.complain("No action takes it back")
        else:
            self.finish(f"undo:{self.chosen.name}")

    def action_keep(self, off: bool) -> None:
        if self.chosen is None:
            self.complain("Go to what is on first")
            return
        self.off, self.kept = off, self.chosen.name
        what = "is off already" if off else "stays on"
        self.complain(f"Why {self.kept} {what}; Enter records it")
        self.query_one("#keep-line").display = True
        self.query_one("#keep-reason", Field).focus()

    @on(Input.Submitted)
    def reasoned(self) -> None:
        reason = self.query_one("#keep-reason", Field).text
        if not reason:
            self.complain(f"A reason is needed for {self.kept}: it is recorded")
            return
        request = KeepOn(ref=0, once=uuid4().hex, name=self.kept, reason=reason, off=self.off)
        self.run_worker(self._keep(request), exit_on_error=False)

    async def _keep(self, request: KeepOn) -> None:
        answer = await answer_of(self.console, request)
        if not self.is_mounted:
            return
        self.complain("" if answer.ok else answer.message)
        if answer.ok:
            field = self.query_one("#keep-reason", Field)
            field.value = ""
            self.query_one("#keep-line").display = False
            self.query_one(RowsView).focus()
        self.redraw()
