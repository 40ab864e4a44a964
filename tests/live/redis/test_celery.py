"""Celery's queues on Redis, with its own library queueing and its own worker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from celery import Celery as App
from hypothesis import given, settings
from hypothesis import strategies as st
from kombu import Connection

from tests.live.redis.footprint import same_cost
from tests.live.redis.hostile import found_in, replies
from tests.live.redis.looking import asked, looked, polled
from tests.live.redis.servers import Server
from warroom.connect.queues.celery import NOBODY, NOT_TOLD, Celery
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.talk import ErrorReply, Reply
from warroom.measure.redis import Count

ROOT = Path(__file__).parents[3]
LAYOUT = Celery("celery")
MODULE = "tests.live.redis.celery_work"


@contextmanager
def queueing(server: Server, **options: Any) -> Iterator[Any]:
    """Queues a task; closed after the block."""
    app = App("shop", broker=server.url)
    app.conf.broker_transport_options = options
    try:
        yield lambda number, name="shop.wait", **more: app.send_task(name, (number,), **more)
    finally:
        app.close()


@contextmanager
def worker(server: Server) -> Iterator[Any]:
    command = [sys.executable, "-m", "celery", "-A", MODULE, "worker", "--pool=solo"]
    quick = ["--without-gossip", "--without-mingle", "--loglevel=critical"]
    environ = os.environ | {"PYTHONPATH": str(ROOT), "BROKER": server.url}
    with subprocess.Popen(
        [*command, *quick], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def answering(server: Server, within: float) -> int:
    """How many workers the library itself says there are, one at most."""
    app = App("shop", broker=server.url)
    try:
        return len(app.control.ping(timeout=within, limit=1))
    finally:
        app.close()


def unacked(found: Counted) -> int | None:
    return next(each.count for each in found.counts if each.what == "unacked (all queues)")


def test_from_the_first_task_to_the_last(server: Server) -> None:
    with server.client() as app, queueing(server) as queue:
        nothing = looked(server, LAYOUT)
        assert (nothing.depth, nothing.absent) == (0, ("celery",))
        for number in range(5):
            queue(number)
        first = looked(server, LAYOUT)
        assert first.depth == app.llen("celery") == 5
        assert (first.workers, first.failed, first.oldest, first.active) == (None,) * 4
        assert first.notes == (NOT_TOLD, NOBODY)
        queue(5)
        queue(6)
        more = looked(server, LAYOUT, first)
        assert (more.depth, more.arrived, more.head) == (7, 2, first.head)
        with worker(server) as process:
            found = polled(server, LAYOUT, lambda seen: (unacked(seen) or 0) >= 1)
            assert found.depth == app.llen("celery")
            assert found.head != first.head
            assert found.notes == (NOT_TOLD,)
            app.set("go", 100)
            polled(server, LAYOUT, lambda seen: seen.depth == 0 and unacked(seen) == 0)
            assert looked(server, LAYOUT).absent == ()
            assert answering(server, within=20) == 1
            # Killed, it still stands in its own books; that it does not listen is seen.
            process.kill()
            process.wait(10)
            assert app.scard("_kombu.binding.celery.pidbox") == 1
            polled(server, LAYOUT, lambda seen: NOBODY in seen.notes)
            assert answering(server, within=0.2) == 0


def own_count(server: Server, queue: str, **options: Any) -> int:
    """How many tasks the library itself says there are."""
    with Connection(server.url, transport_options=options) as connection:
        size: int = connection.default_channel._size(queue)
        return size


def test_priorities_and_a_prefix(server: Server) -> None:
    layout = Celery("mail", prefix="shop:")
    options = {"global_keyprefix": "shop:", "queue_order_strategy": "priority"}
    with server.client() as app, queueing(server, **options) as queue:
        queue(1, queue="mail", priority=9)
        before = looked(server, layout)
        assert (before.depth, before.tail, before.absent) == (1, None, ())
        queue(2, queue="mail")
        found = looked(server, layout, before)
        assert (found.depth, found.arrived, found.tail) == (2, None, None)
        assert found.counts[:3] == (
            *(Count(f"priority {step}", 0) for step in (3, 6)),
            Count("priority 9", 1),
        )
        assert found.head not in (None, before.head)
        assert found.overtaken, "another is the next one, but none was taken"
        found = looked(server, layout, found)
        assert not found.overtaken
        queue(3, queue="mail", priority=3)
        queue(4, queue="mail", priority=9)
        app.rpop(layout.key(0))
        assert looked(server, layout, found).head not in (None, found.head)
    assert asked(server, layout.failures("mail")) == ()


def test_steps_of_priority_that_a_team_chose(server: Server) -> None:
    layout = Celery("mail")
    options = {"priority_steps": list(range(10)), "sep": ":"}
    with queueing(server, **options) as queue:
        queue(0, queue="mail")
        before = looked(server, layout)
        assert before.tail is not None
        for priority in (1, 4, 4, 9):
            queue(priority, queue="mail", priority=priority)
        found = looked(server, layout, before)
        assert found.arrived is None, "what came to one list is not what came"
        assert found.depth == own_count(server, "mail", **options) == 5
    told = {each.what: each.count for each in found.counts if each.what.startswith("priority")}
    named = {f"priority {step}": 0 for step in (3, 6)}
    assert told == named | {"priority 1": 1, "priority 4": 2, "priority 9": 1}


def test_what_is_refused_is_not_known_and_loses_no_more() -> None:
    refused: Reply = ErrorReply("NOPERM this user may not")
    lengths: list[Reply] = [2, *[0] * 9]
    moment = Moment(now=1.7e9, version=(7, 0, 0))
    trips: list[list[Reply]] = [[refused] * 3, [*lengths, refused], [refused]]
    seen = found_in(LAYOUT.look(moment), trips)
    assert seen is not None
    assert (seen.depth, unacked(seen), seen.head, seen.tail) == (2, None, None, None)
    parts = ["priorities", "newest task", "remote control", "next task", "unacked"]
    assert sorted(note.partition(": NOPERM")[0] for note in seen.notes[1:]) == sorted(parts)
    assert found_in(LAYOUT.look(moment), [[refused] * 3, [refused, *lengths[1:]]]) is None


@pytest.mark.parametrize(
    "member",
    [b"", b"celery", b"celerycelery", b"celery::mail", b"celery:;celery", b"celery\xff\xffcelery",
     b"celery" + b"x" * 200 + b"celery"],
)  # fmt: skip
def test_a_binding_that_tells_no_separator(member: bytes) -> None:
    look = LAYOUT.look(Moment(now=1.7e9, version=(7, 0, 0)))
    next(look)
    assert ("LLEN", LAYOUT.key(3)) in look.send([[b"0", [member]], 0, 0])


def test_a_long_queue_costs_no_more(redis7: Server) -> None:
    with redis7.client() as app, queueing(redis7) as queue:
        app.flushall()
        queue(0)
        (message,) = app.lrange("celery", 0, -1)
    short = looked(redis7, LAYOUT)
    fill = ["x" * 50] * 100_000
    longer = [("RPUSH", "celery", *fill, message), ("LPUSH", "celery", message[::-1])]
    cost = same_cost(redis7, LAYOUT, short, longer)
    assert cost.ran == {"llen", "lindex", "lpos", "hlen", "pubsub", "sscan"}
    assert len(cost.commands) == 16


@settings(max_examples=60)
@given(
    st.lists(replies, max_size=3),
    st.one_of(st.lists(st.integers(0, 2), min_size=10, max_size=10), st.lists(replies, max_size=9)),
    st.lists(replies, max_size=4),
)
def test_it_bears_whatever_comes(first: Any, lengths: Any, rest: Any) -> None:
    moment = Moment(now=1.7e9, version=(7, 0, 0), before=Counted(tail=b"x", head=b"0x"))
    found = found_in(LAYOUT.look(moment), [first, lengths + rest, rest])
    assert found is None or (found.depth is not None and found.depth >= 0)
