"""Table manners: sorted, filtered, frozen, copied, looked into; the cursor by key."""

import contextlib
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from tests.ui import boards
from tests.ui.consoles import ScriptedLink, StillClock
from tests.ui.views import HOSTILE, harmless
from warroom.config.local import LocalConfig, LocalConsole, LocalPage, LocalRoom
from warroom.console.app import Console
from warroom.console.look import Look
from warroom.console.messages import EngineSaid
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.console.table import TablePanel, drawn
from warroom.console.table.arrange import Filter, Order, arranged, filter_of, neighbour, widths
from warroom.wire import Answer, Inspect

COLUMNS = (
    Column(title="name", width=10, grows=True),
    Column(title="ms", width=8, align=">"),
    Column(title="where", width=12, rank=1),
)


def row(name, ms=None, where="here", more=""):
    text = "–" if ms is None else f"{ms:g}"
    return Row(key=f"web.row:{name}", cells=(Cell(name), Cell(text, ms), Cell(where)), more=more)


class Rows(TablePanel):
    """One row for each signal of the sources it finds."""

    heading = "rows"
    kinds = ("http",)
    sheets = ("signals", "others")
    inspectable = ("row:",)
    asked: ClassVar[list[str]] = []

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return [Content(f"{len(view.sources)} sources")]

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        if name == "others":
            return Sheet(name=name, columns=COLUMNS, empty="there are no others")
        rows = tuple(
            row(signal.name.partition(".")[2], signal.value, where=source.name, more="SELECT\n1")
            for source in view.sources
            for signal in source.signals
        )
        return Sheet(name=name, columns=COLUMNS, rows=rows)

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        return [Content(f"all about {key}"), *(Content(f"line {n}") for n in range(60))]


class Types:
    def of_page(self, written):
        return [Rows]


def console(board, link=None, granted="act", look=None):
    local = LocalConfig(
        path=None,
        room=LocalRoom(name="shop", environment="production"),
        console=LocalConsole(),
        keys={},
        pages=(LocalPage("overview", ("rows",)),),
    )
    made = link or ScriptedLink(boards.welcome(granted), board)
    return Console(local, lambda: made, Types, StillClock(), look=look or Look(), report=repr)


def board(**latencies):
    return boards.shop(boards.up("web", **latencies))


@contextlib.asynccontextmanager
async def expanded(size=(100, 30), **options):
    app = console(options.pop("board", None) or board(), **options)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("1", "z")
        await pilot.pause()
        yield app, pilot


def text(app):
    panel = app.selected_panel
    return "\n".join(line.plain for line in panel.draw(*panel.size))


def shown(app):
    return [key.partition("row:")[2] for key in app.selected_panel._names()]


async def typed(pilot, words):
    await pilot.press(
        *[
            {
                "!": "exclamation_mark",
                "_": "underscore",
                "/": "slash",
                "(": "left_parenthesis",
                "|": "vertical_line",
            }.get(c, c)
            for c in words
        ]
    )
    await pilot.pause()


# pure -----------------------------------------------------------------------------------

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
    assert Order().next(2) == Order(0)
    assert Order(1, True).next(2) == Order(None)


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


def test_a_pattern_that_would_hold_up_others_does_not():
    long = Row(key="k", cells=(Cell("a" * 300),), more="a" * 100_000)
    assert not filter_of("(a+)+(a+)+(a+)+$b").passes(long)


def test_columns_go_by_rank_and_the_rest_is_shared():
    assert widths(COLUMNS, 60) == {0: 36, 1: 8, 2: 12}
    assert widths(COLUMNS, 30) == {0: 20, 1: 8}
    assert widths(COLUMNS, 5) == {0: 10, 1: 8}


def test_the_next_match_goes_round():
    rows = SHEET.rows
    assert neighbour(rows, rows[3].key, 1, filter_of("b")) == rows[0].key
    assert neighbour(rows, rows[0].key, -1, filter_of("d")) == rows[3].key
    assert neighbour(rows, rows[0].key, 1, filter_of("zz")) is None


@given(HOSTILE, HOSTILE, st.integers(10, 90), st.integers(1, 12), st.booleans())
def test_hostile_cells_keep_to_their_size_and_obey_nobody(one, two, width, height, unicode):
    rows = (Row(key="a", cells=(Cell(one, 1.0), Cell(two, style=".level-0")), more=two),)
    sheet = Sheet(name=one, columns=COLUMNS, rows=rows, note=two)
    table = drawn.Table(
        sheet, rows, Order(0), Filter(), (one, two), "a", True, Look(unicode=unicode)
    )
    lines = [*drawn.head(table, width), *drawn.rows(table, height, width)]
    harmless([line.truncate(width) for line in lines], width, 5 + height)


# on the screen --------------------------------------------------------------------------


async def test_a_table_is_sorted_by_one_column_after_the_other():
    async with expanded() as (app, pilot):
        first = shown(app)
        await pilot.press("s", "s")
        assert shown(app)[0] == "status"
        assert "ms▼" in text(app)
        await pilot.press("minus")
        assert shown(app)[0] == "up"
        assert "ms▲" in text(app)
        await pilot.press("s", "s")
        assert shown(app) == first


