"""redis-py's connection over a stream that we opened.

Its client is not used: that one retries ten times by default, opens connections when it
likes, and asks for names in the loop's few threads.
"""

import asyncio
from typing import Any

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as RedisConnectionError

from warroom.connect.redis.capped import CappedReader


class Wire(AbstractConnection):
    """One connection that is open, and never opens another. It says nothing by itself."""

    def __init__(self, reader: CappedReader, writer: asyncio.StreamWriter, peer: str) -> None:
        self._opened: tuple[CappedReader, asyncio.StreamWriter] | None = (reader, writer)
        self._peer = peer
        super().__init__(protocol=2, driver_info=None, socket_timeout=None)

    async def _connect(self) -> None:
        if self._opened is None:
            raise RedisConnectionError("closed")
        (self._reader, self._writer), self._opened = self._opened, None

    def _host_error(self) -> str:
        return self._peer

    def repr_pieces(self) -> list[tuple[str, Any]]:
        return [("peer", self._peer)]

    def abort(self) -> None:
        """Let go at once, waiting for nobody."""
        self._parser.on_disconnect()  # type: ignore[no-untyped-call]
        writer = self._writer or (self._opened[1] if self._opened else None)
        self._reader = self._writer = self._opened = None
        if writer is not None:
            writer.transport.abort()
