"""Celery's tasks are brought back, and put aside: its own workers are killed, and work them off."""

import json
import time
from typing import Any

import pytest

from tests.live.redis.looking import looked, polled
from tests.live.redis.remedying import applied, at_once, flushed, surveyed, unflushed
from tests.live.redis.servers import Server
from tests.live.redis.test_celery import queueing, unacked, worker
from tests.waiting import until
from warroom.connect.queues.celery import Celery
from warroom.connect.queues.remedies.celery import read
from warroom.connect.queues.remedies.terms import GONE
from warroom.connect.queues.talk import ReplyError

pytestmark = pytest.mark.long

LAYOUT = Celery("celery")


def done(app: Any) -> list[int]:
    return [int(each) for each in app.lrange("done", 0, -1)]


def fetched(app: Any, tag: str, ago: float, exchange: str = "", key: str = "celery") -> None:
    """As a worker notes what it has fetched (``QoS.append``)."""
    told = {
        "body": "W10=",
        "headers": {"task": f"shop.{tag}", "eta": None},
        "properties": {"delivery_tag": tag, "delivery_info": {"exchange": "", "args": []}},
    }
    app.zadd("unacked_index", {tag: time.time() - ago})
    app.hset("unacked", tag, json.dumps([told, exchange, key]))


def test_a_killed_workers_task_is_worked_off_by_another(redis7: Server) -> None:
    with redis7.client() as app, queueing(redis7) as queue:
        app.flushall()
        queue(0, name="shop.late")
        with worker(redis7) as process:
            polled(redis7, LAYOUT, lambda seen: unacked(seen) == 1)
            process.kill()
            process.wait(20)
        assert surveyed(redis7, LAYOUT, "clear_stuck", stuck_for=60).targets == ()
        shown = surveyed(redis7, LAYOUT, "clear_stuck")
        assert (shown.total, shown.of) == (1, 1)
        assert shown.targets[0].words.startswith("shop.late, fetched ")
        assert applied(redis7, LAYOUT, "clear_stuck", shown).touched == 1
        assert (app.hlen("unacked"), app.zcard("unacked_index")) == (0, 0)
        (message,) = app.lrange("celery", 0, -1)
        assert json.loads(message)["headers"]["redelivered"] is True
        flushed(redis7, LAYOUT)
        queue(1, name="shop.late")
        app.set("go", 100)
        with worker(redis7):
            until(lambda: done(app) == [1])
            unflushed(redis7, LAYOUT)
            until(lambda: done(app) == [1, 0])
            polled(redis7, LAYOUT, lambda seen: unacked(seen) == 0)
        assert applied(redis7, LAYOUT, "clear_stuck", shown).touched == 0


def test_what_was_done_or_fetched_anew_since_is_refused(server: Server) -> None:
    with server.client() as app:
        for tag in ("a", "b", "c"):
            fetched(app, tag, 100)
        fetched(app, "other", 100, key="other")
        fetched(app, "young", 1)
        shown = surveyed(server, LAYOUT, "clear_stuck", stuck_for=60)
        assert [each.identity for each in shown.targets] == ["a", "b", "c"]
        assert (shown.total, shown.of) == (3, 5)
        assert shown.notes[-1].startswith("1 more are another queue's, held for their ETA")
        app.hdel("unacked", "a")
        app.zrem("unacked_index", "a")
        fetched(app, "b", 70)
        fetched(app, "new", 100)
        found = applied(server, LAYOUT, "clear_stuck", shown, stuck_for=60)
        assert (found.touched, app.llen("celery")) == (1, 1)
        assert found.refused == (
            f"a: {GONE}",
            "b: changed since it was shown",
        )
        assert sorted(app.hkeys("unacked")) == [b"b", b"new", b"other", b"young"]
        with pytest.raises(ReplyError, match="Celery lists no failed tasks"):
            surveyed(server, LAYOUT, "retry_failed")


def test_a_message_goes_back_as_kombu_sends_it() -> None:
    kept = (
        b'[{"body":"W10=","headers":{"task":"shop.a","eta":"2030-01-01T00:00:00Z","x":[]},'
        b'"properties":{"delivery_info":{"exchange":""},"n":1e400}},"","celery"]'
    )
    message = read(kept, "celery")
    assert message is not None
    assert (message.task, message.eta) == ("shop.a", 1_893_456_000)
    assert message.back == (
        b'{"body":"W10=","headers":{"task":"shop.a","eta":"2030-01-01T00:00:00Z","x":[],'
        b'"redelivered":true},"properties":{"delivery_info":{"exchange":"","redelivered":true},'
        b'"n":1e400}}'
    )
    for strange in (b"", b"[]", b"\xff", b'[1,"","celery"]', b'[{"headers":1},"","celery"]'):
        assert read(strange, "celery") is None


def test_a_task_held_for_its_time_and_what_cannot_be_read_stay(server: Server) -> None:
    with server.client() as app:
        app.zadd("unacked_index", {b"\xff": 1, "no": 1, "eta": 1, "none": 1})
        told = {"headers": {"task": "t", "eta": "2100-01-01T00:00:00+00:00"}, "properties": {}}
        held = json.dumps([told, "", "celery"])
        app.hset("unacked", mapping={b"\xff": "[", "no": b"\xff", "eta": held})
        assert surveyed(server, LAYOUT, "clear_stuck").targets == ()


def test_two_who_bring_back_at_once_move_each_task_once(server: Server) -> None:
    with server.client() as app:
        for _ in range(10):
            app.flushall()
            for number in range(60):
                fetched(app, str(number), 100)
            shown = surveyed(server, LAYOUT, "clear_stuck")
            both = at_once(*[lambda s=shown: applied(server, LAYOUT, "clear_stuck", s)] * 2)
            assert sum(each.touched for each in both) == 60
            tags = [
                json.loads(each)["properties"]["delivery_tag"]
                for each in app.lrange("celery", 0, -1)
            ]
            assert sorted(map(int, tags)) == list(range(60))


def test_all_priorities_are_put_aside_and_come_back(server: Server) -> None:
    layout = Celery("mail", prefix="shop:")
    options = {"global_keyprefix": "shop:", "queue_order_strategy": "priority"}
    with server.client() as app, queueing(server, **options) as queue:
        for number, priority in enumerate([0, 9, 9, 3]):
            queue(number, queue="mail", priority=priority)
        before = {key: app.lrange(key, 0, -1) for key in app.keys("shop:mail*")}
        shown = surveyed(server, layout, "flush")
        assert (shown.total, len(shown.targets)) == (4, 3)
        assert applied(server, layout, "flush", shown).touched == 4
        assert looked(server, layout).depth == 0
        assert unflushed(server, layout).touched == 4
        assert {key: app.lrange(key, 0, -1) for key in app.keys("shop:mail*")} == before
