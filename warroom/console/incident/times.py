"""Times and spans as the incident's dialogs write and read them. Pure; what comes of it in UTC."""

import re
from datetime import datetime, timedelta

from warroom.incident.spans import left
from warroom.zone import IN_UTC, OFFSET, Zone, moment, zone_written

PLAIN = timedelta(hours=12)
PLAIN_S = PLAIN.total_seconds()
"""How far away a time may be that stands there without its day."""
OLDEST = timedelta(days=30)
"""How long ago an incident may have begun."""

_SPAN = re.compile(r"-?\s*(\d{1,5})\s*(s|sec|m|min|h|d)(?:\s+ago)?\Z")
_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
_CLOCK = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2}|yesterday)[ tT]+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    rf"\s*(?P<zone>[zZ]|UTC|local|{OFFSET})?\Z"
)
_HOW = "write 14:02, 14:02:07, 14:02 local, 2026-03-04 23:50, or -5m for five minutes ago"


def clock(at: datetime, now: datetime) -> str:
    """``14:02:07Z``; with its day where that is not plain: ``03-04 14:02Z``."""
    return f"{at:%H:%M:%S}Z" if abs(now - at) < PLAIN else f"{at:%m-%d %H:%M}Z"


def countdown(seconds: float) -> str:
    """``4:05``, ``1:02:03`` from an hour on; what is over stands behind a minus."""
    whole = int(abs(seconds))
    sign = "-" if seconds < 0 and whole else ""
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours:
        return f"{sign}{hours}:{minutes:02}:{whole % 60:02}"
    return f"{sign}{minutes}:{whole % 60:02}"


def read_time(
    text: str, now: datetime, zone: Zone = IN_UTC, local: Zone = IN_UTC
) -> datetime | str:
    """The time that was typed, or in words why it is none; what is empty means now. ``zone`` is
    that of one that does not say its own.

    A time of day that lies in the future is yesterday's, if that is less than half a day ago.
    """
    text = text.strip()
    if text.lower() in ("", "now"):
        return now
    if span := _SPAN.match(text.lower()):
        at = now - timedelta(seconds=int(span[1]) * _SECONDS[span[2]])
    else:
        found = _at_clock(text, now, zone, local)
        if isinstance(found, str):
            return found
        at = found
    if at > now:
        return f"{at:%H:%M:%S}Z is in the future: it is {now:%H:%M:%S}Z now"
    if now - at > OLDEST:
        return f"{at:%Y-%m-%d} is more than {OLDEST.days} days ago"
    return at


def _at_clock(text: str, now: datetime, zone: Zone, local: Zone) -> datetime | str:
    match = _CLOCK.match(text)
    here = zone_written(match["zone"] if match else None, zone, local)
    if match is None or here is None:
        return f"{text[:20]!r} is no time: {_HOW}"
    day = now = now.astimezone(here)
    try:
        if match["day"] == "yesterday":
            day = now - timedelta(days=1)
        elif match["day"]:
            year, month, date = map(int, match["day"].split("-"))
            day = now.replace(year=year, month=month, day=date)
        at = day.replace(
            hour=int(match["hour"]),
            minute=int(match["minute"]),
            second=int(match["second"] or 0),
            microsecond=0,
        )
        before, at = moment(at - timedelta(days=1), now), moment(at, now)
    except (ValueError, OverflowError):
        return f"{text[:20]!r} is no time: {_HOW}"
    return before if at > now and not match["day"] and left(now, before) < PLAIN_S else at


def ago(at: datetime, now: datetime) -> str:
    """How long ago, in words."""
    seconds = (now - at).total_seconds()
    if seconds < 5:
        return "now"
    return f"{span(seconds)} ago"


def span(seconds: float) -> str:
    """``40 s``, ``12 min``, ``3 h 05``, ``2 d``: whole, and never more than was."""
    minutes = int(seconds // 60)
    if not minutes:
        return f"{seconds:.0f} s"
    if minutes < 100:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02}" if minutes < 2880 else f"{minutes // 1440} d"
