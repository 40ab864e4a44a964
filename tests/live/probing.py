"""How the tests of the http source ask, and how they watch the loop meanwhile."""

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.live.held import holding
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.errors import ProbeError
from warroom.measure.snapshot import HttpSeen
from warroom.sources.base import Sample
from warroom.sources.http import HttpSource


@contextlib.asynccontextmanager
async def probing(
    url: str,
    *,
    network: Network | None = None,
    folder: Path | None = None,
    masker: Masker | None = None,
    clock: Any = None,
    timeout: str = "2s",
    **settings: Any,
) -> AsyncIterator[HttpSource]:
    """A source named ``api`` on ``url``, closed after the block."""
    table = {"url": url, "timeout": timeout, **settings}
    options = {"network": network, "masker": masker, "clock": clock}
    async with holding(HttpSource, "api", table, folder=folder or Path("/"), **options) as source:
        yield source


async def once(url: str, **settings: Any) -> Sample:
    """One poll of ``url``."""
    async with probing(url, **settings) as source:
        return await source.sample()


async def seen(url: str, **settings: Any) -> HttpSeen:
    """What one poll saw."""
    found = (await once(url, **settings)).seen
    assert isinstance(found, HttpSeen)
    return found


async def failure(url: str, **settings: Any) -> ProbeError:
    """The error of a poll that must get no answer."""
    try:
        found = await once(url, **settings)
    except ProbeError as error:
        return error
    raise AssertionError(f"an answer came: {found}")


def value(sample: Sample, figure: str) -> float | None:
    return next(s.value for s in sample.signals if s.name == f"api.{figure}")


@dataclass
class Lag:
    """The longest the loop was held up: by the clock, and by this thread's own work.

    A busy machine takes the processor away for longer than a test should fail for; what
    blocks without working (a look-up, a file) is caught by the clock alone.
    """

    begun: float
    worked: float
    wall: float = 0.0
    work: float = 0.0

    def turned(self, now: float) -> None:
        self.wall = max(self.wall, now - self.begun)
        self.work = max(self.work, time.thread_time() - self.worked)
        self.begun, self.worked = now, time.thread_time()


@contextlib.asynccontextmanager
async def loop_watched(limit: float = 0.1) -> AsyncIterator[Lag]:
    """Fails when anything in the block worked ``limit`` seconds without letting the loop
    turn, or blocked it for ten times as long (others use the machine, too). What the tests
    themselves hold is kept from the garbage collector: walking it takes 50 ms."""
    loop = asyncio.get_running_loop()
    gc.collect()
    gc.freeze()
    lag = Lag(loop.time(), time.thread_time())

    async def watch() -> None:
        while True:
            await asyncio.sleep(0)
            lag.turned(loop.time())
            await asyncio.sleep(0.002)
            lag.turned(loop.time())

    watcher = asyncio.create_task(watch())
    await asyncio.sleep(0)
    try:
        yield lag
        lag.turned(loop.time())
    finally:
        gc.unfreeze()
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)
    assert lag.work < limit, f"the loop was kept busy for {lag.work:.3f} s"
    assert lag.wall < 10 * limit, f"the loop stood still for {lag.wall:.3f} s"


async def until(true: Callable[[], bool], within: float = 3.0) -> None:
    """Wait for a predicate."""
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.002)
