"""The first round trip to a queue of BullMQ's: its lengths, its settings, its first jobs."""

from dataclasses import dataclass, field

from warroom.connect.queues.asking import Replies, part
from warroom.connect.queues.bullmq_front import still_command
from warroom.connect.queues.bullmq_keys import DUE, MARKER, Keys
from warroom.connect.queues.layout import Moment
from warroom.connect.queues.lists import COMPARED, DIGITS, tail_commands
from warroom.connect.queues.talk import Command, Reply, count, items, raw, real, whole

LOCKS = 100
"""The most jobs in hand, from the one taken first, whose locks are looked for."""
CLIENTS = 500
"""The most clients of the server that are listed to find the workers."""
GROUPED = "waiting: not told of jobs that are in BullMQ Pro's groups, as some are here"
_SETTINGS = ("paused", "concurrency", "max")
_GROUPS = ("groups", "groups:limit", "groups:max", "groups:paused")
"""BullMQ Pro's sorted sets of the groups that have jobs of their own waiting."""
_LIMITED = 2**53 - 1
"""What ``Queue.rateLimit`` writes to its key, which is more than any limit."""


@dataclass(frozen=True)
class Scored:
    identity: bytes
    score: float


@dataclass(frozen=True)
class Seen:
    """``due`` are those of the delayed that could be taken. ``waiting`` are the ids at the
    right ends of the lists, ``hand`` those taken first, ``newest`` the last that came. While
    some are ``grouped``, the counts here are not of all jobs."""

    wait: int
    active: int
    prioritized: int
    delayed: int
    due: int
    children: int
    grouped: bool
    failed: int | None
    completed: int | None
    counter: int | None
    settings: tuple[Reply, ...]
    waiting: tuple[bytes, ...]
    newest: bytes | None
    first: Scored | None
    last: Scored | None
    next_due: Scored | None
    finished: tuple[bytes, ...]
    hand: tuple[bytes, ...]
    notes: list[str] = field(default_factory=list)

    @property
    def depth(self) -> int:
        return self.wait + self.prioritized + self.due

    @property
    def unfinished(self) -> int:
        return self.wait + self.prioritized + self.delayed + self.children + self.active

    @property
    def nothing(self) -> bool:
        some = self.counter or self.unfinished or self.failed or self.completed
        return not (some or self.grouped)

    @property
    def told(self) -> bool:
        """Whether the first of all that wait are told."""
        first = (self.waiting or None, self.first, self.next_due)
        many = (self.wait, self.prioritized, self.due)
        return not any(n and each is None for n, each in zip(many, first, strict=True))

    @property
    def paused(self) -> bool:
        return bool(self.settings) and self.settings[0] is not None

    @property
    def numbered(self) -> bool:
        """Whether all ids that are seen may be the queue's own numbers: none is above the
        counter that gave them out."""
        ends = (self.first, self.last, self.next_due)
        ids = {*self.waiting, *self.hand, *self.finished, *(e.identity for e in ends if e)}
        ids |= {self.newest} if self.newest is not None else set()
        most = self.counter or 0
        return all(each.isdigit() and len(each) <= DIGITS and int(each) <= most for each in ids)


def commands(keys: Keys, moment: Moment) -> dict[str, Command]:
    """The commands whose replies ``seen`` wants, and those of what was seen before."""
    of = keys.of
    now = (int(moment.now * 1000) + 1) * DUE - 1
    found: dict[str, Command] = {
        "counter": ("GETRANGE", of("id"), 0, DIGITS - 1),
        "wait": ("LLEN", of("wait")),
        "rested": ("LLEN", of("paused")),
        "active": ("LLEN", of("active")),
        "prioritized": ("ZCARD", of("prioritized")),
        "delayed": ("ZCARD", of("delayed")),
        "due": ("ZCOUNT", of("delayed"), "-inf", now),
        "children": ("ZCARD", of("waiting-children")),
        "groups": ("EXISTS", *(of(each) for each in _GROUPS)),
        "failed": ("ZCARD", of("failed")),
        "completed": ("ZCARD", of("completed")),
        "meta": ("EXISTS", of("meta")),
        "settings": ("HMGET", of("meta"), *_SETTINGS),
        "limiter": ("GETRANGE", of("limiter"), 0, DIGITS - 1),
        "right": ("LRANGE", of("wait"), -2, -1),
        "left": ("LINDEX", of("wait"), 0),
        "rested right": ("LRANGE", of("paused"), -2, -1),
        "first": ("ZRANGE", of("prioritized"), 0, 0, "WITHSCORES"),
        "last": ("ZRANGE", of("prioritized"), -1, -1, "WITHSCORES"),
        "next due": ("ZRANGE", of("delayed"), 0, 0, "WITHSCORES"),
        "finished": ("ZRANGE", of("completed"), -1, -1),
        "hand": ("LRANGE", of("active"), -LOCKS, -1),
    }
    before = moment.before
    if before is not None and before.head is not None:
        found["still"] = still_command(keys, before.head)
    # Where ids are the queue's numbers, their counter tells it for less.
    tail = before.tail if before is not None and before.added is None else None
    if (position := tail_commands(of("wait"), tail, True)) is not None:
        found["tail"] = position
    if moment.clients is not None and moment.clients <= CLIENTS:
        found["clients"] = ("CLIENT", "LIST")
    return found


