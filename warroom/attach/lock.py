"""Who is the engine: an exclusive ``flock`` beside the journal decides, not the socket."""

import fcntl
import os
import stat

import msgspec

from warroom import __version__, host
from warroom.attach.room import RoomPaths
from warroom.errors import EXIT_BUSY, EngineError, RoomError


class AlreadyRunningError(EngineError):
    """Another engine holds the room. Exits 75 (``EX_TEMPFAIL`` of sysexits.h)."""

    exit_code = EXIT_BUSY


class Note(msgspec.Struct, frozen=True):
    """What the engine writes into its lock file for those who look for it."""

    pid: int
    version: str
    socket: str


def take_lock(paths: RoomPaths) -> int:
    """Become the room's engine: the descriptor to keep open for as long as that lasts.

    Raises ``AlreadyRunningError`` at once when another process is; the kernel lets go of a lock
    whose process died, however it died.
    """
    while True:
        descriptor = host.open_private(paths.lock, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            note = read_note(paths)
            who = f" (pid {note.pid})" if note else ""
            raise AlreadyRunningError(f"an engine already runs for {paths.config}{who}") from None
        if holds(paths, descriptor):
            break
        os.close(descriptor)  # somebody removed the file between our open and our lock
    try:
        _write_note(paths, descriptor)
    except OSError as error:
        os.close(descriptor)
        folder = host.quote(paths.folder)
        raise RoomError(
            f"{paths.folder} cannot be written: {error.strerror}", f"look at it: df -h {folder}"
        ) from error
    return descriptor


def holds(paths: RoomPaths, descriptor: int) -> bool:
    """Whether the file at the lock's path is still the one this descriptor has locked."""
    try:
        there = os.lstat(paths.lock)
    except FileNotFoundError:
        return False
    ours = os.fstat(descriptor)
    return stat.S_ISREG(there.st_mode) and os.path.samestat(there, ours)


def _write_note(paths: RoomPaths, descriptor: int) -> None:
    note = Note(pid=os.getpid(), version=__version__, socket=str(paths.socket))
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, msgspec.json.encode(note) + b"\n", 0)


def read_note(paths: RoomPaths) -> Note | None:
    """What the last engine wrote; None where there is none, or it is not ours to read."""
    try:
        with open(paths.lock, "rb") as file:
            return msgspec.json.decode(file.read(4096), type=Note)
    except (OSError, msgspec.DecodeError):
        return None
