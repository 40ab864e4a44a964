"""What is made of secrets: when it is first needed, and again when in doubt."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from warroom.clock import Clock
from warroom.config.secrets import references

COMMAND_PAUSE = 30.0
"""Seconds between two runs of a secret's command: it may ask a person for a finger."""

T = TypeVar("T")


class Kept(Generic[T]):
    """Keeps what ``make`` gives, and makes it in a task of its own, so that a slow command
    outlives one poll. ``settings`` tell whether commands are run for it."""

    def __init__(self, make: Callable[[], Awaitable[T]], settings: object, clock: Clock) -> None:
        self._make = make
        self._clock = clock
        self._task: asyncio.Task[T] | None = None
        self._begun = 0.0
        self._doubtful = False
        commands = (ref.command for _, ref in references(settings))
        self._pause = COMMAND_PAUSE if any(commands) else 0.0

    async def get(self) -> T:
        """Raises what ``make`` does: ProbeError ``set-up``. The deadline is the caller's."""
        now = self._clock.monotonic()
        task = self._task
        if task is None or (task.done() and self._stale(task) and now - self._begun >= self._pause):
            self._doubtful, self._begun = False, now
            task = self._task = asyncio.create_task(self._made(), name="secrets")
        return await asyncio.shield(task)

    def doubt(self) -> None:
        """It was refused: perhaps the secrets have changed since."""
        self._doubtful = True

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is not None and not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _stale(self, task: "asyncio.Task[T]") -> bool:
        return self._doubtful or task.cancelled() or task.exception() is not None

    async def _made(self) -> T:
        return await self._make()
