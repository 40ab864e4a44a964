"""Rows on the screen, with a cursor: what every list of the incident's dialogs is drawn by."""

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.message import Message

from warroom.console.bound import bound, moves
from warroom.console.canvas import Canvas
from warroom.console.incident.rows import MOST_ABOVE, Row, folded, in_window
from warroom.console.look import Look

POINTER = 2
"""Cells before a row, for the cursor."""


class RowsView(Canvas, can_focus=True):
    """Rows with a cursor on one of those that have a key, in a window that follows it."""

    BINDINGS = [
        *moves("move", "page", "half", "end"),
        bound("list.take", "take"),
    ]

    class Taken(Message):
        """Enter on a row."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(
        self,
        rows: Callable[[int], Sequence[Row]],
        look: Look,
        *,
        pointed: bool = True,
        followed: bool = False,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """``rows`` gives them for a width; ``pointed`` says whether there is a cursor. One that is
        ``followed`` is moved by what has the focus beside it, and shows it all the same."""
        super().__init__(id=id)
        self.rows = rows
        self.look = look
        self.lead = POINTER if pointed else 0
        self.cursor = ""
        self.first = 0
        self.at_end = True
        """Whether the last line was seen when it was drawn."""
        self.followed = followed
        self.can_focus = pointed and not followed

    def _rows(self) -> Sequence[Row]:
        return self.rows(max(self.size.width - self.lead, 1))

    def _keys(self) -> list[str]:
        return [row.key for row in self._rows() if row.key] if self.lead else []

    def draw(self, width: int, height: int) -> list[Content]:
        rows = self.rows(max(width - self.lead, 1))
        keys = [row.key for row in rows if row.key]
        if self.cursor not in keys:
            self.cursor = keys[0] if keys else ""
        lines, at = self._folded(rows, width)
        if keys and self.cursor == keys[0] and at.stop <= MOST_ABOVE:
            at = range(at.stop)
        if self.lead:
            self.first = in_window(len(lines), at, self.first, height)
        self.first = max(min(self.first, len(lines) - height), 0)
        shown = lines[self.first : self.first + height]
        left = len(lines) - self.first - height
        self.at_end = left <= 0
        if left > 0 and height > 1:
            how = "" if self.lead else ", Page Down"
            more = f"{' ' * self.lead}{self.look.end} {left + 1} more lines{how}"
            shown[-1] = Content.assemble((more, ".dim"))
        return shown

    def _folded(self, rows: Sequence[Row], width: int) -> tuple[list[Content], range]:
        """All lines, and those that the cursor's row takes."""
        lines: list[Content] = []
        at = range(0)
        for row in rows:
            here = bool(row.key) and row.key == self.cursor
            mark = self.look.pointer if here and (self.has_focus or self.followed) else ""
            parts = folded(row, max(width - self.lead, 1))
            if here:
                at = range(len(lines), len(lines) + len(parts))
            for part in parts:
                lines.append(Content.assemble((mark.ljust(self.lead), ".accent"), part))
                mark = ""
        return lines, at

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        inner = max(width - self.lead, 1)
        return sum(len(folded(row, inner)) for row in self.rows(inner))

    def action_move(self, by: int) -> None:
        """The cursor to the next row that has a key; without any, the window moves."""
        keys = self._keys()
        at = keys.index(self.cursor) if self.cursor in keys else 0
        to = min(max(at + by, 0), len(keys) - 1)
        if not keys or to == at:
            self.first = max(self.first + by, 0)
        else:
            self.cursor = keys[to]
        self.redraw()

    def action_page(self, by: int) -> None:
        """A screenful further."""
        if not self.lead:
            self.action_move(by * max(self.size.height - 2, 1))
            return
        for _ in range(max(self.size.height - 2, 1)):
            self.action_move(by)

    def action_half(self, by: int) -> None:
        """Half a screenful further."""
        for _ in range(max(self.size.height // 2, 1)):
            self.action_move(by)

    def action_end(self, at: int) -> None:
        """To the first or the last."""
        keys = self._keys()
        self.cursor = keys[at] if keys else ""
        self.first = 0 if at == 0 else 1_000_000
        self.redraw()

    def action_take(self) -> None:
        """Enter: what it does is the dialog's to say."""
        if self.cursor:
            self.post_message(self.Taken(self.cursor))

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()
