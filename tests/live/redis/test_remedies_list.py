"""Plain lists and sorted sets: failed jobs go back, what waits is put aside and comes back."""

import json
import time
from typing import Literal

import pytest

from tests.live.redis.looking import asked
from tests.live.redis.queues import THOUSANDS
from tests.live.redis.remedying import applied, at_once, flushed, surveyed, unflushed
from tests.live.redis.servers import Server
from warroom.connect.queues.lists import PlainList
from warroom.connect.queues.remedies.remedy import LISTED
from warroom.connect.queues.remedies.terms import GONE
from warroom.connect.queues.talk import ReplyError
from warroom.connect.queues.zsets import PlainZset

MAIL = PlainList("mail", failed="mail:failed", name="name")
TURNED = PlainList("mail", takes="left", failed="mail:failed", name="name")


@pytest.mark.parametrize("layout", [MAIL, TURNED])
def test_failed_jobs_go_where_new_ones_come(server: Server, layout: PlainList) -> None:
    with server.client() as app:
        came = app.lpush if layout.newest_left else app.rpush
        taken = app.rpop if layout.newest_left else app.lpop
        jobs = [json.dumps({"name": "send", "id": n}) for n in range(4)]
        came("mail:failed", *jobs, "twice", "twice")
        came("mail", "waits")
        shown = surveyed(server, layout, "retry_failed")
        assert (shown.total, len(shown.targets)) == (6, 6)
        assert shown.targets[0].words == "send (25 bytes)"
        assert "number 6" in asked(server, layout.job(shown.targets[0].identity))
        app.lrem("mail:failed", 1, jobs[1])
        came("mail:failed", "new")
        found = applied(server, layout, "retry_failed", shown)
        assert found.touched == 5
        assert found.refused == (f"{shown.targets[1].identity}: {GONE}",)
        assert app.lrange("mail:failed", 0, -1) == [b"new"]
        told = [taken("mail").decode() for _ in range(6)]
        assert told == ["waits", jobs[0], jobs[2], jobs[3], "twice", "twice"]
        assert applied(server, layout, "retry_failed", shown).touched == 0


def test_of_many_the_first_are_named_and_no_more_are_touched(server: Server) -> None:
    with server.client() as app:
        app.lpush("mail:failed", *(f"job {number}" for number in range(1_000)))
        shown = surveyed(server, MAIL, "retry_failed")
        assert (len(shown.targets), shown.total, shown.of) == (LISTED, 1_000, 1_000)
        assert shown.notes[-1] == "the first 200 of 1,000"
        app.lpush("mail:failed", *(f"new {number}" for number in range(1_000)))
        assert applied(server, MAIL, "retry_failed", shown).touched == LISTED
        assert app.llen("mail:failed") == 1_800
        assert app.lrange("mail", -2, -1) == [b"job 1", b"job 0"]


def test_elements_of_any_bytes_and_length(server: Server) -> None:
    with server.client() as app:
        strange = [b"\xff\xfe\x00", b"[" * 9_000, b"x" * 250_000, b""]
        app.lpush("mail:failed", *strange, b"y" * 3_000_000, b"z")
        shown = surveyed(server, MAIL, "retry_failed")
        assert (len(shown.targets), shown.total) == (5, 6)
        assert "1 of them are too long to be moved" in shown.notes
        assert applied(server, MAIL, "retry_failed", shown).touched == 5
        assert app.llen("mail:failed") == 1
        assert app.lrange("mail", 0, -1)[::-1] == [*strange, b"z"]
        app.lpush("mail:failed", *(bytes([n]) + b"y" * 3_000_000 for n in range(20)))
        assert len(surveyed(server, MAIL, "retry_failed").targets) == 0
        app.delete("mail:failed")
        app.lpush("mail:failed", *(bytes([n]) + b"y" * 200_000 for n in range(40)))
        shown = surveyed(server, MAIL, "retry_failed")
        assert (len(shown.targets), shown.total) == (19, 40)
        assert "only the first 19 of 40 failed jobs were looked at" in shown.notes
        assert applied(server, MAIL, "retry_failed", shown).touched == 19


