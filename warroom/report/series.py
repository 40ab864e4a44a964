"""Figures over time, from the evidence: before, during and after. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

import msgspec

from warroom.incident.incident import Incident
from warroom.report.evidence import Sample
from warroom.severity import MAINTENANCE, OK, UNSEEN

MOST = 24
"""Figures that are told."""
CHARTED = 8
"""Of them so many are drawn."""
POINTS = 400
"""Points of a drawn one, at most."""
GAP = timedelta(minutes=2)
"""Between two samples so far apart nothing is drawn."""
MOVED, STIRRED = 0.5, 0.02
"""A figure moved when its extremes left what it was before by this share; of a source that was not
well, less is enough."""

Points = list[tuple[datetime, float | None]]


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One figure. ``before`` and ``after`` are medians, None where nothing was seen; ``low`` and
    ``high`` are the extremes during the incident, each with its time."""

    name: str
    unit: str
    before: float | None
    low: tuple[float, datetime] | None
    high: tuple[float, datetime] | None
    after: float | None
    ill: bool
    """Whether its source was not well."""
    points: tuple[tuple[datetime, float | None], ...]

    @property
    def moved(self) -> float:
        """By what share it left what it was before, or else what it was after, or else its lowest:
        a room that was opened late has seen nothing before. 0 where nothing was seen during it."""
        if self.low is None or self.high is None:
            return 0.0
        calm = next((one for one in (self.before, self.after) if one is not None), self.low[0])
        return max(abs(self.high[0] - calm), abs(self.low[0] - calm)) / max(abs(calm), 1e-9)

    @property
    def told(self) -> bool:
        """Whether it is worth telling. Of an ill source of which nothing was seen before or after,
        nobody knows whether it has moved."""
        unknown = self.ill and self.before is self.after is None and self.low is not None
        return unknown or self.moved >= (STIRRED if self.ill else MOVED)


def series(samples: Iterable[Sample], incident: Incident) -> tuple[Series, ...]:
    """The figures that moved, or whose source was not well; the ill ones first."""
    points: dict[str, Points] = defaultdict(list)
    units: dict[str, str] = {}
    ill: set[str] = set()
    for sample in sorted(samples, key=lambda one: one.at):
        units |= sample.units
        if sample.level not in (OK, MAINTENANCE, UNSEEN):
            ill.update(sample.signals)
        for name, value in sample.signals.items():
            points[name].append((sample.at, value))
    made = [_one(name, units.get(name, ""), points[name], incident, name in ill) for name in points]
    told = [one for one in made if one.told]
    told.sort(key=lambda one: (not one.ill, -min(one.moved, 1e6), one.name))
    return tuple(told[:MOST])


def _one(name: str, unit: str, points: Points, incident: Incident, ill: bool) -> Series:
    start, end = incident.started, incident.resolved
    before = [v for at, v in points if v is not None and at < start]
    during = [
        (v, at) for at, v in points if v is not None and at >= start and (end is None or at <= end)
    ]
    after = [v for at, v in points if v is not None and end is not None and at > end]
    return Series(
        name=name,
        unit=unit,
        before=median(before) if before else None,
        low=min(during) if during else None,
        high=max(during) if during else None,
        after=median(after) if after else None,
        ill=ill,
        points=thinned(points),
    )


def thinned(points: Points) -> tuple[tuple[datetime, float | None], ...]:
    """At most ``POINTS``, the extremes of each stretch kept; a gap stays a gap."""
    whole: Points = []
    for at, value in points:
        if whole and at - whole[-1][0] > GAP:
            whole.append((whole[-1][0] + timedelta(seconds=1), None))
        whole.append((at, value))
    if len(whole) <= POINTS:
        return tuple(whole)
    size = -(-len(whole) * 2 // POINTS)
    kept: Points = []
    for start in range(0, len(whole), size):
        part = whole[start : start + size]
        seen = [one for one in part if one[1] is not None]
        if len(seen) < len(part):
            kept.append(next(one for one in part if one[1] is None))
        if seen:
            extremes = {min(seen, key=_value), max(seen, key=_value)}
            kept += sorted(extremes)
    return tuple(sorted(kept, key=lambda one: one[0]))


def _value(point: tuple[datetime, float | None]) -> float:
    return point[1] if point[1] is not None else 0.0
