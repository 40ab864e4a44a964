"""When people are told again: read as it is typed, and kept the same in the text. Pure."""

import re
from datetime import UTC, datetime, timedelta

from warroom.incident.spans import after, at_words
from warroom.zone import IN_UTC, OFFSET, Zone, moment, zone_written

LATEST = timedelta(days=7)
"""How far ahead a next update may be promised."""

_SPAN = re.compile(r"(?:in |\+)?\s*(\d{1,4})\s*(m|min|h)\Z")
_SECONDS = {"m": 60, "min": 60, "h": 3600}
_CLOCK = re.compile(
    rf"(?:(\d{{4}}-\d{{2}}-\d{{2}})[ tT]+)?(\d{{1,2}}):(\d{{2}})\s*([zZ]|UTC|local|{OFFSET})?\Z"
)
_HOW = "write 14:30, 2026-03-04 14:30, 14:30 local or 15m; nothing for no promise"


def read_next(
    text: str, now: datetime, zone: Zone = IN_UTC, local: Zone = IN_UTC
) -> datetime | str | None:
    """The time that was typed, None for nothing, or in words why it is none. A time of day that
    is over is tomorrow's. ``zone`` is that of a time which does not say its own."""
    text = text.strip()
    if not text:
        return None
    if span := _SPAN.match(text.lower()):
        at = after(now, int(span[1]) * _SECONDS[span[2]]).replace(second=0, microsecond=0)
    else:
        found = _at_clock(text, now, zone, local)
        if isinstance(found, str):
            return found
        at = found
    if at <= now:
        return f"{at:%Y-%m-%d %H:%M}Z is past"
    return at if at - now <= LATEST else f"{at:%Y-%m-%d} is more than {LATEST.days} days ahead"


def _at_clock(text: str, now: datetime, zone: Zone, local: Zone) -> datetime | str:
    match = _CLOCK.match(text)
    here = zone_written(match[4] if match else None, zone, local)
    if match is None or here is None:
        return f"{text[:20]!r} is no time: {_HOW}"
    day, hour, minute, _ = match.groups()
    try:
        base = datetime.fromisoformat(day).replace(tzinfo=here) if day else now.astimezone(here)
        at = base.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
        today, later = moment(at), at.replace(fold=1).astimezone(UTC)
        if today <= now < later:
            return later  # an hour that comes twice: the first is over, the second is not
        return moment(at + timedelta(days=1)) if today <= now and not day else today
    except (ValueError, OverflowError):
        return f"{text[:20]!r} is no time: {_HOW}"


def written(at: datetime | None, now: datetime) -> str:
    """As it stands in its field."""
    return "" if at is None else at_words(at, now)


def moved(text: str, before: datetime | None, at: datetime | None, now: datetime) -> str:
    """The text with the new time in place of the old one, if that stands in it once."""
    old, new = written(before, now), written(at, now)
    return text.replace(old, new) if old and new and text.count(old) == 1 else text
