"""The footer: the keys that matter here, from the commands' own declarations."""

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive

from warroom.config.keys import key_words
from warroom.console.canvas import Canvas
from warroom.console.commands.base import Command
from warroom.console.look import Look
from warroom.text import safe

GAP = 3
"""Cells between two commands."""
NARROW = 100
"""Columns under which a page's name gives way to keys, and long words to short ones."""


class Footer(Canvas):
    """One line of keys; what does not fit is left to ``?``."""

    page: reactive[str] = reactive("", init=False, repaint=False)
    """Which page this is, in a few words."""

    watching: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether this console may only watch: what it is refused is not offered."""

    def __init__(self, commands: Sequence[Command], keys: dict[str, str], *, look: Look) -> None:
        super().__init__(id="footer")
        self.commands = commands
        self.keys = keys
        self.look = look

    def draw(self, width: int, height: int) -> list[Content]:
        page = self._page(width)
        parts = self._fitting(width - len(page) - 1, narrow=width < NARROW)
        keys = Content.assemble(" ", Content(" " * GAP).join(parts))
        if not page:
            return [keys]
        free = width - keys.cell_length
        # Flush right where there is no cell to spare: "help1/2" is no word.
        page = page.rjust(free) if len(page) < free else f" {page.rstrip()}"
        return [Content.assemble(keys, (page, ".dim"))]

    def _fitting(self, room: int, *, narrow: bool) -> list[Content]:
        """As many commands as there is room for; help is always among them, for it tells all."""
        found = [(c.id, self._part(c, narrow=narrow)) for c in self.commands if self._offered(c)]
        kept = next((part.cell_length + GAP for name, part in found if name == "help"), 0)
        parts: list[Content] = []
        for name, part in found:
            kept = 0 if name == "help" else kept
            if part.cell_length + GAP + kept <= room + GAP:
                parts.append(part)
                room -= part.cell_length + GAP
            elif kept == 0:
                break
        return parts

    def _offered(self, command: Command) -> bool:
        return bool(command.footer) and not (command.writes and self.watching)

    def watch_watching(self) -> None:
        self.redraw()

    def _part(self, command: Command, *, narrow: bool) -> Content:
        words = command.few if narrow and command.few else command.footer
        key = key_words(self.keys.get(command.id, command.key))
        return Content.assemble((key, ".accent"), (f" {words}", ".dim"))

    def _page(self, width: int) -> str:
        """Which page this is: its number alone where there is no room for its name."""
        shown = self.look.plain(safe(self.page, 40))
        return f"{shown if width >= NARROW else shown.partition(' ')[0]} " if shown else ""

    def watch_page(self) -> None:
        self.redraw()
