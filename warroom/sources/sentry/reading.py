"""What a tracker's answers say. Pure.

The fields are those of Sentry's public documentation ("List a Project's Issues"). A value that
is missing or is no such value is "not known"; what is no list of issues at all raises.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeVar

import msgspec

from warroom.errors import ProbeError
from warroom.measure.tracker import Issue
from warroom.sources.sentry.asking import PAGE, SETTLED, STEP

_NOT_OURS = "is url the address of Sentry, or of a tracker with its API?"
_ID = re.compile(r"[0-9A-Za-z-]{1,64}\Z")
_COUNT = re.compile(r"[0-9]{1,15}\Z")
_MOST = 10**15
_MINUTE = 60 // STEP
_SLACK = timedelta(minutes=1)
"""Sentry sorts by its store of events, and tells times from another that lags behind."""

_ROWS = 10 * PAGE
"""Issues in one answer: a tracker that does not heed how many were asked for may give more."""
_OBJECTS = 50_000
"""In one answer; so many take 30 ms to decode (measured). A page of issues has some thousands."""

T = TypeVar("T")
Scalar = str | int | float | bool | None


class Told(msgspec.Struct, frozen=True, rename="camel"):
    """One issue as a tracker tells of it. ``count`` is a text with Sentry, and may be a number.
    ``substatus`` is Sentry's alone: new, ongoing, escalating, regressed."""

    id: str | int
    short_id: Scalar = None
    title: Scalar = None
    culprit: Scalar = None
    level: Scalar = None
    permalink: Scalar = None
    count: Scalar = None
    user_count: Scalar = None
    first_seen: Scalar = None
    last_seen: Scalar = None
    substatus: Scalar = None


@dataclass(frozen=True)
class Listed:
    """The issues that were read, the one seen last first, and when by the tracker's clock.
    ``reach`` is the last event of the last one, None when all issues there are were read; ``at``
    is in monotonic seconds."""

    issues: tuple[Told, ...]
    at: float
    now: datetime
    reach: datetime | None
    requests: int

    @property
    def whole(self) -> bool:
        """Whether that is all there is."""
        return self.reach is None


def decoded(body: bytes, form: type[T], what: str) -> T:
    """The JSON in this form. Raises ProbeError ``answer`` when it is no ``what``."""
    if body.count(b"{") > _OBJECTS:
        raise ProbeError("answer", f"the answer is too much for a {what}")
    try:
        return msgspec.json.decode(body, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProbeError("answer", f"the answer is no {what}", _NOT_OURS) from error


def page(body: bytes) -> tuple[Told, ...]:
    """The issues of one page. Raises ProbeError ``answer`` for what is no such page."""
    found = decoded(body, tuple[Told, ...], "list of issues")
    if len(found) > _ROWS:
        raise ProbeError("answer", f"{len(found):,} issues came where {PAGE} were asked for")
    if not all(is_id(str(each.id)) for each in found):
        raise ProbeError("answer", "an issue has no id that can be read", _NOT_OURS)
    return found


def is_id(text: str) -> bool:
    """Whether that may be an issue's id, fit to stand in an address."""
    return _ID.match(text) is not None


def per_minute(body: bytes, now: datetime) -> float | None:
    """Events of the newest minute of which all steps are over and have had time to be counted;
    None when they are not all there. Raises ProbeError ``answer`` for what is no such list."""
    found = dict(decoded(body, tuple[tuple[int, float], ...], "list of counts"))
    newest = int(now.timestamp() - SETTLED) // STEP * STEP - STEP
    steps = [found.get(newest - STEP * back) for back in range(_MINUTE)]
    known = [count for count in steps if count is not None and 0 <= count < math.inf]
    return float(sum(known)) if len(known) == _MINUTE else None


def issue(told: Told, rate: float | None, since: datetime) -> Issue:
    """The issue as it is shown; it is new, or has come back, when that was after ``since``."""
    first, last = moment(told.first_seen), moment(told.last_seen)
    return Issue(
        key=f"issue:{told.id}",
        title=_text(told.title) or "(no title)",
        name=_text(told.short_id),
        culprit=_text(told.culprit),
        level=_text(told.level),
        events=number(told.count),
        users=number(told.user_count),
        per_minute=rate,
        first_seen=first,
        last_seen=last,
        is_new=first is not None and first >= since,
        regressed=told.substatus == "regressed" and last is not None and last >= since,
        url=_text(told.permalink),
    )


def number(value: Scalar) -> int | None:
    """A count, told as a number or a text; None for what is none."""
    if isinstance(value, str):
        return int(value) if _COUNT.match(value) else None
    if isinstance(value, bool) or value is None or not 0 <= value < _MOST:
        return None
    return int(value) if value == int(value) else None


def reach(page: Sequence[Told], now: datetime) -> datetime:
    """How far back a page goes: whatever was seen later is on it, or on one before. ``now``, so
    nothing is known, when it does not begin with the issue seen last."""
    seen = [last for told in page if (last := moment(told.last_seen)) is not None]
    if len(seen) < len(page) or any(a + _SLACK < b for a, b in pairwise(seen)):
        return now
    return min(seen, default=now)


def moment(value: Scalar) -> datetime | None:
    """An ISO 8601 time, in UTC where it says no zone; None for what is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value[:40])
        return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(value: Scalar) -> str:
    return value if isinstance(value, str) else ""
