"""Cancel and Run, and what must be typed before Run can be chosen.

Cancel has the pointer. Enter only ever means no. Nothing counts in the first moment, nothing that
is pasted, and no Space right behind the phrase: a hand that means it is slower than a burst.
"""

from typing import TYPE_CHECKING, cast

from textual import events
from textual.content import Content
from textual.message import Message
from textual.timer import Timer

from warroom.console.bound import bound
from warroom.console.canvas import Canvas
from warroom.console.look import Look
from warroom.console.message.answers import deaf
from warroom.text import safe

if TYPE_CHECKING:
    from warroom.console.app import Console

SETTLES = 0.25
"""Seconds between the phrase's last letter and a Space that counts: people need longer, keys that
are held, bounce or come in one burst do not (a burst of tmux's is over in 5 ms)."""
HELD = 0.2
"""Seconds after a ``y`` in which another one says that the key is held, be it since the menu: it
repeats faster than that."""
LONGEST = 60
"""Characters that are kept of what is typed."""


class Confirm(Canvas, can_focus=True):
    """What is typed, and the two ways on. Without a phrase a ``y`` is enough."""

    BINDINGS = [
        bound("answer.turn", "turn"),
        bound("answer.enter", "enter"),
    ]

    class Given(Message):
        """The answer: true to run it."""

        def __init__(self, *, yes: bool) -> None:
            super().__init__()
            self.yes = yes

    def __init__(self, look: Look) -> None:
        super().__init__(id="confirm-line")
        self.look = look
        self.phrase: str | None = None
        """What must be typed; empty for ``y``; None while nothing can be confirmed."""
        self.typed = ""
        self.at_yes = False
        self.opened = self.completed = 0.0
        self.heard = float("-inf")
        """When the last y came."""
        self.yes: Timer | None = None
        """Given when nothing comes behind the y."""

    def ask(self, phrase: str | None) -> None:
        """From now on this is to be typed: the first moment begins anew."""
        self.phrase, self.typed, self.at_yes = phrase, "", False
        self.opened = self._now()
        self._not_yet()
        self.redraw()

    @property
    def complete(self) -> bool:
        return bool(self.phrase) and self.typed == self.phrase

    def draw(self, width: int, height: int) -> list[Content]:
        if self.phrase is None:
            first = Content("")
        elif not self.phrase:
            first = Content.assemble(
                "Press ", ("y", ".accent"), " to run it, Enter or Esc to cancel"
            )
        else:
            first = self._typing()
        return [line.truncate(width, ellipsis=self.look.unicode) for line in (first, self._ways())]

    def _typing(self) -> Content:
        assert self.phrase is not None
        shown = self.look.plain(safe(self.typed, LONGEST))
        good = self.phrase.startswith(self.typed)
        cursor = "█" if self.look.unicode else "_"
        said = ""
        if self.complete:
            said = "   now Tab to Run, and Space"
        elif not good:
            said = "   that is not it: Backspace"
        return Content.assemble(
            "Type ",
            (self.look.plain(safe(self.phrase, LONGEST)), ".strong"),
            ": ",
            (shown, ".accent" if good else ".level-0"),
            (cursor if self.has_focus and not self.complete else "", ".dim"),
            (said, ".dim"),
        )

    def _ways(self) -> Content:
        parts: list[tuple[str, str]] = []
        ready = self.complete or self.phrase == ""
        run = "Run" if ready else ("Run (blocked)" if self.phrase is None else "Run (type first)")
        for name, here, can in (("Cancel", not self.at_yes, True), (run, self.at_yes, ready)):
            mark = self.look.pointer if here and self.has_focus else " "
            parts.append((f" {mark} [ {name} ] ", ".badge" if here else "" if can else ".dim"))
        return Content.assemble(*parts)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return 2

    # keys -----------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Letters are the phrase's; Space too, where it has one there."""
        self._not_yet()
        if event.key == "space":
            event.stop()
            event.prevent_default()
            self._space()
        elif event.key == "backspace":
            event.stop()
            self._typed(self.typed[:-1])
        elif event.character and event.character.isprintable():
            event.stop()
            event.prevent_default()
            self._letter(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Nobody's hand typed it."""
        event.stop()
        event.prevent_default()

    def _letter(self, letter: str) -> None:
        if letter == "y":
            held = self._now() - self.heard < HELD
            self.heard = self._now()
        if self._deaf or self.phrase is None:
            return
        if self.phrase == "":
            if letter == "y" and not held:
                self.yes = self.set_timer(HELD, lambda: self.post_message(self.Given(yes=True)))
            return
        self._typed((self.typed + letter)[:LONGEST])

    def _not_yet(self) -> None:
        """Another key: the y before it was not meant, or is held."""
        if self.yes is not None:
            self.yes.stop()
            self.yes = None

    def _space(self) -> None:
        if self._deaf:
            return
        if self.at_yes:
            settled = self._now() - self.completed >= SETTLES
            if (self.complete and settled) or self.phrase == "":
                self.post_message(self.Given(yes=True))
        elif self.phrase and self.phrase[len(self.typed) :].startswith(" "):
            self._letter(" ")
        else:
            self.post_message(self.Given(yes=False))

    def _typed(self, text: str) -> None:
        self.typed = text
        if self.complete:
            self.completed = self._now()
        else:
            self.at_yes = False
        self.redraw()

    def action_turn(self) -> None:
        """To the other one; Run can only be reached once the phrase is complete."""
        if not self._deaf and (self.at_yes or self.complete or self.phrase == ""):
            self.at_yes = not self.at_yes
        self.redraw()

    def action_enter(self) -> None:
        """Enter is held, bounces and is typed ahead: it can only ever mean no."""
        if not self._deaf and not self.at_yes:
            self.post_message(self.Given(yes=False))

    @property
    def _deaf(self) -> bool:
        return deaf(self.app, self.opened)

    def _now(self) -> float:
        return cast("Console", self.app).clock.monotonic()

    def on_mount(self) -> None:
        self.opened = self._now()

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()
