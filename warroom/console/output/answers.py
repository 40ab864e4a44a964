"""The terminal's answers, taken out of what is typed: pure, in the driver's thread."""

ANSWER = "\x1b[0n"
"""Ready, no malfunction (ECMA-48 8.3.35). xterm, VTE, tmux, GNU screen and the Linux console all
give just this."""
ALONE = 0.1
"""Seconds for which a lone Esc is kept back while an answer is due: it may be the first byte."""
BEGUN = 2.0
"""The same for more of an answer's beginning: no key begins so and pauses."""


class Answers:
    """Passes on what it is fed, without answers. ``now`` is monotonic seconds."""

    def __init__(self) -> None:
        self._held = ""
        self._since = 0.0
        self._lost = ""
        """What is still to come of an answer whose first byte was taken for the key Esc."""

    def feed(self, text: str, now: float, *, due: bool) -> tuple[str, int]:
        """What to pass on, and how many answers were in it; ``due``: whether any is waited for."""
        if self._lost and text.startswith(self._lost):
            found, text = 1, text[len(self._lost) :]
        else:
            found = 0
        self._lost = ""
        text, self._held = self._held + text, ""
        parts = text.split(ANSWER)
        found += len(parts) - 1
        text = "".join(parts)
        for size in range(min(len(ANSWER) - 1, len(text)), 0, -1) if due else ():
            if text.endswith(ANSWER[:size]):
                self._held, self._since = text[-size:], now
                return text[:-size], found
        return text, found

    def tick(self, now: float) -> str:
        """What was kept back for too long, to be passed on."""
        wait = ALONE if len(self._held) == 1 else BEGUN
        if not self._held or now - self._since < wait:
            return ""
        text, self._held = self._held, ""
        self._lost = ANSWER[len(text) :]
        return text
