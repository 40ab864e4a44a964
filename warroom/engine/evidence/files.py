"""The files of one incident's evidence: appended to, bounded, its owner's alone. Blocks."""

import contextlib
import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from warroom import host
from warroom.engine.evidence.recent import Line
from warroom.incident.outward import EvidenceFile
from warroom.report.evidence import FOLDER, SEEN, SIGNALS, Sight, file_name

FULL = 16 * 1024 * 1024
"""Bytes of a file up to which every look is kept; beyond, one a minute of each source."""
MOST = 64 * 1024 * 1024
"""Bytes of all files of an incident; nothing more is kept then."""
THIN = 60.0
"""Seconds between two samples of a source beyond ``FULL``."""
ROOM = "warroom"
"""The source of what the recorder says of itself."""


TAIL = 512 * 1024
"""Bytes of a file's end in which its newest line is looked for."""


class _Dated(msgspec.Struct):
    at: Annotated[datetime, msgspec.Meta(tz=True)]


class Files:
    """The folder of one incident, beside the journal in ``folder``."""

    def __init__(self, folder: Path, incident: str) -> None:
        self.folder = folder / FOLDER / file_name(incident)
        self._thinned: dict[str, float] = {}
        self._full = self._thin = False
        self._open: dict[str, int] = {}

    def begin(self, before: list[Line], now: datetime) -> None:
        """Make the folder, or go on in it. Of ``before``, what was seen until ``now``, all is
        written that is newer than what is there. Raises ``OSError`` or ``RoomError``."""
        host.own_folder(self.folder.parent)
        host.own_folder(self.folder)
        for name in (SIGNALS, SEEN):
            self._mend(name)
        newest = self._newest()
        if newest is not None:
            dated = msgspec.json.Decoder(_Dated)
            before = [line for line in before if dated.decode(line.data).at > newest]
            self._note("the recorder goes on here; what lies between was not kept", now)
        self.append(before, now)

    def append(self, lines: list[Line], now: datetime) -> None:
        """Write these behind the others. Raises ``OSError`` or ``RoomError``; what was written of
        it by then is whole lines and perhaps the beginning of one, which ``begin`` ends."""
        parts: dict[str, list[bytes]] = {SIGNALS: [], SEEN: []}
        for line in lines:
            if not line.sample:
                parts[SEEN].append(line.data)
            elif self._wanted(line):
                parts[SIGNALS].append(line.data)
        for name, found in parts.items():
            if found and not self._full:
                self._write(name, b"".join(found))
        self._look_at_size(now)

    def sync(self) -> None:
        """Have all of it on the disk."""
        for descriptor in self._open.values():
            os.fsync(descriptor)

    def hashes(self) -> tuple[EvidenceFile, ...]:
        """What lies there now."""
        return tuple(one for name in (SIGNALS, SEEN) if (one := self._hash(name)) is not None)

    def close(self) -> None:
        """Let go of the files."""
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()

    def note(self, words: str, now: datetime) -> None:
        """The recorder says something of itself. Raises ``OSError`` or ``RoomError``."""
        self._note(words, now)

    def _wanted(self, line: Line) -> bool:
        if not self._thin:
            return True
        if line.at - self._thinned.get(line.source, -THIN) < THIN:
            return False
        self._thinned[line.source] = line.at
        return True

    def _descriptor(self, name: str) -> int:
        if name not in self._open:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            self._open[name] = host.open_private(self.folder / name, flags)
        return self._open[name]

    def _write(self, name: str, data: bytes) -> None:
        view = memoryview(data)
        descriptor = self._descriptor(name)
        while view:
            view = view[os.write(descriptor, view) :]

    def _note(self, words: str, now: datetime) -> None:
        sight = Sight(at=now, source=ROOM, kind="note", text=words)
        self._write(SEEN, msgspec.json.encode(sight) + b"\n")

    def _look_at_size(self, now: datetime) -> None:
        sizes = [os.fstat(descriptor).st_size for descriptor in self._open.values()]
        if not self._thin and max(sizes, default=0) > FULL:
            self._thin = True
            self._note("much was kept: from here on one look a minute at each source", now)
        if not self._full and sum(sizes) > MOST:
            self._full = True
            self._note(f"{MOST >> 20} MiB are kept: nothing more is recorded", now)

    @property
    def is_full(self) -> bool:
        """Whether nothing more is kept."""
        return self._full

    def _mend(self, name: str) -> None:
        """A last line that a kill has cut short is ended."""
        path = self.folder / name
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            if file.tell() == 0:
                return
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                self._write(name, b"\n")

    def _newest(self) -> datetime | None:
        """When the newest sample that is there was taken; None where there is none."""
        try:
            with (self.folder / SIGNALS).open("rb") as file:
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
            with (self.folder / name).open("rb") as file:
                while part := file.read(1 << 20):
                    digest.update(part)
                    size += len(part)
        except FileNotFoundError:
            return None
        return EvidenceFile(name=name, size=size, sha256=digest.hexdigest())
