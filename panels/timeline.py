"""Timeline: what was said, done and seen in the incident, the newest at the bottom."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.content import Content

from panels.timeline_frame import above, below, frame, title, whole
from panels.timeline_lines import Log, details, rows
from panels.timeline_order import Order, Orders, key_of, nearest
from panels.timeline_order import Row as Told
from panels.timeline_search import copied, match
from panels.timeline_sight import Scene, sight, top_of
from warroom.console.incident.asking import get_older
from warroom.console.incident.log_panel import LogPanel
from warroom.console.look import Look
from warroom.console.panel import Panel, PanelView
from warroom.console.sheet import Row
from warroom.console.table.arrange import Filter
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
        self._follows = True
        """Whether the end is kept in sight. The cursor goes along while the keys are elsewhere:
        who has it on an entry keeps it there."""
        self._orders = Orders()
        self._asides = True
        self._passes = self._sought = Filter()
        self._from = ""
        """Where the cursor was when somebody began to look for something."""
        self._top, self._led, self._room = "", False, 10
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
            zone=self.console.zone_shown,
            own=self.console.zone,
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
            key = self.console.key_of("declare")
            return [Content.assemble((f"No incident is shown; {key} declares one.", ".dim"))]
        row = self._at(log.order) if self.expanded and height >= 10 else None
        all_of_it = whole(row, log, width, height // 3, self.console.key_of("whole")) if row else []
        older = self._older(log.incident)
        scene = Scene(
            order=log.order, entries=self._entries(log.incident), cursor=self.cursor,
            top=self._top, led=self._led, seen=self._seen, follows=self._follows,
            older=bool(older),
        )  # fmt: skip
        found = sight(scene, max(height - len(all_of_it), 1))
        self._top, self._led, self._room = top_of(scene, found), found.above, found.room
        if found.end:
            self._seen = log.incident.number
        head = [above(older, asked=self._asking)] if found.above else []
        foot = [below(found.new, self.look)] if found.new else []
        return [*head, *rows(log, found.first, found.room, width), *foot, *all_of_it]

    def beside(self, view: PanelView) -> Content:
        log = self._log()
        if log is None:
            return Content("")
        parts = frame(log, self._sought.text, self.console.key_of)
        room = view.width - len(self.heading) - len("1 ") - len(" -- ") - 1
        return title(parts, room, self.look)

    # the cursor -----------------------------------------------------------------------

    def names(self, view: PanelView) -> tuple[str, ...]:
        incident = self.console.incident
        return tuple(map(key_of, self._order(incident).rows)) if incident is not None else ()

    def on_mount(self) -> None:
        self.watch(self.app, "outgoing", self.follow, init=False)

    def watch_state(self) -> None:
        self.follow()

    def on_blur(self, _event: events.Blur) -> None:
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
            kept = mine in order.place and mine != key_of(order.rows[-1])
            self._shown, self._top, self._follows = incident.id, "", not kept
        if self.cursor not in order.place or (self._follows and not self.has_focus):
            self._to_the_end(order)
        self.redraw()

    def _to_the_end(self, order: Order) -> None:
        self._follows = True
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
            self._to_the_end(order)
            self.redraw()
        elif at == 0 and by < 0:
            self._get_older(incident)
        else:
            self._go_to(key_of(order.rows[max(at + by, 0)]))

    def _go_to(self, key: str) -> None:
        names = self.names(self.view())
        self._follows = not names or key == names[-1]
        self.cursor = key

    def action_page(self, by: int) -> None:
        """Move by as many entries as are in sight."""
        self.action_cursor(by * max(self._room - 1, 1))

    def _get_older(self, incident: Incident) -> None:
        if self._older(incident) and not self._asking and self.console.link is not None:
            self._follows = False
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

    def _under(self) -> tuple[Log, Told] | None:
        """What the cursor is on, and what it is drawn from."""
        log = self._log()
        row = self._at(log.order) if log is not None else None
        return None if log is None or row is None else (log, row)

    @property
    def entry(self) -> Entry | None:
        under = self._under()
        return under[1] if under and isinstance(under[1], Entry) else None

    @property
    def row(self) -> Row | None:
        under = self._under()
        return copied(under[1], under[0].incident) if under else None

    @property
    def all_of_row(self) -> list[Content]:
        under = self._under()
        return details(under[1], under[0]) if under else []

    def turn_asides(self) -> None:
        log = self._log()
        self._asides = not self._asides
        if log is not None and self.cursor not in (now := self._order(log.incident)).place:
            self.set_reactive(Panel.cursor, nearest(self.cursor, log.order, now))
        self.follow()

    @property
    def passes(self) -> Filter:
        return Filter()

    @property
    def sought(self) -> Filter:
        return self._sought

    def filter(self, passes: Filter) -> None:
        self._from = self._from or self.cursor
        self._passes = passes
        self._go_to(self._match(self._from, -1, passes, here=True) or self._from)

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
