"""A queue that is a stream, read by consumer groups or by nobody in particular.

From Redis' documentation of ``XADD``, ``XREADGROUP``, ``XINFO GROUPS``, ``XINFO CONSUMERS``
and ``XPENDING``, and from what 6.2 and 7.0 were seen to do, where they differ from it:

- How far a group lags is told from 7.0 on, and there only while Redis can count it: not for a
  group that began in the midst (``$``) or behind a deleted entry. Entries that were trimmed or
  deleted before they were read are still in that figure, so it is no more than the length.
- A consumer is known once it was given an entry, and its ``idle`` is the time since that, even
  while it waits in ``XREADGROUP``: before 7.2 waiting workers and dead ones look the same.

``XINFO STREAM`` is not asked: it answers with two whole entries. What was ever added is what a
group has read and what it lags.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from warroom.connect.queues.asking import Replies, asking, part
from warroom.connect.queues.consumers import consumer_commands, with_workers
from warroom.connect.queues.entries import Reader, at, entry_told, first_entry, readers, written
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, count, items
from warroom.measure.redis import Count, FailedJob, Group

GROUPS = 20
"""The most groups that are asked about one by one."""
UNCOUNTED = "how many wait is not told by this server (XINFO GROUPS without lag)"


@dataclass(frozen=True)
class PlainStream:
    """A stream as ``group`` reads it, or else as the group does that is furthest behind.

    ``depth`` counts entries that no one was given yet, ``active`` those given to a consumer
    and not acknowledged. Of several groups each figure is the one of the group that has most,
    and an entry is finished when all of them are done with it.
    """

    key: str
    group: str | None = None

    kind: ClassVar[str] = "stream"

    @property
    def place(self) -> str:
        return self.key

    def look(self, moment: Moment) -> Look[Counted]:
        first = yield from asking({"groups": ("XINFO", "GROUPS", self.key), "length": self._length})
        length = count(first.get("length"))
        if length == 0 and _is_absent(first.get("groups")):
            return Counted(depth=0, unfinished=0, absent=(self.key,))
        found = readers(first.get("groups"))
        if self.group is not None:
            found = [each for each in found if each.name == self.group]
            if not found:
                raise ReplyError(f"{self.key} has no group {self.group}")
        if not found:
            return (yield from self._unread(length, moment.now))
        return (yield from self._read(found, length, moment.now))

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        """None: a stream knows entries that were not acknowledged, and not why."""
        yield from ()
        return ()

    def job(self, identity: str) -> Look[str]:
        entry = at(identity.encode())
        own: Command = ("XRANGE", self.key, entry, entry, "COUNT", 1)
        replies = yield from asking({"entry": own, "groups": ("XINFO", "GROUPS", self.key)})
        if first_entry(replies.get("entry")) is None:
            raise ReplyError(f"entry {identity} is not in {self.key} any more")
        names = [each.name for each in readers(replies.get("groups"))][:GROUPS]
        pending = yield from asking(
            {name: ("XPENDING", self.key, name, entry, entry, 1) for name in names}
        )
        return entry_told(self.key, replies.get("entry"), pending)

    @property
    def _length(self) -> Command:
        return ("XLEN", self.key)

    def _unread(self, length: int, now: float) -> Look[Counted]:
        """Without groups every entry waits, as far as the server knows."""
        (reply,) = yield (("XRANGE", self.key, "-", "+", "COUNT", 1),)
        notes = ["no consumer group: every entry counts as waiting"]
        first = part("first entry", first_entry, reply, notes)
        oldest = written(first, now)
        return Counted(depth=length, oldest=oldest, head=first, leaks=True, notes=tuple(notes))

    def _read(self, found: list[Reader], length: int, now: float) -> Look[Counted]:
        found = sorted(found, key=lambda each: each.order)
        behind, asked = found[0], found[:GROUPS]
        replies = yield from asking(self._commands(behind, asked))
        notes: list[str] = []
        if len(found) > GROUPS:
            notes.append(f"{len(found)} groups; the {GROUPS} furthest behind are shown")
        waiting = part("next entry", first_entry, replies.get("next"), notes)
        depth = _depth(behind, length, replies, notes)
        counted = Counted(
            depth=depth,
            active=max(each.pending for each in found),
            added=behind.added,
            oldest=written(waiting, now),
            head=behind.last,
            leaks=True,
            counts=(Count("entries", length),),
            groups=tuple(_group(each, replies, notes) for each in asked),
            notes=tuple(notes),
        )
        counted = _with_all(counted, found, length)
        waits = waiting is not None and all(each.lag for each in asked if each is not behind)
        return with_workers(counted, asked, replies, waits)

    def _commands(self, behind: Reader, asked: Sequence[Reader]) -> dict[str, Command]:
        key = self.key
        after = b"(" + behind.last
        found: dict[str, Command] = {"next": ("XRANGE", key, after, "+", "COUNT", 1)}
        if behind.lag is None:
            found["first"] = ("XRANGE", key, "-", "+", "COUNT", 1)
        for each in asked:
            if each.pending:
                found[f"pending {each.name}"] = ("XPENDING", key, each.name, "-", "+", 1)
        return found | consumer_commands(key, asked)


def _is_absent(reply: Reply) -> bool:
    try:
        items(reply)
    except ReplyError as error:
        return "no such key" in str(error)
    return False


def _depth(behind: Reader, length: int, replies: Replies, notes: list[str]) -> int | None:
    """What the group lags, but no more than there is; without that figure it is known of none
    and of all: when nothing is after what the group was given last, or nothing before."""
    if behind.lag is not None:
        if behind.lag > length:
            lost = behind.lag - length
            notes.append(f"{lost} entries were trimmed or deleted before {behind.name} read them")
        return min(behind.lag, length)
    try:
        waiting = first_entry(replies.get("next"))
        if waiting is None:
            return 0
        if waiting == first_entry(replies.get("first")):
            return length
    except ReplyError:
        pass
    notes.append(UNCOUNTED)
    return None


def _group(reader: Reader, replies: Replies, notes: list[str]) -> Group:
    idle = part(
        f"oldest pending of {reader.name}", _idle, replies.get(f"pending {reader.name}"), notes
    )
    return Group(
        name=reader.name,
        consumers=reader.consumers,
        pending=reader.pending,
        lag=reader.lag,
        oldest_idle=idle,
    )


def _idle(reply: Reply) -> float | None:
    """Seconds since the oldest pending entry was given to a consumer (``XPENDING`` in ms)."""
    listed = items(reply)
    entry = items(listed[0]) if listed else []
    return count(entry[2]) / 1000 if len(entry) > 2 else None


def _with_all(counted: Counted, found: Sequence[Reader], length: int) -> Counted:
    """The figures that need all groups: what any of them has not finished, and what all have."""
    left = [None if each.lag is None else min(each.lag, length) + each.pending for each in found]
    if len(found) == 1 and counted.depth is not None:
        left = [counted.depth + found[0].pending]
    done = [each.finished for each in found]
    unfinished = [each for each in left if each is not None]
    finished = [each for each in done if each is not None]
    return replace(
        counted,
        unfinished=max(unfinished) if len(unfinished) == len(found) else None,
        finished=min(finished) if len(finished) == len(found) else None,
    )
