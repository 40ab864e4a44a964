"""The lines of a metrics page that are wanted, without looking closely at the others.

A page may have 400,000 lines of which a handful are wanted, and a parser in Python takes
14 µs for each (measured). Here a line costs 0.2 µs. Of a family that is wanted all lines
are kept, so that an OpenMetrics parser finds the family whole.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warroom.errors import ProbeError

LONGEST = 64 * 1024
"""Bytes of one line; a wanted one that is longer is no honest series."""
_SUFFIXES = ("_total", "_bucket", "_count", "_sum", "_created", "_gcount", "_gsum", "_info")
_METADATA = (b"TYPE", b"HELP", b"UNIT")
_NAME = re.compile(rb"[a-zA-Z_:][a-zA-Z0-9_:]*")
EOF = b"# EOF"


def families(name: str) -> tuple[str, ...]:
    """The families which series called ``name`` may belong to (OpenMetrics 1.0, "Suffixes")."""
    shorter = (name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix))
    return (name, *(family for family in shorter if family))


@dataclass(frozen=True)
class Wanted:
    """Which lines to keep: of samples, and of metadata. ``quoted`` are the names as they
    stand within braces (``{"name"}``). ``whole_families`` is for OpenMetrics, whose last line
    need not end in a line feed."""

    samples: frozenset[bytes]
    families: frozenset[bytes]
    quoted: tuple[bytes, ...]
    starts: tuple[bytes, ...]
    whole_families: bool

    @classmethod
    def of(cls, names: Iterable[str], *, whole_families: bool) -> "Wanted":
        """The lines of the series ``names``; with their whole families for OpenMetrics."""
        own = set(names)
        belonging = {family for name in own for family in families(name)}
        samples = set(own)
        if whole_families:
            samples |= {f"{family}{suffix}" for family in belonging for suffix in ("", *_SUFFIXES)}
        encoded = sorted(name.encode() for name in samples)
        starts = [
            name for name in encoded if not any(name != s and name.startswith(s) for s in encoded)
        ]
        return cls(
            samples=frozenset(encoded),
            families=frozenset(name.encode() for name in belonging),
            quoted=tuple(b'"' + name + b'"' for name in encoded),
            starts=(*starts, b"#", b"{", b" ", b"\t"),
            whole_families=whole_families,
        )

    def keeps(self, line: bytes) -> bool:
        """Whether a line is wanted; it starts with one of ``starts``."""
        line = line.lstrip(b" \t")
        if line.startswith(b"#"):
            words = line.split(None, 3)
            if len(words) > 2 and words[0] == b"#" and words[1] in _METADATA:
                return words[2].strip(b'"') in self.families
            return line.rstrip(b"\r") == EOF
        if line.startswith(b"{"):
            return any(name in line for name in self.quoted)
        match = _NAME.match(line)
        return match is not None and match[0] in self.samples


class Sieve:
    """Goes through one page. ``lines`` and ``size`` (bytes) count all that went through."""

    def __init__(self, wanted: Wanted) -> None:
        self.lines = 0
        self.size = 0
        self._wanted = wanted
        self._rest = b""

    def lines_of(self, pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        """The wanted lines with their numbers, without their line feeds.

        Raises ProbeError ``body`` for a page that is empty, is HTML, has no line feed at its
        end (it is cut off), or a wanted line of over ``LONGEST`` bytes. The end of OpenMetrics
        is ``# EOF``, with or without a line feed.
        """
        begun = False
        for piece in pieces:
            if not begun and (head := piece.lstrip()):
                begun = True
                if head.startswith(b"<"):
                    raise ProbeError("answer", "the page is HTML or XML, no metrics", "check url")
            self.size += len(piece)
            yield from self._sift(piece)
        if not self.size:
            raise ProbeError("body", "the page is empty")
        if self._rest:
            yield self._last()

    def _sift(self, piece: bytes) -> Iterator[tuple[int, bytes]]:
        first, *more = piece.split(b"\n")
        first = self._joined(first)
        if not more:
            self._rest = first
            return
        *lines, self._rest = (first, *more)
        starts, wanted, number = self._wanted.starts, self._wanted, self.lines
        for line in lines:
            number += 1
            if line.startswith(starts) and wanted.keeps(line):
                if len(line) > LONGEST:
                    raise ProbeError("body", f"line {number} is over {LONGEST >> 10} KiB long")
                yield number, line
        self.lines = number

    def _last(self) -> tuple[int, bytes]:
        """The line that has no line feed."""
        if not self._wanted.whole_families:
            hint = "the text format ends every line with a line feed; was it written whole?"
        elif self._rest == EOF:
            self.lines += 1
            return self.lines, self._rest
        else:
            hint = "was it written whole?"
        where = f"line {self.lines + 1} does not end"
        raise ProbeError("body", f"the page is cut off: {where}", hint)

    def _joined(self, first: bytes) -> bytes:
        """The line that began in the pieces before; of one too long only so much that it is
        known to be."""
        room = max(LONGEST + 1 - len(self._rest), 0)
        return self._rest + first[:room] if self._rest else first
