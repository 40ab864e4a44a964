"""Reckoned figures as signals and breakdowns: small, however many parts there were."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from warroom.connect.wording import OUTSIDE
from warroom.measure.snapshot import Breakdown, Part, Signal
from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.prometheus.reckon import Reckoned

MOST_PARTS = 50
"""Parts of a breakdown that are told one by one."""
_TOLD = 5
"""How many blindnesses or notes are told one by one."""


@dataclass(frozen=True)
class Few:
    """The first of many words, and how many more there are."""

    words: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Shown:
    """What one figure comes to on the screen."""

    signal: Signal
    breakdown: Breakdown | None
    blind: Few
    notes: Few


def show(name: str, figure: MetricSettings, reckoned: Reckoned) -> Shown:
    """The figure ``name``, with the source's name in front."""
    return Shown(
        signal(name, figure, reckoned),
        breakdown(name, figure, reckoned),
        few(reckoned.blind),
        few(reckoned.notes),
    )


def signal(name: str, figure: MetricSettings, reckoned: Reckoned) -> Signal:
    """The figure's worst part: its value and label."""
    worst = _worst_first(reckoned, figure, 1)
    if not worst:
        return Signal(name, reckoned.flat, figure.unit)
    ((label, value),) = worst
    of = _label(label, figure) if figure.by and value is not None else ""
    return Signal(name, value, figure.unit, of)


def breakdown(name: str, figure: MetricSettings, reckoned: Reckoned) -> Breakdown | None:
    """The figure by its label, worst part first; None for one without."""
    if not figure.by:
        return None
    worst = _worst_first(reckoned, figure, MOST_PARTS)
    return Breakdown(
        figure=name,
        by=figure.by,
        unit=figure.unit,
        parts=tuple(Part(_label(label, figure), value) for label, value in worst),
        others=len(reckoned.parts) - len(worst),
    )


def few(words: Iterable[str]) -> Few:
    """Each of ``words`` once, and not all of them if there are many."""
    told = tuple(dict.fromkeys(words))
    return Few(told[:_TOLD], max(len(told) - _TOLD, 0))


def together(some: Iterable[Few]) -> tuple[str, ...]:
    """The words of all, and at the end how many more there are."""
    lists = tuple(some)
    all_ = few(word for one in lists for word in one.words)
    more = all_.more + sum(one.more for one in lists)
    return (*all_.words, f"{more:,} more of that kind") if more else all_.words


def _worst_first(
    reckoned: Reckoned, figure: MetricSettings, most: int
) -> list[tuple[str, float | None]]:
    sign = 1.0 if figure.worst == "lowest" else -1.0

    def order(part: tuple[str, float | None]) -> tuple[bool, float, str]:
        label = part[0]
        value = reckoned.places.get(label, part[1])
        return value is None, sign * (value or 0.0), label

    return heapq.nsmallest(most, reckoned.parts.items(), key=order)


def _label(label: str, figure: MetricSettings) -> str:
    """A series may lack the label that the figure is by."""
    return label[:OUTSIDE] or f"(no {figure.by})"
