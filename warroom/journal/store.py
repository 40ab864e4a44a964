"""The journal's one writer: what ``append`` has returned is durable."""

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import astuple

from warroom.clock import Clock
from warroom.errors import JournalError
from warroom.incident.entries import Draft, Entry
from warroom.journal.chain import Row
from warroom.journal.file import open_writing, said
from warroom.journal.migrate import bring_up
from warroom.journal.reading import Reading
from warroom.journal.rows import entry_of, plain, row_of

_USABLE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_CONSTRAINT")
"""Errors after which the connection is as good as before."""


class Store(Reading):
    """Reads and writes one journal. Every method blocks, and belongs to one thread at a time."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Open the file, or make it. Raises ``JournalError``."""
        self._clock = clock
        self._file: tuple[int, int] = (0, 0)
        super().__init__(path, lambda: self._open(path))

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Write these, all or none; durable when it returns. The entries, in the same order.

        One whose ``once`` is in the journal already gives the entry that is there. Raises
        ``JournalError``; then none of them was acknowledged, and the same may be tried again.
        """
        connection = self._ready()
        self._must_be_the_file()
        try:
            with said(self._path, "written"):
                connection.execute("BEGIN IMMEDIATE")
                made = tuple(self._insert(connection, draft) for draft in drafts)
                connection.execute("COMMIT")
        except BaseException as error:
            self._undo(connection, error)
            raise
        return made

    def _open(self, path: Path) -> sqlite3.Connection:
        connection = open_writing(path)
        try:
            bring_up(connection, path)
            self._file = _identity(path)
        except BaseException:
            connection.close()
            raise
        return connection

    def _insert(self, connection: sqlite3.Connection, draft: Draft) -> Entry:
        if draft.once:
            once = plain(draft.once)
            known = connection.execute("SELECT * FROM entries WHERE once = ?", (once,))
            if (found := known.fetchone()) is not None:
                return entry_of(Row(*found))
        head = self.head()
        number = connection.execute(
            "SELECT coalesce(max(number), 0) FROM entries WHERE incident = ?",
            (plain(draft.incident),),
        ).fetchone()[0]
        row = row_of(draft, head.seq + 1, number + 1, self._clock.now(), head.hash)
        connection.execute(self._sql("append"), astuple(row))
        return entry_of(row)

    def _undo(self, connection: sqlite3.Connection, error: BaseException) -> None:
        """None of it; and a connection that may be spoilt is not used again."""
        with contextlib.suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        cause = error.__cause__
        name = getattr(cause, "sqlite_errorname", "") or ""
        if isinstance(cause, sqlite3.Error) and not name.startswith(_USABLE):
            self.close()

    def _must_be_the_file(self) -> None:
        """What is written into a file that was removed or replaced would be lost with it."""
        with said(self._path, "found"):
            same = _identity(self._path) == self._file
        if not same:
            raise JournalError(
                f"{self._path} was replaced by another file while the engine had it open",
                "put the old one back, or type: warroom restart",
            )


def _identity(path: Path) -> tuple[int, int]:
    found = os.lstat(path)
    return found.st_dev, found.st_ino
