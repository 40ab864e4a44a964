"""Figures from a page and from what counters rose: pure.

What is not known is None, never zero, and is either a blindness (``blind``: something is
wrong, or cannot be seen yet) or worth a note (there was nothing to measure).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.prometheus.increases import Counters
from warroom.sources.prometheus.lacks import aged, called, missing, odd, unseen
from warroom.sources.prometheus.operand import Operand, operands
from warroom.sources.prometheus.page import Page
from warroom.sources.prometheus.quantile import NoHistogramError, quantile
from warroom.text import short_duration, short_figure

NOT_YET = "rates need a second scrape"
_JUST_OVER = 1e-9
"""The share of errors that a part stands for whose errors are no share of anything: more
than none, less than any that is known."""

Parts = dict[str, float | None]
"""By the value of the label, or under the empty one if there is none."""


@dataclass(frozen=True)
class Reckoned:
    """One figure: its parts in its own unit, and in words why some are not known.

    ``flat`` is a value that is not of any part: the one for "no series at all". ``places``
    are values by which to order parts that are not known but are not the least of all.
    """

    parts: Parts
    blind: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    flat: float | None = None
    places: Mapping[str, float | None] = field(default_factory=dict)


class _UnknownError(Exception):
    """The whole figure is not known, and why: a blindness."""


@dataclass(frozen=True)
class Facts:
    """What there is to reckon from; rates need ``least`` seconds."""

    page: Page
    counters: Counters
    least: float = 0.0


def reckon(name: str, figure: MetricSettings, facts: Facts) -> Reckoned:
    """The figure ``name``; never raises."""
    sides = operands(figure)
    try:
        if _absent(figure, sides, facts):
            return Reckoned({}, flat=figure.absent)
        found = _WAYS[figure.way](name, figure, sides, facts)
    except _UnknownError as reason:
        return Reckoned({}, blind=(str(reason),))
    parts = {label: _in_unit(value, figure) for label, value in found.parts.items()}
    blind = found.blind
    if any(value is not None and parts[label] is None for label, value in found.parts.items()):
        blind = (*blind, f"{name} is too large a number")
    return Reckoned(
        parts,
        blind,
        (*found.notes, *(words for side in sides if (words := aged(side, facts.page)))),
        flat=0.0 if figure.by and not parts and figure.way == "rate" else None,
        places={label: _in_unit(value, figure) for label, value in found.places.items()},
    )


def _in_unit(value: float | None, figure: MetricSettings) -> float | None:
    if value is None:
        return None
    told = (1.0 - value if figure.complement else value) * figure.factor
    return told if math.isfinite(told) else None


def _absent(figure: MetricSettings, sides: tuple[Operand, ...], facts: Facts) -> bool:
    """Whether the figure is what ``absent`` says: its own series are missing, on a page that is
    the right one, and nothing of them rose within the window either."""
    for side in sides:
        if words := unseen(side, facts.page, facts.counters):
            raise _UnknownError(words)
    for side in sides[1:]:
        if words := missing(side, facts.page):
            raise _UnknownError(words)
    words = missing(sides[0], facts.page)
    if words and (figure.absent is None or not facts.page.names):
        raise _UnknownError(words)
    return bool(words) and not facts.counters.increases(sides[0])


def _seconds(sides: tuple[Operand, ...], facts: Facts) -> float:
    """Over how long all sides are counted."""
    seconds = facts.counters.reaches(*(side.name for side in sides))
    if seconds > 0 and seconds >= facts.least:
        return seconds
    gap = facts.counters.gap
    if gap is None:
        raise _UnknownError(NOT_YET)
    ago = short_duration(gap)
    raise _UnknownError(f"the last scrape was {ago} ago, longer than the window: rates begin anew")


def _rises(side: Operand, sides: tuple[Operand, ...], facts: Facts) -> dict[str, float]:
    """How much a counter rose while all ``sides`` were counted, by group; 0 for one that
    nothing is counted of."""
    total = {group: 0.0 for group, _ in facts.page.members[side]} if side.by else {"": 0.0}
    names = (other.name for other in sides)
    for (group, _), rise in facts.counters.increases(side, *names).items():
        total[group] = total.get(group, 0.0) + rise
    return total


def _rate(name: str, figure: MetricSettings, sides: tuple[Operand, ...], facts: Facts) -> Reckoned:
    seconds = _seconds(sides, facts)
    strange = odd(sides[0], facts.page)
    parts: Parts = {
        group: None if group in strange else rise / seconds * figure.seconds
        for group, rise in _rises(sides[0], sides, facts).items()
    }
    kind = facts.page.types.get(sides[0].name)
    notes = (f"{name}: {sides[0].name} is a gauge, not a counter",) if kind == "gauge" else ()
    return Reckoned(parts, tuple(strange.values()), notes)


def _ratio(name: str, figure: MetricSettings, sides: tuple[Operand, ...], facts: Facts) -> Reckoned:
    own, of = sides
    seconds = _seconds(sides, facts)
    mine, all_ = (_rises(side, sides, facts) for side in sides)
    strange = {**odd(of, facts.page), **odd(own, facts.page)}
    parts: Parts = {}
    places: dict[str, float | None] = {}
    for group in {**all_, **mine}:
        above, below = mine.get(group, 0.0), all_.get(group, 0.0)
        parts[group] = above / below if below > 0 and group not in strange else None
        if above > 0 >= below and group not in strange:
            places[group] = _JUST_OVER
    blind = [*strange.values()]
    if places:
        same = f"both have the label {own.by}" if own.by else f"{of.selector} count the same"
        do = "do" if own.by else "does"
        blind.append(f"{own.selector} rises where {of.selector} does not: {do} {same}?")
    notes = []
    if not blind and all(part is None for part in parts.values()):
        notes.append(f"{name}: {of.selector} did not rise in {short_duration(seconds)}")
    return Reckoned(parts, tuple(blind), tuple(notes), places=places)


def _quantile(
    name: str, figure: MetricSettings, sides: tuple[Operand, ...], facts: Facts
) -> Reckoned:
    seconds = short_duration(_seconds(sides, facts))
    strange = odd(sides[0], facts.page)
    parts: Parts = {}
    notes, blind = [], [*strange.values()]
    for group, buckets in _histograms(sides[0], facts).items():
        parts[group] = None
        if group in strange:
            continue
        try:
            found = quantile(figure.quantile or 0.0, buckets)
        except NoHistogramError as reason:
            blind.append(f"{called(sides[0], group)}: {reason}")
            continue
        parts[group] = found.value
        least_value = _in_unit(found.value, figure) if found.beyond else None
        if least_value is not None:
            least = short_figure(least_value, figure.unit)
            of = f" of {group}" if group else ""
            notes.append(f"{name}{of} is at least {least}: beyond the last bucket")
    if not blind and all(part is None for part in parts.values()):
        notes.append(f"{name}: no observations in {seconds}")
    return Reckoned(parts, tuple(blind), tuple(notes))


def _histograms(side: Operand, facts: Facts) -> dict[str, dict[float, float]]:
    """How much each bucket rose, by group: of those on the page, and those that rose. A
    bucket that did not rise, and is not on the page any more, is still one of its group's."""
    rises = facts.counters.increases(side)
    counts: dict[str, dict[float, float]] = {
        group: {} for group, _ in (*facts.page.members[side], *rises)
    }
    for group, bound in facts.counters.seen.get(side, {}):
        if group in counts:
            counts[group][bound] = rises.get((group, bound), 0.0)
    return counts


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
    strange = odd(side, facts.page)
    blind.extend(strange.values())
    return {
        group: None if group in strange else _AGGREGATES[aggregate](values)
        for (group, _), values in facts.page.members[side].items()
    }


_AGGREGATES: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "max": max,
    "min": min,
    "avg": lambda values: sum(values) / len(values),
}
_Way = Callable[[str, MetricSettings, tuple[Operand, ...], Facts], Reckoned]
_WAYS: dict[str, _Way] = {"rate": _rate, "ratio": _ratio, "quantile": _quantile, "gauge": _gauge}
