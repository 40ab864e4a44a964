"""The field words are typed into: one line, in which several lines of an entry are kept.

What it holds is what it shows: every control that comes in is a visible sign from then on, and
nothing of it can be obeyed. Line ends are signs too, and are line ends again when it is posted.
"""

from collections.abc import Callable

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Input

from warroom.console.bound import bound
from warroom.console.look import Look
from warroom.incident.bounds import LONGEST
from warroom.text import whole_line

LINE_END, TAB = "␊", "␉"
"""How ``safe`` shows them."""


def shown(text: str) -> str:
    """Words as the field holds them: on one line, every character visible."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return whole_line(text)


def typed(value: str) -> str:
    """What is posted of what the field holds."""
    return value.replace(LINE_END, "\n").replace(TAB, "\t")


class ScribeField(Input):
    """Enter, Esc, Tab, Up, Down and every change are ``told`` at once: what is typed right behind
    them must not come first."""

    BINDINGS = [
        bound("writing.leave", "told('leave')"),
        bound("writing.complete", "told('complete')"),
        bound("writing.older", "told('older')"),
        bound("writing.newer", "told('newer')"),
    ]

    class Full(Message):
        """More came than an entry may have: ``taken`` characters of ``of``."""

        def __init__(self, taken: int, of: int) -> None:
            super().__init__()
            self.taken, self.of = taken, of

    def __init__(self, look: Look, told: Callable[[str], None]) -> None:
        super().__init__(compact=True, select_on_focus=False, max_length=LONGEST)
        self.cursor_blink = False
        self.look = look
        self._told = told

    def action_told(self, what: str) -> None:
        """Hand on what was typed."""
        self._told(what)

    def watch_value(self) -> None:
        # Not by the message, which comes later: what is shown is held already.
        self._told("typed")

    async def action_submit(self) -> None:
        self._told("enter")

    def action_cursor_right(self, select: bool = False) -> None:
        if self.cursor_at_end and self._suggestion and not select:
            self._told("complete")
        else:
            super().action_cursor_right(select)

    def suggest(self, whole: str) -> None:
        """Show, dim behind the cursor, what the line could become; nothing for an empty one."""
        at_end = self.cursor_at_end and whole.startswith(self.value)
        self._suggestion = shown(whole) if at_end else ""

    def put(self, text: str) -> None:
        """Other words, with the cursor behind them."""
        self.value = shown(text)[:LONGEST]
        self.cursor_position = len(self.value)
        self._follow()

    def _follow(self) -> None:
        """Have the cursor in sight, once the line is known to be that long."""
        self.call_after_refresh(self._watch_selection, self.selection)

    def replace(self, text: str, start: int, end: int) -> None:
        # All that is typed, pasted and deleted comes through here.
        start, end = sorted((max(start, 0), min(end, len(self.value))))
        text = shown(text)
        room = max(LONGEST - len(self.value) + (end - start), 0)
        super().replace(text[:room], start, end)
        if len(text) > 1:
            self._follow()
        if len(text) > room:
            self.post_message(self.Full(room, len(text)))

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.take(event.text)

    def take(self, text: str) -> None:
        """Put a paste where the cursor is. It is one piece, whatever it holds: no command, no
        end of an entry. The line end that closes it is none of it."""
        self.replace(text.rstrip("\r\n"), *self.selection)

    @property
    def _value(self) -> Text:
        value = self.value
        if not self.look.unicode:
            # Sign by sign, so that the cursor stays where it is.
            value = value.encode("ascii", "replace").decode()
        return Text(value, no_wrap=True, overflow="ignore", end="")
