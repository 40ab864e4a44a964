"""What the incident's dialogs are drawn and read by, as values."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from tests.ui import incidents
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.test_console import screen_text, started
from warroom.console.incident.declaring import amount, first_lasting
from warroom.console.incident.gate import gate_rows
from warroom.console.incident.rows import Row, beside, folded, gap, in_window, without_ends
from warroom.console.incident.times import ago, clock, countdown, read_time, span
from warroom.console.look import Look
from warroom.measure.past import Past
from warroom.severity import SEV

EARLY = NOON.replace(hour=0, minute=5, second=0)


# --- times --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("", NOON),
        ("now", NOON),
        ("14:02", NOON.replace(minute=2, second=0)),
        ("14:02:07z", NOON.replace(minute=2, second=7)),
        (" 9:30 ", NOON.replace(hour=9, minute=30, second=0)),
        ("2026-03-03 23:50", NOON.replace(day=3, hour=23, minute=50, second=0)),
        ("yesterday 23:50", NOON.replace(day=3, hour=23, minute=50, second=0)),
        ("-5m", NOON - timedelta(minutes=5)),
        ("90 s ago", NOON - timedelta(seconds=90)),
        ("2h", NOON - timedelta(hours=2)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed, at):
    assert read_time(typed, NOON) == at


def test_a_time_of_day_shortly_after_midnight_is_yesterdays():
    assert read_time("23:50", EARLY) == EARLY - timedelta(minutes=15)
    assert "in the future" in read_time("00:10", EARLY)


@pytest.mark.parametrize("typed", ["25:00", "14:61", "soon", "14", "2026-02-30 10:00", "1" * 400])
def test_what_is_no_time_says_how_to_write_one(typed):
    assert "is no time: write 14:02" in read_time(typed, NOON)


def test_a_start_is_neither_in_the_future_nor_a_month_ago():
    assert "is in the future" in read_time("14:08", NOON)
    assert "more than 30 days ago" in read_time("2026-01-01 10:00", NOON)
    assert "more than 30 days ago" in read_time("99999d", NOON)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_time_that_was_or_words(typed):
    found = read_time(typed, NOON)
    assert isinstance(found, str) or found <= NOON


def test_spans_are_whole_and_never_more_than_was():
    assert [span(s) for s in (9, 59, 60, 119, 5999, 6000, 90_000, 200_000)] == [
        "9 s", "59 s", "1 min", "1 min", "99 min", "1 h 40", "25 h 00", "2 d",
    ]  # fmt: skip
    assert [countdown(s) for s in (80, 0, -61, 3723)] == ["1:20", "0:00", "-1:01", "1:02:03"]
    assert (ago(NOON, NOON), clock(NOON, NOON)) == ("now", "14:07:10Z")
    assert clock(NOON - timedelta(days=2), NOON) == "03-02 14:07Z"


# --- amounts and onsets -------------------------------------------------------------------


def test_amounts_are_read_as_people_write_them():
    written = ("25", "25 %", "$ 12,000", "12k", "1.5m", "")
    assert [amount(text) for text in written] == [25, 25, 12_000, 12_000, 1_500_000, None]


@pytest.mark.parametrize("text", ["many", "-3", "nan", "inf", "1e400", "k", "%k"])
def test_what_is_no_amount_is_refused_in_words(text):
    with pytest.raises(ValueError, match="is no"):
        amount(text)


def test_the_first_lasting_red_comes_before_what_was_not_seen_earlier():
    red, dark, over = incidents.ONSETS.onsets
    assert first_lasting(incidents.ONSETS, SEV) == red
    assert first_lasting(Past(onsets=(over, dark)), SEV) == dark
    assert first_lasting(Past(onsets=(over,)), SEV) is None


# --- rows ---------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("ab 漢é.-"), max_size=60)


@given(WORDS, st.integers(2, 40), st.integers(0, 30))
def test_a_folded_row_loses_no_letter_and_is_never_too_wide(text, width, indent):
    lines = folded(Row(Content(text), indent=indent), width)
    assert all(cell_len(line.plain) <= width for line in lines)
    told = "".join(line.plain for line in lines)
    assert told.replace(" ", "") == text.replace(" ", "")


@given(st.integers(1, 60), st.data())
def test_the_window_shows_the_cursors_row_whatever_it_showed_before(count, data):
    room = data.draw(st.integers(4, 20))
    start = data.draw(st.integers(0, count - 1))
    at = range(start, min(start + data.draw(st.integers(1, 3)), count))
    first = in_window(count, at, data.draw(st.integers(0, 1_000)), room)
    hidden = first + room < count
    assert 0 <= first <= at.start
    assert at.stop <= first + room - hidden


def test_two_columns_keep_every_line_and_the_keys_of_the_left_one():
    left = [Row(Content("one"), "1"), Row(Content("two " * 20), "2"), Row(Content("three"), "3")]
    right = [Row(Content(f"other {n}"), f"r{n}") for n in range(9)]
    rows = beside(left, right, 61)
    told = "\n".join(row.content.plain for row in rows)
    assert [row.key for row in rows if row.key] == ["1", "2", "3"]
    assert all(f"other {n}" in told for n in range(9))
    assert {row.content.plain.index("other") for row in rows if "other" in row.content.plain} == {
        32
    }


def test_empty_lines_stand_between_things_and_nowhere_else():
    rows = without_ends([gap(), Row(Content("a")), gap(), gap(), Row(Content("b")), gap()])
    assert [row.content.plain for row in rows] == ["a", "", "b"]


def test_what_is_not_met_stands_first_and_no_gate_is_said():
    rows = gate_rows(tuple(reversed(incidents.UNMET)), Look(unicode=False))
    assert [row.content.plain[:5] for row in rows] == ["X NOT", "X NOT", "+ met"]
    assert "no gate" in gate_rows((), Look())[0].content.plain


async def test_the_cursor_is_always_in_sight():
    link = incidents.link(incidents.timeline(lists=incidents.lists()))
    for key in "@vI":
        async with console(link=link).run_test(size=(60, 15)) as pilot:
            app = await started(pilot)
            await pilot.press(key)
            for move in ["down"] * 18 + ["up"] * 6:
                await pilot.press(move)
                assert "▸" in screen_text(app)
