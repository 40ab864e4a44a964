"""A text on the whole screen, to scroll through and to copy."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.content import Content

from warroom.console.bound import bound
from warroom.console.canvas import Canvas
from warroom.console.screens.modal import Modal
from warroom.console.scrolled import Scrolled
from warroom.console.table.clipboard import copy_text
from warroom.text import safe

if TYPE_CHECKING:
    from warroom.console.app import Console


class Text(Canvas):
    """Lines, as high as they need when they are folded to the width."""

    def __init__(self, lines: Sequence[Content]) -> None:
        super().__init__(id="text-lines")
        self.whole = lines

    def draw(self, width: int, height: int) -> list[Content]:
        return [part for line in self.whole for part in line.fold(max(width, 1)) or [line]]

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self.draw(width, 0))


class TextScreen(Modal[None]):
    """``lines`` are drawn; ``text`` is what is copied."""

    BINDINGS = [
        bound("dialog.escape", "dismiss(None)"),
        bound("dialog.close", "dismiss(None)"),
        bound("dialog.help", "app.tell_keys"),
        bound("dialog.copy", "copy"),
    ]

    def __init__(self, title: str, lines: Sequence[Content], text: str) -> None:
        super().__init__()
        self.heading = safe(title, 120)
        self.lines = lines
        self.text = text

    def compose(self) -> ComposeResult:
        with Scrolled(id="text", classes="dialog") as scroll:
            scroll.border_title = Content(cast("Console", self.app).look.plain(self.heading))
            words = "{dialog.copy} copies, Esc closes"
            scroll.border_subtitle = cast("Console", self.app).worded(words)
            yield Text(self.lines)

    def action_copy(self) -> None:
        """All of it, to the terminal's clipboard."""
        copy_text(cast("Console", self.app), self.text)
