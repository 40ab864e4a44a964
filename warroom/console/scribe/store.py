"""The file in which a console holds what is typed, and the finding of what dead ones left.

A file belongs to a living console for as long as that holds a ``flock`` on it, which the kernel
lets go of however the console ends. All of this blocks: it is called in a thread (``keeper``).
"""

import contextlib
import fcntl
import os
from pathlib import Path

import msgspec

from warroom import host
from warroom.console.scribe.kept import Kept, merged
from warroom.errors import RoomError

LARGEST = 4 * 1024 * 1024
"""Bytes of a file that is read: more than any console writes."""


class _Words(msgspec.Struct):
    """What is read of a file whose entries this version does not know: the words."""

    text: str = ""
    history: tuple[str, ...] = ()


class DraftFile:
    """This console's file in ``folder``, which must be a folder of ours alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        name = f"{os.getpid()}-{os.urandom(4).hex()}"
        self.path = folder / f"{name}.json"
        self._new = folder / f"{name}.new"
        self._held: int | None = None

    def write(self, kept: Kept) -> None:
        """Hold this, and nothing else; what was held before stays until this is on the disk.

        Raises ``OSError`` or ``RoomError`` when it cannot be written.
        """
        descriptor = host.open_private(self._new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            # Before it has its name: whoever finds it finds it locked.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with open(descriptor, "wb", closefd=False) as file:
                file.write(msgspec.json.encode(kept))
            os.fsync(descriptor)
            os.rename(self._new, self.path)
        except BaseException:
            os.close(descriptor)
            raise
        self._let_go()
        self._held = descriptor

    def remove(self) -> None:
        """There is nothing to hold."""
        self.path.unlink(missing_ok=True)
        self._let_go()

    def adopt(self) -> tuple[Kept, list[str]]:
        """Take over what dead consoles left; it is in our file before theirs are gone.

        Returns it, and in words which files were refused.
        """
        dead: list[tuple[float, Kept, Path, int]] = []
        refused: list[str] = []
        try:
            for path in self.folder.glob("*.json"):
                try:
                    found = _take_over(path)
                except RoomError as error:
                    refused.append(error.explain())
                    continue
                if found is not None:
                    dead.append((*found[:2], path, found[2]))
            dead.sort(key=lambda one: one[0], reverse=True)
            whole = merged([kept for _, kept, _, _ in dead])
            if not whole.empty:
                self.write(whole)
            for _, _, path, _ in dead:
                path.unlink(missing_ok=True)
                path.with_suffix(".new").unlink(missing_ok=True)
        finally:
            for *_, descriptor in dead:
                os.close(descriptor)
        return whole, refused

    def _let_go(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None


def _take_over(path: Path) -> tuple[float, Kept, int] | None:
    """The file's time, what it holds and its lock; None where its console lives.

    Raises ``RoomError`` for a file that is not ours, or that cannot be read.
    """
    try:
        descriptor = host.open_private(path, os.O_RDWR | os.O_NONBLOCK)
    except RoomError:
        if not os.path.lexists(path):
            return None  # another console was faster
        raise
    with contextlib.ExitStack() as undo:
        undo.callback(os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        found = os.fstat(descriptor)
        if not _is_there(path, found):
            return None  # it was written anew, or adopted, between our open and our lock
        kept = _read(path, descriptor)
        undo.pop_all()
        return found.st_mtime, kept, descriptor


def _is_there(path: Path, found: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.lstat(path), found)
    except FileNotFoundError:
        return False


def _read(path: Path, descriptor: int) -> Kept:
    content = os.pread(descriptor, LARGEST, 0)
    try:
        return msgspec.json.decode(content, type=Kept)
    except msgspec.DecodeError:
        pass
    try:
        words = msgspec.json.decode(content, type=_Words)
    except msgspec.DecodeError as error:
        raise RoomError(
            f"{path} holds no draft that can be read",
            f"look at it, and remove it: rm {host.quote(path)}",
        ) from error
    return Kept(text=words.text).remembering(*words.history)
