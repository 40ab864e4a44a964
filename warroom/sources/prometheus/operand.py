"""The sets of series that figures are reckoned from."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from warroom.connect.wording import OUTSIDE
from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.prometheus.selector import Selector

Labels = tuple[tuple[str, str], ...]
"""Names and values, sorted; empty values left out, for they mean the same as none."""
Key = tuple[str, float]
"""The value of the ``by`` label (or empty), and a bucket's upper bound (or 0)."""


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

    @property
    def needs(self) -> frozenset[str]:
        """Labels without which a series cannot be meant, or cannot be told apart."""
        matched = (m.label for m in self.selector.matchers if not m.holds({}))
        return frozenset((*matched, self.by) if self.by else matched)

    def key(self, labels: Mapping[str, str]) -> Key | None:
        """What a series with ``labels`` counts towards; None if it is not meant.

        Raises ValueError for a bucket without a number as its bound.
        """
        if not self.selector.selects(labels):
            return None
        group = _group(labels.get(self.by, "")) if self.by else ""
        if self.kind != "bucket":
            return group, 0.0
        bound = float(labels.get("le", "nan"))
        if math.isnan(bound):
            raise ValueError(f"a bucket of {self.name} has no bound le")
        return group, bound


Targets = tuple[tuple[Operand, Key], ...]
"""What one series counts towards."""


def _group(value: str) -> str:
    """The value of a ``by`` label; of what is not told of a long one, a sum."""
    if len(value) <= OUTSIDE:
        return value
    rest = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{value[:OUTSIDE]} #{rest}"


def zero_if_absent(figures: Iterable[MetricSettings]) -> frozenset[str]:
    """The names of counters whose absence some figure takes for zero."""
    own = (side for f in figures if f.absent == 0 for side in operands(f)[:1])
    return frozenset(side.name for side in own if side.kind != "gauge")


def operands(figure: MetricSettings) -> tuple[Operand, ...]:
    """What a figure is reckoned from, what it is divided by last; none for a query."""
    by = figure.by or ""
    if figure.histogram is not None:
        named = Selector(figure.histogram.name + "_bucket", figure.histogram.matchers)
        return (Operand("bucket", named, by),)
    kind = "gauge" if figure.gauge is not None else "counter"
    selectors = (figure.rate or figure.ratio or figure.gauge, figure.of)
    return tuple(Operand(kind, selector, by) for selector in selectors if selector is not None)
