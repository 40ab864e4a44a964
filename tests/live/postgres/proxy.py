"""A proxy that can drop, delay and cut what passes, and counts who came and how much passed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Proxy:
    """Carries bytes between a loopback port and a server's."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.port = 0
        self.came = 0
        self.asked = self.answered = 0
        """Bytes to the server, and from it."""
        self.delay = 0.0
        self.passing = asyncio.Event()
        self.passing.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Proxy"]:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.cut()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def drop(self) -> None:
        """From now on nothing passes, and nobody is told."""
        self.passing.clear()

    def cut(self) -> None:
        """Every connection is reset."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers += [writer, back]
        for source, sink in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._carry(source, sink, asks=source is reader))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, asks: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                await asyncio.sleep(self.delay)
                await self.passing.wait()
                if asks:
                    self.asked += len(data)
                else:
                    self.answered += len(data)
                sink.write(data)
                await sink.drain()
        sink.close()
