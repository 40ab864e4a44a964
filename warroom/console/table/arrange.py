"""Which rows of a sheet are shown, in which order, in which columns: pure."""

import math
import re
from collections.abc import Iterable, Sequence

import msgspec

from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.regex import Pattern

GAP = 2
"""Cells between two columns."""

_ESCAPED = re.compile(r"\\(?:[pP]\{[^}]*\}|[pP].|.)", re.DOTALL)
"""What stands for something else in a pattern: its capitals (``\\S``) are no letters."""


class Order(msgspec.Struct, frozen=True):
    """By which column the rows stand, and which way; ``column`` is None for the panel's own.

    Numbers begin with the largest, and texts with the first; ``turned`` is the other way.
    """

    column: int | None = None
    turned: bool = False

    def next(self, shown: Iterable[int]) -> "Order":
        """By the next of the columns that are shown, and after the last as the panel has it."""
        present = -1 if self.column is None else self.column
        return Order(next((column for column in shown if column > present), None))


class Filter(msgspec.Struct, frozen=True):
    """What was typed, and whether a row passes. Made by ``filter_of``."""

    text: str = ""
    pattern: Pattern | None = None
    inverted: bool = False

    def passes(self, row: Row) -> bool:
        """Whether the row is shown."""
        return self.pattern is None or self.finds(row) != self.inverted

    def finds(self, row: Row) -> bool:
        """Whether the pattern is anywhere in the row."""
        if self.pattern is None:
            return False
        words = " ".join(cell.text for cell in row.cells)
        return self.pattern.found_in(f"{words}\n{row.more}")


def filter_of(text: str) -> Filter:
    """The filter that was typed: a regular expression, ``!`` in front inverts it. Capitals
    matter once one is typed. Raises ValueError that says what is wrong with it."""
    inverted = text.startswith("!")
    wanted = text[1:] if inverted else text
    if not wanted:
        return Filter(text)
    letters = _ESCAPED.sub("", wanted)
    return Filter(text, Pattern(wanted, ignore_case=letters == letters.lower()), inverted)


def arranged(sheet: Sheet, order: Order, passes: Filter) -> tuple[Row, ...]:
    """The rows that are shown, in their order."""
    rows = [row for row in sheet.rows if passes.passes(row)]
    if order.column is None or order.column >= len(sheet.columns):
        return tuple(reversed(rows) if order.turned else rows)
    return tuple(_sorted(rows, order.column, order.turned))


def descends(rows: Iterable[Row], order: Order) -> bool:
    """Whether the largest stand first in the column the rows are sorted by."""
    return any(_is_number(_cell(row, order.column or 0)) for row in rows) != order.turned


def _sorted(rows: Sequence[Row], column: int, turned: bool) -> list[Row]:
    """What is no number stands last among numbers, whichever way they are sorted."""
    if not any(_is_number(_cell(row, column)) for row in rows):
        return sorted(rows, key=lambda row: _words(_cell(row, column)), reverse=turned)
    known = [row for row in rows if _is_number(_cell(row, column))]
    known.sort(key=lambda row: _number(_cell(row, column)), reverse=not turned)
    return known + [row for row in rows if not _is_number(_cell(row, column))]


def _is_number(cell: Cell) -> bool:
    # NaN is none: it is neither more nor less than anything, and would spoil the order.
    return isinstance(cell.sort, (int, float)) and not math.isnan(cell.sort)


def _number(cell: Cell) -> float:
    return float(cell.sort or 0.0)


def _words(cell: Cell) -> str:
    return (cell.sort if isinstance(cell.sort, str) else cell.text).casefold()


def _cell(row: Row, column: int) -> Cell:
    return row.cells[column] if column < len(row.cells) else Cell("")


def widths(columns: Sequence[Column], width: int) -> dict[int, int]:
    """The cells each shown column takes in ``width``; those with the highest rank go first
    when there is not enough room, and what is left goes to the columns that grow."""
    shown = list(range(len(columns)))
    while _taken(columns, shown) > width:
        least = [at for at in shown if columns[at].rank > 0]
        if not least:
            break
        shown.remove(max(least, key=lambda at: (columns[at].rank, at)))
    found = {at: columns[at].width for at in shown}
    growing = [at for at in shown if columns[at].grows]
    spare = max(width - _taken(columns, shown), 0)
    for place, at in enumerate(growing):
        found[at] += spare // len(growing) + (place < spare % len(growing))
    return found


def _taken(columns: Sequence[Column], shown: Sequence[int]) -> int:
    return sum(columns[at].width for at in shown) + GAP * max(len(shown) - 1, 0)


def neighbour(rows: Sequence[Row], cursor: str, by: int, found: Filter) -> str | None:
    """The key of the next row, ``by`` 1 or -1, in which the filter's pattern is; round the
    end. None when there is none."""
    keys = [row.key for row in rows]
    start = keys.index(cursor) if cursor in keys else (-1 if by > 0 else 0)
    for step in range(1, len(rows) + 1):
        row = rows[(start + by * step) % len(rows)]
        if found.finds(row) != found.inverted:
            return row.key
    return None
