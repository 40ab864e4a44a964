"""RQ: its own library queues, schedules, cancels and counts, and its own workers work, fail,
leave and are killed; what it counts is what is seen."""

import signal
import time
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rq import Queue, Repeat, Retry, suspension
from rq import Worker as RqWorker
from rq.job import JobStatus
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from tests.live.redis import rq_work
from tests.live.redis.bull import refusing
from tests.live.redis.footprint import same_cost
from tests.live.redis.hostile import found_in, replies
from tests.live.redis.looking import asked, looked, polled
from tests.live.redis.rq_at_work import every, killed, left, worker
from tests.live.redis.servers import Server
from tests.waiting import until
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.rq import Rq
from warroom.connect.queues.rq_front import RqCounted, Waiting
from warroom.connect.queues.rq_seen import DESERTED, LIMITED, LOST, UNSCHEDULED
from warroom.connect.queues.rq_worker import KILLED, MANY, SHARED, workers
from warroom.connect.queues.talk import Command, ReplyError
from warroom.sources.redis import flow

MAIL = Rq("mail")
ALLOWED = {
    *("EXISTS", "HGET", "HMGET", "LINDEX", "LLEN", "LPOS", "PUBSUB", "SCARD", "SISMEMBER"),
    *("SSCAN", "ZCARD", "ZCOUNT", "ZRANGE"),
}


def agreed(server: Server, queue: Any) -> Counted:
    """What is seen, which is what the library counts."""
    seen = looked(server, MAIL)
    assert seen.depth == queue.count
    assert seen.failed == len(queue.failed_job_registry)
    assert seen.delayed == len(queue.scheduled_job_registry)
    assert (seen.active or 0) + (every(seen)["stalled"] or 0) == len(
        queue.started_job_registry.get_job_ids(cleanup=False)
    )
    for name in ("finished", "deferred", "canceled"):
        assert every(seen)[name] == len(getattr(queue, f"{name}_job_registry"))
    return seen


