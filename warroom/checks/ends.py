"""The end of a log: the last bytes of a file, or of what a program prints, as lines."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from warroom.checks.shapes import Group, grouped
from warroom.connect.output import LONGEST
from warroom.errors import ProbeError
from warroom.regex import Pattern
from warroom.text import safe

MOST = 8 * 1024 * 1024
"""Bytes that are looked at, of each stream: the last."""
LINES = 200_000
"""Lines that are looked at: the last."""
MATCHING = 20_000
"""Of those that match, so many are grouped: the last. With 200,000 lines that all match it takes
0.6 s beside the loop (measured)."""
WIDTH = 2_000
"""Characters of a line that are kept."""


class End:
    """Takes a program's output as it comes, and keeps the end of each of its streams."""

    def __init__(self) -> None:
        self._streams: dict[int, deque[bytes]] = {}
        self._sizes: dict[int, int] = {}
        self._cut: set[int] = set()

    def hear(self, data: bytes, stream: int) -> None:
        """More of it."""
        kept = self._streams.setdefault(stream, deque())
        kept.append(data)
        size = self._sizes.get(stream, 0) + len(data)
        while size > MOST and len(kept) > 1:
            size -= len(kept.popleft())
            self._cut.add(stream)
        self._sizes[stream] = size

    def lines(self) -> Iterator[bytes]:
        """Of the one stream, then of the other; without the line whose beginning is gone, if there
        is any other."""
        for stream, kept in sorted(self._streams.items()):
            yield from _lines(b"".join(kept), cut=stream in self._cut)


def lines_of(path: Path) -> Iterator[bytes]:
    """The last lines of a file; blocks. Raises OSError, ProbeError for what is no file."""
    # Without waiting for somebody who writes into a pipe.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise ProbeError("set-up", f"{safe(str(path))} is no file of lines")
    with os.fdopen(descriptor, "rb") as file:
        begins = max(found.st_size - MOST, 0)
        file.seek(begins)
        data = file.read(MOST)
    yield from _lines(data, cut=begins > 0)


def _lines(data: bytes, *, cut: bool) -> Iterator[bytes]:
    first, *others = data.rstrip(b"\r\n").rsplit(b"\n", LINES)
    if not cut and b"\n" not in first:
        others = [first, *others] if data else []
    elif not others:  # one line longer than all that is looked at: its end is what there is
        others = [first[-LONGEST:]] if first else []
    yield from others


class Counted(NamedTuple):
    """What came of looking at them: lines in all, those that match, and these by shape."""

    lines: int
    matching: int
    groups: tuple[Group, ...]


def count(lines: Iterable[bytes], pattern: Pattern, masked: Callable[[str], str]) -> Counted:
    """The matching ones grouped, with no secret in them; takes its time."""
    seen = matching = 0
    kept: deque[str] = deque(maxlen=MATCHING)
    for line in lines:
        seen += 1
        text = line[:LONGEST].decode("utf-8", "replace").rstrip("\r")
        if pattern.found_in(text):
            matching += 1
            kept.append(text)
    return Counted(seen, matching, grouped(masked(text)[:WIDTH] for text in kept))
