"""One panel on the whole screen, with the details of the row under the cursor."""

from collections.abc import Iterable

from msgspec.structs import replace
from textual.widget import Widget

from warroom.console.commands.base import Command
from warroom.console.commands.screens import EXPAND
from warroom.console.incident.log_panel import LogPanel
from warroom.console.panel import Panel
from warroom.console.screens.room import Watching
from warroom.console.stand_ins import MissingPanel
from warroom.console.table import TablePanel
from warroom.console.table.filter_bar import FilterBar
from warroom.text import safe


class ExpandedScreen(Watching):
    """One panel, expanded."""

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self.wanted = type(panel)
        self.only = panel.only
        self.cursor = panel.cursor

    def footer_commands(self) -> Iterable[Command]:
        return (command for command in super().footer_commands() if command.id != EXPAND.id)

    def own_commands(self) -> Iterable[Command]:
        yield replace(EXPAND, footer="back")
        if issubclass(self.wanted, TablePanel):
            yield from (c for c in self.console_app.commands if c.group == "Table")

    def compose_panels(self) -> Iterable[Panel]:
        look = self.console_app.look
        try:
            panel = self.wanted(look=look, expanded=True, only=self.only)
        except Exception as error:  # noqa: BLE001 - a stranger's panel may raise anything
            words = f"It cannot be expanded: {type(error).__name__}: {safe(str(error))}"
            panel = MissingPanel(words, look=look, number=0)
        panel.set_reactive(Panel.cursor, self.cursor)
        yield panel

    def compose_below(self) -> Iterable[Widget]:
        if issubclass(self.wanted, TablePanel | LogPanel):
            yield FilterBar(self.console_app.look)
