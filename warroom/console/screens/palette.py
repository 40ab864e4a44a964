"""Every command by its name: some letters of it, and Enter.

Textual's own palette fails, and with it the whole console, when it is closed right behind what is
typed, and when a page is turned before its list has been laid out (8.2.8).
"""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import FuzzySearch
from textual.widgets import Input

from warroom.config.keys import key_words
from warroom.console.bound import bound
from warroom.console.commands.base import Command
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Field
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.text import safe

KEY = 7
"""Cells of a key; longer ones push their words on."""
TITLE = 30
"""Cells of a title where there is room for what is told of it."""
BESIDE = 70
"""Columns from which there is."""


class Wanted(Field):
    """What is typed; up and down are the list's, which has no focus of its own."""

    BINDINGS = [bound("form.up", "screen.by(-1)"), bound("form.down", "screen.by(1)")]


class PaletteScreen(Dialog[str | None]):
    """The result is the id of the command, or None."""

    def __init__(self, refusals: dict[str, str]) -> None:
        """``refusals`` say why a command could not be run where this was opened: what is under the
        cursor there counts, and not this dialog."""
        super().__init__()
        self.refusals = refusals

    def compose(self) -> ComposeResult:
        with Vertical(id="palette", classes="dialog incident") as box:
            self.titled(box, "Commands", "Enter runs it, Esc closes")
            yield Wanted(id="wanted", hint="some letters of what is to be done")
            yield RowsView(self._rows, self.look, followed=True)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Wanted))

    def _rows(self, width: int) -> list[Row]:
        wanted = self.query_one(Wanted).text
        found = matching(self.console.commands, wanted)
        if not found:
            words = f"No command is called {self.look.plain(safe(wanted, 40))}."
            return [Row(Content.assemble((words, ".dim")))]
        return [self._row(command, title, width) for command, title in found]

    def _row(self, command: Command, title: Content, width: int) -> Row:
        key = key_words(self.console.keys.get(command.id) or command.key)
        lead = (self.look.plain(key).ljust(KEY), ".accent")
        parts: list[Content | str | tuple[str, str]] = [lead, " ", title]
        if width >= BESIDE:
            refused = self.refusals.get(command.id, "")
            more = self.look.plain(f"not now: {refused}" if refused else command.help)
            parts += [" " * max(TITLE - title.cell_length, 1), (more, ".dim")]
        line = Content.assemble(*parts)
        return Row(line.truncate(width, ellipsis=self.look.unicode), command.id)

    @on(Input.Changed)
    def typed(self) -> None:
        """The best of what is found stands first, and under the cursor."""
        self.query_one(RowsView).action_end(0)

    @on(Input.Submitted)
    def taken(self) -> None:
        """Run what is under the cursor."""
        self.finish(self.query_one(RowsView).cursor or None)

    def action_by(self, by: int) -> None:
        """The cursor one further, while something is typed."""
        self.query_one(RowsView).action_move(by)


def matching(commands: Sequence[Command], wanted: str) -> list[tuple[Command, Content]]:
    """The commands in whose title the letters of each word stand in that order, the best first,
    with these letters marked; where there is none, those whose help has the words. Pure."""
    words = wanted.split()
    search = FuzzySearch()
    ranked: list[tuple[float, Command, Content]] = []
    for command in commands:
        found = [search.match(word, command.title) for word in words]
        if all(score for score, _ in found):
            title = Content(command.title)
            for at in sorted({at for _, offsets in found for at in offsets}):
                title = title.stylize(".strong", at, at + 1)
            ranked.append((sum(score for score, _ in found), command, title))
    if ranked:
        ranked.sort(key=lambda one: -one[0])
        return [(command, title) for _, command, title in ranked]
    told = (c for c in commands if all(word.casefold() in c.help.casefold() for word in words))
    return [(command, Content(command.title)) for command in told]
