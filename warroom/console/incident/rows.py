"""Rows to go through with a cursor, as lines. Pure."""

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len
from textual.content import Content

MOST_ABOVE = 12
"""Lines above the first thing to stand on that are shown with it."""


class Row(msgspec.Struct, frozen=True):
    """One row, folded to the width when it is drawn. ``key`` names what the cursor can stand
    on; a heading has none. ``indent`` is where the lines after the first one begin."""

    content: Content
    key: str = ""
    indent: int = 0


def gap() -> Row:
    """An empty line."""
    return Row(Content(""))


def heading(words: str, said: str = "") -> Row:
    """The title of what follows, and quietly something about it."""
    return Row(Content.assemble((words, ".strong"), (f"  {said}" if said else "", ".dim")))


def without_ends(rows: Sequence[Row]) -> list[Row]:
    """The rows with no empty line at either end, and never two together."""
    kept: list[Row] = []
    for row in rows:
        if row.content.plain or (kept and kept[-1].content.plain):
            kept.append(row)
    if kept and not kept[-1].content.plain:
        kept.pop()
    return kept


def folded(row: Row, width: int) -> list[Content]:
    """The row in lines of at most ``width`` cells, broken at blanks where there are any; those
    after the first one are indented."""
    indent = row.indent if row.indent < width * 2 // 3 else 0
    lines: list[Content] = []
    rest, room = row.content, max(width, 2)
    while rest.cell_length > room:
        cut = _cut(rest.plain, room)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:]
        rest = rest[len(rest.plain) - len(rest.plain.lstrip(" ")) :]
        room = max(width - indent, 2)
    lines.append(rest)
    return [line if not at else line.pad_left(indent) for at, line in enumerate(lines)]


BETWEEN = 3
"""Cells between two columns."""


def beside(left: Sequence[Row], right: Sequence[Row], width: int) -> list[Row]:
    """Two columns in one: the cursor stands in the left one, the right one is only read."""
    column = (width - BETWEEN) // 2
    lines = [
        (line, "" if at else row.key) for row in left for at, line in enumerate(folded(row, column))
    ]
    others = [line for row in right for line in folded(row, width - column - BETWEEN)]
    empty = Content("")
    rows: list[Row] = []
    for at in range(max(len(lines), len(others))):
        line, key = lines[at] if at < len(lines) else (empty, "")
        other = others[at] if at < len(others) else empty
        padding = " " * (column - line.cell_length + BETWEEN)
        rows.append(Row(Content.assemble(line, padding, other), key))
    return rows


def _cut(text: str, room: int) -> int:
    """How many characters of it go into so many cells: up to a blank, if one is near."""
    cells = end = 0
    while end < len(text):
        cells += cell_len(text[end])
        if cells > room:
            break
        end += 1
    blank = text.rfind(" ", 0, end + 1)
    return max(blank if blank > room // 2 else end, 1)


def in_window(count: int, at: range, first: int, room: int) -> int:
    """The first line of a window of ``room`` lines in which all of ``at`` is seen, moved no more
    than needed. The last line of a window with more below counts what is left, and hides a line.
    """
    first = min(first, max(count - room, 0))
    if at.stop > first + room - (at.stop < count):
        first = at.stop - room + (at.stop < count)
    return max(min(first, at.start) if len(at) else first, 0)
