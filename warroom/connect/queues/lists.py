"""A queue that is a plain list: pushed at one end, taken from the other.

The layout is Redis' own (``LPUSH`` and ``BRPOP``, ``RPUSH`` and ``BLPOP``, ``BLMOVE`` into a
list of what is in hand; redis.io, "Redis lists"); tested with 6.2 and 7.0. What it cannot know:
who takes the jobs, and what became of them once they are taken, unless the team keeps that in
keys of its own, which are named here.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from warroom.connect.queues.asking import Replies, asking, length_of, part
from warroom.connect.queues.layout import LISTED, Counted, Moment
from warroom.connect.queues.payloads import (
    digest,
    laid_out,
    named,
    named_by_itself,
    time_in,
    told,
    when,
)
from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, count, items, raw, whole
from warroom.measure.redis import FailedJob

SEARCHED = 1_000
"""Elements that are compared, from the newest on, to find the newest of the look before."""
COMPARED = 4_096
"""Bytes of the longest element that is kept, and sent, to be compared."""
DIGITS = 19
"""Bytes that are read of a counter: more would be no 64-bit number."""
TRIPS = 4
"""Round trips, of ``LISTED`` elements each, in which a failed job is looked for."""


def tail_commands(key: str, tail: bytes | None, newest_left: bool) -> Command | None:
    """The command that finds out how far from the newest end ``tail`` is by now, which was
    the newest element at the look before; None where that cannot be found out. It costs at
    most ``SEARCHED`` comparisons."""
    if tail is None or len(tail) > COMPARED:
        return None
    return ("LPOS", key, tail, "RANK", 1 if newest_left else -1, "COUNT", 2, "MAXLEN", SEARCHED)


def arrivals(length: int, position: Reply, newest_left: bool) -> int | None:
    """How many elements came since the look before, of the reply to ``tail_commands``.

    None where it is not known: the old newest is taken already or too far away, or there are
    two like it, so that nobody can say which of them it is.
    """
    found = position if isinstance(position, list) else [position]
    if len(found) != 1 or not isinstance(found[0], int):
        return None
    came = found[0] if newest_left else length - 1 - found[0]
    return came if 0 <= came < length else None


@dataclass(frozen=True)
class PlainList:
    """A list, and the keys that a team keeps beside it.

    ``takes`` is the end the next job is taken from, so that new ones come at the other.
    ``in_hand`` is a list, set, sorted set or hash whose length counts the jobs in hand,
    ``failed`` a list of what failed, newest at the same end as here, ``done`` a counter of
    what was finished, that only rises. ``time`` and ``name`` are dotted paths in a JSON
    payload. Without ``payloads`` no element is ever read, which leaves lengths.

    Payloads that recur tell nothing when they stay: jobs that look the same may have come
    and gone. They count as told apart only if they have an identity or a time of their own,
    or all are ``distinct``.
    """

    key: str
    takes: Literal["left", "right"] = "right"
    in_hand: str | None = None
    failed: str | None = None
    done: str | None = None
    time: str | None = None
    name: str | None = None
    payloads: bool = True
    distinct: bool = False

    kind: ClassVar[str] = "list"

    @property
    def place(self) -> str:
        return self.key

    @property
    def newest_left(self) -> bool:
        return self.takes == "right"

    def look(self, moment: Moment) -> Look[Counted]:
        notes: list[str] = []
        replies = yield from asking(self._commands(moment))
        depth = count(replies.get("length"))
        active = yield from self._active(replies, notes)
        due = part("next jobs", _elements, replies.get("next"), notes) or []
        due = due if self.takes == "left" else due[::-1]
        newest = part("newest job", raw, replies.get("newest"), notes)
        oldest = time_in(due[0], self.time) if due else None
        apart = bool(due) and self._apart(due, oldest)
        return Counted(
            depth=depth,
            unfinished=depth + active if active is not None else None,
            active=active,
            failed=part("failed", count, replies.get("failed"), notes) if self.failed else None,
            finished=self._finished(replies, notes),
            arrived=arrivals(depth, replies.get("tail"), self.newest_left),
            oldest=oldest,
            head=digest(due[0]) if due and apart else None,
            tail=newest if newest is not None and apart and len(newest) <= COMPARED else None,
            absent=tuple(self._absent(replies, depth)),
            notes=tuple(notes),
        )

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        """Only their names: what made them fail is in no field that could be known."""
        if self.failed is None or not self.payloads:
            return ()
        (reply,) = yield (self._newest_failed(self.failed, 0),)
        found: dict[str, FailedJob] = {}
        for element in self._newest_first(reply):
            identity = digest(element).hex()
            identity += f".{len(found) + 1}" if identity in found else ""
            found[identity] = FailedJob(queue=queue, id=identity, name=named(element, self.name))
        return tuple(found.values())

    def job(self, identity: str) -> Look[str]:
        if self.failed is None:
            raise ReplyError(f"no list of failed jobs is configured for {self.key}")
        for trip in range(TRIPS):
            (reply,) = yield (self._newest_failed(self.failed, trip * LISTED),)
            for place, element in enumerate(self._newest_first(reply), trip * LISTED + 1):
                if digest(element).hex() == identity.partition(".")[0]:
                    return told(self._told(self.failed, place, element))
        words = f"not among the newest {TRIPS * LISTED} of {self.failed} any more"
        raise ReplyError(f"job {identity}: {words}")

    def _apart(self, due: list[bytes], oldest: float | None) -> bool:
        if len(due) > 1 and due[0] == due[1]:
            return False
        return self.distinct or oldest is not None or named_by_itself(due[0])

    def _commands(self, moment: Moment) -> dict[str, Command]:
        found: dict[str, Command] = {"length": ("LLEN", self.key)}
        if self.payloads:
            left = self.takes == "left"
            found["next"] = ("LRANGE", self.key, 0, 1) if left else ("LRANGE", self.key, -2, -1)
            found["newest"] = ("LINDEX", self.key, -1 if left else 0)
        tail = moment.before.tail if moment.before else None
        if (position := tail_commands(self.key, tail, self.newest_left)) is not None:
            found["tail"] = position
        if self.in_hand:
            found["type"] = ("TYPE", self.in_hand)
        if self.failed:
            found["failed"] = ("LLEN", self.failed)
        if self.done:
            found["done"] = ("GETRANGE", self.done, 0, DIGITS - 1)
        return found

    def _active(self, replies: Replies, notes: list[str]) -> Look[int | None]:
        """Its type is asked with the rest, its length by the command that fits, in a trip of
        its own: the wrong commands would count as errors of the server."""
        if self.in_hand is None:
            return None
        try:
            return (yield from length_of(self.in_hand, replies.get("type")))
        except ReplyError as error:
            notes.append(f"in hand: {error}")
            return None

    def _finished(self, replies: Replies, notes: list[str]) -> int | None:
        if self.done is None or replies.get("done") == b"":
            return None
        found = part("finished", whole, replies.get("done"), notes)
        if found is None or found < 0:
            notes.append(f"finished: {self.done} is not a count")
            return None
        return found

    def _absent(self, replies: Replies, depth: int) -> list[str]:
        kept = {
            self.key: depth == 0,
            self.in_hand: replies.get("type") == b"none",
            self.failed: replies.get("failed") == 0,
            self.done: replies.get("done") == b"",
        }
        return [key for key, gone in kept.items() if key and gone]

    def _newest_failed(self, key: str, skipped: int) -> Command:
        if self.newest_left:
            return ("LRANGE", key, skipped, skipped + LISTED - 1)
        return ("LRANGE", key, -skipped - LISTED, -skipped - 1)

    def _newest_first(self, reply: Reply) -> list[bytes]:
        return _elements(reply) if self.newest_left else _elements(reply)[::-1]

    def _told(self, key: str, place: int, element: bytes) -> list[str]:
        queued = time_in(element, self.time)
        return [
            f"list: {key}, number {place} from its newest end",
            *([f"name: {found}"] if (found := named(element, self.name)) else []),
            *([f"queued: {when(queued)}"] if queued is not None else []),
            *laid_out(element),
        ]


def _elements(reply: Reply) -> list[bytes]:
    return [element for each in items(reply) if (element := raw(each)) is not None]
