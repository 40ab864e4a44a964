"""The task that polls one source."""

import asyncio
import logging
import random
from collections.abc import Callable

from warroom.clock import Clock
from warroom.config.settings import SourceSettings
from warroom.engine.aside import aside
from warroom.engine.clean import Mask, failure_of
from warroom.engine.inspect import inspect
from warroom.engine.poll import Poll, end_task, look, within
from warroom.engine.schedule import Schedule
from warroom.engine.vantage import Vantage
from warroom.errors import EngineError, ProbeError
from warroom.measure.snapshot import CUT_OFF
from warroom.sources.base import Sample, Source

log = logging.getLogger("warroom.engine")

SET_UP_LIMIT = 15.0
"""Seconds the making of a source may take; its secrets may come from a slow command (10 s)."""

CLOSE_LIMIT = 1.0

Report = Callable[[Poll, int], float]
"""Takes each poll, and how many ticks were skipped so far; gives the seconds for which the
source is to be left alone, as it asked."""


class Poller:
    """Polls one source, never twice at a time, until it is closed.

    ``maker`` builds the source; it runs beside the loop, and again after a failure, so a
    password manager that is down now need not be later.
    """

    def __init__(
        self,
        settings: SourceSettings,
        maker: "Maker",
        clock: Clock,
        mask: Mask,
        report: Report,
        vantage: Vantage,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings, self._make, self._report = settings, maker, report
        self._vantage = vantage
        self._clock, self._mask = clock, mask
        self._schedule = Schedule(settings.interval, clock.monotonic(), jitter)
        self._source: Source | None = None
        self._leftover: asyncio.Task[Sample] | None = None
        self._asked = asyncio.Event()
        self._waiting: list[asyncio.Future[Poll]] = []
        self._task: asyncio.Task[None] | None = None

    def start(self, name: str) -> None:
        """Begin; the first poll comes at once, unless it is only asked on request."""
        self._task = asyncio.create_task(self._run(), name=f"poll-{name}")

    def wake(self) -> None:
        """The world can be seen again: poll now, unless it is only asked on request."""
        if not self._settings.on_request:
            self._asked.set()

    async def probe(self) -> Poll:
        """Poll now, or wait for the poll that is under way."""
        answer: asyncio.Future[Poll] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        self._asked.set()
        return await answer

    async def inspect(self, key: str) -> str:
        """More of one thing the source has seen, in safe lines. Raises WarroomError."""
        if self._source is None:
            raise EngineError("it has not been reached yet", "wait for its first figures")
        return await inspect(self._source, key, self._settings.deadline, self._mask)

    async def close(self) -> None:
        """Stop polling and let go of the source, in little more than a second."""
        if self._task is not None:
            await end_task(self._task, 2 * CLOSE_LIMIT)
        for answer in self._waiting:
            answer.cancel()
        if self._source is not None:
            await close(self._source)

    async def _run(self) -> None:
        while True:
            await self._due()
            self._schedule.begin(self._clock.monotonic())
            poll = await self._poll()
            ended = self._clock.monotonic()
            self._schedule.end(ended, failed=poll.failure is not None)
            self._schedule.leave_alone(ended, self._tell(poll))
            self._answer(poll)
            if poll.failure == CUT_OFF and not self._vantage.cut_off:
                self.wake()  # it was over before this poll was, which told nothing

    def _tell(self, poll: Poll) -> float:
        skipped = 0 if self._settings.on_request else self._schedule.skipped
        try:
            return self._report(poll, skipped)
        except Exception as failed:
            log.exception("a poll could not be judged")
            words = f"what it gave could not be judged: {type(failed).__name__}: {failed}"
        error = ProbeError("error", words, "see: warroom logs")
        try:  # what was good before must not stand there as if it were seen now
            return self._report(blind(error, self._clock, self._mask), skipped)
        except Exception:  # the polling goes on
            log.exception("that a poll could not be judged could not be told")
            return 0.0

    async def _due(self) -> None:
        """Wait for the next tick, or for somebody who asks."""
        wait = max(0.0, self._schedule.due - self._clock.monotonic())
        if self._settings.on_request:
            await self._asked.wait()
        elif not self._asked.is_set():
            try:
                async with asyncio.timeout(wait):
                    await self._asked.wait()
            except TimeoutError:
                return
        self._schedule.ask_now(self._clock.monotonic())

    def _answer(self, poll: Poll) -> None:
        self._asked.clear()
        waiting, self._waiting = self._waiting, []
        for answer in waiting:
            if not answer.done():
                answer.set_result(poll)

    async def _poll(self) -> Poll:
        if self._leftover is not None and not self._leftover.done():
            error = ProbeError("deadline", "the last poll does not end")
            return blind(error, self._clock, self._mask)
        if self._source is None:
            made = await make(self._make)
            if isinstance(made, ProbeError):
                return blind(made, self._clock, self._mask)
            self._source = made
        deadline = self._settings.deadline
        poll = await look(self._source, deadline, self._clock, self._mask, self._vantage)
        self._leftover = poll.leftover
        return poll


Maker = Callable[[], Source]


async def make(maker: Maker) -> Source | ProbeError:
    """The source, built beside the loop; or why there is none."""
    try:
        async with asyncio.timeout(SET_UP_LIMIT):
            return await aside(maker, "warroom-set-up")
    except TimeoutError:
        return ProbeError("set-up", f"not set up within {SET_UP_LIMIT:g} s")
    except ProbeError as error:
        return error
    except Exception as error:
        log.warning("a source could not be set up", exc_info=error)
        return ProbeError("set-up", f"{type(error).__name__}: {error}", "see: warroom logs")


def blind(error: ProbeError, clock: Clock, mask: Mask) -> Poll:
    """A poll that did not come so far as to ask."""
    failure = failure_of(error.phase, str(error), error.hint, mask)
    return Poll(taken_at=clock.now(), took=0.0, failure=failure)


async def make_and_look(
    maker: Maker, settings: SourceSettings, clock: Clock, mask: Mask, vantage: Vantage
) -> Poll:
    """Build a source, look once (twice where one look cannot judge), let go of it."""
    made = await make(maker)
    if isinstance(made, ProbeError):
        return blind(made, clock, mask)
    try:
        first = await look(made, settings.deadline, clock, mask, vantage)
        pause = _again(made) if first.failure is None else None
        if pause is None:
            return first
        await asyncio.sleep(pause)
        return await look(made, settings.deadline, clock, mask, vantage)
    finally:
        await close(made)


def _again(source: Source) -> float | None:
    """Seconds until the second look that one look needs, as the source has it."""
    try:
        pause = source.look_again()
        return None if pause is None else float(pause)
    except Exception:
        log.exception("source %s: look_again", source.name)
        return None


async def close(source: Source) -> None:
    """Have it let go of what it holds, in little more than a second, whatever it does."""

    async def ask() -> None:
        try:
            await source.close()
        except (SystemExit, KeyboardInterrupt) as error:  # these would end the engine's loop
            raise ProbeError("error", "the source tried to end the engine") from error

    await within(ask(), CLOSE_LIMIT, f"closing {source.name}")
