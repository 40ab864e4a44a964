"""BullMQ: its own library for Python adds, works, fails, retries and is killed; what it counts
is what is seen. What only Node's or older versions do is written key by key."""

import base64
import time
from dataclasses import replace
from typing import Any

import pytest
from bullmq import FlowProducer
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.redis.bull import bull, bull_worker, refusing
from tests.live.redis.footprint import same_cost
from tests.live.redis.hostile import found_in, replies
from tests.live.redis.looking import asked, looked, polled
from tests.live.redis.servers import Server
from warroom.connect.queues.bullmq import ADDS, Bullmq
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.talk import Command, Look, ReplyError, T
from warroom.sources.redis import flow

MAILS = Bullmq("mails")
ALLOWED = {
    *("CLIENT", "EXISTS", "GETRANGE", "HEXISTS", "HMGET", "LINDEX", "LLEN", "LPOS", "LRANGE"),
    *("MGET", "ZCARD", "ZCOUNT", "ZRANGE"),
}
LATER = {"delay": 3_600_000}
EACH = "for n = 1, tonumber(ARGV[1]) do local id = string.format('%07d', n) "
PUSH = EACH + "redis.call('LPUSH', KEYS[1], id) end"
ZADD = EACH + "redis.call('ZADD', KEYS[1], 10000000000, id) end"


def of(counted: Counted, what: str) -> int | None:
    return next(each.count for each in counted.counts if each.what == what)


async def agreed(server: Server, queue: Any) -> Counted:
    """What is seen, which is what the library counts."""
    seen, theirs = looked(server, MAILS), await queue.getJobCounts()
    assert theirs["waiting"] == of(seen, "waiting")
    assert theirs["prioritized"] == of(seen, "prioritized")
    assert theirs["completed"] == of(seen, "completed")
    assert theirs["waiting-children"] == of(seen, "waiting-children")
    assert theirs["delayed"] == (seen.delayed or 0) + (of(seen, "delayed, due") or 0)
    assert (theirs["active"], theirs["failed"]) == (seen.active, seen.failed)
    return seen


async def test_a_queue_from_its_first_job_to_its_last(server: Server) -> None:
    async with bull(server) as queue:
        await queue.add("ok", {"to": "ann"})
        await queue.add("hold", {})
        await queue.add("ok", {}, LATER)
        await queue.add("fail", {"card": "4111"}, {"priority": 3})
        await queue.add("fail", {}, {"priority": 3, "attempts": 2, "backoff": 3_600_000})
        seen = await agreed(server, queue)
        assert (seen.depth, seen.delayed, seen.unfinished, seen.added) == (4, 1, 5, 5)
        assert seen.oldest == pytest.approx(time.time(), abs=20)
        assert seen.workers is None, "nobody was seen yet: that is not nobody"

        with bull_worker(server, name="w1", concurrency=2):
            seen = polled(server, MAILS, lambda s: (s.active, s.delayed, s.failed) == (1, 2, 1))
            await agreed(server, queue)
            assert (seen.depth, seen.active, seen.workers) == (0, 1, 1)
            assert (of(seen, "stalled"), of(seen, "completed"), seen.oldest) == (0, 1, None)
            (failed,) = asked(server, MAILS.failures("mails"))
            assert (failed.id, failed.name, failed.attempts) == ("4", "fail", 1)
            assert failed.error == "no such address: 4"
            assert failed.failed_at is not None
            assert failed.failed_at.timestamp() == pytest.approx(time.time(), abs=20)
            told = asked(server, MAILS.job("4"))
            assert "state: failed" in told
            assert '"card": "4111"' in told
            assert "Traceback" in told
            assert "state: active, locked for another" in asked(server, MAILS.job("2"))

            with server.client() as client:
                client.rpush("release:2", "go")
            seen = polled(server, MAILS, lambda s: s.active == 0)
            assert (seen.unfinished, of(seen, "completed")) == (2, 2)

            await queue.retryJobs({"state": "failed"})
            polled(server, MAILS, lambda s: s.failed == 1 and s.depth == 0)
            (again,) = asked(server, MAILS.failures("mails"))
            assert again.attempts == 2
        last = looked(server, MAILS, seen)
        assert (last.workers, last.notes) == (0, (ADDS,)), "one was seen before"
        with pytest.raises(ReplyError, match="job 77 is not in mails any more"):
            asked(server, MAILS.job("77"))


