"""A queue of RQ's.

From the source of RQ 3.0 (``queue.py``, ``registry.py``, ``worker/base.py``, ``results.py``) and
its documentation, "Job Registries"; tested with 3.0.0. What is to be known of it:

- The queue is a list of job ids; they come at the right and are taken from the left.
- Registries are sorted sets whose scores are when an entry ends: what has ended is not counted.
  An entry of ``wip`` that has ended is a job whose worker is gone.
- A worker's key expires by itself: one that is killed while it waits for a job is told as alive
  for up to eight minutes (``worker_ttl`` and 60 s), and by no other sign as dead.
- A worker counts the jobs it finished for all its queues together: they are told as this
  queue's own only where its workers serve no other.
- Suspension is of all queues.
"""

from dataclasses import dataclass
from typing import ClassVar

from warroom.connect.queues.asking import Replies, asking, part
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.lists import COMPARED, SEARCHED, arrivals, tail_commands
from warroom.connect.queues.payloads import instant
from warroom.connect.queues.rq_jobs import failed_jobs, whole_job
from warroom.connect.queues.rq_worker import Worker, workers
from warroom.connect.queues.talk import Command, Look, count, raw, scanned
from warroom.measure.redis import Count, FailedJob

WORKERS = 100
"""The most workers that are looked at."""
_COUNTED = ("finished", "deferred", "canceled")
KILLED = "workers: one that is killed while it waits counts for up to 8 min more"


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
        notes: list[str] = []
        first = yield from asking(self._commands(moment))
        depth = count(first.get("length"))
        due = part("next job", raw, first.get("next"), notes)
        listed = part("workers", scanned, first.get("workers"), notes)
        names, more = listed if listed is not None else ((), False)
        found, queued = yield from workers(names[:WORKERS], due, notes)
        if more:
            notes.append(f"workers: there are more than the {WORKERS} that are looked at")
        told = found if listed is not None and not more else None
        if told:
            notes.append(KILLED)
        return self._counted(first, moment, depth, due, instant(queued), told, notes)

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        return failed_jobs(self.registry("failed"), queue)

    def job(self, identity: str) -> Look[str]:
        return whole_job(identity)

    def _commands(self, moment: Moment) -> dict[str, Command]:
        ended = f"({moment.now:.0f}"
        found: dict[str, Command] = {
            "length": ("LLEN", self.key),
            "next": ("LINDEX", self.key, 0),
            "newest": ("LINDEX", self.key, -1),
            "wip": ("ZCARD", self.registry("wip")),
            "stalled": ("ZCOUNT", self.registry("wip"), "-inf", f"{moment.now:.0f}"),
            "failed": ("ZCOUNT", self.registry("failed"), ended, "+inf"),
            "scheduled": ("ZCARD", self.registry("scheduled")),
            "workers": ("SSCAN", self.registry("workers"), 0, "COUNT", WORKERS),
            "suspended": ("EXISTS", "rq:suspended"),
            "known": ("SISMEMBER", "rq:queues", self.key),
        }
        found |= {name: ("ZCOUNT", self.registry(name), ended, "+inf") for name in _COUNTED}
        before = moment.before
        if before is not None and (at := tail_commands(self.key, before.tail, False)) is not None:
            found["tail"] = at
        if before is not None and before.head is not None:
            found["stayed"] = ("LPOS", self.key, before.head, "MAXLEN", SEARCHED)
        return found

    def _counted(
        self,
        first: Replies,
        moment: Moment,
        depth: int,
        due: bytes | None,
        queued: float | None,
        found: list[Worker] | None,
        notes: list[str],
    ) -> Counted:
        def counted(name: str) -> int | None:
            return part(name, count, first.get(name), notes)

        newest = part("newest job", raw, first.get("newest"), notes)
        wip, stalled, scheduled = counted("wip"), counted("stalled"), counted("scheduled")
        active = None if wip is None or stalled is None else max(wip - stalled, 0)
        before = moment.before.head if moment.before is not None else None
        overtaken = before is not None and isinstance(first.get("stayed"), int)
        return Counted(
            depth=depth,
            active=active,
            delayed=scheduled,
            failed=counted("failed"),
            workers=None if found is None else len(found),
            finished=_finished(found),
            arrived=arrivals(depth, first.get("tail"), newest_left=False),
            oldest=queued,
            # One put at the front comes ahead of it: it waits all the same.
            head=before if overtaken else due,
            tail=newest if newest is not None and len(newest) <= COMPARED else None,
            paused=first.get("suspended") == 1,
            counts=(Count("stalled", stalled), *(Count(name, counted(name)) for name in _COUNTED)),
            absent=() if depth or first.get("known") == 1 else (self.key,),
            notes=tuple(notes),
        )


def _finished(found: list[Worker] | None) -> int | None:
    if not found or not all(each.alone for each in found):
        return None
    return sum(each.finished for each in found)
