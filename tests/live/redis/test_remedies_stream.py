"""Streams: what waits is skipped and given out again, and what a dead consumer had, too."""

from typing import Any

import pytest

from tests.live.redis.looking import looked
from tests.live.redis.remedying import applied, at_once, flushed, surveyed, unflushed
from tests.live.redis.servers import Server
from tests.waiting import until
from warroom.connect.queues.streams import PlainStream
from warroom.connect.queues.talk import ReplyError

pytestmark = pytest.mark.long

EVENTS = PlainStream("events")


def written(app: Any, *numbers: int) -> None:
    for number in numbers:
        app.xadd("events", {"n": number, b"\xff": b"\x00"})


def given(app: Any, consumer: str, many: int = 100) -> list[int]:
    """What a worker reads next."""
    told = app.xreadgroup("group", consumer, {"events": ">"}, count=many)
    return [int(fields[b"n"]) for _, fields in told[0][1]] if told else []


def test_what_a_dead_consumer_had_is_given_to_another_once(server: Server) -> None:
    with server.client() as app:
        app.xgroup_create("events", "group", mkstream=True)
        written(app, 0, 1, 2, 3)
        assert given(app, "dead") == [0, 1, 2, 3]
        assert surveyed(server, EVENTS, "clear_stuck", stuck_for=60).targets == ()
        shown = surveyed(server, EVENTS, "clear_stuck")
        assert (shown.total, shown.of) == (4, 4)
        assert "in hand of dead" in shown.targets[0].words
        ids = [each.identity for each in shown.targets]
        app.xack("events", "group", ids[0])
        app.xclaim("events", "group", "alive", 0, [ids[1]])
        app.xdel("events", ids[2])
        found = applied(server, EVENTS, "clear_stuck", shown)
        assert found.touched == 1
        why = dict(each.split(": ", 1) for each in found.refused)
        assert why[ids[0]].startswith("gone")
        assert why[ids[1]] == "changed since it was shown"
        assert why[ids[2]] == "it is not in the stream any more"
        assert given(app, "alive") == [3]
        assert given(app, "alive") == []
        held = app.xpending_range("events", "group", "-", "+", 10)
        assert [each["consumer"] for each in held] == [b"alive", b"dead", b"alive"]


def test_entries_are_given_again_once_by_two_at_once(server: Server) -> None:
    with server.client() as app:
        for _ in range(10):
            app.flushall()
            app.xgroup_create("events", "group", mkstream=True)
            written(app, *range(80))
            given(app, "dead")
            shown = surveyed(server, EVENTS, "clear_stuck")
            both = at_once(*[lambda s=shown: applied(server, EVENTS, "clear_stuck", s)] * 2)
            assert sum(each.touched for each in both) == 80
            assert sorted(given(app, "alive")) == list(range(80))


def test_more_groups_than_one_would_be_given_it_twice(server: Server) -> None:
    with server.client() as app:
        app.xgroup_create("events", "group", mkstream=True)
        written(app, 0)
        given(app, "dead")
        shown = surveyed(server, EVENTS, "clear_stuck")
        app.xgroup_create("events", "audit")
        layout = PlainStream("events", "group")
        with pytest.raises(ReplyError, match="given the entries twice"):
            surveyed(server, layout, "clear_stuck")
        with pytest.raises(ReplyError, match="2 groups: configure"):
            applied(server, EVENTS, "clear_stuck", shown)
        with pytest.raises(ReplyError, match="does not know what failed"):
            surveyed(server, EVENTS, "retry_failed")


def test_a_skip_ends_where_was_counted_and_can_be_taken_back(server: Server) -> None:
    with server.client() as app:
        app.xgroup_create("events", "group", mkstream=True)
        written(app, *range(10))
        assert given(app, "one", 2) == [0, 1]
        shown = surveyed(server, EVENTS, "flush")
        assert (shown.total, shown.targets[0].identity) == (8, "group")
        given(app, "one", 1)
        written(app, 10, 11)
        found = applied(server, EVENTS, "flush", shown)
        assert (found.touched, app.xlen("events")) == (7, 12)
        if server.version == 7:
            assert looked(server, EVENTS).depth == 2
        assert unflushed(server, EVENTS).touched == 7
        if server.version == 7:
            assert looked(server, EVENTS).depth == 9
        assert given(app, "one") == [3, 4, 5, 6, 7, 8, 9, 10, 11]
        assert not app.keys("warroom:*")
        assert "gone" in applied(server, EVENTS, "flush", shown, "r2").refused[0]


def test_a_skip_is_not_taken_back_when_newer_entries_were_given_out(server: Server) -> None:
    with server.client() as app:
        app.xgroup_create("events", "group", mkstream=True)
        written(app, 0, 1)
        flushed(server, EVENTS)
        written(app, 2)
        assert given(app, "one") == [2]
        found = unflushed(server, EVENTS)
        assert found.touched == 0
        assert "given newer entries" in found.refused[0]
        assert until(lambda: app.exists("warroom:flushed:events:r1"))
