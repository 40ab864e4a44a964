"""arq's queue, with its own library queueing and its own workers, which live in an environment
of their own: arq wants an older Redis client than ours."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.redis.footprint import same_cost
from tests.live.redis.hostile import found_in, replies
from tests.live.redis.looking import asked, looked, polled
from tests.live.redis.servers import Server
from warroom.connect.queues.arq import FIRST, NOT_TOLD, SILENT, Arq
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.talk import ReplyError

PYTHON = Path(__file__).parents[3] / ".venv/arq/bin/python"
SCRIPT = str(Path(__file__).parent / "arq_at_work.py")
LAYOUT = Arq()


def command(server: Server, *what: object) -> list[str]:
    assert PYTHON.exists(), "arq is not there; type: make test"
    return [str(PYTHON), SCRIPT, str(server.port), *map(str, what)]


def queued(server: Server, *what: object) -> int:
    """Queues so many; how many arq itself says there are."""
    done = subprocess.run(
        command(server, "queue", *what), capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@contextmanager
def worker(server: Server) -> Iterator[Any]:
    with subprocess.Popen(
        command(server, "work"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_from_the_first_job_to_the_last(server: Server) -> None:
    with server.client() as app:
        assert looked(server, LAYOUT).absent == ("arq:queue",)
        assert queued(server, 8) == 8
        found = looked(server, LAYOUT)
        assert (found.depth, found.active, found.delayed, found.unfinished) == (8, 0, 0, 8)
        assert found.head == b"job-0"
        assert found.oldest == pytest.approx(app.time()[0], abs=15)
        assert (found.workers, found.finished, found.failed) == (None, None, None)
        assert found.notes == (NOT_TOLD, SILENT)
        with worker(server) as process:
            found = polled(server, LAYOUT, lambda seen: seen.active == 3)
            assert (found.depth, found.head) == (5, b"job-3")
            assert found.notes == (NOT_TOLD,)
            app.set("go", 4)  # four of them are done, the next three taken
            found = polled(server, LAYOUT, lambda seen: seen.unfinished == 4)
            found = polled(server, LAYOUT, lambda seen: seen.active == 3)
            assert (found.depth, found.head) == (1, b"job-7")
            # Killed, it leaves its jobs in hand until their time is over.
            process.send_signal(signal.SIGKILL)
            process.wait(10)
            assert looked(server, LAYOUT).active == 3
        app.delete(*app.keys("arq:in-progress:*"))
        assert looked(server, LAYOUT).depth == 4
        app.set("go", 100)
        with worker(server):
            polled(server, LAYOUT, lambda seen: seen.unfinished == 0)


def test_jobs_that_are_deferred_and_one_seen_whole(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        queued(redis7, 3, 60)
        found = looked(redis7, LAYOUT)
        assert (found.depth, found.delayed, found.unfinished, found.oldest) == (0, 3, 3, None)
    told = asked(redis7, LAYOUT.job("job-0"))
    assert "in hand: no" in told
    assert "pickled (not opened)" in told
    with pytest.raises(ReplyError, match="there is no job gone"):
        asked(redis7, LAYOUT.job("gone"))
    assert asked(redis7, LAYOUT.failures("q")) == ()


def test_one_that_comes_ahead_is_not_taken_for_progress(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        app.zadd("arq:queue", {"b": 2_000, "c": 3_000})
        first = looked(redis7, LAYOUT)
        app.zadd("arq:queue", {"a": 1_000})
        assert looked(redis7, LAYOUT, first).head == first.head == b"b"
        app.set("arq:in-progress:b", 1)
        assert looked(redis7, LAYOUT, first).head == b"a"


def test_more_in_hand_than_are_looked_at(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        jobs = [f"{number:04}" for number in range(FIRST + 10)]
        app.zadd("arq:queue", dict.fromkeys(jobs, 1_000))
        app.mset({f"arq:in-progress:{job}": 1 for job in jobs[:FIRST]})
        found = looked(redis7, LAYOUT)
    assert (found.depth, found.active, found.unfinished) == (None, None, FIRST + 10)
    assert "all of the first 100 are" in found.notes[1]


def test_a_long_queue_costs_no_more(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        app.zadd("arq:queue", {f"{n:08}": 1_000 for n in range(FIRST)})
    short = looked(redis7, LAYOUT)
    many = [part for n in range(FIRST, 50_000) for part in (1_000, f"{n:08}")]
    cost = same_cost(redis7, LAYOUT, short, [("ZADD", "arq:queue", *many)])
    assert cost.ran == {"zcard", "zcount", "zrangebyscore", "getrange", "zscore", "mget"}


@settings(max_examples=60)
@given(st.lists(st.lists(replies, max_size=6), max_size=3))
def test_it_bears_whatever_comes(trips: Any) -> None:
    moment = Moment(now=1.7e9, version=(7, 0, 0), before=Counted(head=b"x"))
    found = found_in(LAYOUT.look(moment), trips)
    assert found is None or found.depth is None or found.depth >= 0
    found_in(LAYOUT.job("x"), trips)