async def test_a_worker_that_is_killed_leaves_a_job_that_is_seen_to_be_stalled(
    server: Server,
) -> None:
    async with bull(server) as queue:
        job = await queue.add("hold", {})
        with bull_worker(server, lockDuration=600) as worker:
            polled(server, MAILS, lambda s: s.active == 1 and of(s, "stalled") == 0)
            worker.kill()
            seen = polled(server, MAILS, lambda s: of(s, "stalled") == 1)
        assert (seen.active, seen.depth) == (1, 0)
        assert seen.notes[0] == "1 in hand have lost their worker, or it hangs (no lock)"
        assert "active, stalled: no worker" in asked(server, MAILS.job(job.id))
        with bull_worker(server, stalledInterval=100):
            with server.client() as client:
                client.rpush(f"release:{job.id}", "go")
            seen = polled(server, MAILS, lambda s: (s.active, of(s, "completed")) == (0, 1))
        assert (seen.active, of(seen, "stalled"), seen.unfinished) == (0, 0, 0)


async def test_a_job_that_is_finished_between_two_trips_is_not_stalled(server: Server) -> None:
    with server.client() as client:
        client.lpush("bull:mails:active", "1", "2", "3")
        client.set("bull:mails:2:lock", "token")

        def finished(look: Look[T]) -> Look[T]:
            commands = next(look)
            replies = yield commands
            client.lrem("bull:mails:active", 1, "1")
            commands = look.send(replies)
            try:
                look.send((yield commands))
            except StopIteration as end:
                found: T = end.value
                return found
            raise AssertionError("more than two round trips")

        moment = Moment(now=1.7e9, version=(7, 0, 0), clients=9)
        assert of(asked(server, finished(MAILS.look(moment))), "stalled") == 1


async def test_a_paused_queue_holds_its_jobs_wherever_they_lie(server: Server) -> None:
    async with bull(server) as queue:
        for _ in range(3):
            await queue.add("ok", {})
        before = looked(server, MAILS)
        await queue.pause()
        paused = looked(server, MAILS, before)
        assert (paused.paused, paused.depth, paused.head) == (True, 3, before.head)
        with server.client() as client:
            client.rename("bull:mails:wait", "bull:mails:paused")  # as it was until 5
        older = looked(server, MAILS, paused)
        assert (older.paused, older.depth, older.head) == (True, 3, before.head)
        assert older.oldest == before.oldest
        await queue.resume()
        assert not looked(server, MAILS).paused


async def test_delayed_jobs_that_are_due_wait_although_no_worker_moves_them(
    server: Server,
) -> None:
    async with bull(server) as queue:
        job = await queue.add("ok", {}, {"delay": 20})
        seen = polled(server, MAILS, lambda s: s.depth == 1)
        assert (seen.delayed, of(seen, "delayed, due"), seen.unfinished) == (0, 1, 1)
        assert seen.oldest == pytest.approx((job.timestamp + 20) / 1000, abs=0.002)
        kept = looked(server, MAILS, seen)
        assert kept.head == seen.head is not None


async def test_adds_that_add_nothing_do_not_hide_a_queue_that_is_stuck(server: Server) -> None:
    async with bull(server) as queue:
        first = await queue.add("ok", {})
        await queue.add("ok", {}, {"deduplication": {"id": "one"}})
        kept, _ = flow.look(None, looked(server, MAILS), 0.0)
        for at in range(1, 6):
            await queue.add("ok", {}, {"deduplication": {"id": "one"}})
            seen = looked(server, MAILS, kept.last)
            assert seen.depth == 2
            kept, rates = flow.look(kept, seen, at * 20.0)
            assert rates.stuck == at * 20.0
            assert not rates.finishing
        assert await queue.remove(first.id)
        assert looked(server, MAILS).added is None, "the next job tells that they are deduplicated"


