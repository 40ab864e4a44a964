"""The team's own questions: each in a transaction of its own, after all else was read."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from warroom.clock import Clock
from warroom.connect.postgres import Connection
from warroom.connect.transaction import Tally, lost, read_only
from warroom.connect.wording import outside
from warroom.measure.table import Table
from warroom.sources.known import NOT_KNOWN, Figure
from warroom.sources.postgres import answers
from warroom.sources.postgres.answers import COUNTED, Row
from warroom.sources.postgres.privileges import quoted
from warroom.sources.postgres.settings import PostgresSettings, QuerySettings, reads
from warroom.sources.postgres.turn import CUT, REFUSED
from warroom.sources.refusals import AGAIN
from warroom.sources.seldom import Seldom
from warroom.text import short_duration

LEAST = 0.05
"""Seconds below which a query is not begun: it waits for the next poll."""
ENVIRONMENT = "environment"
RARELY = 60.0


@dataclass
class Answers:
    """What is known from the last time each was asked. ``failed`` and ``refused`` are words,
    by the query's name."""

    known: dict[str, Figure] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    environment: str = ""

    def forget(self, name: str) -> None:
        kept: tuple[dict[str, Any], ...] = (self.known, self.tables, self.notes)
        for part in (*kept, self.failed, self.refused):
            part.pop(name, None)
        if name == ENVIRONMENT:
            self.environment = ""


class Queries:
    """Asks what is due. Reads files: make one beside the loop."""

    def __init__(self, settings: PostgresSettings, clock: Clock, tally: Tally) -> None:
        self._queries = settings.queries
        self._environment = settings.environment
        self._tally = tally
        self._seldom = Seldom(clock)
        self._answers = Answers()
        self._texts: dict[str, str] = {}
        for query in self._queries:
            try:
                self._texts[query.name] = _text(query)
            except ValueError as error:
                self._answers.failed[query.name] = str(error)

    async def ask(
        self, connection: Connection, user: str, ends: float, asking: Callable[[str], None]
    ) -> Answers:
        """Ask what is due until ``ends`` (the loop's time); what does not fit stays due.

        ``asking`` is told the name of each. Raises what ends the session.
        """
        jobs: list[tuple[str, str, float, Callable[[list[Row]], None]]] = []
        if self._environment is not None:
            jobs.append((ENVIRONMENT, self._environment, RARELY, self._named))
        for query in self._queries:
            if query.name in self._texts:
                text = self._texts[query.name]
                jobs.append((query.name, text, query.every, _Taker(query, self._answers)))
        for name, sql, every, take in jobs:
            left = ends - asyncio.get_running_loop().time()
            if left < LEAST:
                break
            again = max(every, AGAIN) if name in self._answers.refused else every
            if self._seldom.due(name, again):
                asking(name)
                await self._one(connection, name, sql, left, user, take)
        return self._answers

    async def _one(
        self,
        connection: Connection,
        name: str,
        sql: str,
        seconds: float,
        user: str,
        take: Callable[[list[Row]], None],
    ) -> None:
        self._answers.forget(name)
        try:
            async with read_only(connection, seconds, self._tally):
                cursor = await connection.cursor(f"/* warroom {name} */ {sql}")
                rows = list(await cursor.fetch(COUNTED + 1))
            take(rows)
        except asyncpg.PostgresError as error:
            if lost(error):
                self._seldom.forget(name)
                raise
            self._note(name, error, seconds, user)
        except ValueError as error:
            self._answers.failed[name] = str(error)

    def _note(self, name: str, error: asyncpg.PostgresError, seconds: float, user: str) -> None:
        said = outside(str(error))
        if error.sqlstate == REFUSED:
            grant = f"GRANT SELECT ON … TO {quoted(user)};"
            self._answers.refused[name] = f"{name} may not be asked: {said}; type {grant}"
        elif error.sqlstate in CUT:
            limit = f"(its limit was {short_duration(seconds)})"
            self._answers.failed[name] = f"{CUT[error.sqlstate]} {limit}"
        else:
            self._answers.failed[name] = said

    def _named(self, rows: list[Row]) -> None:
        value = answers.one(rows)
        if not isinstance(value, str) or not value.strip():
            raise ValueError("gives no name of an environment, which is a text")
        self._answers.environment = value.strip()


class _Taker:
    """Takes the rows of one query into the answers. Raises ValueError."""

    def __init__(self, query: QuerySettings, kept: Answers) -> None:
        self._query = query
        self._kept = kept

    def __call__(self, rows: list[Row]) -> None:
        name = self._query.name
        if self._query.gives == "figure":
            value = answers.number(rows)
            self._kept.known[name] = (value, "") if value is not None else NOT_KNOWN
            return
        self._kept.known[name] = (float(min(len(rows), COUNTED)), "")
        self._kept.tables[name] = answers.table(self._query.title or name, rows)
        if len(rows) > COUNTED:
            self._kept.notes[name] = f"{name}: more than {COUNTED} rows, counted up to there"


def _text(query: QuerySettings) -> str:
    """The query's text. Raises ValueError for a file that cannot be used."""
    if query.file is None:
        return query.sql or ""
    shown = Path(query.file).name
    try:
        text = Path(query.file).read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{shown} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{shown} is not UTF-8") from None
    try:
        return reads(text)
    except ValueError as error:
        raise ValueError(f"{shown}: {error}") from None
