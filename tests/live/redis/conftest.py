"""Real servers: one of each version for all tests here that leave it as it was."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live.pgbouncer.servers import folder
from tests.live.redis.servers import VERSIONS, SentinelServer, Server
from warroom.demo import account


@pytest.fixture(scope="package")
def redis6() -> Iterator[Server]:
    with folder() as home, Server(6, home).running() as server:
        yield server


@pytest.fixture(scope="package")
def redis7() -> Iterator[Server]:
    with folder() as home, Server(7, home).running() as server:
        yield server


@pytest.fixture(params=VERSIONS)
def server(request: pytest.FixtureRequest) -> Server:
    """Each version in its turn, emptied."""
    found: Server = request.getfixturevalue(f"redis{request.param}")
    with found.client() as client:
        client.flushall()
        client.config_resetstat()
    return found


@pytest.fixture
def another() -> Iterator[Callable[..., Server]]:
    """Servers to break; not started yet."""
    made: list[Server] = []
    with folder() as home:

        def make(version: int, primary: Server | None = None, **options: str) -> Server:
            place: Path = home / str(len(made))
            place.mkdir()
            if (owner := account.for_servers()) is not None:
                owner.own(place)
            kind = SentinelServer if primary is not None else Server
            more = {"primary": primary} if primary is not None else options
            made.append(kind(version, place, **more))
            return made[-1]

        try:
            yield make
        finally:
            for server in made:
                server.stop()


@pytest.fixture(params=VERSIONS)
def unshared(another: Callable[..., Server], request: pytest.FixtureRequest) -> Server:
    """One of each version that nobody else has talked to. The tests' libraries leave connections
    behind, and kombu asks for keys once more when its garbage is collected, whenever that is."""
    found = another(request.param)
    found.start()
    return found
