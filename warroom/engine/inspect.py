"""A closer look at one thing a source has seen, because somebody asked."""

import asyncio

from warroom.engine.clean import Mask, clean_lines, failure_of
from warroom.engine.poll import BACKSTOP, as_probe_error, end_task
from warroom.errors import ProbeError
from warroom.sources.base import Source
from warroom.text import short_duration


async def inspect(source: Source, key: str, deadline: float, mask: Mask) -> str:
    """What the source tells of ``key``, in safe lines, within its deadline.

    Raises ProbeError with safe words; the source's polls go on whatever happens here.
    """
    task = asyncio.create_task(_ask(source, key), name=f"inspect-{source.name}")
    try:
        done, _ = await asyncio.wait((task,), timeout=deadline + BACKSTOP)
    except asyncio.CancelledError:
        await end_task(task)
        raise
    if not done:
        await end_task(task)
        raise ProbeError("deadline", f"no answer within {short_duration(deadline)}")
    try:
        return clean_lines(str(task.result()), mask)
    except asyncio.CancelledError:
        raise ProbeError("deadline", "it gave up") from None
    except Exception as error:  # noqa: BLE001 - a stranger's code; it becomes words
        probe_error = as_probe_error(error)
    failure = failure_of(probe_error.phase, str(probe_error), probe_error.hint, mask)
    raise ProbeError(failure.phase, failure.reason, failure.hint)


async def _ask(source: Source, key: str) -> str:
    try:
        return await source.inspect(key)
    except (SystemExit, KeyboardInterrupt) as error:  # these would end the engine's loop
        raise ProbeError("error", "the source tried to end the engine") from error
