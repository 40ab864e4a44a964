"""The panel that is a table when it has the whole screen: what a person does with rows.

What is sorted, filtered and frozen is this console's view alone: the watch goes on.
"""

from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from msgspec.structs import replace
from textual.content import Content

from warroom.console.look import Look
from warroom.console.panel import Panel, PanelView, heading
from warroom.console.sheet import Row, Sheet
from warroom.console.table import drawn, frame
from warroom.console.table.arrange import Filter, Order, arranged, neighbour, widths
from warroom.console.table.cursor import settled

if TYPE_CHECKING:
    from warroom.console.app import Console

_ALL = Filter()
_T = TypeVar("_T")


class TablePanel(Panel):
    """A panel with pages of rows. Not expanded, it draws its ``body`` as any panel.

    The cursor's rows are then the sheet's; it stays on its row by key, and where its row is
    gone it takes the one now in that place.
    """

    sheets: ClassVar[tuple[str, ...]] = ()
    """The names of its pages; the first is shown first."""
    inspectable: ClassVar[tuple[str, ...]] = ()
    """How keys begin, behind the source's name, of which the engine can tell more."""

    # what a panel gives ---------------------------------------------------------------

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        """The page with this name. Pure."""
        raise NotImplementedError

    @staticmethod
    def top(view: PanelView, name: str, width: int) -> list[Content]:
        """Lines over the table. Pure."""
        return []

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        """All that is known of one row. Pure."""
        return []

    @classmethod
    def pages(cls, view: PanelView) -> tuple[str, ...]:
        """The names of the pages that there are now, one at the least. Pure."""
        return cls.sheets

    def __init__(
        self, *, look: Look, number: int = 0, expanded: bool = False, only: tuple[str, ...] = ()
    ) -> None:
        super().__init__(look=look, number=number, expanded=expanded, only=only)
        self.passes = _ALL
        self.sought = _ALL
        """The last filter that was kept: where it is off, one still goes from row to row."""
        self.waiting = ""
        """The source that has been asked about a row, until it has answered."""
        self._page = ""
        self._orders: dict[str, Order] = {}
        self._cursors: dict[str, str] = {}
        self._frozen: tuple[PanelView, str] | None = None
        self._places: tuple[str, ...] = ()
        self._sight = range(10)

    # what is shown --------------------------------------------------------------------

    def view(self) -> PanelView:
        live = super().view()
        if not self.expanded or self._frozen is None:
            return live
        held = self._frozen[0]
        return replace(
            held, width=live.width, height=live.height, cursor=live.cursor, focused=live.focused
        )

    def lines(self, view: PanelView, width: int, height: int) -> list[Content]:
        if not view.expanded:
            return super().lines(view, width, height)
        table = self._table(view)
        top = [*self.top(view, table.sheet.name, width)[: height // 3], *drawn.head(table, width)]
        room = max(height - len(top), 1)
        details = self.details(view, self.cursor, width) if table.rows else []
        most = drawn.share(len(table.rows), len(details), room)
        self._sight = drawn.in_sight(table, most)
        body = drawn.rows(table, most, width)
        left = room - len(body) - 1
        key = self._room_app.key_of("whole")
        below = [Content(""), *drawn.cut(details, left, key)] if details and left > 0 else []
        found = [*top, *body, *below]
        return [line.truncate(width, ellipsis=view.look.unicode) for line in found]

    def names(self, view: PanelView) -> tuple[str, ...]:
        if not view.expanded:
            return super().names(view)
        return tuple(row.key for row in self._rows(view))

    def beside(self, view: PanelView) -> Content:
        """In the frame: what keeps one from seeing all of it, and what the panel says."""
        said = super().beside(view)
        if not view.expanded:
            return said
        table = self._table(view)
        told = frame.Frame(
            pattern=table.passes.text,
            shown=len(table.rows),
            rows=len(table.sheet.rows),
            frozen_at=self._frozen[1] if self._frozen else "",
            age=max(self.monotonic() - self._frozen[0].now, 0.0) if self._frozen else None,
            turned=table.order == Order(None, turned=True),
            waiting=self.waiting,
        )
        room = view.width - len(heading(self.heading, self.only)) - len(" -- ")
        parts = [Content.assemble((w, ".unseen")) for w in frame.words(told, room, view.look)]
        return Content(f" {view.look.dot} ").join([*parts, said] if said else parts)

    def _table(self, view: PanelView) -> drawn.Table:
        sheet = self.sheet(view, self._page_of(view))
        order = self._orders.get(sheet.name, Order())
        return drawn.Table(
            sheet=sheet,
            rows=arranged(sheet, order, self.passes),
            order=order,
            passes=self.passes,
            names=self.pages(view),
            cursor=self.cursor,
            focused=view.focused,
            look=view.look,
            first=self._sight.start,
        )

    def _page_of(self, view: PanelView) -> str:
        names = self.pages(view)
        return self._page if self._page in names else names[0]

    def _rows(self, view: PanelView) -> tuple[Row, ...]:
        return self._table(view).rows

    def _of_view(self, what: Callable[[PanelView], _T]) -> _T | None:
        try:
            return what(self.view())
        except Exception:  # noqa: BLE001 - a stranger's panel; as in draw, which says so
            return None

    @property
    def _room_app(self) -> "Console":
        return cast("Console", self.app)

    # the cursor -----------------------------------------------------------------------

    def watch_state(self) -> None:
        if self.expanded:
            self._shown_anew()
        else:
            super().watch_state()

    def _shown_anew(self) -> None:
        names = self._names()
        self.set_reactive(Panel.cursor, settled(names, self.cursor, self._places))
        if self.cursor in names:
            self._places = names
        self.redraw()

    def action_cursor(self, by: int) -> None:
        super().action_cursor(by)
        if self.expanded:
            self._places = self._names()

    def action_page(self, by: int) -> None:
        """Move the cursor by as many rows as are in sight."""
        self.action_cursor(by * max(len(self._sight) - 1, 1))

    # what a person does ---------------------------------------------------------------

    def sort_next(self) -> None:
        """By the next column that there is room for."""
        table = self._of_view(self._table)
        if table is not None:
            room = self.view().width - drawn.POINTER
            self._order(table, table.order.next(widths(table.sheet.columns, room)))

    def sort_reversed(self) -> None:
        """The other way round."""
        table = self._of_view(self._table)
        if table is not None:
            self._order(table, Order(table.order.column, not table.order.turned))

    def _order(self, table: drawn.Table, order: Order) -> None:
        self._orders[table.sheet.name] = order
        self._shown_anew()

    def filter(self, passes: Filter) -> None:
        """Show the rows that pass."""
        self.passes = passes
        self._shown_anew()

    def filtered(self) -> None:
        """The filter is as it is meant to be: it is what is sought, and the keys come back."""
        if self.passes.pattern is not None:
            self.sought = self.passes
        self.focus()

    def go_to_match(self, by: int) -> bool:
        """Put the cursor on the next row in which the last pattern is; whether there is one."""
        rows = self._of_view(self._rows) or ()
        key = neighbour(rows, self.cursor, by, self.sought)
        if key is None:
            return False
        self.cursor = key
        self._places = self._names()
        return True

    def freeze(self) -> None:
        """Hold what is shown, or go on."""
        if self._frozen is None:
            at = self._room_app.clock.now().astimezone(UTC).strftime("%H:%M:%S")
            self._frozen = (super().view(), at)
        else:
            self._frozen = None
        self._shown_anew()

    def turn_sheet(self, by: int) -> None:
        """Go to another page, to the row where the cursor was there."""
        view = self.view()
        names, present = self.pages(view), self._page_of(view)
        self._cursors[present] = self.cursor
        self._page = names[(names.index(present) + by) % len(names)]
        self._places = ()
        source = self.cursor.partition(".")[0]
        self.set_reactive(Panel.cursor, self._cursors.get(self._page, source))
        self._shown_anew()

    def wait_for(self, source: str) -> None:
        """That source has been asked; when it has answered, none is."""
        self.waiting = source
        self.redraw()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        rows = self._of_view(self._rows) or ()
        return next((row for row in rows if row.key == self.cursor), None)

    @property
    def all_of_row(self) -> list[Content]:
        """All that is known of the row under the cursor."""
        width = max(self._room_app.size.width - 6, 20)
        return self._of_view(lambda view: self.details(view, self.cursor, width)) or []

    @property
    def several(self) -> bool:
        """Whether there are pages to turn."""
        return len(self._of_view(self.pages) or ()) > 1

    @property
    def askable(self) -> str:
        """What the engine can be asked of the row under the cursor; empty when nothing."""
        key = self.cursor.partition(".")[2]
        return key if self.inspectable and key.startswith(self.inspectable) else ""

    def close(self) -> bool:
        if self.expanded and self.passes.text:
            self.filter(_ALL)
            return True
        return super().close()
