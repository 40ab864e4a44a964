"""How long a server asks to be left alone (RFC 9110, section 10.2.3; RFC 6585, section 4)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from warroom.connect.http import Answer

LONGEST_WAIT = 600.0
"""Seconds; a longer Retry-After is not believed."""
_TOO_MANY = 429


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Seconds the server asks to be left alone with 429, at most ``LONGEST_WAIT``.

    With 503 it is an outage page that guesses its end: that must not end the watching.
    """
    value = answer.header("retry-after")
    if answer.status != _TOO_MANY or value is None:
        return None
    seconds = wait_seconds(value, now)
    return None if seconds is None else min(seconds, LONGEST_WAIT)


def wait_seconds(value: str, now: datetime) -> float | None:
    """What a Retry-After header says: a number of seconds, or a date; None if neither."""
    text = value.strip()[:64]
    if text.isascii() and text.isdecimal():
        return float(text)
    date = http_date(text)
    return None if date is None else max((date - now).total_seconds(), 0.0)


def http_date(text: str) -> datetime | None:
    """An HTTP date (RFC 9110, section 5.6.7), aware; None if it is none."""
    try:
        date = parsedate_to_datetime(text.strip()[:64])
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)
