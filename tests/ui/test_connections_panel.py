"""The panel of connections, closer: ceilings, locks, pools, what goes first when it is small."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels import connection_sheets
from panels.connections import ConnectionsPanel
from tests.ui import databases as db
from tests.ui.boards import NOON, acknowledged, limit
from tests.ui.consoles import console
from tests.ui.views import HOSTILE, contents, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.measure.change import Change
from warroom.measure.postgres import Ceiling, PostgresSeen, Replica
from warroom.measure.snapshot import Snapshot
from warroom.severity import OK


def lines(*sources, width=116, height=36, **options):
    return text(ConnectionsPanel, db.of(*sources), width, height, **options)


def title(*sources, **options):
    shown = view(db.of(*sources), **options)
    return ConnectionsPanel.title(replace(shown, sources=shown.state.sources)).plain


def sheet(name, *sources):
    return connection_sheets.sheet(view(db.of(*sources), expanded=True), name)


def cells(sheet):
    return [[cell.text for cell in row.cells] for row in sheet.rows]


def bar_of(line):
    """The bar's cells, from its first state to where the figures begin."""
    start = min(line.index(mark) for mark in "█▚▓▒▪" if mark in line)
    return line[start:].split("  ")[0]


def styles(lines, words):
    """The styles of the spans in which these words begin."""
    (line,) = (line for line in lines if words in line.plain)
    at = line.plain.index(words)
    return {str(span.style) for span in line.spans if span.start <= at < span.end}


# what stands in the frame -----------------------------------------------------------------


def test_the_frame_says_how_full_the_fullest_is_and_the_worst_level():
    assert title(db.database()) == "13 of 97, 13 %"
    assert title(db.database(), db.full("other")) == "38 of 37, 103 % · SEV1"
    assert title(db.never()) == "CAN'T SEE"
    assert title(db.pooler()) == "0 waiting"
    assert title(db.waiting_pooler()) == "14 waiting · SEV2"
    assert title(db.database(), lost="it was killed") == "13 of 97, 13 % · CAN'T SEE"


# the ceiling ------------------------------------------------------------------------------


def test_a_role_at_its_own_ceiling_counts_and_the_bar_is_its_own():
    seen = {
        "ceilings": (Ceiling("max_connections", 38, 97, 3), Ceiling("role ana", 9, 10)),
        "groups": (
            db.group("web", "active", 29),
            db.group("psql", "idle in transaction", 6, 250.0, user="ana"),
            db.group("psql", "active", 3, 1.0, user="ana"),
        ),
    }
    shown = lines(db.database(seen=seen))
    assert "9 of 10 role ana  90 %" in shown[0]
    bar = bar_of(shown[0]).replace("│", "")
    assert 2 * bar.count("█") == pytest.approx(bar.count("▓"), abs=3)
    assert " ".join(shown[1].split()) == "█ 3 active ▓ 6 idle in tx, 4 min ▒ 0 idle"
    assert shown[2].strip() == "of the server: 38 of 97"


def test_a_share_is_not_rounded_to_full_and_a_reserve_in_use_is_over():
    nearly = db.database(seen={"ceilings": (Ceiling("max_connections", 399, 400, 3),)})
    assert "399 of 400  99.8 %" in lines(nearly)[0]
    assert "103 %" in lines(db.full())[0]


def test_a_full_bar_marks_where_its_limits_stand_below_the_usable():
    bar = bar_of(lines(db.full())[0])
    marks = [at for at, cell in enumerate(bar) if cell == "│"]
    assert marks == [int(n * 37 / 38 * len(bar)) for n in (0.80, 0.95)]
    assert "·" not in bar


def test_a_limit_at_the_very_end_is_marked_there():
    source = db.database()
    signals = tuple(replace(s, limits=(limit("SEV1", ">= 100", "full"),)) for s in source.signals)
    assert bar_of(lines(replace(source, signals=signals))[0]).endswith("·│")


def test_states_are_told_apart_without_colour_and_counted_under_the_bar():
    for look, marks in ((Look(), "█▚▓▒"), (Look(unicode=False), "#!%=")):
        shown = lines(db.locked(), look=look)
        legend = shown[2].split()
        assert [part for part in legend if part in marks] == list(marks)
        assert [shown[0].count(mark) > 1 for mark in marks] == [True] * 4
        counts = [int(part) for part in legend if part.isdigit()]
        # 24 are active to the server, three of which wait for a lock.
        assert counts[:3] == [20, 3, 7]
    assert "7 idle in tx, 4 min" in lines(db.locked())[2]


