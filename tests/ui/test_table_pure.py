"""Which rows, in which order and columns, in how many lines: without a screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.ui.tables import COLUMNS, row
from tests.ui.views import HOSTILE, harmless
from warroom.console.look import Look
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.console.table import drawn, frame
from warroom.console.table.arrange import Filter, Order, arranged, filter_of, neighbour, widths
from warroom.console.table.cursor import settled, window

SHEET = Sheet(
    name="s", columns=COLUMNS, rows=(row("b", 2.0), row("a", None), row("C", 30.0), row("d", 4.0))
)


def order(column=None, turned=False, passes=None):
    found = arranged(SHEET, Order(column, turned), passes or Filter())
    return "".join(r.cells[0].text for r in found)


def test_numbers_begin_with_the_largest_and_what_is_not_known_stands_last_either_way():
    assert order(1) == "Cdba"
    assert order(1, turned=True) == "bdCa"
    assert order(0) == "abCd"
    assert order(0, turned=True) == "dCba"
    assert order() == "baCd"
    assert Order().next((0, 2)) == Order(0)
    assert Order(0, True).next((0, 2)) == Order(2)
    assert Order(2, True).next((0, 2)) == Order(None)


@given(st.text(max_size=12))
def test_what_passes_and_what_does_not_is_all_of_it_in_its_order(pattern):
    try:
        passes, inverted = filter_of(pattern.lstrip("!")), filter_of("!" + pattern.lstrip("!"))
    except ValueError:
        return
    kept = arranged(SHEET, Order(), passes)
    assert [r for r in SHEET.rows if r in kept] == list(kept)
    if passes.pattern is not None:
        assert {r.key for r in kept} | {r.key for r in arranged(SHEET, Order(), inverted)} == {
            r.key for r in SHEET.rows
        }
        assert not set(kept) & set(arranged(SHEET, Order(), inverted))


def test_a_pattern_minds_capitals_once_it_has_one_and_a_wrong_one_says_so():
    assert order(passes=filter_of("c")) == "C"
    assert order(passes=filter_of("B")) == ""
    assert order(passes=filter_of("!c")) == "bad"
    with pytest.raises(ValueError, match="missing"):
        filter_of("(a")


def test_capitals_that_stand_for_something_else_do_not_make_a_pattern_mind_them():
    assert order(passes=filter_of(r"c\W")) == "C"
    assert order(passes=filter_of(r"^\pL \D here")) == "a"
    assert order(passes=filter_of(r"\S B")) == ""


def test_what_is_no_number_stands_last_whichever_way_numbers_are_sorted():
    rows = tuple(row(name, ms) for name, ms in (("a", 1.0), ("b", float("nan")), ("c", 2.0)))
    sheet = Sheet(name="s", columns=COLUMNS, rows=rows)
    for turned, expected in ((False, "cab"), (True, "acb")):
        found = arranged(sheet, Order(1, turned), Filter())
        assert "".join(r.cells[0].text for r in found) == expected


def test_a_pattern_that_would_hold_up_others_does_not():
    long = Row(key="k", cells=(Cell("a" * 300),), more="a" * 100_000)
    assert not filter_of("(a+)+(a+)+(a+)+$b").passes(long)


def test_columns_go_by_rank_and_the_rest_is_shared():
    assert widths(COLUMNS, 60) == {0: 36, 1: 8, 2: 12}
    assert widths(COLUMNS, 30) == {0: 20, 1: 8}
    assert widths(COLUMNS, 5) == {0: 10, 1: 8}
    assert list(widths((*COLUMNS, replace(COLUMNS[1], rank=2), COLUMNS[2]), 50)) == [0, 1, 2, 4]


def test_the_next_match_goes_round():
    rows = SHEET.rows
    assert neighbour(rows, rows[3].key, 1, filter_of("b")) == rows[0].key
    assert neighbour(rows, rows[0].key, -1, filter_of("d")) == rows[3].key
    assert neighbour(rows, rows[0].key, 1, filter_of("zz")) is None


def test_a_cursor_keeps_its_row_and_where_that_is_gone_its_place():
    before = ["db.a", "db.b", "db.c"]
    assert settled(["db.c", "db.b"], "db.b", before) == "db.b"
    assert settled(["db.a", "db.c"], "db.b", before) == "db.c"
    assert settled(["db.a"], "db.c", before) == "db.a"
    assert settled(["api.x", "db.x"], "db", ()) == "db.x"
    assert settled([], "db.c", before) == "db.c"


@given(st.integers(1, 60), st.data())
def test_the_window_holds_the_cursor_and_moves_no_more_than_it_must(rows, data):
    at, first = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, 80))
    room = data.draw(st.integers(1, 30))
    found = window(rows, at, first, room)
    assert found <= at < found + room
    assert 0 <= found <= max(rows - room, 0)
    if first <= at < first + room and first <= max(rows - room, 0):
        assert found == first


def table(names=("s",), *, width=10, sort=0, look=None):
    columns = (Column(title="duration", width=width), Column(title="d\x1b[2J", width=8, align=">"))
    sheet = Sheet(name=names[-1], columns=columns, rows=(row("a", 1.0),))
    return drawn.Table(sheet, sheet.rows, Order(sort), Filter(), names, "", False, look or Look())


def test_the_mark_of_the_sorted_column_is_never_cut():
    assert drawn.head(table(), 40)[0].plain.startswith("  duration▲ ")
    assert drawn.head(table(width=8), 40)[0].plain.startswith("  durati…▲ ")
    assert drawn.head(table(width=8, look=Look(unicode=False)), 40)[0].plain.startswith(
        "  durati~^ "
    )


def test_the_page_that_is_shown_is_named_however_narrow_it_is():
    names = tuple(f"a long page {n}" for n in range(6))
    assert "[a long page 5]" in drawn.head(table(names), 40)[0].truncate(40).plain


def test_the_frame_tells_the_filter_s_count_first_and_cuts_its_pattern():
    told = frame.Frame(pattern="x" * 90, shown=2, rows=40, frozen_at="14:07:10", age=31.0)
    assert frame.words(told, 44, Look()) == ["/xxxxxx… 2 of 40", "FROZEN 14:07:10, 30 s ago"]
    assert frame.words(told, 0, Look(unicode=False))[0] == "/xxxxx~ 2 of 40"


@given(HOSTILE, HOSTILE, st.integers(10, 90), st.integers(1, 12), st.booleans())
def test_hostile_cells_keep_to_their_size_and_obey_nobody(one, two, width, height, unicode):
    rows = (Row(key="a", cells=(Cell(one, 1.0), Cell(two, style=".level-0")), more=two),)
    columns = (*COLUMNS, Column(title=two, width=9))
    sheet = Sheet(name=one, columns=columns, rows=rows, note=two)
    table = drawn.Table(
        sheet, rows, Order(0), Filter(), (one, two), "a", True, Look(unicode=unicode)
    )
    lines = [*drawn.head(table, width), *drawn.rows(table, height, width)]
    harmless([line.truncate(width) for line in lines], width, 5 + height)
