"""How a long run is judged: by the line of least squares through its second half."""

import random

import pytest

from tests.soak.figures import Row, lows, slope, table


def row(*values, tolerance=1.0, share=0.0):
    samples = tuple((float(at), float(value)) for at, value in enumerate(values))
    return Row("a figure", "MiB", samples, tolerance, share)


def test_the_line_of_least_squares():
    assert slope([(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]) == 2.0
    assert slope([(0.0, 1.0), (1.0, 2.0), (2.0, 0.0)]) == -0.5
    assert slope([(0.0, 7.0)]) == 0.0


def test_what_grew_in_the_first_half_only_is_flat():
    assert row(1, 20, 40, 60, 60, 60, 60).flat


def test_what_goes_on_growing_is_named():
    grows = row(*range(20))
    assert not grows.flat
    assert "**GROWS**" in table([grows])[-1]


@pytest.mark.parametrize(("share", "flat"), [(0.05, False), (0.2, True)])
def test_so_much_of_it_may_come(share, flat):
    assert row(100, 100, 100, 105, 110, 115, tolerance=0.0, share=share).flat == flat


def test_of_what_comes_and_goes_the_least_of_each_minute_counts():
    chance = random.Random(1)

    def row(least, comes_and_goes=True):
        samples = [(n * 5.0, least(n) + chance.choice((0, 0, 30, 110))) for n in range(360)]
        return Row("tasks", "", tuple(samples), 8.0, comes_and_goes=comes_and_goes)

    assert all(row(lambda n: 33).flat for _ in range(50))
    assert not all(row(lambda n: 33, comes_and_goes=False).flat for _ in range(50))
    assert not any(row(lambda n: 33 + n / 16).flat for _ in range(50))


def test_the_least_of_each_minute_stands_where_it_was():
    assert lows([(0, 5), (10, 3), (50, 4), (60, 9), (119, 9)]) == [(10, 3), (60, 9)]
