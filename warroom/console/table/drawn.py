"""A sheet as lines: pure."""

from collections.abc import Sequence

import msgspec
from textual.content import Content

from warroom.console.look import Look, fit
from warroom.console.sheet import Cell, Row, Sheet
from warroom.console.table.arrange import GAP, Filter, Order, descends, widths
from warroom.text import safe

POINTER = 2
"""Cells before a row, for the cursor."""
NOTE_LINES = 2


class Table(msgspec.Struct, frozen=True):
    """What is drawn: a sheet, its rows as they are arranged, and how."""

    sheet: Sheet
    rows: tuple[Row, ...]
    order: Order
    passes: Filter
    names: tuple[str, ...]
    cursor: str
    focused: bool
    look: Look


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


def rows(table: Table, room: int, width: int) -> list[Content]:
    """The rows around the cursor, in that many lines; words where there are none."""
    if not table.rows:
        return _none(table, width)[:room]
    if room <= 0:
        return []
    at = next((n for n, row in enumerate(table.rows) if row.key == table.cursor), 0)
    shown = room if len(table.rows) <= room else room - 1
    first = min(max(at - shown // 2, 0), max(len(table.rows) - shown, 0))
    cells = widths(table.sheet.columns, width - POINTER)
    lines = [_row(table, row, cells) for row in table.rows[first : first + shown]]
    if shown < len(table.rows):
        before, after = first, len(table.rows) - first - shown
        words = f"  {before} more above, {after} below"
        lines.append(Content.assemble((words, ".dim")))
    return lines[:room]


def _tabs(table: Table, width: int) -> Content:
    parts: list[tuple[str, str]] = []
    for name in table.names:
        here = name == table.sheet.name
        called = table.look.plain(safe(name, 40))
        words = f"[{called}]" if here else f" {called} "
        parts += [(words, ".strong" if here else ".dim"), (" ", "")]
    turn = "[ and ] turn"
    used = sum(len(words) for words, _ in parts)
    if used + len(turn) < width:
        parts.append((turn.rjust(width - used), ".dim"))
    return Content.assemble(*parts)


def _titles(table: Table, width: int) -> Content:
    parts = [" " * POINTER]
    cells = widths(table.sheet.columns, width - POINTER)
    for at, cell_width in cells.items():
        column = table.sheet.columns[at]
        mark = ""
        if table.order.column == at:
            down = descends(table.rows, table.order)
            mark = ("▼" if down else "▲") if table.look.unicode else ("v" if down else "^")
        title = fit(column.title + mark, cell_width, column.align, table.look.end)
        parts += [title, " " * GAP]
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
