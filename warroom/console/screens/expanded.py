"""One panel on the whole screen, with the details of the row under the cursor."""

from collections.abc import Iterable

from textual.widget import Widget

from warroom.console.commands.base import Command
from warroom.console.panel import Panel
from warroom.console.screens.room import Watching
from warroom.console.table import TablePanel
from warroom.console.table.filter_bar import FilterBar


class ExpandedScreen(Watching):
    """One panel, expanded."""

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self.wanted = type(panel)
        self.only = panel.only
        self.cursor = panel.cursor

    def footer_commands(self) -> Iterable[Command]:
        if not issubclass(self.wanted, TablePanel):
            return super().footer_commands()
        tables = [c for c in self.console_app.commands if c.group == "Table"]
        others = list(super().footer_commands())
        # Help before the rest: on 80 columns the footer has no room for what is left.
        others.sort(key=lambda command: command.id != "help")
        return (*tables, *others)

    def compose_panels(self) -> Iterable[Panel]:
        panel = self.wanted(look=self.console_app.look, expanded=True, only=self.only)
        panel.set_reactive(Panel.cursor, self.cursor)
        yield panel

    def compose_below(self) -> Iterable[Widget]:
        if issubclass(self.wanted, TablePanel):
            yield FilterBar(self.console_app.look)
