"""The footer: the keys that matter here, from the commands' own declarations."""

from collections.abc import Sequence

from textual.content import Content

from warroom.console.canvas import Canvas
from warroom.console.commands.base import Command, key_words
from warroom.console.look import Look


class Footer(Canvas):
    """One line of keys; what does not fit is left to ``?``."""

    def __init__(self, commands: Sequence[Command], keys: dict[str, str], *, look: Look) -> None:
        super().__init__(id="footer")
        self.commands = commands
        self.keys = keys
        self.look = look

    def draw(self, width: int, height: int) -> list[Content]:
        parts: list[Content] = []
        used = 1
        for command in self.commands:
            if not command.footer:
                continue
            key = key_words(self.keys.get(command.id, command.key))
            part = Content.assemble((key, ".accent"), (f" {command.footer}", ".dim"))
            if used + part.cell_length + 3 > width:
                break
            used += part.cell_length + 3
            parts.append(part)
        return [Content.assemble(" ", Content("   ").join(parts))]
