"""What happens in the moment between a remedy's last look and its script: each script refuses."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.live.redis.remedying import applied_late, surveyed
from tests.live.redis.servers import Server
from tests.live.redis.test_remedies_celery import fetched
from warroom.connect.queues.arq import Arq
from warroom.connect.queues.bullmq import Bullmq
from warroom.connect.queues.celery import Celery
from warroom.connect.queues.layout import Layout
from warroom.connect.queues.lists import PlainList
from warroom.connect.queues.remedies.remedy import RemedyName
from warroom.connect.queues.rq import Rq
from warroom.connect.queues.sidekiq import Sidekiq
from warroom.connect.queues.streams import PlainStream

pytestmark = pytest.mark.long

Do = Callable[[Any], object]
NOW = time.time()


def plain(app: Any) -> None:
    app.lpush("q:failed", "x")


def rq_failed(app: Any) -> None:
    app.hset("rq:job:j", mapping={"status": "failed", "origin": "q", "ended_at": "1"})
    app.zadd("rq:failed:q", {"j": NOW + 1_000})


def rq_stuck(app: Any) -> None:
    app.hset("rq:job:j", mapping={"status": "started", "worker_name": "w"})
    app.zadd("rq:wip:q", {"j:1": NOW - 5})
    app.zadd("rq:executions:j", {"1": NOW})


def bull_failed(app: Any) -> None:
    app.hset("bull:q:j", mapping={"name": "x"})
    app.zadd("bull:q:failed", {"j": 1})


def bull_stuck(app: Any) -> None:
    app.hset("bull:q:j", mapping={"name": "x", "processedOn": 1})
    app.lpush("bull:q:active", "j")


def dead(app: Any) -> None:
    app.zadd("dead", {json.dumps({"queue": "q", "jid": "j"}): 1})


def taken(app: Any) -> None:
    fetched(app, "j", 100, key="q")


def in_hand(app: Any) -> None:
    app.zadd("q", {"j": 1_000})
    app.mset({"arq:in-progress:j": 1, "arq:job:j": "x"})
    app.set("arq:retry:j", 1, ex=88_000)


def pending(app: Any) -> None:
    app.xgroup_create("q", "g", mkstream=True)
    app.xadd("q", {"a": 1}, id="1-1")
    app.xreadgroup("g", "c", {"q": ">"})


LIST, BULL = PlainList("q", failed="q:failed"), Bullmq("q")
GONE = "gone from there since it was shown"
CHANGED = "changed since it was shown"
CASES: tuple[tuple[Layout, RemedyName, Do, Do, str], ...] = (
    (LIST, "retry_failed", plain, lambda app: app.delete("q:failed"), GONE),
    (Rq("q"), "retry_failed", rq_failed, lambda app: app.zrem("rq:failed:q", "j"), GONE),
    (Rq("q"), "retry_failed", rq_failed, lambda app: app.zadd("rq:failed:q", {"j": 9}), CHANGED),
    (
        Rq("q"),
        "retry_failed",
        rq_failed,
        lambda app: app.hset("rq:job:j", "status", "queued"),
        CHANGED,
    ),
    (
        Rq("q"),
        "retry_failed",
        rq_failed,
        lambda app: app.hset("rq:job:j", "ended_at", "2"),
        CHANGED,
    ),
    (Rq("q"), "clear_stuck", rq_stuck, lambda app: app.zrem("rq:wip:q", "j:1"), GONE),
    (
        Rq("q"),
        "clear_stuck",
        rq_stuck,
        lambda app: app.zadd("rq:wip:q", {"j:1": NOW + 9}),
        "heard of",
    ),
    (
        Rq("q"),
        "clear_stuck",
        rq_stuck,
        lambda app: app.hset("rq:job:j", "status", "failed"),
        CHANGED,
    ),
    (BULL, "retry_failed", bull_failed, lambda app: app.zrem("bull:q:failed", "j"), GONE),
    (BULL, "retry_failed", bull_failed, lambda app: app.zadd("bull:q:failed", {"j": 2}), CHANGED),
    (BULL, "retry_failed", bull_failed, lambda app: app.delete("bull:q:j"), "its own key is gone"),
    (BULL, "retry_failed", bull_failed, lambda app: app.hset("bull:q:meta", "paused", 1), "paused"),
    (BULL, "clear_stuck", bull_stuck, lambda app: app.set("bull:q:j:lock", "t"), "holds its lock"),
    (BULL, "clear_stuck", bull_stuck, lambda app: app.hset("bull:q:j", "processedOn", 2), CHANGED),
    (BULL, "clear_stuck", bull_stuck, lambda app: app.delete("bull:q:active"), GONE),
    (Sidekiq("q"), "retry_failed", dead, lambda app: app.delete("dead"), GONE),
    (Celery("q"), "clear_stuck", taken, lambda app: app.hdel("unacked", "j"), GONE),
    (Celery("q"), "clear_stuck", taken, lambda app: app.zadd("unacked_index", {"j": NOW}), CHANGED),
    (Celery("q"), "clear_stuck", taken, lambda app: app.hset("unacked", "j", "[]"), CHANGED),
    (Arq("q"), "clear_stuck", in_hand, lambda app: app.zrem("q", "j"), GONE),
    (Arq("q"), "clear_stuck", in_hand, lambda app: app.zadd("q", {"j": 2_000}), CHANGED),
    (Arq("q"), "clear_stuck", in_hand, lambda app: app.incr("arq:retry:j"), CHANGED),
    (Arq("q"), "clear_stuck", in_hand, lambda app: app.delete("arq:job:j"), "has forgotten"),
    (Arq("q"), "clear_stuck", in_hand, lambda app: app.delete("arq:in-progress:j"), "not in hand"),
    (PlainStream("q"), "clear_stuck", pending, lambda app: app.xack("q", "g", "1-1"), GONE),
    (
        PlainStream("q"),
        "clear_stuck",
        pending,
        lambda app: app.xclaim("q", "g", "d", 0, ["1-1"]),
        CHANGED,
    ),
    (
        PlainStream("q"),
        "clear_stuck",
        pending,
        lambda app: app.xgroup_create("q", "h"),
        "another group",
    ),
    (
        PlainStream("q"),
        "clear_stuck",
        pending,
        lambda app: app.xdel("q", "1-1"),
        "not in the stream",
    ),
)
MOVED_TO = {
    "list": "q",
    "rq": "rq:queue:q",
    "bullmq": "bull:q:wait",
    "sidekiq": "queue:q",
    "celery": "q",
}
MOVING = [number for number, case in enumerate(CASES) if case[0].kind in MOVED_TO]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_job_that_is_another_by_then_is_refused_and_nothing_is_written(
    server: Server, number: int
) -> None:
    layout, remedy, make, meddle, why = CASES[number]
    with server.client() as app:
        make(app)
        shown = surveyed(server, layout, remedy)
        assert len(shown.targets) == 1
        kept: dict[bytes, bytes] = {}

        def meddled() -> None:
            meddle(app)
            kept.update({key: app.dump(key) for key in app.scan_iter()})

        found = applied_late(server, layout, remedy, shown, meddled)
        assert found.touched == 0
        assert why in found.refused[0]
        assert kept == {key: app.dump(key) for key in app.scan_iter()}


@pytest.mark.parametrize("number", MOVING)
def test_a_key_of_another_kind_moves_nothing(server: Server, number: int) -> None:
    layout, remedy, make, _, _ = CASES[number]
    key = MOVED_TO[layout.kind]
    with server.client() as app:
        make(app)
        shown = surveyed(server, layout, remedy)
        kept: dict[bytes, bytes] = {}

        def meddled() -> None:
            app.set(key, "another kind")
            kept.update({each: app.dump(each) for each in app.scan_iter()})

        found = applied_late(server, layout, remedy, shown, meddled)
        assert found.touched == 0
        assert "WRONGTYPE" in found.refused[0]
        assert kept == {each: app.dump(each) for each in app.scan_iter()}
