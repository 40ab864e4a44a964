"""What a query of the team's own came to, as a figure or as rows: pure."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from warroom.measure.table import Table

SHOWN = 100
"""Rows that are shown."""
COUNTED = 1_000
"""Rows that are fetched, and counted."""
LONGEST = 300
NULL = "NULL"
"""As psql can be told to show it; an empty cell is an empty text."""

Row = Mapping[str, Any]


def number(rows: Sequence[Row]) -> float | None:
    """The one value there is, as a number; an interval in seconds, true as 1. None when it is
    NULL or not finite. Raises ValueError that says what came instead."""
    value = one(rows)
    if value is None:
        return None
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (bool, int, float, Decimal)):
        try:
            found = float(value)
        except OverflowError:
            return None
        return found if math.isfinite(found) else None
    raise ValueError(f"gives {_kind(value)}, and a figure is a number")


def one(rows: Sequence[Row]) -> Any:
    """The value of the one row's one column. Raises ValueError."""
    if len(rows) != 1:
        many = "no row" if not rows else "more than one row"
        raise ValueError(f"gives {many}, and one value is wanted")
    values = list(rows[0].values())
    if len(values) != 1:
        raise ValueError(f"gives {len(values)} columns, and one value is wanted")
    return values[0]


def table(title: str, rows: Sequence[Row]) -> Table:
    """The first rows as text."""
    columns = tuple(rows[0].keys()) if rows else ()
    cells = tuple(tuple(text(value) for value in row.values()) for row in rows[:SHOWN])
    return Table(title=title, columns=columns, rows=cells)


def text(value: Any) -> str:
    """One cell."""
    if value is None:
        return NULL
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        raw = bytes(value)
        return "\\x" + raw[: LONGEST // 2].hex()
    return str(value)[: LONGEST + 1]


def _kind(value: Any) -> str:
    return "text" if isinstance(value, str) else f"a value of type {type(value).__name__}"
