"""A queue of Sidekiq's.

From Sidekiq's documentation ("Job Format", "Best Practices", "Using Redis") and its source
(``client.rb``, ``fetch.rb``, ``job_retry.rb``, ``launcher.rb``, ``api.rb``), as 7 and 8 have it;
tested with keys written as these describe, without Ruby. What is to be known of it:

- Jobs come at the left of ``queue:NAME`` and are taken from its right.
- ``schedule``, ``retry`` and ``dead`` hold the jobs of all queues, and ``stat:processed`` counts
  those of all, each attempt once, some ten seconds late. They are told as this queue's own only
  where ``queues`` knows no other; a queue that somebody deleted may still have jobs in them.
- Only processes move jobs of ``schedule`` and ``retry`` to their queues, every few seconds all
  together: without any they stay there, however long they have been due.
- A process beats every ten seconds, and its key is gone after sixty without. What it has in
  hand is told with the beat, too.
- ``paused`` is Sidekiq Pro's.
- A job's age is in its payload and nowhere else: the next job is read for that, and the newest,
  so as to find it again at the next look.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from warroom.connect.queues.asking import Replies, asking, part
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.lists import COMPARED, DIGITS, arrivals, tail_commands
from warroom.connect.queues.payloads import digest
from warroom.connect.queues.sidekiq_jobs import failed_jobs, whole_job
from warroom.connect.queues.sidekiq_payload import fields, unix_time
from warroom.connect.queues.sidekiq_process import PROCESSES, at_work
from warroom.connect.queues.talk import Command, Look, count, raw, whole
from warroom.measure.redis import Count, FailedJob

SHARED = "schedule, retry, dead and processed are of all queues, not of this one"
OVERDUE = (
    "{many:,} in {name} have been due for over {late:.0f} s: no process moves them to their queue, "
    "or too slowly"
)
LATE = 60.0
"""Seconds after which a job that is due was not just overlooked: a process looks for them every
5 s or so, and after its start in 15 s."""
_SETS = ("schedule", "retry", "dead")
_LATER = ("schedule", "retry")


@dataclass(frozen=True)
class Sidekiq:
    """``queue`` is its name in Sidekiq; ``prefix`` what redis-namespace puts before all keys,
    its colon with it."""

    queue: str
    prefix: str = ""

    kind: ClassVar[str] = "sidekiq"

    @property
    def place(self) -> str:
        return self.queue

    def key(self, name: str) -> str:
        return f"{self.prefix}{name}"

    @property
    def waiting(self) -> str:
        """The key of the waiting jobs."""
        return self.key(f"queue:{self.queue}")

    def look(self, moment: Moment) -> Look[Counted]:
        notes: list[str] = []
        first = yield from asking(self._commands(moment))
        counted = self._counted(first, notes)
        workers, active = yield from at_work(self.prefix, self.queue, first.get("processes"), notes)
        return replace(counted, workers=workers, active=active, notes=tuple(notes))

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        return failed_jobs(self.prefix, self.queue, queue)

    def job(self, identity: str) -> Look[str]:
        return whole_job(self.prefix, identity)

    def _commands(self, moment: Moment) -> dict[str, Command]:
        found: dict[str, Command] = {
            "length": ("LLEN", self.waiting),
            "next": ("LINDEX", self.waiting, -1),
            "newest": ("LINDEX", self.waiting, 0),
            "queues": ("SCARD", self.key("queues")),
            "known": ("SISMEMBER", self.key("queues"), self.queue),
            "paused": ("SISMEMBER", self.key("paused"), self.queue),
            "processed": ("GETRANGE", self.key("stat:processed"), 0, DIGITS - 1),
            "processes": ("SSCAN", self.key("processes"), 0, "COUNT", PROCESSES),
        }
        found |= {name: ("ZCARD", self.key(name)) for name in _SETS}
        late = repr(moment.now - LATE)
        found |= {f"late {name}": ("ZCOUNT", self.key(name), "-inf", late) for name in _LATER}
        tail = moment.before.tail if moment.before is not None else None
        if (position := tail_commands(self.waiting, tail, newest_left=True)) is not None:
            found["tail"] = position
        return found

    def _counted(self, first: Replies, notes: list[str]) -> Counted:
        """All but the workers. Raises ReplyError."""
        depth = count(first.get("length"))
        known = part("queues", count, first.get("known"), notes) == 1
        alone = known and part("queues", count, first.get("queues"), notes) == 1
        if not alone:
            notes.append(SHARED)
        due = part("next job", raw, first.get("next"), notes)
        newest = part("newest job", raw, first.get("newest"), notes)
        sets = {name: part(name, count, first.get(name), notes) for name in _SETS}
        notes += _overdue(first)
        processed = part("processed", whole, first.get("processed"), notes)
        later, again = sets["schedule"], sets["retry"]
        return Counted(
            depth=depth,
            delayed=later + again if alone and later is not None and again is not None else None,
            failed=sets["dead"] if alone else None,
            retrying=sets["retry"] or 0,
            finished=processed if alone and processed is not None and processed >= 0 else None,
            arrived=arrivals(depth, first.get("tail"), newest_left=True),
            oldest=unix_time(fields(due).get("enqueued_at")),
            head=None if due is None else digest(due),
            tail=newest if newest is not None and len(newest) <= COMPARED else None,
            paused=part("paused", count, first.get("paused"), notes) == 1,
            counts=tuple(
                Count(name if alone else f"{name} (all queues)", sets[name]) for name in _SETS
            ),
            absent=() if depth or known else (self.waiting,),
        )


def _overdue(first: Replies) -> list[str]:
    """What is to be said of the sets whose jobs nobody moves; one that cannot be read says so
    by its length."""
    late = {name: first.get(f"late {name}") for name in _LATER}
    return [
        OVERDUE.format(many=many, name=name, late=LATE)
        for name, many in late.items()
        if isinstance(many, int) and many > 0
    ]
