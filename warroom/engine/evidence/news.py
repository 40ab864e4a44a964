"""Which of the things that a source sees are news, and which of them still are. Mutable."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from warroom.report.evidence import Sight

KNOWN = 500
"""Things of one source that are known not to be news."""
SECONDS = "seconds"
"""The fact that says how long a query has run; it grows, and is told when it has doubled, and at
last as the worst that it came to."""
_DATED = ("deployment", "change")
"""Kinds of which the same may happen again: at another time it is another one."""


class _Known(NamedTuple):
    """A thing as it was told last; ``worst`` is the longest it was seen to take since."""

    sight: Sight
    worst: float


class News:
    """Of one source."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._present: set[str] = set()

    def of(self, seen: Iterator[Sight], at: datetime) -> Iterator[Sight]:
        """What of all that one good look has seen is to be told; ``at`` is when it was taken."""
        present: set[str] = set()
        for sight in seen:
            key = _key(sight)
            present.add(key)
            known, seconds = self._known.pop(key, None), _seconds(sight)
            told = known.sight if known is not None else None
            worst = max(seconds, known.worst) if known is not None else seconds
            if told is None or told.text != sight.text or seconds >= 2 * max(_seconds(told), 1.0):
                yield (told := sight)
            self._known[key] = _Known(told, worst)
        yield from self._ended(self._present - present, at)
        self._present = present
        while len(self._known) > KNOWN:
            del self._known[next(iter(self._known))]

    def present(self) -> Iterator[Sight]:
        """What the newest good look has seen, as it was told."""
        for key in self._present:
            if (known := self._known.get(key)) is not None:
                yield known.sight

    def _ended(self, keys: set[str], at: datetime) -> Iterator[Sight]:
        for key in sorted(keys):
            known = self._known.get(key)
            if known is not None and known.worst > _seconds(known.sight):
                facts = {**known.sight.facts, SECONDS: f"{known.worst:.{3}g}"}
                self._known[key] = _Known(replace(known.sight, at=at, facts=facts), known.worst)
                yield self._known[key].sight


def _key(sight: Sight) -> str:
    when = sight.at.isoformat() if sight.kind in _DATED else ""
    return f"{sight.kind}:{sight.key}:{when}"


def _seconds(sight: Sight) -> float:
    return float(sight.facts.get(SECONDS, 0.0))
