"""Whether the world can be seen from here at all: two or more canaries, far apart.

When none of them answers it is the room that is cut off. Then nothing that gets no answer says
anything of the system it was asked of: every source is CAN'T SEE, and none is called down. So a
poll that failed is only believed once a canary has answered after it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from warroom.clock import Clock
from warroom.config.canary import canary_of
from warroom.config.settings import VantageSettings
from warroom.connect.sockets import connected
from warroom.connect.stream import os_words
from warroom.text import short_duration

log = logging.getLogger("warroom.engine")

SPACING = 0.25
"""Seconds from one look at the canaries to the next: many polls that fail at once share one."""
STALL = 0.5
"""Seconds beyond the time-out after which a look proves nothing."""

Tell = Callable[[str], None]
"""Told in words that the room is cut off, and with nothing that it is not any more."""


class Vantage:
    """Asks the canaries: at every interval, and whenever a poll has failed.

    Without settings there is nobody to ask, and the room is never called cut off.
    """

    def __init__(self, clock: Clock, tell: Tell = lambda words: None) -> None:
        self._clock, self._tell = clock, tell
        self._settings: VantageSettings | None = None
        self._next: asyncio.Task[bool] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._looks: set[asyncio.Task[bool]] = set()
        self._begun = float("-inf")
        self._one_at_a_time = asyncio.Lock()
        self.cut_off = ""
        """Why nothing can be seen, in words; empty when it can."""
        self.times = 0
        """How often it has come to that."""

    async def apply(self, settings: VantageSettings | None) -> None:
        """Ask these canaries from now on. A look under way ends by itself: polls wait for it."""
        if settings == self._settings:
            return
        if self._watch is not None:
            self._watch.cancel()
        self._settings, self._next = settings, None
        if settings is None:
            self._set("")
        else:
            self._watch = asyncio.create_task(self._run(settings.interval), name="vantage")

    async def proven(self) -> bool:
        """Whether a canary answers that is asked from now on: one that answered a moment ago
        says nothing of a poll that failed since. Takes the time-out when none does."""
        settings = self._settings
        if settings is None:
            return True
        if self._next is None:
            self._next = asyncio.create_task(self._turn(settings), name="canaries")
            self._looks.add(self._next)
            self._next.add_done_callback(self._looks.discard)
        return await asyncio.shield(self._next)

    async def close(self) -> None:
        """Ask nobody any more; only once no poll waits for an answer."""
        tasks = [*self._looks, *([self._watch] if self._watch is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, interval: float) -> None:
        while True:
            await self.proven()
            await asyncio.sleep(interval)

    async def _turn(self, settings: VantageSettings) -> bool:
        async with self._one_at_a_time:
            await asyncio.sleep(max(self._begun + SPACING - self._clock.monotonic(), 0.0))
            if settings is self._settings:
                self._next = None  # whoever asks from here on waits for the next one
            self._begun = self._clock.monotonic()
            silent = await unanswered(settings)
            if silent and self._clock.monotonic() - self._begun > settings.timeout + STALL:
                # It is this process that stood still: what had come in was not even looked at.
                silent = await unanswered(settings)
            if settings is self._settings:
                self._set(silent)
            return not silent

    def _set(self, words: str) -> None:
        before, self.cut_off = self.cut_off, words
        if bool(before) != bool(words):
            self.times += bool(words)
            log.warning("vantage: %s", words or "the world can be seen again")
            self._tell(words)


async def unanswered(settings: VantageSettings) -> str:
    """Ask every canary at once. Empty as soon as one answers; else why none does, in words."""
    asked = [
        asyncio.create_task(_reach(canary, settings.timeout), name=f"canary-{canary}")
        for canary in settings.canaries
    ]
    try:
        reasons = []
        for answer in asyncio.as_completed(asked):
            reason = await answer
            if not reason:
                return ""
            reasons.append(reason)
        return f"none of {len(reasons)} canaries answers ({'; '.join(sorted(reasons))})"
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


async def _reach(canary: str, seconds: float) -> str:
    """Open a connection and let go of it. Why it cannot be had; empty when it can."""
    host, port = canary_of(canary)
    try:
        sock = await connected(host, port, seconds)
    except TimeoutError:
        return f"{canary}: no answer within {short_duration(seconds)}"
    except OSError as error:
        return f"{canary}: {os_words(error)}"
    with contextlib.closing(sock):
        return ""
