"""What has changed behind a probed URL since the last answer: pure."""

from datetime import UTC, datetime

from warroom.measure.change import Change
from warroom.measure.snapshot import Certificate, HttpSeen
from warroom.text import safe

MOST = 20


def between(before: HttpSeen, after: HttpSeen, now: datetime) -> tuple[Change, ...]:
    """Another version of the program, another certificate. What one of the two answers did not
    say has not changed."""
    found = []
    if before.version and after.version and before.version != after.version:
        words = f"version {safe(before.version, 60)} → {safe(after.version, 60)}"
        found.append(Change(now, words, "version"))
    old, new = before.certificate, after.certificate
    if old is not None and new is not None and old != new:
        found.append(Change(now, _replaced(old, new), "certificate"))
    return tuple(found)


def _replaced(old: Certificate, new: Certificate) -> str:
    by = "" if old.issuer == new.issuer else f" by {safe(new.issuer, 60)}"
    names = "" if old.names == new.names else ", for other names"
    return f"certificate until {_day(old)} → {_day(new)}{by}{names}"


def _day(certificate: Certificate) -> str:
    return f"{certificate.expires.astimezone(UTC):%Y-%m-%d %H:%M}Z"
