"""Sidekiq's layout, written by its documented commands: there is no Ruby here."""

import base64
import json
import time
import tracemalloc
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.redis.footprint import same_cost
from tests.live.redis.hostile import found_in, replies
from tests.live.redis.looking import asked, looked
from tests.live.redis.servers import Server
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.payloads import READ
from warroom.connect.queues.sidekiq import Sidekiq
from warroom.connect.queues.sidekiq_payload import backtrace
from warroom.connect.queues.sidekiq_process import PROCESSES
from warroom.connect.queues.talk import ReplyError
from warroom.measure.redis import Count

MAIL = Sidekiq("mail")
FIRST = 1_700_000_000.25
TRACE = ["app/jobs/mail.rb:7:in 'perform'", "lib/smtp.rb:40"]


def packed(trace: Any) -> str:
    """``job_retry.rb``: compress_backtrace."""
    return base64.b64encode(zlib.compress(json.dumps(trace).encode())).decode()


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
        told |= {"failed_at": FIRST, "retried_at": time.time(), "error_backtrace": packed(TRACE)}
        self._app.zadd(
            f"{self._prefix}{where}", {json.dumps(self.take() | told | more): time.time()}
        )

    def beat(self, identity: str, *queues: str, busy: int = 0, **more: Any) -> None:
        """``launcher.rb``: the name, and a key for a minute."""
        info = {"hostname": "host", "concurrency": 5, "queues": queues}
        told = {"info": json.dumps(info), "beat": time.time(), "busy": busy, "quiet": "false"}
        self._app.sadd(f"{self._prefix}processes", identity)
        self._app.hset(f"{self._prefix}{identity}", mapping=told | more)
        self._app.expire(f"{self._prefix}{identity}", 60)

    def die(self, identity: str) -> None:
        """The minute is over: the key is gone, the name stays."""
        self._app.pexpire(f"{self._prefix}{identity}", 0)


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
        shop.beat("host:3:c", "mail", beat=time.time() - 3600)  # its own clock is wrong
        shop.beat("host:4:d", "mail")
        shop.die("host:4:d")
        app.zadd(f"{prefix}schedule", {"{}": time.time() + 60})
        app.set(f"{prefix}stat:processed", 7)
        found = looked(server, layout)
        assert (found.depth, found.active, found.workers) == (5, 2, 2)
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


def test_the_milliseconds_and_capsules_of_8(server: Server) -> None:
    with server.client() as app:
        shop = Shop(app)
        shop.push(enqueued_at=int(time.time() * 1000) - 30_000)
        capsules = {"default": {"weights": {"mail": 2, "low": 1}}, "odd": 1}
        shop.beat("p", busy=1, info=json.dumps({"capsules": capsules}))
        found = looked(server, MAIL)
        assert found.oldest == pytest.approx(time.time() - 30, abs=5)
        assert (found.workers, found.active) == (1, None)  # it works for others, too
        assert not found.notes


def test_workers_that_cannot_be_told_are_not_none_at_all(server: Server) -> None:
    with server.client() as app:
        shop = Shop(app)
        shop.push()
        shop.beat("p", "mail", quiet="true")
        shop.beat("q", "mail", busy=3)
        found = looked(server, MAIL)
        assert (found.workers, found.active) == (2, 3)
        assert found.notes == ("1 of 2 workers quiet: no new jobs are taken by these",)
        app.hdel("q", "busy")
        assert (looked(server, MAIL).workers, looked(server, MAIL).active) == (2, None)
        app.hset("q", "info", b'{"queues": ["mail"], "tag": "\xff"}')
        found = looked(server, MAIL)
        assert (found.depth, found.workers, found.active) == (1, None, None)
        assert "does not tell which queues" in found.notes[0]
        app.sadd("processes", *(f"old{number}" for number in range(PROCESSES)))
        found = looked(server, MAIL)
        assert (found.workers, found.active) == (None, None)
        assert "more than the 100" in found.notes[0]
    # From 7.2 on a small set comes whole, however many were asked for.
    first: list[Any] = [None] * 7 + [[b"0", [b"%d" % number for number in range(PROCESSES + 1)]]]
    seen = found_in(MAIL.look(Moment(now=1.7e9, version=(7, 2, 0))), [[1, *first[1:]]])
    assert seen is not None
    assert (seen.depth, seen.workers) == (1, None)
    assert any("more than the 100" in note for note in seen.notes)


def test_jobs_that_are_due_and_that_nobody_moves_are_told(server: Server) -> None:
    with server.client() as app:
        now = time.time()
        app.zadd("schedule", {"a": now + 60, "b": now - 30})
        assert not any("due" in note for note in looked(server, MAIL).notes)
        app.zadd("schedule", {"c": now - 90, "d": now - 9_000})
        app.zadd("retry", {"e": now - 90})
        notes = looked(server, MAIL).notes
    assert [note.partition(":")[0] for note in notes if "due" in note] == [
        "2 in schedule have been due for over 60 s",
        "1 in retry have been due for over 60 s",
    ]


