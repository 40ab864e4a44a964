"""A queue of arq's.

From the source of arq 0.28 (``constants.py``, ``connections.py``, ``worker.py``); tested with
0.28.0. What is to be known of it:

- The queue is one sorted set; a score is when a job is due (Unix time, ms): when it was queued,
  deferred to, or is tried again; 1 when it is to be aborted. A job in hand stays in it until it
  is done, and a key of its own says that it is in hand, for longer than it may take: the jobs of
  a worker that was killed are in hand until that key expires.
- Workers take the first ones that are due, in their order.
- Nothing counts what was finished, and nothing lists what failed: a result is a key by its
  job's id, which nobody can list but by going through all keys.
- All workers of a queue write one health check, good for an hour unless told otherwise, and any
  of them that stops takes it away: how many live is not told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from warroom.connect.queues.asking import Replies, asking, part
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.payloads import LATEST, laid_out, told, when
from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, count, items, raw, real
from warroom.measure.redis import Count, FailedJob

Jobs = Sequence[tuple[bytes, float]]
"""Ids and scores."""

FIRST = 100
"""Jobs that are due of which it is looked whether they are in hand, the first ones."""
WIDE = 1_000
"""The same, after a look that found many in hand, so that there may be others."""
EARLIEST = 1e8
"""A Unix time (s) before 1973 is none: such a score stands for "at once"."""
HEALTH = 200
"""Bytes that are read of a health check."""
NOT_TOLD = "arq keeps no count of finished jobs, no list of failed ones, and does not name workers"
SILENT = "no health check of a worker: none was started lately, or one was stopped"
MORE = "in hand: looked for among the first {window:,} that are due"
DEEPER = "in hand: the last of the first {window:,} that are due is, and more may be"


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
        """Who is in hand is asked before who is in the queue: those that are finished between
        the two are in neither."""
        notes = [NOT_TOLD]
        (reply,) = yield (self._first(moment),)
        asked = [job for job, _ in _scored(reply)]
        replies = yield from asking(self._commands(moment, asked))
        total, due = count(replies.get("all")), count(replies.get("due"))
        jobs = _scored(replies.get("first"))
        held = part("in hand", partial(_held, asked), replies.get("held"), notes)
        waiting = [] if held is None else [each for each in jobs if each[0] not in held]
        active = None if held is None else _active(jobs, held, due, notes)
        if part("health check", raw, replies.get("health"), notes) == b"" and due:
            notes.append(SILENT)
        return Counted(
            depth=None if active is None else max(due - active, 0),
            unfinished=total,
            active=active,
            delayed=max(total - due, 0),
            oldest=next((at for _, score in waiting if (at := score / 1000) > EARLIEST), None),
            head=_head(waiting, moment.before),
            absent=() if total else (self.queue,),
            counts=(Count("due", due),) if active is None else (),
            notes=tuple(notes),
        )

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        """None: arq lists no failed jobs."""
        yield from ()
        return ()

    def job(self, identity: str) -> Look[str]:
        replies = yield from asking(
            {
                "job": ("GET", f"arq:job:{identity}"),
                "score": ("ZSCORE", self.queue, identity),
                "held": ("EXISTS", f"arq:in-progress:{identity}"),
                "tries": ("GETRANGE", f"arq:retry:{identity}", 0, 19),
                "result": ("GET", f"arq:result:{identity}"),
            }
        )
        kept = [raw(replies.get("job")), raw(replies.get("result"))]
        payload = next((each for each in kept if each is not None), None)
        if payload is None:
            raise ReplyError(f"there is no job {identity} any more")
        lines = [f"queue: {self.queue}", f"state: {_state(replies)}"]
        due = real(replies.get("score"))
        if due is not None and EARLIEST < (at := due / 1000) < LATEST:
            lines.append(f"due: {when(at)}")
        if tries := real(replies.get("tries")):
            lines.append(f"tried: {tries:.0f} times")
        return told([*lines, *laid_out(payload)])

    def _first(self, moment: Moment) -> Command:
        now = int(moment.now * 1000)
        return (
            *("ZRANGEBYSCORE", self.queue, "-inf", now),
            *("WITHSCORES", "LIMIT", 0, _window(moment.before)),
        )

    def _commands(self, moment: Moment, asked: list[bytes]) -> dict[str, Command]:
        found: dict[str, Command] = {}
        if asked:
            found["held"] = ("MGET", *(b"arq:in-progress:" + job for job in asked))
        return found | {
            "first": self._first(moment),
            "all": ("ZCARD", self.queue),
            "due": ("ZCOUNT", self.queue, "-inf", int(moment.now * 1000)),
            "health": ("GETRANGE", self.health_check, 0, HEALTH - 1),
        }


def _window(before: Counted | None) -> int:
    """How many of the first ones to look at."""
    if before is None or (before.active is not None and before.active <= FIRST // 2):
        return FIRST
    return WIDE


def _scored(reply: Reply) -> list[tuple[bytes, float]]:
    """Members with their scores."""
    listed = items(reply)
    found: list[tuple[bytes, float]] = []
    for member, score in zip(listed[::2], listed[1::2], strict=False):
        job, at = raw(member), real(score)
        if job is not None and at is not None:
            found.append((job, at))
    return found


def _held(asked: list[bytes], reply: Reply) -> set[bytes]:
    """Those of the jobs that are in hand. Raises ReplyError."""
    found = items(reply)
    if len(found) != len(asked):
        raise ReplyError("not told of all that were asked for")
    return {job for job, key in zip(asked, found, strict=True) if key is not None}


def _active(jobs: Jobs, held: set[bytes], due: int, notes: list[str]) -> int | None:
    """How many are in hand. They are the first ones, so that it is known when the last one
    that was looked at is not."""
    if due > len(jobs):
        known = not jobs or jobs[-1][0] not in held
        notes.append((MORE if known else DEEPER).format(window=len(jobs)))
        if not known:
            return None
    return sum(job in held for job, _ in jobs)


def _head(waiting: Jobs, before: Counted | None) -> bytes | None:
    """The next job; the one before where it still waits, although another came ahead."""
    found = [b"%r " % score + job for job, score in waiting]
    if before is not None and before.head in found:
        return before.head
    return found[0] if found else None


def _state(replies: Replies) -> str:
    if count(replies.get("held")):
        return "in hand"
    if real(replies.get("score")) is not None:
        return "waits"
    if raw(replies.get("result")) is not None:
        return "finished or failed (only its result, which is not opened, says which)"
    return "not in this queue"
