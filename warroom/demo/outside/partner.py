"""A partner on a very bad line who downloads the order export many times over.

Each download takes a quarter of a minute and more, and is begun anew when it ends or is cut
off.
"""

import asyncio
import logging
import socket

from warroom.demo.outside.run import run
from warroom.demo.settings import Settings

DOWNLOADS = 24
"""More than twice what the pool has: as ten end, the next ten wait at the door already."""
RETRY_S = 1.0
TAKEN_BYTES = 4096
PAUSE_S = 0.1
"""Between two pieces taken: some 40 kB/s."""
RECEIVE_BYTES = 4096
"""The smallest buffer there is: else the kernel takes in what the partner does not."""
REQUEST = b"GET /export/orders.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
END = b"0\r\n\r\n"
"""Of a complete answer in chunks (RFC 9112, 7.1)."""

log = logging.getLogger(__name__)


async def main(settings: Settings) -> None:
    """Keep the downloads going until stopped."""
    await asyncio.gather(*(_insist(settings.web_port) for _ in range(DOWNLOADS)))


async def _insist(port: int) -> None:
    while True:
        try:
            complete = await _download(port)
        except OSError as error:
            log.info("a download was cut off: %s", error)
            complete = False
        if not complete:
            await asyncio.sleep(RETRY_S)


async def _download(port: int) -> bool:
    """Whether one download, taken as far as the other side goes, came to its end."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.setblocking(False)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        await loop.sock_connect(line, ("127.0.0.1", port))
        await loop.sock_sendall(line, REQUEST)
        last = b""
        while piece := await loop.sock_recv(line, TAKEN_BYTES):
            last = (last + piece)[-len(END) :]
            await asyncio.sleep(PAUSE_S)  # the bad line
        return last == END


if __name__ == "__main__":
    run(main)
