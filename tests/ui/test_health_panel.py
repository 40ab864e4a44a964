"""The health panel as text: what a person reads, in good state and bad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels import health
from tests.ui import boards
from tests.ui.views import HOSTILE, contents, harmless, view
from warroom.console.look import Look
from warroom.measure.snapshot import CUT_OFF
from warroom.severity import UNSEEN
from warroom.wire import Board


def text(view, width=100, height=20):
    view = replace(view, width=width, height=height)
    return [line.plain for line in health.body(view, width, height)]


def row(lines, name):
    return next(line for line in lines if f" {name} " in line)


def test_a_good_row_gives_state_status_latency_p95_and_history():
    line = row(text(view(boards.good())), "web")
    assert line.split()[:7] == ["✔", "UP", "web", "200", "41", "ms", "55"]
    assert line.rstrip().endswith("▆▇▇█▇▆▇█▇▇▇▇")


def test_the_title_counts_who_is_up_and_names_the_worst_level():
    assert health.title(view(boards.good())).plain == "4 of 4 up"
    assert health.title(view(boards.outage())).plain == "2 of 4 up · SEV1"


def test_a_red_row_says_level_state_reason_and_since():
    lines = text(view(boards.outage()))
    assert "✖ SEV1 DOWN  api" in row(lines, "api")
    reason = lines[lines.index(row(lines, "api")) + 1]
    assert reason.strip() == "└ api is down: 503, expected 2xx · since 14:06:30Z"


def test_what_cannot_be_seen_keeps_its_last_figures_and_tells_their_age():
    lines = text(view(boards.outage()))
    line = row(lines, "checkout")
    assert "? CAN'T SEE" in line
    assert " (200)  (41 ms)    (55 ms)" in line
    assert lines[lines.index(line) + 1].strip().startswith("└ figures 30 s old · no answer")
    assert "  200    41 ms      55 ms " in row(lines, "web")


def test_in_half_of_80_columns_a_latency_keeps_its_unit():
    lines = text(view(boards.good()), width=36)
    assert lines[0].endswith("endpoint code latency ")
    assert row(lines, "web").endswith(" web       200   41 ms ")
    lines = text(view(boards.outage()), width=36)
    assert row(lines, "checkout").endswith(" checkout (200) (41 ms)")


@pytest.mark.trap(14, "polls that failed in between", "drawn as a gap")
def test_a_gap_in_the_history_is_drawn_as_a_gap():
    line = row(text(view(boards.outage())), "checkout")
    assert line.endswith("▇   ")


def test_figures_that_stay_away_show_their_age_from_one_and_a_half_intervals():
    assert not any("old" in line for line in text(view(boards.good(), now=7.0)))
    assert any("figures 10 s old" in line for line in text(view(boards.good(), now=12.0)))


def test_an_acknowledged_red_stays_red_and_says_who_and_why():
    seen = boards.acknowledged()
    lines = text(view(Board(room=boards.room(), sources=(boards.down("api", acknowledged=seen),))))
    assert "SEV1 DOWN" in lines[1]
    assert "seen by ana until 14:37Z: rolling back" in lines[2]


def test_maintenance_is_its_own_word():
    source = boards.up("api", state="MAINTENANCE", level="MAINTENANCE")
    assert "■ MAINT" in text(view(Board(room=boards.room(), sources=(source,))))[1]


def test_before_the_first_level_is_taken_the_row_says_what_is_counted():
    source = boards.down("api", level="OK", cause="", pending="1 of 2 polls to SEV1")
    lines = text(view(Board(room=boards.room(), sources=(source,))))
    assert "DOWN" in lines[1]
    assert "1 of 2 polls to SEV1" in lines[2]


def test_without_sources_it_says_how_to_add_one():
    lines = text(view(Board(room=boards.room(), sources=())))
    assert lines[0] == "No health endpoint is configured."
    assert "[sources.web]" in lines


def test_when_rows_do_not_fit_the_worst_come_first_and_the_rest_are_counted():
    sources = (*(boards.up(f"web{n}") for n in range(20)), boards.down("api"))
    lines = text(view(Board(room=boards.room(), sources=sources)), height=6)
    assert "api" in lines[0]
    assert lines[-1].strip() == "and 17 more, all well"
    assert len(lines) <= 6


def test_a_hidden_row_that_is_down_without_a_level_is_not_counted_as_well():
    quiet = [boards.down(f"d{n}", level="OK", cause="") for n in range(8)]
    lines = text(view(Board(room=boards.room(), sources=tuple(quiet))), height=6)
    assert lines[-1].strip() == "and 3 more, 3 of them not well"
    sources = (*(boards.up(f"web{n}") for n in range(20)), quiet[0])
    assert "▽ DOWN" in text(view(Board(room=boards.room(), sources=sources)), height=6)[0]


def test_down_without_a_level_says_why_and_does_not_look_well():
    source = boards.down("api", level="OK", cause="", since=None)
    lines = text(view(Board(room=boards.room(), sources=(source,))))
    assert "▽ DOWN" in lines[1]
    assert "503, expected 2xx; status is down, not ok" in lines[2]


def test_the_cursor_is_always_on_a_row_that_is_drawn():
    sources = tuple(boards.up(f"web{n:02}") for n in range(30))
    board = Board(room=boards.room(), sources=sources)
    for name in ("web00", "web04", "web17", "web29"):
        lines = text(view(board, cursor=name), height=6)
        assert any("▸" in line and name in line for line in lines)
        assert lines[-1].strip() == "and 25 more, all well"


def test_a_red_that_goes_dark_stays_red():
    source = boards.unseen("api", level="SEV1", cause="api is down; now it cannot be seen")
    board = Board(room=boards.room("SEV1", "api"), sources=(source,))
    assert "✖ SEV1 CAN'T SEE  api" in text(view(board))[1]
    assert health.title(view(board)).plain == "0 of 1 up · SEV1"


def test_what_is_asked_on_request_counts_for_nobody_and_shows_when_it_was_asked():
    asked = boards.up("mail", on_request=True, age=75.0)
    board = Board(room=boards.room(), sources=(boards.up("web"), asked))
    assert health.title(view(board)).plain == "1 of 1 up"
    lines = text(view(board))
    assert "asked 1 min ago" in lines[lines.index(row(lines, "mail")) + 1]


def test_what_nobody_has_asked_looks_like_no_trouble():
    asked = boards.unseen("mail", on_request=True, level="OK", snapshot=None, age=None)
    (row, *_) = [c for c in contents(health.HealthPanel, boards.shop(asked)) if "mail" in c.plain]
    assert row.plain.startswith("  · NOT ASKED  mail")
    assert not any("unseen" in str(span.style) for span in row.spans)


def test_expanded_it_shows_everything_known_of_the_row_under_the_cursor():
    shown = "\n".join(text(view(boards.outage(), cursor="api", expanded=True), 110, 50))
    for words in (
        "api is down: 503, expected 2xx",
        "GET http://api.example:8080/health",
        "dns 1 ms · connect 2 ms · first byte 2.1 s · total 2.1 s",
        "111 × 200 · 9 × 503",
        "status is down, not ok",
        "120 made, 0 failed, 0 skipped",
        "latency_p95",
    ):
        assert words in shown


def test_in_ascii_no_character_beyond_it_is_drawn():
    for expanded in (False, True):
        lines = text(view(boards.outage(), look=Look(unicode=False), expanded=expanded), 100, 40)
        assert all(line.isascii() for line in lines), lines


@given(HOSTILE)
def test_hostile_text_is_shown_and_obeyed_by_nobody(words):
    source = boards.down("api", cause=words, title=words[:40] or "x", pending=words)
    shown = view(Board(room=boards.room(), sources=(source,)), cursor="api", expanded=True)
    harmless(health.body(shown, 80, 40), 80, 40)


@given(st.integers(20, 250), st.integers(1, 60))
def test_every_size_is_kept_to(width, height):
    for board in (boards.good(), boards.outage()):
        for expanded in (False, True):
            shown = view(board, cursor="api", expanded=expanded)
            lines = health.body(shown, width, height)
            assert len(lines) <= height
            assert all(line.cell_length <= width for line in lines)


def test_the_rows_keep_their_places_when_a_level_changes():
    good, bad = text(view(boards.good())), text(view(boards.outage()))
    names = [view.name for view in boards.good().sources]
    assert places(good, names) == places(bad, names) == names


def places(lines, names):
    return [name for line in lines for name in names if f" {name} " in line and "└" not in line]


def test_losing_the_engine_turns_every_row_to_cant_see():
    state = view(boards.good()).state.losing("it was killed")
    lost = replace(view(boards.good()), state=state, sources=state.sources)
    lines = text(lost)
    assert sum("CAN'T SEE" in line for line in lines) == 4
    assert any("no word from the engine: it was killed" in line for line in lines)


def test_what_nobody_asked_is_no_trouble_when_there_is_little_room():
    unasked = boards.unseen("mail", on_request=True, level="OK", snapshot=None, age=None)
    sources = (unasked, *(boards.up(f"s{n}") for n in range(6)))
    lines = text(view(boards.Board(room=boards.room(), sources=sources)), height=4)
    assert not any("mail" in line for line in lines)
    assert lines[-1].strip() == "and 3 more, all well, 1 not asked"


def test_a_row_that_is_not_well_has_its_reason_before_a_well_one_is_shown():
    sources = (*(boards.up(f"web{n}") for n in range(6)), boards.down("api"), boards.unseen("db"))
    board = Board(room=boards.room("SEV1", "api"), sources=sources)
    lines = text(view(board), height=6)
    assert [line.split()[0] for line in lines] == ["✖", "└", "?", "└", "✔", "and"]
    assert lines[-1].strip() == "and 5 more, all well"
    # With as many lines as there are rows, the reasons still come before the well ones.
    lines = text(view(board), height=8)
    assert [line.split()[0] for line in lines[:4]] == ["✖", "└", "?", "└"]
    # More red rows than lines: rows before reasons.
    red = tuple(boards.down(f"r{n}") for n in range(6))
    lines = text(view(Board(room=boards.room("SEV1", "r0"), sources=red)), height=4)
    assert [line.split()[0] for line in lines] == ["✖", "✖", "✖", "and"]


def test_expanded_with_many_rows_the_worst_come_first_and_the_others_are_counted():
    sources = (*(boards.up(f"web{n:02}") for n in range(30)), boards.down("api"))
    board = Board(room=boards.room("SEV1", "api"), sources=sources)
    for cursor in ("api", "web03", "web29"):
        lines = text(view(board, cursor=cursor, expanded=True), height=20)
        assert sum("▸" in line and cursor in line for line in lines) == 1
        assert "  and 23 more, " + ("all well" if cursor != "web29" else "1 of them") in "\n".join(
            lines
        )
    assert "api" in text(view(board, cursor="api", expanded=True), height=20)[1]
    assert health.arranged(view(board, cursor="api", expanded=True))[0][0].name == "api"


def test_the_heading_of_the_status_is_a_word_people_know():
    heading = text(view(boards.good()))[0]
    assert heading.split()[:5] == ["state", "endpoint", "code", "latency", "p95"]


def test_that_the_room_is_cut_off_is_not_said_of_every_source():
    sources = tuple(
        replace(s, state="CAN'T SEE", level=UNSEEN, cause=CUT_OFF.reason, failure=CUT_OFF)
        for s in boards.good().sources
    )
    shown = text(view(replace(boards.good(), sources=sources)), 56)
    assert sum("CAN'T SEE" in line for line in shown) == len(sources)
    assert not any("cut off" in line for line in shown)