def test_connections_that_may_not_be_seen_are_no_idle_ones():
    shown = lines(db.plain_role())
    assert "▪ 24 not shown" in "\n".join(shown)
    assert bar_of(shown[0]).count("▪") > 10


def test_one_that_said_no_claims_nothing_of_who_is_connected():
    full = "db refused: too many connections for role monitor"
    seen = PostgresSeen(identity=replace(db.WHO, system_identifier=""), faults=(full,))
    source = db.database(state="DOWN", level="SEV1", cause=full)
    source = replace(source, snapshot=Snapshot(taken_at=NOON, took=0.1, seen=seen))
    assert lines(source) == ["  ✖ SEV1 DOWN db", f"    └ {full}"]


def test_what_is_not_at_a_level_is_not_painted_like_one():
    calm = contents(ConnectionsPanel, db.of(db.database(seen={"groups": db.BUSY_GROUPS[1:3]})))
    painted = {str(span.style) for line in calm for span in line.spans}
    # Idle for four minutes in a transaction is beyond the rule's one.
    assert {style for style in painted if "level" in style} == {".level-2"}
    brief = (db.group("web", "idle in transaction", 3, 20.0), *db.CALM_GROUPS)
    calm = contents(ConnectionsPanel, db.of(db.database(seen={"groups": brief})))
    assert not any("level" in str(span.style) for line in calm for span in line.spans)


def test_figures_that_stay_away_turn_grey_and_tell_their_age():
    board = db.of(db.locked())
    fresh = contents(ConnectionsPanel, board, now=6.0)
    assert ".level-1" in styles(fresh, "38 of 47")
    assert not any("figures" in line.plain for line in fresh)
    old = contents(ConnectionsPanel, board, now=21.0)
    assert ".dim" in styles(old, "38 of 47")
    assert any("figures 20 s old" in line.plain for line in old)


def test_who_has_seen_it_is_said():
    shown = lines(db.full(acknowledged=acknowledged()))
    assert "seen by ana until 14:37Z: rolling back" in shown[1]


def test_applications_take_the_room_that_is_left_and_are_counted_when_there_are_many():
    shown = lines(db.locked(), height=36)
    at = next(n for n, line in enumerate(shown) if "application" in line)
    assert shown[at].split() == ["application", "all", "active", "in", "tx", "idle"]
    assert shown[at + 1].split() == ["web", "26", "18", "8"]
    assert shown[at + 2].split() == ["worker", "10", "4", "6"]
    many = tuple(db.group(f"app{n}", "idle", 40 - n) for n in range(12))
    shown = lines(db.database(seen={"groups": many}))
    assert shown[-1].strip() == "and 4 more"
    small = lines(db.locked(), height=8)
    assert not any("application" in line for line in small)
    assert "    web 26 · worker 10 · psql 1 · warroom 1" in small


# small rooms ------------------------------------------------------------------------------


def test_two_lines_are_the_level_and_why_then_comes_who_is_to_blame_then_the_states():
    for look in (Look(), Look(unicode=False)):
        four = lines(db.locked(), width=76, height=4, look=look)
        assert "SEV2" in four[0]
        assert "38 of 47  81 %" in four[0]
        assert "lock wait: lock_wait 4 min, over 10 s" in four[1]
        assert "20 active" in four[2]
        assert "pid 4711 psql ana  idle in tx 4 min  holds up 3" in four[3]
        assert lines(db.locked(), width=76, height=3, look=look) == [*four[:2], four[3]]
        assert lines(db.locked(), width=76, height=2, look=look) == four[:2]


def test_more_sources_than_lines_show_the_worst_and_count_the_others():
    calm = [db.database(f"db{n}") for n in range(7)]
    shown = lines(*calm, db.full("late"), db.never("gone"), height=4)
    assert [line.split()[1] for line in shown[:3]] == ["SEV1", "CAN'T", "UP"]
    assert shown[3].strip() == "and 6 more, all well"
    shown = lines(*calm, db.full("late"), db.never("gone"), height=2)
    assert shown[1].strip() == "and 8 more, 1 of them not well"
    shown = lines(*calm, db.full("late"), height=3, cursor="db6")
    assert shown[1].startswith("▸ ✔ UP")
    assert "db6" in shown[1]


def test_the_reason_of_the_worse_of_two_is_kept():
    shown = lines(db.locked(), db.full("late"), height=3)
    assert shown[2].strip().startswith("└ connections: connections_used 103 %")


# the locks --------------------------------------------------------------------------------