async def test_a_filter_follows_each_key_is_said_and_goes_with_esc_before_the_screen_does():
    async with expanded() as (app, pilot):
        await pilot.press("slash")
        await typed(pilot, "p95")
        assert shown(app) == ["latency_p95"]
        await pilot.press("escape")
        assert len(shown(app)) == 6
        await pilot.press("slash")
        await typed(pilot, "!latency")
        await pilot.press("enter")
        assert shown(app) == ["availability", "status", "up"]
        assert "/!latency 3 of 6" in text(app)
        assert app.selected_panel.has_focus
        await pilot.press("slash", "escape")
        assert len(shown(app)) == 3
        await pilot.press("escape")
        assert len(shown(app)) == 6
        await pilot.press("escape")
        assert not app.selected_panel.expanded


async def test_a_pattern_that_is_wrong_keeps_the_last_good_one_and_says_why():
    async with expanded() as (app, pilot):
        await pilot.press("slash")
        await typed(pilot, "up(")
        assert shown(app) == ["up"]
        assert "not a regular expression" in str(app.screen.query_one("#wrong").render())
        await pilot.press("enter")
        await pilot.press("escape")
        await pilot.press("slash")
        await typed(pilot, "nothing of it")
        assert shown(app) == []
        await pilot.press("enter")
        assert "none of 6 rows passes /nothing of it" in text(app)


async def test_n_goes_from_match_to_match_also_when_the_filter_is_off():
    async with expanded() as (app, pilot):
        await pilot.press("slash")
        await typed(pilot, "_p")
        await pilot.press("enter", "escape")
        await pilot.press("n")
        assert app.selected_panel.cursor == "web.row:latency_p95"
        await pilot.press("n")
        assert app.selected_panel.cursor == "web.row:latency_p50"
        await pilot.press("N")
        assert app.selected_panel.cursor == "web.row:latency_p95"


async def test_a_frozen_table_says_so_and_stands_while_the_watch_goes_on():
    async with expanded() as (app, pilot):
        await pilot.press("f")
        app.post_message(EngineSaid((board(latency=7777.0),)))
        await pilot.pause()
        assert "7777" not in text(app)
        app.clock.seconds += 31
        assert "FROZEN 14:07:10, 30 s ago" in text(app)
        await pilot.press("f")
        await pilot.pause()
        assert "7777" in text(app)
        assert "FROZEN" not in text(app)


async def test_the_cursor_stays_on_its_row_and_where_that_is_gone_in_its_place():
    async with expanded() as (app, pilot):
        await pilot.press("down", "down", "down")
        panel = app.selected_panel
        assert panel.cursor == "web.row:availability"
        await pilot.press("s", "s")
        assert panel.cursor == "web.row:availability"
        await pilot.press("s", "s")
        panel.filter(filter_of("!avail"))
        assert panel.cursor == "web.row:status"


async def test_a_row_is_copied_whole_and_harmless():
    async with expanded() as (app, pilot):
        await pilot.press("y")
        assert app.clipboard == "latency\t41\tweb\nSELECT\n1"


async def test_more_is_asked_of_the_engine_and_shown_or_its_refusal_said():
    class Telling(ScriptedLink):
        async def request(self, request):
            self.asked.append(request)
            if len(self.asked) > 1:
                return Answer(ref=0, ok=False, message="session 7 has ended")
            return Answer(ref=0, ok=True, text="Seq Scan\n  \x1b[2Jrows")

    link = Telling(boards.welcome(), board())
    async with expanded(link=link) as (app, pilot):
        await pilot.press("e")
        await pilot.pause()
        assert link.asked == [Inspect(ref=0, source="web", key="row:latency")]
        page = app.screen.query_one("#text-lines")
        assert [line.plain for line in page.whole] == ["Seq Scan", "  ␛[2Jrows"]
        await pilot.press("y", "escape")
        assert app.clipboard == "Seq Scan\n  ␛[2Jrows"
        await pilot.press("e")
        await pilot.pause()
        assert any("has ended" in n.message for n in app._notifications)


async def test_a_console_that_may_only_watch_asks_for_nothing():
    async with expanded(granted="watch") as (app, pilot):
        await pilot.press("e")
        await pilot.pause()
        assert app.link.asked == []
        assert any("may only watch" in n.message for n in app._notifications)


async def test_sheets_turn_and_details_open_whole():
    async with expanded() as (app, pilot):
        assert "[signals]" in text(app)
        assert "more lines: Enter" in text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert len(app.screen.query_one("#text-lines").whole) == 61
        await pilot.press("escape", "right_square_bracket")
        assert "[others]" in text(app)
        assert "there are no others" in text(app)
        await pilot.press("left_square_bracket")
        assert "[signals]" in text(app)


async def test_in_the_room_a_table_s_keys_say_where_they_work():
    app = console(board())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("1", "s")
        await pilot.pause()
        assert any("Expand the panel first" in n.message for n in app._notifications)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 60)])
async def test_it_keeps_to_any_size(size):
    async with expanded(size=size) as (app, _):
        panel = app.selected_panel
        lines = panel.draw(*panel.size)
        harmless(lines, *panel.size)
        assert any("latency" in line.plain for line in lines)
