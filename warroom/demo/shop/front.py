"""The shop's TLS front: takes HTTPS and passes what is in it to the web app.

SIGHUP has it read its certificate again, as with nginx; connections that are open stay.
"""

import asyncio
import logging
import os
import signal
import ssl
import sys
from pathlib import Path

from warroom.demo import lifeline
from warroom.demo.settings import Settings

CHUNK = 65_536
CONNECT_S = 1.0
AWAY = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 37\r\nConnection: close\r\n\r\nThe shop cannot be reached just now.\n"
)

log = logging.getLogger(__name__)


class Front:
    """Pipes each connection to one of its own to the web app."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._certificate = settings.folder.front_certificate
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    async def run(self) -> None:
        """Serve until the process ends."""
        self._tls.load_cert_chain(self._certificate)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.reload)
        server = await asyncio.start_server(
            self._serve, "127.0.0.1", self._settings.front_port, ssl=self._tls
        )
        await server.serve_forever()

    def reload(self) -> None:
        """Take the certificate as it is now; the old one stays if it cannot be read."""
        try:
            self._tls.load_cert_chain(self._certificate)
        except OSError as error:
            log.error("the certificate cannot be read: %s", error)
        else:
            log.info("the certificate was read again")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner = await self._web_app(writer)
        except (OSError, TimeoutError) as error:
            log.error("the web app cannot be reached: %r", error)
            writer.write(AWAY)
            writer.close()
            return
        back, forth = inner
        pipes = [
            asyncio.create_task(_pipe(reader, forth)),
            asyncio.create_task(_pipe(back, writer)),
        ]
        try:
            await asyncio.wait(pipes, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pipe in pipes:
                pipe.cancel()
            await asyncio.wait(pipes)
            forth.close()
            writer.close()

    async def _web_app(
        self, writer: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        # From the client's own address: all are on the loopback, and the web app's access
        # log and rate limit are about clients, not about us.
        peer = writer.get_extra_info("peername")  # None when it is gone already
        client = peer[0] if peer else "127.0.0.1"
        async with asyncio.timeout(CONNECT_S):
            return await asyncio.open_connection(
                "127.0.0.1", self._settings.web_port, local_addr=(client, 0)
            )


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on until one side ends; a client that breaks off is no error of ours."""
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    except OSError as error:  # of TLS too: a client that does not trust our certificate
        log.info("a connection was broken off: %s", error)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    lifeline.watch(lambda: os.kill(os.getpid(), signal.SIGTERM))
    asyncio.run(Front(Settings.read(Path(sys.argv[1]))).run())
