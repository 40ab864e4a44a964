"""What a remedy leaves is what the library's own code leaves of the same keys."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from kombu import Connection
from rq import Queue
from rq.registry import FailedJobRegistry

from tests.live.redis import rq_work
from tests.live.redis.bull import bull, bull_worker
from tests.live.redis.looking import polled
from tests.live.redis.remedying import applied, surveyed
from tests.live.redis.rq_at_work import worker
from tests.live.redis.servers import Server
from tests.live.redis.test_celery import queueing
from tests.live.redis.test_celery import worker as celery_worker
from warroom.connect.queues.bullmq import Bullmq
from warroom.connect.queues.celery import Celery
from warroom.connect.queues.layout import Layout
from warroom.connect.queues.remedies.remedy import RemedyName
from warroom.connect.queues.rq import Rq

pytestmark = pytest.mark.long

READ = {"hash": "hgetall", "set": "smembers", "string": "get"}


def written(app: Any) -> dict[bytes, Any]:
    """All keys, and what is in them."""
    found: dict[bytes, Any] = {}
    for key in app.scan_iter():
        kind = app.type(key).decode()
        if kind == "list":
            found[key] = app.lrange(key, 0, -1)
        elif kind == "zset":
            found[key] = app.zrange(key, 0, -1, withscores=True)
        elif kind == "stream":
            found[key] = [fields for _, fields in app.xrange(key)]
        else:
            found[key] = getattr(app, READ[kind])(key)
    return found


async def both(
    server: Server, layout: Layout, remedy: RemedyName, theirs: Callable[[], Awaitable[object]]
) -> tuple[dict[bytes, Any], dict[bytes, Any]]:
    """All keys after the library's own, and after the remedy, from the same beginning."""
    with server.client() as app:
        before = {key: (app.dump(key), max(app.pttl(key), 0)) for key in app.scan_iter()}
        await theirs()
        first = written(app)
        app.flushall()
        for key, (value, left) in before.items():
            app.restore(key, left, value)
        shown = surveyed(server, layout, remedy)
        assert applied(server, layout, remedy, shown).touched == len(shown.targets) == 1
        return first, written(app)


@pytest.mark.parametrize(
    "options", [{}, {"priority": 5}, {"lifo": True}, {"delay": 1}], ids=lambda one: str(one)
)
async def test_bullmq_retries(redis7: Server, options: dict[str, Any]) -> None:
    layout = Bullmq("mails")
    with redis7.client() as app:
        app.flushall()
    async with bull(redis7) as queue:
        job = await queue.add("fail", {}, options)
        with bull_worker(redis7):
            polled(redis7, layout, lambda seen: seen.failed == 1)
        await queue.add("ok", {})
        theirs, ours = await both(redis7, layout, "retry_failed", lambda: job.retry("failed"))
    assert theirs == ours


async def test_bullmq_brings_back_what_is_stalled(redis7: Server) -> None:
    layout = Bullmq("mails")
    with redis7.client() as app:
        app.flushall()
        async with bull(redis7) as queue:
            job = await queue.add("hold", {})
            with bull_worker(redis7):
                polled(redis7, layout, lambda seen: seen.active == 1)
            app.delete(f"bull:mails:{job.id}:lock", "bull:mails:stalled-check")
            app.sadd("bull:mails:stalled", job.id)
            await queue.add("ok", {})
            theirs, ours = await both(
                redis7, layout, "clear_stuck", lambda: queue.scripts.moveStalledJobsToWait(1, 1_000)
            )
    theirs.pop(b"bull:mails:stalled-check", None)  # which says that somebody looked
    ours.pop(b"bull:mails:stalled-check", None)
    assert theirs == ours


async def test_rq_requeues(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        queue = Queue("mail", connection=app)
        job = queue.enqueue(rq_work.fails, "x", ttl=500)
        with worker(redis7, "--burst", "mail") as process:
            assert process.wait(20) == 0
        queue.enqueue(rq_work.fails, "waits")

        async def requeue() -> None:
            FailedJobRegistry(queue=queue).requeue(job.id)

        theirs, ours = await both(redis7, Rq("mail"), "retry_failed", requeue)
        for each in (theirs, ours):
            told = each[b"rq:job:" + job.id.encode()]
            at = time.strptime(told.pop(b"enqueued_at").decode()[:19], "%Y-%m-%dT%H:%M:%S")
            assert time.mktime(at) == pytest.approx(time.mktime(time.gmtime()), abs=20)
        assert 0 < app.ttl(f"rq:job:{job.id}") <= 500
    assert theirs == ours


async def test_kombu_restores(redis7: Server) -> None:
    layout = Celery("celery")
    with redis7.client() as app, queueing(redis7) as queue:
        app.flushall()
        queue(0, name="shop.late")
        with celery_worker(redis7):
            polled(redis7, layout, lambda _: app.hlen("unacked") == 1)
        for key in app.scan_iter("_kombu.binding.celery*ev*"):
            app.delete(key)
        (tag,) = app.hkeys("unacked")
        queue(1, name="shop.late")

        async def restore() -> None:
            with Connection(redis7.url) as connection:
                connection.default_channel.qos.restore_by_tag(tag.decode())

        theirs, ours = await both(redis7, layout, "clear_stuck", restore)
    for each in (theirs, ours):
        each[b"celery"] = [json.loads(one) for one in each[b"celery"]]
    assert theirs == ours
