"""A download that is read from the database while it is sent."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class Download(Response):
    """Sends pieces as the reader takes them.

    What the pieces come from stays open until the last is sent: a reader who dawdles keeps
    a database connection, in its transaction. Opened before the answer begins, so that a
    store that is away is still told as status 503.
    """

    media_type = "text/csv"

    def __init__(self, pieces: AbstractAsyncContextManager[AsyncIterator[bytes]]) -> None:
        super().__init__()
        del self.headers["content-length"]  # unknown before the end
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._pieces as pieces:
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
