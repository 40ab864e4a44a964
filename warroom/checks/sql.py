"""A query of the team's own, in a transaction that can only read, on a connection of its own."""

import asyncio
from collections.abc import Sequence
from importlib import resources
from typing import Any, Protocol, cast

import asyncpg

from warroom.checks.check import Found, Tools
from warroom.checks.lines import in_a_line, listed
from warroom.checks.tables import table
from warroom.config.checks_settings import SqlCheck
from warroom.connect.dsn import DsnSettings, reveal
from warroom.connect.postgres import Connection, Cursor, connect, farewell, in_words
from warroom.connect.postgres_cap import Cap
from warroom.connect.refused import RefusedError
from warroom.connect.transaction import Tally, check_limits, lost, read_only
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.text import short_duration

CONNECTS = 5.0
"""Seconds for the connection, at the most."""
GRACE = 0.5
"""Seconds by which the server's own limit is shorter than ours, so that it is the one to end it."""
TAKEN = 4 << 20
"""Bytes that are taken in; of 200 rows it is 20 KiB each."""
TIMED_OUT = "57014"
"""``query_canceled`` (PostgreSQL, "Appendix A. Error Codes")."""
FAILURES = (
    *(asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError),
    OSError,
)


class Statement(Protocol):
    """What is used of a prepared statement of asyncpg's."""

    def get_attributes(self) -> Sequence[Any]: ...
    async def cursor(self) -> Cursor: ...


class Line(Protocol):
    """What is used of ``asyncpg.Connection`` beside ``Connection``."""

    async def fetchrow(self, query: str) -> Any: ...
    async def prepare(self, query: str, *, name: str) -> Statement: ...


class SqlRunner:
    """One ``[checks.NAME]`` of kind sql. ``turn`` is shared by all of one source, so that its
    server has no more than one connection of ours beside the source's own."""

    def __init__(self, settings: SqlCheck, tools: Tools, turn: asyncio.Lock) -> None:
        self._settings, self._tools, self._turn = settings, tools, turn

    async def run(self) -> Found:
        deadline = self._settings.deadline
        ends = asyncio.get_running_loop().time() + deadline
        try:
            async with asyncio.timeout_at(ends), self._turn:
                return await self._asked(ends)
        except TimeoutError:
            return Found(False, f"no answer within {short_duration(deadline)}", late=True)

    async def _asked(self, ends: float) -> Found:
        source = self._settings.source
        settings = cast(DsnSettings, self._tools.settings(source))
        left = max(ends - asyncio.get_running_loop().time(), 0.0)
        try:
            made, peer = await connect(
                await reveal(settings, self._tools.folder, self._tools.mask),
                self._tools.network.resolver,
                service=getattr(settings, "service", None),
                address=settings.address,
                seconds=min(CONNECTS, left),
            )
        except RefusedError as error:
            raise ProbeError("connect", f"{source} refuses us: {error}") from error
        cap = Cap(made, TAKEN)
        try:
            left = ends - asyncio.get_running_loop().time()
            return await self._read(made, max(left - GRACE, 0.1))
        except FAILURES as error:
            if cap.over:
                words = f"{source}: more came than the {TAKEN >> 20} MiB that a check takes"
                hint = "ask for fewer rows, or for less of a value: left(column, 200)"
                raise ProbeError("answer", words, hint) from error
            if isinstance(error, asyncpg.PostgresError) and not lost(error):
                return self._failed(error)
            raise ProbeError("answer", f"{source}: {in_words(error, peer)}") from error
        finally:
            await asyncio.shield(farewell(made))

    async def _read(self, made: Connection, seconds: float) -> Found:
        line, most = cast(Line, made), self._settings.rows
        async with read_only(made, seconds, Tally()):
            check_limits(await line.fetchrow(_limits()), seconds)
            # Prepared, it is one statement and no more; without a name, nothing of it stays in a
            # session that a pooler lends.
            statement = await line.prepare(self._settings.sql, name="")
            names = [attribute.name for attribute in statement.get_attributes()]
            if not names:
                # COPY … TO PROGRAM would run even in a transaction that can only read.
                return Found(False, "that is no query: it gives no rows, and was not run")
            rows = list(await (await statement.cursor()).fetch(most + 1))
        count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
        words = count if len(rows) <= most else f"more than {most} rows: the first {most}"
        masked = self._tools.masked
        return Found(None, words, listed(table(names, rows[:most], masked), masked))

    def _failed(self, error: asyncpg.PostgresError) -> Found:
        said = in_a_line(outside(str(error)), self._tools.masked)
        late = "ended by the server: " if error.sqlstate == TIMED_OUT else "refused: "
        return Found(False, late + said)


def _limits() -> str:
    return resources.files(__package__).joinpath("limits.sql").read_text("utf-8")
