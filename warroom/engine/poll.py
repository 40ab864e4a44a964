"""One look at one source: it ends by its deadline, whatever the source does."""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from warroom.clock import Clock
from warroom.engine.checked import checked
from warroom.engine.clean import Mask, clean, clean_signals, failure_of
from warroom.engine.vantage import Vantage
from warroom.errors import ProbeError
from warroom.measure.snapshot import CUT_OFF, Failure, Seen, Signal
from warroom.secretlike import scrubbed
from warroom.sources.base import Sample, Source
from warroom.text import short_duration

log = logging.getLogger("warroom.engine")

BACKSTOP = 0.25
"""Seconds beyond a source's own deadline before it is cut off."""

LONGEST_WORDS = 2_000
"""Characters of an unforeseen error's words that are looked through for secrets."""

LET_GO = 0.25
"""Seconds a cut-off source has to end; then it is left behind and never polled beside."""


@dataclass(frozen=True)
class Poll:
    """What came of one look: ``seen`` or ``failure``. ``took`` is in seconds.

    ``leftover`` is the source's task when it did not end although it was cancelled.
    """

    taken_at: datetime
    took: float
    seen: Seen | None = None
    failure: Failure | None = None
    signals: tuple[Signal, ...] = ()
    retry_after: float | None = None
    leftover: "asyncio.Task[Sample] | None" = None


async def look(source: Source, deadline: float, clock: Clock, mask: Mask, vantage: Vantage) -> Poll:
    """Ask the source once. Never raises but when cancelled itself.

    A failure is only the source's when the room was not cut off all the while; and what still
    answers while it is says nothing sure: it may be something on the way.
    """
    dark, times = vantage.cut_off, vantage.times
    found = await _look(source, deadline, clock, mask)
    if isinstance(found, Poll):
        if not vantage.cut_off:
            return found
    elif not (dark or vantage.times != times) and await vantage.proven():
        return _failed(source, found, clock, mask)
    return Poll(taken_at=clock.now(), took=found.took, failure=CUT_OFF, leftover=found.leftover)


@dataclass(frozen=True)
class _Failed:
    """Why there is nothing to see."""

    error: Exception
    took: float
    leftover: "asyncio.Task[Sample] | None" = None


async def _look(source: Source, deadline: float, clock: Clock, mask: Mask) -> Poll | _Failed:
    started = clock.monotonic()
    task = asyncio.create_task(_ask(source), name=f"sample-{source.name}")
    try:
        done, _ = await asyncio.wait((task,), timeout=deadline + BACKSTOP)
    except asyncio.CancelledError:
        await end_task(task)
        raise
    took = max(0.0, clock.monotonic() - started)
    if not done:
        ended = await end_task(task)
        words = f"no answer within {short_duration(deadline)}"
        return _Failed(ProbeError("deadline", words), took, None if ended else task)
    try:
        sample = task.result()
        return _seen(sample, clock, took, mask)
    except asyncio.CancelledError:
        return _Failed(ProbeError("deadline", "it gave up"), took)
    except Exception as failed:  # noqa: BLE001 - it becomes CAN'T SEE with its words
        return _Failed(failed, took)


async def _ask(source: Source) -> Sample:
    try:
        sample: object = await source.sample()
    except (SystemExit, KeyboardInterrupt) as error:  # these would end the engine's loop
        raise ProbeError("error", "the source tried to end the engine") from error
    if not isinstance(sample, Sample):
        raise ProbeError("error", f"the source gave a {type(sample).__name__}, not a Sample")
    return sample


def _seen(sample: Sample, clock: Clock, took: float, mask: Mask) -> Poll:
    seen, signals = clean(sample.seen, mask), clean_signals(sample.signals, mask)
    checked(seen, signals, sample.retry_after)
    return Poll(
        taken_at=clock.now(),
        took=took,
        seen=seen,
        signals=signals,
        retry_after=sample.retry_after,
    )


def _failed(source: Source, failed: _Failed, clock: Clock, mask: Mask) -> Poll:
    probe_error = as_probe_error(failed.error, mask)
    return Poll(
        taken_at=clock.now(),
        took=failed.took,
        failure=failure_of(probe_error.phase, str(probe_error), probe_error.hint, mask),
        signals=_known_after(source, probe_error, mask),
        retry_after=probe_error.retry_after,
        leftover=failed.leftover,
    )


def as_probe_error(error: Exception, mask: Mask = str) -> ProbeError:
    """The error as one of a watched system. Any other is a fault of the source's own code,
    and its traceback goes to the log."""
    if isinstance(error, ProbeError):
        return error
    log.warning("a source failed in its own code", exc_info=error)
    words = scrubbed(mask(str(error)[:LONGEST_WORDS]))
    return ProbeError("error", f"{type(error).__name__}: {words}", "see: warroom logs")


def _known_after(source: Source, error: ProbeError, mask: Mask) -> tuple[Signal, ...]:
    """The figures that the failure itself is (``api.up`` is 0), as the source has it."""
    try:
        signals = clean_signals(tuple(source.after_failure(error)), mask)
        checked(None, signals)
    except Exception:
        log.exception("source %s: after_failure", source.name)
        return ()
    return signals


T = TypeVar("T")


async def end_task(task: "asyncio.Task[T]", seconds: float = LET_GO) -> bool:
    """Cancel a task and wait a little; whether it ended. Its result is of no interest."""
    task.cancel()
    done, _ = await asyncio.wait((task,), timeout=seconds)
    if task in done and not task.cancelled():
        task.exception()  # seen, so that nobody warns of it
    return bool(done)


async def within(work: Awaitable[T], seconds: float, what: str) -> None:
    """Give a piece of tidying up ``seconds``; its failure is logged and nothing more."""
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait((task,), timeout=seconds)
    if not done:
        task.cancel()
        log.warning("%s: not done in %g s", what, seconds)
    elif not task.cancelled() and (error := task.exception()) is not None:
        log.warning("%s: %s", what, error)
