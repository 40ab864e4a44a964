"""BullMQ's jobs are brought back, and put aside: its own workers work them off."""

import time

import pytest
from bullmq import FlowProducer

from tests.live.redis.bull import bull, bull_worker
from tests.live.redis.looking import polled
from tests.live.redis.remedying import applied, at_once, flushed, surveyed, unflushed
from tests.live.redis.servers import Server
from tests.live.redis.test_bullmq import agreed, of
from warroom.connect.queues.bullmq import Bullmq
from warroom.connect.queues.remedies.terms import GONE
from warroom.connect.queues.talk import ReplyError

pytestmark = pytest.mark.long

MAILS = Bullmq("mails")


async def test_failed_jobs_are_done_once_by_a_worker_that_waits(server: Server) -> None:
    async with bull(server) as queue:
        jobs = [await queue.add("fail", {}) for _ in range(3)]
        jobs.append(await queue.add("fail", {}, {"priority": 2}))
        with server.client() as app, bull_worker(server):
            polled(server, MAILS, lambda seen: seen.failed == 4)
            shown = surveyed(server, MAILS, "retry_failed")
            assert [each.identity for each in shown.targets] == ["1", "2", "3", "4"]
            assert shown.targets[0].words.startswith("fail: no such address: 1")
            for job in jobs:
                app.hset(f"bull:mails:{job.id}", "name", "ok")
            await jobs[0].retry("failed")
            polled(server, MAILS, lambda seen: (seen.failed, of(seen, "completed")) == (3, 1))
            await queue.add("fail", {})
            polled(server, MAILS, lambda seen: seen.failed == 4)
            found = applied(server, MAILS, "retry_failed", shown)
            assert found.touched == 3
            (no,) = found.refused
            assert no == f"1: {GONE}"
            seen = polled(server, MAILS, lambda seen: of(seen, "completed") == 4)
            assert (seen.failed, seen.unfinished) == (1, 0)
            assert [app.hget(f"bull:mails:{n}", "ats") for n in (2, 3, 4)] == [b"2"] * 3
            await agreed(server, queue)
            events = [fields for _, fields in app.xrange("bull:mails:events")]
            assert sum(each.get(b"prev") == b"failed" for each in events) == 4


async def test_a_killed_workers_job_is_worked_off_by_another(server: Server) -> None:
    async with bull(server) as queue:
        job = await queue.add("hold", {})
        with bull_worker(server, lockDuration=600) as worker:
            polled(server, MAILS, lambda seen: seen.active == 1)
            assert surveyed(server, MAILS, "clear_stuck").targets == (), "its lock is held"
            worker.kill()
            polled(server, MAILS, lambda seen: of(seen, "stalled") == 1)
        shown = surveyed(server, MAILS, "clear_stuck")
        assert [each.identity for each in shown.targets] == [job.id]
        with server.client() as app:
            app.set(f"bull:mails:{job.id}:lock", "token")
            found = applied(server, MAILS, "clear_stuck", shown)
            assert (found.touched, len(found.refused)) == (0, 1)
            app.delete(f"bull:mails:{job.id}:lock")
            assert applied(server, MAILS, "clear_stuck", shown).touched == 1
            await agreed(server, queue)
            app.rpush(f"release:{job.id}", "go")
            with bull_worker(server):
                polled(server, MAILS, lambda seen: of(seen, "completed") == 1)
            assert app.hmget(f"bull:mails:{job.id}", "ats", "stc") == [b"2", b"1"]
            assert applied(server, MAILS, "clear_stuck", shown).touched == 0


async def test_a_failed_child_is_waited_for_again(server: Server) -> None:
    flow = FlowProducer({"connection": {"port": server.port}})
    child = {"name": "fail", "queueName": "mails", "data": {}, "opts": {"failParentOnFailure": 0}}
    tree = await flow.add({"name": "ok", "queueName": "all", "data": {}, "children": [child]})
    await flow.close()
    with server.client() as app:
        with bull_worker(server):
            polled(server, MAILS, lambda seen: seen.failed == 1)
        parent, made = (f"bull:{each}" for each in (f"all:{tree['job'].id}", "mails:"))
        made += tree["children"][0]["job"].id
        # As the script leaves it that fails a child which its parent ignores, or is told of.
        for place, note in ((":failed", app.hset), (":unsuccessful", app.zadd)):
            app.srem(f"{parent}:dependencies", made)
            note(parent + place, mapping={made: 1})
            shown = surveyed(server, MAILS, "retry_failed")
            assert applied(server, MAILS, "retry_failed", shown).touched == 1
            assert app.smembers(f"{parent}:dependencies") == {made.encode()}
            assert not app.exists(parent + place)
            app.lrem("bull:mails:wait", 1, made.rpartition(":")[2])
            app.zadd("bull:mails:failed", {made.rpartition(":")[2]: 1})


