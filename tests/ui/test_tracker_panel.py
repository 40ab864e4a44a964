"""The panel of error trackers: what is new, what came back, what comes often, what is not seen."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels.tracker import TrackerPanel
from tests.ui import databases as db
from tests.ui import trackers as errors
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look

NONE = "No unresolved issue."


def lines(*sources, width=116, height=36, **options):
    return text(TrackerPanel, db.of(*sources), width, height, **options)


def title(*sources, **options):
    return TrackerPanel.title(view(db.of(*sources), **options)).plain


def sheet(name, *sources):
    return TrackerPanel.sheet(view(db.of(*sources), expanded=True), name)


def words(told):
    return [" ".join(line.plain.split()) for line in told]


def test_the_frame_says_how_fast_errors_come_and_what_is_new():
    assert title(errors.failing()) == "12.4 events/min, 1 new, 1 regressed"
    assert title(errors.tracker()) == "0 events/min"
    assert title(errors.tracker(rate=None)) == "– events/min"
    assert title(errors.unseen()) == "CAN'T SEE · 12.4 events/min, 1 new, 1 regressed"
    both = title(errors.failing("web"), errors.calm("api"))
    assert both == "web: 12.4 events/min, 1 new, 1 regressed · api: 0.4 events/min"


@pytest.mark.parametrize(
    "source",
    [
        errors.unseen(seen={"issues": ()}),
        db.never("sentry", "sentry"),
        errors.tracker(seen={"more": True}),
    ],
    ids=["dark", "never", "not read to its end"],
)
def test_that_there_are_no_errors_is_only_said_by_one_who_sees_them_all(source):
    assert lines(errors.tracker()) == [NONE]
    assert NONE not in "\n".join(lines(source))
    assert NONE not in "\n".join(lines(errors.tracker("well"), source))
    assert sheet("newest", source).empty != NONE


def test_without_an_engine_nothing_is_claimed():
    shown = lines(errors.tracker(), lost="it was killed")
    assert shown == ["  ? CAN'T SEE sentry  no word from the engine: it was killed"]


def test_new_ones_and_those_that_came_back_are_first_and_said_so_by_word():
    shown = lines(errors.failing(), width=76, height=7)
    assert [line.split()[:3] for line in shown[1:5]] == [
        ["NEW", "12.4", "now"],
        ["REGRESSED", "0.2", "2"],
        ["0.4", "2", "min"],
        ["–", "–", "KeyError:"],
    ]
    narrow = lines(errors.failing(), width=36, height=5, look=Look(unicode=False))
    assert [line.split()[0] for line in narrow[:2]] == ["NEW", "REGR"]
    assert "NumericValue" in narrow[0]


def test_a_rate_is_coloured_by_the_rule_it_breaks():
    (row,) = (
        line
        for line in contents(TrackerPanel, db.of(errors.failing()), 76, 7)
        if "NumericValue" in line.plain
    )
    found = {row.plain[span.start : span.end].strip(): str(span.style) for span in row.spans}
    assert found["NEW"] == ".level-2"
    assert found["12.4"] == ".level-1"


def test_old_rows_are_grey_and_their_ages_go_on():
    drawn = contents(TrackerPanel, db.of(errors.unseen()), 76, 9, now=30.0)
    rows = [line for line in drawn if "NumericValue" in line.plain]
    assert {str(span.style) for line in rows for span in line.spans} <= {".dim", ".accent"}
    assert " 2 min ago " in rows[0].plain
    assert any("figures 2 min old" in line.plain for line in drawn)


def test_more_rows_than_lines_are_counted_and_the_cursor_stays_in_sight():
    issues = tuple(errors.issue(str(n), f"E{n}", per_minute=30.0 - n) for n in range(20))
    source = errors.tracker("sentry", *issues, seen={"hidden": 75, "notes": ("at least 95",)})
    shown = lines(source, width=76, height=6, cursor="sentry.issue:15")
    assert shown[3].startswith("▸ ")
    assert shown[3].endswith("E15")
    assert "and 16 more" in shown[4]
    assert "at least 95 · 75 issues more are not listed" in shown[5]


def test_two_trackers_are_told_apart():
    shown = lines(errors.failing("web"), errors.calm("api"), width=76, height=9)
    assert [line[33:40].strip() for line in shown[1:5]] == ["web", "web", "web", "api"]
    both = sheet("newest", errors.failing("web"), errors.calm("api"))
    assert both.columns[0].title == "tracker"
    assert [row.cells[0].text for row in both.rows[:2]] == ["web", "web"]


def test_the_pages_have_their_orders_and_what_is_not_known_is_last():
    frequent = sheet("most frequent", errors.failing())
    assert [row.key for row in frequent.rows] == [
        f"sentry.issue:{n}" for n in ("41", "7", "12", "8")
    ]
    assert [cell.text for cell in frequent.rows[0].cells] == [
        *("NEW", "12.4", "37", "22", "now", "3 min ago", "error"),
        *("NumericValueOutOfRangeError: integer out of range", "POST /api/orders"),
    ]
    young = errors.issue("99", "just now", first_seen=NOON)
    unknown = errors.issue("5", "nobody knows since when", first_seen=None)
    found = sheet("newest", errors.tracker("sentry", unknown, errors.OVERFLOW, young))
    assert [row.key for row in found.rows] == [f"sentry.issue:{n}" for n in ("99", "41", "5")]


def test_details_tell_all_of_an_issue_and_the_engine_can_be_asked_for_more():
    board = db.of(errors.failing())
    told = words(TrackerPanel.details(view(board), "sentry.issue:41", 80))
    assert told == [
        "issue NumericValueOutOfRangeError: integer out of range",
        "name WEB-41",
        "in POST /api/orders",
        "level error",
        "state NEW",
        "events/min 12.4",
        "events 37",
        "users 22",
        "first seen 2026-03-04 14:03:10Z, 3 min ago",
        "last seen 2026-03-04 14:07:08Z, now",
        "tracker sentry, project acme/web",
        "address https://tracker.example/issues/41/",
    ]
    assert "events/min not known" in words(TrackerPanel.details(view(board), "sentry.issue:8", 80))
    panel = TrackerPanel(look=Look())
    panel.set_reactive(TrackerPanel.cursor, "sentry.issue:41")
    assert panel.askable == "issue:41"


@given(HOSTILE, HOSTILE, st.sampled_from([(36, 4), (76, 7), (140, 30)]), st.booleans())
def test_hostile_text_keeps_to_its_place_at_every_size(one, two, size, unicode):
    issues = (
        errors.issue("1", one, culprit=two, level=one, name=two, url=one, is_new=True),
        errors.issue("2", two, first_seen=NOON + timedelta(days=1), regressed=True),
    )
    source = errors.tracker("t", *issues, title=two, seen={"project": one, "notes": (two,)})
    board = db.of(source, replace(db.never("gone", "sentry", cause=one), title=one))
    look = Look(unicode=unicode)
    drawn = contents(TrackerPanel, board, *size, look=look)
    harmless(drawn, *size)
    shown = view(board, expanded=True, look=look)
    harmless(TrackerPanel.top(shown, "newest", size[0]), size[0], 100)
    for key in ("t.issue:1", "t.issue:2"):
        told = TrackerPanel.details(shown, key, size[0])
        assert not any("\x1b" in line.plain or "\x00" in line.plain for line in told)
        if not unicode:
            assert all(line.plain.isascii() for line in (*drawn, *told))


def test_tracker_beside_another_panel_80x24(snap_compare):
    pages = (LocalPage("p", ("tracker", "health")),)
    app = console(db.of(errors.failing()), pages=pages)
    assert snap_compare(app, terminal_size=(80, 24))


def test_tracker_expanded_120x40(snap_compare):
    app = console(
        db.of(errors.failing("web"), errors.unseen("api")), pages=(LocalPage("p", ("tracker",)),)
    )
    assert snap_compare(app, press=["1", "z"], terminal_size=(120, 40))
