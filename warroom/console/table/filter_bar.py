"""The line in which a filter is typed; the table follows each key."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label

from warroom.console.bound import bound
from warroom.console.look import Look
from warroom.console.table.arrange import Filter, filter_of
from warroom.text import safe

LONGEST = 200
"""Characters of a pattern."""


class FilterInput(Input):
    """Esc gives up what was typed; what is pasted is made safe, and too much is said."""

    BINDINGS = [bound("dialog.escape", "give_up")]

    class GivenUp(Message):
        """Esc was typed."""

    class Full(Message):
        """More was typed or pasted than a pattern may be long."""

    def action_give_up(self) -> None:
        """Say so."""
        self.post_message(self.GivenUp())

    def replace(self, text: str, start: int, end: int) -> None:
        # All that is typed, pasted and deleted comes through here.
        super().replace(safe(text, LONGEST + 1), start, end)

    def restricted(self) -> None:
        self.post_message(self.Full())


class FilterBar(Horizontal):
    """Shut until somebody filters; then each key shows its filter through ``show``."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self._before = Filter()
        self._shows: Callable[[Filter], None] | None = None
        self._done: Callable[[], object] = self.blur

    def compose(self) -> ComposeResult:
        yield Label("/")
        field = FilterInput(compact=True, max_length=LONGEST, select_on_focus=False)
        field.cursor_blink = False
        yield field
        yield Label("", id="wrong", markup=False)

    def open(
        self, before: Filter, show: Callable[[Filter], None], closed: Callable[[], object]
    ) -> None:
        """Have a filter typed; ``before`` is in force, and comes back with Esc. ``closed`` is
        called when it is done, to take the keys back."""
        self._before, self._shows, self._done = before, None, closed
        field = self.query_one(FilterInput)
        field.value = before.text
        field.cursor_position = len(before.text)
        self._say("")
        self._shows = show
        self.add_class("-open")
        self.screen.set_focus(field)  # at once: what is typed right behind is meant for it

    @on(Input.Changed)
    def follow(self, event: Input.Changed) -> None:
        """Show what passes by now; what is no pattern yet changes nothing."""
        event.stop()
        if self._shows is None:
            return
        wrong = ""
        try:
            found = filter_of(event.value)
        except ValueError as error:
            # Without what all of them begin with: on a narrow screen the reason has no room.
            wrong = f"not a pattern: {str(error).partition(': ')[2]}"
        else:
            self._shows(found)
        self._say(wrong)

    @on(FilterInput.Full)
    def refuse(self, event: FilterInput.Full) -> None:
        """It stays as it is."""
        event.stop()
        self._say(f"a pattern has {LONGEST} characters at most")

    @on(Input.Submitted)
    @on(Input.Blurred)
    def keep(self, event: Message) -> None:
        """The filter stands as it is."""
        event.stop()
        self._close()

    @on(FilterInput.GivenUp)
    def give_up(self, event: FilterInput.GivenUp) -> None:
        """Back to the filter of before."""
        event.stop()
        if self._shows is not None:
            self._shows(self._before)
        self._close()

    def _say(self, wrong: str) -> None:
        self.query_one("#wrong", Label).update(Content(self.look.plain(wrong)))

    def _close(self) -> None:
        if self._shows is not None:
            self._shows = None
            self.remove_class("-open")
            self._done()
