"""The panel of Redis servers as text: what a tired engineer reads out of it, in every state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels.redis import RedisPanel
from tests.ui import redis_boards as rb
from tests.ui.boards import NOON, acknowledged, limit
from tests.ui.consoles import console
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.measure.change import Change
from warroom.text import safe

STATES = {
    "good": rb.good(),
    "bad": rb.bad(),
    "unseen": rb.unseen(),
    "down": rb.down(),
    "loading": rb.loading(),
    "refused": rb.refused(),
    "in part": rb.in_part(),
    "replica": rb.replica(),
    "cut off": rb.cut_off(),
    "full": rb.full(),
    "boundless": rb.boundless(),
}
SIZES = ((56, 1), (56, 4), (56, 11), (76, 6), (116, 12), (116, 36))


def lines(*sources, width=116, height=36, **options):
    return text(RedisPanel, rb.of(*sources), width, height, **options)


def title(*sources, **options):
    shown = view(rb.of(*sources), **options)
    return RedisPanel.title(shown).plain


def sheet(name, *sources):
    return RedisPanel.sheet(view(rb.of(*sources), expanded=True), name)


def details(key, *sources, width=100):
    told = RedisPanel.details(view(rb.of(*sources), expanded=True), key, width)
    return [" ".join(line.plain.split()) for line in told]


def styles(shown, words):
    """The styles of the span in which these words begin."""
    line = next(line for line in shown if words in line.plain)
    at = line.plain.index(words)
    return {str(span.style) for span in line.spans if span.start <= at < span.end}


# one server -------------------------------------------------------------------------------


def test_a_good_server_in_five_lines_of_70_cells():
    shown = lines(rb.cache(), width=70, height=10)
    assert shown[0] == "  ✔ UP        cache  ping 0.4 ms   primary"
    assert shown[1].startswith("    memory  █")
    assert shown[1].endswith("620 MiB of 1000 MiB    62 %  allkeys-lru")
    assert shown[2] == "    hit rate 98.2 %  evicted/s 0       commands/s 1234    keys 12.3 k"
    assert shown[3] == "    clients    38 of 10000  rejected/min 0       blocked 2"
    assert shown[4] == "    redis 7.0.15 10.0.0.9:6379 · no replica"
    assert len(shown) == 5


def test_what_matters_most_stays_when_it_is_small():
    four = lines(rb.full(), width=70, height=4)
    assert "SEV1" in four[0]
    assert "memory: memory_used 96.8 %, over 95 %" in four[1]
    assert "hit rate 41 %" in four[3]
    assert "968 MiB of 1000 MiB  96.8 %  noeviction" in four[2]
    assert lines(rb.full(), width=70, height=2) == four[:2]
    narrow = lines(rb.cache(), width=56, height=5)
    assert narrow[1].strip() == "memory   620 MiB of 1000 MiB    62 %  allkeys-lru"
    # What there is no room for is left out whole.
    assert narrow[2] == "    hit rate 98.2 %  evicted/s 0       commands/s 1234"


def test_the_rules_limit_stands_in_the_bar_and_a_figure_beyond_one_is_painted():
    shown = contents(RedisPanel, rb.of(rb.full()), 116, 10)
    assert "│" in shown[2].plain
    assert styles(shown, "968 MiB") == {".level-0"}
    calm = contents(RedisPanel, rb.of(rb.cache()), 116, 10)
    assert not any("level" in str(span.style) for line in calm for span in line.spans)


def test_no_limit_is_said_and_what_is_not_told_is_no_limit():
    assert "620 MiB, no limit (maxmemory 0)" in lines(rb.boundless())[1]
    silent = rb.cache(server=replace(rb.SERVER, max_memory=None, policy=""))
    assert "620 MiB, its limit is not told" in lines(silent)[1]


def test_a_replica_whose_link_is_down_says_it_loud():
    board = rb.of(rb.cut_off())
    for look in (Look(), Look(unicode=False)):
        shown = lines(rb.cut_off(), width=76, look=look)
        assert "SEV1 DOWN" in shown[0]
        assert "REPLICA, LINK DOWN 40 s" in shown[0]
    assert ".level-1" in styles(contents(RedisPanel, board, 76, 12), "REPLICA, LINK DOWN")
    assert "REPLICA, LINK DOWN 40 s" in lines(rb.cut_off(), width=56, height=1)[0]
    followed = lines(rb.replica())
    assert followed[0].endswith("replica")
    assert followed[4].endswith(" · link up, follows 10.0.0.9:6379")


def test_a_primary_counts_its_replicas_and_how_far_they_are():
    assert lines(rb.full())[5].endswith("2 replicas, 1.2 KiB behind")


def test_the_last_changes_are_told_newest_first():
    shown = lines(rb.cut_off(), height=12)
    at = shown.index("    14:06:30Z primary → replica")
    assert shown[at + 1] == "    13:58:10Z maxmemory 2097152000 → 1048576000"
    plain = lines(rb.cut_off(), height=12, look=Look(unicode=False))
    assert "    14:06:30Z primary -> replica" in plain


def test_what_is_not_known_is_a_dash_and_one_that_said_no_claims_nothing():
    shown = lines(rb.loading(), height=8)
    assert "ping –" in shown[0]
    assert "it is loading its data: 42.10 %, 12 s left" in shown[1]
    assert lines(rb.refused(), height=8) == [
        "  ✖ SEV1 DOWN jobs",
        "    └ jobs refused: max number of clients reached",
    ]
    early = rb.cache(figures={"hit_rate": None, "evictions": None})
    assert "hit rate –       evicted/s –" in lines(early, height=8)[2]
    seldom = rb.cache(figures={"evictions": 0.0004})
    assert "evicted/s <0.01 " in lines(seldom, height=8)[2]


def test_a_server_that_fails_keeps_its_last_figures_grey_and_says_why():
    shown = contents(RedisPanel, rb.of(rb.unseen()), 116, 12)
    plain = "\n".join(line.plain for line in shown)
    assert "SEV1 CAN'T SEE" in shown[0].plain
    assert "figures 30 s old" in plain
    assert "no answer within" in plain
    for words in ("ping 0.4 ms", "620 MiB", "98.2 %", "38 of 10000", "primary"):
        assert styles(shown, words) == {".dim"}, words
    never = lines(rb.down())
    assert never[:2] == ["  ? CAN'T SEE jobs", "    └ connection refused"]
    lost = "\n".join(lines(rb.cache(), lost="it was killed"))
    assert "✔" not in lost
    assert "it was killed" in lost


def test_old_figures_tell_their_age_and_who_has_seen_it_is_said():
    assert any("figures 20 s old" in line for line in lines(rb.cache(), now=21.0))
    assert not any("figures" in line for line in lines(rb.cache(), now=6.0))
    shown = lines(rb.full(acknowledged=acknowledged()))
    assert any("seen by ana until 14:37Z" in line for line in shown)


# several ----------------------------------------------------------------------------------


def test_the_frame_says_ping_and_memory_of_one_and_counts_several():
    assert title(rb.cache()) == "ping 0.4 ms · 62 % of memory"
    assert title(rb.full()) == "ping 0.4 ms · 96.8 % of memory · SEV1"
    assert title(rb.boundless()) == "ping 0.4 ms · 620 MiB of memory"
    assert title(rb.down()) == "CAN'T SEE"
    assert title(rb.refused()) == "SEV1"
    assert title(rb.cache(), rb.cut_off()) == "1 of 2 well · SEV1"


def test_more_servers_than_lines_show_the_worst_and_count_the_others():
    calm = [rb.cache(f"cache{n}") for n in range(5)]
    shown = lines(*calm, rb.cut_off(), height=3)
    assert "REPLICA, LINK DOWN" in shown[0]
    assert shown[2].strip() == "and 4 more, all well"
    few = lines(rb.cache(), rb.full("late"), height=4, width=76)
    # Of each its level, and why; then the memory of the worse of the two.
    assert [line.split()[1] for line in few[:2]] == ["UP", "SEV1"]
    assert "memory: memory_used 96.8 %" in few[2]
    assert "968 MiB" in few[3]


def test_without_sources_it_says_how_to_add_one():
    assert lines()[0] == "No Redis is configured."
    assert 'kind = "redis"' in lines()


# the pages and the details ----------------------------------------------------------------


def test_every_figure_has_its_level_and_one_that_a_server_cannot_have_has_none():
    rows = {row.key: [cell.text for cell in row.cells] for row in sheet("server", rb.bad()).rows}
    assert set(rows) == {f"jobs.{figure}" for figure in rb.UNITS}
    assert rows["jobs.ping"] == ["✔ OK", "ping", "0.4 ms", "SEV2 over 100 ms", "jobs"]
    assert rows["jobs.link_up"][:3] == ["·", "link_up", "–"]
    assert sheet("server", rb.full()).rows[1].cells[0].text == "✖ SEV1"
    unseen = {row.key: row.cells[0].text for row in sheet("server", rb.unseen()).rows}
    assert unseen["jobs.link_up"] == "? CAN'T SEE"
    assert details("jobs.link_up", rb.bad())[0] == "link_up a primary follows nobody"


def test_all_of_a_figure_and_all_of_a_change():
    told = details("jobs.ping", rb.good())
    assert told[0].startswith("── jobs ping ✔ OK")
    assert "version redis 7.0.15, started 2026-02-20 14:07:10Z" in told
    assert "run id 8d2f0c1e5a" in told
    changes = sheet("changes", rb.cut_off()).rows
    assert [row.cells[1].text for row in changes] == [change.what for change in rb.CHANGES]
    told = details(changes[0].key, rb.cut_off())
    assert told[0] == "changed primary → replica"
    assert "server standby, replica of 10.0.0.9:6379, link down" in told
    assert sheet("changes", rb.good()).empty == "Nothing has changed."
    assert sheet("changes", rb.down()).empty != "Nothing has changed."


def test_keys_are_unique_and_stay_with_their_change_when_others_come():
    old = Change(NOON, "the server was started")
    before = sheet("changes", rb.cache(seen={"changes": (old, old)})).rows
    new = Change(NOON.replace(minute=59), "maxclients 100 → 10")
    after = sheet("changes", rb.cache(seen={"changes": (old, new, old)})).rows
    assert [row.key for row in before] == [row.key for row in after[1:]]
    assert len({row.key for row in after}) == 3
    board = rb.of(rb.bad(), rb.cut_off(), rb.full())
    keys = [row.key for row in sheet("server", *board.sources).rows]
    assert len(keys) == len(set(keys))


def test_the_top_of_the_expanded_panel_keeps_to_a_third():
    board = rb.of(rb.bad(), rb.cut_off(), rb.full())
    for height in (36, 7):
        shown = replace(view(board, expanded=True), width=116, height=height)
        top = [line.plain for line in RedisPanel.top(shown, "server", 116)]
        assert 0 < len(top) <= max(height // 3, 2)
        assert "SEV1" in top[0]
        assert not any("hit rate" in line for line in top)


# every state ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("size", SIZES)
def test_each_state_keeps_to_its_size_and_in_ascii_to_ascii(name, size):
    board = rb.of(STATES[name])
    for options in ({}, {"look": Look(unicode=False)}, {"cursor": "jobs"}):
        shown = contents(RedisPanel, board, *size, **options)
        harmless(shown, *size)
        if "look" in options:
            assert all(line.plain.isascii() for line in shown)
        level = STATES[name].level
        assert (level if level != "OK" else "UP") in shown[0].plain
    assert RedisPanel.title(view(board)).cell_length < 60


@given(HOSTILE, HOSTILE, st.sampled_from([(56, 3), (76, 7), (116, 36)]))
def test_hostile_text_is_shown_and_not_obeyed(one, two, size):
    server = replace(
        rb.SERVER, version=one, address=two, policy=one, product=two, run_id=two, primary=one
    )
    server = replace(server, role="replica", link=two)
    source = rb.source(
        title=one,
        server=server,
        cause=two,
        level="SEV2",
        seen={
            "notes": (one,),
            "faults": (two,),
            "blind": (one,),
            "changes": (Change(NOON, two),),
            "environment": one,
            "load": two,
        },
        causes={"ping": ("SEV2", one)},
    )
    ping = replace(source.signals[0], limits=(limit("SEV2", "> 1", two),))
    board = rb.of(replace(source, signals=(ping, *source.signals[1:])))
    harmless(contents(RedisPanel, board, *size), *size)
    seen = view(board, expanded=True)
    for page in RedisPanel.pages(seen):
        for row in RedisPanel.sheet(seen, page).rows[:3]:
            told = RedisPanel.details(seen, row.key, size[0])
            harmless(told, size[0], len(told))
            assert all(cell.text == safe(cell.text) for cell in row.cells)


# on the screen ----------------------------------------------------------------------------


def test_redis_servers_in_trouble_120x40(snap_compare):
    board = rb.of(rb.bad(), rb.cut_off(), rb.full())
    app = console(board, pages=(LocalPage("redis", ("redis",)),))
    assert snap_compare(app, terminal_size=(120, 40))


async def test_its_pages_turn_and_nothing_can_be_asked_of_a_figure():
    app = console(rb.of(rb.full()), pages=(LocalPage("redis", ("redis",)),))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("1", "z")
        await pilot.pause()
        panel = app.selected_panel
        assert panel.cursor == "cache.ping"
        assert panel.askable == ""
        await pilot.press("right_square_bracket")
        await pilot.pause()
        shown = "\n".join(line.plain for line in panel.draw(*panel.size))
        assert "[changes]" in shown
        assert "Nothing has changed." in shown
