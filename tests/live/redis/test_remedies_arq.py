"""arq's jobs are given back, and put aside: its own workers are killed, and work them off."""

import pytest

from tests.live.redis.looking import polled
from tests.live.redis.remedying import applied, at_once, flushed, surveyed, unflushed
from tests.live.redis.servers import Server
from tests.live.redis.test_arq import queued, worker
from tests.waiting import until
from warroom.connect.queues.arq import Arq
from warroom.connect.queues.remedies.terms import GONE
from warroom.connect.queues.talk import ReplyError

pytestmark = pytest.mark.long

LAYOUT = Arq()


def test_a_killed_workers_jobs_are_worked_off_by_another(server: Server) -> None:
    with server.client() as app:
        queued(server, 5)
        with worker(server) as process:
            polled(server, LAYOUT, lambda seen: seen.active == 3)
            until(lambda: all(app.exists(f"arq:retry:job-{n}") for n in range(3)))
            process.kill()
            process.wait(20)
        assert surveyed(server, LAYOUT, "clear_stuck", stuck_for=60).targets == ()
        shown = surveyed(server, LAYOUT, "clear_stuck")
        assert [each.identity for each in shown.targets] == ["job-0", "job-1", "job-2"]
        assert (shown.total, shown.of) == (3, 3)
        words = shown.targets[0].words.split()
        assert int(words[3]) < 30, shown.targets[0].words
        assert words[-2:] == ["attempt", "1"]
        app.zrem("arq:queue", "job-0")  # it was done
        app.incr("arq:retry:job-1")  # it was begun anew
        found = applied(server, LAYOUT, "clear_stuck", shown)
        assert found.touched == 1
        assert found.refused == (
            f"job-0: {GONE}",
            "job-1: changed since it was shown",
        )
        assert app.exists("arq:in-progress:job-1")
        assert not app.exists("arq:in-progress:job-2")
        app.set("go", 100)
        with worker(server):
            polled(server, LAYOUT, lambda seen: seen.unfinished == 1)
        assert sorted(map(int, app.lrange("done", 0, -1))) == [2, 3, 4]


def test_what_arq_has_forgotten_or_freed_is_refused(server: Server) -> None:
    with server.client() as app:
        for name in ("a", "b", "c"):
            app.zadd("arq:queue", {name: 1_000})
            app.set(f"arq:in-progress:{name}", "1")
            app.set(f"arq:job:{name}", "x")
            app.set(f"arq:retry:{name}", 1, ex=88_300)
        shown = surveyed(server, LAYOUT, "clear_stuck", stuck_for=90)
        assert shown.targets[0].words == "in hand for 100 s, attempt 1"
        app.delete("arq:job:a", "arq:in-progress:b")
        app.expire("arq:retry:c", 88_400)
        found = applied(server, LAYOUT, "clear_stuck", shown, stuck_for=90)
        assert (found.touched, len(found.refused)) == (0, 3)
        assert "a: arq has forgotten by now what it was to do" in found.refused
        with pytest.raises(ReplyError, match="arq lists no failed jobs"):
            surveyed(server, LAYOUT, "retry_failed")


def test_what_two_free_at_once_is_freed_once(server: Server) -> None:
    with server.client() as app:
        for _ in range(10):
            app.flushall()
            for number in range(60):
                app.zadd("arq:queue", {str(number): 1_000})
                app.mset({f"arq:in-progress:{number}": 1, f"arq:job:{number}": "x"})
                app.set(f"arq:retry:{number}", 1, ex=88_300)
            shown = surveyed(server, LAYOUT, "clear_stuck")
            both = at_once(*[lambda s=shown: applied(server, LAYOUT, "clear_stuck", s)] * 2)
            assert sum(each.touched for each in both) == 60


def test_jobs_in_hand_stay_and_the_others_come_back_in_their_order(server: Server) -> None:
    with server.client() as app:
        queued(server, 8)
        queued(server, 2, 3_600, "later")
        before = dict(app.zrange("arq:queue", 0, -1, withscores=True))
        with worker(server):
            polled(server, LAYOUT, lambda seen: seen.active == 3)
            assert flushed(server, LAYOUT).touched == 5
            left = [f"job-{n}".encode() for n in range(3)] + [b"later-0", b"later-1"]
            assert sorted(app.zrange("arq:queue", 0, -1)) == left
            app.set("go", 100)
            polled(server, LAYOUT, lambda seen: seen.unfinished == 2)
            assert unflushed(server, LAYOUT).touched == 5
            polled(server, LAYOUT, lambda seen: seen.unfinished == 2)
        assert sorted(map(int, app.lrange("done", 0, -1))) == list(range(8))
        app.zadd("arq:queue", before)
        flushed(server, LAYOUT, "r2")
        unflushed(server, LAYOUT)
        assert dict(app.zrange("arq:queue", 0, -1, withscores=True)) == before
