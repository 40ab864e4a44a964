"""A proxy that goes away in the middle, as a balancer does that is restarted."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tests.ending import ended
from tests.live.bad_server import reset


@dataclass
class Cutting:
    """How often somebody came."""

    port: int
    connections: int = 0


@contextlib.asynccontextmanager
async def cutting(to: int, asked: int, answered: int) -> AsyncIterator[Cutting]:
    """In front of the port ``to``: it passes so many bytes of what is asked and of what is
    answered (-1: up to its end), and then resets the connection."""
    here = Cutting(0)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here.connections += 1
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        back, forth = await asyncio.open_connection("127.0.0.1", to)
        try:
            if asked >= 0:
                forth.write(await reader.readexactly(asked))
                await forth.drain()
            else:
                tasks.add(asyncio.create_task(_pass(reader, forth)))
                # That an answer comes shows that all of it arrived.
                said = await (back.readexactly(max(answered, 1)) if answered >= 0 else back.read())
                writer.write(said[:answered] if answered >= 0 else said)
                await writer.drain()
        finally:
            # What was written is to arrive: a reset would overtake it.
            if answered > 0:
                writer.close()
            else:
                reset(writer)
            forth.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        await ended(server)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
