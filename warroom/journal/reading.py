"""The journal read: entries of an incident, which incidents there are, all in order.

Every read is one short transaction, over before its result is used: a cursor left open would keep
the writer from its commits (seen: 243 of 250 appends failed beside one).
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from warroom.incident.entries import Entry
from warroom.journal.chain import GENESIS, Row
from warroom.journal.file import open_reading, said, sql
from warroom.journal.rows import entry_of, stamp

BATCH = 500
"""Rows of one transaction, where all are read."""


class Head(msgspec.Struct, frozen=True):
    """The newest entry: its place and its hash. 0 and ``GENESIS`` where there is none."""

    seq: int = 0
    hash: str = GENESIS


class Reading:
    """Reads one journal's file. ``connect`` opens it; whoever writes reads by its own way."""

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection] | None = None) -> None:
        """Raises ``JournalError`` when there is no journal that can be read."""
        self._path = path
        self._statements: dict[str, str] = {}
        self.connection: sqlite3.Connection | None = None
        """The open file; None before it is used again after it was closed."""
        self._connect = connect or (lambda: open_reading(path))
        self._ready()

    def head(self) -> Head:
        """The newest entry."""
        rows = self._rows("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1")
        return Head(*rows[0]) if rows else Head()

    def entries(
        self, incident: str, *, before: int = 0, after: int | None = None, limit: int
    ) -> tuple[Entry, ...]:
        """At most ``limit`` of an incident's entries, oldest first: the newest before number
        ``before`` (0: the newest of all), or those from number ``after`` + 1 on."""
        if after is not None:
            return tuple(map(entry_of, self._found("after", incident, after, limit)))
        found = self._found("before", incident, before, limit)
        return tuple(map(entry_of, reversed(found)))

    def all_of(self, incident: str) -> Iterator[Entry]:
        """Every entry of an incident (of none, with an empty name), oldest first."""
        last = 0
        while rows := self._found("after", incident, last, BATCH):
            yield from map(entry_of, rows)
            last = rows[-1].number

    def acts(self) -> Iterator[Entry]:
        """Every entry of an action, of whatever incident, in the journal's order."""
        last = 0
        while rows := self._found("acts", last, BATCH):
            yield from map(entry_of, rows)
            last = rows[-1].seq

    def rows(self) -> Iterator[Row]:
        """Every row of the journal in its order, as it stands there."""
        last = 0
        while rows := self._found("onwards", last, BATCH):
            yield from rows
            last = rows[-1].seq

    def incidents(self) -> tuple[str, ...]:
        """The ids of all incidents, in the order they were declared."""
        return tuple(name for (name,) in self._rows(self._sql("incidents")))

    def open_incidents(self) -> tuple[str, ...]:
        """The ids of those that are not resolved, in the same order."""
        return tuple(name for (name,) in self._rows(self._sql("open_incidents")))

    def resolved_since(self, then: datetime) -> tuple[str, ...]:
        """The ids of those that are over, and were not before that time."""
        rows = self._rows(self._sql("resolved_since"), stamp(then))
        return tuple(name for (name,) in rows)

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _ready(self) -> sqlite3.Connection:
        if self.connection is None:
            self.connection = self._connect()
        return self.connection

    def _sql(self, name: str) -> str:
        if name not in self._statements:
            self._statements[name] = sql(name)
        return self._statements[name]

    def _found(self, name: str, *values: object) -> list[Row]:
        return [Row(*row) for row in self._rows(self._sql(name), *values)]

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        connection = self._ready()
        with said(self._path, "read"):
            return connection.execute(statement, values).fetchall()
