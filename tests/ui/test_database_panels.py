"""The panels of databases as text: what a tired engineer reads out of them, in every state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panels import connection_sheets
from panels.connections import ConnectionsPanel
from panels.lock_tree import tree
from panels.slow_queries import SlowQueriesPanel
from tests.ui import databases as db
from tests.ui.boards import welcome
from tests.ui.consoles import ScriptedLink, console
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.wire import Inspect

BOARDS = {
    "good": db.of(db.database()),
    "locked": db.of(db.locked()),
    "full": db.of(db.full()),
    "unseen": db.of(db.unseen()),
    "never": db.of(db.never()),
    "plain": db.of(db.plain_role()),
    "primary": db.of(db.primary()),
    "replica": db.of(db.replica()),
    "pooler": db.of(db.pooler()),
    "waiting": db.of(db.waiting_pooler(), db.locked()),
}
PANELS = (ConnectionsPanel, SlowQueriesPanel)


def all_of(panel, name, width=116, height=36, **options):
    return "\n".join(text(panel, BOARDS[name], width, height, **options))


def test_a_good_database_in_four_lines():
    lines = text(ConnectionsPanel, BOARDS["good"], 76, 6)
    assert "OK" in lines[0] or "UP" in lines[0]
    assert "13 of 97  13 %" in lines[0]
    assert "3 active" in "\n".join(lines)
    assert "10 idle" in "\n".join(lines)
    assert "web 9" in "\n".join(lines)
    quiet = all_of(SlowQueriesPanel, "good", 76, 6)
    assert quiet == "No query or idle transaction over 1.0 s, no wait for a lock."


def test_the_root_blocker_is_named_before_those_behind_it_however_small_the_panel():
    shown = text(ConnectionsPanel, BOARDS["locked"], 116, 36)
    root = next(n for n, line in enumerate(shown) if "4711 psql" in line)
    assert "idle in tx" in shown[root]
    assert "holds up 3" in shown[root]
    for behind, pid in enumerate(("4720", "4731", "4742"), 1):
        assert f"└ {pid}" in shown[root + behind]
    assert "waits 40 s" in shown[root + 2]
    small = "\n".join(text(ConnectionsPanel, BOARDS["locked"], 76, 3))
    assert "SEV2" in small
    assert "lock wait" in small
    assert "4711 psql" in small


def test_a_server_over_its_ceiling_says_so_and_names_a_role_that_is_near_its_own():
    shown = all_of(ConnectionsPanel, "full")
    assert "38 of 37  103 %" in shown
    assert "role worker 10 of 12" in shown
    assert "database shop" not in shown.split("near its own limit")[1].split("\n")[0]


def test_the_rules_limits_stand_in_the_bar():
    (line, *_) = text(ConnectionsPanel, BOARDS["good"], 116, 8)
    start = line.index("█")
    bar = line[start : line.index("  13 of 97")]
    marks = [at for at, cell in enumerate(bar) if cell == "│"]
    assert marks == [int(0.80 * len(bar)), int(0.95 * len(bar))]
    assert bar.count("█") >= 1
    assert bar[-1] == "·"


@pytest.mark.parametrize("panel", PANELS)
def test_what_cannot_be_seen_is_neither_green_nor_empty(panel):
    for name in ("unseen", "never", "plain"):
        shown = all_of(panel, name)
        assert "✔" not in shown
        assert "No query" not in shown
    assert "45 s" in all_of(panel, "unseen") or "30 s old" in all_of(panel, "unseen")
    assert "no answer within" in all_of(panel, "unseen")
    assert "connection refused" in all_of(panel, "never")
    assert "GRANT pg_monitor TO monitor;" in all_of(panel, "plain").replace("\n", " ")
    lost = text(panel, BOARDS["good"], lost="it was killed")
    assert "✔" not in "\n".join(lost)
    assert "it was killed" in "\n".join(lost)


def test_a_pooler_whose_clients_wait_and_a_paused_pool():
    shown = all_of(ConnectionsPanel, "waiting")
    assert "37 of 100 clients · 14 waiting" in shown
    assert "shop/web: 20 active, 14 waiting 3.2 s, servers 10 of 10" in shown
    assert "PAUSED" in shown


def test_slow_queries_the_root_first_with_what_each_does():
    shown = text(SlowQueriesPanel, BOARDS["locked"], 116, 12)
    assert shown[0].split() == ["for", "doing", "pid", "and", "who", "query"]
    assert "4711 psql" in shown[1]
    assert "4 min" in shown[1]
    assert "UPDATE products SET stock = stock - 1 WHERE id = 4711" in shown[1]
    assert "waits 4 min" in shown[2]
    assert any("4800 report" in line and "95 s" in line for line in shown)


def test_statements_by_time_say_over_which_span_or_how_to_get_them():
    seen = view(BOARDS["good"], expanded=True)
    sheet = SlowQueriesPanel.sheet(seen, "statements")
    assert [row.cells[0].text for row in sheet.rows] == ["408", "45"]
    assert "over 30 s, read 10 s ago" in sheet.note
    sheet = SlowQueriesPanel.sheet(view(BOARDS["plain"], expanded=True), "statements")
    assert "CREATE EXTENSION pg_stat_statements" in sheet.note


def test_pages_are_those_that_have_something_to_show():
    pages = {name: connection_sheets.pages(view(board)) for name, board in BOARDS.items()}
    assert pages["good"] == ("groups", "locks")
    assert pages["waiting"] == ("groups", "locks", "pools")
    assert pages["primary"] == ("groups", "locks", "replication", "changes", "checks")
    sheet = ConnectionsPanel.sheet(view(BOARDS["primary"]), "replication")
    assert [row.cells[4].text for row in sheet.rows] == ["standby", "backup", "forgotten"]
    sheet = ConnectionsPanel.sheet(view(BOARDS["primary"]), "checks")
    assert sheet.rows[0].cells[1].text == "id=7  name=add index"


def sheets(board):
    seen = view(board, expanded=True)
    for panel in PANELS:
        for name in panel.pages(seen):
            yield panel, seen, panel.sheet(seen, name)


@pytest.mark.parametrize("name", BOARDS)
def test_keys_of_rows_are_unique_and_begin_with_their_source(name):
    for _, seen, sheet in sheets(BOARDS[name]):
        keys = [row.key for row in sheet.rows]
        assert len(keys) == len(set(keys)), sheet.name
        assert {key.partition(".")[0] for key in keys} <= {s.name for s in seen.sources}
        for row in sheet.rows:
            assert len(row.cells) <= len(sheet.columns)


@pytest.mark.parametrize("name", BOARDS)
@pytest.mark.parametrize("size", [(56, 1), (56, 4), (76, 6), (116, 12), (196, 50)])
def test_each_state_keeps_to_its_size_and_in_ascii_to_ascii(name, size):
    for panel in PANELS:
        for options in ({}, {"look": Look(unicode=False)}, {"cursor": "db"}):
            lines = contents(panel, BOARDS[name], *size, **options)
            harmless(lines, *size)
            if "look" in options:
                assert all(line.plain.isascii() for line in lines)
        assert panel.title(view(BOARDS[name])).cell_length < 80


@given(HOSTILE, HOSTILE, st.sampled_from([(56, 3), (76, 7), (116, 36)]))
def test_hostile_text_is_shown_and_not_obeyed(one, two, size):
    sessions = (
        db.session(1, query=one, application=two, user=one, client=two, wait=one, blocks=1),
        db.waits(2, 1, 99, query=two, application=one, state=two, database=one),
    )
    groups = (db.group(one, two, 3, user=two, database=one),)
    source = db.database(title=one, seen={"sessions": sessions, "groups": groups, "notes": (two,)})
    board = db.of(source, db.pooler(pools=(db.pool(one, two, mode=one),)))
    for panel in PANELS:
        harmless(contents(panel, board, *size), *size)
        seen = view(board, expanded=True)
        for name in panel.pages(seen):
            for row in panel.sheet(seen, name).rows:
                for line in panel.details(seen, row.key, size[0]):
                    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in line.plain)


# the tree ---------------------------------------------------------------------------------


def test_two_roots_a_prepared_transaction_and_one_that_is_not_shown():
    found = tree((db.waits(10, 1), db.waits(11, 10), db.waits(12, 0), db.waits(13, 77)))
    assert [(n.depth, n.pid) for n in found] == [
        *((0, 1), (1, 10), (2, 11)),
        *((0, 0), (1, 12)),
        *((0, 77), (1, 13)),
    ]
    assert found[0].session is None
    assert found[3].called == "a prepared transaction"


@given(
    st.dictionaries(
        st.integers(1, 12), st.lists(st.integers(0, 12), max_size=3).map(tuple), max_size=10
    )
)
def test_whoever_waits_stands_in_the_tree_once_circles_included(waiting):
    sessions = tuple(db.session(pid, blocked_by=by) for pid, by in waiting.items())
    found = [node.pid for node in tree(sessions)]
    assert len(found) == len(set(found))
    blocked = {pid for pid, by in waiting.items() if by}
    assert blocked <= set(found)


# on the screen ----------------------------------------------------------------------------


async def test_details_show_the_whole_query_and_e_asks_for_its_plan():
    link = ScriptedLink(welcome(), BOARDS["locked"])
    app = console(link=link, pages=(LocalPage("db", ("connections", "slow_queries")),))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("2", "z")
        await pilot.pause()
        panel = app.selected_panel
        shown = "\n".join(line.plain for line in panel.draw(*panel.size))
        assert " WHERE id = 4711" in shown
        assert "holds up      3 others" in shown
        await pilot.press("e")
        await pilot.pause()
        session = db.THREE_DEEP[0]
        assert link.asked == [Inspect(ref=0, source="db", key=session.key)]


def test_a_locked_database_120x40(snap_compare):
    link = ScriptedLink(welcome(), BOARDS["waiting"])
    pages = (LocalPage("db", ("connections", "slow_queries")),)
    assert snap_compare(console(link=link, pages=pages), terminal_size=(120, 40))


def test_a_full_database_80x24(snap_compare):
    link = ScriptedLink(welcome(), db.of(db.full(seen={**db_full_seen()})))
    pages = (LocalPage("db", ("connections", "slow_queries")),)
    assert snap_compare(console(link=link, pages=pages), terminal_size=(80, 24))


def db_full_seen():
    seen = db.full().snapshot.seen
    return {"ceilings": seen.ceilings, "groups": seen.groups, "sessions": db.THREE_DEEP[:2]}
