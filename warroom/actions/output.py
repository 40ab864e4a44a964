"""What a run says: made safe line by line, its head and its tail kept, whatever comes between."""

import codecs
from collections import deque
from collections.abc import Callable

from warroom.incident.acting.runs import HEAD, TAIL
from warroom.text import safe

WIDTH = 300
"""Characters of a line that are kept."""
LONGEST = 16 * 1024
"""Bytes of a line that are looked at: the rest of a longer one goes by."""


class Output:
    """Takes bytes as they come. ``masked`` takes the secrets out of each line before it is cut."""

    def __init__(self, masked: Callable[[str], str], changed: Callable[[], None]) -> None:
        self._masked, self._changed = masked, changed
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._open = ""
        self._skips = False
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

    def hear(self, data: bytes) -> None:
        """More of it."""
        self._add(self._decoder.decode(data))

    def say(self, line: str) -> None:
        """A whole line of our own."""
        self.close()
        self._take(line)
        self._changed()

    def close(self) -> None:
        """No more of it: the last line may have no end."""
        self._add(self._decoder.decode(b"", final=True))
        self._decoder.reset()
        if self._open:
            self._take(self._open)
        self._open, self._skips = "", False

    def _add(self, text: str) -> None:
        if not text:
            return
        *whole, rest = (self._open + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for line in whole:
            if not self._skips:
                self._take(line)
            self._skips = False
        if len(rest) > LONGEST and not self._skips:
            self._take(rest)
            self._skips = True
        self._open = "" if self._skips else rest
        self._changed()

    def _take(self, line: str) -> None:
        shown = safe(self._masked(line[:LONGEST].rstrip()), WIDTH)
        self.lines += 1
        if len(self.head) < HEAD:
            self.head.append(shown)
        else:
            self.tail.append(shown)
