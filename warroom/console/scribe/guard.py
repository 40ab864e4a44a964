"""What a terminal sends, so that a paste cannot be taken for keys: pure, in the driver's thread.

Textual 8.2.8 reads an escape inside a bracketed paste as the beginning of a key: seen, an ESC
before the letter q in a paste came out as the key q. And a terminal that does not bracket its
pastes sends them as keys; but nobody types two lines within one read.
"""

import re

START, END = "\x1b[200~", "\x1b[201~"
"""How a terminal brackets a paste (xterm's control sequences, mode 2004)."""
_UNSEEN = {0x1B: "␛", 0: "␀"}
_NO_CONTROL = r"[^\0-\x08\n-\x1f\x7f]"
_LINES = re.compile(rf"{_NO_CONTROL}+[\r\n]+{_NO_CONTROL}{{2}}")
FOLLOWS = 0.05
"""Seconds within which more of what was pasted without brackets comes."""


class PasteGuard:
    """Passes on what it is fed. ``now`` is monotonic seconds."""

    def __init__(self) -> None:
        self._inside = False
        self._rest = ""
        """The end of a paste's piece that may begin its closing bracket, kept back."""
        self._tail = ""
        """The end of what was passed on, in which an opening bracket may have begun."""
        self._burst = float("-inf")

    def feed(self, text: str, now: float) -> str:
        """What to parse instead of ``text``."""
        if not self._inside and self._is_burst(text, now):
            self._burst = now
            return f"{START}{_quiet(text)}{END}"
        out: list[str] = []
        while text:
            piece, text = self._pasted(text) if self._inside else self._keys(text)
            out.append(piece)
        return "".join(out)

    def _keys(self, text: str) -> tuple[str, str]:
        """Up to where a paste begins, and what comes then."""
        at = (self._tail + text).find(START)
        if at < 0:
            self._tail = (self._tail + text)[1 - len(START) :]
            return text, ""
        end = at + len(START) - len(self._tail)
        self._inside, self._tail = True, ""
        return text[:end], text[end:]

    def _pasted(self, text: str) -> tuple[str, str]:
        """Up to where the paste ends, and what comes then."""
        whole, self._rest = self._rest + text, ""
        before, found, after = whole.partition(END)
        if found:
            self._inside = False
            return _quiet(before) + END, after
        before, self._rest = _held_back(whole, END)
        return _quiet(before), ""

    def _is_burst(self, text: str, now: float) -> bool:
        """Whether it is a paste that nothing brackets. Keys that are no letters begin with an
        escape, and so does whatever the terminal says by itself."""
        if "\x1b" in text or _held_back(self._tail, START)[1]:
            return False
        return now - self._burst <= FOLLOWS or _LINES.match(text) is not None


def _quiet(text: str) -> str:
    """No escape, no NUL: the parser takes it for what it is, text."""
    return text.translate(_UNSEEN)


def _held_back(text: str, bracket: str) -> tuple[str, str]:
    """The text, and its end where that may be the beginning of the bracket."""
    for size in range(min(len(bracket) - 1, len(text)), 0, -1):
        if bracket.startswith(text[-size:]):
            return text[:-size], text[-size:]
    return text, ""
