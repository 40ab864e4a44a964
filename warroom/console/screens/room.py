"""The room: header, panels, footer; and one panel alone, expanded."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from warroom.console.acting.strip import Strip
from warroom.console.canvas import Canvas
from warroom.console.commands.base import Command
from warroom.console.footer import Footer
from warroom.console.header import (
    ClockFace,
    Environment,
    HeaderPart,
    LinkMark,
    Notice,
    Shared,
    Worst,
)
from warroom.console.incident.bar import IncidentBar, Timed
from warroom.console.incident.log_panel import NAME, LogPanel
from warroom.console.incident.reminders import Reminders
from warroom.console.panel import Panel
from warroom.console.playbooks.docked import dock, pane_of, share
from warroom.console.playbooks.docking import BESIDE
from warroom.console.scribe.line import ScribeLine
from warroom.console.state import RoomState
from warroom.console.table.filter_bar import FilterBar

if TYPE_CHECKING:
    from warroom.console.app import Console

PanelMaker = Callable[..., Panel]
"""Makes a panel from ``look`` and ``number``: a panel's class, or what stands in for it."""

SMALLEST = (60, 15)
"""Columns and rows under which only one clear line is shown."""


class TooSmall(Canvas):
    """What is left when the terminal is too small for panels: the one line that matters."""

    def draw(self, width: int, height: int) -> list[Content]:
        room = cast("Console", self.app).room
        columns, rows = self.app.size
        worst = f"{room.worst} {room.room.worst_source}".strip() if room.room else "no engine yet"
        line = f"{worst}: {columns}x{rows} is too small, {SMALLEST[0]}x{SMALLEST[1]} needed"
        return [Content(line).truncate(width)]


