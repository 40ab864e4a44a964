"""Whether a part of the demo answers, asked without a client library."""

import asyncio


async def listens(port: int) -> bool:
    """Whether somebody takes connections on that port of 127.0.0.1."""
    try:
        async with asyncio.timeout(1):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def status(port: int, path: str) -> int:
    """The status with which a GET on 127.0.0.1 is answered; 0 for no answer within a second."""
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
                line = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return 0
    words = line.split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0


async def answers_well(port: int, path: str) -> bool:
    """Whether a GET on 127.0.0.1 is answered with status 200 within a second."""
    return await status(port, path) == 200
