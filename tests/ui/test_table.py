"""Table manners: sorted, filtered, frozen, copied, looked into; the cursor by key."""

import asyncio
import re

import pytest
from msgspec.structs import replace
from textual import events

from tests.ui import boards
from tests.ui.consoles import ScriptedLink
from tests.ui.tables import (
    COLUMNS,
    Rows,
    board,
    console,
    expanded,
    given,
    row,
    said,
    shown,
    text,
    typed,
)
from tests.ui.views import harmless
from warroom.console.look import Look
from warroom.console.messages import EngineSaid
from warroom.console.sheet import Cell, Row
from warroom.console.table.arrange import filter_of
from warroom.console.table.filter_bar import FilterInput
from warroom.errors import EngineError
from warroom.wire import Answer, Inspect


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


async def test_a_filter_that_is_given_up_is_not_what_is_sought():
    async with expanded() as (app, pilot):
        await pilot.press("slash")
        await typed(pilot, "p95")
        await pilot.press("escape", "n")
        await pilot.pause()
        assert any("Nothing is looked for yet" in words for words in said(app))


async def test_what_is_pasted_into_a_filter_is_harmless_and_too_much_is_said():
    async with expanded() as (app, pilot):
        await pilot.press("slash")
        field = app.screen.query_one(FilterInput)
        assert not field.cursor_blink
        field.post_message(events.Paste("\x1b[2Jup\u202e"))
        await pilot.pause()
        assert field.value == "␛[2Jup\\u202e"
        field.post_message(events.Paste("x" * 200))
        await pilot.pause()
        assert field.value == "␛[2Jup\\u202e"
        assert "200 characters at most" in str(app.screen.query_one("#wrong").render())


async def test_a_pattern_that_is_wrong_keeps_the_last_good_one_and_says_why():
    async with expanded() as (app, pilot):
        await pilot.press("slash")
        await typed(pilot, "up(")
        assert shown(app) == ["up"]
        assert "not a pattern: missing )" in str(app.screen.query_one("#wrong").render())
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


async def test_the_window_moves_only_when_the_cursor_leaves_it():
    rows = [row(f"row{n:02}", float(n)) for n in range(60)]

    def top(app):
        return re.search(r"\brow\d\d\b", text(app))[0]

    async with expanded(panel=given(*rows), size=(100, 30)) as (app, pilot):
        await pilot.press("down", "down")
        assert top(app) == "row00"
        await pilot.press("end")
        assert shown(app)[-1] == "row59"
        last = top(app)
        assert last > "row00"
        await pilot.press("up", "up")
        assert top(app) == last
        at = app.selected_panel.cursor
        await pilot.press("pageup")
        assert app.selected_panel.cursor != at
        await pilot.press("home", "pagedown")
        assert app.selected_panel.cursor > "web.row:row02"


async def test_a_page_is_come_back_to_at_the_row_it_was_left_at():
    async with expanded() as (app, pilot):
        await pilot.press("down", "down", "right_square_bracket", "left_square_bracket")
        assert app.selected_panel.cursor == "web.row:latency_p95"


async def test_the_panel_s_own_order_reversed_says_so_and_a_column_without_room_is_not_sorted_by():
    async with expanded(size=(60, 15), panel=given(row("a", 1.0), row("b", 2.0))) as (app, pilot):
        await pilot.press("minus")
        assert shown(app) == ["b", "a"]
        assert "reversed" in text(app)
        await pilot.press("minus")
        assert "reversed" not in text(app)
    narrow = tuple(replace(column, width=40 if column.rank else 20) for column in COLUMNS)
    rows = (row("a", 1.0, where="z"), row("b", 2.0, where="y"))
    async with expanded(size=(60, 15), panel=given(*rows, columns=narrow)) as (app, pilot):
        await pilot.press("s", "s")
        assert "ms▼" in text(app)
        await pilot.press("s")
        assert shown(app) == ["a", "b"]


