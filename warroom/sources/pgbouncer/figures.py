"""The figures of a ``pgbouncer`` source: their names, units, and the sums they are."""

from collections.abc import Iterable

from warroom.sources.known import NOT_KNOWN, Figure

UNITS: dict[str, str] = {
    "clients_waiting": "clients",
    "longest_wait": "s",
    "clients_active": "clients",
    "clients": "clients",
    "clients_used": "%",
    "servers_active": "connections",
    "servers_idle": "connections",
    "servers_used": "%",
    "paused": "databases",
    "up": "",
    "unanswered": "polls",
    "poll_time": "ms",
}
"""Every figure that a ``pgbouncer`` source has, with its unit; the first one is the trend."""


def share(used: int | None, most: int | None) -> float | None:
    """Percent; over 100 when a reserve is used too."""
    return None if used is None or not most else 100 * used / most


def total(values: Iterable[int | None]) -> Figure:
    """The sum; not known when one of them is not."""
    listed = list(values)
    known = [value for value in listed if value is not None]
    return (float(sum(known)), "") if len(known) == len(listed) else NOT_KNOWN


def worst(found: Iterable[tuple[float | None, str]]) -> Figure:
    """The highest, and whose it is. With none, nothing is; one that is not known makes it not
    known what the highest is."""
    listed = list(found)
    known = [(value, name) for value, name in listed if value is not None]
    if len(known) < len(listed):
        return NOT_KNOWN
    value, name = max(known, default=(0.0, ""))
    return value, name if value else ""