def test_what_goes_wrong_half_way_loses_nothing(server: Server) -> None:
    with server.client() as app:
        app.lpush("mail:failed", "a")
        shown = surveyed(server, MAIL, "retry_failed")
        app.set("mail", "no list")
        found = applied(server, MAIL, "retry_failed", shown)
        assert (found.touched, len(found.refused)) == (0, 1)
        assert "WRONGTYPE" in found.refused[0]
        assert app.lrange("mail:failed", 0, -1) == [b"a"]
        for remedy in ("flush", "unflush"):
            with pytest.raises(ReplyError):
                surveyed(server, MAIL, remedy)  # type: ignore[arg-type]


def test_what_cannot_be_is_refused_in_words(server: Server) -> None:
    with pytest.raises(ReplyError, match="who has a job in hand"):
        surveyed(server, MAIL, "clear_stuck")
    with pytest.raises(ReplyError, match="no list of failed jobs is configured"):
        surveyed(server, PlainList("mail"), "retry_failed")
    with pytest.raises(ReplyError, match="no element is to be read"):
        surveyed(server, PlainList("m", failed="f", payloads=False), "retry_failed")
    with pytest.raises(ReplyError, match="once it is taken"):
        surveyed(server, PlainZset("later"), "clear_stuck")
    with pytest.raises(ReplyError, match="nothing was flushed here"):
        surveyed(server, MAIL, "unflush")
    nothing = surveyed(server, MAIL, "flush")
    assert (nothing.targets, nothing.total) == ((), 0)
    assert applied(server, MAIL, "flush", nothing).words == "nothing was to be done"


@pytest.mark.parametrize("layout", [MAIL, TURNED])
def test_what_was_flushed_comes_back_first(server: Server, layout: PlainList) -> None:
    with server.client() as app:
        came = app.lpush if layout.newest_left else app.rpush
        taken = app.rpop if layout.newest_left else app.lpop
        came("mail", *range(3))
        shown = surveyed(server, layout, "flush")
        assert shown.commands[0] == "RENAME mail warroom:flushed:mail:<run>"
        found = applied(server, layout, "flush", shown, "r1")
        assert (found.touched, app.exists("mail")) == (3, 0)
        came("mail", 3, 4)
        app.zadd("warroom:flushes:mail", {"old": time.time() - 90_000})
        again = applied(server, layout, "flush", shown, "r1")
        assert "of this name was made already" in again.refused[0]
        assert flushed(server, layout, "r2").touched == 2
        assert app.zrange("warroom:flushes:mail", 0, -1) == [b"r1", b"r2"]
        came("mail", 5)
        assert unflushed(server, layout).touched == 2, "the newest flush"
        assert unflushed(server, layout, "r1").touched == 3
        assert app.ttl("mail") == -1, "it is not kept for a day only"
        assert [int(taken("mail")) for _ in range(6)] == list(range(6))
        assert not app.keys("warroom:*")


@pytest.mark.trap(2, "a queue that grew after it was shown", "not flushed")
def test_a_queue_that_grew_far_more_is_not_flushed(server: Server) -> None:
    with server.client() as app:
        app.lpush("mail", *range(100))
        shown = surveyed(server, MAIL, "flush")
        app.lpush("mail", *range(40))
        app.rpush("mail", "one more")
        found = applied(server, MAIL, "flush", shown)
        assert found.refused == ("mail: 141 wait by now, far more than the 100 that were shown",)
        app.lpop("mail")
        assert applied(server, MAIL, "flush", shown).touched == 140
        shown = surveyed(server, MAIL, "unflush")
        app.delete("warroom:flushed:mail:r1")
        with pytest.raises(ReplyError, match="nothing is kept of a flush r1"):
            surveyed(server, MAIL, "unflush")
        assert "gone" in applied(server, MAIL, "unflush", shown).refused[0]


