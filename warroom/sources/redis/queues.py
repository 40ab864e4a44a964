"""The queues of one server, looked at in step, and what flows through each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from msgspec import structs

from warroom.clock import Clock
from warroom.connect.queues.layout import Counted, Layout, Moment
from warroom.connect.queues.settings import QueueSettings
from warroom.connect.queues.talk import Look, ReplyError
from warroom.connect.redis.step import in_step, one
from warroom.connect.redis.talk import Session, TooMuchError
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.measure.redis import FailedJob, Queue
from warroom.sources.redis import flow
from warroom.sources.redis.flow import Flow, Rates
from warroom.sources.redis.settings import RedisSettings
from warroom.sources.redis.spared import Spared

FAILURES = 15.0
"""Seconds after which the newest failed jobs are read again, although there are as many."""


@dataclass(frozen=True)
class _Found:
    counted: Counted
    failures: tuple[FailedJob, ...]
    trouble: str = ""


@dataclass(frozen=True)
class _Kept:
    """What is kept of one queue: what flows, the keys that were never there (None before the
    first look), and the failed jobs as they were read at ``read_at`` (monotonic seconds)."""

    flow: Flow | None = None
    never: frozenset[str] | None = None
    failures: tuple[FailedJob, ...] = ()
    read_at: float = float("-inf")


class Queues:
    """Looks at all of a source's queues; what it keeps is of one source."""

    def __init__(self, settings: RedisSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._layouts: Mapping[str, Layout] = {q.name: q.layout() for q in settings.queues}
        self._kept: dict[str, _Kept] = {}
        self._spared = Spared(clock)

    async def read(self, session: Session, moment: Moment) -> tuple[Queue, ...]:
        """All queues, in the configuration's order. Raises LostError."""
        looks = {
            queue.name: self._spared.spared(self._look(queue.name, moment), queue.kind)
            for queue in self._settings.queues
        }
        try:
            found = await in_step(session, looks)
        except TooMuchError:
            self._spared.too_much()
            raise
        at = self._clock.monotonic()
        return tuple(
            self._seen(queue, found[queue.name], moment, at) for queue in self._settings.queues
        )

    async def job(self, session: Session, queue: str, identity: str) -> str:
        """All of one job, for a person. Raises ProbeError, LostError."""
        layout = self._layouts.get(queue)
        if layout is None:
            raise ProbeError("set-up", f"there is no queue {outside(queue)}")
        try:
            return await one(session, layout.job(identity))
        except ReplyError as error:
            raise ProbeError("answer", f"{queue}: {error}") from error

    def _look(self, name: str, moment: Moment) -> Look[_Found]:
        """Count; and read the newest failed jobs when there are others than before."""
        kept, layout = self._kept.get(name, _Kept()), self._layouts[name]
        before = kept.flow.last if kept.flow is not None else None
        counted = yield from layout.look(replace(moment, before=before))
        if counted.failed == 0 and not counted.retrying:
            return _Found(counted, ())
        many = (counted.failed, counted.retrying)
        same = before is not None and (before.failed, before.retrying) == many
        if same and self._clock.monotonic() - kept.read_at < FAILURES:
            return _Found(counted, kept.failures)
        try:
            failures = yield from layout.failures(name)
        except ReplyError as error:
            return _Found(counted, (), f"failed jobs: {error}")
        return _Found(counted, failures)

    def _seen(
        self, queue: QueueSettings, found: _Found | ReplyError, moment: Moment, at: float
    ) -> Queue:
        layout = self._layouts[queue.name]
        if isinstance(found, ReplyError):
            return Queue(
                name=queue.name, kind=layout.kind, place=layout.place, trouble=_words(found)
            )
        kept = self._kept.get(queue.name, _Kept())
        counted = found.counted
        # A job's name and error are what a poll costs most: they are not read at each one.
        fresh = found.failures is not kept.failures
        now, rates = flow.look(kept.flow, counted, at, self._settings.window)
        read_at = at if fresh else kept.read_at
        absent = frozenset(counted.absent)
        never = absent if kept.never is None else absent & kept.never
        self._kept[queue.name] = _Kept(now, never, found.failures, read_at)
        shown = _queue(queue, layout, found, rates, moment.now)
        told = [key for key in counted.absent if key in never]
        return structs.replace(shown, notes=(*shown.notes, *_never_there(told)))


def _queue(queue: QueueSettings, layout: Layout, found: _Found, rates: Rates, now: float) -> Queue:
    counted = found.counted
    waited = None if counted.oldest is None else max(now - counted.oldest, 0.0)
    # A job that has been the next one for so long has waited for that long, and for longer.
    at_least = waited is None and counted.head is not None and bool(rates.stuck)
    return Queue(
        name=queue.name,
        kind=layout.kind,
        place=layout.place,
        depth=counted.depth,
        active=counted.active,
        delayed=counted.delayed,
        failed=counted.failed,
        workers=counted.workers,
        oldest=rates.stuck if at_least else waited,
        at_least=at_least,
        span=rates.span,
        arriving=rates.arriving,
        finishing=rates.finishing,
        growing=rates.growing,
        drain=rates.drain,
        stuck=rates.stuck,
        is_stuck=rates.stuck is not None and rates.stuck >= queue.stuck_after,
        paused=counted.paused,
        counts=counted.counts,
        groups=counted.groups,
        failures=found.failures,
        notes=(*counted.notes, *([found.trouble] if found.trouble else [])),
    )


def _never_there(keys: list[str]) -> list[str]:
    return [f"no such key: {', '.join(keys)} (empty, or under another name)"] if keys else []


def _words(error: ReplyError) -> str:
    if error.code == "NOPERM":
        return f"{error}; docs/footprint.md has the ACL line to type"
    return str(error)
