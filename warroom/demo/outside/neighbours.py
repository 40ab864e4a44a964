"""Two neighbours far away who take every connection: while they do, the world is there.

They stand for the canaries a room asks whether it can see anything at all.
"""

import asyncio

from warroom.demo.outside.run import run
from warroom.demo.settings import Settings


async def main(settings: Settings) -> None:
    """Take connections until stopped."""
    servers = [
        await asyncio.start_server(_take, "127.0.0.1", port) for port in settings.canary_ports
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


if __name__ == "__main__":
    run(main)
