"""One panel on the whole screen, with the details of the row under the cursor."""

from collections.abc import Iterable

from warroom.console.panel import Panel
from warroom.console.screens.room import Watching


class ExpandedScreen(Watching):
    """One panel, expanded."""

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self.wanted = type(panel)
        self.only = panel.only
        self.cursor = panel.cursor

    def compose_panels(self) -> Iterable[Panel]:
        panel = self.wanted(look=self.console_app.look, expanded=True, only=self.only)
        panel.set_reactive(Panel.cursor, self.cursor)
        yield panel
