"""What a dialog is made of: a line to type in, a choice of a few words, and what is said of it."""

from collections.abc import Iterable, Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Input

from warroom.console.bound import bound
from warroom.console.canvas import Canvas
from warroom.console.look import Look
from warroom.text import safe

LONGEST = 200
"""Characters of one field."""


class Field(Input):
    """One line. What is pasted stays one line, and none of it is obeyed."""

    BINDINGS = [
        bound("form.down", "app.focus_next"),
        bound("form.up", "app.focus_previous"),
    ]

    def __init__(
        self,
        *,
        id: str,  # noqa: A002
        value: str = "",
        hint: str = "",
        most: int = LONGEST,
        known: Iterable[str] = (),
        secret: bool = False,
    ) -> None:
        """``known`` are words that may be meant: Right takes the one that is offered. Of a
        ``secret`` only its length is seen."""
        offered = SuggestFromList(list(dict.fromkeys(known)), case_sensitive=False)
        super().__init__(
            value,
            placeholder=hint,
            id=id,
            max_length=most,
            compact=True,
            suggester=offered,
            password=secret,
        )
        self.cursor_blink = False
        self.select_on_focus = False

    @property
    def text(self) -> str:
        """What was typed, without blanks at its ends."""
        return self.value.strip()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        words = safe(" ".join(event.text.split()), self.max_length or LONGEST)
        free = (self.max_length or LONGEST) - len(self.value) + len(self.selected_text)
        self.replace(words[: max(free, 0)], *sorted(self.selection))


class Said(Canvas):
    """One line that says something about the fields beside it; cut where it is too long."""

    def __init__(self, look: Look, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, classes="said")
        self.look = look
        self.words = Content("")

    def say(self, words: Content | str) -> None:
        """Say this from now on."""
        self.words = Content(self.look.plain(safe(words))) if isinstance(words, str) else words
        self.redraw()

    def draw(self, width: int, height: int) -> list[Content]:
        return [self.words.truncate(width, ellipsis=self.look.unicode)]


class Choice(Canvas, can_focus=True):
    """One of a few: arrows go through them, a letter to the next that begins with it."""

    BINDINGS = [
        bound("form.left", "turn(-1)"),
        bound("form.right", "turn(1)"),
        bound("form.clear", "clear"),
        bound("form.down", "app.focus_next"),
        bound("form.up", "app.focus_previous"),
        bound("form.submit", "submit"),
    ]

    class Changed(Message):
        """Another one is chosen, by a person."""

    class Submitted(Message):
        """Enter."""

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        look: Look,
        *,
        id: str,  # noqa: A002
    ) -> None:
        """``options`` are values and what they are called; the first is what nobody chose."""
        super().__init__(id=id)
        self.options = tuple(options)
        self.look = look
        self.value = self.options[0][0]
        self.touched = False
        """Whether a person has chosen it."""

    def draw(self, width: int, height: int) -> list[Content]:
        at = self._at()
        name = self.look.plain(safe(self.options[at][1], 60))
        style = ".strong" if self.touched else ""
        left, right = ("‹", "›") if self.look.unicode else ("<", ">")
        ends = (f"{left} ", f" {right}") if self.has_focus else ("", "")
        how = "   arrows or a letter" if self.has_focus and not self.touched else ""
        parts = ((ends[0], ".accent"), (name, style), (ends[1], ".accent"), (how, ""))
        line = Content.assemble(*parts)
        return [line.truncate(width, ellipsis=self.look.unicode)]

    def _at(self) -> int:
        return next((n for n, (value, _) in enumerate(self.options) if value == self.value), 0)

    def show(self, value: str) -> None:
        """What stands there while nobody has chosen."""
        if not self.touched:
            self.value = value
        self.redraw()

    def choose(self, value: str) -> None:
        """What a person chose."""
        self.value, self.touched = value, True
        self.redraw()
        self.post_message(self.Changed())

    def action_turn(self, by: int) -> None:
        """The next one, and round."""
        self.choose(self.options[(self._at() + by) % len(self.options)][0])

    def action_clear(self) -> None:
        """As if nobody had chosen."""
        self.value, self.touched = self.options[0][0], False
        self.redraw()
        self.post_message(self.Changed())

    def action_submit(self) -> None:
        """Enter: what it does is the dialog's to say."""
        self.post_message(self.Submitted())

    def on_key(self, event: events.Key) -> None:
        """A letter goes to the next one that begins with it."""
        letter = event.character
        if not letter or not letter.isprintable() or letter == " ":
            return
        at, count = self._at(), len(self.options)
        for step in range(1, count + 1):
            value, name = self.options[(at + step) % count]
            if name.casefold().startswith(letter.casefold()):
                event.stop()
                event.prevent_default()
                self.choose(value)
                return

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()
