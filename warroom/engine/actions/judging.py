"""What the signals say of a run: read as they come, from before it until there is a verdict."""

import math
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from warroom.measure.verdict import Expectation, Judgement, Point, combined, judge, leaning
from warroom.text import short_figure
from warroom.wire import SignalView, SourceView

BEFORE = 120.0
"""Seconds of the picture before, at the most."""
LEAST = 5
"""So many readings of it, where they come more seldom."""


class Watcher:
    """Follows the signals that one action should move. Times are monotonic."""

    def __init__(
        self, expected: Sequence[Expectation], views: Callable[[str], SourceView | None], now: float
    ) -> None:
        self._views, self._began = views, now
        self._expected = tuple(self._known(one) for one in expected)
        self._before = {one.signal: self._past(one) for one in self._expected}
        self._after: dict[str, list[Point]] = {one.signal: [] for one in self._expected}
        self._polls = {one.signal: self._polled(one.signal) for one in self._expected}
        self._ended: float | None = None

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(one.signal.partition(".")[0] for one in self._expected)

    @property
    def picture(self) -> str:
        """How the signals are now, beside how they were."""
        parts = []
        for one in self._expected:
            before, after = self._before[one.signal][-1:], self._after[one.signal][-1:]
            was = short_figure(before[0].value if before else None, one.unit)
            now = short_figure(after[0].value if after else None, one.unit)
            parts.append(f"{one.title or one.signal} {was} → {now}")
        return "; ".join(parts)

    def saw(self, now: float) -> None:
        """The sources may have been read again."""
        for one in self._expected:
            polls = self._polled(one.signal)
            if polls == self._polls[one.signal]:
                continue
            self._polls[one.signal] = polls
            value = self._value(one.signal)
            if value is not None and math.isfinite(value):
                self._after[one.signal].append(Point(now - self._began, value))

    def ends(self, now: float) -> None:
        """The run has ended: the time given to the signals begins."""
        self._ended = now

    def verdict(self, now: float) -> Judgement | None:
        """What they say; None while it is too early. One that was helped is enough, unless another
        seems to get worse."""
        if self._ended is None or not self._expected:
            return None
        found, open_ones, ended = [], [], self._ended - self._began
        for one in self._expected:
            before, after = self._before[one.signal], self._after[one.signal]
            over = now - self._ended >= one.within
            judgement = judge(one, before, after, over=over, ended=ended)
            if judgement is not None:
                found.append(judgement)
            else:
                open_ones.append(leaning(one, before, after, ended))
        words = {judgement.word for judgement in found}
        sure = "WORSE" in words or ("HELPED" in words and "WORSE" not in open_ones)
        return combined(found) if sure or not open_ones else None

    def _known(self, one: Expectation) -> Expectation:
        signal = self._signal(one.signal)
        return one if signal is None else replace(one, unit=signal.unit)

    def _past(self, one: Expectation) -> tuple[Point, ...]:
        """The readings before, from the figure's own trend: one for each poll."""
        view, signal = self._view(one.signal), self._signal(one.signal)
        if view is None or signal is None or view.age is None:
            return ()
        last = max((at for at, value in enumerate(signal.trend) if value is not None), default=0)
        points = [
            Point(-view.age - (last - at) * view.interval, value)
            for at, value in enumerate(signal.trend)
            if value is not None and math.isfinite(value)
        ]
        first = -max(BEFORE, one.within, LEAST * view.interval)
        return tuple(point for point in points if point.at >= first)

    def _value(self, name: str) -> float | None:
        view, signal = self._view(name), self._signal(name)
        if view is None or view.failure is not None or signal is None:
            return None
        return signal.value

    def _polled(self, name: str) -> int:
        view = self._view(name)
        return 0 if view is None else view.polls

    def _view(self, name: str) -> SourceView | None:
        return self._views(name.partition(".")[0])

    def _signal(self, name: str) -> SignalView | None:
        view = self._view(name)
        return view.signal(name.partition(".")[2]) if view is not None else None
