"""The shop's two stores, PostgreSQL and Redis, and what it does with them.

Both are connected to lazily and again after every loss: a store that is away costs the
request that needed it, never the process.
"""

import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import asyncpg
import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from warroom.demo.settings import Settings

SQL = Path(__file__).parent / "sql"
QUEUE = "jobs:mail"
IN_HAND = "jobs:mail:in-hand"
FAILED = "jobs:mail:failed"
DONE = "jobs:mail:done"
POOL_SIZE = 10
CART_S = 600
SIGNED_IN_S = 600
EXPORT_ROWS = 200

DATABASE_FAILED = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""Whatever keeps a statement from being done."""
DATABASE_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection whose farewell is read but not its end: not usable
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shut down, crashed, starting up
    asyncpg.InsufficientResourcesError,  # too many connections
)


class UnavailableError(Exception):
    """A store the request needs cannot be reached; the argument names it."""


class Product(msgspec.Struct, frozen=True):
    id: int
    name: str
    cents: int


class Job(msgspec.Struct, frozen=True):
    """One mail to send, as it waits in the queue."""

    order: int
    email: str
    what: str = "order-mail"
    queued_at: float = msgspec.field(default_factory=lambda: round(time.time(), 3))


class Store:
    """PostgreSQL by a pool, Redis by a client; made inside the loop that uses it.

    `name` is what the servers are told of who connects.
    """

    def __init__(self, settings: Settings, name: str, pool_size: int = POOL_SIZE) -> None:
        self.pool: asyncpg.Pool = asyncpg.create_pool(
            settings.database,
            min_size=0,
            max_size=pool_size,
            timeout=1,
            command_timeout=2,
            server_settings={"application_name": name},
        )
        self.redis = Redis.from_url(
            settings.redis,
            decode_responses=True,
            client_name=name,
            socket_connect_timeout=1,
            socket_timeout=3,  # above the worker's wait of 1 s for a job
            retry=Retry(NoBackoff(), 0),  # what is away is said to be away, at once
        )
        self._place_order = (SQL / "place_order.sql").read_text()
        self._record_mail = (SQL / "record_mail.sql").read_text()
        self._bought_with = (SQL / "bought_with.sql").read_text()
        self._export = (SQL / "export_orders.sql").read_text()

    async def open(self) -> None:
        """Ready the pool; connects to nothing yet, so it cannot fail for a server's sake."""
        await self.pool

    async def close(self) -> None:
        self.pool.terminate()
        await self.redis.aclose()

    async def products(self) -> list[Product]:
        async with self._database() as database:
            rows = await database.fetch("SELECT id, name, cents FROM products ORDER BY id")
        return [Product(**row) for row in rows]

    async def order(self, product: int, quantity: int, email: str) -> int | None:
        """Write an order and queue its mail, both or neither; None for an unknown product."""
        async with self._database() as database, database.transaction():
            order: int | None = await database.fetchval(self._place_order, product, quantity, email)
            if order is not None:
                job = msgspec.json.encode(Job(order, email)).decode()
                async with reaching("redis"):
                    await self.redis.rpush(QUEUE, job)
        return order

    async def value(self, query: str, *arguments: Any) -> Any:
        """The first column of the query's first row; None without a row."""
        async with self._database() as database:
            return await database.fetchval(query, *arguments)

    async def bought_with(self, product: int) -> int:
        """How many other products the buyers of this one have ordered."""
        async with self._database() as database:
            return cast(int, await database.fetchval(self._bought_with, product))

    @asynccontextmanager
    async def export(self) -> AsyncIterator[AsyncIterator[bytes]]:
        """All orders as lines of CSV, in pieces, read as they are taken.

        The transaction, and with it the connection, is held as long as the context is.
        """
        async with self._database() as database, database.transaction():
            yield _lines(await database.cursor(self._export))

    async def record_mail(self, job: Job) -> None:
        """Note in PostgreSQL that the order's mail was sent."""
        async with self._database() as database:
            await database.execute(self._record_mail, job.order, job.email)

    async def cart(self, session: str) -> dict[int, int]:
        """Quantities by product."""
        async with reaching("redis"):
            held = await cast(Awaitable[dict[str, str]], self.redis.hgetall(f"cart:{session}"))
        return {int(product): int(quantity) for product, quantity in held.items()}

    async def add_to_cart(self, session: str, product: int) -> None:
        key = f"cart:{session}"
        async with reaching("redis"), self.redis.pipeline() as pipeline:
            pipeline.hincrby(key, str(product), 1)
            pipeline.expire(key, CART_S)
            await pipeline.execute()

    async def sign_in(self, session: str, email: str) -> None:
        """Remember whose session it is."""
        async with reaching("redis"):
            await self.redis.set(f"customer:{session}", email, ex=SIGNED_IN_S)

    async def end_sessions(self) -> tuple[int, int]:
        """Forget every cart, and who is signed in; how many there were of each."""
        return await self._forget("cart:*"), await self._forget("customer:*")

    async def _forget(self, pattern: str) -> int:
        ended = 0
        async with reaching("redis"):
            async for key in self.redis.scan_iter(pattern, count=500):
                ended += await self.redis.unlink(key)
        return ended

    async def queue_depth(self) -> int:
        async with reaching("redis"):
            return await self.redis.llen(QUEUE)

    async def ping_database(self) -> bool:
        async with self._database() as database:
            return bool(await database.fetchval("SELECT true"))

    @asynccontextmanager
    async def _database(self) -> AsyncIterator[Any]:
        async with reaching("database"), self.pool.acquire(timeout=1) as connection:
            yield connection


async def _lines(cursor: Any) -> AsyncIterator[bytes]:
    yield b"id,product,quantity,cents,ordered_at\n"
    while rows := await cursor.fetch(EXPORT_ROWS):
        yield b"".join(f"{','.join(map(str, row.values()))}\n".encode() for row in rows)


@asynccontextmanager
async def reaching(part: str) -> AsyncIterator[None]:
    """UnavailableError, naming `part`, for what its driver raises when it cannot be reached."""
    away = DATABASE_AWAY if part == "database" else (RedisError, OSError)
    try:
        yield
    except away as error:
        raise UnavailableError(part) from error