def test_from_the_first_job_to_the_last(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        nothing = looked(server, MAIL)
        assert (nothing.depth, nothing.workers, nothing.absent) == (0, 0, ("rq:queue:mail",))
        jobs = [queue.enqueue(rq_work.wait, number) for number in range(5)]
        first = agreed(server, queue)
        assert (first.depth, first.active, first.unfinished) == (5, 0, 5)
        assert first.oldest == pytest.approx(jobs[0].enqueued_at.timestamp())
        assert (first.finished, first.absent, first.notes) == (None, (), ())
        with worker(server, "mail"):
            before = polled(server, MAIL, lambda seen: (seen.depth, seen.active) == (4, 1))
            assert before.workers == RqWorker.count(queue=queue) == 1
            assert before.oldest == pytest.approx(jobs[1].enqueued_at.timestamp())
            queue.enqueue(rq_work.wait, 5)
            after = looked(server, MAIL, before)
            assert (after.depth, after.arrived, after.head) == (5, 1, before.head)
            assert (after.finished, after.unfinished) == (0, 6)
            app.set("go", 3)
            done = polled(server, MAIL, lambda seen: (seen.depth, seen.active) == (2, 1))
            assert (done.finished, every(done)["finished"]) == (3, 3)
            assert looked(server, MAIL, after).head != after.head
            app.set("go", 100)
            drained = polled(server, MAIL, lambda seen: (seen.finished, seen.active) == (6, 0))
            agreed(server, queue)
        assert (drained.depth, drained.unfinished, drained.active) == (0, 0, 0)
        assert (drained.oldest, drained.head, drained.absent, drained.notes) == (None, None, (), ())


def test_a_worker_that_is_killed_is_seen_to_be_gone_and_its_job_to_be_stalled(
    server: Server,
) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        job = queue.enqueue(rq_work.wait, 1)
        with worker(server, "mail") as process:
            until(lambda: job.get_status() == JobStatus.STARTED)
            seen = looked(server, MAIL)
            assert (seen.active, seen.workers, seen.notes) == (1, 1, ())
            assert "in hand: its worker is to be heard of within" in asked(server, MAIL.job(job.id))
            killed(process)
        # RQ itself still counts on both of them.
        assert RqWorker.count(queue=queue) == 1
        seen = polled(server, MAIL, lambda seen: seen.workers == 0)
        assert (seen.active, every(seen)["stalled"]) == (1, 0)
        assert seen.notes == (
            "workers: 1 more registered and not connected: killed, or cut off",
            DESERTED,
        )
        later = time.time() + 100
        seen = asked(server, MAIL.look(Moment(now=later, version=(7, 0, 0))))
        assert (seen.active, every(seen)["stalled"], seen.unfinished) == (0, 1, 1)
        StartedJobRegistry(queue=queue).cleanup(later)
        assert agreed(server, queue).failed == 1
        (abandoned,) = asked(server, MAIL.failures("mail"))
        assert abandoned.error.startswith("Moved to FailedJobRegistry, due to AbandonedJobError")


def test_a_job_that_a_killed_worker_has_taken_and_not_begun_is_told(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        with worker(server, "mail") as process:
            until(lambda: any(each["cmd"] == "blmove" for each in app.client_list()), 20)
            process.send_signal(signal.SIGSTOP)
            job = queue.enqueue(rq_work.wait, 1)
            first = looked(server, MAIL)
            assert (first.depth, every(first)["intermediate"], LOST in first.notes) == (0, 1, False)
            killed(process)
        second = looked(server, MAIL, first)
        assert queue.intermediate_queue.get_job_ids() == [job.id]
        assert LOST in second.notes
        app.lpush(queue.intermediate_queue_key, "another")
        assert LOST not in looked(server, MAIL, second).notes


def test_who_counts_what_was_finished(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        app.set("go", 100)
        with worker(server, "mail") as one, worker(server, "mail"):
            polled(server, MAIL, lambda seen: seen.workers == 2)
            for number in range(4):
                queue.enqueue(rq_work.wait, number)
            before = polled(server, MAIL, lambda seen: seen.finished == 4)
            left(one, app)
            gone = looked(server, MAIL, before)
            assert (gone.workers, gone.finished, gone.notes) == (1, None, ())
            again = looked(server, MAIL, gone)
            assert again.finished is not None
            with worker(server, "mail", "other") as shared:
                both = polled(server, MAIL, lambda seen: seen.workers == 2)
                assert (both.finished, both.notes) == (None, (SHARED,))
                left(shared, app)
        # One that has its name from before, and other queues by now, is none of ours.
        app.sadd("rq:workers:mail", "rq:worker:moved")
        app.hset("rq:worker:moved", mapping={"queues": "mailbox,male", "birth": "x"})
        found = looked(server, MAIL)
        assert (found.workers, SHARED in found.notes) == (0, False)


def test_registries_and_suspension_are_the_librarys_own(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        jobs = [queue.enqueue(rq_work.wait, number) for number in range(3)]
        queue.enqueue(rq_work.wait, 9, depends_on=jobs[0])
        jobs[2].cancel()
        queue.enqueue_in(timedelta(hours=1), rq_work.wait, 9)
        seen = agreed(server, queue)
        assert (seen.depth, seen.delayed, seen.unfinished) == (2, 1, 2)
        assert (every(seen)["deferred"], every(seen)["canceled"]) == (1, 1)
        assert seen.notes == (UNSCHEDULED,)
        suspension.suspend(app)
        assert looked(server, MAIL).paused
        suspension.resume(app)
        assert not looked(server, MAIL).paused
        app.rpush("rq:queue:mail:intermediate", "lost")
        app.zadd("rq:ready:mail", {"ready": time.time()})
        app.sadd("rq:rl-keys", "smtp")
        seen = looked(server, MAIL)
        assert (every(seen)["intermediate"], every(seen)["ready"]) == (1, 1)
        assert LIMITED in seen.notes


def test_what_is_due_waits_for_a_scheduler(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        queue.enqueue_in(timedelta(seconds=-60), rq_work.wait, 0)
        queue.enqueue_in(timedelta(hours=1), rq_work.wait, 1)
        first = looked(server, MAIL)
        assert (first.depth, first.delayed, every(first)["scheduled, due"]) == (1, 1, 1)
        assert first.oldest == pytest.approx(time.time() - 60, abs=10)
        second = looked(server, MAIL, first)
        kept, _ = flow.look(None, first, 0.0)
        _, rates = flow.look(kept, second, 100.0)
        assert rates.stuck == 100, "due, and nobody brings it to a worker"
        with worker(server, "--with-scheduler", "mail"):
            seen = polled(server, MAIL, lambda seen: seen.active == 1)
        assert (seen.depth, seen.delayed, seen.notes) == (0, 1, ())


def test_jobs_that_fail_by_name_and_error_and_one_seen_whole(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        address = "ana@harbour.example"
        plain = queue.enqueue(rq_work.fails, address)
        own = queue.enqueue(rq_work.fails, address, description=f"to {address} (me)")
        again = queue.enqueue(rq_work.fails, address, retry=Retry(max=2), failure_ttl=-1)
        more = queue.enqueue(rq_work.once_more, failure_ttl=99)
        with worker(server, "mail"):
            seen = polled(server, MAIL, lambda seen: seen.failed == 4 and seen.active == 0)
            assert seen.finished == 7, "attempts count"
        agreed(server, queue)
        found = {job.id: job for job in asked(server, MAIL.failures("emails"))}
        assert address not in str(found).replace(f"no such address: {address}", "")
        names = [found[job.id].name.rpartition(".")[2] for job in (plain, own, again, more)]
        assert names == ["fails", "", "fails", "once_more"]
        assert [found[job.id].attempts for job in (plain, own, again, more)] == [1, 1, None, 2]
        assert found[plain.id].queue == "emails"
        assert found[plain.id].error == f"ValueError: no such address: {address}"
        assert "more than its maximum" in found[more.id].error
        for job in found.values():
            assert job.failed_at is not None
            assert abs(job.failed_at.timestamp() - time.time()) < 30
        told = asked(server, MAIL.job(plain.id))
        for words in (
            *("state: failed\n", "KeyError: 'no route'", "ended: 20", "failed at 20"),
            *("pickled (not opened)", address, "queue: mail"),
        ):
            assert words in told
        assert "maximum of retries exceeded at" in asked(server, MAIL.job(more.id))
        plain.requeue()
        assert looked(server, MAIL).failed == 3
        with pytest.raises(ReplyError, match="there is no job gone any more"):
            asked(server, MAIL.job("gone"))


def test_jobs_in_front_and_jobs_that_come_back_are_not_mistaken(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        one = queue.enqueue(rq_work.wait, 0)
        first = looked(server, MAIL)
        for number in (1, 2):
            queue.enqueue(rq_work.wait, number, at_front=True)
        second = looked(server, MAIL, first)
        assert (second.head, second.arrived) == (first.head, 2), "it was only overtaken"
        assert second.oldest == pytest.approx(one.enqueued_at.timestamp())
        queue.enqueue(rq_work.wait, 3, at_front=True)
        third = looked(server, MAIL, second)
        assert (third.head, third.arrived, third.oldest) == (first.head, 1, first.oldest)
        heads = {third.head}
        for _ in range(3):
            app.lpop("rq:queue:mail")
            third = looked(server, MAIL, third)
            heads.add(third.head)
        assert (len(heads), third.depth) == (4, 1), "another was taken each time"
        app.lpop("rq:queue:mail")
        queue.enqueue_job(one)
        back = looked(server, MAIL, third)
        assert back.head not in heads, "the same id, queued again"
        assert back.arrived is None
        assert back.oldest == pytest.approx(one.enqueued_at.timestamp())


def test_payloads_are_unpacked_and_never_opened(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        queue = Queue("mail", connection=app, serializer=JSONSerializer)
        job = queue.enqueue(
            rq_work.wait, 1, "hunter2", repeat=Repeat(times=2, interval=60), ttl=9, job_id="one"
        )
        told = asked(redis7, MAIL.job(job.id))
        for words in ('"hunter2"', "state: queued", "repeats left: 2", "timeout (s): 180"):
            assert words in told
        bomb = zlib.compress(b"x" * 50_000_000)
        app.hset("rq:job:bomb", mapping={"data": bomb, "exc_info": bomb})
        told = asked(redis7, MAIL.job("bomb"))
        assert len(told) <= 20_000
        app.hset("rq:job:bomb", "exc_info", "")
        assert "bytes packed; the first 262,144" in asked(redis7, MAIL.job("bomb"))


def test_whatever_failed_jobs_have_in_their_fields_is_borne(redis7: Server) -> None:
    trace = zlib.compress(b"Traceback:\n  File x\nKeyError: 'x'")
    with redis7.client() as app:
        app.flushall()
        app.hset("rq:job:old", mapping={"description": "f(1)", "exc_info": trace, "data": "x"})
        app.hset("rq:job:odd", mapping={"description": b"\xff" * 9_000, "ended_at": "9" * 30})
        app.set("rq:job:none", "no hash")
        app.set("rq:results:odd", "no stream")
        app.xadd("rq:results:none", {"type": "x", "exc_string": "?" * 9})
        ids = ("old", "odd", "none")
        app.zadd("rq:failed:mail", dict.fromkeys(ids, time.time() + 100))
        app.zadd("rq:failed:mail", {"forgotten": time.time() - 100, b"\xff": -1})
        assert looked(redis7, MAIL).failed == 4
        found = {job.id: job for job in asked(redis7, MAIL.failures("mail"))}
        assert set(found) == {"old", "odd", "none", "\ufffd"}
        assert (found["old"].name, found["old"].error) == ("f", "KeyError: 'x'")
        assert {found[name].error for name in ("odd", "none", "\ufffd")} == {""}
        assert "KeyError" in asked(redis7, MAIL.job("old"))
        assert "results: WRONGTYPE" in asked(redis7, MAIL.job("odd"))
        with pytest.raises(ReplyError, match="WRONGTYPE"):
            asked(redis7, MAIL.job("none"))
        # One that is never forgotten has no place among the others, but its own time.
        at = {f"job{n}": f"2026-01-01T00:00:0{n}.000000Z" for n in range(6)}
        for job, ended in at.items():
            app.hset(f"rq:job:{job}", "ended_at", ended)
            app.zadd("rq:failed:mail", {job: -1 if job == "job4" else time.time() + 200})
        newest = asked(redis7, MAIL.failures("mail"))
        assert [job.id for job in newest] == ["job5", "job4", "job3", "job2", "job1"]


def test_what_is_refused_costs_its_own_figure(redis7: Server) -> None:
    moment = Moment(now=1.7e9, version=(7, 0, 0))

    def without(*names: str) -> Counted:
        return asked(redis7, refusing(MAIL.look(moment), lambda command: command[0] in names))

    with redis7.client() as app:
        app.flushall()
        queue = Queue("mail", connection=app)
        queue.enqueue(rq_work.wait, 1)
        app.sadd("rq:workers:mail", "rq:worker:w")
        app.hset("rq:worker:w", mapping={"queues": "mail", "successful_job_count": 3})
        seen = without("PUBSUB")
        assert (seen.workers, seen.finished, seen.notes) == (1, 3, (KILLED,))
        for refused in ("SSCAN", "HMGET"):
            seen = without(refused)
            assert (seen.depth, seen.workers, seen.finished) == (1, None, None)
            assert seen.notes == ("workers: NOPERM this user has no permissions",)
        seen = without("ZCARD", "HGET", "EXISTS")
        assert (seen.depth, seen.active, seen.failed, seen.delayed) == (1, None, None, None)
        assert (seen.oldest, seen.unfinished, seen.paused) == (None, None, False)
        assert "oldest: NOPERM this user has no permissions" in seen.notes
        assert "paused: NOPERM this user has no permissions" in seen.notes
        with pytest.raises(ReplyError, match="NOPERM"):
            without("LLEN")
        app.hset("rq:worker:w", "successful_job_count", "many")
        assert without().finished is None
        app.hset("rq:worker:w", "death", "2026-01-01T00:00:00.000000Z")
        assert (without().workers, without().notes) == (0, ()), "it left while we looked"
        app.sadd("rq:workers:mail", *(f"rq:worker:{n}" for n in range(200)))
        many = without()
        assert (many.workers, many.finished, many.notes.count(MANY)) == (None, None, 1)
        # From Redis 7.2 on, a small set is told at once, whatever was asked for.
        notes: list[str] = []
        assert workers([b"rq:worker:%d" % n for n in range(128)], "mail", {}, notes) is None
        assert notes == [MANY]
        app.delete("rq:queue:mail")
        app.set("rq:queue:mail", "x")
        with pytest.raises(ReplyError, match="WRONGTYPE"):
            without()


def test_a_long_queue_costs_no_more_than_a_short_one(server: Server) -> None:
    later = 10_000_000_000

    def adding(many: int) -> list[Command]:
        ids = [b"%07d" % number for number in range(many)]
        scored: list[Any] = [part for each in ids for part in (later, each)]
        names = ("failed", "scheduled", "deferred", "ready", "finished", "canceled")
        return [
            ("RPUSH", "rq:queue:mail", *ids),
            ("ZADD", "rq:wip:mail", *scored),
            *(("ZUNIONSTORE", f"rq:{name}:mail", 1, "rq:wip:mail") for name in names),
        ]

    with server.client() as app:
        for command in adding(10):
            app.execute_command(*command)
        app.sadd("rq:workers:mail", "rq:worker:one")
        app.hset("rq:worker:one", mapping={"queues": "mail"})
    short = looked(server, MAIL)
    spent = same_cost(server, MAIL, short, [("DEL", "rq:queue:mail"), *adding(100_000)])
    assert set(spent.commands) <= ALLOWED
    assert spent.ran <= {name.lower() for name in ALLOWED}
    assert len(spent.commands) <= 29
    sent: list[Command] = []
    assert len(asked(server, MAIL.failures("mail"), sent)) == 5
    assert len(sent) == 3 + 5 * 3


@settings(max_examples=60)
@given(st.lists(replies, max_size=26), st.lists(replies, max_size=8))
def test_whatever_is_answered_the_look_holds(first: list[Any], second: list[Any]) -> None:
    known = Waiting(b"x", 1.7e9)
    before = RqCounted(head=b"y", next=known, newest=known, since=1.7e9, crew=frozenset([b"w"]))
    moment = Moment(now=1.7e9, version=(7, 0, 0))
    for each in (moment, replace(moment, before=before), replace(moment, before=Counted())):
        found = found_in(MAIL.look(each), [first, second])
        assert found is None or (found.depth is not None and found.depth >= 0)
        # With a length, and a worker that is registered.
        names = [b"0", [b"rq:worker:w"]]
        count = len(next(MAIL.look(moment)))
        filled = [3, *([1] * (count - 4)), names, b"id", b"id", *first]
        found = found_in(MAIL.look(each), [filled, second])
        assert found is not None
        assert found.depth is not None
    found_in(MAIL.failures("q"), [[first, [b"a", b"1e12", b"b", b"-1"]], second])
    found_in(MAIL.failures("q"), [[[b"5"], [b"a", b"1e12"], [b"b"]], second])
    found_in(MAIL.job("x"), [[[*first[:20]], *second]])
