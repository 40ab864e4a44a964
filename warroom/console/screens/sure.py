"""Whether something is meant so: what it would do, and Cancel first."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from warroom.console.incident.dialog import Dialog
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.message.answers import EXPIRES, Answers


class SureScreen(Dialog[bool]):
    """Its result is whether it is meant so."""

    KEYS: ClassVar[str] = "Tab and Space answer, Esc cancels"

    def __init__(self, title: str, rows: Sequence[Row], yes: str) -> None:
        super().__init__()
        self.heading, self.rows, self.yes = title, rows, yes

    def compose(self) -> ComposeResult:
        with Vertical(id="sure", classes="dialog incident") as box:
            self.titled(box, self.heading, self.KEYS)
            yield RowsView(self.told, self.look, pointed=False)
            yield Answers(self.yes, self.look)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Answers).focus()
        self.set_timer(EXPIRES, lambda: self.finish(False))

    def told(self, width: int) -> Sequence[Row]:
        """What it would do."""
        return self.rows

    @on(Answers.Given)
    def answered(self, event: Answers.Given) -> None:
        """Space, or Enter on Cancel."""
        self.finish(event.yes)
