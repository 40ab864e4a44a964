"""Whether what was said means success: some programs fail and say so by words alone."""

import codecs

from warroom.regex import Pattern
from warroom.text import safe

LINE = 4_096
"""Characters of a line that are searched."""


class Judging:
    """Searches line by line as it comes: what a flood drops from the screen is seen here too."""

    def __init__(self, succeeds_if: str, fails_if: str) -> None:
        self._wanted = Pattern(succeeds_if) if succeeds_if else None
        self._bad = Pattern(fails_if) if fails_if else None
        self._expected = succeeds_if
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._open = ""
        self._seen = False
        self._said = ""

    def hear(self, data: bytes) -> None:
        if self._wanted is None and self._bad is None:
            return
        *whole, self._open = (self._open + self._decoder.decode(data)).split("\n")
        for line in whole:
            self._look(line)
        if len(self._open) > LINE:
            self._look(self._open)
            self._open = self._open[-LINE // 8 :]

    def wrong(self) -> str:
        """What is wrong with it, in words; empty where nothing is."""
        self._look(self._open)
        if self._said:
            return f"it said: {self._said}"
        if self._wanted is not None and not self._seen:
            return f"it did not say {safe(self._expected, 80)}"
        return ""

    def _look(self, line: str) -> None:
        part = line[: LINE * 2]
        if self._bad is not None and not self._said and self._bad.found_in(part):
            self._said = safe(part.strip(), 160)
        if self._wanted is not None and not self._seen:
            self._seen = self._wanted.found_in(part)
