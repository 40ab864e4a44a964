"""What RQ's keys say of one queue, but for the ends of its list and its workers."""

from dataclasses import dataclass

from warroom.connect.queues.asking import Replies, part
from warroom.connect.queues.payloads import digest
from warroom.connect.queues.rq_front import Waiting
from warroom.connect.queues.talk import Command, Reply, count, items, raw, real
from warroom.measure.redis import Count

UNSCHEDULED = "scheduled: no scheduler is there to bring them to the queue when they are due"
LIMITED = "rate limits: what they hold back is in no key of a queue, and is not counted"
DESERTED = "in hand: no worker is there that could be at work on them"
LOST = (
    "intermediate: a job was taken and not begun since the look before; if it stays, its worker "
    "was killed, and RQ gives it up only in its second maintenance, every 10 min"
)


@dataclass(frozen=True)
class Seen:
    """``wip`` and ``scheduled`` are whole, with ``stalled`` and ``due`` in them; ``waiting`` is
    the scheduled job that has been due for longest, if nobody brings it to the list. ``between``
    is a digest of the first of the jobs that were taken and are not begun."""

    length: int
    intermediate: int | None
    between: bytes | None
    wip: int | None
    stalled: int | None
    failed: int | None
    finished: int | None
    scheduled: int | None
    due: int | None
    deferred: int | None
    ready: int | None
    canceled: int | None
    scheduler: bool | None
    limits: int | None
    paused: bool
    waiting: Waiting | None

    @property
    def left(self) -> int:
        """Jobs that are due, and that no scheduler brings to the list."""
        return self.due if self.due is not None and self.scheduler is False else 0

    @property
    def depth(self) -> int:
        return self.length + self.left

    @property
    def unfinished(self) -> int | None:
        """What the list got and no worker is done with. Not what is still to come to it, which
        would count as having come twice."""
        return None if self.wip is None else self.length + self.wip

    @property
    def active(self) -> int | None:
        known = self.wip is not None and self.stalled is not None
        return max((self.wip or 0) - (self.stalled or 0), 0) if known else None

    @property
    def delayed(self) -> int | None:
        return None if self.scheduled is None else max(self.scheduled - self.left, 0)

    @property
    def counts(self) -> tuple[Count, ...]:
        """In RQ's words, but for the first."""
        return (
            Count("stalled", self.stalled),
            Count("intermediate", self.intermediate),
            Count("scheduled, due", self.due),
            Count("deferred", self.deferred),
            Count("ready", self.ready),
            Count("finished", self.finished),
            Count("canceled", self.canceled),
        )

    def notes(self, workers: int | None, between: bytes | None) -> list[str]:
        """Why jobs are not done, or not counted; ``workers`` is how many live, ``between`` what
        it was at the look before."""
        told = {
            UNSCHEDULED: bool(self.scheduled) and self.scheduler is False,
            LIMITED: bool(self.limits),
            DESERTED: bool(self.active) and workers == 0,
            LOST: between is not None and between == self.between,
        }
        return [words for words, true in told.items() if true]


def seen_commands(queue: str, now: float) -> dict[str, Command]:
    """Each costs the same however many jobs there are."""

    def key(name: str) -> str:
        return f"rq:{name}:{queue}"

    today = int(now)
    cards = ("wip", "failed", "scheduled", "deferred", "ready", "canceled")
    return {
        "length": ("LLEN", key("queue")),
        "intermediate": ("LLEN", f"{key('queue')}:intermediate"),
        "between": ("LINDEX", f"{key('queue')}:intermediate", 0),
        **{name: ("ZCARD", key(name)) for name in cards},
        "stalled": ("ZCOUNT", key("wip"), "-inf", today),
        "forgotten": ("ZCOUNT", key("failed"), 0, today),
        "finished": ("ZCOUNT", key("finished"), f"({today}", "+inf"),
        "due": ("ZCOUNT", key("scheduled"), "-inf", today),
        "due first": ("ZRANGE", key("scheduled"), 0, 0, "WITHSCORES"),
        "scheduler": ("EXISTS", key("scheduler-lock")),
        "suspended": ("EXISTS", "rq:suspended"),
        "limits": ("SCARD", "rq:rl-keys"),
        "known": ("SISMEMBER", "rq:queues", key("queue")),
    }


def seen(replies: Replies, notes: list[str]) -> Seen:
    """Raises ReplyError when what waits cannot be counted."""

    def counted(name: str, what: str = "") -> int | None:
        return part(what or name, count, replies.get(name), notes)

    length = count(replies.get("length"))
    failed, forgotten = counted("failed"), counted("forgotten", "failed")
    due, lock = counted("due", "scheduled"), counted("scheduler")
    wanted = bool(due) and lock == 0
    return Seen(
        length=length,
        intermediate=counted("intermediate"),
        between=part("intermediate", _marked, replies.get("between"), notes),
        wip=counted("wip", "in hand"),
        stalled=counted("stalled", "in hand"),
        failed=None if failed is None or forgotten is None else max(failed - forgotten, 0),
        finished=counted("finished"),
        scheduled=counted("scheduled"),
        due=due,
        deferred=counted("deferred"),
        ready=counted("ready"),
        canceled=counted("canceled"),
        scheduler=None if lock is None else bool(lock),
        limits=counted("limits", "rate limits"),
        paused=bool(counted("suspended", "paused")),
        waiting=part("scheduled", _first, replies.get("due first"), notes) if wanted else None,
    )


def _marked(reply: Reply) -> bytes | None:
    job = raw(reply)
    return None if job is None else digest(job)


def _first(reply: Reply) -> Waiting | None:
    listed = items(reply)
    job = raw(listed[0]) if len(listed) == 2 else None
    return None if job is None else Waiting(job, real(listed[1]))
