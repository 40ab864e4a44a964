"""A fault's way into the shop's stores: as an operator's, by a connection of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from warroom.demo.errors import DemoError, UnchangedError
from warroom.demo.parts import Parts
from warroom.demo.shop.store import DATABASE_FAILED

LIMIT_S = 4.0
"""For one statement, the wait for a lock included: below a control client's patience."""


@asynccontextmanager
async def database(parts: Parts) -> AsyncIterator[Any]:
    """A connection as the shop's role.

    UnchangedError when there is none, DemoError when the database does not take part later.
    """
    failure: type[DemoError] = UnchangedError
    try:
        connection = await asyncpg.connect(
            parts.settings.database,
            timeout=2,
            command_timeout=LIMIT_S,
            # Else a crash right after the fault could undo what it reported as done.
            server_settings={"application_name": "operator", "synchronous_commit": "on"},
        )
        failure = DemoError
        try:
            yield connection
        finally:
            connection.terminate()
    except DATABASE_FAILED as error:
        raise failure(
            f"the shop's database does not do it: {str(error) or 'no answer in time'}",
            "is the outage on? warroom demo fault outage off, then try again",
        ) from error


@asynccontextmanager
async def redis(parts: Parts) -> AsyncIterator["Redis"]:
    """A Redis client.

    UnchangedError when Redis does not answer, DemoError when it does not take part later.
    """
    failure: type[DemoError] = UnchangedError
    client = Redis.from_url(
        parts.settings.redis,
        socket_connect_timeout=2,
        socket_timeout=LIMIT_S,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        await client.ping()
        failure = DemoError
        yield client
    except (OSError, RedisError) as error:
        raise failure(
            f"the shop's Redis does not do it: {error}",
            "is redis-down on? warroom demo fault redis-down off, then try again",
        ) from error
    finally:
        await client.aclose()
