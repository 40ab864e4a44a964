"""The ends of RQ's list: which job is next, which came last, and what became of those that were
at the look before.

An id alone does not tell: a job that is tried again, or repeated, comes back under the same id.
When it was queued (``enqueued_at``) is another time then.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from warroom.connect.queues.asking import Replies
from warroom.connect.queues.layout import Counted
from warroom.connect.queues.lists import COMPARED, SEARCHED, arrivals, tail_commands
from warroom.connect.queues.payloads import digest, instant
from warroom.connect.queues.talk import Command, Reply, ReplyError, text


@dataclass(frozen=True)
class Waiting:
    """A job in the list, and when it was queued (Unix time, s; None: not known)."""

    id: bytes
    at: float | None

    @property
    def mark(self) -> bytes:
        return digest(b"%r " % self.at + self.id)


@dataclass(frozen=True)
class RqCounted(Counted):
    """What the next look wants to know of this one: the jobs at both ends, when the oldest in
    the list was queued, which workers were there, and which job was taken and not begun (None:
    not known)."""

    next: Waiting | None = None
    newest: Waiting | None = None
    since: float | None = None
    crew: frozenset[bytes] | None = None
    between: bytes | None = None


@dataclass(frozen=True)
class Ends:
    """``overtaken`` says how many were put in front of what was the next job at the look
    before; None when it is not there any more, and so was taken."""

    next: Waiting | None
    newest: Waiting | None
    since: float | None
    head: bytes | None
    overtaken: int | None
    arrived: int | None


def queued_at(job: bytes) -> Command:
    return ("HGET", b"rq:job:" + job, "enqueued_at")


def ends_commands(key: str, before: RqCounted | None) -> dict[str, Command]:
    """What is asked in the first round trip."""
    found: dict[str, Command] = {"first": ("LINDEX", key, 0), "last": ("LINDEX", key, -1)}
    if before is None:
        return found
    if before.next is not None and len(before.next.id) <= COMPARED:
        found["stayed"] = ("LPOS", key, before.next.id, "MAXLEN", SEARCHED)
        found["stayed at"] = queued_at(before.next.id)
    newest = before.newest.id if before.newest is not None else None
    if newest is not None and (position := tail_commands(key, newest, False)) is not None:
        found["tail"] = position
        found["tail at"] = queued_at(newest)
    return found


def ends(
    length: int,
    first: Waiting | None,
    newest: Waiting | None,
    replies: Replies,
    before: RqCounted | None,
) -> Ends:
    """Of the jobs at both ends, and the replies to ``ends_commands``."""
    overtaken = _overtaken(first, replies, before)
    since = first.at if first is not None else None
    if overtaken and before is not None and before.since is not None:
        # It waits behind those that were put in front of it.
        since = before.since if since is None else min(since, before.since)
    came = arrivals(length, replies.get("tail"), newest_left=False)
    if before is None or before.newest is None or not _same(before.newest, replies, "tail at"):
        came = None
    return Ends(
        next=first,
        newest=newest,
        since=since,
        head=_head(first, overtaken, before),
        overtaken=overtaken,
        arrived=None if came is None else came + (overtaken or 0),
    )


def time_of(reply: Reply) -> float | None:
    """Of the reply to ``queued_at``. Raises ReplyError."""
    return instant(text(reply))


def _overtaken(first: Waiting | None, replies: Replies, before: RqCounted | None) -> int | None:
    if first is None or before is None or before.next is None:
        return None
    if first == before.next:
        return 0
    position = replies.get("stayed")
    if not isinstance(position, int) or not _same(before.next, replies, "stayed at"):
        return None
    return max(position, 0)


def _head(first: Waiting | None, overtaken: int | None, before: RqCounted | None) -> bytes | None:
    """The same as long as the job that was the next one at the look before still waits."""
    if first is None:
        return None
    if before is None or before.next is None or before.head is None:
        return first.mark
    # What was overtaken becomes the next one again, when another was taken: not the same head.
    return digest(before.head + first.mark) if overtaken is None else before.head


def _same(job: Waiting, replies: Mapping[str, Reply], name: str) -> bool:
    try:
        return time_of(replies.get(name)) == job.at
    except ReplyError:
        return job.at is None
