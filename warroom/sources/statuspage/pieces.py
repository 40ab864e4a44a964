"""Pieces of a status page's JSON, taken as they are meant: pure.

What is not what it should be is not known; it costs nothing beside it.
"""

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

MOST = 2_000
"""Entries of one list that are read."""

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
    """The objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """A text; empty for anything else."""
    return value if isinstance(value, str) else ""


def time_of(value: Any) -> datetime | None:
    """An ISO 8601 time, in UTC; one without an offset is taken for UTC."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
        if time is None or time.tzinfo is None:
            return time and time.replace(tzinfo=UTC)
        return time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