async def test_a_panel_that_fails_is_a_named_problem_whatever_key_is_pressed():
    class Failing(Rows):
        @staticmethod
        def sheet(view, name):
            raise KeyError("queries")

    async with expanded(panel=Failing) as (app, pilot):
        await pilot.press("s", "minus", "f", "f", "y", "e", "enter", "n", "right_square_bracket")
        await pilot.press("slash")
        await typed(pilot, "x")
        await pilot.press("enter", "n", "down", "pagedown", "escape")
        await pilot.pause()
        assert "This panel failed: KeyError" in text(app)


async def test_where_only_ascii_is_safe_nothing_else_is_drawn():
    async with expanded(look=Look(unicode=False), panel=given(row("ä", 1.0))) as (app, pilot):
        await pilot.press("s", "s", "slash")
        await typed(pilot, "1")
        await pilot.press("enter", "f")
        assert text(app).isascii()
        assert "msv" in text(app)


async def test_a_row_is_copied_whole_and_harmless():
    async with expanded() as (app, pilot):
        await pilot.press("y")
        assert app.clipboard == "latency\t41\tweb\nSELECT\n1"


async def test_a_long_cell_is_copied_in_full_and_too_much_is_cut_in_words():
    long = Row(key="web.row:a", cells=(Cell("x" * 5000), Cell("a\tb\x1b]52;")))
    async with expanded(panel=given(long)) as (app, pilot):
        await pilot.press("y")
        assert app.clipboard == "x" * 5000 + "\ta␉b␛]52;"
        assert any("copied 5,009 characters, if this terminal" in words for words in said(app))
    huge = Row(key="web.row:a", cells=(Cell("ä" * 70_000),))
    async with expanded(panel=given(huge)) as (app, pilot):
        await pilot.press("y")
        assert app.clipboard == "ä" * (32 * 1024)
        assert any("no more than 64 KiB" in words for words in said(app))


class Slow(ScriptedLink):
    """Answers when it is told what."""

    def __init__(self):
        super().__init__(boards.welcome(), board())
        self.answer = asyncio.get_running_loop().create_future()

    async def request(self, request):
        self.asked.append(request)
        return await self.answer


async def test_while_an_answer_is_awaited_the_frame_says_so_and_nothing_is_asked_twice():
    link = Slow()
    async with expanded(link=link) as (app, pilot):
        await pilot.press("e")
        await pilot.pause()
        assert "web is asked" in text(app)
        await pilot.press("e")
        assert len(link.asked) == 1
        assert any("has not answered yet" in words for words in said(app))
        link.answer.set_exception(EngineError("the engine has not answered for 15 s"))
        await pilot.pause()
        assert any("for 15 s" in words for words in said(app))
        assert "web is asked" not in text(app)


@pytest.mark.parametrize("keys", [["slash"], ["question_mark"], ["escape"]])
async def test_an_answer_does_not_come_over_what_is_typed_or_read_by_then(keys):
    link = Slow()
    async with expanded(link=link) as (app, pilot):
        await pilot.press("e")
        await pilot.pause()
        await pilot.press(*keys)
        screen = app.screen
        link.answer.set_result(Answer(ref=0, ok=True, text="Seq Scan"))
        await pilot.pause()
        assert app.screen is screen
        assert any("web has answered" in words for words in said(app))


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
        assert any("has ended" in words for words in said(app))


async def test_a_console_that_may_only_watch_asks_for_nothing():
    async with expanded(granted="watch") as (app, pilot):
        await pilot.press("e")
        await pilot.pause()
        assert app.link.asked == []
        assert any("may only watch" in words for words in said(app))


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
        assert any("Expand the panel first" in words for words in said(app))


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 60)])
async def test_it_keeps_to_any_size(size):
    async with expanded(size=size) as (app, _):
        panel = app.selected_panel
        lines = panel.draw(*panel.size)
        harmless(lines, *panel.size)
        assert any("latency" in line.plain for line in lines)


def test_a_table_120x40(snap_compare):
    rows = [
        Row(
            key=f"web.row:{n}",
            cells=(Cell(f"SELECT {n}"), Cell(f"{n}", float(n), ".level-1"), Cell("here")),
        )
        for n in range(40)
    ]
    keys = ["1", "z", "s", "s", "f", "slash", *"1", "enter", "down", "down", "slash", "("]
    assert snap_compare(console(board(), panel=given(*rows)), press=keys, terminal_size=(120, 40))
