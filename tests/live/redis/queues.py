"""Queues of every kind, written key by key: for tests that are not about a library's ways."""

import json
import time
from typing import Any

from tests.live.redis.servers import Server

EVERY_KIND: tuple[dict[str, Any], ...] = (
    {"name": "plain", "kind": "list", "in_hand": "plain:hand", "failed": "plain:failed"},
    {"name": "events", "kind": "stream"},
    {"name": "later", "kind": "zset"},
    {"name": "bull", "kind": "bullmq"},
    {"name": "rq", "kind": "rq"},
    {"name": "celery", "kind": "celery"},
    {"name": "sidekiq", "kind": "sidekiq"},
    {"name": "arq", "kind": "arq", "queue": "arq:queue"},
)
THOUSANDS = {
    "list": """
        local many = {}
        for n = 1, 1000 do many[n] = ARGV[2] end
        for at = 1, ARGV[1] do redis.call('LPUSH', KEYS[1], unpack(many)) end""",
    "zset": """
        for at = 1, ARGV[1] do
            local many = {}
            for n = 1, 1000 do many[2 * n - 1] = ARGV[2]; many[2 * n] = at * 1000 + n end
            redis.call('ZADD', KEYS[1], unpack(many))
        end""",
    "stream": """
        for n = 1, ARGV[1] * 1000 do redis.call('XADD', KEYS[1], '*', 'n', n) end""",
}
"""How more jobs are written, by the server itself."""


def filled(server: Server) -> None:
    """Ten jobs in each queue, and one that failed where the layout keeps such."""
    now = time.time()
    with server.client() as app:
        pipe = app.pipeline(transaction=False)
        for key in ("plain", "plain:failed"):
            pipe.lpush(key, *(json.dumps({"id": n}) for n in range(10)))
        pipe.rpush("plain:hand", "x")
        for number in range(10):
            pipe.xadd("events", {"n": number})
        pipe.xgroup_create("events", "group", id="0")
        pipe.xreadgroup("group", "one", {"events": ">"}, count=1)
        pipe.zadd("later", {f"job:{n}": now - 100 + n for n in range(10)})
        _bull(pipe, now)
        _rq(pipe, now)
        pipe.lpush("celery", *(json.dumps(_message(n)) for n in range(10)))
        pipe.hset("unacked", "tag", json.dumps([_message(0), "", "celery"]))
        pipe.zadd("unacked_index", {"tag": now})
        _sidekiq(pipe, now)
        pipe.zadd("arq:queue", {f"a{n}": (now - 5) * 1000 for n in range(10)})
        pipe.set("arq:queue:health-check", "j_complete=1 j_failed=0 j_retried=0 j_ongoing=0")
        pipe.execute()


def lengthened(server: Server, jobs: int) -> None:
    """So many jobs more in each queue, as its newest, by the server itself."""
    soon = time.time() + 1_000_000
    lists = {"plain": "x", "bull:bull:wait": "7", "rq:queue:rq": "r0", "celery": "x"}
    sets = {"later": soon, "bull:bull:delayed": 1e19, "arq:queue": soon * 1000}
    with server.client(socket_timeout=60) as app:

        def more(kind: str, key: str, value: object) -> None:
            app.eval(THOUSANDS[kind], 1, key, jobs // 1_000, value)

        for key, value in (lists | {"queue:sidekiq": "{}"}).items():
            more("list", key, value)
        for key, score in sets.items():
            more("zset", key, score)
        more("stream", "events", "")


def _bull(pipe: Any, now: float) -> None:
    ids = [str(n) for n in range(1, 11)]
    pipe.lpush("bull:bull:wait", *ids)
    pipe.set("bull:bull:id", 2_000_000)
    pipe.lpush("bull:bull:active", "900001")
    pipe.zadd("bull:bull:failed", {"900000": now * 1000})
    pipe.zadd("bull:bull:completed", dict.fromkeys(ids, now * 1000))
    pipe.zadd("bull:bull:delayed", dict.fromkeys(ids, 1e19))
    told = {"name": "send", "data": "{}", "timestamp": str(int(now * 1000)), "opts": "{}"}
    for each in ("1", "900001"):
        pipe.hset(f"bull:bull:{each}", mapping=told)
    failed = {"failedReason": "no such address", "atm": "3", "finishedOn": str(int(now * 1000))}
    pipe.hset("bull:bull:900000", mapping=told | failed)
    pipe.hset("bull:bull:meta", mapping={"version": "bullmq:5.0.0"})


def _rq(pipe: Any, now: float) -> None:
    ids = [f"r{n}" for n in range(10)]
    at = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(now))
    pipe.sadd("rq:queues", "rq:queue:rq")
    pipe.rpush("rq:queue:rq", *ids)
    told = {"created_at": at, "enqueued_at": at, "origin": "rq", "description": "jobs.send(1)"}
    for each in (ids[0], "rf"):
        pipe.hset(f"rq:job:{each}", mapping=told)
    pipe.hset("rq:job:rf", mapping={"status": "failed", "ended_at": at, "data": "x"})
    pipe.zadd("rq:failed:rq", {"rf": now + 1000})
    pipe.zadd("rq:finished:rq", dict.fromkeys(ids, now + 500))
    pipe.sadd("rq:workers:rq", "rq:worker:w1")
    pipe.hset("rq:worker:w1", mapping={"last_heartbeat": at, "queues": "rq", "state": "idle"})


def _message(number: int) -> dict[str, Any]:
    return {
        "body": "W10=",
        "headers": {"task": "shop.send", "id": f"c{number}"},
        "properties": {"delivery_tag": f"c{number}", "delivery_info": {}},
    }


def _sidekiq(pipe: Any, now: float) -> None:
    def job(number: int) -> str:
        told = {"class": "Send", "jid": f"j{number}", "args": [], "queue": "sidekiq"}
        return json.dumps(told | {"enqueued_at": now - 60, "created_at": now - 60})

    pipe.sadd("queues", "sidekiq")
    pipe.lpush("queue:sidekiq", *(job(n) for n in range(10)))
    dead = json.loads(job(-1)) | {"error_message": "gone", "error_class": "Gone", "failed_at": now}
    pipe.zadd("dead", {json.dumps(dead): now})
    pipe.zadd("retry", {job(-2): now})
    pipe.set("stat:processed", 5)
    pipe.sadd("processes", "host:1:abc")
    info = {"hostname": "host", "concurrency": 5, "queues": ["sidekiq"]}
    pipe.hset("host:1:abc", mapping={"info": json.dumps(info), "busy": 0, "beat": now})
