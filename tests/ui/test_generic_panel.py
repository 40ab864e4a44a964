"""The panel of strangers' sources as text, in every state; its pages, under a hand too."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels import generic_sheets
from panels.generic import GenericPanel
from tests.ui import boards
from tests.ui.boards import NOON, figure, limit
from tests.ui.consoles import console
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.console.state import RoomState
from warroom.measure.snapshot import Failure, GenericSeen, Signal, Snapshot
from warroom.measure.table import Table
from warroom.severity import OK, UNSEEN
from warroom.wire import SourceView

SAID = Table(
    "What the job said",
    ("name", "value"),
    (("status", "ok"), ("rows", "1203"), ("saved to", "/srv/backup/2026-03-04.tar")),
)
NUMBERS = Table("Tenants", ("tenant", "rows"), (("north", "9"), ("south", "110"), ("east", "")))


def backup(name="backup", *, rows=1203.0, tables=(SAID,), said="", notes=(), faults=(), **more):
    signals = (
        figure(f"{name}.age", 7200.0, "s", trend=(3600.0, 5400.0, 7200.0)),
        figure(f"{name}.up", 0.0 if faults else 1.0),
        figure(f"{name}.rows", rows, "rows", limits=(limit("SEV3", "< 1000", "few rows"),)),
    )
    seen = GenericSeen(tables=tables, text=said, notes=notes, faults=faults)
    snapshot = Snapshot(
        taken_at=NOON,
        took=0.01,
        seen=seen,
        signals=tuple(Signal(s.name, s.value, s.unit) for s in signals),
    )
    made = {
        "name": name,
        "title": name,
        "kind": "heartbeat",
        "interval": 60.0,
        "state": "UP",
        "level": OK,
        "snapshot": snapshot,
        "age": 0.0,
        "signals": signals,
        "polls": 20,
    }
    return SourceView(**{**made, **more})


def failed(name="backup"):
    made = backup(
        name,
        rows=12.0,
        faults=("the job says: disk full",),
        said="tar: write error\ntar: exiting now",
        state="DOWN",
        level="SEV1",
        cause=f"{name} is down: the job says: disk full",
        since=NOON - timedelta(seconds=40),
    )
    return boards.changed(made, rows={"value": 12.0, "level": "SEV3", "cause": "few rows"})


def unseen(name="backup"):
    dark = backup(
        name,
        state="CAN'T SEE",
        level=UNSEEN,
        cause="/srv/backup: not even its folder is there",
        failure=Failure("read", "not even its folder is there", "mounted?"),
        said="all saved",
        age=190.0,
    )
    return boards.changed(dark, **{f: {"value": None} for f in ("age", "up", "rows")})


def never():
    return replace(unseen(), snapshot=None, age=None, signals=())


def of(*sources):
    return boards.shop(*sources)


STATES = {
    "good": of(backup(notes=("the clock of the job is 3 s ahead",))),
    "bad": of(failed()),
    "unseen": of(unseen()),
    "never": of(never()),
    "maintenance": of(backup(state="MAINTENANCE", level="MAINTENANCE")),
    "several": of(backup(), failed("sync"), unseen("mirror")),
    "none": of(boards.metrics()),
}


def lines(board, width=76, height=20, **options):
    return text(GenericPanel, board, width, height, **options)


def title(board, **options):
    shown = view(board, **options)
    return GenericPanel.title(replace(shown, sources=GenericPanel.wanted(shown.state))).plain


def sheet(name, board):
    shown = view(board, expanded=True)
    return GenericPanel.sheet(replace(shown, sources=GenericPanel.wanted(shown.state)), name)


def pages(board):
    shown = view(board, expanded=True)
    return GenericPanel.pages(replace(shown, sources=GenericPanel.wanted(shown.state)))


def details(key, board):
    shown = replace(view(board, expanded=True), height=40)
    shown = replace(shown, sources=GenericPanel.wanted(shown.state))
    return "\n".join(line.plain.rstrip() for line in GenericPanel.details(shown, key, 100))


# which sources ----------------------------------------------------------------------------


def test_it_draws_strangers_kinds_and_whatever_sees_as_they_do_and_no_other():
    odd = replace(boards.metrics("odd"), snapshot=backup("odd").snapshot)
    board = of(boards.up("web"), backup(), boards.metrics(), odd, never())
    assert [s.name for s in GenericPanel.wanted(view(board).state)] == ["backup", "odd", "backup"]


def test_without_any_it_says_so():
    assert lines(STATES["none"], 36) == ["No source is of a kind without a", "panel of its own."]
    assert lines(STATES["none"], only=("shop",))[0].startswith("These sources are of kinds")
    shown = replace(view(STATES["none"]), state=RoomState(), sources=())
    assert GenericPanel.body(shown, 36, 9)[0].plain == "Waiting for the engine."


# its body ---------------------------------------------------------------------------------


def test_a_good_source_shows_figures_with_their_levels_its_table_and_its_notes():
    assert lines(STATES["good"]) == [
        "  ✔ UP        backup  heartbeat",
        "    · age      2 h 00  · up            1  ✔ rows       1203",
        "    └ the clock of the job is 3 s ahead",
        "",
        "What the job said",
        "    name      value",
        "    status    ok",
        "    rows      1203",
        "    saved to  /srv/backup/2026-03-04.tar",
    ]
    assert title(STATES["good"]) == "1 of 1 well"


def test_a_bad_one_says_why_at_once_and_its_bad_figures_come_first():
    shown = lines(STATES["bad"], 36, 9)
    assert shown == [
        "  ✖ SEV1 DOWN backup  heartbeat",
        "    └ backup is down: the job says:",
        "      disk full · since 14:06:30Z",
        "    ◆ rows         12",
        "    · age      2 h 00",
        "    · up            0",
    ]
    assert lines(STATES["bad"], 36, 3)[2] == "    ◆ rows         12"
    assert title(STATES["bad"]) == "0 of 1 well · SEV1"
    assert lines(STATES["bad"])[-3:] == ["", "tar: write error", "tar: exiting now"]


def test_what_cannot_be_seen_keeps_its_last_figures_greyed_with_their_age():
    shown = contents(GenericPanel, STATES["unseen"], 76, 20)
    plain = [line.plain.rstrip() for line in shown]
    assert plain[0] == "  ? CAN'T SEE backup  heartbeat"
    assert plain[1] == "    └ figures 3 min old · /srv/backup: not even its folder is there"
    assert plain[2] == "    ? age      2 h 00  ? up            1  ? rows       1203"
    for words in ("1203", "/srv/backup/2026-03-04.tar", "all saved"):
        line = next(line for line in shown if words in line.plain)
        at = line.plain.index(words)
        assert {str(s.style) for s in line.spans if s.start <= at < s.end} == {".dim"}
    assert lines(STATES["never"])[1:] == ["    └ /srv/backup: not even its folder is there"]


def test_maintenance_and_a_lost_engine_are_what_they_are():
    assert lines(STATES["maintenance"])[0] == "  ■ MAINT     backup  heartbeat"
    lost = lines(STATES["good"], lost="it was killed")
    assert lost[0].startswith("  ? CAN'T SEE backup")
    assert "no word from the engine: it was killed" in lost[1]


def test_of_several_the_one_under_the_cursor_shows_its_table_and_else_the_worst():
    assert "sync: What the job said" in lines(STATES["several"])
    assert "mirror: What the job said" in lines(STATES["several"], cursor="mirror")
    few = lines(STATES["several"], 36, 2)
    assert few[0].startswith("  ✖ SEV1 DOWN sync")
    assert few[1] == "  and 2 more, 1 of them not well"


def test_what_is_left_out_of_tables_and_texts_is_counted():
    many = backup(tables=(Table("T", ("n",), tuple((str(n),) for n in range(40))),))
    shown = lines(of(many), 36, 9)
    assert len(shown) == 9
    assert shown[-2:] == ["     0", "  and 39 more lines"]
    assert "    No rows." in lines(of(backup(tables=(Table("T", ("n",), ()),))))


def test_tables_that_have_no_room_are_counted_and_not_laid_out(monkeypatch):
    tables = tuple(Table(f"number {n}", ("a",), (("x",),) * 20) for n in range(30))
    laid_out = []
    real = generic_sheets.of_table

    def of_table(view, source, table):
        laid_out.append(table.title)
        return real(view, source, table)

    monkeypatch.setattr(generic_sheets, "of_table", of_table)
    shown = lines(of(backup(tables=tables, said="one\ntwo")))
    assert laid_out == ["number 0"]
    drawn = len(shown) - shown.index("number 0") - 1
    assert shown[-1] == f"  and {30 * 22 + 3 - drawn} more lines"


def test_a_row_that_does_not_fit_its_table_is_drawn_all_the_same():
    odd = of(backup(tables=(Table("T", ("a", "b"), (("1",), ("2", "two", "too much"), ())),)))
    assert lines(odd)[-3:] == ["    1", "    2  two", ""]
    assert len(sheet("T", odd).rows) == 3


# its pages --------------------------------------------------------------------------------


def test_every_table_has_a_page_told_from_the_others():
    board = of(backup(tables=(SAID, NUMBERS, NUMBERS), said="x"), backup("sync"))
    assert pages(board) == (
        "figures",
        "backup: What the job said",
        "backup: Tenants",
        "backup: Tenants 2",
        "sync: What the job said",
        "text",
    )
    alone = of(backup(tables=(replace(SAID, title="text"),)))
    assert pages(alone) == ("figures", "text 1")
    assert [row.cells[0].text for row in sheet("text 1", alone).rows] == [
        *("status", "rows", "saved to")
    ]


def test_numbers_of_a_table_are_sorted_as_numbers_and_no_number_is_none():
    (tenants, rows) = sheet("Tenants", of(backup(tables=(NUMBERS,)))).columns
    assert (tenants.align, rows.align) == ("<", ">")
    cells = [row.cells[1] for row in sheet("Tenants", of(backup(tables=(NUMBERS,)))).rows]
    assert [(cell.text, cell.sort) for cell in cells] == [("9", 9.0), ("110", 110.0), ("", None)]


def test_the_page_of_figures_judges_each_by_its_rules():
    found = {row.key: row.cells for row in sheet("figures", STATES["bad"]).rows}
    rows = found["backup.rows"]
    assert [cell.text for cell in rows] == [
        "◆ SEV3",
        "rows",
        "12 rows",
        "SEV3 under 1000 rows",
        "backup",
    ]
    assert rows[0].style == ".level-2"
    assert found["backup.age"][0].text == "·"


def test_a_row_keeps_its_key_when_others_come_before_it():
    before = sheet("Tenants", of(backup(tables=(NUMBERS,)))).rows[1].key
    more = replace(NUMBERS, rows=(("west", "4"), *NUMBERS.rows))
    assert sheet("Tenants", of(backup(tables=(more,)))).rows[2].key == before
    twice = replace(NUMBERS, rows=NUMBERS.rows * 2)
    keys = [row.key for row in sheet("Tenants", of(backup(tables=(twice,)))).rows]
    assert len(set(keys)) == 6


def test_details_give_every_cell_the_figures_past_and_the_whole_line():
    board = of(backup(tables=(SAID,), said="a" * 150))
    (_, _, saved) = sheet("What the job said", board).rows
    assert details(saved.key, board).split() == [
        *("name", "saved", "to", "value", "/srv/backup/2026-03-04.tar")
    ]
    assert "max 2 h 00" in details("backup.age", board)
    assert details("backup.text:0", board).count("a") == 150
    assert details("backup.gone", board) == ""


# hostile and odd --------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("size", [(36, 9), (56, 1), (76, 20), (116, 36)])
@pytest.mark.parametrize("unicode", [True, False])
def test_every_state_keeps_to_every_size_and_to_ascii(state, size, unicode):
    found = contents(GenericPanel, STATES[state], *size, look=Look(unicode=unicode))
    harmless(found, *size)
    assert unicode or all(line.plain.isascii() for line in found)


@given(HOSTILE, st.sampled_from([(36, 9), (76, 20), (116, 36)]))
def test_hostile_text_is_shown_and_obeyed_by_nobody(words, size):
    table = Table(words, (words, "b"), ((words, words), (words,), ("1", words)))
    source = backup(
        title=words[:40] or "x",
        kind=words,
        cause=words,
        tables=(table, table),
        said=f"{words}\n{words}",
        notes=(words,),
        faults=(words,),
        state="DOWN",
        level="SEV1",
    )
    source = boards.changed(source, rows={"unit": words[:9], "of": words, "cause": words})
    harmless(contents(GenericPanel, of(source), *size), *size)
    shown = replace(view(of(source), expanded=True), width=size[0], height=size[1])
    for name in GenericPanel.pages(shown):
        page = GenericPanel.sheet(shown, name)
        assert page.rows
        for row in page.rows:
            told = GenericPanel.details(shown, row.key, size[0])
            harmless(told, size[0], len(told))


async def test_expanded_its_pages_turn_and_stay_with_their_row():
    board = of(backup(tables=(NUMBERS,), said="all saved"))
    app = console(board, pages=(LocalPage("jobs", ("generic",)),))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("1", "z")
        await pilot.pause()
        panel = app.selected_panel
        assert panel.cursor == "backup.age"
        await pilot.press("right_square_bracket", "down")
        await pilot.pause()
        assert panel.cursor == "backup.table:Tenants:1:south"
        shown = "\n".join(line.plain for line in panel.draw(*panel.size))
        assert "[Tenants]" in shown
        assert "✔ UP        backup  heartbeat" in shown
        await pilot.press("s", "s", "right_square_bracket")
        await pilot.pause()
        shown = "\n".join(line.plain for line in panel.draw(*panel.size))
        assert "[text]" in shown
        assert "all saved" in shown


def test_jobs_on_half_a_screen_80x24(snap_compare):
    app = console(STATES["several"], pages=(LocalPage("jobs", ("generic", "health")),))
    assert snap_compare(app, terminal_size=(80, 24))


def test_a_table_expanded_120x40(snap_compare):
    board = of(backup(tables=(NUMBERS,)), failed("sync"))
    app = console(board, pages=(LocalPage("jobs", ("generic",)),))
    keys = ["1", "z", "right_square_bracket", "down"]
    assert snap_compare(app, press=keys, terminal_size=(120, 40))
