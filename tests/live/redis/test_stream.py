"""Streams: with groups and without, read by real consumers."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from tests.live.redis.footprint import same_cost
from tests.live.redis.hostile import found_in, replies, single
from tests.live.redis.looking import asked, looked, polled
from tests.live.redis.servers import Server
from warroom.connect.queues.consumers import CONSUMERS, HEARD
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.streams import GROUPS, PlainStream
from warroom.connect.queues.talk import Command, ErrorReply, Reply, ReplyError

ORDERS = PlainStream("orders", group="billing")
ALLOWED = {"XINFO", "XLEN", "XRANGE", "XPENDING"}


def of(counted: Counted, what: str) -> int | None:
    return next(each.count for each in counted.counts if each.what == what)


def take(client: "redis.Redis", group: str, many: int, who: str = "w1") -> list[bytes]:
    found: Any = client.xreadgroup(group, who, {"orders": ">"}, count=many)
    return [identity for identity, _ in found[0][1]] if found else []


def test_a_group_from_its_first_entry_to_its_last(server: Server) -> None:
    exact = server.version == 7
    with server.client() as client:
        client.xgroup_create("orders", "billing", id="0", mkstream=True)
        assert looked(server, ORDERS).depth == 0
        added = [client.xadd("orders", {"order": number}) for number in range(10)]
        fresh = looked(server, ORDERS)
        assert (fresh.depth, fresh.active) == (10, 0), "none was taken, so that all wait"
        assert fresh.workers == 0

        first = take(client, "billing", 4)
        seen = looked(server, ORDERS, fresh)
        real = client.xinfo_groups("orders")[0]
        assert seen.depth == real.get("lag") == (6 if exact else None)
        assert seen.active == real["pending"] == 4
        assert (seen.unfinished, seen.added, seen.finished) == (
            (10, 10, 0) if exact else (None, None, None)
        )
        assert seen.oldest == int(added[4].split(b"-")[0]) / 1000
        assert seen.workers == 1
        assert seen.head != fresh.head
        (group,) = seen.groups
        assert (group.name, group.consumers, group.pending) == ("billing", 1, 4)
        assert group.oldest_idle is not None
        assert group.oldest_idle < 20

        client.xack("orders", "billing", *first)
        assert looked(server, ORDERS).finished == (4 if exact else None)
        client.xack("orders", "billing", *take(client, "billing", 100))
        last = looked(server, ORDERS)
        assert (last.depth, last.active, last.unfinished, last.oldest) == (0, 0, 0, None)
        assert (last.added, last.finished) == ((10, 10) if exact else (None, None))
        assert of(last, "entries") == 10
        told = asked(server, ORDERS.job(added[2].decode()))
        assert "group billing: not in hand" in told


def test_workers_that_wait_are_not_told_from_dead_ones(server: Server) -> None:
    """Before 7.2: a consumer's ``idle`` grows while it waits for work, and one that was given
    nothing yet is not there at all."""
    with server.client() as client:
        client.xgroup_create("orders", "billing", id="0", mkstream=True)
        with waiting(server, "w1"):
            polled(server, ORDERS, lambda _: client.info("clients")["blocked_clients"] == 1)
            seen = looked(server, ORDERS)
            assert (seen.workers, of(seen, "consumers")) == (None, 0)
            assert any("workers" in note for note in seen.notes)
            client.xadd("orders", {"order": 1})
            seen = polled(server, ORDERS, lambda found: found.active == 1)
            assert (seen.workers, of(seen, f"consumers given work in {HEARD:g} s")) == (None, 1)
        client.xadd("orders", {"order": 2})
        client.xadd("orders", {"order": 3})
        assert looked(server, ORDERS).workers == 1, "given an entry just now, and more wait"


def test_what_is_in_hand_of_one_who_is_gone_is_seen_and_told(server: Server) -> None:
    with server.client() as client:
        client.xgroup_create("orders", "billing", id="0", mkstream=True)
        client.xadd("orders", {"order": 7, "card": '{"number": "4111"}'})
        (identity,) = take(client, "billing", 1, "gone")
        client.xadd("orders", {"order": 8})
        an_hour = {"idle": 3_600_000, "retrycount": 3}
        client.xclaim("orders", "billing", "gone", 0, [identity], **an_hour)
        (group,) = looked(server, ORDERS).groups
        assert group.oldest_idle == pytest.approx(3600, abs=20)
        told = asked(server, ORDERS.job(identity.decode()))
        assert "group billing: in hand of gone for 3600" in told
        assert "given out 3 times" in told
        assert '"number": "4111"' in told
        assert asked(server, ORDERS.failures("orders")) == ()
        client.xdel("orders", identity)
        for wrong, words in ((identity.decode(), "not in orders any more"), ("-", "not an entry")):
            with pytest.raises(ReplyError, match=words):
                asked(server, ORDERS.job(wrong))


def test_entries_that_were_lost_unread_do_not_wait(server: Server) -> None:
    """7.0 still counts them as lag."""
    with server.client() as client:
        client.xgroup_create("orders", "billing", id="0", mkstream=True)
        client.xadd("orders", {"order": 0})
        take(client, "billing", 1)
        for number in range(9):
            client.xadd("orders", {"order": number})
        client.xtrim("orders", maxlen=2, approximate=False)
        trimmed = looked(server, ORDERS)
        assert trimmed.depth == 2
        told = "7 entries were trimmed or deleted before billing read them" in trimmed.notes
        assert told == (server.version == 7)
        middle = client.xadd("orders", {"order": 10})
        client.xadd("orders", {"order": 11})
        client.xdel("orders", middle)
        assert client.xlen("orders") == 3
        assert looked(server, ORDERS).depth == 3, "all that is there is unread"
        take(client, "billing", 1)
        seen = looked(server, ORDERS)
        assert seen.depth is None, "the server cannot tell: there is a hole"
        assert seen.oldest is not None
        assert any("not told by this server" in note for note in seen.notes)


def test_of_several_groups_the_one_that_is_furthest_behind_counts(server: Server) -> None:
    with server.client() as client:
        for name in ("billing", "mail", "audit"):
            client.xgroup_create("orders", name, id="0", mkstream=True)
        client.xadd("orders", {"order": 0})
        for number in range(1, 9):
            client.xadd("orders", {"order": number})
        client.xack("orders", "billing", *take(client, "billing", 9))
        take(client, "mail", 7)
        client.xack("orders", "audit", *take(client, "audit", 2))
        seen = looked(server, PlainStream("orders"))
        exact = server.version == 7
        assert [group.name for group in seen.groups] == ["audit", "mail", "billing"]
        assert (seen.depth, seen.unfinished) == ((7, 9) if exact else (None, None))
        assert (seen.active, seen.finished) == (7, 0 if exact else None)
        assert seen.head == client.xinfo_groups("orders")[0]["last-delivered-id"]
        assert looked(server, PlainStream("orders", group="billing")).depth == 0
        with pytest.raises(ReplyError, match="orders has no group taxes"):
            looked(server, PlainStream("orders", group="taxes"))
        for number in range(GROUPS):
            client.xgroup_create("orders", f"more{number}", id="$")
        seen = looked(server, PlainStream("orders"))
        assert len(seen.groups) == GROUPS
        assert seen.notes[0] == f"{GROUPS + 3} groups; the {GROUPS} furthest behind are shown"


def test_a_stream_without_groups_or_none_at_all(server: Server) -> None:
    layout = PlainStream("orders")
    seen = looked(server, layout)
    assert (seen.depth, seen.absent, seen.notes) == (0, ("orders",), ())
    assert looked(server, ORDERS) == seen
    with server.client() as client:
        client.xadd("orders", {"order": 0}, id="5-1")
        client.xadd("orders", {"order": 0})
        seen = looked(server, layout)
        assert (seen.depth, seen.head, seen.oldest) == (2, b"5-1", None)
        client.xdel("orders", "5-1")
        assert looked(server, layout).oldest is not None
        client.set("orders2", "x")
        with pytest.raises(ReplyError, match="WRONGTYPE"):
            looked(server, PlainStream("orders2"))


def test_a_long_stream_costs_no_more_than_a_short_one(server: Server) -> None:
    def adding(many: int) -> Command:
        script = f"for i = 1, {many} do redis.call('XADD', 'orders', '*', 'order', '1234567') end"
        return ("EVAL", script, 0)

    with server.client() as client:
        client.execute_command(*adding(10))
        client.xgroup_create("orders", "billing", id="0")
        take(client, "billing", 2)
    spent = same_cost(server, ORDERS, looked(server, ORDERS), [adding(100_000)])
    assert set(spent.commands) <= ALLOWED
    assert spent.ran == {name.lower() for name in spent.commands}
    assert len(spent.commands) <= 6


@contextlib.contextmanager
def waiting(server: Server, name: str) -> Iterator[None]:
    """A worker that blocks until there is an entry, and takes it; then it ends."""

    def work() -> None:
        with server.client() as client:
            client.xreadgroup("billing", name, {"orders": ">"}, count=1, block=20_000)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        with server.client() as client:
            if client.info("clients")["blocked_clients"]:
                client.xadd("orders", {"order": "the end"})
        thread.join(20)


QUIET = int(HEARD * 1000)


@pytest.mark.parametrize(
    ("consumers", "workers"),
    [
        ([("w1", 1, 5), ("w2", 0, QUIET - 1), ("gone", 0, QUIET)], 2),
        ([("gone", 0, QUIET), ("gone too", 0, 10 * QUIET)], 0),
        ([("w1", 1, 5), ("at work, or gone", 1, QUIET)], None),
    ],
)
def test_who_was_given_no_entry_for_long_while_some_wait_is_gone(
    consumers: list[tuple[str, int, int]], workers: int | None
) -> None:
    group: list[Reply] = [b"name", b"billing", b"consumers", len(consumers), b"pending", 2]
    group += [b"last-delivered-id", b"1-1", b"entries-read", 1, b"lag", 3]
    told: list[Reply] = [
        [b"name", name.encode(), b"pending", pending, b"idle", idle]
        for name, pending, idle in consumers
    ]
    entry: Reply = [[b"2-1", [b"a", b"b"]]]
    moment = Moment(now=1e9, version=(7, 0, 0))
    held: list[Reply] = [[[b"1-1", b"w1", 2500, 1]], [], [[b"1-1"]], ErrorReply("NOPERM no")]
    for pending in held:
        seen = found_in(ORDERS.look(moment), [[[group], 9], [entry, pending, told]])
        assert seen is not None
        assert seen.workers == workers
        assert seen.groups[0].oldest_idle == (
            2.5 if pending == [[b"1-1", b"w1", 2500, 1]] else None
        )
        asked_for = found_in(ORDERS.job("2-1"), [[entry, [group]], [pending]])
        assert asked_for is not None
    refused = ErrorReply("NOPERM this user may not")
    seen = found_in(ORDERS.look(moment), [[[group], 9], [refused, refused, refused]])
    assert seen is not None
    assert (seen.depth, seen.workers, seen.oldest) == (3, None, None)
    assert seen.notes[-1].startswith("workers of billing: NOPERM")
    group[3] = CONSUMERS + 1
    look = ORDERS.look(moment)
    next(look)
    assert not [command for command in look.send([[group], 9]) if command[1] == "CONSUMERS"]


LIKELY = st.tuples(
    *(st.just(each) for each in (b"name", b"billing", b"consumers", 2, b"pending", 3)),
    *(st.just(each) for each in (b"last-delivered-id", b"1-1", b"entries-read")),
    *(single, st.just(b"lag"), single),
).map(list)


@given(st.one_of(replies, st.lists(LIKELY, max_size=3)), replies, st.lists(replies, max_size=8))
def test_whatever_is_answered_the_look_holds(groups: Any, length: Any, second: list[Any]) -> None:
    moment = Moment(now=1e9, version=(7, 0, 0))
    for layout in (ORDERS, PlainStream("orders")):
        found_in(layout.look(moment), [[groups, length], second])
        found_in(layout.look(moment), [[groups, 5], second])
    found_in(ORDERS.job("1-1"), [[length, groups], second])
