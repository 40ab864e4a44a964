"""The files of one incident's evidence: appended to, bounded, its owner's alone. Blocks."""

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from warroom import host
from warroom.engine.evidence.recent import Line
from warroom.incident.outward import EvidenceFile
from warroom.report.evidence import FOLDER, SEEN, SIGNALS, Sight, file_name
from warroom.report.reading import open_evidence

FULL = 16 * 1024 * 1024
"""Bytes of a file up to which all is kept; beyond, one line a minute of each source."""
MOST = 64 * 1024 * 1024
"""Bytes of all files of an incident; nothing more is kept then."""
THIN = 60.0
"""Seconds between two lines of a source beyond ``FULL``."""
ROOM = "warroom"
"""The source of what the recorder says of itself."""
TAIL = 512 * 1024
"""Bytes of a file's end in which its newest line is looked for."""
PIECE = 64 * 1024
"""Bytes that are read or written at once. Larger ones cost for good: glibc takes what is above
128 KiB from the system apart, and gives it back, until the first of them is let go of; from then
on it keeps room for such, in every thread that asks (M_MMAP_THRESHOLD in mallopt(3))."""


class _Dated(msgspec.Struct):
    at: Annotated[datetime, msgspec.Meta(tz=True)]


class Files:
    """The folder of one incident, beside the journal in ``folder``."""

    def __init__(self, folder: Path, incident: str) -> None:
        self.folder = folder / FOLDER / file_name(incident)
        self.begun = False
        """False until ``begin`` has done it all, and once the files were taken away."""
        self._thinned: dict[tuple[str, str], float] = {}
        self._thin: set[str] = set()
        self._full = False
        self._written: set[str] = set()
        """The files that are there since ``begin``; none stays open, for incidents may be many."""
        self._cut: set[str] = set()
        """The files whose last line a disk has cut short."""

    def begin(self, before: list[Line], now: datetime) -> None:
        """Make the folder, or go on in it. Of ``before``, what was seen until ``now``, all is
        written that is newer than what is there. Raises ``OSError`` or ``RoomError``."""
        self._written.clear()  # what was begun and not done to its end
        self._cut.clear()
        host.own_folder(self.folder.parent)
        host.own_folder(self.folder)
        for name in (SIGNALS, SEEN):
            self._mend(name)
        newest = self._newest()
        sizes = {name: self._size(name) for name in (SIGNALS, SEEN)}
        self._thin = {name for name, size in sizes.items() if size > FULL}
        self._full = sum(sizes.values()) > MOST
        if newest is not None and not self._full:
            dated = msgspec.json.Decoder(_Dated)
            before = [line for line in before if dated.decode(line.data).at > newest]
            self._note("the recorder goes on here; what lies between was not kept", now)
        self.append(before, now)
        self.begun = True

    def append(self, lines: list[Line], now: datetime) -> None:
        """Write these behind the others. Raises ``OSError`` or ``RoomError``; what was written of
        it by then is whole lines and perhaps the beginning of one, which the next write ends."""
        self._must_be_there()
        parts: dict[str, list[bytes]] = {SEEN: [], SIGNALS: []}  # what is small comes first
        left = MOST - sum(map(self._size, parts))
        for line in lines:
            name = SIGNALS if line.sample else SEEN
            if left >= 0 and self._wanted(name, line):
                parts[name].append(line.data)
                left -= len(line.data)
        for name, found in parts.items():
            if found and not self._full:
                self._write(name, found)
        self._look_at_size(now)

    def sync(self) -> None:
        """Have all of it on the disk."""
        there = (name for name in self._written if os.path.lexists(self.folder / name))
        for name in there:  # one that was taken away is the next write's to tell
            with self._opened(name, os.O_WRONLY) as descriptor:
                os.fsync(descriptor)

    def hashes(self) -> tuple[EvidenceFile, ...]:
        """What lies there now, and by now on the disk. Raises ``OSError``."""
        self.sync()
        return tuple(one for name in (SIGNALS, SEEN) if (one := self._hash(name)) is not None)

    def note(self, words: str, now: datetime) -> None:
        """The recorder says something of itself. Raises ``OSError`` or ``RoomError``."""
        self._note(words, now)

    def _wanted(self, name: str, line: Line) -> bool:
        if name not in self._thin:
            return True
        key = (name, line.source)
        if line.at - self._thinned.get(key, -THIN) < THIN:
            return False
        self._thinned[key] = line.at
        return True

    def _must_be_there(self) -> None:
        """What is written into files anew that somebody has removed has no beginning."""
        if not all(os.path.lexists(self.folder / name) for name in self._written):
            self.begun = False
            raise FileNotFoundError(errno.ENOENT, f"{self.folder} was taken away")

    @contextlib.contextmanager
    def _opened(self, name: str, flags: int) -> Iterator[int]:
        descriptor = host.open_private(self.folder / name, flags | os.O_NONBLOCK)  # a pipe: no wait
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _write(self, name: str, lines: Iterable[bytes]) -> None:
        with self._opened(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as descriptor:
            self._written.add(name)
            for piece in _pieces(lines):
                view = memoryview(b"\n" + piece if name in self._cut else piece)
                while view:
                    written = os.write(descriptor, view)
                    self._cut.discard(name)
                    if written < len(view) and view[written - 1] != ord("\n"):
                        self._cut.add(name)
                    view = view[written:]

    def _note(self, words: str, now: datetime) -> None:
        sight = Sight(at=now, source=ROOM, kind="note", text=words)
        self._write(SEEN, [msgspec.json.encode(sight) + b"\n"])

    def _size(self, name: str) -> int:
        with contextlib.suppress(FileNotFoundError):
            return os.lstat(self.folder / name).st_size
        return 0

    def _look_at_size(self, now: datetime) -> None:
        sizes = {name: self._size(name) for name in (SIGNALS, SEEN)}
        for name, size in sizes.items():
            if size > FULL and name not in self._thin:
                self._thin.add(name)
                words = f"much is in {name}: from here on one look a minute at each source"
                self._note(words, now)
        if not self._full and sum(sizes.values()) > MOST:
            self._full = True
            self._note(f"{MOST >> 20} MiB are kept: nothing more is recorded", now)

    @property
    def is_full(self) -> bool:
        """Whether nothing more is kept."""
        return self._full

    def _mend(self, name: str) -> None:
        """A last line that a kill has cut short is ended."""
        if not os.path.lexists(self.folder / name):
            return
        with self._opened(name, os.O_WRONLY):  # which refuses, in words, what is no file of ours
            self._written.add(name)
        if not self._size(name):
            return
        with open_evidence(self.folder / name) as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                self._write(name, [b"\n"])

    def _newest(self) -> datetime | None:
        """When the newest sample that is there was taken; None where there is none."""
        try:
            with open_evidence(self.folder / SIGNALS) as file:
                file.seek(max(file.seek(0, os.SEEK_END) - TAIL, 0))
                lines = file.read().splitlines()
        except FileNotFoundError:
            return None
        dated = msgspec.json.Decoder(_Dated)
        for line in reversed(lines):
            with contextlib.suppress(ValueError):  # it was cut short by a kill, perhaps in a letter
                return dated.decode(line).at
        return None

    def _hash(self, name: str) -> EvidenceFile | None:
        digest, size = hashlib.sha256(), 0
        try:
            with open_evidence(self.folder / name) as file:
                while part := file.read(PIECE):
                    digest.update(part)
                    size += len(part)
        except FileNotFoundError:
            return None
        return EvidenceFile(name=name, size=size, sha256=digest.hexdigest())


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines, as many together as make a piece; what is longer is one of its own."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        if size + len(line) > PIECE and held:
            yield b"".join(held)
            held, size = [], 0
        held.append(line)
        size += len(line)
    if held:
        yield b"".join(held)
