"""Timeline: what was said, done and seen in the incident, the newest at the bottom."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.content import Content

from panels.timeline_frame import above, below, frame, title, whole
from panels.timeline_lines import Log, details, rows
from panels.timeline_older import get_older
from panels.timeline_order import Order, Orders, key_of, nearest, newer_than
from panels.timeline_order import Row as Told
from panels.timeline_search import copied, match
from warroom.console.incident.log_panel import LogPanel
from warroom.console.look import Look
from warroom.console.panel import Panel, PanelView
from warroom.console.sheet import Row
from warroom.console.table.arrange import Filter
from warroom.console.table.cursor import window
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident

if TYPE_CHECKING:
    from warroom.console.app import Console


class TimelinePanel(LogPanel):
    """One line an entry; it follows the end until somebody goes up."""

    heading: ClassVar[str] = "Timeline"

    def __init__(
        self, *, look: Look, number: int = 0, expanded: bool = False, only: tuple[str, ...] = ()
    ) -> None:
        super().__init__(look=look, number=number, expanded=expanded, only=only)
        self.steered = False
        self._orders = Orders()
        self._asides = True
        self._passes = self._sought = Filter()
        self._from = ""
        """Where the cursor was when somebody began to look for something."""
        self._first, self._room = 0, 10
        self._top = ("", 0)
        """The entry that was the first in sight, and the lines above it."""
        self._seen = 0
        """The number of the newest entry when the end was last in sight."""
        self._shown = ""
        self._asking = False

    # what is shown --------------------------------------------------------------------

    @property
    def console(self) -> "Console":
        return cast("Console", self.app)

    def _log(self) -> Log | None:
        incident = self.console.incident
        if incident is None:
            return None
        return Log(
            incident=incident,
            order=self._order(incident),
            look=self.look,
            scale=self.state.scale,
            today=self.console.clock.now(),
            cursor=self.cursor,
            # While a pattern is typed the keys are elsewhere, and the cursor shows what has it.
            focused=self.has_focus or bool(self._from),
        )

    def _entries(self, incident: Incident) -> tuple[Entry, ...]:
        return self.console.room.entries.get(incident.id, ())

    def _order(self, incident: Incident) -> Order:
        return self._orders.of(
            incident, self._entries(incident), self.console.outgoing, asides=self._asides
        )

    def _older(self, incident: Incident) -> int:
        """How many entries are not here yet."""
        entries = self._entries(incident)
        return entries[0].number - 1 if entries else incident.number

    def lines(self, view: PanelView, width: int, height: int) -> list[Content]:
        log = self._log()
        if log is None:
            key = self.console.key_of("declare") if "declare" in self.console.keys else "d"
            return [Content.assemble((f"No incident is shown; {key} declares one.", ".dim"))]
        row = self._at(log.order) if self.expanded and height >= 10 else None
        all_of_it = whole(row, log, width, height // 3, self.console.key_of("whole")) if row else []
        new = self._new(log)
        foot = [below(new, self.look)] if new else []
        older = self._older(log.incident)
        room = max(height - len(all_of_it) - len(foot), 1)
        # The line over the oldest counts as a row: one goes up to it.
        over, last = int(bool(older)), len(log.order.rows) - 1
        at = log.order.place.get(self.cursor, last)
        at = 0 if at == 0 and self.steered else at + over
        top, led = self._top
        if top in log.order.place:
            # What came in above it does not move what is being read.
            self._first = log.order.place[top] + over - led
        self._first = first = window(last + 1 + over, at, self._first, room)
        self._room = room
        head = [above(older, asked=self._asking)] if over and first == 0 else []
        begins = max(first - over, 0)
        self._top = (key_of(log.order.rows[begins]) if log.order.rows else "", len(head))
        shown = rows(log, begins, room - len(head), width)
        return [*head, *shown, *foot, *all_of_it]

    def _new(self, log: Log) -> int:
        if not self.steered:
            return 0
        at = log.order.place.get(self.cursor, 0)
        return newer_than(self._seen, self._entries(log.incident), log.order, at)

    def beside(self, view: PanelView) -> Content:
        log = self._log()
        if log is None:
            return Content("")
        key = self.console.key_of
        hidden = f"{log.order.hidden:,} hidden, {key('automatic')} shows"
        keys = f"{key('whole')} whole, {key('mark')} key event, {key('correct')} correct"
        parts = frame(
            log,
            hidden="" if self._asides else hidden,
            sought=self._sought.text,
            keys=keys if self.has_focus else "",
        )
        return title(parts, view.width - len(self.heading) - len("1 ") - len(" -- ") - 1, self.look)

    # the cursor -----------------------------------------------------------------------

    def names(self, view: PanelView) -> tuple[str, ...]:
        incident = self.console.incident
        return tuple(map(key_of, self._order(incident).rows)) if incident is not None else ()

    def on_mount(self) -> None:
        self.watch(self.app, "outgoing", self.follow, init=False)

    def watch_state(self) -> None:
        self.follow()

    def follow(self) -> None:
        incident = self.console.incident
        if incident is None:
            self.redraw()
            return
        order = self._order(incident)
        if incident.id != self._shown:
            # A cursor that it was made with is where somebody was: on its way to be expanded.
            mine = self.cursor if not self._shown and order.rows else ""
            self.steered = mine in order.place and mine != key_of(order.rows[-1])
            self._shown, self._seen = incident.id, incident.number
        if not self.steered or self.cursor not in order.place:
            self._to_the_end(order, incident)
        self.redraw()

    def _to_the_end(self, order: Order, incident: Incident) -> None:
        self.steered = False
        self._seen = incident.number
        cursor = key_of(order.rows[-1]) if order.rows else ""
        self.set_reactive(Panel.cursor, cursor)

    def action_cursor(self, by: int) -> None:
        """Move; at the top what is older is asked for, at the end it follows again."""
        incident = self.console.incident
        if incident is None:
            return
        order = self._order(incident)
        last = len(order.rows) - 1
        at = order.place.get(self.cursor, last)
        if at + by >= last:
            self._to_the_end(order, incident)
            self.redraw()
        elif at == 0 and by < 0:
            self._get_older(incident)
        else:
            self._go_to(key_of(order.rows[max(at + by, 0)]))

    def _go_to(self, key: str) -> None:
        self.steered = True
        self.cursor = key

    def action_page(self, by: int) -> None:
        """Move by as many entries as are in sight."""
        self.action_cursor(by * max(self._room - 1, 1))

    def _get_older(self, incident: Incident) -> None:
        if self._older(incident) and not self._asking and self.console.link is not None:
            self.steered = True
            self.run_worker(self._ask_older(incident), exit_on_error=False)

    async def _ask_older(self, incident: Incident) -> None:
        entries = self._entries(incident)
        self._asking = True
        self.redraw()
        try:
            await get_older(self.console, incident.id, entries[0].number if entries else 0)
        finally:
            self._asking = False
            self.redraw()

    # what commands ask ----------------------------------------------------------------

    def _at(self, order: Order) -> Told | None:
        at = order.place.get(self.cursor)
        return None if at is None else order.rows[at]

    @property
    def entry(self) -> Entry | None:
        log = self._log()
        row = self._at(log.order) if log is not None else None
        return row if isinstance(row, Entry) else None

    @property
    def row(self) -> Row | None:
        log = self._log()
        row = self._at(log.order) if log is not None else None
        if log is None or row is None:
            return None
        return copied(row, log.incident)

    @property
    def all_of_row(self) -> list[Content]:
        log = self._log()
        row = self._at(log.order) if log is not None else None
        return details(row, log) if log is not None and row is not None else []

    def turn_asides(self) -> bool:
        incident = self.console.incident
        before = self._order(incident) if incident is not None else Order()
        self._asides = not self._asides
        now = self._order(incident) if incident is not None else Order()
        if self.steered and self.cursor not in now.place:
            self.set_reactive(Panel.cursor, nearest(self.cursor, before, now))
        self.follow()
        return self._asides

    # looking for something ------------------------------------------------------------

    @property
    def passes(self) -> Filter:
        return Filter()

    @property
    def sought(self) -> Filter:
        return self._sought

    def filter(self, passes: Filter) -> None:
        self._from = self._from or self.cursor
        self._passes = passes
        found = self._match(self._from, -1, passes, here=True) if passes.pattern else None
        self._go_to(found or self._from)

    def filtered(self) -> None:
        self._from = ""
        if self._passes.pattern is not None:
            self._sought = self._passes
        self.focus()
        self.redraw()

    def go_to_match(self, by: int) -> bool:
        found = self._match(self.cursor, by, self._sought)
        if found is not None:
            self._go_to(found)
        return found is not None

    def _match(self, start: str, by: int, sought: Filter, *, here: bool = False) -> str | None:
        log = self._log()
        return match(log.order, log.incident, start, by, sought, here=here) if log else None
