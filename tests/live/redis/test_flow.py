"""What flows through queues, through the source: rates, drain, stuck, against what was done."""

import json
import time
from typing import Any

import pytest

from tests.live.held import Shifted, figures, truth
from tests.live.redis.servers import Server
from tests.live.redis.watching import queue, seen, watching
from warroom.errors import ProbeError

MAIL: dict[str, Any] = {
    "name": "queue",
    "kind": "list",
    "queue": "mail",
    "takes": "left",
    "in_hand": "mail:hand",
    "failed": "mail:failed",
    "done": "mail:done",
    "time": "at",
    "job_name": "what",
}


class Shop:
    """Pushes and works off jobs of one list, and counts what it did."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._number = 0
        app.set("mail:done", 0)

    def push(self, jobs: int, ago: float = 0.0) -> None:
        for _ in range(jobs):
            self._number += 1
            told = {"n": self._number, "what": "order-mail", "at": time.time() - ago}
            self._app.rpush("mail", json.dumps(told))

    def take(self) -> bytes:
        return self._app.lmove("mail", "mail:hand", "LEFT", "RIGHT")  # type: ignore[no-any-return]

    def finish(self, jobs: int) -> None:
        for _ in range(jobs):
            job = self.take()
            self._app.lrem("mail:hand", 1, job)
            self._app.incr("mail:done")

    def fail(self) -> None:
        job = self.take()
        self._app.lrem("mail:hand", 1, job)
        self._app.rpush("mail:failed", job)


@truth("queue.depth", "queue.arriving", "queue.finishing", "queue.drain", "queue.oldest")
@truth("queue.active", "queue.failed", "queue.stuck")
async def test_what_comes_and_goes(server: Server) -> None:
    clock = Shifted()
    with server.client() as app:
        shop = Shop(app)
        async with watching(server.url, MAIL, clock=clock, window="60s") as source:
            shop.push(10, ago=100)
            found = figures(await source.sample())
            assert found["queue.depth"] == app.llen("mail") == 10
            assert found["queue.oldest"] == pytest.approx(100, abs=5)
            assert found["queue.arriving"] is found["queue.finishing"] is None
            # Ten more than are worked off in 20 s: it grows, and will not be empty.
            shop.push(30)
            shop.finish(20)
            clock.ahead += 20
            sample = await source.sample()
            found = figures(sample)
            assert found["queue.depth"] == app.llen("mail") == 20
            assert found["queue.arriving"] == pytest.approx(30 / 20, rel=0.05)
            assert found["queue.finishing"] == pytest.approx(20 / 20, rel=0.05)
            assert queue(sample, "queue").growing == pytest.approx(10 / 20, rel=0.05)
            assert found["queue.drain"] is None
            assert found["queue.oldest"] == pytest.approx(0, abs=5)
            assert found["queue.stuck"] == 0
            # Only one comes now: over these 40 s it loses 8, and has 12 left.
            shop.push(1)
            shop.finish(18)
            shop.fail()
            shop.take()
            clock.ahead += 20
            sample = await source.sample()
            found = figures(sample)
            assert found["queue.depth"] == app.llen("mail") == 1
            assert (found["queue.active"], found["queue.failed"]) == (1, 1)
            assert found["queue.drain"] == pytest.approx(1 / (9 / 40), rel=0.05)
            (job,) = queue(sample, "queue").failures
            assert job.name == "order-mail"
            assert "order-mail" in await source.inspect(job.key)
            assert '"n"' in await source.inspect(job.key)
            assert "order-mail" in str(seen(sample))
            assert '"n"' not in str(seen(sample))  # no payload goes out unasked
            # Nobody works any more.
            for waited in (30, 60, 120):
                clock.ahead += 30 if waited < 100 else 60
                sample = await source.sample()
                assert figures(sample)["queue.stuck"] == pytest.approx(waited, abs=2)
                assert queue(sample, "queue").is_stuck is (waited >= 90)
            shop.finish(1)
            found = figures(await source.sample())
            assert (found["queue.stuck"], found["queue.depth"], found["queue.drain"]) == (0, 0, 0)
            assert found["queue.oldest"] == 0


@truth("queue.delayed")
async def test_jobs_that_are_not_due(server: Server) -> None:
    with server.client() as app:
        app.zadd("queue", {f"soon:{n}": time.time() + 3_600 for n in range(3)})
        app.zadd("queue", {"due": time.time() - 50})
        async with watching(server.url, {"name": "queue", "kind": "zset"}) as source:
            found = figures(await source.sample())
    assert (found["queue.delayed"], found["queue.depth"]) == (3, 1)
    assert found["queue.oldest"] == pytest.approx(50, abs=5)


@truth("queue.workers", "queue.active")
async def test_workers_of_a_stream(server: Server) -> None:
    with server.client() as app:
        app.xgroup_create("queue", "g", mkstream=True)
        for number in range(5):
            app.xadd("queue", {"n": number})
        for name in ("one", "two"):
            app.xreadgroup("g", name, {"queue": ">"}, count=1)
        async with watching(server.url, {"name": "queue", "kind": "stream"}) as source:
            sample = await source.sample()
    found = figures(sample)
    assert (found["queue.workers"], found["queue.active"]) == (2, 2)
    assert found["queue.depth"] == (3 if server.version >= 7 else None)


async def test_a_stand_without_counters_is_called_at_least(server: Server) -> None:
    """A bare list: how long the same job has been the next one is how long it has waited."""
    clock = Shifted()
    with server.client() as app:
        app.lpush("bare", "job-1", "job-2", "job-3")
        bare = {"name": "bare", "kind": "list", "distinct": True}
        async with watching(server.url, bare, clock=clock) as source:
            await source.sample()
            clock.ahead += 40
            app.lpush("bare", "job-4")
            found = queue(await source.sample(), "bare")
            assert found.at_least
            assert found.oldest == found.stuck == pytest.approx(40, abs=2)
            assert found.arriving == pytest.approx(1 / 40, rel=0.1)
            assert found.finishing == 0
            app.rpop("bare")
            clock.ahead += 1
            found = queue(await source.sample(), "bare")
            assert (found.stuck, found.oldest, found.at_least) == (0, None, False)


@pytest.mark.trap(14, "Redis restarted and flushed", "no negative rate")
async def test_a_restart_and_a_flush_are_no_negative_rate(server: Server) -> None:
    clock = Shifted()
    with server.client() as app:
        shop = Shop(app)
        async with watching(server.url, MAIL, clock=clock) as source:
            shop.push(50)
            shop.finish(20)
            for _ in range(2):
                clock.ahead += 5
                await source.sample()
            app.flushall()
            clock.ahead += 5
            found = figures(await source.sample())
            assert found["queue.depth"] == 0
            for figure in ("arriving", "finishing"):
                assert found[f"queue.{figure}"] is None or found[f"queue.{figure}"] >= 0


async def test_a_key_that_was_never_there_is_named_until_it_is(server: Server) -> None:
    with server.client() as app:
        async with watching(server.url, {"name": "bare", "kind": "list"}) as source:
            found = queue(await source.sample(), "bare")
            assert (found.depth, found.notes) == (
                0,
                ("no such key: bare (empty, or under another name)",),
            )
            app.rpush("bare", "job")
            assert queue(await source.sample(), "bare").notes == ()
            app.delete("bare")  # worked off: it has the right name
            assert queue(await source.sample(), "bare").notes == ()


async def test_a_closer_look_at_what_is_not_there(server: Server) -> None:
    async with watching(server.url, MAIL) as source:
        with pytest.raises(ProbeError, match="no connection now"):
            await source.inspect("job:queue:1")
        await source.sample()
        for key, words in (
            ("job:queue:1", "not among the newest"),
            ("job:other:1", "there is no queue other"),
            ("queue:queue", "failed jobs only"),
            ("job:queue", "failed jobs only"),
        ):
            with pytest.raises(ProbeError, match=words):
                await source.inspect(key)


async def test_jobs_that_wait_to_be_tried_again_are_told(server: Server) -> None:
    failed = {"class": "Send", "jid": "j1", "queue": "mail", "error_class": "Timeout"}
    with server.client() as app:
        app.sadd("queues", "mail")
        async with watching(server.url, {"name": "mail", "kind": "sidekiq"}) as source:
            assert queue(await source.sample(), "mail").failures == ()
            app.zadd("retry", {json.dumps(failed | {"failed_at": time.time()}): time.time() + 60})
            sample = await source.sample()
            (job,) = queue(sample, "mail").failures
            assert (job.name, job.error) == ("Send", "Timeout")
            assert figures(sample)["mail.failed"] == 0  # none is given up


async def test_payloads_too_large_to_be_read_blind_nobody(server: Server) -> None:
    clock = Shifted()
    with server.client() as app:
        app.rpush("small", "a", "b")
        queues = ({"name": "huge", "kind": "list"}, {"name": "small", "kind": "list"})
        async with watching(server.url, *queues, clock=clock) as source:
            await source.sample()
            app.rpush("huge", *(b"x" * 5_000_000 for _ in range(3)))
            sample = await source.sample()  # opened anew, and without payloads
            assert figures(sample)["huge.depth"] == 3
            assert figures(sample)["small.depth"] == 2
            assert "too large to be read" in queue(sample, "huge").notes[0]
            assert seen(sample).blind == ()
            app.delete("huge")
            clock.ahead += 601
            assert "too large" not in str(seen(await source.sample()))
