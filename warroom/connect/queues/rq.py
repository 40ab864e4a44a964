"""A queue of RQ's.

From the source of RQ 3.0 (``queue.py``, ``registry.py``, ``worker/base.py``, ``executions.py``,
``scheduler.py``) and its documentation, "Job Registries"; tested with 3.0.0. What is to be known
of it:

- The queue is a list of job ids; they come at the right, or at the left if they are put in front,
  and are taken from the left.
- Registries are sorted sets. A score in ``failed`` and ``finished`` is when RQ forgets the job,
  below zero in ``failed`` for never; in ``deferred`` and ``canceled`` it is only when it came.
- A score in ``wip`` is until when a worker has promised to be there, 90 s at most from its last
  word: what is past that was abandoned, and is called stalled here. RQ itself finds that out
  every ten minutes, and only while a worker lives.
- Scheduled jobs, retries with an interval too, are brought to the list by a scheduler, which
  workers have only if told so (``--with-scheduler``). Without one those that are due wait here.
- A worker counts the jobs that it finished for all its queues together: they are told as this
  queue's own only where its workers serve no other.
- Suspension is of all queues. Keys begin with ``rq`` (``RQ_KEY_PREFIX`` is not known here).
"""

from dataclasses import dataclass
from typing import ClassVar

from warroom.connect.queues.asking import Replies, asking, part
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.rq_front import (
    Ends,
    RqCounted,
    Waiting,
    ends,
    ends_commands,
    queued_at,
    time_of,
)
from warroom.connect.queues.rq_jobs import failed_jobs, whole_job
from warroom.connect.queues.rq_seen import Seen, seen, seen_commands
from warroom.connect.queues.rq_worker import (
    MANY,
    WORKERS,
    Worker,
    alive,
    crew,
    finished,
    worker_commands,
    workers,
)
from warroom.connect.queues.talk import Command, Look, raw, scanned
from warroom.measure.redis import FailedJob


@dataclass(frozen=True)
class Rq:
    """``queue`` is its name in RQ."""

    queue: str

    kind: ClassVar[str] = "rq"

    @property
    def place(self) -> str:
        return self.queue

    @property
    def key(self) -> str:
        """The list of waiting jobs."""
        return f"rq:queue:{self.queue}"

    def registry(self, name: str) -> str:
        """The sorted set of jobs in one state: ``wip``, ``failed``, ``scheduled`` …"""
        return f"rq:{name}:{self.queue}"

    def look(self, moment: Moment) -> Look[Counted]:
        before = moment.before if isinstance(moment.before, RqCounted) else None
        first = yield from asking(self._commands(moment, before))
        notes: list[str] = []
        found = seen(first, notes)
        jobs = {end: part(f"{end} job", raw, first.get(end), notes) for end in ("first", "last")}
        asked = {end: queued_at(job) for end, job in jobs.items() if job is not None}
        listed = part("workers", scanned, first.get("workers"), notes)
        keys = list(dict.fromkeys(listed[0])) if listed is not None else []
        asked |= worker_commands(keys)
        second = (yield from asking(asked)) if asked else {}
        there = workers(keys, self.queue, second, notes)
        if listed is None or listed[1]:
            there = None
            notes += [MANY] if listed is not None else []
        next_one, newest = (_waiting(jobs[end], end, second, notes) for end in ("first", "last"))
        edges = ends(found.length, next_one, newest, first, before)
        return self._counted(found, edges, there, first.get("known") == 1, before, notes)

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        return failed_jobs(self.registry("failed"), queue)

    def job(self, identity: str) -> Look[str]:
        return whole_job(identity)

    def _commands(self, moment: Moment, before: RqCounted | None) -> dict[str, Command]:
        found = seen_commands(self.queue, moment.now)
        found["workers"] = ("SSCAN", self.registry("workers"), 0, "COUNT", WORKERS)
        return found | ends_commands(self.key, before)

    def _counted(
        self,
        found: Seen,
        edges: Ends,
        there: list[Worker] | None,
        known: bool,
        before: RqCounted | None,
        notes: list[str],
    ) -> RqCounted:
        waiting = found.waiting
        since = [edges.since, waiting.at if waiting is not None else None]
        # Without anything in the list, it is a scheduled job that waits for somebody.
        alone = waiting.mark if waiting is not None and found.length == 0 else None
        was = before.between if before is not None else None
        return RqCounted(
            depth=found.depth,
            unfinished=found.unfinished,
            active=found.active,
            delayed=found.delayed,
            failed=found.failed,
            workers=alive(there),
            finished=finished(there, self.queue, before.crew if before is not None else None),
            arrived=edges.arrived,
            oldest=min((each for each in since if each is not None), default=None),
            head=edges.head if alone is None else alone,
            paused=found.paused,
            counts=found.counts,
            absent=() if found.depth or known else (self.key,),
            notes=tuple(dict.fromkeys([*notes, *found.notes(alive(there), was)])),
            next=edges.next,
            newest=edges.newest,
            since=edges.since,
            crew=crew(there),
            between=found.between,
        )


def _waiting(job: bytes | None, end: str, replies: Replies, notes: list[str]) -> Waiting | None:
    return None if job is None else Waiting(job, part("oldest", time_of, replies.get(end), notes))
