"""A queue of arq's.

From the source of arq 0.28 (``constants.py``, ``connections.py``, ``worker.py``); tested with
0.28.0. What is to be known of it:

- The queue is one sorted set; a score is when a job is due (Unix time, ms): when it was queued,
  deferred to, or is tried again. A job in hand stays in it until it is done, and a key of its
  own says that it is in hand.
- Workers take the first ones that are due, in their order.
- Nothing counts what was finished, and nothing lists what failed: a result is a key by its
  job's id, which nobody can list but by going through all keys.
- A worker leaves one health check for the whole queue, good for an hour unless told otherwise
  after it is gone: how many live is not told.
"""

from dataclasses import dataclass
from typing import ClassVar

from warroom.connect.queues.asking import asking, part
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.payloads import laid_out, told, when
from warroom.connect.queues.talk import (
    Command,
    Look,
    Reply,
    ReplyError,
    count,
    items,
    raw,
    real,
    sound,
)
from warroom.measure.redis import FailedJob

FIRST = 100
"""Jobs that are due of which it is looked whether they are in hand."""
HEALTH = 200
"""Bytes that are read of a health check."""
NOT_TOLD = "arq keeps no count of finished jobs, no list of failed ones, and does not name workers"
SILENT = "no worker has left a health check"


@dataclass(frozen=True)
class Arq:
    """``queue`` is its name, ``arq:queue`` where nobody chose another."""

    queue: str = "arq:queue"

    kind: ClassVar[str] = "arq"

    @property
    def place(self) -> str:
        return self.queue

    @property
    def health_check(self) -> str:
        return f"{self.queue}:health-check"

    def look(self, moment: Moment) -> Look[Counted]:
        notes = [NOT_TOLD]
        first = yield from asking(self._commands(moment))
        total, due = count(first.get("all")), count(first.get("due"))
        jobs = _scored(first.get("first"))
        held = yield from self._in_hand([job for job, _ in jobs])
        waiting = [(job, score) for job, score in jobs if job not in held]
        active: int | None = len(held)
        if due > FIRST and not waiting:
            active = None
            notes.append(f"in hand: all of the first {FIRST} are, and more may be")
        health = part("health check", raw, first.get("health"), notes)
        if health == b"" and due:
            notes.append(SILENT)
        return Counted(
            depth=None if active is None else max(due - active, 0),
            unfinished=total,
            active=active,
            delayed=max(total - due, 0),
            oldest=waiting[0][1] / 1000 if waiting else None,
            head=self._head(waiting, held, moment.before, first.get("stayed")),
            absent=() if total else (self.queue,),
            notes=tuple(notes),
        )

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        """None: arq lists no failed jobs."""
        yield from ()
        return ()

    def job(self, identity: str) -> Look[str]:
        keys = f"arq:job:{identity}", f"arq:in-progress:{identity}"
        payload, score, held = yield (
            ("GET", keys[0]),
            ("ZSCORE", self.queue, identity),
            ("EXISTS", keys[1]),
        )
        if (found := raw(payload)) is None:
            raise ReplyError(f"there is no job {identity} any more")
        at = real(score)
        lines = [f"queue: {self.queue}", f"in hand: {'yes' if sound(held) else 'no'}"]
        if at is not None and 0 < at < 1e14:
            lines.append(f"due: {when(at / 1000)}")
        return told([*lines, *laid_out(found)])

    def _commands(self, moment: Moment) -> dict[str, Command]:
        now = int(moment.now * 1000)
        found: dict[str, Command] = {
            "all": ("ZCARD", self.queue),
            "due": ("ZCOUNT", self.queue, "-inf", now),
            "first": (
                *("ZRANGEBYSCORE", self.queue, "-inf", now),
                *("WITHSCORES", "LIMIT", 0, FIRST),
            ),
            "health": ("GETRANGE", self.health_check, 0, HEALTH - 1),
        }
        if moment.before is not None and moment.before.head is not None:
            found["stayed"] = ("ZSCORE", self.queue, moment.before.head)
        return found

    def _in_hand(self, jobs: list[bytes]) -> Look[set[bytes]]:
        if not jobs:
            return set()
        (reply,) = yield (("MGET", *(b"arq:in-progress:" + job for job in jobs)),)
        return {job for job, value in zip(jobs, items(reply), strict=False) if value is not None}

    def _head(
        self,
        waiting: list[tuple[bytes, float]],
        held: set[bytes],
        before: Counted | None,
        stayed: Reply,
    ) -> bytes | None:
        """The next job; the one before where it still waits, although another came ahead."""
        former = before.head if before is not None else None
        if former is not None and former not in held and real(stayed) is not None:
            return former
        return waiting[0][0] if waiting else None


def _scored(reply: Reply) -> list[tuple[bytes, float]]:
    """Members with their scores, which ``when`` can tell."""
    listed = items(reply)
    found: list[tuple[bytes, float]] = []
    for member, score in zip(listed[::2], listed[1::2], strict=False):
        job, at = raw(member), real(score)
        if job is not None and at is not None:
            found.append((job, at))
    return found