def test_each_root_stands_first_those_that_hold_up_most_before_others():
    sessions = (
        db.session(1, state="idle in transaction", in_transaction=90.0, blocks=1),
        db.waits(2, 1),
        db.session(5, running=70.0, blocks=2),
        db.waits(6, 5),
        db.waits(7, 5, 1),
    )
    shown = [line.strip() for line in lines(db.database(seen={"sessions": sessions}))]
    roots = [line for line in shown if line.startswith("pid ")]
    assert [line.split()[1] for line in roots] == ["1", "5"]
    assert "idle in tx 90 s  holds up 2" in roots[0]
    # One that waits for two stands once, and says so.
    (both,) = (line for line in shown if " 7 web" in line)
    assert "behind 2" in both


def test_who_holds_a_lock_and_cannot_be_named_is_named_by_what_is_known():
    sessions = (db.waits(2, 0), db.waits(3, 4999), db.waits(4, 5), db.waits(5, 4))
    shown = "\n".join(lines(db.database(seen={"sessions": sessions})))
    assert "a prepared transaction holds up 1" in shown.replace("  ", " ")
    assert "pid 4999, which is not shown, holds up 1" in shown.replace("  ", " ")
    # A circle begins somewhere, and nobody is left out.
    assert "pid 4 web shop  waits 12 s  holds up 1" in shown
    assert "└ 5 web" in shown


def test_a_page_of_locks_is_the_tree_with_a_row_for_each():
    found = sheet("locks", db.locked())
    assert [row[:4] for row in cells(found)] == [
        ["", "4711", "3", "idle in tx"],
        ["4 min", "  └ 4720", "2", "waits 4 min"],
        ["40 s", "    └ 4731", "1", "waits 40 s"],
        ["3.0 s", "      └ 4742", "", "waits 3.0 s"],
    ]
    assert found.rows[0].key == f"db.{db.THREE_DEEP[0].key}"
    assert found.rows[0].more == db.LONG_SQL
    prepared = sheet("locks", db.database(seen={"sessions": (db.waits(2, 0), db.waits(3, 77))}))
    assert [row[1:4] for row in cells(prepared)][::2] == [
        ["prepared", "1", "transaction"],
        ["77", "1", "not shown"],
    ]


# the pools --------------------------------------------------------------------------------


def test_server_connections_that_were_idle_for_long_are_idle_and_not_busy():
    pools = (db.pool(servers_active=1, servers_idle=2, servers_used=3),)
    shown = lines(db.pooler(pools=pools))
    assert "servers 1 of 10, 5 idle" in shown[1]
    assert cells(sheet("pools", db.pooler(pools=pools)))[0][3:5] == ["1/10", "5"]


def test_a_paused_pool_says_so_first_and_a_waiting_one_stands_out():
    drawn = contents(ConnectionsPanel, db.of(db.waiting_pooler()), 76, 12)
    shown = [line.plain.rstrip() for line in drawn]
    assert shown[0].endswith("37 of 100 clients · 14 waiting · 3 pools")
    assert "    └ paused: jobs; RESUME lets it go on" in shown
    assert any(line.startswith("    PAUSED jobs/worker:  0 active") for line in shown)
    assert any(line.startswith("    DISABLED old/web: 10 active") for line in shown)
    assert ".level-1" in styles(drawn, "14 waiting 3.2 s")
    assert ".level-1" not in styles(drawn, " 0 waiting, servers 0 of 10")


def test_all_of_a_pool():
    board = db.of(db.waiting_pooler())
    told = ConnectionsPanel.details(view(board), "bouncer.pool:jobs:worker", 100)
    said = [" ".join(line.plain.split()) for line in told]
    assert "pool worker on jobs" in said
    assert "state paused" in said
    assert "servers 0 active, 0 idle, of 10 at the most" in said
    assert "pooler bouncer, PgBouncer 1.22.1" in said


# the pages --------------------------------------------------------------------------------


def test_groups_have_one_key_each_whatever_their_names_are_made_of():
    odd = (db.group("a/", "idle", 1, user="b"), db.group("a", "idle", 1, user="/b"))
    odd += (db.group("a\\", "idle", 1, user="/b"), db.group("a", "idle", 1, user="\\/b"))
    rows = sheet("groups", db.database(seen={"groups": odd})).rows
    assert len({row.key for row in rows}) == 4


@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE, HOSTILE), unique=True, max_size=5))
def test_keys_of_groups_differ_as_the_groups_do(names):
    groups = tuple(db.group(a, s, 1, user=u, database=d) for a, s, u, d in names)
    rows = sheet("groups", db.database(seen={"groups": groups})).rows
    assert len({row.key for row in rows}) == len(names)


