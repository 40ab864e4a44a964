"""The last half hour of what was seen, for an incident that is declared later. Bounded."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from warroom.engine.evidence.news import News
from warroom.engine.evidence.seen import sample, sights
from warroom.report.evidence import Sample, Sight
from warroom.wire import SourceView

KEPT = 1800.0
"""Seconds."""
APART = 10.0
"""Seconds between two samples of one source that are kept here; each change of level is."""
MOST = 8 * 1024 * 1024
"""Bytes of it, whatever the room. Twenty sources of twenty figures are about 2 MB (reckoned)."""


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
        self._news: dict[str, News] = {}
        self._looked: dict[str, float] = {}
        """When each source was last seen."""
        self._units: dict[str, dict[str, str]] = {}
        self._encoder = msgspec.json.Encoder()

    def saw(self, view: SourceView, now: float, at: datetime) -> list[Line]:
        """The lines of this view; none where it is of a poll that was told already."""
        if self._polls.get(view.name, 0) == view.polls:
            return []
        self._polls[view.name] = view.polls
        if view.polls == 0:
            return []  # a reload has made another source of it
        made = sample(view, at)
        news = self._news.setdefault(view.name, News())
        told: Iterable[Sight] = ()
        if view.failure is None:
            told, self._looked[view.name] = news.of(sights(view), made.at), now
        lines = [Line(now, view.name, True, self._line(self._with_units(made)))]
        lines += [Line(now, view.name, False, self._line(one)) for one in told]
        self._keep(view, lines, now)
        return lines

    def before(self, now: float) -> Iterator[Line]:
        """All of the last half hour, oldest first, and before it what was told earlier and can
        still be seen. None of it has units."""
        kept = [line for line in self._lines if line.at >= now - KEPT]
        told = {line.data for line in kept if not line.sample}
        for source, news in self._news.items():
            for sight in news.present() if self._is_fresh(source, now) else ():
                if (data := self._line(sight)) not in told:
                    yield Line(now - KEPT, source, False, data)
        yield from kept

    def with_units(self, line: Line) -> Line:
        """The same sample with the units of its source's figures."""
        found = msgspec.json.decode(line.data, type=Sample)
        units = self._units.get(line.source, {})
        return line._replace(data=self._line(msgspec.structs.replace(found, units=units)))

    def _is_fresh(self, source: str, now: float) -> bool:
        return now - self._looked.get(source, now - 2 * KEPT) < KEPT

    def _line(self, value: Sample | Sight) -> bytes:
        return self._encoder.encode(value) + b"\n"

    def _with_units(self, made: Sample) -> Sample:
        """Units are told when one has changed; at first, by whoever writes the first line."""
        before = self._units.get(made.source, {})
        now = self._units[made.source] = {**before, **made.units}
        return made if before and now != before else msgspec.structs.replace(made, units={})

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
