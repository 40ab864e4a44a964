"""The mail queue as its workers keep it in Redis.

    jobs:mail               what waits, the oldest on the left
    jobs:mail:in-hand       what the first worker has in hand
    jobs:mail:in-hand:N     what worker N has in hand, from the second on
    jobs:mail:failed        what was given up, for its address bounced; the newest on the right
    jobs:mail:done          how many are finished, sent or given up
    workers:mail            a sorted set: each worker, by the Unix time it was last heard of

A worker has at most one job in hand, in a list of its own: at its start it takes back what
it had when it was killed, and nothing of another's. A job that stays in hand is stuck: its
worker hangs, or was killed and did not come again. Moved to the left end of `jobs:mail` it
is the next one's. A worker that hung and goes on sends that mail a second time. A failed job
that is moved to the right end of `jobs:mail` is tried again.
"""

import time
from collections.abc import Awaitable
from typing import Any, cast

import msgspec

from warroom.demo.shop.store import DONE, FAILED, IN_HAND, QUEUE, Store, reaching

FAILED_KEPT = 1_000
WORKERS = "workers:mail"
SILENT_S = 5.0
"""A worker that was not heard of for so long hangs, or is gone; it is heard of every second."""


class Tally(msgspec.Struct, frozen=True):
    """The queue at one moment; `workers` are those heard of just now."""

    waiting: int
    in_hand: int
    failed: int
    done: int
    workers: int


def in_hand(number: int) -> str:
    """The list of what that worker has in hand; the first is 1."""
    return IN_HAND if number == 1 else f"{IN_HAND}:{number}"


class Jobs:
    """One worker's hand in the queue; UnavailableError while Redis is away."""

    def __init__(self, store: Store, number: int) -> None:
        self._redis = store.redis
        self._in_hand = in_hand(number)
        self._name = f"worker-{number}"

    async def next(self, wait: float = 1.0) -> str | None:
        """Take the oldest job in hand and return it; None after `wait` s."""
        async with reaching("redis"):
            moved = self._redis.blmove(QUEUE, self._in_hand, cast(int, wait), "LEFT", "RIGHT")
            return await cast(Awaitable[str | None], moved)

    async def done(self, job: str, *, failed: bool = False) -> None:
        """Let go of a job and count it; keep it apart when it failed."""
        async with reaching("redis"), self._redis.pipeline() as pipeline:
            pipeline.lrem(self._in_hand, 1, job)
            pipeline.incr(DONE)
            if failed:
                pipeline.rpush(FAILED, job)
                pipeline.ltrim(FAILED, -FAILED_KEPT, -1)
            await pipeline.execute()

    async def take_back(self) -> None:
        """Queue again, in front, what this worker had in hand."""
        async with reaching("redis"):
            while await cast(
                Awaitable[str | None], self._redis.lmove(self._in_hand, QUEUE, "RIGHT", "LEFT")
            ):
                pass

    async def beat(self) -> None:
        """Say that this worker is at work."""
        async with reaching("redis"):
            await self._redis.zadd(WORKERS, {self._name: time.time()})

    async def leave(self) -> None:
        """Let go of everything: this worker ends."""
        await self.take_back()
        async with reaching("redis"):
            await self._redis.zrem(WORKERS, self._name)


async def tally(store: Store, most: int) -> Tally:
    """Count the queue, with the hands of as many workers as there may be.

    UnavailableError while Redis is away.
    """
    async with reaching("redis"), store.redis.pipeline(transaction=False) as pipeline:
        pipeline.llen(QUEUE)
        pipeline.llen(FAILED)
        pipeline.get(DONE)
        pipeline.zcount(WORKERS, time.time() - SILENT_S, "+inf")
        for number in range(1, most + 1):
            pipeline.llen(in_hand(number))
        found: list[Any] = await pipeline.execute()
    waiting, failed, done, workers, *hands = found
    return Tally(waiting, sum(hands), failed, int(done or 0), workers)
