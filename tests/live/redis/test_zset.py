"""Sorted sets: jobs by the time they are due, or by priority."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.live.redis.footprint import same_cost
from tests.live.redis.hostile import found_in, replies
from tests.live.redis.looking import asked, looked
from tests.live.redis.servers import Server
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.talk import Command, ErrorReply, ReplyError
from warroom.connect.queues.zsets import PlainZset

LATER = PlainZset("later")
RANKED = PlainZset("ranked", score="priority")


@pytest.mark.parametrize(("score", "unit"), [("time", 1), ("time_ms", 1000)])
def test_by_time_those_that_are_due_wait(server: Server, score: Any, unit: int) -> None:
    layout, now = PlainZset("later", score=score), time.time()
    with server.client() as client:
        client.zadd("later", {"a": (now - 90) * unit, "b": (now - 5) * unit})
        client.zadd("later", {"c": (now + 900) * unit, "d": (now + 901) * unit})
        seen = looked(server, layout)
        assert (seen.depth, seen.delayed, seen.unfinished) == (2, 2, 4)
        assert seen.oldest == pytest.approx(now - 90)
        assert looked(server, layout, seen).head == seen.head
        client.zpopmin("later")
        after = looked(server, layout, seen)
        assert after.depth == 1
        assert after.oldest == pytest.approx(now - 5)
        assert after.head != seen.head
        client.zpopmin("later")
        assert looked(server, layout, after).oldest is None
        assert looked(server, layout, after).depth == 0
        client.zadd("later", {"now": 1000 * unit})
        moment = Moment(now=1000.0, version=(7, 0, 0))
        sharp = asked(server, layout.look(moment))
        assert (sharp.depth, sharp.delayed) == (1, 2)
        client.zrem("later", "now")
        client.zadd("later", {"at once": 0})
        assert (looked(server, layout).depth, looked(server, layout).oldest) == (1, None)
        client.delete("later")
        gone = looked(server, layout)
    assert (gone.depth, gone.unfinished) == (0, 0)
    assert (gone.absent, gone.notes) == (("later",), ())


def test_by_priority_the_lowest_is_next(server: Server) -> None:
    with server.client() as client:
        client.zadd("ranked", {"only": 5})
        alone = looked(server, RANKED)
        assert (alone.depth, alone.delayed, alone.oldest, alone.head) == (1, None, None, None)
        client.zadd("ranked", {"second": 7})
        before = looked(server, RANKED)
        assert before.head == b"5.0 only"
        client.zadd("ranked", {"urgent": 1})
        pushed = looked(server, RANKED, before)
        assert (pushed.depth, pushed.head) == (3, b"1.0 urgent")
        assert pushed.overtaken, "it came first, and nothing was taken"
        before = looked(server, RANKED, pushed)
        client.zpopmin("ranked")
        assert looked(server, RANKED, before).head == b"5.0 only"


def test_scores_in_another_unit_are_refused(server: Server) -> None:
    now = time.time()
    with server.client() as client:
        client.zadd("later", {"a": now * 1000})
        with pytest.raises(ReplyError, match="are milliseconds: set its score to time_ms"):
            looked(server, LATER)
        client.zadd("later", {"a": now})
        with pytest.raises(ReplyError, match="are seconds: set its score to time"):
            looked(server, PlainZset("later", score="time_ms"))


def test_what_else_may_lie_there(server: Server) -> None:
    with server.client() as client:
        client.zadd("later", {b"\xff\x00" + b"x" * 1_000_000: float("-inf"), "never": float("inf")})
        seen = looked(server, LATER)
        assert (seen.depth, seen.delayed, seen.oldest, seen.head) == (1, 1, None, None)
        assert looked(server, LATER, Counted(head=b"nonsense")).head is None
        client.zadd("later", {b"y" * 1_000_000: 1_700_000_000})
        client.zremrangebyrank("later", 0, 0)
        long = looked(server, LATER)
        assert (long.depth, len(long.head or b"")) == (1, 29)
        assert looked(server, LATER, long).head == long.head
        client.zadd("later", {'{"job": 1}': 1_700_000_000})
        told = asked(server, LATER.job('{"job": 1}'))
        assert "due: 2023-11-14 22:13:20" in told
        assert '"job": 1' in told
        assert asked(server, LATER.failures("later")) == ()
        with pytest.raises(ReplyError, match="no such job in later any more"):
            asked(server, LATER.job("gone"))
        client.lpush("list", "x")
        with pytest.raises(ReplyError, match="WRONGTYPE"):
            looked(server, PlainZset("list"))


def test_a_large_one_costs_no_more_than_a_small_one(server: Server) -> None:
    def adding(many: int) -> Command:
        script = f"for i = 1, {many} do redis.call('ZADD', 'later', 1700000000 + i, i + 1e6) end"
        return ("EVAL", script, 0)

    with server.client() as client:
        client.execute_command(*adding(10))
    spent = same_cost(server, LATER, looked(server, LATER), [adding(100_000)])
    assert set(spent.commands) == {"ZCARD", "ZCOUNT", "ZRANGE", "ZSCORE"}
    assert spent.ran == {name.lower() for name in spent.commands}
    assert len(spent.commands) == 5


@given(st.lists(replies, max_size=5), st.sampled_from(["time", "time_ms", "priority"]))
def test_whatever_is_answered_the_look_holds(answered: list[Any], score: Any) -> None:
    layout = PlainZset("later", score=score)
    for before in (None, Counted(head=b"5.0 x")):
        moment = Moment(now=1e9, version=(7, 0, 0), before=before)
        found_in(layout.look(moment), [answered])
        found_in(layout.look(moment), [[5, [b"x", *answered[:1]], *answered]])
    found_in(layout.job("x"), [answered[:1]])


def test_a_part_that_is_refused_costs_its_figure_and_no_more() -> None:
    refused = ErrorReply("NOPERM this user may not")
    for before in (None, Counted(head=b"5.0 x")):
        moment = Moment(now=1e9, version=(7, 0, 0), before=before)
        first = found_in(LATER.look(moment), [[7, refused, 4, 3, refused]])
        assert first is not None
        assert (first.depth, first.delayed, first.head) == (4, 3, None)
        assert first.notes == ("first job: NOPERM this user may not",)
        stayed = found_in(LATER.look(moment), [[7, [b"y", b"5e8"], 4, 3, refused]])
        assert stayed is not None
        assert (stayed.head, stayed.oldest) == (b"500000000.0 y", 5e8)