async def test_jobs_with_ids_of_their_own_are_counted_as_they_come(server: Server) -> None:
    async with bull(server) as queue:
        for name in ("a", "b"):
            await queue.add("ok", {}, {"jobId": name})
        before = looked(server, MAILS)
        for name in ("b", "a", "c", "d"):
            await queue.add("ok", {}, {"jobId": name})
        seen = looked(server, MAILS, before)
        assert (before.added, seen.added, seen.arrived, seen.depth) == (None, None, 2, 4)
        assert seen.notes[0].startswith("arriving: ids are not the queue's own")
        await queue.add("ok", {}, LATER | {"jobId": "later"})
        assert looked(server, MAILS, seen).arrived is None


async def test_numbers_that_are_not_the_queues_own_are_ids_like_any_other(
    server: Server,
) -> None:
    async with bull(server) as queue:
        await queue.add("ok", {})
        assert looked(server, MAILS).added == 1
        await queue.add("ok", {}, {"jobId": "48113"})
        before = looked(server, MAILS)
        for _ in range(3):
            await queue.add("ok", {}, {"jobId": "48113"})
        seen = looked(server, MAILS, before)
        assert (before.added, seen.added, seen.arrived, seen.depth) == (None, None, 0, 2)


async def test_parents_wait_for_their_children_and_fail_with_them(server: Server) -> None:
    flows = FlowProducer({"connection": {"port": server.port}})
    async with bull(server) as queue:
        job = {"name": "ok", "queueName": "mails", "data": {}}
        bad = job | {"name": "fail", "opts": {"failParentOnFailure": True}}
        await flows.add(job | {"name": "parent", "children": [job, bad]})
        await flows.close()
        seen = await agreed(server, queue)
        assert (seen.depth, of(seen, "waiting-children"), seen.unfinished) == (2, 1, 3)
        with bull_worker(server):
            polled(server, MAILS, lambda s: s.failed == 2)
            assert (await agreed(server, queue)).unfinished == 0
        names = {each.name: each.error for each in asked(server, MAILS.failures("mails"))}
        assert names.keys() == {"parent", "fail"}
        assert names["parent"].startswith("child bull:mails:")


async def test_jobs_in_groups_are_not_said_to_be_none(server: Server) -> None:
    """BullMQ Pro's, of which only the next one comes to ``wait``."""
    async with bull(server) as queue:
        await queue.add("ok", {})
        before = looked(server, MAILS)
        with server.client() as client:
            client.zadd("bull:mails:groups:limit", {"ann": 1})
            client.incrby("bull:mails:id", 5)
            seen = looked(server, MAILS, before)
            assert (seen.depth, seen.unfinished, seen.oldest) == (None, None, None)
            assert (seen.added, of(seen, "waiting"), seen.head) == (6, 1, before.head)
            assert "not told of jobs that are in BullMQ Pro's groups" in seen.notes[0]
            client.delete("bull:mails:groups:limit")
            assert looked(server, MAILS, seen).depth == 1


async def test_the_next_job_is_watched_until_it_is_taken(server: Server) -> None:
    async with bull(server) as queue:
        await queue.add("ok", {}, {"priority": 2})
        first = looked(server, MAILS)
        await queue.add("ok", {}, {"priority": 1})
        ahead = looked(server, MAILS, first)
        assert None not in (first.head, ahead.head)
        assert ahead.overtaken, "put before it, none taken"
        assert ahead.oldest is None
        assert "oldest: not told of jobs that have different priorities" in ahead.notes
        await queue.add("hold", {}, {"lifo": True})
        seen = looked(server, MAILS, ahead)
        assert seen.head is not None
        with bull_worker(server):
            polled(server, MAILS, lambda s: s.active == 1)
            taken = looked(server, MAILS, seen)
            assert taken.head is not None
            assert taken.head != seen.head