def test_no_job_is_lost_or_doubled_beside_a_worker_and_a_producer(server: Server) -> None:
    with server.client() as app, server.client() as other, server.client() as third:
        for turn in range(15):
            app.flushall()
            app.lpush("mail", *range(50))
            done: list[int] = []

            def work(done: list[int] = done) -> None:
                for _ in range(60):
                    if (job := other.rpop("mail")) is not None:
                        done.append(int(job))

            def produce() -> None:
                for number in range(50, 65):
                    third.lpush("mail", number)

            run = f"r{turn}"
            at_once(work, produce, lambda run=run: flushed(server, MAIL, run))
            if app.exists("warroom:flushes:mail"):
                at_once(work, lambda: unflushed(server, MAIL))
            left = [int(each) for each in app.lrange("mail", 0, -1)]
            assert sorted([*done, *left]) == list(range(65))
            assert left == sorted(left, reverse=True)


def test_no_failed_job_is_doubled_by_two_at_once(server: Server) -> None:
    with server.client() as app:
        for _ in range(10):
            app.flushall()
            app.lpush("mail:failed", *range(120))
            shown = surveyed(server, MAIL, "retry_failed")
            both = at_once(*[lambda s=shown: applied(server, MAIL, "retry_failed", s)] * 2)
            assert sum(each.touched for each in both) == 120
            assert sorted(map(int, app.lrange("mail", 0, -1))) == list(range(120))


@pytest.mark.parametrize(("score", "unit"), [("time", 1), ("time_ms", 1000)])
def test_only_what_is_due_of_a_sorted_set_is_flushed(
    server: Server, score: Literal["time", "time_ms"], unit: int
) -> None:
    layout = PlainZset("later", score)
    with server.client() as app:
        now = time.time()
        jobs = {f"job {n}": (now - 10 + n) * unit for n in range(3)}
        app.zadd("later", jobs | {"tomorrow": (now + 86_400) * unit})
        assert surveyed(server, layout, "flush").total == 3
        assert flushed(server, layout).touched == 3
        assert app.zrange("later", 0, -1) == [b"tomorrow"]
        app.zadd("later", {"since": now * unit})
        assert unflushed(server, layout).touched == 3
        ranked = app.zrange("later", 0, -1, withscores=True)
        assert [name for name, _ in ranked] == [*(n.encode() for n in jobs), b"since", b"tomorrow"]
        assert {name.decode(): at for name, at in ranked[:3]} == jobs


def test_a_sorted_set_by_priority_is_flushed_whole(server: Server) -> None:
    layout = PlainZset("jobs", "priority")
    with server.client() as app:
        app.zadd("jobs", {"a": 1, "b": 5})
        assert flushed(server, layout).touched == 2
        app.zadd("jobs", {"c": 3, "b": 9})
        unflushed(server, layout)
        assert app.zrange("jobs", 0, -1) == [b"a", b"c", b"b"]


def test_so_many_that_the_server_would_stand_still_are_refused(server: Server) -> None:
    layout = PlainZset("later")
    with server.client(socket_timeout=60) as app:
        app.eval(THOUSANDS["zset"], 1, "later", 201, "1e3")
        with pytest.raises(ReplyError, match="201,000 wait: more than are moved at once"):
            surveyed(server, layout, "flush")
        app.lpush("mail", "old")
        flushed(server, MAIL)
        app.eval(THOUSANDS["list"], 1, "mail", 201, "new")
        found = unflushed(server, MAIL)
        assert found.refused == ("r1: 201,000 came since, more than are moved at once (200,000)",)
        assert flushed(server, MAIL, "r2").touched == 201_000
        assert unflushed(server, MAIL, "r1").touched == 1
        assert unflushed(server, MAIL).touched == 201_000


def test_without_the_right_to_run_scripts_it_says_so(server: Server) -> None:
    with server.client() as app:
        app.lpush("mail:failed", "a")
        app.lpush("mail", "a")
        failed = surveyed(server, MAIL, "retry_failed")
        waiting = surveyed(server, MAIL, "flush")
        app.execute_command("ACL", "SETUSER", "default", "-eval")
        try:
            with pytest.raises(ReplyError, match="no permissions"):
                surveyed(server, MAIL, "retry_failed")
            with pytest.raises(ReplyError, match="no permissions"):
                applied(server, MAIL, "retry_failed", failed)
            with pytest.raises(ReplyError, match="no permissions"):
                applied(server, MAIL, "flush", waiting)
        finally:
            app.execute_command("ACL", "SETUSER", "default", "+eval")
        assert app.llen("mail") == app.llen("mail:failed") == 1
