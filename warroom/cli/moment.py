"""Moments as they are typed in a shell."""

import os
from datetime import UTC, datetime

from warroom.errors import UsageError
from warroom.incident.scribe.times import FUTURE, OLDEST, leading_time
from warroom.text import safe
from warroom.zone import Zone, both, zone_named

WAYS = '"12:05" (UTC), 12:05local, 12:05+02:00, "yesterday 23:50", -10m, 2026-11-27T12:05:00Z'


def moment(text: str, now: datetime, option: str) -> datetime | None:
    """What was given for ``option``, in UTC; None for an empty text. Raises ``UsageError``."""
    bare = text.strip()
    if not bare:
        return None
    local = known_zone(bare, option)
    found = leading_time(bare, now, UTC, local.tz)
    if found is None or found[0] < len(bare):
        return _exact(bare, now, option)
    if isinstance(found[1], str):
        raise UsageError(f"{option}: {found[1]}")
    return found[1]


def known_zone(text: str, option: str) -> Zone:
    """This shell's. Raises ``UsageError`` for a text that means it where nobody knows it: to read
    it as UTC would be another time than was meant."""
    local = zone_named("local", os.environ)
    if local.problem and "local" in text.casefold():
        raise UsageError(f"{option}: {safe(local.problem, 200)}", "write 12:05Z, or 12:05+02:00")
    return local


def _exact(text: str, now: datetime, option: str) -> datetime:
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        said = None
    if said is None or said.tzinfo is None:
        raise UsageError(f"{option}: {safe(text, 60)} is no time", f"write it as {WAYS}")
    if said > now:
        raise UsageError(f"{option}: {safe(text, 60)} {FUTURE}")
    if said.year < OLDEST:
        raise UsageError(f"{option}: {safe(text, 60)} is too long ago")
    return said.astimezone(UTC)


def told(at: datetime, now: datetime) -> str:
    """What a time came to: ``12:05Z (14:05 CEST)``, the latter where this shell's zone is not
    UTC."""
    return both(at, zone_named("local", os.environ), now)
