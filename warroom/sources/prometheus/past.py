"""What each counter was, from one scrape to the next, and how much it rose since.

Counters begin at zero, so that one nobody has seen before rose by all it says, if its name
was there: the first error of its kind is not lost. It is otherwise where a page passes on
what others count, for there a new series may be years old. One that has a timestamp of its
own, or that names an instance, a job, a pod (``TARGETS``) no series of the page named before,
begins anew with what it says. So does one that was not a number so far.
"""

import math
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from warroom.sources.prometheus.operand import Key, Labels, Operand, Targets

TARGETS = frozenset(
    [
        "instance",
        "job",
        "pod",
        "pod_name",
        "container",
        "container_name",
        "node",
        "nodename",
        "host",
        "hostname",
        "namespace",
        "cluster",
        "replica",
        "exported_instance",
        "exported_job",
        "exported_namespace",
        "exported_pod",
    ]
)
"""Labels that say where a series is from."""
MOST_GONE = 100_000
"""Series that went away whose last value is kept: as many as one page may have, so that all
may be missing from one scrape and come back. 0.2 KiB each, however long the labels are."""
KEPT = 3600.0
"""Seconds for which it is kept, at least."""
MOST_TARGETS = 100_000
"""Values of ``TARGETS`` that are kept."""

Series = Mapping[str, Mapping[Labels, float]]
"""Values by the name of the series and its labels."""
Grouped = Mapping[str, Mapping[Labels, Targets]]
"""What each series counts towards."""
_H = TypeVar("_H", bound=Hashable)


@dataclass(frozen=True)
class Taken:
    """What one whole page has of counters.

    ``names`` are there, with series or without; ``relayed`` have timestamps of their own;
    ``origins`` are hashes of all labels of ``TARGETS`` with their values; ``keys`` are what
    any series counts towards.
    """

    series: Series = field(default_factory=dict)
    grouped: Grouped = field(default_factory=dict)
    names: Collection[str] = ()
    relayed: Mapping[str, Collection[Labels]] = field(default_factory=dict)
    origins: Collection[int] = ()
    keys: Mapping[Operand, Collection[Key]] = field(default_factory=dict)


@dataclass(frozen=True)
class Past:
    """What was seen up to ``at``. Of series and labels that need not be told again only
    hashes are kept: labels may be long."""

    at: float | None = None
    last: Series = field(default_factory=dict)
    """What the series of the last page were when they last were a number, else NaN."""
    gone: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    """Series that were there before: their last value, and when that was; oldest first."""
    names: Mapping[str, float] = field(default_factory=dict)
    """When a name was last there."""
    origins: Mapping[int, float] = field(default_factory=dict)
    """When a series was last from there."""

    def rise(
        self, name: str, labels: Labels, value: float, at: float, reach: float, *, relayed: bool
    ) -> float:
        """How much a series with ``value`` at ``at`` rose since; never negative."""
        if not math.isfinite(value):
            return 0.0
        last = self.last.get(name, {}).get(labels)
        if last is not None:
            return rise_of(last, value)
        left = self.gone.get(hash((name, labels)))
        if left is not None:
            # After a long time it may have risen at any time; but from zero if it is lower.
            known = at - left[1] <= reach or value < left[0]
            return rise_of(left[0], value) if known else 0.0
        new = self.at is not None and self.names.get(name) == self.at
        return max(value, 0.0) if new and not relayed and self._from_here(labels) else 0.0

    def _from_here(self, labels: Labels) -> bool:
        return all(origin in self.origins for origin in origins(labels))

    def after(self, at: float, taken: Taken, reach: float) -> "Past":
        """The past once ``taken`` was seen at ``at``."""
        return Past(
            at=at,
            last={name: self._numbers(name, values) for name, values in taken.series.items()},
            gone=self._gone(at, taken.series, reach),
            names={**self.names, **dict.fromkeys(taken.names, at)},
            origins=newest(recent(self.origins, taken.origins, at, reach), MOST_TARGETS),
        )

    def _numbers(self, name: str, values: Mapping[Labels, float]) -> Mapping[Labels, float]:
        if all(map(math.isfinite, values.values())):
            return values
        before = self.last.get(name, {})
        numbers = dict(values)
        for labels, value in values.items():
            if not math.isfinite(value):
                left = self.gone.get(hash((name, labels)), (math.nan, 0.0))
                numbers[labels] = before.get(labels, left[0])
        return numbers

    def _gone(self, at: float, series: Series, reach: float) -> dict[int, tuple[float, float]]:
        kept = max(KEPT, reach)
        gone = {one: left for one, left in self.gone.items() if at - left[1] <= kept}
        for name, values in series.items():
            for labels in values.keys() - self.last.get(name, {}).keys():
                gone.pop(hash((name, labels)), None)
        for name, values in self.last.items():
            for labels in values.keys() - series.get(name, {}).keys():
                gone[hash((name, labels))] = (values[labels], self.at or 0.0)
        return newest(gone, MOST_GONE)


def origins(labels: Iterable[tuple[str, str]]) -> list[int]:
    """Where a series is from, as hashes."""
    return [hash(pair) for pair in labels if pair[0] in TARGETS]


def rise_of(before: float, now: float) -> float:
    """From one value to the next; one that fell began anew at zero. Never negative, and 0
    after NaN."""
    if now < before:
        return max(now, 0.0)
    return now - before if now > before else 0.0


def recent(
    before: Mapping[_H, float], now: Collection[_H], at: float, reach: float
) -> dict[_H, float]:
    """What was seen within ``reach`` and when, ``now`` added. What is known stays the same
    object, as a dictionary has it."""
    seen = {one: when for one, when in before.items() if at - when <= reach}
    seen.update(dict.fromkeys(now, at))
    return seen


_V = TypeVar("_V")


def newest(known: dict[_H, _V], most: int) -> dict[_H, _V]:
    """Without the first ones, if there are more than ``most``."""
    for one in list(islice(known, max(len(known) - most, 0))):
        del known[one]
    return known
