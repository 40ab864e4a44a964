"""The last question before something leaves the room: Cancel has the focus, and Enter is no yes."""

from typing import TYPE_CHECKING, cast

from textual.app import App
from textual.content import Content
from textual.message import Message

from warroom.console.bound import bound
from warroom.console.canvas import Canvas
from warroom.console.look import Look

if TYPE_CHECKING:
    from warroom.console.app import Console

DEAF = 0.4
"""Seconds in which nothing counts as an answer."""
EXPIRES = 60.0
"""Seconds after which a question goes away unanswered."""


def deaf(app: App[object], opened: float) -> bool:
    """Whether the key that is being heard was typed before anybody can have read what was
    ``opened`` then, by the console's clock."""
    return cast("Console", app).turns.typed() - opened < DEAF


class Answers(Canvas, can_focus=True):
    """Cancel and one way on. Enter does what stands on Cancel, and nothing on the other; Space
    does what has the pointer."""

    BINDINGS = [
        bound("answer.turn", "turn"),
        bound("answer.take", "take"),
        bound("answer.enter", "enter"),
    ]

    class Given(Message):
        """The answer: true for the way on. Not in the first moment: it was typed ahead."""

        def __init__(self, *, yes: bool) -> None:
            super().__init__()
            self.yes = yes

    def __init__(self, yes: str, look: Look) -> None:
        """``yes`` is what the way on is called."""
        super().__init__(id="answers")
        self.yes = yes
        self.look = look
        self.at_yes = False
        self.opened = 0.0

    def draw(self, width: int, height: int) -> list[Content]:
        parts: list[tuple[str, str]] = []
        for name, here in (("Cancel", not self.at_yes), (self.yes, self.at_yes)):
            mark = self.look.pointer if here and self.has_focus else " "
            parts.append((f" {mark} [ {name} ] ", ".badge" if here else ".dim"))
        line = Content.assemble(*parts)
        return [line.truncate(width, ellipsis=self.look.unicode)]

    def action_turn(self) -> None:
        """To the other one."""
        self.at_yes = not self.at_yes
        self.redraw()

    def action_take(self) -> None:
        """Space."""
        self._give(yes=self.at_yes)

    def action_enter(self) -> None:
        """Enter is held, bounces and is typed ahead: it can only ever mean no."""
        if not self.at_yes:
            self._give(yes=False)

    def _give(self, *, yes: bool) -> None:
        if not deaf(self.app, self.opened):
            self.post_message(self.Given(yes=yes))

    def on_mount(self) -> None:
        self.opened = cast("Console", self.app).clock.monotonic()

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()
