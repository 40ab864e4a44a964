"""Real servers: one of each version for all tests here that leave it as it was."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live.pgbouncer.servers import folder
from tests.live.postgres.servers import Server


@pytest.fixture(scope="package")
def pg15() -> Iterator[Server]:
    with folder() as home, Server(15, home).running() as server:
        yield server


@pytest.fixture(scope="package")
def pg16() -> Iterator[Server]:
    with folder() as home, Server(16, home).running() as server:
        yield server


@pytest.fixture(scope="package")
def pg18() -> Iterator[Server]:
    with folder() as home, Server(18, home).running() as server:
        yield server


@pytest.fixture(params=[15, 16, 18])
def server(request: pytest.FixtureRequest) -> Server:
    """Each version in its turn."""
    found: Server = request.getfixturevalue(f"pg{request.param}")
    return found


@pytest.fixture
def another() -> Iterator[Callable[..., Server]]:
    """Servers to break; not started yet."""
    made: list[Server] = []
    with folder() as home:

        def make(version: int, **options: str) -> Server:
            place: Path = home / str(len(made))
            place.mkdir()
            from warroom.demo import account

            if (owner := account.for_servers()) is not None:
                owner.own(place)
            made.append(Server(version, place, **options))
            return made[-1]

        try:
            yield make
        finally:
            for server in made:
                server.stop()
