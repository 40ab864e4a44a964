"""Whether what was said means success: some programs fail and say so by words alone."""

import codecs
import re
from collections.abc import Callable

from warroom.regex import Pattern
from warroom.text import safe

LINE = 64 * 1024
"""Characters of a line that are searched at once; a longer one is searched in pieces."""
OVERLAP = 4 * 1024
"""Characters that two of its pieces have in common."""
MANY = 32
"""Lines from which on all of them are searched at once first."""


_TELLS_APART = re.compile(r"\\[AzQ]|\(\?[a-zA-Z]*-[a-zA-Z]*m")
"""What in an expression may tell the ends of a line from those of a text, or quotes the rest."""


class Judging:
    """Searches line by line as it comes: what a flood drops from the screen is seen here too."""

    def __init__(self, succeeds_if: str, fails_if: str, masked: Callable[[str], str]) -> None:
        self._wanted = _Search(succeeds_if) if succeeds_if else None
        self._bad = _Search(fails_if) if fails_if else None
        self._masked = masked
        self._expected = succeeds_if
        self._streams: dict[int, _Open] = {}

    def hear(self, data: bytes, stream: int = 1) -> None:
        """More of what it says. A line is put together of what came by the same ``stream``."""
        if self._wanted is None and self._bad is None:
            return
        heard = self._streams.setdefault(stream, _Open())
        *whole, rest = heard.more(data).split("\n")
        self._look(whole)
        if len(rest) > LINE:
            self._look([rest])
            rest = rest[-OVERLAP:]
        heard.text = rest

    def wrong(self) -> str:
        """What is wrong with it, in words; empty where nothing is."""
        # An end without a line's end is a line, an empty one behind the last is none.
        self._look([heard.text for heard in self._streams.values() if heard.text])
        if self._bad is not None and self._bad.found is not None:
            # Masked before it is cut: half a secret is not found any more.
            return f"it said: {safe(self._masked(self._bad.found), 160)}"
        if self._wanted is not None and self._wanted.found is None:
            return f"it did not say {safe(self._expected, 80)}"
        return ""

    @property
    def sure(self) -> bool:
        """Whether it stays so, whatever else would be said."""
        if self._bad is not None:
            return self._bad.found is not None
        return self._wanted is None or self._wanted.found is not None

    def _look(self, lines: list[str]) -> None:
        for search in (self._wanted, self._bad):
            if search is not None and search.found is None:
                search.look(lines)


class _Open:
    """The line of one stream that has not ended."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.text = ""

    def more(self, data: bytes) -> str:
        return (self.text + self._decoder.decode(data)).replace("\r\n", "\n").replace("\r", "\n")


class _Search:
    """One expression, and the first line in which it was found."""

    def __init__(self, text: str) -> None:
        self._pattern = Pattern(text)
        # In it a line's ends are a text's ends, so that it finds whatever one of the lines holds.
        self._any = None if _TELLS_APART.search(text) else Pattern(f"(?m:{text})")
        self.found: str | None = None

    def look(self, lines: list[str]) -> None:
        if len(lines) > MANY and self._any is not None:
            lines = lines if self._any.found_in("\n".join(lines)) else []
        hit = next((line for line in lines if self._pattern.found_in(line)), None)
        if hit is not None:
            self.found = hit.strip()
