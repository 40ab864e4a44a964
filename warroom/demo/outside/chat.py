"""The team's chat and its own status page: take what is posted to them, and show it.

``POST /hooks/KEY`` takes a chat message (``{"text": …}``), ``POST /incidents`` one for the status
page; ``GET /`` shows what came, the newest last. Small enough to read requests itself.
"""

import asyncio
import hmac
import json
import logging
from collections import deque
from datetime import UTC, datetime

from warroom.demo.outside.run import run
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings

LARGEST = 256 * 1024
"""Bytes of a message."""
KEPT = 50
PATIENCE_S = 10.0
"""For a request to come whole."""

log = logging.getLogger(__name__)


class Chat:
    """What was posted, and who may post."""

    def __init__(self, settings: Settings) -> None:
        self._key = SecretFiles(settings.folder.secrets).chat
        self._port = settings.chat_port
        self._came: deque[str] = deque(maxlen=KEPT)

    async def serve(self) -> None:
        """Take messages until stopped."""
        server = await asyncio.start_server(self._visit, "127.0.0.1", self._port)
        async with server:
            await server.serve_forever()

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                status, text = await self._answer(reader)
                body = text.encode()
                head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close"
                kind = "Content-Type: text/plain; charset=utf-8"
                writer.write(f"{head}\r\n{kind}\r\n\r\n".encode() + body)
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.info("a request did not come whole")
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[str, str]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, _, rest = head[0].partition(" ")
        path = rest.partition(" ")[0]
        lengths = [h.partition(":")[2] for h in head[1:] if h.lower().startswith("content-length:")]
        length = int(lengths[0]) if lengths and lengths[0].strip().isdigit() else 0
        if length > LARGEST:
            return "413 Content Too Large", "too much"
        body = await reader.readexactly(length)
        if method == "GET" and path == "/":
            return "200 OK", "\n\n".join(self._came) + "\n"
        if method == "POST" and self._may(path):
            return self._take(path, body)
        return "404 Not Found", "no such place"

    def _may(self, path: str) -> bool:
        if path == "/incidents":
            return True
        key = self._key.read_text().rpartition("/")[2]
        return path.startswith("/hooks/") and hmac.compare_digest(path[len("/hooks/") :], key)

    def _take(self, path: str, body: bytes) -> tuple[str, str]:
        try:
            said = json.loads(body)
            text = str(said["text"])
        except (ValueError, KeyError, TypeError):
            return "400 Bad Request", "no text"
        where = "status page" if path == "/incidents" else "#incidents"
        at = f"{datetime.now(UTC):%H:%M:%SZ}"
        self._came.append(f"[{where} {at}]\n{text}")
        log.info("%s: %d characters", where, len(text))
        return "200 OK", "ok"


async def main(settings: Settings) -> None:
    """Be the chat."""
    await Chat(settings).serve()


if __name__ == "__main__":
    run(main)
