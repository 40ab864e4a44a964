"""A run: what it says, how long it may take, what came of it. Leaving ends nothing."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warroom.console.acting.run_rows import Shown, head_rows, output_rows
from warroom.console.bound import bound
from warroom.console.incident.asking import answer_of
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.message.answers import deaf
from warroom.incident.acting.runs import RunView
from warroom.wire import CancelRun, Request, TickStep

RUNS = "{run.end} ends it, Esc leaves it running"
WAITS = "{run.done} done by hand, {run.not_done} could not be done, {run.end} ends it, Esc leaves"
ENDED = "Esc closes"
AGAIN = 1.0
"""Seconds in which a second d or n is the first one held: it must not answer for the next step."""


class RunScreen(Dialog[str | None]):
    """Its result is ``undo`` where that was asked for."""

    BINDINGS = [
        bound("dialog.close", "dismiss(None)"),
        bound("run.end", "cancel"),
        bound("run.done", "tick(True)"),
        bound("run.not_done", "tick(False)"),
        bound("run.undo", "undo"),
        bound("list.up", "scroll(-1)"),
        bound("list.down", "scroll(1)"),
    ]

    def __init__(self, run: str) -> None:
        super().__init__()
        self.run = run
        self.opened = 0.0
        self.ticked = float("-inf")

    @property
    def shown(self) -> RunView | None:
        return self.room.acts.run(self.run)

    def compose(self) -> ComposeResult:
        with Vertical(id="run", classes="dialog incident") as box:
            self.titled(box, "Run", RUNS)
            yield RowsView(self._head, self.look, pointed=False, id="run-head")
            yield Static("", classes="rule")
            yield RowsView(self._output, self.look, pointed=False, id="output")
            yield Static("", classes="complaint")

    def on_mount(self) -> None:
        super().on_mount()
        self.opened = self.console.clock.monotonic()
        for output in self.query("#output").results(RowsView):  # none where the console ends now
            output.action_end(-1)
        self.follow()

    def _head(self, width: int) -> list[Row]:
        run = self.shown
        if run is None:
            words = "the engine says nothing of this run: the timeline does"
            return [Row(Content.assemble((words, ".dim")))]
        acts = self.room.acts
        left = acts.left(run, self.console.clock.monotonic())
        return head_rows(Shown(run=run, look=self.look, left=left, blind=acts.blind))

    def _output(self, width: int) -> list[Row]:
        run = self.shown
        return [] if run is None else output_rows(run, self.look)

    def follow(self) -> None:
        run = self.shown
        if run is not None and self.query("#output"):
            box = self.query_one("#run")
            undo = "{run.undo} takes it back, " if run.outcome is not None and run.undo else ""
            keys = {"running": RUNS, "waiting": WAITS, "ended": f"{undo}{ENDED}"}[run.state]
            self.titled(box, run.title, keys)
            self.query_one("#run-head").refresh(layout=True)
            output = self.query_one("#output", RowsView)
            output.refresh(layout=True)
            if output.at_end:
                output.first = 1_000_000
        self.redraw()

    def action_scroll(self, by: int) -> None:
        self.query_one("#output", RowsView).action_move(by)

    def action_cancel(self) -> None:
        """End it: with all it started."""
        run = self.shown
        if run is not None and run.outcome is None and not self._deaf:
            self._ask(CancelRun(ref=0, run=self.run))

    def action_tick(self, done: bool) -> None:
        """A step by hand was done, or could not be."""
        run, now = self.shown, self.console.clock.monotonic()
        again, self.ticked = now - self.ticked < AGAIN, now
        if run is not None and run.state == "waiting" and not self._deaf and not again:
            self._ask(TickStep(ref=0, run=self.run, done=done))

    def action_undo(self) -> None:
        """The way back, by the same last look as everything."""
        run = self.shown
        if run is not None and run.outcome is not None and run.undo and not self._deaf:
            self.finish("undo")

    @property
    def _deaf(self) -> bool:
        return deaf(self.app, self.opened)

    def _ask(self, request: Request) -> None:
        self.run_worker(self._asked(request), exit_on_error=False)

    async def _asked(self, request: Request) -> None:
        answer = await answer_of(self.console, request)
        if self.is_mounted and not answer.ok:
            self.complain(answer.message)
