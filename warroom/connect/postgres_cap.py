"""A cap on what one connection to PostgreSQL takes in: a driver fetches a value whole."""

import asyncio
from typing import Any, Protocol, cast

from warroom.connect.postgres import Connection


class _Wired(Protocol):
    """What is used of ``asyncpg.Connection``: there is no public way to what it reads from."""

    _transport: asyncio.Transport


class Cap(asyncio.Protocol):
    """Stands before the driver, and ends the connection once more than ``most`` bytes came.
    ``over`` says that it did."""

    def __init__(self, connection: Connection, most: int) -> None:
        self._transport = cast(_Wired, connection)._transport
        self._driver = cast(Any, self._transport.get_protocol())
        self._left = most
        self._transport.set_protocol(self)

    @property
    def over(self) -> bool:
        return self._left < 0

    def data_received(self, data: bytes) -> None:
        self._left -= len(data)
        if self.over:
            self._transport.abort()
        else:
            self._driver.data_received(data)

    def eof_received(self) -> bool | None:
        found: bool | None = self._driver.eof_received()
        return found

    def connection_lost(self, exc: Exception | None) -> None:
        self._driver.connection_lost(exc)

    def pause_writing(self) -> None:
        self._driver.pause_writing()

    def resume_writing(self) -> None:
        self._driver.resume_writing()
