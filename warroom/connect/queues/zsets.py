"""A queue that is a sorted set: by the time a job is due, or by priority.

The layout is Redis' own (``ZADD`` and ``ZPOPMIN``, or ``ZRANGEBYSCORE`` up to now and ``ZREM``;
redis.io, "Redis sorted sets"); tested with 6.2 and 7.0. It keeps no trace of a job once it is
taken, nor of who takes them.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from warroom.connect.queues.asking import asking, part
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.payloads import MILLISECONDS, digest, laid_out, told, when
from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, count, items, raw, real
from warroom.measure.redis import FailedJob

EARLIEST = 1e8
"""A Unix time (s) before 1973 is none: such a score stands for "at once"."""
WATCHED = 4_096
"""Bytes of the longest job that is kept, to be asked for again; a longer one's digest is."""
REFUSED = "the jobs in {key} have scores that are {what}: set its score to {better}"


@dataclass(frozen=True)
class PlainZset:
    """A sorted set of jobs; ``score`` is when a job is due, in Unix seconds or milliseconds,
    or its priority, lowest first. By time, ``depth`` counts the jobs that are due.

    A job that stays first is told from another that took its place by member and score. By
    priority, a single one is not: it may have been taken and come again.
    """

    key: str
    score: Literal["time", "time_ms", "priority"] = "time"

    kind: ClassVar[str] = "zset"

    @property
    def place(self) -> str:
        return self.key

    def look(self, moment: Moment) -> Look[Counted]:
        replies = yield from asking(self._commands(moment))
        notes: list[str] = []
        total = count(replies.get("all"))
        first = part("first job", _scored, replies.get("first"), notes)
        if first is not None and self.score != "priority":
            self._check(first[1])
        depth, oldest = total, None
        if self.score != "priority":
            depth = count(replies.get("due"))
            oldest = self._since(first, moment.now)
        watched = None if self.score == "priority" and total == 1 else first
        head, overtaken = self._head(watched, moment.before, replies.get("stayed"))
        return Counted(
            depth=depth,
            unfinished=total,
            delayed=None if self.score == "priority" else count(replies.get("later")),
            oldest=oldest,
            head=head,
            overtaken=overtaken,
            absent=() if total else (self.key,),
            notes=tuple(notes),
        )

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        """None: a sorted set of jobs does not know what failed."""
        yield from ()
        return ()

    def job(self, identity: str) -> Look[str]:
        """``identity`` is the member itself."""
        (reply,) = yield (("ZSCORE", self.key, identity),)
        if (score := real(reply)) is None:
            raise ReplyError(f"no such job in {self.key} any more")
        lines = [f"sorted set: {self.key}, score {score:.15g}"]
        if self.score != "priority" and EARLIEST < (due := score / self._unit) < MILLISECONDS:
            lines.append(f"due: {when(due)}")
        return told([*lines, *laid_out(identity.encode())])

    @property
    def _unit(self) -> float:
        return 1000.0 if self.score == "time_ms" else 1.0

    def _commands(self, moment: Moment) -> dict[str, Command]:
        found: dict[str, Command] = {
            "all": ("ZCARD", self.key),
            "first": ("ZRANGE", self.key, 0, 0, "WITHSCORES"),
        }
        if self.score != "priority":
            now = repr(moment.now * self._unit)
            found["due"] = ("ZCOUNT", self.key, "-inf", now)
            found["later"] = ("ZCOUNT", self.key, f"({now}", "+inf")
        if moment.before is not None and (head := moment.before.head) is not None:
            found["stayed"] = ("ZSCORE", self.key, head.partition(b" ")[2])
        return found

    def _check(self, score: float) -> None:
        """Raises ReplyError for scores in another unit, by which nothing, or all, is due."""
        if self.score == "time" and score > MILLISECONDS:
            raise ReplyError(REFUSED.format(key=self.key, what="milliseconds", better="time_ms"))
        if self.score == "time_ms" and EARLIEST < score < MILLISECONDS:
            raise ReplyError(REFUSED.format(key=self.key, what="seconds", better="time"))

    def _since(self, first: tuple[bytes, float] | None, now: float) -> float | None:
        if first is None:
            return None
        due = first[1] / self._unit
        return due if EARLIEST < due <= now else None

    def _head(
        self, first: tuple[bytes, float] | None, before: Counted | None, stayed: Reply
    ) -> tuple[bytes | None, bool]:
        """The first job, and whether it came before the one that was the first and still is
        there."""
        if first is None:
            return None, False
        member, score = first
        head = b"%r " % score + (member if len(member) <= WATCHED else digest(member))
        was = before.head if before is not None else None
        return head, was is not None and was != head and _stayed(was, stayed)


def _scored(reply: Reply) -> tuple[bytes, float] | None:
    """The only member of a range, with its score. Raises ReplyError."""
    listed = items(reply)
    if len(listed) != 2:
        return None
    member, score = raw(listed[0]), real(listed[1])
    return None if member is None or score is None else (member, score)


def _stayed(head: bytes, score: Reply) -> bool:
    """Whether a job that was the first still has the same score, and so was not taken."""
    try:
        found = real(score)
    except ReplyError:
        return False
    return found is not None and head.startswith(b"%r " % found)
