"""How much counters rose: from one scrape to the next, and over the window.

As Prometheus' ``increase`` has it, with three differences, each on purpose: nothing is
extrapolated to the window's edges (what is divided by is the time that really passed); a
series that was not there in the scrape before counts from zero, if its name was, so that
the first error of its kind is not lost; and one that comes back is compared with what it
was last. Times are monotonic seconds.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from warroom.sources.prometheus.operand import Labels, Operand

SLOTS = 60
"""Steps in which the window moves on; shorter times between scrapes are put together."""
MOST_GONE = 20_000
"""Series that went away whose last value is kept, in case they come back."""

Key = tuple[str, float]
"""The value of the ``by`` label (or empty), and a bucket's upper bound (or 0)."""
Rises = Mapping[Operand, Mapping[Key, float]]
Series = Mapping[str, Mapping[Labels, float]]
"""Values by the name of the series and its labels."""
Grouped = Mapping[str, Mapping[Labels, tuple[tuple[Operand, Key], ...]]]
"""What each series counts towards."""


@dataclass(frozen=True)
class Span:
    """What rose between two scrapes; zeros are left out."""

    began: float
    ended: float
    rises: Rises


@dataclass(frozen=True)
class Counters:
    """All that is remembered from one scrape to the next. Frozen: a scrape that is given up
    half way leaves no trace."""

    at: float | None = None
    last: Series = field(default_factory=dict)
    gone: Mapping[tuple[str, Labels], tuple[float, float]] = field(default_factory=dict)
    """Series that were there before: their last value, and when that was."""
    names: Mapping[str, float] = field(default_factory=dict)
    """When a name was last on the page, with series or only declared."""
    since: Mapping[str, float] = field(default_factory=dict)
    """Since when the series of a name are counted without a gap."""
    spans: tuple[Span, ...] = ()

    def reaches(self, name: str) -> float:
        """How many seconds the increases of ``name`` go back; 0 before the second scrape."""
        if self.at is None or not self.spans:
            return 0.0
        return self.at - max(self.spans[0].began, self.since.get(name, self.at))

    def increases(self, operand: Operand) -> dict[Key, float]:
        """What rose over the window."""
        total: dict[Key, float] = {}
        for span in self.spans:
            for key, rise in span.rises.get(operand, {}).items():
                total[key] = total.get(key, 0.0) + rise
        return total


def advance(
    before: Counters,
    at: float,
    series: Series,
    grouped: Grouped,
    *,
    names: Collection[str],
    from_zero: frozenset[str],
    reach: float,
) -> Counters:
    """One more whole scrape at ``at``. ``names`` are those on the page; ``from_zero`` those
    whose absence meant zero; ``reach`` is the window in seconds. After a gap that is longer
    than it everything begins anew, for no span is within the window."""
    known = _known(before, from_zero)
    rises: dict[Operand, dict[Key, float]] = {}
    for name, values in series.items():
        for labels, value in values.items():
            rise = _rise(before, name, labels, value, at, reach, known)
            if rise <= 0:
                continue
            for operand, key in grouped[name][labels]:
                mine = rises.setdefault(operand, {})
                mine[key] = mine.get(key, 0.0) + rise
    spans = before.spans
    if before.at is not None:
        spans = _moved_on((*spans, Span(before.at, at, rises)), at, reach)
    return Counters(
        at=at,
        last=series,
        gone=_gone(before, series),
        names={**before.names, **dict.fromkeys(names, at)},
        since=_since(before, at, names, from_zero, reach),
        spans=spans,
    )


def _since(
    before: Counters, at: float, names: Iterable[str], from_zero: frozenset[str], reach: float
) -> dict[str, float]:
    since = dict(before.since)
    for name in names:
        if before.at is not None and name in from_zero:
            since.setdefault(name, before.at)
        elif at - before.names.get(name, -math.inf) > reach:
            since[name] = at
    return since


def rise_of(before: float, now: float) -> float:
    """From one value to the next; one that fell began anew at zero. Never negative."""
    return max(now - before if now >= before else now, 0.0)


def _known(before: Counters, from_zero: frozenset[str]) -> frozenset[str]:
    """Names whose unknown series count from zero: they were there, or it meant zero."""
    if before.at is None:
        return frozenset()
    return from_zero | {name for name, when in before.names.items() if when == before.at}


def _rise(
    before: Counters,
    name: str,
    labels: Labels,
    value: float,
    at: float,
    reach: float,
    known: frozenset[str],
) -> float:
    last = before.last.get(name, {}).get(labels)
    if last is not None:
        return rise_of(last, value)
    left = before.gone.get((name, labels))
    if left is not None:
        return rise_of(left[0], value) if at - left[1] <= reach else 0.0
    return max(value, 0.0) if name in known else 0.0


def _gone(before: Counters, series: Series) -> dict[tuple[str, Labels], tuple[float, float]]:
    gone = {
        (name, labels): left
        for (name, labels), left in before.gone.items()
        if labels not in series.get(name, {})
    }
    for name, values in before.last.items():
        here = series.get(name, {})
        for labels in values.keys() - here.keys():
            gone[name, labels] = (values[labels], before.at or 0.0)
    for key in list(gone)[: max(len(gone) - MOST_GONE, 0)]:
        del gone[key]
    return gone


def _moved_on(spans: tuple[Span, ...], at: float, reach: float) -> tuple[Span, ...]:
    """The spans within the window, the newest two put together if they are short."""
    if len(spans) > 1 and spans[-1].ended - spans[-2].began <= reach / SLOTS:
        spans = (*spans[:-2], _together(spans[-2], spans[-1]))
    return tuple(span for span in spans if span.began >= at - reach)


def _together(one: Span, other: Span) -> Span:
    rises = {operand: dict(keys) for operand, keys in one.rises.items()}
    for operand, keys in other.rises.items():
        mine = rises.setdefault(operand, {})
        for key, rise in keys.items():
            mine[key] = mine.get(key, 0.0) + rise
    return Span(one.began, other.ended, rises)
