"""How times, spans and figures read in a document. Pure."""

from datetime import UTC, datetime

from warroom.text import safe, safe_lines, short_figure

UNKNOWN = "not known"


def whole(text: str) -> str:
    """Every character visible and none obeyed; lines stay lines."""
    return safe_lines(text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str) -> str:
    """The same on one line."""
    return safe(" ".join(text.split()), max(len(text), 1))


def moment(at: datetime | None) -> str:
    """``2026-11-27 03:12:45Z``."""
    return UNKNOWN if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"


def time_of(at: datetime, beside: datetime) -> str:
    """The time, with its day where that is another one."""
    here, there = at.astimezone(UTC), beside.astimezone(UTC)
    return f"{here:%H:%M:%SZ}" if here.date() == there.date() else f"{here:%Y-%m-%d %H:%M:%SZ}"


def span(seconds: float | None) -> str:
    """``45 s``, ``12 min 30 s``, ``2 h 05 min``, ``3 d 4 h``."""
    if seconds is None:
        return UNKNOWN
    rest = round(seconds)
    if rest < 60:
        return f"{rest} s"
    if rest < 3600:
        return f"{rest // 60} min" + (f" {rest % 60} s" if rest % 60 else "")
    if rest < 48 * 3600:
        return f"{rest // 3600} h {rest // 60 % 60:02} min"
    return f"{rest // 86_400} d {rest // 3600 % 24} h"


def figure(value: float | None, unit: str) -> str:
    """A figure with its unit; a dash for none."""
    return "–" if value is None else short_figure(value, line(unit))
