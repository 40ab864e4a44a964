"""RQ's jobs are brought back and put aside: its own workers fail, are killed, work them off."""

import signal
import time
from typing import Any

from rq import Queue
from rq.job import JobStatus
from rq.registry import FailedJobRegistry, StartedJobRegistry

from tests.live.redis import rq_work
from tests.live.redis.remedying import applied, applied_late, at_once, flushed, surveyed, unflushed
from tests.live.redis.rq_at_work import killed, worker
from tests.live.redis.servers import Server
from tests.waiting import until
from warroom.connect.queues.remedies.terms import GONE
from warroom.connect.queues.rq import Rq

MAIL = Rq("mail")


def failed_ones(server: Server, queue: Any, *numbers: int) -> list[Any]:
    """Jobs that a worker has tried once, and failed."""
    jobs = [queue.enqueue(rq_work.until_mended, number) for number in numbers]
    with worker(server, "--burst", "mail") as process:
        assert process.wait(20) == 0
    return jobs


def tried(app: Any) -> list[int]:
    return [int(each) for each in app.lrange("tried", 0, -1)]


def test_failed_jobs_are_tried_once_more_and_no_others(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        jobs = failed_ones(server, queue, 0, 1, 2, 3)
        shown = surveyed(server, MAIL, "retry_failed")
        assert {each.identity for each in shown.targets} == {job.id for job in jobs}
        assert (shown.total, shown.of) == (4, 4)
        assert "until_mended(0)" in " ".join(each.words for each in shown.targets)

        registry = FailedJobRegistry(queue=queue)
        registry.requeue(jobs[0])  # somebody else brought it back, and it failed again
        app.delete("tried")
        (new,) = failed_ones(server, queue, 9)
        jobs[1].delete()
        app.delete("tried")
        app.set("mended", 1)
        found = applied(server, MAIL, "retry_failed", shown)
        assert (found.touched, found.words) == (2, "2 jobs moved, 2 refused")
        assert set(found.refused) == {
            f"{jobs[0].id}: changed since it was shown",
            f"{jobs[1].id}: {GONE}",
        }
        assert queue.get_job_ids() == [jobs[2].id, jobs[3].id]
        assert jobs[2].get_status() == JobStatus.QUEUED
        with worker(server, "--burst", "mail") as process:
            assert process.wait(20) == 0
        assert tried(app) == [2, 3]
        assert [jobs[n].get_status() for n in (2, 3)] == [JobStatus.FINISHED] * 2
        assert set(registry.get_job_ids()) == {jobs[0].id, new.id}


def test_a_killed_workers_job_is_worked_off_by_another(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        job = queue.enqueue(rq_work.wait, 0)
        with worker(server, "mail") as process:
            until(lambda: job.get_status() == JobStatus.STARTED)
            assert surveyed(server, MAIL, "clear_stuck").targets == (), "its worker lives"
            killed(process)
        until(lambda: surveyed(server, MAIL, "clear_stuck").targets)
        assert surveyed(server, MAIL, "clear_stuck", stuck_for=60).targets == ()
        shown = surveyed(server, MAIL, "clear_stuck")
        assert [each.identity for each in shown.targets] == [job.id]
        found = applied(server, MAIL, "clear_stuck", shown)
        assert (found.touched, found.refused) == (1, ())
        assert StartedJobRegistry(queue=queue).get_job_ids(cleanup=False) == []
        assert not app.keys("rq:execution*")
        assert job.get_status() == JobStatus.QUEUED
        app.set("go", 5)
        with worker(server, "--burst", "mail") as process:
            assert process.wait(20) == 0
        assert job.get_status() == JobStatus.FINISHED
        assert len(job.results()) == 1
        again = applied(server, MAIL, "clear_stuck", shown)
        assert (again.touched, len(again.refused)) == (0, 1)


def test_a_stuck_job_that_another_has_or_that_is_heard_of_is_refused(server: Server) -> None:
    with server.client() as app:
        late = time.time() - 5
        for name in ("a", "b", "c"):
            app.hset(f"rq:job:{name}", mapping={"status": "started", "worker_name": "w"})
            app.zadd("rq:wip:mail", {f"{name}:1": late})
            app.hset(f"rq:execution:{name}:1", "last_heartbeat", late)
            app.zadd(f"rq:executions:{name}", {"1": late})
        shown = surveyed(server, MAIL, "clear_stuck")
        assert shown.total == 3
        app.zadd("rq:wip:mail", {"a:1": time.time() + 90})  # a heartbeat
        app.zadd("rq:executions:b", {"2": time.time() + 90})
        app.hset("rq:job:c", "status", "finished")
        found = applied(server, MAIL, "clear_stuck", shown)
        assert found.touched == 0
        assert [each.partition(":")[0] for each in found.refused] == ["a", "c", "b"]
        assert found.refused[0].startswith("a: changed since it was shown")
        assert "b: another worker has it in hand, too" in found.refused
        assert (app.llen("rq:queue:mail"), app.zcard("rq:wip:mail")) == (0, 3)


def test_a_job_that_was_taken_and_not_begun_comes_back_first(server: Server) -> None:
    with server.client() as app:
        queue = Queue("mail", connection=app)
        app.set("mended", 1)
        with worker(server, "mail") as process:
            until(lambda: any(each["cmd"] == "blmove" for each in app.client_list()), 20)
            process.send_signal(signal.SIGSTOP)
            job = queue.enqueue(rq_work.until_mended, 0)
            queue.enqueue(rq_work.until_mended, 1)
            assert surveyed(server, MAIL, "clear_stuck").targets == (), "its worker is there"
            killed(process)
        until(lambda: surveyed(server, MAIL, "clear_stuck").targets)
        shown = surveyed(server, MAIL, "clear_stuck")
        assert ([each.identity for each in shown.targets], shown.of) == ([job.id], 1)
        late = applied_late(
            server, MAIL, "clear_stuck", shown, lambda: app.hset(job.key, "status", "failed")
        )
        assert late.refused == (f"{job.id}: changed since it was shown",)
        app.hset(job.key, "status", "queued")
        both = at_once(*[lambda: applied(server, MAIL, "clear_stuck", shown)] * 2)
        assert sum(each.touched for each in both) == 1
        with worker(server, "--burst", "mail") as process:
            assert process.wait(20) == 0
        assert tried(app) == [0, 1]
        assert app.llen(queue.intermediate_queue_key) == 0


def test_what_a_rate_limit_holds_is_left_to_rq(server: Server) -> None:
    with server.client() as app:
        told = {"status": "failed", "origin": "mail", "rate_limit_key": "smtp"}
        app.hset("rq:job:a", mapping=told)
        app.zadd("rq:failed:mail", {"a": time.time() + 100})
        shown = surveyed(server, MAIL, "retry_failed")
        assert (shown.targets, shown.total, shown.of) == ((), 0, 1)
        assert "rate limits" in shown.notes[0]
        app.hset("rq:job:a", mapping={"status": "queued", "rate_limit_key": ""})
        shown = surveyed(server, MAIL, "retry_failed")
        assert (shown.targets, shown.total) == ((), 0)
        assert shown.notes == ("1 are no failed jobs of this queue any more: left",)


def test_two_who_retry_at_once_move_each_job_once(server: Server) -> None:
    with server.client() as app:
        for _ in range(10):
            app.flushall()
            for number in range(100):
                app.hset(f"rq:job:{number}", mapping={"status": "failed", "origin": "mail"})
                app.zadd("rq:failed:mail", {str(number): time.time() + number})
            shown = surveyed(server, MAIL, "retry_failed")
            both = at_once(*[lambda s=shown: applied(server, MAIL, "retry_failed", s)] * 2)
            assert sum(each.touched for each in both) == 100
            ids = app.lrange("rq:queue:mail", 0, -1)
            assert sorted(map(int, ids)) == list(range(100))


def test_flushed_jobs_are_not_worked_off_and_come_back_before_what_came_since(
    server: Server,
) -> None:
    with server.client() as app:
        app.set("mended", 1)
        queue = Queue("mail", connection=app)
        for number in range(3):
            queue.enqueue(rq_work.until_mended, number)
        found = flushed(server, MAIL)
        assert (found.touched, queue.count) == (3, 0)
        assert 86_000 < app.ttl("warroom:flushed:rq:queue:mail:r1") <= 86_400
        for number in (7, 8):
            queue.enqueue(rq_work.until_mended, number)
        assert unflushed(server, MAIL).touched == 3
        with worker(server, "--burst", "mail") as process:
            assert process.wait(20) == 0
        assert tried(app) == [0, 1, 2, 7, 8]
        assert not app.keys("warroom:*")


def test_a_worker_that_waits_is_woken_by_what_comes_back(server: Server) -> None:
    with server.client() as app:
        app.set("mended", 1)
        queue = Queue("mail", connection=app)
        queue.enqueue(rq_work.until_mended, 1)
        flushed(server, MAIL)
        with worker(server, "mail"):
            until(lambda: any(each["cmd"] == "blmove" for each in app.client_list()), 20)
            unflushed(server, MAIL)
            until(lambda: tried(app) == [1])


def test_flushed_again_and_again_beside_a_worker_each_job_is_done_once(server: Server) -> None:
    with server.client() as app:
        app.set("mended", 1)
        queue = Queue("mail", connection=app)
        for number in range(20):
            queue.enqueue(rq_work.until_mended, number)
        with worker(server, "mail"):
            for turn in range(20):
                until(lambda turn=turn: len(tried(app)) > turn // 2 or not queue.count)
                if flushed(server, MAIL, f"r{turn}").touched:
                    unflushed(server, MAIL)
            until(lambda: len(tried(app)) >= 20)
        assert tried(app) == list(range(20))
