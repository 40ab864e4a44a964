"""The journal's file: opened as ours alone, and what goes wrong with it said in words."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from warroom import host
from warroom.errors import JournalError, RoomError

APPLICATION = 0x57524A4C
"""``WRJL``: what ``PRAGMA application_id`` says of a journal."""
VERSION = 1
"""``PRAGMA user_version`` of the newest form; an older one is brought up to it at the opening."""
PATIENCE = 3.0
"""Seconds to wait for another process that reads or backs the file up."""


def sql(name: str) -> str:
    """A statement or script of this room, by its file's name."""
    return resources.files(__package__).joinpath(f"{name}.sql").read_text("utf-8")


@contextlib.contextmanager
def said(path: Path, doing: str) -> Iterator[None]:
    """What SQLite says of the file, as ``JournalError``: to what, why, and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", "") or type(error).__name__
        raise JournalError(f"{path} cannot be {doing}: {error} ({code})", _advice(code)) from error
    except OSError as error:
        words = error.strerror or str(error)
        raise JournalError(f"{path} cannot be {doing}: {words}") from error


def _advice(code: str) -> str:
    if code.startswith("SQLITE_FULL"):
        return "make room on its disk: df -h; what was written meanwhile waits in memory"
    if code.startswith("SQLITE_IOERR"):
        return "look at the disk: dmesg, df -h; what was written meanwhile waits in memory"
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return "keep the file as it is; warroom verify names the place, warroom backup copies it"
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "another program holds it: fuser names it"
    return "look at it: ls -l, warroom verify"


def open_writing(path: Path) -> sqlite3.Connection:
    """The file opened for its one writer; made if there is none. Raises ``JournalError``."""
    _own(path)
    with said(path, "opened"):
        connection = _checked(_connect(path, "rw"), path)
        # FULL does not sync the folder after the rollback journal is gone; EXTRA does.
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = EXTRA")
        return connection


def open_reading(path: Path) -> sqlite3.Connection:
    """The file opened to read. Raises ``JournalError`` when there is none, or it is no journal."""
    if not path.exists():
        raise JournalError(f"there is no journal yet: {path}", "declaring an incident begins it")
    with said(path, "opened"):
        try:
            return _checked(_connect(path, "ro"), path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname not in _UNFINISHED:
                raise
        # Its writer was killed in the middle of a commit: whoever opens the file to write takes
        # back what was half written, and SQLite's own locks keep it from one that is still at it.
        _checked(_connect(path, "rw"), path).close()
        return _checked(_connect(path, "ro"), path)


_UNFINISHED = ("SQLITE_READONLY_ROLLBACK", "SQLITE_READONLY_RECOVERY", "SQLITE_CANTOPEN")


def _checked(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    try:
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _own(path: Path) -> None:
    """Make the file if need be: ours alone under any umask, no link followed."""
    try:
        os.close(host.open_private(path, os.O_RDWR | os.O_CREAT))
    except RoomError as error:
        raise JournalError(str(error), error.hint) from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse what is no journal, and what a newer version wrote."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = version_of(connection)
    begun = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if begun and application != APPLICATION:
        raise JournalError(
            f"{path} is no journal of warroom's", f"move it away: mv {path} {path}.other"
        )
    if version > VERSION:
        raise JournalError(
            f"{path} was written by a newer warroom (version {version}, this one knows {VERSION})",
            "install the newer one",
        )


def version_of(connection: sqlite3.Connection) -> int:
    """The form the file has; 0 for one that is empty."""
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    assert isinstance(found, int)
    return found
