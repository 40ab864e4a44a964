"""What an error tracker knew at one moment."""

from datetime import datetime

import msgspec

from warroom.measure.sight import Sight


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """One group of equal errors. ``events`` and ``users`` count the period that was asked for;
    ``per_minute`` are its events of the last minutes, None where that is not known. ``is_new`` and
    ``regressed`` are true for one first seen, or come back, within the configured time."""

    key: str
    title: str
    culprit: str = ""
    level: str = ""
    events: int | None = None
    users: int | None = None
    per_minute: float | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    release: str = ""
    is_new: bool = False
    regressed: bool = False
    url: str = ""


class SentrySeen(Sight, frozen=True, tag="sentry", kw_only=True):
    """One look at an error tracker's project: its most frequent and newest issues."""

    url: str
    project: str
    issues: tuple[Issue, ...] = ()
    hidden: int = 0
    per_minute: float | None = None
