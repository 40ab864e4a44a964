"""How the tests of the ``redis`` source ask, and which figures they hold against what."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from tests.live.postgres.watching import Shifted, failure, polled, truth
from warroom.clock import SystemClock
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.errors import ProbeError
from warroom.measure.redis import Queue, RedisSeen
from warroom.sources.base import Context, Sample
from warroom.sources.redis import RedisSettings, RedisSource

__all__ = [
    "Shifted",
    "answered",
    "failure",
    "figures",
    "polled",
    "queue",
    "seen",
    "truth",
    "watching",
]


@contextlib.asynccontextmanager
async def watching(
    dsn: Any,
    *queues: dict[str, Any],
    folder: Path = Path("/"),
    clock: SystemClock | None = None,
    masker: Masker | None = None,
    network: Network | None = None,
    timeout: str = "3s",
    **settings: Any,
) -> AsyncIterator[RedisSource]:
    """A source named ``redis``, closed after the block."""
    table = {"kind": "redis", "dsn": dsn, "timeout": timeout, "queues": queues, **settings}
    context = Context(
        clock=clock or SystemClock(),
        folder=folder,
        mask=(masker or Masker()).add,
        network=network or Network(),
    )
    made = RedisSettings.model_validate(table, context={"folder": str(folder)})
    source = RedisSource("redis", made, context)
    try:
        yield source
    finally:
        await source.close()


def seen(sample: Sample) -> RedisSeen:
    assert isinstance(sample.seen, RedisSeen)
    return sample.seen


def queue(sample: Sample, name: str) -> Queue:
    return next(each for each in seen(sample).queues if each.name == name)


def figures(sample: Sample) -> dict[str, float | None]:
    return {signal.name.removeprefix("redis."): signal.value for signal in sample.signals}


async def answered(
    source: RedisSource, look: Callable[[Sample], bool], within: float = 15.0
) -> Sample:
    """The first answer that ``look`` likes; polls that get none are no trouble meanwhile."""
    end = time.monotonic() + within
    found: Sample | ProbeError
    while True:
        try:
            found = await source.sample()
        except ProbeError as error:
            found = error
        if isinstance(found, Sample) and look(found):
            return found
        assert time.monotonic() < end, found
        await asyncio.sleep(0.05)
