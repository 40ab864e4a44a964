"""Resolving: what must be so first, how it was done, and what is said of it."""

from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from warroom.console.incident.asking import GONE, answer_of, written
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Choice, Field, Said
from warroom.console.incident.gate import gate_rows, refusal, unmet
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.incident.gate import Condition
from warroom.incident.incident import Incident
from warroom.wire import Answer, Resolve

ASK = 2.0
"""Seconds between two looks at the conditions."""


class ResolveScreen(Dialog[Answer | None]):
    """Its result is the engine's answer, once it has resolved; None when it was left.

    The focus starts on the words. A condition that is not met is overridden only by a reason in
    a field of its own, the last one, which is there only while there is such a condition.
    """

    def __init__(self, incident: Incident, text: str = "") -> None:
        """``text`` are the words that were typed already."""
        super().__init__()
        self.incident = incident
        self.prefilled = text
        self.form = f"resolve {incident.id}"
        self.once = uuid4().hex
        self.conditions: tuple[Condition, ...] | None = None
        self.waiting = False
        self.blind = False
        """Whether it is said that the conditions cannot be had."""

    def compose(self) -> ComposeResult:
        look, hows = self.look, self.room.procedures.resolutions
        none = ("", look.dash)
        with Vertical(id="resolve", classes="dialog incident") as box:
            keys = "Enter resolves, Tab goes on, Esc leaves"
            self.titled(box, f"Resolve {self.incident.id}", keys)
            hint = "what ended it, for those who read"
            words = Field(id="words", value=self.prefilled, hint=hint)
            yield Said(look, id="title")
            yield RowsView(self._rows, look, pointed=False, id="gate")
            yield _line("Words", words)
            yield _line("How", Choice((none, *((how, how) for how in hows)), look, id="how"))
            override = Field(id="override", hint="a reason overrides; it is recorded")
            yield Horizontal(Label("Override"), override, id="override-line", classes="line")
            yield Static("", classes="complaint")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#title", Said).say(self.incident.title)
        self.begin_form()
        words = self.query_one("#words", Field)
        words.value = self.prefilled or words.value
        self.set_focus(words)
        self._show()
        self.set_interval(ASK, self._look_again)
        self._look_again()

    def follow(self) -> None:
        """Once the entry itself has come, it is resolved, whatever became of the answer."""
        done = written(self.console, self.once)
        if done is not None:
            self.finish(done)
        else:
            self.redraw()

    def _rows(self, width: int) -> list[Row]:
        return gate_rows(self.conditions, self.look)

    # the gate -------------------------------------------------------------------------

    def _look_again(self) -> None:
        self.run_worker(self._ask(), group="gate", exclusive=True, exit_on_error=False)

    async def _ask(self) -> None:
        request = Resolve(ref=0, once=self.once, incident=self.incident.id, only_ask=True)
        answer = await answer_of(self.console, request)
        if not self.is_mounted or self.waiting:
            return
        if answer.ok or answer.conditions:
            self.conditions = answer.conditions
            if self.blind:
                self.complain("")
            self._show()
        else:
            self.complain(f"The conditions cannot be had: {answer.message}")
        self.blind = not (answer.ok or answer.conditions)

    def _show(self) -> None:
        open_ones = unmet(self.conditions)
        self.query_one("#override-line").display = bool(open_ones) or bool(
            self.query_one("#override", Field).text
        )
        self.query_one("#gate").refresh(layout=True)
        self.redraw()

    # resolving ------------------------------------------------------------------------

    @on(Choice.Submitted)
    @on(Input.Submitted)
    def submit(self) -> None:
        """Resolve, or say why it is not."""
        open_ones = unmet(self.conditions)
        reason = self.query_one("#override", Field).text
        if self.waiting:
            return
        if open_ones and not reason:
            self.complain(refusal(open_ones))
            return
        self.waiting = True
        self.complain("resolving")
        self.run_worker(self._resolve(reason if open_ones else ""), exit_on_error=False)

    async def _resolve(self, override: str) -> None:
        request = Resolve(
            ref=0,
            once=self.once,
            incident=self.incident.id,
            how=self.query_one("#how", Choice).value,
            text=self.query_one("#words", Field).text,
            override=override,
        )
        try:
            answer = await answer_of(self.console, request)
        finally:
            self.waiting = False
        if answer.ok:
            self.finish(answer)
        elif self.is_mounted:
            self.conditions = answer.conditions or self.conditions
            self.complain(answer.message or GONE)
            self._show()


def _line(label: str, *fields: Widget) -> Horizontal:
    return Horizontal(Label(Content(label)), *fields, classes="line")
