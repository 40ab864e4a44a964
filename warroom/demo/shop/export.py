"""Downloads that are read from the database while they are sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

Pieces = AbstractAsyncContextManager[AsyncIterator[bytes]]


class Downloads:
    """All that are under way, so that they can be broken off."""

    def __init__(self) -> None:
        self._sending: set[asyncio.Task[None]] = set()

    def answer(self, pieces: Pieces) -> Response:
        """The answer that sends them."""
        return Download(pieces, self._sending)

    def break_off(self) -> None:
        """End all that are under way: their connections are closed in mid-answer."""
        for task in self._sending:
            task.cancel()


class Download(Response):
    """Sends pieces as the reader takes them.

    What the pieces come from stays open until the last is sent: a reader who dawdles keeps
    a database connection, in its transaction. Opened before the answer begins, so that a
    store that is away is still told as status 503.
    """

    media_type = "text/csv"

    def __init__(self, pieces: Pieces, sending: set[asyncio.Task[None]]) -> None:
        super().__init__()
        del self.headers["content-length"]  # unknown before the end
        self._pieces = pieces
        self._sending = sending
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.create_task(self._send(send))
        self._sending.add(task)
        try:
            await asyncio.wait({task})
        finally:
            self._sending.discard(task)
            task.cancel()
        if not task.cancelled():
            task.result()
        elif not self._begun:
            await switched_off()(scope, receive, send)
        # Else the server sees an answer without its end, and closes the connection.

    async def _send(self, send: Send) -> None:
        async with self._pieces as pieces:
            self._begun = True
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def switched_off() -> Response:
    """The answer while nothing can be downloaded."""
    return JSONResponse({"error": "downloads are switched off just now"}, 403)
