"""The price list as carts show it, kept in Redis for a minute.

Who corrects a price in the database flushes `cache:prices` too, or waits: until then carts
show the old one. What is ordered is priced by the database.
"""

import asyncio
from collections.abc import Awaitable
from typing import cast

import msgspec
from prometheus_client import CollectorRegistry, Counter

from warroom.demo.shop.store import Product, Store, UnavailableError, reaching

KEY = "cache:prices"
TTL_S = 60
PATIENCE_S = 0.3
"""For the cache: one that is slower than the database is none."""


class Prices:
    """Name and price of every product, from the cache where it has them."""

    def __init__(self, store: Store, registry: CollectorRegistry) -> None:
        self._store = store
        self._asked = Counter(
            "shop_cache_requests", "Price lists looked for.", ["outcome"], registry=registry
        )
        for outcome in ("hit", "miss"):
            self._asked.labels(outcome)

    async def products(self) -> list[Product]:
        """UnavailableError when they are not kept and the database is away."""
        if kept := await self._kept():
            self._asked.labels("hit").inc()
            return kept
        self._asked.labels("miss").inc()
        products = await self._store.products()
        await self._keep(products)
        return products

    async def _kept(self) -> list[Product]:
        """Empty when there are none, or Redis is away."""
        try:
            async with asyncio.timeout(PATIENCE_S), reaching("redis"):
                found = await cast(Awaitable[str | None], self._store.redis.get(KEY))
        except (UnavailableError, TimeoutError):
            return []
        return msgspec.json.decode(found, type=list[Product]) if found else []

    async def _keep(self, products: list[Product]) -> None:
        words = msgspec.json.encode(products).decode()
        try:
            async with asyncio.timeout(PATIENCE_S), reaching("redis"):
                await self._store.redis.set(KEY, words, ex=TTL_S)
        except (UnavailableError, TimeoutError):
            return  # the next one asks the database again
