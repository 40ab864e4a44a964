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
from warroom.connect.queues.arq import FIRST, NOT_TOLD, SILENT, WIDE, Arq
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.talk import ErrorReply, Reply, ReplyError

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


def next_job(found: Counted) -> bytes:
    return (found.head or b"").partition(b" ")[2]


def test_from_the_first_job_to_the_last(server: Server) -> None:
    with server.client() as app:
        assert looked(server, LAYOUT).absent == ("arq:queue",)
        assert queued(server, 8) == 8
        found = looked(server, LAYOUT)
        assert (found.depth, found.active, found.delayed, found.unfinished) == (8, 0, 0, 8)
        assert next_job(found) == b"job-0"
        assert found.oldest == pytest.approx(app.time()[0], abs=15)
        assert (found.workers, found.finished, found.failed) == (None, None, None)
        assert found.notes == (NOT_TOLD, SILENT)
        with worker(server) as process:
            # Its health check comes after the first jobs.
            found = polled(
                server, LAYOUT, lambda seen: seen.active == 3 and SILENT not in seen.notes
            )
            assert (found.depth, next_job(found), found.notes) == (5, b"job-3", (NOT_TOLD,))
            app.set("go", 4)  # four of them are done, the next three taken
            found = polled(server, LAYOUT, lambda seen: seen.unfinished == 4)
            found = polled(server, LAYOUT, lambda seen: seen.active == 3)
            assert (found.depth, next_job(found)) == (1, b"job-7")
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
    assert "state: waits" in told
    assert "pickled (not opened)" in told
    with pytest.raises(ReplyError, match="there is no job gone"):
        asked(redis7, LAYOUT.job("gone"))
    assert asked(redis7, LAYOUT.failures("q")) == ()


def test_jobs_that_fail_and_are_tried_again(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        queued(redis7, 1, 0, "later")
        queued(redis7, 2, 0, "fails")
        before = looked(redis7, LAYOUT)
        assert (before.depth, next_job(before)) == (3, b"later-0")
        with worker(redis7):
            after = polled(redis7, LAYOUT, lambda seen: (seen.unfinished, seen.active) == (1, 0))
    assert (after.depth, after.delayed, after.failed) == (0, 1, None)
    told = asked(redis7, LAYOUT.job("later-0"))
    assert "state: waits" in told
    assert "tried: 1 times" in told
    told = asked(redis7, LAYOUT.job("fails-0"))
    assert "state: finished or failed" in told
    assert "no luck with 0" in told


def test_another_next_job_is_progress_only_when_one_was_taken(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        app.zadd("arq:queue", {"b": 2e11, "c": 3e11})
        first = looked(redis7, LAYOUT)
        assert (next_job(first), first.oldest) == (b"b", 2e8)
        app.zadd("arq:queue", {"a": 1})
        ahead = looked(redis7, LAYOUT, first)
        assert (ahead.head, ahead.depth) == (first.head, 3)
        assert ahead.oldest == 2e8, "one that is to be aborted is no time at all"
        app.set("arq:in-progress:b", 1)
        assert next_job(looked(redis7, LAYOUT, first)) == b"a"
        app.delete("arq:in-progress:b")
        app.zincrby("arq:queue", 5e10, "b")
        assert looked(redis7, LAYOUT, first).head != first.head, "it was taken, and tried again"


def test_more_in_hand_than_are_looked_at(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        jobs = [f"{number:04}" for number in range(WIDE + 10)]
        app.zadd("arq:queue", dict.fromkeys(jobs, 1_000))
        app.mset({f"arq:in-progress:{job}": 1 for job in jobs[: FIRST + 50]})
        found = looked(redis7, LAYOUT)
        assert (found.depth, found.active, found.unfinished) == (None, None, WIDE + 10)
        assert [(each.what, each.count) for each in found.counts] == [("due", WIDE + 10)]
        assert "the last of the first 100 that are due is" in found.notes[1]
        found = looked(redis7, LAYOUT, found)
        assert (found.depth, found.active) == (WIDE - FIRST - 40, FIRST + 50)
        assert "looked for among the first 1,000 that are due" in found.notes[1]
        app.mset({f"arq:in-progress:{job}": 1 for job in jobs})
        assert looked(redis7, LAYOUT, found).depth is None


def test_what_is_finished_or_refused_in_the_midst_of_a_look() -> None:
    moment = Moment(now=1.7e9, version=(7, 0, 0))
    first: list[Reply] = [[b"a", b"1600000000000", b"b", b"1600000001000"]]
    left: Reply = [b"b", b"1600000001000"]
    seen = found_in(LAYOUT.look(moment), [first, [[None, None], left, 3, 1, b"x"]])
    assert seen is not None
    assert (seen.depth, seen.active, seen.delayed, next_job(seen)) == (1, 0, 2, b"b")
    refused = ErrorReply("NOPERM this user may not")
    seen = found_in(LAYOUT.look(moment), [first, [refused, first[0], 3, 2, refused]])
    assert seen is not None
    assert (seen.depth, seen.active, seen.unfinished, seen.oldest) == (None, None, 3, None)
    assert [note.partition(" NOPERM")[0] for note in seen.notes[1:]] == [
        "in hand:",
        "health check:",
    ]


def test_a_long_queue_costs_no_more(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        app.zadd("arq:queue", {f"{n:08}": 1_000 for n in range(FIRST)})
    short = looked(redis7, LAYOUT)
    many = [part for n in range(FIRST, 100_000) for part in (1_000, f"{n:08}")]
    cost = same_cost(redis7, LAYOUT, short, [("ZADD", "arq:queue", *many)])
    assert cost.ran == {"zcard", "zcount", "zrangebyscore", "getrange", "mget"}
    assert len(cost.commands) == 6


LIKELY = st.lists(
    st.tuples(st.sampled_from([b"a", b"b", b"\xff"]), st.sampled_from([b"1", b"-inf", b"2e12"])),
    max_size=3,
).map(lambda pairs: [each for pair in pairs for each in pair])


@settings(max_examples=60)
@given(st.one_of(LIKELY, replies), st.one_of(LIKELY, replies), st.lists(replies, max_size=5))
def test_it_bears_whatever_comes(first: Any, again: Any, rest: Any) -> None:
    moment = Moment(now=1.7e9, version=(7, 0, 0), before=Counted(head=b"x"))
    for second in ([*rest[:1], again, 5, 3, *rest[1:]], rest):
        found = found_in(LAYOUT.look(moment), [[first], second])
        assert found is None or found.depth is None or found.depth >= 0
    found_in(LAYOUT.job("x"), [rest])
