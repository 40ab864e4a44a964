"""Real servers: the PostgreSQL for all tests here, a PgBouncer for each."""

from collections.abc import Iterator

import pytest

from tests.live.pgbouncer.servers import Pooler, folder
from tests.live.postgres.servers import Server


@pytest.fixture(scope="package")
def database() -> Iterator[Server]:
    with folder() as home, Server(18, home).running() as server:
        yield server


@pytest.fixture
def idle_pooler(database: Server) -> Iterator[Pooler]:
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
