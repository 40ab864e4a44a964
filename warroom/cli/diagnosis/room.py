"""The room: its places, its journal, its engine."""

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from warroom import __version__, host
from warroom.attach.client import NoEngineError, OtherProtocolError, connect
from warroom.attach.lock import read_note
from warroom.attach.room import RoomPaths, drafts_folder, room_paths
from warroom.cli.diagnosis.files import (
    clock_finding,
    disk_findings,
    folder_finding,
    mode_findings,
)
from warroom.cli.diagnosis.finding import Finding, know, ok, wrong
from warroom.config.local import LocalConfig
from warroom.crash import crash_files
from warroom.errors import EngineError, JournalError, RoomError
from warroom.journal.verify import Verdict, verify
from warroom.wire import PROTOCOL, Answer, GetStatus, Hello

ANSWER = 3.0
"""Seconds for an engine to say how it does."""
PROVING = 5.0
"""Seconds for the journal to be gone through."""


def findings(local: LocalConfig) -> Iterator[Finding]:
    """Everything about the room of this configuration; nothing is made or changed."""
    try:
        paths = room_paths(local)
    except RoomError as error:
        yield wrong("room", str(error), error.hint)
        return
    yield from _places(paths, local)
    yield from disk_findings(paths.folder)
    yield _engine(paths)
    yield _journal(paths)
    yield clock_finding((paths.journal, paths.log, paths.lock), time.time())
    yield _crashes(host.state_folder(os.environ))


def _places(paths: RoomPaths, local: LocalConfig) -> Iterator[Finding]:
    yield folder_finding("folder", paths.folder, paths.group)
    if paths.socket.parent != paths.folder:
        yield folder_finding("socket's folder", paths.socket.parent)
    ours = os.geteuid() in (0, _owner(paths.folder))
    roots = [paths.folder, drafts_folder(local), paths.socket]
    roots += crash_files(host.state_folder(os.environ))
    if ours:
        yield from mode_findings("file modes", dict.fromkeys(roots), shared=bool(paths.group))
    else:
        yield know("file modes", f"{paths.folder} is its owner's: ask {_name(paths.folder)}")


def _owner(folder: Path) -> int:
    try:
        return os.lstat(folder).st_uid
    except OSError:
        return os.geteuid()


def _name(folder: Path) -> str:
    return host.user_name(_owner(folder))


def _engine(paths: RoomPaths) -> Finding:
    try:
        answer = asyncio.run(_status(paths))
    except NoEngineError:
        return _absent(paths)
    except OtherProtocolError as error:
        return wrong("engine", str(error), "warroom restart")
    except (EngineError, RoomError, TimeoutError) as error:
        said = str(error) or f"it has not answered for {ANSWER:g} s"
        return wrong("engine", said, getattr(error, "hint", "") or "warroom logs")
    status = answer.status
    if status is None:
        return wrong("engine", answer.message or "it does not say how it does", "warroom logs")
    engine = status.engine
    if engine.version != __version__:
        said = f"pid {engine.pid} is warroom {engine.version}, this is {__version__}"
        return wrong("engine", said, "warroom restart")
    if status.waiting:
        said = f"{status.waiting} entries wait in memory, NOT on disk"
        return wrong("engine", said, f"df -h {host.quote(paths.folder)}; warroom logs")
    return ok(
        "engine", f"pid {engine.pid}, warroom {engine.version}, {len(status.sources)} sources"
    )


async def _status(paths: RoomPaths) -> Answer:
    hello = Hello(protocol=PROTOCOL, version=__version__, want="watch", role="command")
    async with asyncio.timeout(2 * ANSWER), await connect(paths, hello) as connection:
        return await connection.request(GetStatus(ref=0), ANSWER)


def _absent(paths: RoomPaths) -> Finding:
    """Nobody listens: none runs, or one that runs cannot be reached."""
    note = read_note(paths)
    if note is not None and _is_engine(note.pid):
        said = f"pid {note.pid} is an engine, and nobody answers at its socket"
        return wrong("engine", said, f"warroom logs; then kill {note.pid}")
    return ok("engine", "none runs; warroom starts one")


def _is_engine(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"engine" in words and any(b"warroom" in word for word in words)


def _journal(paths: RoomPaths) -> Finding:
    try:
        found = os.lstat(paths.journal)
    except FileNotFoundError:
        return ok("journal", "none yet: declaring an incident begins it")
    except OSError as error:
        return know("journal", f"{paths.journal}: {error.strerror}", "it is its owner's to read")
    said: list[Verdict | JournalError] = []
    # In a thread that nobody waits for: a journal of years is not to hold the doctor up.
    proving = threading.Thread(target=_prove, args=(paths.journal, said), daemon=True)
    proving.start()
    proving.join(PROVING)
    if not said:
        size = f"{found.st_size >> 20} MiB"
        return know("journal", f"{size}, not proven within {PROVING:g} s", "warroom verify")
    verdict = said[0]
    if isinstance(verdict, JournalError):
        return wrong("journal", str(verdict), verdict.hint or "warroom verify")
    if verdict.fault is not None:
        words = f"entry {verdict.fault.seq}: {verdict.fault.reason}"
        return wrong(
            "journal", words, "keep the file as it is; warroom verify; warroom backup FILE"
        )
    return ok("journal", f"{verdict.entries} entries, all as they were written")


def _prove(path: Path, said: list[Verdict | JournalError]) -> None:
    try:
        said.append(verify(path))
    except JournalError as error:
        said.append(error)


def _crashes(folder: Path) -> Finding:
    kept = crash_files(folder)
    if not kept:
        return ok("crashes", "none")
    files = "1 crash file" if len(kept) == 1 else f"{len(kept)} crash files"
    fix = f"add it to a report of the fault; then rm {host.quote(folder)}/crash-*.txt"
    return know("crashes", f"{files}, the newest {kept[-1]}", fix)
