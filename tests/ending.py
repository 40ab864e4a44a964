"""How a server of the tests' own ends: with everybody it has let in."""

import asyncio


async def ended(server: asyncio.Server) -> None:
    """Let nobody else in and hang up on all, those too whose handler has not begun: cancelled
    before its first step it would close nothing, and what is left open fails a later test."""
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening.fileno())
    for _ in range(3):  # one that is being let in needs the server still (3.11), and is let in then
        await asyncio.sleep(0)
    server.close()
    # asyncio's own books; from 3.13 on a server can be asked to do this.
    for transport in list(loop._transports.values()):  # type: ignore[attr-defined]
        if transport._server is server:
            transport.abort()
    await asyncio.sleep(0)  # that is when it is closed
