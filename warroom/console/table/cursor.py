"""Where the cursor stands, and which rows are in sight: pure."""

from collections.abc import Sequence


def settled(names: Sequence[str], cursor: str, before: Sequence[str]) -> str:
    """The row for a cursor when the rows have changed: its own, by key; where that is gone,
    the one now in its place among those of ``before``; of a source that it named, the first.
    """
    if not names or cursor in names:
        return cursor
    if cursor in before:
        return names[min(before.index(cursor), len(names) - 1)]
    return next((name for name in names if name.startswith(f"{cursor}.")), names[0])


def window(rows: int, at: int, first: int, room: int) -> int:
    """The first row in sight, of ``rows``, when ``room`` of them are: as before (``first``)
    if the cursor's row ``at`` is in sight then, else moved as far as it must be. So a cursor
    that moves does not have the whole table painted again.
    """
    if at < first:
        first = at
    elif at >= first + room:
        first = at - room + 1
    return min(max(first, 0), max(rows - room, 0))
