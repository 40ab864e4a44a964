"""Where a person is in the room: its pages, panels and what is chosen in them."""

from textual.reactive import reactive

from warroom.console.keyed import Keyed
from warroom.console.pages import Pages
from warroom.console.panel import Panel
from warroom.console.screens.room import RoomScreen, Watching
from warroom.console.state import RoomState
from warroom.wire import SourceView


class Paged(Keyed):
    """Goes from page to page and from panel to panel."""

    pages: Pages

    room: reactive[RoomState] = reactive(RoomState, init=False, repaint=False)
    """All that is known; every screen is drawn from it."""

    @property
    def watching_screens(self) -> list[Watching]:
        """The screens with panels, those under a dialog too. One that is being made anew has none,
        and is told everything afterwards."""
        screens = [screen for screen in self.screen_stack if isinstance(screen, Watching)]
        return [screen for screen in screens if screen.is_mounted and not screen.remade]

    @property
    def watching(self) -> Watching | None:
        """The screen with panels that is in front, if no dialog is."""
        return self.screen if isinstance(self.screen, Watching) else None

    @property
    def focused_panel(self) -> Panel | None:
        return self.watching.focused_panel if self.watching else None

    @property
    def selected_panel(self) -> Panel | None:
        """The focused panel, or the only one."""
        panel = self.focused_panel
        if panel is None and self.watching:
            panels = list(self.watching.query("#panels > Panel").results(Panel))
            panel = panels[0] if len(panels) == 1 else None
        return panel

    @property
    def selected_source(self) -> SourceView | None:
        """The source under the selected panel's cursor."""
        panel = self.selected_panel
        return panel.selected if panel else None

    def action_focus_panel(self, number: int) -> None:
        """Give the keys to a panel by its number."""
        if isinstance(self.screen, RoomScreen):
            self.screen.focus_number(number)

    def action_close(self) -> None:
        """Esc: back from an expanded panel, else let go of the focus."""
        if isinstance(self.screen, RoomScreen):
            self.screen.set_focus(None)
        elif self.selected_panel is None or not self.selected_panel.close():
            self.pop_screen()

    def show_page(self, focus: int = 0) -> None:
        """The present page's panels, in place of what the room shows; the keys to the panel
        ``focus``, if there is one of that number."""
        if isinstance(self.screen, RoomScreen):
            label = self.pages.label
            # A page's name is the team's, and no engine masks it.
            name = label.partition(" ")[0] if self.room.shared else label
            self.screen.turn_to(self.pages.panels(), name, focus)

    def go_to(self, page: int, number: int) -> None:
        """Turn to a page, and into one of its panels; from an expanded panel too."""
        if not isinstance(self.screen, RoomScreen):
            self.pop_screen()
        if page != self.pages.now:
            self.pages.now = page
            self.show_page(number)
        elif isinstance(self.screen, RoomScreen):
            self.screen.focus_number(number)
