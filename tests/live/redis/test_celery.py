"""Celery's queues on Redis, with its own library queueing and its own worker."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import Celery as App
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.redis.footprint import same_cost
from tests.live.redis.hostile import found_in, replies
from tests.live.redis.looking import asked, looked, polled
from tests.live.redis.servers import Server
from warroom.connect.queues.celery import NOBODY, NOT_TOLD, Celery
from warroom.connect.queues.layout import Counted, Moment
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
        yield lambda number, **more: app.send_task("shop.wait", (number,), **more)
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
            # One at work, and one that it has fetched ahead.
            found = polled(server, LAYOUT, lambda seen: (unacked(seen) or 0) >= 1)
            assert found.depth == app.llen("celery")
            assert found.head != first.head
            assert found.notes == (NOT_TOLD,)
            app.set("go", 100)
            polled(server, LAYOUT, lambda seen: seen.depth == 0 and unacked(seen) == 0)
            assert looked(server, LAYOUT).absent == ()
            # Killed, it still stands in its own books; that it does not listen is seen.
            process.kill()
            process.wait(10)
            assert app.scard("_kombu.binding.celery.pidbox") == 1
            polled(server, LAYOUT, lambda seen: NOBODY in seen.notes)


def test_priorities_and_a_prefix(server: Server) -> None:
    layout = Celery("mail", prefix="shop:")
    options = {"global_keyprefix": "shop:", "queue_order_strategy": "priority"}
    with server.client() as app, queueing(server, **options) as queue:
        queue(1, queue="mail")
        before = looked(server, layout)
        assert (before.depth, before.tail is not None) == (1, True)
        queue(2, queue="mail", priority=9)
        found = looked(server, layout, before)
        assert (found.depth, found.arrived, found.tail) == (2, None, None)
        assert Count("priority 9", 1) in found.counts
        assert found.head == before.head
        app.delete(layout.key(0))
        assert looked(server, layout).head not in (None, before.head)
    assert asked(server, layout.failures("mail")) == ()


def test_a_long_queue_costs_no_more(redis7: Server) -> None:
    with redis7.client() as app, queueing(redis7) as queue:
        app.flushall()
        queue(0)
        (message,) = app.lrange("celery", 0, -1)
    short = looked(redis7, LAYOUT)
    fill = ["x" * 50] * 50_000
    longer = [("RPUSH", "celery", *fill, message), ("LPUSH", "celery", message[::-1])]
    cost = same_cost(redis7, LAYOUT, short, longer)
    assert cost.ran == {"llen", "lindex", "lpos", "hlen", "pubsub", "exists"}


@settings(max_examples=60)
@given(st.lists(st.lists(replies, max_size=9), max_size=2))
def test_it_bears_whatever_comes(trips: Any) -> None:
    moment = Moment(now=time.time(), version=(7, 0, 0), before=Counted(tail=b"x"))
    found = found_in(LAYOUT.look(moment), trips)
    assert found is None or (found.depth is not None and found.depth >= 0)
