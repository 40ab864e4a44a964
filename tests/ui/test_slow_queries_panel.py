"""The panel of slow queries, closer: who holds up whom, what is claimed of what is not seen."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels import query_sheets
from panels.slow_queries import SlowQueriesPanel
from tests.ui import databases as db
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.measure.postgres import Identity, PostgresSeen, Statements
from warroom.measure.snapshot import Snapshot

NONE = "No query or idle transaction over 1.0 s, no wait for a lock."
UNSURE = "Nothing over 1.0 s is seen, but not all can be seen."


def lines(*sources, width=116, height=36, **options):
    return text(SlowQueriesPanel, db.of(*sources), width, height, **options)


def title(*sources, **options):
    return SlowQueriesPanel.title(view(db.of(*sources), **options)).plain


def slow(*sessions, **more):
    return db.database(seen={"sessions": sessions, **more})


def sheet(name, *sources):
    return query_sheets.sheet(view(db.of(*sources), expanded=True), name)


def words(told):
    return [" ".join(line.plain.split()) for line in told]


# what is claimed --------------------------------------------------------------------------


def test_the_frame_counts_and_names_the_longest():
    assert title(db.locked()) == "5 slow or blocked · longest 4 min"
    assert title(db.database()) == "none"
    assert title(db.unseen()) == "5 slow or blocked · longest 4 min · CAN'T SEE"
    assert title(slow(hidden=7)) == "7 slow or blocked"
    assert title(slow(db.session(1), hidden=7)) == "8 slow or blocked · longest 2.0 s"


@pytest.mark.parametrize(
    "source",
    [
        db.plain_role(),
        db.unseen(seen={"sessions": ()}),
        db.never(),
        db.database(state="DOWN", level="SEV1", cause="it said no", seen={"faults": ("no",)}),
    ],
    ids=["in part", "dark", "never", "refused"],
)
def test_that_nothing_is_slow_is_only_said_by_one_who_sees_everything(source):
    assert NONE not in "\n".join(lines(source))
    assert "none" not in title(source)
    level = source.level
    assert level in title(source)
    assert f" {level}" in lines(source)[0]
    # One of two is enough.
    both = lines(db.database("well"), source)
    assert NONE not in "\n".join(both)
    assert UNSURE in both
    assert "none" not in title(db.database("well"), source)


def test_without_an_engine_nothing_is_claimed():
    shown = lines(db.database(), lost="it was killed")
    assert shown == ["  ? CAN'T SEE db  no word from the engine: it was killed"]
    assert title(db.database(), lost="it was killed") == "CAN'T SEE"


def test_a_server_that_said_no_has_no_quiet_queries():
    seen = PostgresSeen(identity=Identity(database="", user=""), faults=("too many connections",))
    refused = db.database(state="DOWN", level="SEV1", cause="db is down: too many connections")
    refused = replace(refused, snapshot=Snapshot(taken_at=NOON, took=0.1, seen=seen))
    shown = lines(refused)
    assert shown == ["  ✖ SEV1 DOWN db  db is down: too many connections", UNSURE]


def test_how_long_is_long_is_the_snapshots_word_and_those_left_out_are_counted():
    shown = lines(db.database(seen={"long_query": 5.0}))
    assert shown == [NONE.replace("1.0 s", "5.0 s")]
    shown = lines(slow(db.session(1), hidden=7), height=6)
    assert any("7 sessions more are not listed" in line for line in shown)


# the rows ---------------------------------------------------------------------------------


def test_a_row_says_by_sign_whether_a_rule_minds_it():
    for look, signs in ((Look(), "◆▲▲◆ "), (Look(unicode=False), "*!!* ")):
        shown = lines(db.locked(), width=76, height=6, look=look)
        assert [line[2] for line in shown[:5]] == list(signs)


def test_those_that_hold_others_up_come_first_then_the_longest():
    sessions = (
        db.session(1, running=500.0),
        db.session(2, running=20.0, blocks=1),
        db.waits(3, 2, waiting=9.0),
        db.session(4, running=50.0),
    )
    shown = lines(slow(*sessions), height=4)
    pids = [int(re.search(r" (\d) web ", line)[1]) for line in shown]
    assert pids == [2, 1, 4, 3]


def test_who_waits_is_said_with_whom_it_waits_for_and_others_with_what_they_wait_for():
    sessions = (
        db.waits(11, 4711, 4712, waiting=3.0),
        db.waits(12, 0, waiting=2.5),
        db.session(13, running=2.0, wait="IO: DataFileRead"),
        db.session(14, state="idle in transaction (aborted)", in_transaction=1.5, running=1.2),
        db.session(15, backend="autovacuum worker", state="active", running=1.1, application=""),
        db.waits(16, waiting=1.0, wait="Lock: relation"),
    )
    narrow = "\n".join(lines(slow(*sessions), width=76, height=7))
    wide = "\n".join(lines(slow(*sessions), width=116, height=7))
    for does in ("behind 4711 +1", "behind prepared", "IO: DataFileRead", "autovacuum"):
        assert does in narrow
    assert "idle in tx (aborted)" in narrow
    assert "Lock: relation" in narrow
    assert "waits 3.0 s on 4711 +1" in wide
    assert "waits 2.5 s on prepared" in wide


def test_a_large_pid_is_never_cut():
    session = db.waits(4194303, 4194304, 4194302, waiting=100.0)
    for width in (76, 116):
        shown = "\n".join(lines(slow(session), width=width, height=3))
        assert "4194304 +1" in shown
        assert "4194303" in shown


def test_an_idle_transaction_is_as_long_as_its_transaction_and_judged_as_one():
    idle = db.session(1, state="idle in transaction", running=2.0, in_transaction=45.0)
    busy = db.session(2, running=44.0, in_transaction=44.0)
    # Over the rule's 30 s for a query, under its 60 s for a transaction.
    shown = lines(slow(idle, busy), width=76, height=5)
    assert [line.split()[:3] for line in shown[1:3]] == [["45", "s", "idle"], ["◆", "44", "s"]]
    idle = replace(idle, in_transaction=61.0)
    drawn = contents(SlowQueriesPanel, db.of(slow(idle, busy)), 76, 5)
    (span,) = {str(s.style) for s in drawn[1].spans if drawn[1].plain[s.start : s.end] == "◆"}
    assert span == ".level-2"


def test_old_rows_are_grey():
    drawn = contents(SlowQueriesPanel, db.of(db.locked()), 76, 8, now=21.0)
    rows = [line for line in drawn if "4711" in line.plain]
    assert {str(span.style) for line in rows for span in line.spans} <= {".dim", ".accent"}
    assert any("figures 20 s old" in line.plain for line in drawn)


def test_a_query_is_one_line_without_the_comment_in_front():
    said = "/* route: /cart */\n-- cart\nSELECT  *\n\tFROM carts"
    shown = lines(slow(db.session(1, query=said)), height=4)
    assert shown[1].endswith("  SELECT * FROM carts")
    assert "route" not in shown[1]
    assert lines(slow(db.session(1, query="-- nothing else")), height=4)[1].endswith(
        "-- nothing else"
    )


def test_more_rows_than_lines_are_counted_and_the_cursor_stays_in_sight():
    sessions = tuple(db.session(100 + n, running=100.0 - n) for n in range(20))
    source = slow(*sessions)
    shown = lines(source, width=76, height=5)
    assert shown[4].strip() == "and 16 more"
    cursor = f"db.{sessions[15].key}"
    shown = lines(source, width=76, height=5, cursor=cursor)
    assert shown[3].startswith("▸ ")
    assert " 115 web" in shown[3]


def test_two_servers_are_told_apart_and_the_worse_is_explained_first():
    shown = lines(db.locked("shop", title="Shop"), db.full("jobs", title="Jobs"), height=10)
    assert " Shop 4711 psql " in shown[1]
    notes = [line.split()[1] for line in shown if "14:0" in line]
    assert notes == ["SEV1", "SEV2"]


def test_spare_room_tells_all_of_the_row_under_the_cursor():
    cursor = f"db.{db.THREE_DEEP[4].key}"
    told = words(contents(SlowQueriesPanel, db.of(db.locked()), 116, 36, cursor=cursor))
    assert "pid 4800, backend started 2026-03-04 13:37:09Z" in told
    assert "GROUP BY 1" in told
    short = lines(db.locked(), height=16)
    assert short[-1].endswith("more lines: expand the panel")


# the pages --------------------------------------------------------------------------------


def test_details_tell_all_of_a_session_with_its_lines_kept():
    board = db.of(db.locked())
    told = words(SlowQueriesPanel.details(view(board), f"db.{db.THREE_DEEP[1].key}", 60))
    assert told[:8] == [
        "pid 4720, backend started 2026-03-04 13:37:09Z",
        "who shop on shop of db",
        "application worker",
        "from 10.0.1.4",
        "state active for 4 min",
        "transaction open for 4 min",
        "waits on Lock: transactionid",
        "waits behind 4711, for 4 min",
    ]
    query = [" ".join(line.split()) for line in db.LONG_SQL.split("\n")]
    assert told[8:] == ["holds up 2 others", "", *query]


def test_statements_have_their_figures_and_their_whole_text():
    found = sheet("statements", db.database())
    assert [cell.text for cell in found.rows[0].cells] == [
        *("408", "120", "3 ms", "120", "shop", "SELECT * FROM products WHERE id = $1")
    ]
    assert [row.key for row in found.rows] == [f"db.{one.key}" for one in db.TOP]
    told = SlowQueriesPanel.details(view(db.of(db.database())), found.rows[0].key, 100)
    assert "time 408 ms in a second: 41 % of one process" in words(told)
    assert " WHERE id = $1" in [line.plain for line in told]


def test_large_figures_of_statements_are_written_out():
    busy = replace(db.READ, top=(replace(db.TOP[0], load=1234.0, calls=8_600.0, rows=2.5e6),))
    (row,) = sheet("statements", db.database(seen={"statements": busy})).rows
    assert [row.cells[at].text for at in (0, 1, 3)] == ["1234", "8600", "2.5 M"]


def test_statements_that_were_not_read_are_not_said_to_be_none():
    assert sheet("statements", db.never()).empty == "No statement has been read."
    waiting = sheet("statements", db.database(seen={"statements": Statements()}))
    assert waiting.note == "db: what took time is known after two readings"
    assert waiting.empty == "No statement has been read."
    quiet = db.database(seen={"statements": replace(db.READ, top=())})
    assert sheet("statements", quiet).empty == "No statement was executed."
    dark = sheet("statements", db.unseen())
    assert "read 30 s ago, cannot be seen now" in dark.note
    assert {cell.style for row in dark.rows for cell in row.cells} == {".dim"}


def test_running_sessions_carry_their_whole_query_for_the_filter():
    found = sheet("running", db.locked())
    assert found.rows[0].more == db.LONG_SQL
    assert found.rows[0].cells[0].style == ".level-2"
    assert found.rows[1].cells[1].text == "behind 4711"
    assert found.rows[1].cells[1].style == ".level-1"
    assert sheet("running", db.plain_role()).empty.startswith("None is seen, and not all")


@given(
    HOSTILE,
    HOSTILE,
    st.sampled_from([(30, 2), (76, 5), (140, 30)]),
    st.booleans(),
)
def test_hostile_text_keeps_to_its_place_at_every_size(one, two, size, unicode):
    sessions = (
        db.session(1, query=one, application=two, user=one, wait=two, blocks=1),
        db.waits(2, 1, query=two, application=one, user=two, wait=one, state=two),
    )
    source = db.database(title=two, seen={"sessions": sessions, "notes": (one,)})
    board = db.of(source, db.never("gone", cause=one))
    look = Look(unicode=unicode)
    drawn = contents(SlowQueriesPanel, board, *size, look=look)
    harmless(drawn, *size)
    shown = view(board, expanded=True, look=look)
    top = SlowQueriesPanel.top(shown, "running", size[0])
    harmless(top, size[0], 100)
    for session in sessions:
        told = SlowQueriesPanel.details(shown, f"db.{session.key}", size[0])
        assert not any("\x1b" in line.plain or "\x00" in line.plain for line in told)
        if not unicode:
            assert all(line.plain.isascii() for line in (*drawn, *top, *told))


def test_slow_queries_expanded_120x40(snap_compare):
    app = console(db.of(db.locked()), pages=(LocalPage("db", ("slow_queries",)),))
    assert snap_compare(app, press=["1", "z"], terminal_size=(120, 40))