async def test_how_long_a_job_waits_is_not_guessed(server: Server) -> None:
    async with bull(server) as queue:
        tried = await queue.add("ok", {}, LATER)
        await tried.promote()
        seen = looked(server, MAILS)
        assert seen.depth == 1
        assert seen.oldest == pytest.approx(tried.timestamp / 1000 + 3600)
        with server.client() as client:
            key = f"bull:mails:{tried.id}"
            for field, value in (("processedOn", 1), ("atm", 1), ("stacktrace", "[]")):
                client.hset(key, field, value)
                assert looked(server, MAILS).oldest is None, field
                client.hdel(key, field)
            client.hset(f"{key}:processed", "child", 1)
            assert looked(server, MAILS).oldest is None
            client.delete(f"{key}:processed")
            for opts in ('{"lifo":true}', "[" * 90_000, "{", '{"delay":"x"}', '{"delay":1e300}'):
                client.hset(key, "opts", opts)
                assert looked(server, MAILS).oldest is None, opts[:20]


def test_what_only_others_write_is_understood(server: Server) -> None:
    """Markers in ``wait`` (until 5), Node's names of connections, limits."""
    coded = base64.b64encode(b"mails").decode()
    with server.client() as client, server.client() as other, server.client() as events:
        client.hset("bull:mails:meta", mapping={"concurrency": 2, "max": 10, "duration": 1000})
        client.set("bull:mails:limiter", 10)
        client.lpush("bull:mails:wait", "0:0")
        client.client_setname(f"bull:{coded}")
        other.client_setname(f"bull:{coded}:w:mailer")
        events.client_setname(f"bull:{coded}:qe")
        seen = looked(server, MAILS)
        assert (seen.depth, seen.workers, seen.head) == (0, 2, None)
        client.lpush("bull:mails:wait", "7", "8")
        client.lpush("bull:mails:active", "5", "6")
        client.hset("bull:mails:7", mapping={"timestamp": 1_700_000_000_000, "opts": "{}"})
        seen = looked(server, MAILS)
        assert (seen.depth, seen.oldest) == (2, 1_700_000_000)
        assert of(seen, "stalled") == 2
        assert "2 are in hand, its global concurrency: no more are taken" in seen.notes
        assert "rate limited: none is taken at the moment" in seen.notes


def test_a_queue_that_is_not_there_is_not_empty(server: Server) -> None:
    with pytest.raises(ReplyError, match="no key bull:mails:meta: no such queue"):
        looked(server, MAILS)
    with server.client() as client:
        client.hset("app:mails:meta", "opts.maxLenEvents", 10_000)
        assert looked(server, Bullmq("mails", "app")).depth == 0
        client.set("bull:mails:wait", "x")
        with pytest.raises(ReplyError, match="WRONGTYPE"):
            looked(server, MAILS)


def test_what_is_refused_costs_its_own_figure(server: Server) -> None:
    with server.client() as client:
        client.hset("bull:mails:meta", "paused", 1)
        client.lpush("bull:mails:wait", "1")
        client.set("bull:mails:1", "no hash")
        client.lpush("bull:mails:active", "2")
        client.rpush("bull:mails:failed", "x")
        moment = Moment(now=1.7e9, version=(7, 0, 0), clients=9)
        forbidden = {"CLIENT", "MGET", "GETRANGE"}
        seen = asked(server, refusing(MAILS.look(moment), lambda c: c[0] in forbidden))
        assert (seen.depth, seen.active, seen.failed) == (1, 1, None)
        assert (seen.workers, seen.added, of(seen, "stalled")) == (None, None, None)
        assert (seen.head, seen.oldest) == (None, None)
        notes = "\n".join(seen.notes)
        for words in ("workers: NOPERM", "stalled: NOPERM", "next job: WRONGTYPE", "failed: WRONG"):
            assert words in notes
        told = {"timestamp": 1_700_000_000_000, "opts": "{}"}
        client.zadd("bull:mails:prioritized", {"9": 2**32})
        client.hset("bull:mails:9", mapping=told)
        seen = asked(server, refusing(MAILS.look(moment), lambda c: c[0] == "LRANGE"))
        assert (seen.depth, seen.head, seen.oldest) == (2, None, None), "others come before it"
        assert of(seen, "stalled") is None
        many = asked(server, MAILS.look(Moment(now=1.7e9, version=(7, 0, 0), clients=501)))
        assert many.workers is None
        assert "workers: not told: more clients than are listed (501)" in many.notes


