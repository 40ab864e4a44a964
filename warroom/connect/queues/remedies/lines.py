"""Which keys hold the jobs that wait, layout by layout, for these to be put aside."""

from dataclasses import dataclass
from typing import Literal

from warroom.connect.queues.arq import Arq
from warroom.connect.queues.bullmq import Bullmq
from warroom.connect.queues.celery import STEPS, Celery
from warroom.connect.queues.layout import Layout
from warroom.connect.queues.lists import PlainList
from warroom.connect.queues.remedies.bullmq import as_it_is
from warroom.connect.queues.remedies.refusals import refusal
from warroom.connect.queues.rq import Rq
from warroom.connect.queues.sidekiq import Sidekiq
from warroom.connect.queues.talk import Argument, Command, Look, ReplyError
from warroom.connect.queues.zsets import PlainZset

ALL = "+inf"
LATER = "jobs that are delayed or scheduled for later stay"


@dataclass(frozen=True)
class Line:
    """A key with waiting jobs: a list, taken from one end, or a sorted set whose jobs wait up
    to the score ``until``."""

    key: str
    takes: Literal["left", "right", "zset"]
    until: Argument = ALL

    @property
    def count(self) -> Command:
        if self.takes == "zset":
            return ("ZCOUNT", self.key, "-inf", self.until)
        return ("LLEN", self.key)

    @property
    def part(self) -> bool:
        return self.until != ALL

    def away(self, run: str) -> str:
        """Where its jobs are kept that were flushed."""
        return f"warroom:flushed:{self.key}:{run}"


@dataclass(frozen=True)
class Lines:
    """``held`` is what keys begin with that say that a job of the line is in hand; ``wakes``
    are the keys by which BullMQ's workers are woken: its marker, settings and jobs in hand."""

    lines: tuple[Line, ...]
    held: str = ""
    wakes: tuple[str, ...] = ()
    notes: tuple[str, ...] = (LATER,)

    @property
    def flushes(self) -> str:
        """The key that has the runs of the last day, each with when it was (Unix time, s)."""
        return f"warroom:flushes:{self.lines[0].key}"


RQ_NOTE = "the jobs' own keys (rq:job:ID) stay, and nobody removes them later"
ARQ_NOTE = "jobs in hand stay; arq forgets what a job was to do a day after it was due"
BULLMQ_NOTE = (
    "the jobs' own keys stay: after a day they are orphans, which Queue.removeOrphanedJobs removes"
)
CELERY_NOTE = "what workers have fetched ahead stays with them (unacked)"


def lines_of(layout: Layout, now: float) -> Look[Lines]:
    """``now`` is Unix time (s). Raises ReplyError where nothing can be flushed."""
    match layout:
        case PlainList():
            return Lines((Line(layout.key, layout.takes),), notes=())
        case PlainZset(score="priority"):
            return Lines((Line(layout.key, "zset"),), notes=())
        case PlainZset():
            until = repr(now * (1000 if layout.score == "time_ms" else 1))
            return Lines((Line(layout.key, "zset", until),))
        case Rq():
            return Lines((Line(layout.key, "left"),), notes=(LATER, RQ_NOTE))
        case Sidekiq():
            return Lines((Line(layout.waiting, "right"),))
        case Arq():
            due = Line(layout.queue, "zset", int(now * 1000))
            return Lines((due,), held="arq:in-progress:", notes=(LATER, ARQ_NOTE))
        case Celery():
            separator = yield from layout.separator()
            keys = [layout.key(step, separator) for step in STEPS]
            return Lines(tuple(Line(key, "right") for key in keys), notes=(CELERY_NOTE,))
        case Bullmq():
            yield from as_it_is(layout)
            of = layout.keys.of
            both = (Line(of("wait"), "right"), Line(of("prioritized"), "zset"))
            wakes = (of("marker"), of("meta"), of("active"))
            return Lines(both, wakes=wakes, notes=(LATER, BULLMQ_NOTE))
    raise ReplyError(refusal(layout, "flush"))
