"""A file of an older form brought up to the present one, after a copy of it was made."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from warroom import host
from warroom.journal.file import APPLICATION, VERSION, said, sql, version_of

SCRIPTS: Mapping[int, Callable[[], str]] = {0: lambda: sql("schema")}
"""The script that brings a file of that version to the next one."""


def bring_up(
    connection: sqlite3.Connection,
    path: Path,
    scripts: Mapping[int, Callable[[], str]] = SCRIPTS,
    version: int = VERSION,
) -> None:
    """Bring the file to ``version``, step by step; each step is one transaction.

    One that holds something is copied first, to ``journal.db.v1-copy`` beside it.
    """
    while (now := version_of(connection)) < version:
        if now:
            copy(connection, path.with_name(f"{path.name}.v{now}-copy"))
        with said(path, f"brought to version {now + 1}"):
            _run(connection, scripts[now](), now + 1)


def _run(connection: sqlite3.Connection, script: str, version: int) -> None:
    marks = f"PRAGMA application_id = {APPLICATION};\nPRAGMA user_version = {version};"
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{script};\n{marks}\nCOMMIT;")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def copy(connection: sqlite3.Connection, to: Path, *, anew: bool = False) -> None:
    """A copy of the whole file as it stands, durable: its owner's alone, no link followed.

    ``anew`` refuses a file that is there. Raises ``JournalError`` or ``RoomError``.
    """
    descriptor = host.open_private(to, os.O_RDWR | os.O_CREAT | (os.O_EXCL if anew else 0))
    with said(to, "written"):
        try:
            os.ftruncate(descriptor, 0)
            target = sqlite3.connect(to)
            try:
                # In one step: each commit between two of them would begin the copy anew. Whoever
                # writes waits for it, as long as reading the file takes.
                connection.backup(target)
            finally:
                target.close()
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        folder = os.open(to.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