async def test_flushed_jobs_come_back_before_what_came_since(server: Server) -> None:
    async with bull(server) as queue:
        for _ in range(3):
            await queue.add("ok", {})
        await queue.add("ok", {}, {"priority": 3})
        await queue.add("ok", {}, {"delay": 3_600_000})
        with server.client() as app, bull_worker(server, concurrency=1) as worker:
            polled(server, MAILS, lambda seen: of(seen, "completed") == 4)
            worker.kill()
            worker.wait(20)
            for _ in range(3):
                await queue.add("ok", {})
            await queue.add("ok", {}, {"priority": 3})
            shown = surveyed(server, MAILS, "flush")
            assert (shown.total, len(shown.targets)) == (4, 2)
            assert flushed(server, MAILS).touched == 4
            await queue.add("ok", {})
            await queue.add("ok", {}, {"priority": 3})
            with bull_worker(server):
                polled(server, MAILS, lambda seen: of(seen, "completed") == 6)
                assert unflushed(server, MAILS).touched == 4
                polled(server, MAILS, lambda seen: of(seen, "completed") == 10)
            await queue.add("ok", {})
            await queue.add("ok", {}, {"priority": 3})
            flushed(server, MAILS, "r2")
            await queue.add("ok", {})
            await queue.add("ok", {}, {"priority": 3})
            unflushed(server, MAILS)
            assert app.lrange("bull:mails:wait", 0, -1) == [b"14", b"12"]
            assert app.zrange("bull:mails:prioritized", 0, -1) == [b"13", b"15"]
            assert app.zcard("bull:mails:delayed") == 1


async def test_what_is_paused_or_of_another_version_is_refused(server: Server) -> None:
    with server.client() as app:
        app.zadd("bull:mails:failed", {"1": time.time() * 1000})
        app.hset("bull:mails:1", "name", "x")
        shown = surveyed(server, MAILS, "retry_failed")
        app.hset("bull:mails:meta", "paused", 1)
        for remedy in ("retry_failed", "clear_stuck"):
            with pytest.raises(ReplyError, match="resume it first"):
                surveyed(server, MAILS, remedy)  # type: ignore[arg-type]
        with pytest.raises(ReplyError, match="resume it first"):
            applied(server, MAILS, "retry_failed", shown)
        app.hdel("bull:mails:meta", "paused")
        app.rpush("bull:mails:wait", "2", "0:1700000000000")
        with pytest.raises(ReplyError, match="before 5"):
            surveyed(server, MAILS, "flush")
        app.delete("bull:mails:wait")
        app.zadd("bull:mails:groups", {"g": 1})
        with pytest.raises(ReplyError, match="Pro's groups"):
            surveyed(server, MAILS, "retry_failed")


def test_two_who_bring_back_at_once_move_each_job_once(server: Server) -> None:
    with server.client() as app:
        for _ in range(5):
            app.flushall()
            for number in range(60):
                app.hset(f"bull:mails:{number}", "name", "x")
            for number in range(30):
                app.zadd("bull:mails:failed", {str(number): 1e12 + number})
                app.lpush("bull:mails:active", 30 + number)
            failed = surveyed(server, MAILS, "retry_failed")
            stuck = surveyed(server, MAILS, "clear_stuck")
            done = at_once(
                *[lambda f=failed: applied(server, MAILS, "retry_failed", f)] * 2,
                *[lambda s=stuck: applied(server, MAILS, "clear_stuck", s)] * 2,
            )
            assert sum(each.touched for each in done) == 60
            waiting = app.lrange("bull:mails:wait", 0, -1)
            assert sorted(map(int, waiting)) == list(range(60))
