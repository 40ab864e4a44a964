"""Whether somebody means to leave while something is under way: Cancel first, Enter never yes."""

from typing import ClassVar

from textual.content import Content

from warroom.console.incident.asking import answer_of
from warroom.console.incident.rows import Row
from warroom.console.leaving import leaving_lines
from warroom.console.screens.sure import SureScreen
from warroom.wire import ConsoleStatus, GetStatus

NAME = 10
"""Cells of what stands before the words, where it is no incident."""
ANEW = 1.2
"""Seconds after which the same key is pressed anew. One that is held comes again after up to 1 s
(Windows' slowest; X.Org waits 0.66 s), and then many times a second."""


class LeaveScreen(SureScreen):
    """Its result is whether to leave. The key that leaves from everywhere leaves from here, too,
    when it is pressed anew: a person who is stuck gets out."""

    KEYS: ClassVar[str] = "Tab and Space answer, {room.leave} again leaves, Esc stays"

    def __init__(self) -> None:
        super().__init__("Leave?", (), "Leave")
        self.others: tuple[ConsoleStatus, ...] | None = None
        self.heard = 0.0

    def on_mount(self) -> None:
        super().on_mount()
        self.heard = self.console.clock.monotonic()
        self.run_worker(self._ask(), exit_on_error=False)

    async def _ask(self) -> None:
        answer = await answer_of(self.console, GetStatus(ref=0))
        if answer.status is not None and self.is_mounted:
            self.others = answer.status.consoles
            self.follow()

    def follow(self) -> None:
        """Another incident, another console: it may take more lines."""
        for rows in self.query("#sure RowsView"):
            rows.refresh(layout=True)
        super().follow()

    def told(self, width: int) -> list[Row]:
        lines = leaving_lines(self.room, self.console.desk.kept, self.others, "warroom")
        return [
            Row(
                Content.assemble((f"{self.look.plain(name):<{NAME}} ", ".strong"),
                                 self.look.plain(words)),
                indent=NAME + 1,
            )
            for name, words in lines
        ]  # fmt: skip

    def again(self) -> None:
        """The same key once more. One that is held is one press."""
        now = self.console.clock.monotonic()
        before, self.heard = self.heard, now
        if now - before >= ANEW:
            self.finish(True)