class Watching(Screen[None]):
    """A screen that shows the room's header and footer around something living."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: RoomState | None = None
        self.remade = False
        """Whether its widgets are just being replaced: there are none to be told anything."""

    @property
    def console_app(self) -> "Console":
        return cast("Console", self.app)

    def compose(self) -> ComposeResult:
        app = self.console_app
        local = app.local
        with Horizontal(id="header"):
            yield Environment(
                look=app.look, name=local.room.name, environment=local.room.environment
            )
            yield Shared(look=app.look, id="shared")
            yield Worst(look=app.look, id="worst")
            if local.console.clock:
                yield ClockFace(id="clock")
            yield LinkMark(look=app.look, id="link")
        yield Notice(look=app.look, id="notice")
        with Container(id="middle"), Container(id="panels"):
            yield from self.compose_panels()
        yield from self.compose_below()
        yield ScribeLine(look=app.look)
        yield Footer(
            tuple(self.footer_commands()), app.keys, look=app.look, ahead=tuple(self.own_commands())
        )
        yield TooSmall(id="too-small")

    def fill(self) -> None:
        """Put in what the first frame has no use for: it would be a fifth later with it."""
        if self.query(Timed):
            return
        app = self.console_app
        self.mount(IncidentBar(look=app.look, id="incident"), before="#notice")
        self.mount(Reminders(look=app.look, id="reminders"), after="#notice")
        self.mount(Strip(look=app.look, id="strip"), after="#reminders")
        from warroom.console.playbooks.proposed import Proposed  # not before the first frame

        self.mount(Proposed(look=app.look, id="proposed-playbook"), after="#strip")
        self.scribe.fill()
        for part in self.query(Timed):
            part.state, part.time = app.room, app.clock.now()

    def compose_panels(self) -> Iterable[Panel]:
        """The panels between header and footer."""
        return ()

    def compose_below(self) -> Iterable[Widget]:
        """What stands between panels and footer."""
        return ()

    @property
    def scribe(self) -> ScribeLine:
        """Where a note is typed."""
        return self.query_one(ScribeLine)

    def footer_commands(self) -> Iterable[Command]:
        """The commands of which the footer tells as many as it has room for."""
        return (command for command in self.console_app.commands if command.group != "Table")

    def own_commands(self) -> Iterable[Command]:
        """What the footer tells before all others, for only this screen has it."""
        return ()

    def on_mount(self) -> None:
        if self.console_app.leaving:
            return
        if self.console_app.painted:
            self.fill()
        self.show(self.console_app.room)
        self.tick(self.console_app.clock.now())

    def show(self, state: RoomState) -> None:
        """Draw this state."""
        if self.remade:
            return
        for part in self.query(HeaderPart):
            part.state = state
        welcome = state.link.welcome
        footer, shown = self.query_one(Footer), self.console_app.incident
        footer.watching = welcome is not None and welcome.granted == "watch"
        footer.incident = shown is not None and shown.open
        panels = self.query("#panels > Panel").results(Panel)
        footer.of_all = self.console_app.pages.of_all
        footer.without = frozenset() if any(p.expandable for p in panels) else {"expand"}
        for panel in self.query(Panel):
            panel.state = state
        if state is self._shown:
            # Another incident was chosen, of the same state.
            for part in (*self.query(Timed), *self.query(LogPanel)):
                part.follow()
        self._shown = state
        self.query_one(TooSmall).redraw()

    def follow_zone(self) -> None:
        """The timeline tells its times in another zone."""
        for log in self.query(LogPanel):
            log.redraw()
        self.tick(self.console_app.clock.now())

    def tick(self, now: datetime) -> None:
        """A second has passed: the clock moves, and so do ages that are shown."""
        for clock in self.query(ClockFace):
            clock.tell(now, self.console_app.zone, asked=self.console_app.in_local)
        for timed in self.query(Timed):
            timed.time = now
        for panel in self.query(Panel):
            panel.redraw()

    def on_resize(self, event: events.Resize) -> None:
        if self.console_app.leaving:
            return
        width, height = event.size
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-small")
        if not self.remade:
            self.lay_out(width, height)

    def lay_out(self, width: int, height: int) -> None:
        """Lay the panels out for this size."""

    @property
    def focused_panel(self) -> Panel | None:
        return self.focused if isinstance(self.focused, Panel) else None


WIDEST = 230
"""Columns from which three panels stand side by side: each has its past and its limits."""


def columns_for(width: int, height: int, panels: int) -> int:
    """How many panels stand side by side: one below 100 columns, two, then three from 230.

    A short terminal takes two columns earlier: a panel of three lines shows nothing.
    """
    if panels <= 1:
        return 1
    if width < 100:
        short = height / panels
        return 2 if short < 3 or (short < 7 and width >= 80) else 1
    return min(panels, 3 if width >= WIDEST and panels >= 3 else 2)


FRAMED, LOG_ROWS = 3, 5
"""Rows of a panel with one line in its frame, and of the timeline as it likes to be."""


class RoomScreen(Watching):
    """One page of panels."""

    def __init__(self, panels: Sequence[PanelMaker]) -> None:
        super().__init__()
        self.wanted = panels
        self._lent = 0
        """The number of the panel that had the keys, while the page is being turned."""
        self._turn: Worker[None] | None = None

    @property
    def turning(self) -> bool:
        """Whether the page is being turned, or all of it made anew: its panels are not there."""
        return self.remade or (self._turn is not None and not self._turn.is_finished)

    def compose_panels(self) -> Iterable[Panel]:
        for number, make in enumerate(self.wanted, 1):
            yield make(look=self.console_app.look, number=number)

    def turn_to(self, panels: Sequence[PanelMaker], name: str, focus: int = 0) -> None:
        """Show another page's panels in place of these; ``focus`` is the number of the panel
        that gets the keys, 0 for that of the one that has them, or the page's last."""
        self.wanted = panels
        if self.remade:
            return
        self.query_one(Footer).page = name
        self._turn = self.run_worker(self._replace(focus), exclusive=True, exit_on_error=False)

    async def _replace(self, focus: int) -> None:
        grid = self.query_one("#panels", Container)
        panel = self.focused_panel
        if panel is not None and panel.parent is grid:
            self._lent = panel.number
            self.set_focus(None)  # with the panel gone the scribe's field would get the keys
        async with self.batch():
            await grid.remove_children()
            await grid.mount_all(self.compose_panels())
            self.lay_out(*self.size)
        self.show(self.console_app.room)
        self.focus_number(min(focus or self._lent, len(self.wanted)))
        self._lent = 0

    def on_mount(self) -> None:
        self.watch(self.app, "books", lambda: self.show(self.console_app.room), init=False)

    def show(self, state: RoomState) -> None:
        if self.remade or not self.query("#panels"):
            return  # it is being taken down: what the engine says comes too late for it
        self._dock()
        if dock(self):
            self.lay_out(*self.size)
        super().show(state)
        self.call_after_refresh(self._tighten)

    def tick(self, now: datetime) -> None:
        super().tick(now)
        self._tighten()

    def _tighten(self) -> None:
        """Where the panels would be frames with nothing in them, the timeline keeps one line as
        long as it has not the keys: what is red is not what gives way. A playbook that is
        followed shares the rows out by itself."""
        if self.remade or not self.query("#panels"):
            return
        pane, log = pane_of(self), next(iter(self.query("#middle > LogPanel")), None)
        followed = pane is not None and pane.display
        below = log is not None and log.display and not log.has_focus and not followed
        columns = self.query_one("#panels", Container).styles.grid_size_columns or 1
        rows = -(-len(self.wanted) // columns)
        left = self.query_one("#middle").size.height - LOG_ROWS
        self.set_class(below and not self.has_class("-beside") and left < FRAMED * rows, "-tight")

    def _dock(self) -> None:
        """The timeline beside the panels while an incident is shown, on every page that has none
        of its own. It is looked for when the first incident is."""
        docked = next(iter(self.query("#middle > Panel").results(Panel)), None)
        own = bool(self.query("#panels > LogPanel"))
        wanted = self.console_app.incident is not None and not own
        if docked is None:
            if wanted:
                look = self.console_app.look
                middle = self.query_one("#middle", Container)
                middle.mount(self.console_app.pages.panel(NAME)(look=look, number=0))
                self.mount(FilterBar(look), before=self.scribe)
        elif docked.display != wanted:
            docked.display = wanted
        else:
            return
        self.lay_out(*self.size)

    def go_to_playbook(self) -> bool:
        """Give the playbook that is followed the keys; whether there is one."""
        pane = pane_of(self)
        if pane is None or not pane.display:
            return False
        self.set_focus(pane)
        return True

    def on_descendant_focus(self) -> None:
        """Where there is little room, what has the keys is high."""
        if self.remade:
            return
        if pane_of(self) is not None:
            self.lay_out(*self.size)
        self._tighten()

    def lay_out(self, width: int, height: int) -> None:
        grid = self.query_one("#panels", Container)
        log = next(iter(self.query("#middle > Panel")), None)
        docked = log is not None and log.display
        beside = docked and width >= BESIDE
        shared = share(self, log)
        if shared is not None:
            # The playbook that is followed takes what it needs first.
            width, beside = shared[0], shared[1] < 0
            height -= max(shared[1], 0)
        elif docked and not beside:
            height -= height * 2 // 5
        self.set_class(beside, "-beside")
        if beside:
            width -= width * 2 // 5
        columns = columns_for(width, height, len(self.wanted))
        grid.styles.grid_size_columns = columns
        panels = list(self.query("#panels > Panel").results(Panel))
        for at, panel in enumerate(panels, 1):
            # The last one takes what its row has left: an empty corner tells nobody anything.
            last = at == len(panels)
            panel.styles.column_span = columns - (at - 1) % columns if last else 1

    def focus_number(self, number: int) -> None:
        """Give the keys to the panel with this number, if there is one."""
        for panel in self.query(Panel):
            if number and panel.number == number:
                self.set_focus(panel)  # at once: a key typed right after is meant for it
