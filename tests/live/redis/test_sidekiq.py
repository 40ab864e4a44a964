"""Sidekiq's layout, written by its documented commands: there is no Ruby here."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.redis.footprint import same_cost
from tests.live.redis.hostile import found_in, replies
from tests.live.redis.looking import asked, looked
from tests.live.redis.servers import Server
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.sidekiq import Sidekiq
from warroom.connect.queues.talk import ReplyError
from warroom.measure.redis import Count

MAIL = Sidekiq("mail")


class Shop:
    """Does to the keys what Sidekiq's client and its processes do."""

    def __init__(self, app: Any, prefix: str = "") -> None:
        self._app = app
        self._prefix = prefix
        self._number = 0

    def push(self, queue: str = "mail", ago: float = 0.0, **more: Any) -> str:
        """``client.rb``: the payload at the left, its queue known."""
        self._number += 1
        at = time.time() - ago
        told = {"class": "SendMail", "args": ["secret"], "jid": f"{self._number:024x}"}
        payload = json.dumps(told | {"queue": queue, "created_at": at, "enqueued_at": at} | more)
        self._app.sadd(f"{self._prefix}queues", queue)
        self._app.lpush(f"{self._prefix}queue:{queue}", payload)
        return payload

    def take(self, queue: str = "mail") -> dict[str, Any]:
        """``fetch.rb``: BRPOP."""
        return json.loads(self._app.rpop(f"{self._prefix}queue:{queue}"))  # type: ignore[no-any-return]

    def done(self) -> None:
        """``launcher.rb``: what was processed is counted with the next beat."""
        self._app.incr(f"{self._prefix}stat:processed")

    def fail(self, where: str, **more: Any) -> None:
        """``job_retry.rb``: into ``retry`` by when it is tried again, or ``dead`` by now."""
        told = {"error_class": "Timeout", "error_message": "no answer\nin 5 s", "retry_count": 2}
        told |= {"failed_at": time.time(), "error_backtrace": ["mail.rb:7"]}
        self._app.zadd(
            f"{self._prefix}{where}", {json.dumps(self.take() | told | more): time.time()}
        )

    def beat(self, identity: str, *queues: str, busy: int = 0, ago: float = 0.0) -> None:
        info = {"hostname": "host", "concurrency": 5, "queues": queues}
        self._app.sadd(f"{self._prefix}processes", identity)
        told = {"info": json.dumps(info), "beat": time.time() - ago, "busy": busy}
        self._app.hset(f"{self._prefix}{identity}", mapping=told)


@pytest.mark.parametrize("prefix", ["", "shop:"])
def test_one_queue_is_told_whole(server: Server, prefix: str) -> None:
    layout = Sidekiq("mail", prefix)
    with server.client() as app:
        shop = Shop(app, prefix)
        nothing = looked(server, layout)
        assert (nothing.depth, nothing.workers, nothing.absent) == (0, 0, (f"{prefix}queue:mail",))
        shop.push(ago=90)
        for _ in range(4):
            shop.push()
        shop.beat("host:1:a", "mail", busy=2)
        shop.beat("host:2:b", "other")
        shop.beat("host:3:c", "mail", ago=70)
        app.zadd(f"{prefix}schedule", {"{}": time.time() + 60})
        app.set(f"{prefix}stat:processed", 7)
        found = looked(server, layout)
        assert (found.depth, found.active, found.workers) == (5, 2, 1)
        assert (found.delayed, found.failed, found.finished) == (1, 0, 7)
        assert found.oldest == pytest.approx(time.time() - 90, abs=5)
        shop.push()
        shop.take()
        shop.done()
        after = looked(server, layout, found)
        assert (after.depth, after.arrived, after.finished) == (5, 1, 8)
        assert after.head != found.head
        assert after.oldest == pytest.approx(time.time(), abs=5)
        app.sadd(f"{prefix}paused", "mail")
        assert looked(server, layout).paused
        for _ in range(5):
            shop.take()
        assert (looked(server, layout).depth, looked(server, layout).absent) == (0, ())


def test_the_milliseconds_and_capsules_of_8(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        shop = Shop(app)
        shop.push(enqueued_at=int(time.time() * 1000) - 30_000)
        capsules = {"default": {"weights": {"mail": 2, "low": 1}}, "odd": 1}
        told = {"info": json.dumps({"capsules": capsules}), "beat": time.time(), "busy": 1}
        app.sadd("processes", "p")
        app.hset("p", mapping=told)
        found = looked(redis7, MAIL)
    assert found.oldest == pytest.approx(time.time() - 30, abs=5)
    assert (found.workers, found.active) == (1, None)  # it works for others, too


def test_what_is_of_all_queues_is_not_told_as_one_queues(server: Server) -> None:
    with server.client() as app:
        shop = Shop(app)
        shop.push()
        shop.push("reports")
        app.set("stat:processed", 7)
        app.zadd("dead", {"{}": 1})
        found = looked(server, MAIL)
    assert (found.failed, found.delayed, found.finished) == (None, None, None)
    assert Count("dead (all queues)", 1) in found.counts
    assert "are of all queues, not of this one" in found.notes[0]


def test_failed_jobs_by_name_and_error_and_one_seen_whole(server: Server) -> None:
    with server.client() as app:
        shop = Shop(app)
        shop.push()
        shop.push(wrapped="ReportJob")
        shop.fail("dead")
        shop.fail("retry")
        app.zadd("dead", {"not json": 1, json.dumps({"queue": "other", "jid": "x"}): 2})
        dead, retried = asked(server, MAIL.failures("emails"))
        assert (dead.queue, dead.name, dead.attempts) == ("emails", "SendMail", 3)
        assert dead.error == "Timeout: no answer"
        assert dead.failed_at is not None
        assert retried.name == "ReportJob"
        assert "secret" not in f"{dead} {retried}"
        told = asked(server, MAIL.job(dead.id))
        assert "set: dead" in told
        assert "mail.rb:7" in told
        assert '"secret"' in told
        with pytest.raises(ReplyError, match="not among the newest 20"):
            asked(server, MAIL.job("gone"))


def test_a_long_queue_costs_no_more(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        shop = Shop(app)
        shop.beat("host:1:a", "mail")
        payload = shop.push()
        short = looked(redis7, MAIL)
        newest = payload.replace('"jid"', '"JID"')  # as long, and another one
        fill = ["x" * 50] * 50_000
        cost = same_cost(
            redis7,
            MAIL,
            short,
            [("RPUSH", "queue:mail", *fill, payload), ("LPUSH", "queue:mail", newest)],
        )
    assert cost.ran == {
        *("llen", "lindex", "lpos", "scard", "sismember", "getrange", "sscan", "zcard", "hmget"),
    }


@settings(max_examples=60)
@given(st.lists(st.lists(replies, max_size=14), max_size=3))
def test_it_bears_whatever_comes(trips: Any) -> None:
    moment = Moment(now=1.7e9, version=(7, 0, 0), before=Counted(tail=b"x"))
    found = found_in(MAIL.look(moment), trips)
    assert found is None or (found.depth is not None and found.depth >= 0)
    found_in(MAIL.failures("q"), trips)
    found_in(MAIL.job("x"), trips)