def test_a_key_stays_with_its_change_when_others_come_and_replicas_of_one_name_differ():
    old = Change(db.BOOTED, "it was started")
    before = sheet("changes", db.database(seen={"changes": (old,)})).rows
    new = Change(NOON - timedelta(minutes=1), "work_mem 4MB → 64MB")
    after = sheet("changes", db.database(seen={"changes": (new, old)})).rows
    assert before[0].key == after[1].key
    twins = (Replica(name="walreceiver", lag=1.0), Replica(name="walreceiver", lag=None))
    rows = sheet("replication", db.database(seen={"replicas": twins})).rows
    assert len({row.key for row in rows}) == 2
    assert [row.cells[0].text for row in rows] == ["1.0 s", "–"]


def test_a_replica_says_what_it_is_and_how_far_behind_it_is_itself():
    follower = db.replica()
    signals = tuple(
        replace(s, value=41.0) if s.name.endswith(".replication_lag") else s
        for s in follower.signals
    )
    follower = replace(follower, signals=signals)
    assert any(line.strip().startswith("replica  █") for line in lines(follower))
    (itself,) = sheet("replication", follower).rows
    assert [cell.text for cell in itself.cells[:4]] == ["41 s", "–", "itself", "follows"]
    assert itself.cells[0].style == ".level-1"


def test_who_answers_is_told_under_the_rows():
    board = db.of(db.primary())
    key = sheet("groups", db.primary()).rows[0].key
    told = [line.plain for line in ConnectionsPanel.details(view(board), key, 100)]
    assert told == [
        "primary 10.0.0.9:5432, PostgreSQL 16.3, started 2026-02-20 14:07:10Z",
        "signed in to shop as monitor; cluster 7412345678901234567",
        "it calls itself production",
    ]


@pytest.mark.parametrize("source", [db.never(), db.plain_role(), db.unseen(seen={"sessions": ()})])
def test_an_empty_page_of_what_is_not_all_seen_does_not_say_that_all_is_well(source):
    found = sheet("locks", source)
    assert found.rows == ()
    assert found.empty == "None is seen, and not all can be seen now."
    assert sheet("locks", db.database()).empty == "Nobody waits for a lock."


def test_old_figures_are_grey_on_every_page():
    sources = (db.unseen(), replace(db.waiting_pooler(), failure=db.unseen().failure))
    for name in ("groups", "locks", "pools"):
        for row in sheet(name, *sources).rows:
            assert {cell.style for cell in row.cells if cell.text} <= {".dim"}, name


def test_the_top_of_the_expanded_panel_keeps_to_a_third():
    board = db.of(db.locked(), db.waiting_pooler())
    shown = replace(view(board, expanded=True), width=116, height=36)
    for name in ("groups", "locks", "pools"):
        top = [line.plain for line in ConnectionsPanel.top(shown, name, 116)]
        assert len(top) <= 12
        assert "38 of 47  81 %" in top[0]
        # What the pages tell is not told twice.
        assert not any("web 26" in line or "└ 4720" in line for line in top)
        assert any("pid 4711 psql ana" in line for line in top) == (name == "groups")
    tiny = replace(shown, height=7)
    assert [line.plain.split()[1] for line in ConnectionsPanel.top(tiny, "groups", 116)] == [
        *("SEV2", "SEV2")
    ]


def test_a_page_of_groups_finds_a_state_by_the_servers_name_for_it():
    rows = sheet("groups", db.locked()).rows
    (aborted,) = (row for row in rows if row.cells[1].text == "idle in tx (aborted)")
    assert aborted.more == "idle in transaction (aborted)"
    assert [row.cells[0].text for row in rows] == ["18", "8", "6", "4", "1", "1"]


def test_without_sources_it_says_how_to_add_one():
    assert lines()[0] == "No database is configured."
    assert 'kind = "postgres"' in lines()


def test_connections_expanded_120x40(snap_compare):
    board = db.of(db.locked(), db.waiting_pooler())
    app = console(board, pages=(LocalPage("db", ("connections",)),))
    press = ["1", "z", "right_square_bracket"]
    assert snap_compare(app, press=press, terminal_size=(120, 40))


def test_levels_are_words():
    for source in (db.full(), db.locked(), db.unseen(), db.never(), db.plain_role()):
        assert source.level != OK
        for look in (Look(), Look(unicode=False)):
            assert f" {source.level}" in lines(source, look=look)[0]
