"""Rows of a database as lines of text. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from unicodedata import combining, east_asian_width

from warroom.connect.output import LONGEST
from warroom.text import safe

CELL = 60
"""Characters of one value that are shown."""


def table(
    names: Sequence[str], rows: Sequence[Sequence[Any]], masked: Callable[[str], str]
) -> list[str]:
    """A head and a line for each row, in columns; numbers stand to the right. ``masked`` takes the
    secrets out of a value before it is cut."""
    head = [safe(name, CELL) for name in names]
    told = [[_told(value, masked) for value in row] for row in rows]
    widths = [max(map(_cells, column)) for column in zip(head, *told, strict=True)]
    right = [bool(rows) and all(_number(row[at]) for row in rows) for at in range(len(head))]
    rule = ["-" * width for width in widths]
    return [_line(cells, widths, right) for cells in (head, rule, *told)]


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    return "  ".join(
        " " * (width - _cells(cell)) + cell if right_ else cell + " " * (width - _cells(cell))
        for cell, width, right_ in zip(cells, widths, right, strict=True)
    ).rstrip()


def _cells(text: str) -> int:
    """How wide it is drawn: wide characters take two cells (Unicode, annex 11), marks none."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _number(value: Any) -> bool:
    return value is None or (
        isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    )


def _told(value: Any, masked: Callable[[str], str]) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    text = f"\\x{value[:CELL].hex()}" if isinstance(value, bytes) else str(value)
    return safe(masked(text[:LONGEST]), CELL)
