"""A sheet as lines: pure."""

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len
from textual.content import Content

from warroom.console.look import Look, fit
from warroom.console.sheet import Cell, Row, Sheet
from warroom.console.table.arrange import GAP, Filter, Order, descends, widths
from warroom.console.table.cursor import window
from warroom.text import safe

POINTER = 2
"""Cells before a row, for the cursor."""
NOTE_LINES = 2


class Table(msgspec.Struct, frozen=True):
    """What is drawn: a sheet, its rows as they are arranged, and how. ``first`` is the row
    that was the first in sight."""

    sheet: Sheet
    rows: tuple[Row, ...]
    order: Order
    passes: Filter
    names: tuple[str, ...]
    cursor: str
    focused: bool
    look: Look
    first: int = 0


def head(table: Table, width: int) -> list[Content]:
    """The sheets' names, what must be read first, and the columns' titles."""
    lines = []
    if len(table.names) > 1:
        lines.append(_tabs(table, width))
    if table.sheet.note:
        words = Content.assemble((table.look.plain(safe(table.sheet.note)), ".dim"))
        lines += words.fold(max(width, 1))[:NOTE_LINES]
    if table.rows:
        lines.append(_titles(table, width))
    return lines


def share(rows: int, details: int, room: int) -> int:
    """Lines for the rows: all that are needed while the details have what they need."""
    if not details:
        return room
    return max(min(rows, room - details - 1), min(rows, room * 2 // 5), 3)


def in_sight(table: Table, room: int) -> range:
    """The rows that so many lines show; one line counts the others when there are more."""
    count = len(table.rows)
    shown = count if count <= room else max(room - 1, 0)
    at = next((n for n, row in enumerate(table.rows) if row.key == table.cursor), 0)
    first = window(count, at, table.first, shown)
    return range(first, first + shown)


def rows(table: Table, room: int, width: int) -> list[Content]:
    """The rows around the cursor, in that many lines; words where there are none."""
    if not table.rows:
        return _none(table, width)[:room]
    sight = in_sight(table, room)
    cells = widths(table.sheet.columns, width - POINTER)
    lines = [_row(table, table.rows[at], cells) for at in sight]
    if len(sight) < len(table.rows):
        words = f"  {sight.start} more above, {len(table.rows) - sight.stop} below"
        lines.append(Content.assemble((words, ".dim")))
    return lines[: max(room, 0)]


def _tabs(table: Table, width: int) -> Content:
    names = [(name, table.look.plain(safe(name, 40))) for name in table.names]
    parts = [
        (f"[{n}]", ".strong") if at == table.sheet.name else (f" {n} ", ".dim") for at, n in names
    ]
    here = next((at for at, (_, style) in enumerate(parts) if style == ".strong"), 0)
    while here and sum(cell_len(words) + 1 for words, _ in parts[: here + 1]) > width:
        parts, here = parts[1:], here - 1
    turn = "[ and ] turn"
    used = sum(cell_len(words) + 1 for words, _ in parts)
    spaced = [piece for part in parts for piece in (part, (" ", ""))]
    if used + len(turn) < width:
        spaced.append((turn.rjust(width - used), ".dim"))
    return Content.assemble(*spaced)


def _titles(table: Table, width: int) -> Content:
    parts = [" " * POINTER]
    cells = widths(table.sheet.columns, width - POINTER)
    for at, cell_width in cells.items():
        column = table.sheet.columns[at]
        mark = ""
        if table.order.column == at:
            down = descends(table.rows, table.order)
            mark = ("▼" if down else "▲") if table.look.unicode else ("v" if down else "^")
        title = table.look.plain(safe(column.title, 60))
        if cell_len(title) + len(mark) > cell_width:
            # The mark is never what is cut: it tells by what the rows are sorted.
            title = fit(title, cell_width - len(mark), "<", table.look.end)
        parts += [fit(title + mark, cell_width, column.align, table.look.end), " " * GAP]
    return Content.assemble(("".join(parts[:-1]), ".dim"))


def _row(table: Table, row: Row, cells: dict[int, int]) -> Content:
    here = table.focused and row.key == table.cursor
    pointer = f"{table.look.pointer} " if here else "  "
    parts: list[tuple[str, str]] = [(pointer, ".accent")]
    for at, width in cells.items():
        cell = row.cells[at] if at < len(row.cells) else Cell("")
        text = table.look.plain(safe(cell.text))
        align = table.sheet.columns[at].align
        parts.append((fit(text, width, align, table.look.end), cell.style or _plain(here)))
        parts.append((" " * GAP, ""))
    return Content.assemble(*parts[:-1])


def _plain(here: bool) -> str:
    return ".strong" if here else ""


def _none(table: Table, width: int) -> list[Content]:
    if table.sheet.rows:
        words = f"none of {len(table.sheet.rows)} rows passes /{safe(table.passes.text, 60)}"
        return [Content.assemble((table.look.plain(words), ".unseen")), Content("Esc shows all")]
    words = table.look.plain(safe(table.sheet.empty or "nothing"))
    return Content.assemble((words, ".dim")).fold(max(width, 1))


def cut(lines: Sequence[Content], room: int, key: str) -> list[Content]:
    """As many lines as there is room for; the last one counts those that are not shown, and
    names the key that shows them."""
    if len(lines) <= room:
        return list(lines)
    if room <= 0:
        return []
    left = len(lines) - room + 1
    words = f"{left} more line{'s' if left > 1 else ''}: {key}"
    return [*lines[: room - 1], Content.assemble((words, ".dim"))]
