"""Real servers that stand in for the teams' caches and databases: one of each for all rooms."""

from collections.abc import Iterator

import pytest

from tests.live.pgbouncer.servers import folder
from tests.live.postgres.servers import Server as Postgres
from tests.live.redis.servers import Server as Redis
from tests.live.rooms import room

__all__ = ["room"]


@pytest.fixture(scope="package")
def one_redis() -> Iterator[Redis]:
    with folder() as home, Redis(6, home).running() as server:
        yield server


@pytest.fixture
def redis_server(one_redis: Redis) -> Redis:
    """Emptied."""
    with one_redis.client() as client:
        client.flushall()
        client.config_resetstat()
    return one_redis


@pytest.fixture(scope="package")
def postgres_server() -> Iterator[Postgres]:
    with folder() as home, Postgres(16, home).running() as server:
        yield server
