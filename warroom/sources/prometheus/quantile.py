"""Quantiles of classic histograms, as ``histogram_quantile`` of Prometheus has them.

The rules are those of ``bucketQuantile`` in Prometheus' promql/quantile.go: linear
interpolation within a bucket; the lowest one begins at 0 if its bound is positive, and is
its bound otherwise; what falls into ``+Inf`` is the highest finite bound; counts that fall
from one bucket to the next (scraped in mid-change) are raised to the one before.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass


class NoHistogramError(ValueError):
    """The buckets are none of a histogram; the message says why."""


@dataclass(frozen=True)
class Quantile:
    """``value`` in the histogram's own unit, None without observations; ``beyond``: it lies
    in the last bucket, and is at least that much."""

    value: float | None
    beyond: bool = False


def quantile(share: float, buckets: Mapping[float, float]) -> Quantile:
    """The quantile ``share`` (0 to 1) of cumulative counts by upper bound.

    Raises NoHistogramError without a bucket ``+Inf`` or with that one alone.
    """
    bounds = sorted(buckets)
    if not bounds or bounds[-1] != math.inf:
        raise NoHistogramError('it has no bucket le="+Inf"')
    if len(bounds) < 2:
        raise NoHistogramError("it has no bucket but +Inf")
    counts: list[float] = []
    for bound in bounds:
        counts.append(max(buckets[bound], counts[-1] if counts else buckets[bound]))
    if counts[-1] <= 0:
        return Quantile(None)
    rank = share * counts[-1]
    at = bisect_left(counts, rank, hi=len(counts) - 1)
    if at == len(bounds) - 1:
        return Quantile(bounds[-2], beyond=True)
    if at == 0 and bounds[0] <= 0:
        return Quantile(bounds[0])
    low, before = (bounds[at - 1], counts[at - 1]) if at else (0.0, 0.0)
    within = counts[at] - before
    if within <= 0:  # rank 0 of an empty lowest bucket: Prometheus gives NaN
        return Quantile(low)
    return Quantile(low + (bounds[at] - low) * (rank - before) / within)
