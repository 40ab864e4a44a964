"""A queue of Sidekiq's.

From Sidekiq's documentation ("Job Format", "Best Practices", "Using Redis") and its source
(``client.rb``, ``fetch.rb``, ``launcher.rb``, ``api.rb`` of 7 and 8); tested with keys written as
these describe, without Ruby. What is to be known of it:

- Jobs come at the left of ``queue:NAME`` and are taken from its right.
- ``schedule``, ``retry`` and ``dead`` hold the jobs of all queues, and ``stat:processed`` counts
  those of all, each attempt once, some ten seconds late. They are told as this queue's own only
  where ``queues`` knows no other.
- A process beats every ten seconds and is gone after sixty without.
- A job's age is in its payload and nowhere else: one payload, the next one's, is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from warroom.connect.queues.asking import Replies, asking, part
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.lists import COMPARED, DIGITS, arrivals, tail_commands
from warroom.connect.queues.payloads import digest, time_in
from warroom.connect.queues.sidekiq_jobs import failed_jobs, whole_job
from warroom.connect.queues.sidekiq_process import Process, processes
from warroom.connect.queues.talk import Command, Look, count, raw, scanned, whole
from warroom.measure.redis import Count, FailedJob

PROCESSES = 100
"""The most processes that are looked at."""
_SETS = ("schedule", "retry", "dead")


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
        depth = count(first.get("length"))
        listed = part("workers", scanned, first.get("processes"), notes)
        names, more = listed if listed is not None else ([], False)
        found = yield from processes(self.prefix, names[:PROCESSES], moment.now, notes)
        ours = [each for each in found or () if each.takes(self.queue)]
        if more:
            notes.append(f"workers: there are more than the {PROCESSES} that are looked at")
        told = listed is not None and found is not None and not more
        alone = first.get("queues") == 1 and first.get("known") == 1
        return self._counted(first, depth, ours if told else None, alone, notes)

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
        tail = moment.before.tail if moment.before is not None else None
        if (position := tail_commands(self.waiting, tail, newest_left=True)) is not None:
            found["tail"] = position
        return found

    def _counted(
        self,
        first: Replies,
        depth: int,
        ours: Sequence[Process] | None,
        alone: bool,
        notes: list[str],
    ) -> Counted:
        due = part("next job", raw, first.get("next"), notes)
        newest = part("newest job", raw, first.get("newest"), notes)
        sets = {name: part(name, count, first.get(name), notes) for name in _SETS}
        later = [sets["schedule"], sets["retry"]]
        processed = part("processed", whole, first.get("processed"), notes)
        if not alone:
            notes.append("schedule, retry, dead and processed are of all queues, not of this one")
        active = None
        if ours is not None and all(each.alone for each in ours):
            active = sum(each.busy for each in ours)
        return Counted(
            depth=depth,
            active=active,
            delayed=sum(n for n in later if n is not None) if alone and None not in later else None,
            failed=sets["dead"] if alone else None,
            workers=None if ours is None else len(ours),
            finished=processed if alone and processed is not None and processed >= 0 else None,
            arrived=arrivals(depth, first.get("tail"), newest_left=True),
            oldest=None if due is None else time_in(due, "enqueued_at"),
            head=None if due is None else digest(due),
            tail=newest if newest is not None and len(newest) <= COMPARED else None,
            paused=first.get("paused") == 1,
            counts=tuple(
                Count(name if alone else f"{name} (all queues)", sets[name]) for name in _SETS
            ),
            absent=() if depth or first.get("known") == 1 else (self.waiting,),
            notes=tuple(notes),
        )
