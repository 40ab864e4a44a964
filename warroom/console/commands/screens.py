"""What a person does with the screen itself: expand, turn pages, themes, help, leave."""

from typing import TYPE_CHECKING

from warroom.config.keys import KEYS
from warroom.console.commands.base import Command
from warroom.console.panel import Panel
from warroom.console.table import TablePanel
from warroom.console.zoning import turn_zone, zone_refused
from warroom.severity import OK

if TYPE_CHECKING:
    from warroom.console.app import Console
    from warroom.console.compact import Place


def expand(console: "Console") -> None:
    """The focused panel to the whole screen, and back."""
    from warroom.console.screens.expanded import ExpandedScreen

    if isinstance(console.screen, ExpandedScreen):
        console.pop_screen()
        return
    panel = _panel(console)
    if panel is not None:
        console.push_screen(ExpandedScreen(panel))


def _panel(console: "Console") -> Panel | None:
    if console.focused_panel is not None or console.watching is None:
        return console.focused_panel
    return next(iter(console.watching.query(Panel)), None)


def _not_expandable(console: "Console") -> str:
    panel = _panel(console)
    if panel is None or not panel.expandable:
        return "There is no panel here that could be expanded"
    return ""


def turn_page(console: "Console", by: int) -> None:
    """Go to another page of panels; of an expanded table, to another page of its own."""
    panel = console.selected_panel
    if isinstance(panel, TablePanel) and panel.expanded:
        panel.turn_sheet(by)
        return
    console.pages.turn(by)
    console.show_page()


def _one_page(console: "Console") -> str:
    panel = console.selected_panel
    if panel is None or not panel.expanded:
        return ""
    several = isinstance(panel, TablePanel) and panel.several
    return "" if several else "This panel has one page only; Esc goes back to the room"


def all_panels(console: "Console") -> None:
    """The page with a line for each panel, and back."""
    console.go_to(console.pages.all_or_back(), 1)


def worst_page(console: "Console") -> None:
    """To the panel that shows the worst source."""
    place = _worst_place(console)
    if place is not None:
        console.go_to(place.page, place.number)


def _worst_place(console: "Console") -> "Place | None":
    """A panel that is made for that kind of source, before one that shows every kind."""
    from warroom.console.compact import sources_of

    room = console.room.room
    source = console.room.named(room.worst_source) if room is not None else None
    if source is None:
        return None
    showing = [p for p in console.pages.places() if source in sources_of(console.room, p.listed)]
    made_for = [p for p in showing if source.kind in (getattr(p.listed.found, "kinds", ()) or ())]
    return next(iter(made_for or showing), None)


def _nothing_worst(console: "Console") -> str:
    room = console.room.room
    if room is None or room.worst == OK:
        return "All is well: no page is worse than another"
    if not room.worst_source:
        return f"It is the whole room: {room.cause}"
    if _worst_place(console) is None:
        return f"No page shows {room.worst_source}: name its panel under [[pages]] in the file"
    return ""


def next_theme(console: "Console") -> None:
    """One after the other, and round."""
    names = console.themes
    at = names.index(console.theme) if console.theme in names else -1
    console.theme = names[(at + 1) % len(names)]


def show_help(console: "Console") -> None:
    """All keys and signs."""
    from warroom.console.screens.help import HelpScreen, help_rows

    rows = help_rows(console.commands, console.keys, console.look, console.room.scale)
    console.push_screen(HelpScreen(rows))


EXPAND = Command(
    id="expand",
    key=KEYS["expand"],
    title="Expand panel",
    help="The focused panel on the whole screen, with details",
    run=expand,
    footer="expand",
    refused=_not_expandable,
)
MOVES: tuple[Command, ...] = (
    Command(
        id="next_page",
        key=KEYS["next_page"],
        title="Next page",
        help="The next page, of panels or of an expanded table",
        run=lambda console: turn_page(console, 1),
        group="Move",
        refused=_one_page,
    ),
    Command(
        id="previous_page",
        key=KEYS["previous_page"],
        title="Previous page",
        help="The page before",
        run=lambda console: turn_page(console, -1),
        group="Move",
        refused=_one_page,
    ),
)
GO: tuple[Command, ...] = (
    Command(
        id="worst_page",
        key=KEYS["worst_page"],
        title="Go to the worst",
        help="To the panel that shows the room's worst source, on whatever page",
        run=worst_page,
        footer="worst",
        group="Move",
        refused=_nothing_worst,
    ),
    Command(
        id="all_panels",
        key=KEYS["all_panels"],
        title="All panels",
        help="Every panel of every page in a line each, and back",
        run=all_panels,
        footer="all",
        group="Move",
    ),
)


def share(console: "Console") -> None:
    """Mask at once; show again only when it is meant so."""
    from warroom.console.sharing import begin, end

    (end if console.room.shared else begin)(console)


VIEWS: tuple[Command, ...] = (
    Command(
        id="share",
        key=KEYS["share"],
        title="Share the screen",
        help="Mask names, addresses, tokens and SQL's values, for others to look on; and back",
        run=share,
        group="Screen",
    ),
    Command(
        id="zone",
        key=KEYS["zone"],
        title="UTC, or your own zone",
        help="The timeline in your own zone, and back in UTC; what is typed is read in the same",
        run=turn_zone,
        group="Screen",
        refused=zone_refused,
    ),
    Command(
        id="theme",
        key=KEYS["theme"],
        title="Next theme",
        help="The next theme: dark, light, high contrast, colour-blind, your own",
        run=next_theme,
        refused=lambda console: console.uncoloured,
        group="Screen",
    ),
    Command(
        id="repaint",
        key=KEYS["repaint"],
        title="Repaint",
        help="Draw the screen again, after something wrote over it",
        run=lambda console: console.repaint(),
        group="Screen",
    ),
)
HELP = Command(
    id="help",
    key=KEYS["help"],
    title="Help",
    help="All keys, and what the signs mean",
    run=show_help,
    group="Screen",
    footer="help",
)
QUIT = Command(
    id="quit",
    key=KEYS["quit"],
    title="Quit",
    help="Leave; the engine goes on watching. Asks while an incident is open",
    run=lambda console: console.ask_to_leave(),
    group="Screen",
    footer="quit",
)
