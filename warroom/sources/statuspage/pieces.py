"""Pieces of a status page's JSON, taken as they are meant: pure.

What is not what it should be is not known; it costs nothing beside it.
"""

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from warroom.connect.wording import CUT, in_short

MOST = 2_000
"""Entries of one list that are read."""
LONGEST_NAME, LONGEST_TEXT, LINES = 1_000, 4_000, 60
"""Characters of a name, characters and lines of a text that are kept: two thousand components
may have one long group's name each, and a console wraps what it shows."""

_T = TypeVar("_T")


def each_of(raw: list[msgspec.Raw], kind: type[_T], unread: list[msgspec.Raw]) -> list[_T]:
    """The entries that are objects; the others, and those beyond ``MOST``, go to ``unread``."""
    unread += raw[MOST:]
    pieces = (piece(each, kind, unread) for each in raw[:MOST])
    return [found for found in pieces if found is not None]


def piece(raw: msgspec.Raw, kind: type[_T], unread: list[msgspec.Raw]) -> _T | None:
    """One object; None, and one more in ``unread``, for anything else."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, RecursionError, ValueError):
        unread.append(raw)
        return None


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects among the first entries of a list."""
    found = value[:MOST] if isinstance(value, list) else []
    return [each for each in found if isinstance(each, dict)]


def text_of(value: Any) -> str:
    """A text; empty for anything else."""
    return value if isinstance(value, str) else ""


def name_of(value: Any) -> str:
    """A name, as much of it as is kept; empty for anything else."""
    return text_of(value)[:LONGEST_NAME]


def lines_of(value: Any) -> str:
    """A text of several lines, as much of it as is kept; where it is cut it says so."""
    lines = in_short(text_of(value), LONGEST_TEXT).split("\n")
    return "\n".join(lines if len(lines) <= LINES else [*lines[:LINES], CUT.strip()])


def time_of(value: Any) -> datetime | None:
    """An ISO 8601 time, in UTC; one without an offset is taken for UTC."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
        if time is None or time.tzinfo is None:
            return time and time.replace(tzinfo=UTC)
        return time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