def test_what_is_refused_or_of_another_kind_costs_its_figure_and_no_more(server: Server) -> None:
    with server.client() as app:
        shop = Shop(app)
        shop.push()
        shop.beat("p", "mail")
        for key in ("schedule", "paused", "p"):
            app.delete(key)
            app.lpush(key, "?")
        found = looked(server, MAIL)
        assert (found.depth, found.delayed, found.failed, found.workers) == (1, None, 0, None)
        assert not found.paused
        for what in ("schedule", "paused", "workers"):
            assert any(note.startswith(f"{what}: WRONGTYPE") for note in found.notes), what
        app.rename("schedule", "queues")
        found = looked(server, MAIL)
        assert (found.depth, found.failed, found.finished) == (1, None, None)
        app.delete("queue:mail")
        app.set("queue:mail", "?")
        with pytest.raises(ReplyError, match="WRONGTYPE"):
            looked(server, MAIL)


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
        for _ in range(3):
            shop.push()
        shop.push(**{"class": "Wrapper", "wrapped": "ReportJob"})
        an_hour_ago = time.time() - 3600
        shop.fail("dead", retried_at=an_hour_ago)
        shop.fail("dead", retried_at=int(an_hour_ago * 1000) - 5000, jid=None)
        shop.fail("retry", error_backtrace="not packed", retried_at=an_hour_ago + 1)
        shop.fail("retry", retry_count=0)
        other = {"queue": "other", "jid": "x", "failed_at": time.time()}
        app.zadd("dead", {"not json": 1, json.dumps(other): 2, b'{"queue": "mail", "\xff": 1}': 3})
        found = asked(server, MAIL.failures("emails"))
        fresh, retried, dead, nameless = found
        assert (fresh.queue, fresh.name, fresh.attempts) == ("emails", "ReportJob", 1)
        assert (dead.name, dead.attempts, dead.error) == ("SendMail", 3, "Timeout: no answer")
        assert dead.failed_at is not None
        assert dead.failed_at.timestamp() == pytest.approx(an_hour_ago, abs=0.01), "the last time"
        assert "secret" not in str(found)
        told = asked(server, MAIL.job(dead.id))
        for line in ("set: dead, given up", "attempts: 3", "failed first: 2023-11-14 22:13:20.250"):
            assert line in told
        assert all(f"  {line}\n" in told for line in TRACE)
        assert '"secret"' in told
        told = asked(server, MAIL.job(retried.id))
        assert "set: retry, to be tried again" in told
        assert "its backtrace cannot be read" in told
        assert "set: dead" in asked(server, MAIL.job(nameless.id))
        assert len(nameless.id) == 32, "it has no jid: its payload stands for it"
        with pytest.raises(ReplyError, match="not among the 20"):
            asked(server, MAIL.job("gone"))


def test_what_just_failed_is_seen_beside_many_old_ones(server: Server) -> None:
    with server.client() as app:
        shop = Shop(app)
        for number in range(8):
            job = {"queue": "mail", "jid": f"old{number}", "failed_at": FIRST}
            app.zadd("dead", {json.dumps(job): FIRST + number})
            app.zadd("retry", {json.dumps(job | {"retry_count": 20}): time.time() + 160_000})
        shop.push()
        shop.fail("retry", retry_count=0, jid="fresh")
        found = asked(server, MAIL.failures("mail"))
    assert (len(found), found[0].id) == (5, "fresh")


def test_a_backtrace_is_not_inflated_without_bounds() -> None:
    bomb = packed(["x" * 100 * READ])
    tracemalloc.start()
    try:
        assert backtrace(bomb) is None
        assert tracemalloc.get_traced_memory()[1] < 10 * READ
    finally:
        tracemalloc.stop()
    assert backtrace(packed(TRACE)) == backtrace(TRACE) == TRACE
    assert backtrace(packed({"a": 1})) is None
    assert backtrace("\u00e9") is None


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
        *("llen", "lindex", "lpos", "scard", "sismember", "getrange", "sscan", "zcard", "zcount"),
        "hmget",
    }


PAYLOADS = st.sampled_from(
    [
        b'{"queue": "mail", "jid": 5, "enqueued_at": "\xff"}',
        b'{"queue": "mail", "enqueued_at": 1e308, "failed_at": true, "retry_count": 9e99}',
        b'{"queue": "mail", "retried_at": %s, "retry_count": -1}' % (b"9" * 5000),
        b'{"queue": "mail", "error_backtrace": "eJw=", "error_class": [], "wrapped": {}}',
        b'{"queue": "mail", "jid": %s}' % (b"[" * 5000 + b"]" * 5000),
        b'{"queues": 5, "capsules": {"a": {"weights": []}}}',
        b'{"queues": [["mail"], null]}',
    ]
)
ANSWERS = st.one_of(
    replies,
    PAYLOADS,
    st.lists(PAYLOADS, max_size=4),
    st.tuples(PAYLOADS, st.just(b"nan")).map(list),
)


@settings(max_examples=100)
@given(st.lists(st.lists(ANSWERS, max_size=14), max_size=3))
def test_it_bears_whatever_comes(trips: Any) -> None:
    moment = Moment(now=1.7e9, version=(7, 0, 0), before=Counted(tail=b"x"))
    found = found_in(MAIL.look(moment), trips)
    assert found is None or (found.depth is not None and found.depth >= 0)
    for failed in found_in(MAIL.failures("q"), trips) or ():
        found_in(MAIL.job(failed.id), trips)
    found_in(MAIL.job("x"), trips)


@given(PAYLOADS, PAYLOADS, PAYLOADS)
def test_a_look_at_any_payload_still_counts(due: bytes, info: bytes, failed: bytes) -> None:
    first: list[Any] = [3, due, due, 1, 1, 0, b"7", [b"0", [b"p"]], 0, 0, 1]
    found = found_in(MAIL.look(Moment(now=1.7e9, version=(7, 0, 0))), [first, [[info, b"x", None]]])
    assert found is not None
    assert (found.depth, found.failed, found.finished, found.oldest) == (3, 1, 7, None)
    for job in found_in(MAIL.failures("q"), [[[failed, b"1"], []]]) or ():
        assert found_in(MAIL.job(job.id), [[[failed, b"1"], []]])
