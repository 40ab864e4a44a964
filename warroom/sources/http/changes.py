"""What has changed behind a probed URL since the last answer: pure."""

from collections import deque
from datetime import UTC, datetime

from warroom.measure.change import Change
from warroom.measure.snapshot import Certificate, HttpSeen
from warroom.sources.turns import Turns
from warroom.text import safe

MOST = 20


class Changes:
    """Another version of the program, another certificate, from answer to answer. What an answer
    does not say has not changed: a page that fails may not name its version."""

    def __init__(self) -> None:
        self._versions = Turns[str]()
        self._certificates = Turns[Certificate]()
        self._kept: deque[Change] = deque(maxlen=MOST)

    def look(self, seen: HttpSeen, now: datetime) -> tuple[Change, ...]:
        """The changes so far, oldest first."""
        if version := self._versions.change(seen.version or None):
            old, new, more = version
            words = f"version {safe(old, 60)} → {safe(new, 60)}{more}"
            self._kept.append(Change(now, words, "version"))
        if certificate := self._certificates.change(seen.certificate):
            before, after, more = certificate
            self._kept.append(Change(now, f"{_replaced(before, after)}{more}", "certificate"))
        return tuple(self._kept)


def _replaced(old: Certificate, new: Certificate) -> str:
    by = "" if old.issuer == new.issuer else f" by {safe(new.issuer, 60)}"
    names = "" if old.names == new.names else ", for other names"
    return f"certificate until {_day(old)} → {_day(new)}{by}{names}"


def _day(certificate: Certificate) -> str:
    return f"{certificate.expires.astimezone(UTC):%Y-%m-%d %H:%M}Z"
