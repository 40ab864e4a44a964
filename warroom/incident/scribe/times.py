"""Times and spans as people type them. Pure; nothing here raises."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from warroom.zone import OFFSET, moment, offset_of

_SPAN = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m(?:in)?)?(?:(\d{1,6})s)?", re.ASCII)
_SIZES = (86_400, 3_600, 60, 1)
LONGEST_SPAN = 366 * 86_400.0
_CLOCK = (
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?"
    # "12:05 local" only where nothing follows: "12:05 local caches are cold" is a note.
    rf"(?:(?P<z>[Zz]|\s?UTC)|(?P<o>{OFFSET})|(?P<l>local|\s+local(?=\s*\Z)))?"
)
_DATE = r"(?P<date>\d{4}-\d{2}-\d{2})"
_TIME = re.compile(
    rf"(?:-(?P<ago>[0-9a-z]+)|(?:(?P<y>yesterday)\s+|{_DATE}[ T]+)?{_CLOCK})(?=\s|\Z)",
    re.ASCII | re.IGNORECASE,
)
OLDEST = 2000
"""The first year of which something may be told: an earlier one is a slip of the finger."""
FUTURE = "is in the future: say when it happened, not when it will"


def span(word: str) -> float | None:
    """Seconds of ``30s``, ``3m``, ``2h``, ``1h30m``, ``1d``; None for anything else."""
    found = _SPAN.fullmatch(word.casefold()) if len(word) <= 24 else None
    if found is None or not any(found.groups()):
        return None
    total = float(sum(int(n) * size for n, size in zip(found.groups(), _SIZES, strict=True) if n))
    return total if total <= LONGEST_SPAN else None


def leading_time(
    text: str, now: datetime, zone: tzinfo, local: tzinfo = UTC
) -> tuple[int, datetime | str] | None:
    """The time a text begins with: how many characters it has, and the moment, or in words why
    there is no such moment. None where the text begins with no time. ``zone`` is that of a bare
    time; ``12:05Z``, ``12:05+02:00`` and ``12:05local`` say theirs, ``local`` being the last."""
    found = _TIME.match(text)
    if found is None:
        return None
    if found["ago"] is not None:
        ago = span(found["ago"])
        return None if ago is None else (found.end(), _before(now, ago))
    hour, minute, second = (int(found[name] or 0) for name in "hms")
    if hour > 23 or minute > 59 or second > 59:
        return None
    here = UTC if found["z"] else local if found["l"] else zone
    if found["o"]:
        offset = offset_of(found["o"])
        if offset is None:
            return None
        here = offset
    today = now.astimezone(here).date()
    try:
        if found["date"]:
            day = date.fromisoformat(found["date"])
            if day.year < OLDEST:
                return found.end(), f"{found[0]} is too long ago"
            said = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=here)
            past = _not_after(said, now)
            return found.end(), past if past is not None else f"{found[0]} {FUTURE}"
        for back in (1,) if found["y"] else (0, 1):
            day = today - timedelta(days=back)
            said = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=here)
            past = _not_after(said, now)
            if past is not None:
                return found.end(), past
    except (ValueError, OverflowError):
        return found.end(), f"there is no {found[0]}"
    return found.end(), f"{found[0]} {FUTURE}"


def _not_after(said: datetime, now: datetime) -> datetime | None:
    """In UTC. Of an hour that the clocks go through twice, the later one that has been; in one that
    they leave out, as if they had not been put forward: 02:30 is what they call 03:30."""
    found = moment(said, now)
    return found if found <= now else None


def _before(now: datetime, ago: float) -> datetime:
    try:
        return now.astimezone(UTC) - timedelta(seconds=ago)
    except OverflowError:
        return now
