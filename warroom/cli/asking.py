"""Asking an engine so that it is done once and for certain, whatever happens to the connection."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

from warroom import __version__
from warroom.attach.client import Connection
from warroom.attach.room import RoomPaths
from warroom.attach.spawn import reach
from warroom.cli.room import RefusedError
from warroom.errors import EngineError
from warroom.wire import PROTOCOL, Answer, Hello, Request, Welcome

AGAIN = 3
"""How many times a request is sent anew after its connection was lost."""
DEADLINE = 15.0
"""Seconds in which an engine answers."""

_T = TypeVar("_T")


class NotDoneError(RefusedError):
    """The engine, or we ourselves, refused: nothing was written."""


class InMemoryError(EngineError):
    """It was taken, and is not durable: the engine keeps it in memory only."""

    def __init__(self, message: str) -> None:
        super().__init__(
            f"kept in the engine's memory only, NOT on disk: {message}",
            "it is written as soon as that can be done; leave the engine running",
        )


def once() -> str:
    """A name for what is to be written once, however often it is sent."""
    return os.urandom(12).hex()


class Engine:
    """The room's engine, started if none runs. What is sent again after a lost connection must
    bear a ``once``, or only read."""

    def __init__(self, paths: RoomPaths, claimed: str = "", *, share: bool = False) -> None:
        """With ``share`` everything it says is masked."""
        self._paths = paths
        self._hello = Hello(
            protocol=PROTOCOL, version=__version__, role="command", claimed=claimed, share=share
        )
        self._connection: Connection | None = None
        self._listening: asyncio.Task[None] | None = None

    async def welcome(self) -> Welcome:
        """The engine's first word: who we are, and the scale."""
        return (await self._connected()).welcome

    async def ask(self, request: Request, deadline: float = DEADLINE) -> Answer:
        """The engine's answer, whatever it says. Raises ``EngineError`` when none comes in
        ``deadline`` seconds."""
        for left in reversed(range(AGAIN + 1)):
            connection = await self._connected()
            try:
                return await connection.request(request, deadline)
            except EngineError as error:
                if isinstance(error.__cause__, TimeoutError):
                    error.hint = "whether it was written, warroom log tells"
                    raise
                if not left:
                    raise
            await self.close()
        raise AssertionError

    async def done(self, request: Request, deadline: float = DEADLINE) -> Answer:
        """The answer to what must be done. Raises ``NotDoneError`` when it was refused, and
        ``InMemoryError`` when it is not durable."""
        answer = await self.ask(request, deadline)
        if answer.waits:
            raise InMemoryError(answer.message)
        if not answer.ok:
            raise NotDoneError(answer.message)
        return answer

    async def close(self) -> None:
        """Hang up. Safe to call twice."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
        if self._listening is not None:
            await asyncio.wait((self._listening,))
            self._listening = None

    async def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = await reach(self._paths, self._hello)
            # Its beats are to be taken: answers come behind them.
            self._listening = asyncio.create_task(_pass_over(self._connection))
        return self._connection


async def _pass_over(connection: Connection) -> None:
    async for _ in connection.messages():
        pass


def with_engine(
    paths: RoomPaths, name: str, work: Callable[[Engine], Awaitable[_T]], *, share: bool = False
) -> _T:
    """What ``work`` comes to with the room's engine, asked as ``name``; with ``share`` masked."""

    async def run() -> _T:
        engine = Engine(paths, name, share=share)
        try:
            return await work(engine)
        finally:
            await engine.close()

    return asyncio.run(run())
