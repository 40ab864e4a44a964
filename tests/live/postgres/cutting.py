"""A proxy that stands between a client and a server, and breaks off at a message of the protocol.

Messages are told apart by their type (PostgreSQL, "Message Formats"); a COMMIT goes as a simple
query.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Literal

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
How = Literal["end", "reset", "silent"]
"""With ``silent`` the connection stands, and nothing passes any more."""


class Cutting:
    """``at`` says by a chunk from the client that it ends now; with ``passes`` the server still
    gets that chunk, and its answer is lost. ``sent`` counts such chunks."""

    def __init__(self, port: int, at: Callable[[bytes], bool], passes: bool, how: How) -> None:
        self._port, self._at, self._passes, self._how = port, at, passes, how
        self.port = self.sent = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.armed = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Cutting"]:
        server = await asyncio.start_server(self._come, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._take(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        answers = asyncio.create_task(_carry(there, writer))
        try:
            while data := await reader.read(65_536):
                if self.armed and self._at(data):
                    self.sent += 1
                    while self._how == "silent" and await reader.read(65_536):
                        pass
                    answers.cancel()
                    await asyncio.gather(answers, return_exceptions=True)
                    await self._cut(data, there, back, writer)
                    return
                back.write(data)
        except OSError:
            pass
        finally:
            answers.cancel()
            back.close()
            writer.close()

    async def _cut(
        self,
        data: bytes,
        there: asyncio.StreamReader,
        back: asyncio.StreamWriter,
        writer: asyncio.StreamWriter,
    ) -> None:
        if self._passes:
            back.write(data)
            await there.read(1)  # it is done there; nobody here is told
        back.close()
        if self._how == "reset":
            writer.transport.abort()
        writer.close()


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65_536):
            sink.write(data)
    sink.close()
