"""Whether the shop's stores answer, asked quickly and of both at once."""

import asyncio
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from warroom.demo.shop.store import Store, UnavailableError

LIMIT_S = 0.3
MEMORY_LIMIT = 256 * 1024 * 1024
"""Bytes the app is given, as a container would be; its memory is told as a share of them."""
MEMORY_FULL = 90.0
QUEUE_FULL = 10_000

T = TypeVar("T")


class Probe(Generic[T]):
    """One question to a store; an answer that takes too long counts as none.

    A late question is left to end by itself and is joined, not asked again: giving up on
    a server that has stopped answering can take as long as the server likes.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]], limit: float = LIMIT_S) -> None:
        self._ask = ask
        self._limit = limit
        self._asked: asyncio.Task[T | None] | None = None

    async def answer(self) -> T | None:
        """What the store said, or None."""
        if self._asked is None or self._asked.done():
            self._asked = asyncio.create_task(self._try())
        asked = self._asked
        await asyncio.wait({asked}, timeout=self._limit)
        return asked.result() if asked.done() else None

    async def _try(self) -> T | None:
        try:
            return await self._ask()
        except UnavailableError:
            return None


class Health:
    """The web app's and the worker's view of the stores they need."""

    def __init__(self, store: Store) -> None:
        self._started = time.monotonic()
        self._database = Probe(store.ping_database)
        self._queue = Probe(store.queue_depth)

    async def checks(self) -> dict[str, Any]:
        """The `checks` object of a health endpoint; `queue_depth` is null without Redis."""
        database, depth = await asyncio.gather(self._database.answer(), self._queue.answer())
        return {
            "database": "ok" if database else "down",
            "redis": "down" if depth is None else "ok",
            "memory": round(100 * resident() / MEMORY_LIMIT, 1),
            "queue_depth": depth,
        }

    async def queue_depth(self) -> int | None:
        return await self._queue.answer()

    def uptime(self) -> float:
        """Seconds since the process was ready."""
        return round(time.monotonic() - self._started, 1)


def status(checks: dict[str, Any]) -> str:
    """`down` without a store, `degraded` when memory or queue are full, else `ok`."""
    if "down" in (checks["database"], checks["redis"]):
        return "down"
    full = checks["memory"] > MEMORY_FULL or checks["queue_depth"] > QUEUE_FULL
    return "degraded" if full else "ok"


def resident() -> int:
    """Bytes of memory this process occupies (its peak, where there is no /proc)."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[1]
    except FileNotFoundError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return int(pages) * resource.getpagesize()
