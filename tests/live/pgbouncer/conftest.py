"""Real servers: the PostgreSQL for all tests here, a PgBouncer for each."""

from collections.abc import Iterator

import pytest

from tests.live.pgbouncer.servers import Pooler, Postgres, folder


@pytest.fixture(scope="package")
def database() -> Iterator[Postgres]:
    with folder() as home, Postgres(home).running() as server:
        yield server


@pytest.fixture
def idle_pooler(database: Postgres) -> Iterator[Pooler]:
    """A PgBouncer that is not started yet."""
    with folder() as home:
        pooler = Pooler(home, database)
        try:
            yield pooler
        finally:
            pooler.stop()


@pytest.fixture
def pooler(idle_pooler: Pooler) -> Pooler:
    """A PgBouncer that runs."""
    idle_pooler.start()
    return idle_pooler