def seen(replies: Replies) -> Seen:
    """Raises ReplyError when what is not finished cannot be counted."""
    notes: list[str] = []
    right, rested = (_ids(replies.get(each)) for each in ("right", "rested right"))
    wait = count(replies.get("wait")) - bool(right and right[-1].startswith(MARKER))
    due = count(replies.get("due"))
    counter = part("arriving", whole, replies.get("counter"), notes)
    jobs = [[each for each in ids if not each.startswith(MARKER)] for ids in (right, rested)]
    newest = part("newest job", raw, replies.get("left"), notes)
    found = Seen(
        wait=max(wait, 0) + count(replies.get("rested")),
        active=count(replies.get("active")),
        prioritized=count(replies.get("prioritized")),
        delayed=max(count(replies.get("delayed")), due),
        due=due,
        children=count(replies.get("children")),
        grouped=bool(part("groups", count, replies.get("groups"), notes)),
        failed=part("failed", count, replies.get("failed"), notes),
        completed=part("completed", count, replies.get("completed"), notes),
        counter=_counted(replies.get("counter"), counter),
        settings=tuple(part("paused", items, replies.get("settings"), notes) or ()),
        waiting=tuple(ids[-1] for ids in jobs if ids),
        newest=newest if newest and newest[:2] != MARKER and len(newest) <= COMPARED else None,
        first=part("next job", _scored, replies.get("first"), notes),
        last=part("next job", _scored, replies.get("last"), notes),
        next_due=part("next job", _scored, replies.get("next due"), notes) if due else None,
        finished=tuple(_ids(replies.get("finished"))[:1]),
        hand=tuple(_ids(replies.get("hand"))[:LOCKS]),
        notes=notes,
    )
    notes += _held_back(found, replies)
    return found


def _counted(reply: Reply, counter: int | None) -> int | None:
    """No job was added yet where there is no counter."""
    return 0 if reply == b"" else counter if counter is not None and counter >= 0 else None


def _held_back(found: Seen, replies: Replies) -> list[str]:
    """What is to be known of the jobs that wait, and why none is taken, as far as keys tell."""
    notes = [GROUPED] if found.grouped else []
    _, concurrency, most = (*(_number(each) for each in found.settings), None, None, None)[:3]
    if concurrency is not None and found.active >= concurrency:
        notes.append(f"{found.active:,} are in hand, its global concurrency: no more are taken")
    limiter = _number(replies.get("limiter"))
    if limiter is not None and limiter >= (most if most is not None else _LIMITED):
        notes.append("rate limited: none is taken at the moment")
    return notes


def _number(reply: Reply) -> int | None:
    return whole(reply) if isinstance(reply, bytes) else None


def _ids(reply: Reply) -> list[bytes]:
    """Those of a list; none where it cannot be read, whose length says why."""
    listed = reply if isinstance(reply, list) else []
    return [each for each in listed if isinstance(each, bytes) and len(each) <= COMPARED]


def _scored(reply: Reply) -> Scored | None:
    listed = items(reply)
    if len(listed) != 2:
        return None
    member, score = raw(listed[0]), real(listed[1])
    return None if member is None or score is None else Scored(member, score)
