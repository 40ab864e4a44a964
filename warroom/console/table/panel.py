"""The panel that is a table when it has the whole screen: what a person does with rows.

What is sorted, filtered and frozen is this console's view alone: the watch goes on.
"""

from datetime import UTC
from typing import TYPE_CHECKING, ClassVar, cast

from msgspec.structs import replace
from textual.binding import Binding
from textual.content import Content

from warroom.console.look import Look
from warroom.console.panel import Panel, PanelView
from warroom.console.sheet import Row, Sheet
from warroom.console.table import drawn
from warroom.console.table.arrange import Filter, Order, arranged, neighbour
from warroom.text import safe, stepped_age

if TYPE_CHECKING:
    from warroom.console.app import Console

PAGE = 10
"""Rows that PageUp and PageDown go over."""
_ALL = Filter()


class TablePanel(Panel):
    """A panel with pages of rows. Not expanded, it draws its ``body`` as any panel.

    The cursor's rows are then the sheet's; it stays on its row by key, and where its row is
    gone it takes the one now in that place.
    """

    sheets: ClassVar[tuple[str, ...]] = ()
    """The names of its pages; the first is shown first."""
    inspectable: ClassVar[tuple[str, ...]] = ()
    """How keys begin, behind the source's name, of which the engine can tell more."""

    BINDINGS = [
        Binding("pageup", f"cursor(-{PAGE})", "up", show=False),
        Binding("pagedown", f"cursor({PAGE})", "down", show=False),
    ]

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
        """The names of the pages that there are now. Pure."""
        return cls.sheets

    def __init__(
        self, *, look: Look, number: int = 0, expanded: bool = False, only: tuple[str, ...] = ()
    ) -> None:
        super().__init__(look=look, number=number, expanded=expanded, only=only)
        self._sheet_name = ""
        self._orders: dict[str, Order] = {}
        self.passes = _ALL
        self.sought = _ALL
        """The last filter that there was: where it is off, one can still go from row to row."""
        self._frozen: tuple[PanelView, str] | None = None
        self._places: tuple[str, ...] = ()

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
        most = self._share(len(table.rows), len(details), room)
        body = drawn.rows(table, most, width)
        left = room - len(body) - 1
        key = self._key("whole")
        below = [Content(""), *drawn.cut(details, left, key)] if details and left > 0 else []
        found = [*top, *body, *below]
        return [line.truncate(width, ellipsis=view.look.unicode) for line in found]

    def names(self, view: PanelView) -> tuple[str, ...]:
        if not view.expanded:
            return super().names(view)
        return tuple(row.key for row in self._rows(view))

    def beside(self, view: PanelView) -> Content:
        """In the frame: what the panel says, and what keeps one from seeing all of it."""
        said = super().beside(view)
        parts = [said] if said else []
        if view.expanded and self.passes.text:
            sheet = self._sheet(view)
            shown = len(arranged(sheet, Order(), self.passes))
            words = f"/{safe(self.passes.text, 40)} {shown} of {len(sheet.rows)}"
            parts.append(Content.assemble((view.look.plain(words), ".unseen")))
        if view.expanded and self._frozen is not None:
            age = stepped_age(max(self.monotonic() - self._frozen[0].now, 0.0))
            words = f"FROZEN {self._frozen[1]}" + (f", {age} ago" if age else "")
            parts.append(Content.assemble((words, ".unseen")))
        return Content(f" {view.look.dot} ").join(parts)

    def _share(self, rows: int, details: int, room: int) -> int:
        """Lines for the rows: all that are needed while the details have what they need."""
        if not details:
            return room
        return max(min(rows, room - details - 1), min(rows, room * 2 // 5), 3)

    def _table(self, view: PanelView) -> drawn.Table:
        sheet = self._sheet(view)
        order = self._orders.get(sheet.name, Order())
        return drawn.Table(
            sheet,
            arranged(sheet, order, self.passes),
            order,
            self.passes,
            self.pages(view),
            self.cursor,
            view.focused,
            view.look,
        )

    def _sheet(self, view: PanelView) -> Sheet:
        return self.sheet(view, self._page(view))

    def _page(self, view: PanelView) -> str:
        names = self.pages(view)
        return self._sheet_name if self._sheet_name in names else names[0]

    def _rows(self, view: PanelView) -> tuple[Row, ...]:
        sheet = self._sheet(view)
        return arranged(sheet, self._orders.get(sheet.name, Order()), self.passes)

    def _key(self, command: str) -> str:
        from warroom.config.keys import KEYS
        from warroom.console.commands.base import key_words

        return key_words(self._room_app.keys.get(command, KEYS[command]))

    @property
    def _room_app(self) -> "Console":
        return cast("Console", self.app)

    # the cursor -----------------------------------------------------------------------

    def watch_state(self) -> None:
        if not self.expanded:
            super().watch_state()
            return
        self._settle()
        self.redraw()

    def _settle(self) -> None:
        """The cursor on its row; where that is gone, on the one in its place."""
        names = self._names()
        if self.cursor not in names and names:
            ours = (n for n in names if n.startswith(f"{self.cursor}."))
            before = self._places.index(self.cursor) if self.cursor in self._places else None
            if before is None:
                self.set_reactive(Panel.cursor, next(ours, names[0]))
            else:
                self.set_reactive(Panel.cursor, names[min(before, len(names) - 1)])
        if self.cursor in names:
            self._places = names

    def _shown_anew(self) -> None:
        self._settle()
        self.redraw()

    # what a person does ---------------------------------------------------------------

    def sort_next(self) -> None:
        """By the next column."""
        sheet = self._sheet(self.view())
        self._orders[sheet.name] = self._orders.get(sheet.name, Order()).next(len(sheet.columns))
        self._shown_anew()

    def sort_reversed(self) -> None:
        """The other way round."""
        name = self._page(self.view())
        order = self._orders.get(name, Order())
        self._orders[name] = Order(order.column, not order.turned)
        self._shown_anew()

    def filter(self, passes: Filter) -> None:
        """Show the rows that pass."""
        self.passes = passes
        if passes.pattern is not None:
            self.sought = passes
        self._shown_anew()

    def go_to_match(self, by: int) -> bool:
        """Put the cursor on the next row in which the last pattern is; whether there is one."""
        key = neighbour(self._rows(self.view()), self.cursor, by, self.sought)
        if key is None:
            return False
        self.cursor = key
        self._places = self._names()
        return True

    def action_cursor(self, by: int) -> None:
        super().action_cursor(by)
        if self.expanded:
            self._places = self._names()

    def freeze(self) -> None:
        """Hold what is shown, or go on."""
        if self._frozen is None:
            at = self._room_app.clock.now().astimezone(UTC).strftime("%H:%M:%S")
            self._frozen = (super().view(), at)
        else:
            self._frozen = None
        self._shown_anew()

    def turn_sheet(self, by: int) -> None:
        """Go to another page."""
        view = self.view()
        names = self.pages(view)
        self._sheet_name = names[(names.index(self._page(view)) + by) % len(names)]
        self._places = ()
        self.set_reactive(Panel.cursor, self.cursor.partition(".")[0])
        self._shown_anew()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return next((row for row in self._rows(self.view()) if row.key == self.cursor), None)

    @property
    def several(self) -> bool:
        """Whether there are pages to turn."""
        return len(self.pages(self.view())) > 1

    @property
    def askable(self) -> str:
        """What the engine can be asked of the row under the cursor; empty when nothing."""
        key = self.cursor.partition(".")[2]
        return key if key.startswith(self.inspectable) and self.inspectable else ""

    def close(self) -> bool:
        if self.expanded and self.passes.text:
            self.filter(_ALL)
            return True
        return super().close()
