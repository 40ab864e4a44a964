"""The last look at an action: what exactly would run, where, on what, and is it meant."""

from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from warroom.console.acting.confirm import Confirm
from warroom.console.acting.plan_rows import masked_rows, plan_rows
from warroom.console.bound import bound
from warroom.console.incident.asking import answer_of, lost
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.errors import WarroomError
from warroom.incident.acting.kinds import DANGERS, ActionView
from warroom.incident.acting.plan import LIFE, Plan
from warroom.wire import Answer, PlanAction, RunAction

KEYS = "up and down read, Esc cancels"
WITH_VALUES = "{plan.values} other values, up and down read, Esc cancels"
VALUES = "values"
"""The result that asks for other values."""
AWAY = "the engine is not there"
LEFT = "It was asked for already, and Esc does not take it back: {acted} tells what became of it"


class ConfirmScreen(Dialog[str | None]):
    """Its result is the run that began, or ``VALUES``; None where it was left or refused."""

    BINDINGS = [
        bound("list.up", "scroll(-1)"),
        bound("list.down", "scroll(1)"),
        bound("plan.values", "values"),
    ]

    def __init__(self, action: ActionView, values: dict[str, str], incident: str) -> None:
        super().__init__()
        self.action, self.values, self.incident = action, values, incident
        self.plan: Plan | None = None
        self.once = uuid4().hex
        self.waiting = self.asked = False
        """Whether the answer to a yes is on its way; whether a yes was ever sent."""

    def compose(self) -> ComposeResult:
        with Vertical(id="confirm", classes="dialog incident") as box:
            self._headed(box, self.action)
            yield RowsView(self._rows, self.look, pointed=False, id="plan")
            yield Static("", classes="complaint")
            yield Confirm(self.look)

    def _headed(self, box: Widget, what: ActionView | Plan) -> None:
        """What it is called, and how dangerous it is: as the engine says, once it has."""
        title = f"{what.title} - {what.danger.upper()}"
        self.titled(box, title, WITH_VALUES if self.action.parameters else KEYS, KEYS)
        for danger in DANGERS:
            box.set_class(danger == what.danger, f"-{danger}")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Confirm).focus()
        self.run_worker(self._ask(), exit_on_error=False)

    def _rows(self, width: int) -> list[Row]:
        if self.plan is None:
            words = "finding out what exactly it would do"
            return [Row(Content.assemble((words, ".dim")))]
        return [*masked_rows(self.room), *plan_rows(self.plan, self.look)]

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
            self.complain(answer.message or AWAY)
        elif answer.plan.blocked:
            self.complain("It cannot be run: BLOCKED says why")
        else:
            self.query_one(Confirm).ask(answer.plan.phrase)
            self.set_timer(min(answer.plan.expires_s, LIFE), self._expire)
        if answer.plan is not None:
            self._headed(self.query_one("#confirm"), answer.plan)
        self.query_one("#plan").refresh(layout=True)
        self.redraw()

    def _expire(self) -> None:
        if self.is_current and not self.asked:
            self.console.say("Not run: nobody answered for a minute", bad=True)
            self.dismiss(None)

    async def action_dismiss(self, result: str | None = None) -> None:
        """Leave it. What was sent already goes on, and that is said."""
        if self.waiting:
            self.console.say(self.console.worded(LEFT), bad=True)
        self.dismiss(result)

    @on(Confirm.Given)
    def answered(self, event: Confirm.Given) -> None:
        """Yes counts once, whatever comes of it: then it is looked at anew."""
        if self.waiting:
            return
        if not event.yes:
            self.dismiss(None)
        elif self.plan is not None and not self.asked:
            self.waiting = self.asked = True
            self.complain("writing it down")
            phrase = self.query_one(Confirm).typed
            request = RunAction(ref=0, once=self.once, digest=self.plan.digest, phrase=phrase)
            # The console's, for the answer is told even if this dialog was left.
            self.console.run_worker(self._run(request, self.plan.title), exit_on_error=False)

    async def _run(self, request: RunAction, title: str) -> None:
        shared = self.room.shared
        answer, words = await self._sent(request)
        self.waiting = False
        if self.room.shared != shared:
            title = "What was said yes to"  # its title is the other screen's: it may tell names
        if answer is not None and answer.message:
            self.console.say(answer.message, bad=True)
        if answer is not None and answer.run is not None:
            if self.is_current:
                self.dismiss(answer.run.run)
            else:
                self.console.say(f"{title} was begun: {self.console.key_of('acted')} shows it")
        elif self in self.console.screen_stack:
            self.query_one(Confirm).ask(None)
            self.complain(words)
        else:
            self.console.say(f"{title}: {words}", bad=True)

    async def _sent(self, request: RunAction) -> tuple[Answer | None, str]:
        """The answer, and what to say where it began nothing. What was sent and not answered may
        have been begun."""
        link = self.console.link
        if link is None or lost(self.console):
            return None, f"NOT RUN: {AWAY}"
        try:
            answer = await link.request(request)
        except WarroomError as error:
            key = self.console.key_of("acted")
            return None, f"NOBODY KNOWS whether it runs: {error}. {key} and the timeline tell"
        return answer, f"NOT RUN: {answer.message or 'the engine does not say why'}"
