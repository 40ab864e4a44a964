"""RQ's queue, with its own library queueing and its own workers."""

import os
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rq import Queue, suspension
from rq import Worker as RqWorker

from tests.live.redis import rq_work
from tests.live.redis.footprint import same_cost
from tests.live.redis.hostile import found_in, replies
from tests.live.redis.looking import asked, looked, polled
from tests.live.redis.servers import Server
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.rq import KILLED, Rq
from warroom.connect.queues.talk import ReplyError

ROOT = Path(__file__).parents[3]
RQ = str(Path(sys.executable).parent / "rq")
MAIL = Rq("mail")


@contextmanager
def worker(server: Server, *queues: str) -> Iterator[Any]:
    """A worker, and what it forks, that end with the block."""
    command = [RQ, "worker", "--url", server.url, "--quiet", *queues]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=-3) as process:
        try:
            yield process
        finally:
            killed(process)


def killed(process: Any) -> None:
    """The whole family, at once: nothing can be said to anybody any more."""
    if process.poll() is None:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children()]
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.send_signal(signal.SIGKILL)
        process.wait(10)


def test_from_the_first_job_to_the_last(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        nothing = looked(server, MAIL)
        assert (nothing.depth, nothing.workers, nothing.absent) == (0, 0, ("rq:queue:mail",))
        jobs = [queue.enqueue(rq_work.wait, number) for number in range(5)]
        first = looked(server, MAIL)
        assert (first.depth, first.active, first.failed) == (queue.count, 0, 0) == (5, 0, 0)
        assert first.head == jobs[0].id.encode()
        assert first.oldest == pytest.approx(time.time(), abs=10)
        assert first.finished is None
        with worker(server, "mail") as process:
            found = polled(server, MAIL, lambda seen: seen.active == 1)
            assert (found.depth, found.workers) == (4, RqWorker.count(queue=queue)) == (4, 1)
            assert KILLED in found.notes
            before = looked(server, MAIL)
            queue.enqueue(rq_work.wait, 5)
            after = looked(server, MAIL, before)
            assert (after.depth, after.arrived, after.head) == (5, 1, before.head)
            app.set("go", 3)
            done = polled(server, MAIL, lambda seen: seen.finished == 3 and seen.depth == 2)
            assert queue.count == 2
            polled(server, MAIL, lambda seen: seen.active == 1)
            assert done.head != before.head
            killed(process)
            # Its job stays in hand until its time is over, and then it is stalled.
            (entry,) = app.zrange("rq:wip:mail", 0, -1)
            app.zadd("rq:wip:mail", {entry: time.time() - 1})
            found = looked(server, MAIL)
            assert found.active == 0
            assert [each.count for each in found.counts if each.what == "stalled"] == [1]
        app.set("go", 100)
        with worker(server, "mail"):
            polled(server, MAIL, lambda seen: seen.depth == 0)


def test_jobs_that_fail_by_name_and_error_and_one_seen_whole(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        for _ in range(2):
            queue.enqueue(rq_work.fails, "ana@harbour.example")
        with worker(server, "mail", "other"):
            found = polled(server, MAIL, lambda seen: seen.failed == 2)
            assert found.failed == len(queue.failed_job_registry)
            assert found.finished is None  # its worker counts for another queue, too
        job, _ = asked(server, MAIL.failures("emails"))
        assert (job.queue, job.name) == ("emails", "tests.live.redis.rq_work.fails")
        assert job.error == "ValueError: no such address: ana@harbour.example"
        assert job.failed_at is not None
        assert abs(job.failed_at.timestamp() - time.time()) < 30
        told = asked(server, MAIL.job(job.id))
        assert "Traceback (most recent call last)" in told
        assert "status: failed" in told
        with pytest.raises(ReplyError, match="there is no job gone"):
            asked(server, MAIL.job("gone"))


def test_later_at_the_front_and_suspended(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        first = queue.enqueue(rq_work.wait, 0)
        before = looked(server, MAIL)
        queue.enqueue(rq_work.wait, 1, at_front=True)
        seen = looked(server, MAIL, before)
        assert seen.head == before.head == first.id.encode()  # it was only overtaken
        app.zadd("rq:scheduled:mail", {"later": time.time() + 60})
        suspension.suspend(app)
        seen = looked(server, MAIL)
        assert (seen.delayed, seen.paused) == (1, True)
        suspension.resume(app)
        assert not looked(server, MAIL).paused


def test_a_trace_of_older_versions_and_bombs(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        bomb = zlib.compress(b"x" * 50_000_000)
        for name, trace in (
            ("old", zlib.compress(b"a\nKeyError: 'x'")),
            ("bomb", bomb),
            ("odd", b"?"),
        ):
            app.hset(
                f"rq:job:{name}", mapping={"description": "f()", "exc_info": trace, "data": "x"}
            )
            app.zadd("rq:failed:mail", {name: time.time() + 100})
        found = {job.id: job.error for job in asked(redis7, MAIL.failures("mail"))}
        assert found["old"] == "KeyError: 'x'"
        assert len(found["bomb"]) == 500
        assert found["odd"] == ""
        assert len(asked(redis7, MAIL.job("bomb"))) <= 20_000


def test_a_long_queue_costs_no_more(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        Queue("mail", connection=app).enqueue(rq_work.wait, 0)
        app.sadd("rq:workers:mail", "rq:worker:one")
        app.hset("rq:worker:one", mapping={"queues": "mail"})
        (job,) = app.lrange("rq:queue:mail", 0, -1)
    short = looked(redis7, MAIL)
    fill = ["x" * len(job)] * 50_000
    cost = same_cost(redis7, MAIL, short, [("LPUSH", "rq:queue:mail", *fill, job)])
    assert cost.ran == {
        *("llen", "lindex", "lpos", "zcard", "zcount", "sscan", "exists", "sismember"),
        *("hget", "hmget"),
    }


@settings(max_examples=60)
@given(st.lists(st.lists(replies, max_size=16), max_size=3))
def test_it_bears_whatever_comes(trips: Any) -> None:
    moment = Moment(now=1.7e9, version=(7, 0, 0), before=Counted(tail=b"x", head=b"y"))
    found = found_in(MAIL.look(moment), trips)
    assert found is None or (found.depth is not None and found.depth >= 0)
    found_in(MAIL.failures("q"), trips)
    found_in(MAIL.job("x"), trips)
