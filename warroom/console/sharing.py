"""A screen that others see, too: masked at once, and shown again only when that is meant.

The engine masks (``warroom.engine.lens``). What the console holds by itself is let go, or kept
aside where nobody sees it: the whole room is begun anew, as at the start.
"""

from contextlib import ExitStack
from typing import TYPE_CHECKING

from textual.content import Content

from warroom.console.calling import Caller
from warroom.console.incident.rows import Row
from warroom.console.playbooks.books import Books
from warroom.console.screens.room import RoomScreen
from warroom.console.screens.sure import SureScreen
from warroom.console.state import RoomState

if TYPE_CHECKING:
    from warroom.console.app import Console

SURE = (
    "Names of hosts, addresses, tokens, mail addresses, names of people and the values in SQL",
    "are shown again, to everybody who sees this screen.",
)


def begin(console: "Console") -> None:
    """From now on nothing is shown but what is masked."""
    _turn(console, on=True)


def end(console: "Console") -> None:
    """Show everything again, if that is meant: a slip of the hand on a shared screen must not."""

    def answered(yes: bool | None) -> None:
        if yes and console.room.shared:
            _turn(console, on=False)

    rows = [Row(Content(line)) for line in SURE]
    console.push_screen(SureScreen("Stop masking?", rows, "Show everything"), answered)


def _turn(console: "Console", *, on: bool) -> None:
    """Nothing of before is left: neither on the terminal, nor in any widget, nor under way."""
    console.blank()
    console.clear_notifications()
    console.desk.hide(on)
    console.chosen, console.books = "", Books()
    console.caller = Caller()
    console.room = RoomState(scale=console.room.scale, shared=on)
    if console.link is not None:
        console.link.share(on)
    _begin_anew(console)


def _begin_anew(console: "Console") -> None:
    """The room as at the start, with empty panels, in place of every screen there is. Until it is
    made nothing is painted."""
    while len(console.screen_stack) > 1:
        console.pop_screen()
    screen = console.screen_stack[0]
    assert isinstance(screen, RoomScreen)
    screen.remade = True  # what comes meanwhile is in the room's state, and shown at the end
    until = ExitStack()
    until.enter_context(console.batch_update())
    console.run_worker(_made_anew(console, screen, until), name="anew", exit_on_error=False)


async def _made_anew(console: "Console", screen: RoomScreen, until: ExitStack) -> None:
    with until:
        screen.wanted = console.pages.frames()
        try:
            await screen.recompose()
        finally:
            screen.remade = False
        screen.fill()
        screen.show(console.room)
        screen.tick(console.clock.now())
        console.show_page()
    console.repaint()
