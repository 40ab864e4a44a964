"""Quantiles: by hand, and against a plain reading of Prometheus' rules."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.sources.prometheus.quantile import NoHistogramError, quantile

INF = math.inf


@pytest.mark.parametrize(
    ("share", "buckets", "value"),
    [
        (0.5, {1: 10, 2: 20, INF: 20}, 1.0),
        (0.75, {1: 10, 2: 20, INF: 20}, 1.5),
        (0.25, {1: 10, 2: 20, INF: 20}, 0.5),
        (0.9, {0.1: 50, 0.5: 90, 1: 100, INF: 100}, 0.5),
        (0.95, {0.1: 50, 0.5: 90, 1: 100, INF: 100}, 0.75),
        (0, {1: 10, INF: 10}, 0.0),
        (1, {1: 10, 2: 20, INF: 20}, 2.0),
        # The lowest bucket is not from 0 where its bound is not positive.
        (0.5, {-1: 10, 2: 10, INF: 10}, -1.0),
        (0.5, {0: 10, 2: 10, INF: 10}, 0.0),
        (0.75, {-1: 10, 1: 20, INF: 20}, 0.0),
        # Counts that fall are raised to the one before.
        (0.5, {1: 10, 2: 8, 4: 20, INF: 20}, 1.0),
        (0.75, {1: 10, 2: 8, 4: 20, INF: 20}, 3.0),
        (0.5, {0.1: 0, 1: 0, 10: 8, INF: 8}, 5.5),
    ],
)
def test_by_hand(share: float, buckets: dict[float, float], value: float) -> None:
    assert quantile(share, buckets).value == pytest.approx(value)
    assert not quantile(share, buckets).beyond


@pytest.mark.parametrize("share", [0.95, 1.0])
def test_beyond_the_last_bucket_it_is_at_least_that(share: float) -> None:
    found = quantile(share, {1: 10, 10: 15, INF: 20})
    assert (found.value, found.beyond) == (10, True)


def test_nothing_observed_is_not_zero() -> None:
    assert quantile(0.5, {1: 0, INF: 0}).value is None


@pytest.mark.parametrize(
    ("buckets", "said"), [({}, r"\+Inf"), ({1: 3, 2: 4}, r"\+Inf"), ({INF: 3}, "no bucket but")]
)
def test_what_is_no_histogram_says_why(buckets: dict[float, float], said: str) -> None:
    with pytest.raises(NoHistogramError, match=said):
        quantile(0.5, buckets)


def by_the_rules(share: float, buckets: dict[float, float]) -> float:
    """Bucket for bucket, as the manual's page on histogram_quantile tells it."""
    pairs = sorted(buckets.items())
    highest, repaired = 0.0, []
    for bound, count in pairs:
        highest = max(highest, count)
        repaired.append((bound, highest))
    rank = share * repaired[-1][1]
    start, below = 0.0, 0.0
    for index, (bound, count) in enumerate(repaired):
        if count >= rank:
            if bound == INF:
                return repaired[index - 1][0]
            if index == 0 and bound <= 0:
                return bound
            return start + (bound - start) * (rank - below) / (count - below)
        start, below = bound, count
    raise AssertionError


BOUNDS = st.lists(st.floats(-100, 1e6, allow_subnormal=False), min_size=1, max_size=8, unique=True)


@given(BOUNDS, st.data(), st.floats(0.001, 1))
def test_any_histogram_as_the_rules_have_it(bounds: list[float], data: st.DataObject, share: float):
    counts = data.draw(st.lists(st.integers(0, 50), min_size=len(bounds), max_size=len(bounds)))
    buckets = {**dict(zip(bounds, map(float, counts), strict=True)), INF: float(max(counts) + 1)}
    assert quantile(share, buckets).value == pytest.approx(by_the_rules(share, buckets))
