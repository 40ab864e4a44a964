"""A past in columns: nothing moves but the newest, gaps stay gaps, the axis seldom changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.measure.history import columns, per_column, round_up, sparkline

VALUES = st.lists(st.none() | st.floats(0, 1000), max_size=120)


@pytest.mark.parametrize(
    ("interval", "polls"), [(2.0, 5), (5.0, 2), (10.0, 1), (30.0, 1), (1.0, 6), (0.1, 6), (3.0, 4)]
)
def test_a_column_is_about_ten_seconds(interval, polls):
    assert per_column(interval) == polls


def test_a_column_tells_the_worst_of_its_polls():
    assert [c.value for c in columns([1.0, 9.0, 2.0, 3.0], 4, 2)] == [9.0, 3.0]
    assert [c.value for c in columns([1.0, 9.0, 2.0, 3.0], 4, 2, min)] == [1.0, 2.0]


def test_a_gap_is_a_gap_and_a_poll_that_saw_nothing_is_not_hidden_by_one_that_did():
    found = columns([None, None, 4.0, None, 0.0, 0.0], 6, 2)
    assert [tuple(c) for c in found] == [(None, False), (4.0, False), (0.0, True)]


@given(VALUES, st.integers(0, 500), st.integers(1, 6), st.none() | st.floats(0, 1000))
def test_one_more_poll_moves_the_newest_column_only(values, before, per, new):
    polls = before + len(values)
    old = columns(values, polls, per)
    fresh = columns([*values, new], polls + 1, per)
    full = len(old) - (polls % per != 0 and bool(old))
    assert fresh[:full] == old[:full]
    assert len(fresh) - len(old) in (0, 1)


@given(VALUES, st.integers(0, 500), st.integers(1, 6))
def test_a_column_keeps_its_value_until_it_falls_out(values, before, per):
    polls = before + len(values)
    old = columns(values, polls, per)
    forgotten = columns(values[1:], polls, per)
    assert forgotten == old[len(old) - len(forgotten) :]


@given(st.floats(1e-6, 1e12))
def test_an_axis_ends_at_a_round_value_not_far_above(value):
    top = round_up(value)
    assert value <= top * 1.000001
    assert top <= 2.0 * value


@pytest.mark.parametrize(
    ("value", "top"),
    [(0.0, 1.0), (-3.0, 1.0), (float("inf"), 1.0), (0.525, 0.6), (1.18, 1.5), (100.0, 100.0)],
)
def test_where_an_axis_ends(value, top):
    assert round_up(value) == top


def test_a_line_of_bars_with_negatives_runs_from_its_least_to_its_most():
    assert sparkline([-4.0, -3.0, -2.0, -1.0], 4, top=1.0) == "▁▃▆█"
    assert sparkline([-1.0, None, 0.0, 1.0], 4) == "▁ ▄█"
    assert sparkline([-2.8, -2.8], 2) == "▄▄"
    assert sparkline([float("-inf"), -1e308, 1e308, float("inf")], 4) == "▁▁██"
