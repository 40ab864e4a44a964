"""The scribe line, always on the screen."""

from textual.containers import Horizontal

from warroom.console.look import Look


class ScribeLine(Horizontal):
    """Where a note or a command is typed."""

    def __init__(self, *, look: Look) -> None:
        super().__init__(id="scribe")
        self.look = look
