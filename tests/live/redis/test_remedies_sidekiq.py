"""Sidekiq's failed jobs go back as its web page sends them; written by its documented commands."""

import json
import time
from typing import Any

import pytest

from tests.live.redis.remedying import applied, at_once, flushed, surveyed, unflushed
from tests.live.redis.servers import Server
from tests.live.redis.test_sidekiq import Shop
from warroom.connect.queues.remedies.sidekiq import again
from warroom.connect.queues.remedies.terms import GONE
from warroom.connect.queues.sidekiq import Sidekiq
from warroom.connect.queues.talk import ReplyError

pytestmark = pytest.mark.long

MAIL = Sidekiq("mail")


def failed_one(shop: Shop, where: str = "dead", **more: Any) -> str:
    job = json.loads(shop.push())
    shop.fail(where, **more)
    return str(job["jid"])


@pytest.mark.parametrize("prefix", ["", "shop:"])
def test_dead_jobs_and_those_to_be_tried_again_go_back(server: Server, prefix: str) -> None:
    layout = Sidekiq("mail", prefix)
    with server.client() as app:
        shop = Shop(app, prefix)
        ids = [failed_one(shop) for _ in range(3)] + [failed_one(shop, "retry")]
        other = json.loads(shop.push("other"))
        app.zadd(f"{prefix}dead", {app.rpop(f"{prefix}queue:other"): time.time()})
        shown = surveyed(server, layout, "retry_failed")
        assert [each.identity for each in shown.targets] == ids
        assert (shown.total, shown.of) == (4, 5)
        assert shown.targets[0].words == "dead: SendMail, tried 3 times, Timeout: no answer"

        first = app.zrange(f"{prefix}dead", 0, 0)[0]
        app.zrem(f"{prefix}dead", first)  # somebody deleted it
        changed = app.zrange(f"{prefix}dead", 0, 0)[0]
        app.zrem(f"{prefix}dead", changed)  # another was retried, and failed again
        told = json.loads(changed) | {"retry_count": 3}
        app.zadd(f"{prefix}dead", {json.dumps(told): time.time()})
        new = failed_one(shop)
        app.srem(f"{prefix}queues", "mail")
        found = applied(server, layout, "retry_failed", shown)
        assert found.touched == 2
        assert found.refused == (
            f"{ids[0]}: {GONE}",
            f"{ids[1]}: changed since it was shown",
        )
        assert app.sismember(f"{prefix}queues", "mail")
        taken = [shop.take() for _ in range(2)]
        assert [each["jid"] for each in taken] == ids[2:]
        assert [each["retry_count"] for each in taken] == [1, 1]
        assert taken[0]["args"] == ["secret"]
        assert taken[0]["enqueued_at"] == pytest.approx(time.time(), abs=10)
        left = {json.loads(each)["jid"] for each in app.zrange(f"{prefix}dead", 0, -1)}
        assert left == {ids[1], new, other["jid"]}
        assert app.zcard(f"{prefix}retry") == 0


def test_nothing_else_of_a_payload_changes() -> None:
    payload = b'{"args":[1e400,12345678901234567890123,"\\u00e9"],"retry_count":0,"at":9,"q":{}}'
    pushed = again(payload, 1_700_000_000.5)
    assert pushed == (
        b'{"args":[1e400,12345678901234567890123,"\\u00e9"],"retry_count":-1,"q":{},'
        b'"enqueued_at":1700000000.500000}'
    )
    of_8 = again(b'{"created_at":1700000000000,"retry_count":null}', 1_700_000_000.5)
    assert of_8 == (b'{"created_at":1700000000000,"retry_count":null,"enqueued_at":1700000000500}')
    for strange in (b"\xff", b"[]", b'{"retry_count":"x"}', b"[" * 100_000, b'{"\xff":1}'):
        assert again(strange, 1.0) is None


def test_what_cannot_be_read_is_left(server: Server) -> None:
    with server.client() as app:
        shop = Shop(app)
        ours = failed_one(shop)
        app.zadd("dead", {b"\xff\xfe": 1, b"[" * 9_000: 2, b'{"queue":"mail"': 3, b"y" * 10**6: 4})
        shown = surveyed(server, MAIL, "retry_failed")
        assert [each.identity for each in shown.targets] == [ours]
        assert applied(server, MAIL, "retry_failed", shown).touched == 1
        with pytest.raises(ReplyError, match="Sidekiq keeps no copy of a job in hand"):
            surveyed(server, MAIL, "clear_stuck")


def test_two_who_retry_at_once_push_each_job_once(server: Server) -> None:
    with server.client() as app:
        for _ in range(10):
            app.flushall()
            shop = Shop(app)
            ids = [failed_one(shop) for _ in range(60)]
            shown = surveyed(server, MAIL, "retry_failed")
            both = at_once(*[lambda s=shown: applied(server, MAIL, "retry_failed", s)] * 2)
            assert sum(each.touched for each in both) == 60
            waiting = [json.loads(each)["jid"] for each in app.lrange("queue:mail", 0, -1)]
            assert sorted(waiting) == sorted(ids)


def test_flushed_jobs_come_back_before_what_came_since(server: Server) -> None:
    with server.client() as app:
        shop = Shop(app)
        order = [json.loads(shop.push())["jid"] for _ in range(3)]
        assert flushed(server, MAIL).touched == 3
        order += [json.loads(shop.push())["jid"] for _ in range(2)]
        unflushed(server, MAIL)
        assert [shop.take()["jid"] for _ in range(5)] == order
