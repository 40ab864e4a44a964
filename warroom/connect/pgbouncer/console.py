"""One connection to an admin console, driven on our loop through libpq's own functions.

Not through psycopg's connection class: when that is cancelled in the middle of a query it
opens a second connection to cancel it, and waits up to 5 s for a pooler that may be stopped.
"""

import asyncio
from typing import TYPE_CHECKING

from psycopg import OperationalError as LibpqError
from psycopg import pq

from warroom.connect.dsn import DsnSecrets
from warroom.connect.lost import LostError
from warroom.connect.pgbouncer import words
from warroom.connect.pgbouncer.address import Place
from warroom.connect.pgbouncer.conninfo import conninfo
from warroom.connect.pgbouncer.talk import Row, SaidError
from warroom.connect.wording import outside

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn, PGresult

_POLLING = (pq.PollingStatus.READING, pq.PollingStatus.WRITING)
_ROWS = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_ENDED = (*_ROWS, pq.ExecStatus.FATAL_ERROR)


async def opened(
    secrets: DsnSecrets, where: Place, address: str, reached: float, ends: float
) -> "LibpqConsole":
    """A connection to ``where`` at ``address``, until ``reached`` for TCP and until ``ends``
    for the rest, both in the loop's time. Raises RefusedError, ProbeError."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    peer = where.socket or f"{f'[{address}]' if ':' in address else address}:{where.port}"
    connection = pq.PGconn.connect_start(conninfo(secrets, where, address))
    attempt = _Attempt(connection, peer)
    try:
        attempt.begin()
        async with asyncio.timeout_at(reached):
            await attempt.reach()
        async with asyncio.timeout_at(ends):
            await attempt.sign_in()
    except TimeoutError:
        error = words.late(attempt.phase, peer, loop.time() - begun)
        connection.finish()
        raise error from None
    except BaseException:
        # Cancelled too: nothing of it may be left.
        connection.finish()
        raise
    connection.nonblocking = 1
    return LibpqConsole(connection, peer)


class _Attempt:
    """A connection that is being made."""

    def __init__(self, connection: "PGconn", peer: str) -> None:
        self._connection = connection
        self._peer = peer
        # As libpq has it: the first thing to wait for is that it can be written to.
        self._polled = pq.PollingStatus.WRITING
        self.phase = "set-up"

    def begin(self) -> None:
        """Whether libpq could make something of what it was told."""
        if self._connection.status == pq.ConnStatus.BAD:
            raise self._failed()
        self.phase = "connect"

    async def reach(self) -> None:
        """Until the transport stands."""
        while self._polled in _POLLING and self.phase == "connect":
            await self._step()

    async def sign_in(self) -> None:
        while self._polled in _POLLING:
            await self._step()

    async def _step(self) -> None:
        writing = self._polled == pq.PollingStatus.WRITING
        await _ready(self._connection.socket, writing=writing)
        self._polled = pq.PollingStatus(self._connection.connect_poll())
        if self._polled == pq.PollingStatus.FAILED:
            raise self._failed()
        if self._connection.status != pq.ConnStatus.STARTED:
            self.phase = "first byte"

    def _failed(self) -> Exception:
        text = _decoded(self._connection.error_message) or "closed"
        return words.failed(text, self.phase, self._peer, _decoded(self._connection.user))


class LibpqConsole:
    """A connection that is signed in; see ``Console``."""

    def __init__(self, connection: "PGconn", peer: str) -> None:
        self._connection = connection
        self.peer = peer
        self._closed = False

    async def show(self, what: str) -> list[Row]:
        try:
            self._connection.send_query(f"SHOW {what}".encode())
            while self._connection.flush():
                await _ready(self._connection.socket, writing=True)
            results = await self._results()
        except LibpqError as error:
            raise LostError(_first_line(str(error))) from error
        for result in results:
            if result.status not in _ROWS:
                raise self._error(result)
        return [row for result in results for row in _rows(result)]

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._connection.finish()

    async def _results(self) -> "list[PGresult]":
        found: list[PGresult] = []
        while True:
            while self._connection.is_busy():
                await _ready(self._connection.socket)
                self._connection.consume_input()
            if (result := self._connection.get_result()) is None:
                return found
            if result.status not in _ENDED:
                # A COPY is offered: libpq would tell of it again and again, without an end.
                raise LostError("what came is no answer to SHOW")
            found.append(result)

    def _error(self, result: "PGresult") -> SaidError | LostError:
        said = result.error_field(pq.DiagnosticField.MESSAGE_PRIMARY) or result.error_message
        text = _first_line(_decoded(said))
        if self._connection.status != pq.ConnStatus.OK:
            return LostError(text)
        return SaidError(text, _decoded(result.error_field(pq.DiagnosticField.SQLSTATE)))


async def _ready(descriptor: int, *, writing: bool = False) -> None:
    """Until it can be read from, or written to."""
    loop = asyncio.get_running_loop()
    turned = asyncio.Event()
    if writing:
        loop.add_writer(descriptor, turned.set)
    else:
        loop.add_reader(descriptor, turned.set)
    try:
        await turned.wait()
    finally:
        # Before anybody closes it: the number may be another's by then.
        if writing:
            loop.remove_writer(descriptor)
        else:
            loop.remove_reader(descriptor)


def _rows(result: "PGresult") -> list[Row]:
    names = [_decoded(result.fname(column)) for column in range(result.nfields)]
    return [
        {name: _cell(result.get_value(row, column)) for column, name in enumerate(names)}
        for row in range(result.ntuples)
    ]


def _cell(value: bytes | None) -> str | None:
    return None if value is None else _decoded(value)


def _decoded(value: bytes | None) -> str:
    """Names are whatever somebody wrote into pgbouncer.ini, in whatever encoding."""
    return (value or b"").decode("utf-8", "replace")


def _first_line(text: str) -> str:
    return outside(text.strip().partition("\n")[0])
