"""The evidence beside an incident, read: bounded, whatever stands in the files."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
from msgspec.structs import replace

from warroom.incident.outward import EvidenceFile
from warroom.report.dossier import Evidence
from warroom.report.evidence import SEEN, SIGNALS, Sample, Sight

LARGEST = 96 * 1024 * 1024
"""Bytes of a file that are read; the recorder writes fewer."""
LONGEST = 256 * 1024
"""Bytes of a line."""

_T = TypeVar("_T", Sample, Sight)


def read_evidence(folder: Path, journalled: tuple[EvidenceFile, ...]) -> Evidence:
    """What lies in an incident's folder, and whether it is what the journal says it was. Blocks."""
    samples, first = _read(folder / SIGNALS, Sample)
    sights, second = _read(folder / SEEN, Sight)
    changed: list[str] = []
    problems = [*first, *second]
    for one in journalled:
        try:
            if not _is_same(folder, one):
                changed.append(one.name)
        except FileNotFoundError:
            changed.append(one.name)
        except OSError as error:  # nobody knows, which is not the same as changed
            words = error.strerror or str(error)
            problems.append(f"{one.name} cannot be compared with the journal: {words}")
    return Evidence(
        samples=samples, sights=sights, problems=tuple(problems), changed=tuple(changed)
    )


def agrees(folder: Path, file: EvidenceFile) -> bool:
    """Whether the file's beginning, as long as it was then, is what it was: since then it may have
    grown, and never changed."""
    try:
        return _is_same(folder, file)
    except OSError:
        return False


def open_evidence(path: Path) -> BinaryIO:
    """A file of evidence, to be read. Raises ``OSError``: also for a link, and for a pipe, which
    would keep us waiting."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no file", str(path))
    return open(descriptor, "rb")


def _is_same(folder: Path, file: EvidenceFile) -> bool:
    if "/" in file.name or file.name in ("", ".", ".."):
        return False
    digest, left = hashlib.sha256(), file.size
    with open_evidence(folder / file.name) as opened:
        while left > 0 and (part := opened.read(min(left, 1 << 20))):
            digest.update(part)
            left -= len(part)
    return left == 0 and digest.hexdigest() == file.sha256


def _read(path: Path, kind: type[_T]) -> tuple[tuple[_T, ...], tuple[str, ...]]:
    found: list[_T] = []
    broken, problems = 0, list[str]()
    decoder = msgspec.json.Decoder(kind)
    try:
        for line in _lines(path):
            try:
                found.append(_dated(decoder.decode(line)))
            except (ValueError, OverflowError, RecursionError):  # it is of no use, whatever it is
                broken += 1
    except FileNotFoundError:
        return (), ()
    except OSError as error:  # what was read until then is good
        part = "the rest of " if found else ""
        problems.append(f"{part}{path.name} cannot be read: {error.strerror or error}")
    if broken:
        lines = f"{broken} line" + ("" if broken == 1 else "s")
        problems.append(f"{lines} of {path.name} cannot be read")
    return tuple(found), tuple(problems)


def _dated(found: _T) -> _T:
    """The same, in UTC. Raises ``ValueError`` or ``OverflowError`` where its time is none that can
    stand beside others."""
    if found.at.tzinfo is UTC:
        return found
    if found.at.tzinfo is None:
        raise ValueError("a time without its zone")
    return replace(found, at=found.at.astimezone(UTC))


def _lines(path: Path) -> Iterator[bytes]:
    """Whole lines; the last one that a kill has cut short is no line, and one that is too long is
    an empty one."""
    with open_evidence(path) as file:
        read, long = 0, False
        while line := file.readline(LONGEST):
            read += len(line)
            if read > LARGEST:
                raise OSError(errno.EFBIG, f"it is larger than {LARGEST >> 20} MiB")
            if line.endswith(b"\n"):
                yield b"" if long else line
            long = not line.endswith(b"\n")