def test_whatever_failed_jobs_have_in_their_fields_is_borne(server: Server) -> None:
    with server.client() as client:
        client.zadd("bull:mails:failed", {"1": 1, "2": 2, "3": 3, b"\xff": 4})
        client.set("bull:mails:3", "no hash")
        told = {"finishedOn": "9" * 17, "atm": "-1", "name": "n" * 9_000, "stacktrace": "[" * 9_000}
        client.hset("bull:mails:2", mapping=told | {"failedReason": b"\xff" + b"e" * 1_000_000})
        odd, none, long, gone = asked(server, MAILS.failures("mails"))
        assert (odd.id, none.name, none.error, gone.id) == ("\ufffd", "", "", "1")
        assert (len(long.name), len(long.error)) == (200, 500)
        assert (long.failed_at, long.attempts) == (None, None)
        shown = asked(server, MAILS.job("2"))
        assert (len(shown), "state: failed" in shown) == (20_000, True)
        with pytest.raises(ReplyError, match="WRONGTYPE"):
            asked(server, MAILS.job("3"))


class Unlisted(Bullmq):
    """Lists no clients: how much is told of them has nothing to do with the queue."""

    def look(self, moment: Moment) -> Look[Counted]:
        return super().look(replace(moment, clients=None))


def test_a_long_queue_costs_no_more_than_a_short_one(server: Server) -> None:
    def adding(many: int) -> list[Command]:
        copied = {"active": "wait"}
        copied |= dict.fromkeys(("delayed", "completed", "failed"), "prioritized")
        return [
            ("EVAL", PUSH, 1, "bull:mails:wait", many),
            ("EVAL", ZADD, 1, "bull:mails:prioritized", many),
            *(
                ("COPY", f"bull:mails:{like}", f"bull:mails:{to}", "REPLACE")
                for to, like in copied.items()
            ),
        ]

    with server.client() as client:
        client.hset("bull:mails:meta", "version", "x")
        client.set("bull:mails:id", 1_000_000)
        for command in adding(200):
            client.execute_command(*command)
        layout = Unlisted("mails")
        spent = same_cost(server, layout, looked(server, layout), adding(100_000))
        assert client.llen("bull:mails:wait") > 100_000
    assert set(spent.commands) <= ALLOWED
    assert spent.ran <= {name.lower() for name in ALLOWED}
    assert len(spent.commands) <= 36
    assert len(asked(server, MAILS.failures("mails"))) == 5


@settings(max_examples=50)
@given(st.lists(replies, max_size=14), st.lists(replies, max_size=8))
def test_whatever_is_answered_the_look_holds(first: list[Any], second: list[Any]) -> None:
    before = Counted(head=b"1\0a|b|c", tail=b"1", unfinished=1, active=None)
    moment = Moment(now=1.7e9, version=(7, 0, 0), clients=3, before=before)
    found_in(MAILS.look(moment), [first, second])
    lengths: list[Any] = [b"5", 2, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1]
    seen = found_in(MAILS.look(moment), [lengths + first, second])
    assert seen is not None
    assert seen.depth is not None
    found_in(MAILS.failures("q"), [[[b"1", b"2"]], second])
    found_in(MAILS.job("1"), [[[b"1", *first], *second]])
