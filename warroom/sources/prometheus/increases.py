"""How much counters rose: from one scrape to the next, and over the window.

As Prometheus' ``increase`` has it, with three differences, each on purpose: nothing is
extrapolated to the window's edges (what is divided by is the time that really passed); a
series that was not there before counts from zero, if its name was in the last scrape and it
is the page's own (``past.py`` says which are), so that the first error of its kind is not
lost; and one that comes back is compared with what it was last, unless that is longer ago
than the window and it is not lower. Times are monotonic seconds.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from warroom.sources.prometheus.operand import Key, Operand
from warroom.sources.prometheus.past import Past, Taken, recent

SLOTS = 60
"""Steps in which the window moves on; shorter times between scrapes are put together."""
MOST_GROUPS = 5_000
"""Values of a ``by`` label; more of them are no breakdown anybody could read."""
MOST_KEYS = 100_000
"""Buckets of all values of the label together."""

Rises = Mapping[Operand, Mapping[Key, float]]
Seen = Mapping[Operand, Mapping[Key, float]]
"""When a group or bucket was last on the page."""


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

    past: Past = field(default_factory=Past)
    since: Mapping[str, float] = field(default_factory=dict)
    """Since when the series of a name are counted without a gap."""
    spans: tuple[Span, ...] = ()
    """Those within the window; of them, each ``since`` is where one begins."""
    seen: Seen = field(default_factory=dict)
    """The groups and buckets of the window, also those that did not rise."""
    crowded: Mapping[Operand, float] = field(default_factory=dict)
    """Operands that had too many groups or buckets within the window, and when last: of them
    nothing from before is kept."""
    gap: float | None = None
    """How long ago the scrape before was, if that was longer than the window."""

    @property
    def at(self) -> float | None:
        """When the last scrape was."""
        return self.past.at

    def within(self, *names: str) -> tuple[Span, ...]:
        """The spans over which the series of all ``names`` are counted."""
        since = max(self.since.get(name, math.inf) for name in names)
        return tuple(span for span in self.spans if span.began >= since)

    def reaches(self, *names: str) -> float:
        """How many seconds the increases of all ``names`` go back; 0 before a second scrape."""
        spans = self.within(*names)
        return spans[-1].ended - spans[0].began if spans else 0.0

    def increases(self, operand: Operand, *others: str) -> dict[Key, float]:
        """What rose over the window, as far as all of the ``others`` are counted too."""
        total: dict[Key, float] = {}
        for span in self.within(operand.name, *others):
            for key, rise in span.rises.get(operand, {}).items():
                total[key] = total.get(key, 0.0) + rise
        return total


def advance(before: Counters, at: float, taken: Taken, *, reach: float) -> Counters:
    """One more whole scrape at ``at``; ``reach`` is the window in seconds. After a gap that is
    longer than it everything begins anew, for no span is within the window."""
    since = _since(before, at, taken.names, reach)
    seen = {
        operand: recent(before.seen.get(operand, {}), keys, at, reach)
        for operand, keys in taken.keys.items()
    }
    crowd = {operand for operand, keys in seen.items() if _too_many(keys)}
    spans, last = before.spans, before.at
    if last is not None:
        rises = _rises(before, at, taken, reach)
        spans = (*spans, Span(last, at, rises))
        spans = _moved_on(_without(spans, crowd), at, reach, since.values())
    return Counters(
        past=before.past.after(at, taken, reach),
        since=since,
        spans=spans,
        seen={operand: {} if operand in crowd else keys for operand, keys in seen.items()},
        crowded=recent(before.crowded, crowd, at, reach),
        gap=at - last if last is not None and not spans else None,
    )


def _since(before: Counters, at: float, names: Iterable[str], reach: float) -> dict[str, float]:
    since = dict(before.since)
    for name in names:
        if at - before.past.names.get(name, -math.inf) > reach:
            since[name] = at
    return since


def _rises(before: Counters, at: float, taken: Taken, reach: float) -> Rises:
    # The same objects in all spans: the labels in keys may be long.
    own = {key: key for keys in before.seen.values() for key in keys}
    rises: dict[Operand, dict[Key, float]] = {}
    for name, values in taken.series.items():
        relayed = taken.relayed.get(name, ())
        for labels, value in values.items():
            rise = before.past.rise(name, labels, value, at, reach, relayed=labels in relayed)
            if rise <= 0:
                continue
            for operand, key in taken.grouped[name][labels]:
                mine = rises.setdefault(operand, {})
                key = own.get(key, key)
                mine[key] = mine.get(key, 0.0) + rise
    return rises


def _too_many(keys: Mapping[Key, float]) -> bool:
    if len(keys) <= MOST_GROUPS and len(keys) <= MOST_KEYS:
        return False
    return len(keys) > MOST_KEYS or len({group for group, _ in keys}) > MOST_GROUPS


def _without(spans: tuple[Span, ...], crowd: Collection[Operand]) -> tuple[Span, ...]:
    if not crowd:
        return spans
    return tuple(
        Span(
            span.began,
            span.ended,
            {operand: keys for operand, keys in span.rises.items() if operand not in crowd},
        )
        for span in spans
    )


def _moved_on(
    spans: tuple[Span, ...], at: float, reach: float, since: Collection[float]
) -> tuple[Span, ...]:
    """The spans within the window, the newest two put together if they are short and no name
    began between them."""
    if (
        len(spans) > 1
        and spans[-1].ended - spans[-2].began <= reach / SLOTS
        and spans[-1].began not in since
    ):
        spans = (*spans[:-2], _together(spans[-2], spans[-1]))
    return tuple(span for span in spans if span.began >= at - reach)


def _together(one: Span, other: Span) -> Span:
    rises = {operand: dict(keys) for operand, keys in one.rises.items()}
    for operand, keys in other.rises.items():
        mine = rises.setdefault(operand, {})
        for key, rise in keys.items():
            mine[key] = mine.get(key, 0.0) + rise
    return Span(one.began, other.ended, rises)
