"""What has changed behind a probed URL since the last answer: pure."""

from collections import deque
from datetime import UTC, datetime
from itertools import pairwise
from typing import Generic, TypeVar

from warroom.measure.change import Change
from warroom.measure.snapshot import Certificate, HttpSeen
from warroom.text import safe

MOST = 20
LATELY = 20
"""Answers that are "lately"."""
TURNS = 4
"""Changes in that time after which it is several machines that take turns."""
T = TypeVar("T")


class Changes:
    """Another version of the program, another certificate, from answer to answer. What an answer
    does not say has not changed: a page that fails may not name its version. Where two take
    turns, as behind one address while a release is rolled out, the last turn that is told says
    so, and no later one is told but to something new."""

    def __init__(self) -> None:
        self._versions = _Turns[str]()
        self._certificates = _Turns[Certificate]()
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


class _Turns(Generic[T]):
    """What one thing was in the last answers that told it."""

    def __init__(self) -> None:
        self._kept: deque[T] = deque(maxlen=LATELY)

    def change(self, now: T | None) -> tuple[T, T, str] | None:
        """What it was before and is now, and what more is to be said; None if it is no news."""
        if now is None:
            return None
        kept = tuple(self._kept)
        self._kept.append(now)
        if not kept or kept[-1] == now:
            return None
        turns = 1 + sum(one != other for one, other in pairwise(kept))
        if now not in kept or turns < TURNS:
            return kept[-1], now, ""
        return (kept[-1], now, ", by turns") if turns == TURNS else None


def _replaced(old: Certificate, new: Certificate) -> str:
    by = "" if old.issuer == new.issuer else f" by {safe(new.issuer, 60)}"
    names = "" if old.names == new.names else ", for other names"
    return f"certificate until {_day(old)} → {_day(new)}{by}{names}"


def _day(certificate: Certificate) -> str:
    return f"{certificate.expires.astimezone(UTC):%Y-%m-%d %H:%M}Z"
