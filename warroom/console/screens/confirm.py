"""The last look at an action: what exactly would run, where, on what, and is it meant."""

from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warroom.console.acting.confirm import Confirm
from warroom.console.acting.plan_rows import plan_rows
from warroom.console.incident.asking import GONE, answer_of
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.incident.acting.kinds import ActionView
from warroom.incident.acting.plan import LIFE, Plan
from warroom.wire import PlanAction, RunAction

KEYS = "up and down read, Esc cancels"
WITH_VALUES = "F2 other values, up and down read, Esc cancels"
VALUES = "values"
"""The result that asks for other values."""


class ConfirmScreen(Dialog[str | None]):
    """Its result is the run that began, or ``VALUES``; None where it was left or refused."""

    BINDINGS = [("up", "scroll(-1)"), ("down", "scroll(1)"), ("f2,ctrl+e", "values")]

    def __init__(self, action: ActionView, values: dict[str, str], incident: str) -> None:
        super().__init__()
        self.action, self.values, self.incident = action, values, incident
        self.plan: Plan | None = None
        self.once = uuid4().hex
        self.waiting = False

    def compose(self) -> ComposeResult:
        title = f"{self.action.title} - {self.action.danger.upper()}"
        with Vertical(id="confirm", classes=f"dialog incident -{self.action.danger}") as box:
            self.titled(box, title, WITH_VALUES if self.action.parameters else KEYS, KEYS)
            yield RowsView(self._rows, self.look, pointed=False, id="plan")
            yield Static("", classes="complaint")
            yield Confirm(self.look)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Confirm).focus()
        self.run_worker(self._ask(), exit_on_error=False)

    def _rows(self, width: int) -> list[Row]:
        if self.plan is None:
            words = "finding out what exactly it would do"
            return [Row(Content.assemble((words, ".dim")))]
        return plan_rows(self.plan, self.look)

    def follow(self) -> None:
        """The room has changed: the plan has not."""

    def tick(self) -> None:
        """A plan stays as it was made: nothing moves here."""

    def action_scroll(self, by: int) -> None:
        self.query_one("#plan", RowsView).action_move(by)

    def action_values(self) -> None:
        """Nothing is run: the values are asked for, and the plan is made anew."""
        if self.action.parameters and not self.waiting:
            self.finish(VALUES)

    async def _ask(self) -> None:
        request = PlanAction(
            ref=0, action=self.action.name, values=self.values, incident=self.incident
        )
        answer = await answer_of(self.console, request)
        if not self.is_mounted:
            return
        self.plan = answer.plan
        if answer.plan is None:
            self.complain(answer.message or GONE)
        elif answer.plan.blocked:
            self.complain("It cannot be run: BLOCKED says why")
        else:
            self.query_one(Confirm).ask(answer.plan.phrase)
            self.set_timer(min(answer.plan.expires_s, LIFE), self._expire)
        self.query_one("#plan").refresh(layout=True)
        self.redraw()

    def _expire(self) -> None:
        if self.is_current and not self.waiting:
            self.console.say("Not run: nobody answered for a minute", bad=True)
            self.dismiss(None)

    @on(Confirm.Given)
    def answered(self, event: Confirm.Given) -> None:
        if self.waiting:
            return
        if not event.yes:
            self.dismiss(None)
        elif self.plan is not None:
            self.waiting = True
            self.complain("writing it down")
            self.run_worker(self._run(self.plan), exit_on_error=False)

    async def _run(self, plan: Plan) -> None:
        phrase = self.query_one(Confirm).typed
        request = RunAction(ref=0, once=self.once, digest=plan.digest, phrase=phrase)
        answer = await answer_of(self.console, request)
        self.waiting = False
        if answer.message:
            self.console.say(answer.message, bad=True)
        if answer.run is not None:
            self.finish(answer.run.run)
        elif self.is_mounted:
            # It is confirmed once: what was refused, or lost, is looked at anew.
            self.query_one(Confirm).ask(None)
            self.complain(f"NOT RUN: {answer.message or GONE}")
