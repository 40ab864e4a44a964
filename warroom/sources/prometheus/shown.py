"""Reckoned figures as signals and breakdowns."""

from warroom.measure.snapshot import Breakdown, Part, Signal
from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.prometheus.reckon import Parts, Reckoned

MOST_PARTS = 50
"""Parts of a breakdown that are told one by one."""
_LABEL = 300
"""Characters of a label's value that are kept: a screen shows fewer."""


def signal(name: str, figure: MetricSettings, reckoned: Reckoned) -> Signal:
    """The figure ``name`` (with the source's in front): the worst part's value and label."""
    ordered = _worst_first(reckoned.parts, figure)
    if not ordered:
        return Signal(name, reckoned.flat, figure.unit)
    label, value = ordered[0]
    of = _label(label, figure) if figure.by and value is not None else ""
    return Signal(name, value, figure.unit, of)


def breakdown(name: str, figure: MetricSettings, reckoned: Reckoned) -> Breakdown | None:
    """The figure by its label, worst part first; None for one without."""
    if not figure.by:
        return None
    ordered = _worst_first(reckoned.parts, figure)
    parts = (Part(_label(label, figure), value) for label, value in ordered[:MOST_PARTS])
    return Breakdown(
        figure=name,
        by=figure.by,
        unit=figure.unit,
        parts=tuple(parts),
        others=max(len(ordered) - MOST_PARTS, 0),
    )


def _worst_first(parts: Parts, figure: MetricSettings) -> list[tuple[str, float | None]]:
    sign = 1.0 if figure.worst == "lowest" else -1.0

    def order(part: tuple[str, float | None]) -> tuple[bool, float, str]:
        label, value = part
        return value is None, sign * (value or 0.0), label

    return sorted(parts.items(), key=order)


def _label(label: str, figure: MetricSettings) -> str:
    """A series may lack the label that the figure is by."""
    return label[:_LABEL] or f"(no {figure.by})"
