"""The last half hour of what was seen, for an incident that is declared later. Bounded."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from warroom.engine.evidence.seen import sample, sights
from warroom.report.evidence import Sample, Sight
from warroom.wire import SourceView

KEPT = 1800.0
"""Seconds."""
APART = 10.0
"""Seconds between two samples of one source that are kept here; each change of level is."""
MOST = 8 * 1024 * 1024
"""Bytes of it, whatever the room. Twenty sources of twenty figures are about 2 MB (reckoned)."""
KNOWN = 500
"""Things of one source that are known not to be news."""


class Line(NamedTuple):
    """One line of a file of evidence. ``at`` is monotonic."""

    at: float
    source: str
    sample: bool
    data: bytes


class Recent:
    """Makes lines of what sources have seen, each once, and keeps the newest of them."""

    def __init__(self) -> None:
        self._lines: deque[Line] = deque()
        self._size = 0
        self._polls: dict[str, int] = {}
        self._levels: dict[str, str] = {}
        self._kept_at: dict[str, float] = {}
        self._known: dict[str, dict[str, str]] = {}
        self._units: dict[str, dict[str, str]] = {}
        self._encoder = msgspec.json.Encoder()

    def saw(self, view: SourceView, now: float, at: datetime) -> list[Line]:
        """The lines of this view; none where it is of a poll that was told already."""
        if view.polls == 0 or self._polls.get(view.name) == view.polls:
            return []
        self._polls[view.name] = view.polls
        made = sample(view, at)
        news = list(self._news(view))
        lines = [Line(now, view.name, True, self._line(self._with_units(made)))]
        lines += [Line(now, view.name, False, self._line(one)) for one in news]
        self._keep(view, lines, now)
        return lines

    def before(self) -> Iterator[Line]:
        """All that is kept, oldest first; of each source the first line has its units."""
        told: set[str] = set()
        for line in self._lines:
            if line.sample and line.source not in told:
                told.add(line.source)
                found = msgspec.json.decode(line.data, type=Sample)
                units = self._units.get(line.source, {})
                yield line._replace(data=self._line(msgspec.structs.replace(found, units=units)))
            else:
                yield line

    def units(self, source: str) -> dict[str, str]:
        """The units of a source's figures."""
        return self._units.get(source, {})

    def _line(self, value: Sample | Sight) -> bytes:
        return self._encoder.encode(value) + b"\n"

    def _with_units(self, made: Sample) -> Sample:
        """Units are told once, and when one changed."""
        if made.units and self._units.get(made.source) != made.units:
            self._units[made.source] = made.units
            return made
        return msgspec.structs.replace(made, units={})

    def _news(self, view: SourceView) -> Iterator[Sight]:
        known = self._known.setdefault(view.name, {})
        for sight in sights(view):
            key = f"{sight.kind}:{sight.key}"
            if known.get(key) == sight.text:
                continue
            known.pop(key, None)
            known[key] = sight.text
            if len(known) > KNOWN:
                del known[next(iter(known))]
            yield sight

    def _keep(self, view: SourceView, lines: list[Line], now: float) -> None:
        same = self._levels.get(view.name) == view.level
        if same and now - self._kept_at.get(view.name, -APART) < APART:
            lines = lines[1:]
        else:
            self._kept_at[view.name], self._levels[view.name] = now, view.level
        for line in lines:
            self._lines.append(line)
            self._size += len(line.data)
        while self._lines and (self._size > MOST or self._lines[0].at < now - KEPT):
            self._size -= len(self._lines.popleft().data)
