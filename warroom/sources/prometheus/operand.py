"""The sets of series that figures are reckoned from."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.prometheus.selector import Selector

Labels = tuple[tuple[str, str], ...]
"""Names and values, sorted; empty values left out, for they mean the same as none."""


@dataclass(frozen=True)
class Operand:
    """The series ``selector`` picks, one sum (or what it is) for each value of ``by``.

    ``kind`` is ``counter``, ``gauge`` or ``bucket``; of buckets, ``selector`` has the name
    with ``_bucket``.
    """

    kind: str
    selector: Selector
    by: str = ""

    @property
    def name(self) -> str:
        return self.selector.name

    def key(self, labels: Mapping[str, str]) -> tuple[str, float] | None:
        """What a series with ``labels`` counts towards; None if it is not meant.

        Raises ValueError for a bucket without a number as its bound.
        """
        if not self.selector.selects(labels):
            return None
        group = labels.get(self.by, "") if self.by else ""
        if self.kind != "bucket":
            return group, 0.0
        bound = float(labels.get("le", "nan"))
        if math.isnan(bound):
            raise ValueError(f"a bucket of {self.name} has no bound le")
        return group, bound


def operands(figure: MetricSettings) -> tuple[Operand, ...]:
    """What a figure is reckoned from, what it is divided by last; none for a query."""
    by = figure.by or ""
    if figure.histogram is not None:
        named = Selector(figure.histogram.name + "_bucket", figure.histogram.matchers)
        return (Operand("bucket", named, by),)
    kind = "gauge" if figure.gauge is not None else "counter"
    selectors = (figure.rate or figure.ratio or figure.gauge, figure.of)
    return tuple(Operand(kind, selector, by) for selector in selectors if selector is not None)
