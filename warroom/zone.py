"""Zones beside UTC: which is meant, what time it is there, and how both are written. Light.

UTC is the time of record, and is always there. A zone that cannot be had is UTC, and says so:
``zoneinfo`` needs the system's tzdata, which a container may lack, and ``TZ`` may be anything.
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

LOCALTIME = "/etc/localtime"
OFFSET = r"[+-]\d{2}(?::?\d{2})?"
"""An offset as ISO 8601 writes it: ``+02:00``, ``+0200``, ``-05``."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*\Z", re.ASCII)


class Zone(NamedTuple):
    """``tz`` is what it is reckoned by; ``problem`` says why it is not the one that was meant."""

    name: str
    tz: tzinfo
    problem: str = ""

    @property
    def utc(self) -> bool:
        """Whether there is nothing to tell beside UTC."""
        return self.tz is UTC


IN_UTC = Zone("UTC", UTC)


def zone_named(name: str, environ: Mapping[str, str], *, localtime: str = LOCALTIME) -> Zone:
    """``UTC``, ``local`` for this machine's, or a name such as ``Europe/Berlin``."""
    if name.casefold() in ("utc", "z", ""):
        return IN_UTC
    if name.casefold() != "local":
        return _by_name(name)
    # As the C library has it: TZ first, a colon before it is allowed; else the machine's file.
    given = environ.get("TZ")
    if given is not None:
        bare = given.removeprefix(":")
        if bare.startswith("/"):
            return _by_file(bare)
        return _by_name(bare) if bare and bare != "UTC0" else IN_UTC
    return _by_file(localtime)


def _by_name(name: str) -> Zone:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # loads what UTC has no use for

    if name.upper() in ("UTC", "GMT", "ETC/UTC"):
        return IN_UTC
    try:
        if not _NAME.match(name):
            raise ValueError(name)
        return Zone(name, ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        words = f"the zone {name[:40]!r} is not known on this machine: times are UTC"
        return Zone("UTC", UTC, words)


def _by_file(path: str) -> Zone:
    from zoneinfo import ZoneInfo

    real = os.path.realpath(path)
    name = real.partition("/zoneinfo/")[2]
    if name in ("UTC", "Etc/UTC", "Universal", "Zulu"):
        return IN_UTC
    try:
        with open(path, "rb") as file:
            return Zone(name or "local", ZoneInfo.from_file(file, key=name or None))
    except FileNotFoundError:
        return IN_UTC
    except (ValueError, OSError):
        return Zone("UTC", UTC, f"{path} tells no zone: times are UTC")


def offset_of(written: str) -> tzinfo | None:
    """The zone of ``+02:00``; None where there is none such."""
    digits = written[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        return None
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if written[0] == "-" else shift)


def zone_written(written: str | None, zone: Zone, local: Zone) -> tzinfo | None:
    """What stands behind a time: ``Z``, ``UTC``, ``local``, an offset, or nothing, which means
    ``zone``. None for an offset that no place has."""
    if not written:
        return zone.tz
    bare = written.strip()
    if bare.upper() in ("Z", "UTC"):
        return UTC
    return local.tz if bare.casefold() == "local" else offset_of(bare)


def moment(said: datetime, now: datetime | None = None) -> datetime:
    """A wall clock's time in UTC. In an hour that the clocks leave out it is as if they had not
    been put forward: 02:30 is what they call 03:30. Of an hour that they go through twice it is
    the later one, unless that is after ``now``; without ``now`` the first."""
    bare = said.replace(tzinfo=None, fold=0)
    first = said.replace(fold=0).astimezone(UTC)
    later = said.replace(fold=1).astimezone(UTC)
    gap = first.astimezone(said.tzinfo).replace(tzinfo=None, fold=0) != bare
    return later if not gap and now is not None and later <= now else first


def there(at: datetime, zone: Zone, beside: datetime | None = None, form: str = "%H:%M") -> str:
    """``16:05 CEST``; with its day where that is another than ``beside``'s in UTC."""
    local = at.astimezone(zone.tz)
    day = beside is not None and local.date() != beside.astimezone(UTC).date()
    # What has no letters of its own is told by its offset: "+0530" is no name.
    name = local.tzname() or ""
    if not name.isalpha():
        name = f"{local:%z}"[:3] + ":" + f"{local:%z}"[3:5]
    return f"{local:{'%m-%d ' if day else ''}{form}} {name}"


def both(at: datetime, zone: Zone, now: datetime) -> str:
    """``14:05Z (16:05 CEST)``, each with its day where that is not today's in UTC; in UTC alone
    where there is no other."""
    utc, today = at.astimezone(UTC), now.astimezone(UTC).date()
    first = f"{utc:%H:%MZ}" if utc.date() == today else f"{utc:%Y-%m-%d %H:%MZ}"
    return first if zone.utc else f"{first} ({there(at, zone, now)})"
