"""Figures from a page and from what counters rose: pure.

What is not known is None, never zero, and is either a blindness (``blind``: something is
wrong, or cannot be seen yet) or worth a note (there was nothing to measure).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.prometheus.increases import Counters
from warroom.sources.prometheus.operand import Operand, operands
from warroom.sources.prometheus.page import Page
from warroom.sources.prometheus.quantile import NoHistogramError, quantile
from warroom.text import short_duration, short_figure

NOT_YET = "rates need a second scrape"
MOST_GROUPS = 5_000
"""Values of a ``by`` label; more of them are no breakdown anybody could read."""

Parts = dict[str, float | None]
"""By the value of the label, or under the empty one if there is none."""


@dataclass(frozen=True)
class Reckoned:
    """One figure: its parts in its own unit, and in words why some are not known.

    ``flat`` is a value that is not of any part: the one for "no series at all".
    """

    parts: Parts
    blind: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    flat: float | None = None


class _UnknownError(Exception):
    """The whole figure is not known, and why: a blindness."""


@dataclass(frozen=True)
class Facts:
    """What there is to reckon from."""

    page: Page
    counters: Counters


def reckon(name: str, figure: MetricSettings, facts: Facts) -> Reckoned:
    """The figure ``name``; never raises."""
    sides = operands(figure)
    lacking = next((words for side in sides if (words := _lack(side, facts.page))), "")
    if lacking and figure.absent is not None:
        return Reckoned({}, flat=figure.absent)
    try:
        if lacking:
            raise _UnknownError(lacking)
        for side in sides:
            _check_groups(side, facts.page)
        found = _WAYS[figure.way](name, figure, sides, facts)
    except _UnknownError as reason:
        return Reckoned({}, blind=(str(reason),))
    parts = {label: _in_unit(value, figure) for label, value in found.parts.items()}
    if figure.by and not parts and figure.way == "rate":
        return Reckoned({}, found.blind, found.notes, flat=0.0)
    return Reckoned(parts, found.blind, found.notes)


def _in_unit(value: float | None, figure: MetricSettings) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return (1.0 - value if figure.complement else value) * figure.factor


def _lack(side: Operand, page: Page) -> str:
    """What is missing on the page, in words; empty if nothing is."""
    if side.name in page.stale:
        return f"the samples of {side.name} are over 5 min old"
    if side.name not in page.names:
        return f"there is no series {side.name} on the page; {_what_then(side.name, page)}"
    if side.kind == "gauge" and not page.members[side]:
        return f"no series on the page matches {side.selector}"
    return ""


def _what_then(name: str, page: Page) -> str:
    plain = name.removesuffix("_bucket")
    if page.types.get(plain) == "summary" and plain != name:
        return f"{plain} is a summary: gauge = '{plain}{{quantile=\"0.95\"}}' is its quantile"
    if page.types.get(name) == "histogram":
        return f"it is a histogram: {name}_count counts its observations"
    if page.types.get(name) == "counter":
        return f"is it {name}_total?"
    return "is the name right?"


def _check_groups(side: Operand, page: Page) -> None:
    groups = len({group for group, _ in page.members[side]}) if side.by else 0
    if groups > MOST_GROUPS:
        raise _UnknownError(f"{side.name} has {groups:,} values of {side.by}; narrow the selector")


def _reach(side: Operand, facts: Facts) -> float:
    seconds = facts.counters.reaches(side.name)
    if seconds <= 0:
        raise _UnknownError(NOT_YET)
    return seconds


def _rates(side: Operand, facts: Facts) -> dict[str, float]:
    """How much a counter rises a second, by group; 0 for one that nothing is counted of."""
    seconds = _reach(side, facts)
    total = {group: 0.0 for group, _ in facts.page.members[side]} if side.by else {"": 0.0}
    for (group, _), rise in facts.counters.increases(side).items():
        total[group] = total.get(group, 0.0) + rise
    return {group: rise / seconds for group, rise in total.items()}


def _rate(name: str, figure: MetricSettings, sides: tuple[Operand, ...], facts: Facts) -> Reckoned:
    rates = _rates(sides[0], facts)
    kind = facts.page.types.get(sides[0].name)
    odd = (f"{name}: {sides[0].name} is a gauge, not a counter",) if kind == "gauge" else ()
    return Reckoned({g: rate * figure.seconds for g, rate in rates.items()}, notes=odd)


def _ratio(name: str, figure: MetricSettings, sides: tuple[Operand, ...], facts: Facts) -> Reckoned:
    mine, all_ = (_rates(side, facts) for side in sides)
    parts: Parts = {}
    for group in {**all_, **mine}:
        whole = all_.get(group, 0.0)
        parts[group] = mine.get(group, 0.0) / whole if whole > 0 else None
    if any(part is not None for part in parts.values()):
        return Reckoned(parts)
    seconds = short_duration(_reach(sides[1], facts))
    return Reckoned(parts, notes=(f"{name}: {sides[1].selector} did not rise in {seconds}",))


def _quantile(
    name: str, figure: MetricSettings, sides: tuple[Operand, ...], facts: Facts
) -> Reckoned:
    seconds = short_duration(_reach(sides[0], facts))
    counts: dict[str, dict[float, float]] = {}
    for group, bound in facts.page.members[sides[0]]:
        counts.setdefault(group, {})[bound] = 0.0
    for (group, bound), rise in facts.counters.increases(sides[0]).items():
        counts.setdefault(group, {})[bound] = rise
    parts: Parts = {}
    notes, blind = [], []
    for group, buckets in counts.items():
        try:
            found = quantile(figure.quantile or 0.0, buckets)
        except NoHistogramError as reason:
            parts[group] = None
            blind.append(f"{_called(sides[0], group)}: {reason}")
            continue
        parts[group] = found.value
        if found.beyond and found.value is not None:
            least = short_figure(found.value * figure.factor, figure.unit)
            of = f" of {group}" if group else ""
            notes.append(f"{name}{of} is at least {least}: beyond the last bucket")
    if not blind and all(part is None for part in parts.values()):
        notes.append(f"{name}: no observations in {seconds}")
    return Reckoned(parts, tuple(blind), tuple(notes))


def _gauge(name: str, figure: MetricSettings, sides: tuple[Operand, ...], facts: Facts) -> Reckoned:
    blind: list[str] = []
    mine = _gauges(sides[0], figure.aggregate, facts, blind)
    if len(sides) == 1:
        return Reckoned(mine, tuple(blind))
    whole = _gauges(sides[1], "sum", facts, blind)
    parts: Parts = {}
    for group, value in mine.items():
        divisor = whole.get(group)
        parts[group] = None if value is None or not divisor else value / divisor
        if divisor == 0 and not figure.by:
            blind.append(f"{sides[1].selector} is 0: there is nothing to divide by")
    if not blind and all(part is None for part in parts.values()):
        blind.append(f"{name}: {sides[1].selector} is nowhere more than 0")
    return Reckoned(parts, tuple(blind))


def _gauges(side: Operand, aggregate: str, facts: Facts, blind: list[str]) -> Parts:
    parts: Parts = {}
    for (group, _), values in facts.page.members[side].items():
        odd = next((value for value in values if not math.isfinite(value)), None)
        if odd is not None:
            shown = "NaN" if math.isnan(odd) else f"{odd:+g}".replace("inf", "Inf")
            blind.append(f"{_called(side, group)} is {shown}")
        parts[group] = None if odd is not None else _AGGREGATES[aggregate](values)
    return parts


def _called(side: Operand, group: str) -> str:
    return f"{side.name} of {side.by} {group}" if group else side.name


_AGGREGATES: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "max": max,
    "min": min,
    "avg": lambda values: sum(values) / len(values),
}
_Way = Callable[[str, MetricSettings, tuple[Operand, ...], Facts], Reckoned]
_WAYS: dict[str, _Way] = {"rate": _rate, "ratio": _ratio, "quantile": _quantile, "gauge": _gauge}
