"""What a run says: made safe line by line, its head and its tail kept, whatever comes between."""

import codecs
from collections import deque
from collections.abc import Callable

from warroom.incident.acting.runs import HEAD, TAIL
from warroom.text import safe

WIDTH = 300
"""Characters of a line that are kept."""
LONGEST = 16 * 1024
"""Characters of a line that are looked at: the rest of a longer one goes by."""


class Output:
    """Takes bytes as they come, of one stream or of several at once. ``masked`` takes the secrets
    out of each line before it is cut."""

    def __init__(self, masked: Callable[[str], str], changed: Callable[[], None]) -> None:
        self._masked, self._changed = masked, changed
        self._streams: dict[int, _Stream] = {}
        self.head: list[str] = []
        self.tail: deque[str] = deque(maxlen=TAIL)
        self.lines = 0

    @property
    def dropped(self) -> int:
        """Lines that were let go between head and tail."""
        return max(self.lines - len(self.head) - len(self.tail), 0)

    @property
    def last(self) -> tuple[str, ...]:
        """The newest lines, for a record."""
        return (*self.head, *self.tail)[-8:]

    @property
    def text(self) -> str:
        """All that is kept, to be searched."""
        return "\n".join((*self.head, *self.tail))

    def hear(self, data: bytes, stream: int = 1) -> None:
        """More of it. A line is put together of what came by the same ``stream``."""
        self._add(self._streams.setdefault(stream, _Stream()).lines(data))

    def say(self, line: str) -> None:
        """A whole line of our own."""
        self.close()
        self._add([line])

    def close(self) -> None:
        """No more of it: the last line may have no end."""
        streams, self._streams = self._streams, {}
        for stream in streams.values():
            self._add(stream.rest())

    def _add(self, lines: list[str]) -> None:
        """Of a flood only those are looked at that will be kept: each costs microseconds, and one
        read holds 30,000 of them."""
        first = max(HEAD - len(self.head), 0)
        self.head += map(self._shown, lines[:first])
        self.tail += map(self._shown, lines[first:][-TAIL:])
        self.lines += len(lines)
        self._changed()

    def _shown(self, line: str) -> str:
        return safe(self._masked(line[:LONGEST].rstrip()), WIDTH)


class _Stream:
    """Bytes put together to lines, however they are cut into reads."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._open = ""
        self._skips = False

    def lines(self, data: bytes) -> list[str]:
        """The lines that end in ``data``, and the beginning of one that is too long."""
        text = self._open + self._decoder.decode(data)
        # A carriage return at the end may be the first half of a line's end.
        kept = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
        *whole, rest = text.split("\n")
        if self._skips and whole:
            del whole[0]
            self._skips = False
        if self._skips:
            rest = ""
        elif len(rest) > LONGEST:
            whole.append(rest)
            rest, self._skips = "", True
        self._open = rest + kept
        return whole

    def rest(self) -> list[str]:
        """What came after the last end of a line."""
        found = self._open + self._decoder.decode(b"", final=True)
        return [] if self._skips or not found.rstrip("\r") else [found.rstrip("\r")]
