"""What an error tracker knew at one moment."""

from datetime import datetime

import msgspec

from warroom.measure.sight import Sight
from warroom.sharing.kinds import Ident


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """One group of equal errors. ``events`` and ``users`` are as the tracker counts them: since
    the first one, mostly. ``per_minute`` are its events of about the last minute, None where that
    is not known. ``is_new`` is one first seen, ``regressed`` one come back and seen, within the
    configured time. ``name`` is what people call it (``WEB-4F``)."""

    key: str
    title: str
    name: str = ""
    culprit: str = ""
    level: Ident = ""
    events: int | None = None
    users: int | None = None
    per_minute: float | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    is_new: bool = False
    regressed: bool = False
    url: str = ""


class SentrySeen(Sight, frozen=True, tag="sentry", kw_only=True):
    """One look at the unresolved issues of an error tracker's project: of those seen last, the
    most frequent and the newest. ``hidden`` counts those that were read and are not listed;
    ``more`` says that there are others, seen longer ago, that were not read."""

    url: str
    project: str
    issues: tuple[Issue, ...] = ()
    hidden: int = 0
    more: bool = False
