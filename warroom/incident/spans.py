"""Moments and spans between them, robust against clocks that are set. Pure.

All is reckoned in UTC: between two times of one zone Python counts what the wall clock shows,
which is an hour wrong on two nights of the year.
"""

from datetime import UTC, datetime, timedelta


def seconds(since: datetime, now: datetime) -> float:
    """How long ago something was; 0 where the clock says that it is yet to come."""
    return max(left(now, since), 0.0)


def left(due: datetime, now: datetime) -> float:
    """Seconds until then; negative once it is past."""
    return (due.astimezone(UTC) - now.astimezone(UTC)).total_seconds()


def after(moment: datetime, span: float) -> datetime:
    """So many seconds later; the last moment there is where that is further than dates go."""
    try:
        return moment.astimezone(UTC) + timedelta(seconds=span)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def stamp(moment: datetime) -> str:
    """A moment as part of a key: UTC, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def at_words(moment: datetime, beside: datetime) -> str:
    """``12:05Z``, with its date where that is not ``beside``'s."""
    utc = moment.astimezone(UTC)
    same = utc.date() == beside.astimezone(UTC).date()
    return f"{utc:%H:%MZ}" if same else f"{utc:%Y-%m-%d %H:%MZ}"


def minute(moment: datetime) -> str:
    """``2026-11-27 12:05Z``."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%MZ}"
