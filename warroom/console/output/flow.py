"""How much may be on its way to the terminal, from how long it took to answer: pure.

What the kernel says of its queue is worth nothing: for a pty Linux always says 0 (TIOCOUTQ), and
what sshd has read is gone from it anyway. So behind a portion the terminal is asked how it is
(DSR, ``ESC[5n``, answered ``ESC[0n``; ECMA-48 8.3.35): its answer says that everything before was
drawn. One question at a time. All times are monotonic seconds.
"""

ASK = "\x1b[5n"

WORTH = 256
"""Bytes sent since the last answer from which on the terminal is asked again."""
LEAST, MOST = 512, 16 * 1024
"""Bytes that may be on their way: on the slowest link, and on the quickest, of which nobody knows
how long it stays so."""
UNKNOWN = 1 << 20
"""The same for a terminal that never answers: what the kernel takes."""
START = 8192
"""The same, before anything was answered: a first picture, and what comes right after it."""
SPARE = 0.8
"""Seconds that an answer may take longer than the quickest one has: how old a picture may be."""
LATEST = 1.6
"""Seconds after which an answer is late in any case, whatever the quickest one took."""
RESERVE = 256
"""Bytes for what was typed, beside what is on its way."""
SLOW = 4096
"""Bytes on their way under which a link is called slow: less than a whole screen at once."""
PATIENCE = 1.5
"""Seconds to wait for a terminal that never answered, ``TRIES`` times; then it never will."""
TRIES = 3
AGAIN = 10.0
"""Seconds after which one that has answered before is asked once more; then twice as long."""


class Flow:
    """What one terminal was sent, and what it is known to have drawn."""

    def __init__(self, *, mute: bool = False) -> None:
        """``mute``: it answers nothing, and is never asked."""
        self._mute = mute
        self.sent = 0
        """Bytes, since the terminal was taken."""
        self.took: float | None = None
        """Seconds that its last answer took; None before there was one."""
        self._window = START
        self._drawn = 0
        self._base = float("inf")
        self._asked: tuple[int, int, float] | None = None
        """Of the question that waits: up to where it asks, how much that was, and when."""
        self._until = 0.0
        self._waits = 0
        """How often an answer did not come in time."""
        self._twice = self._stray = 0
        """Questions that were asked once more for the one that waits; and those of the one before,
        of which each is still answered, to no purpose."""

    @property
    def blind(self) -> bool:
        """Whether this terminal never answers, as far as is known."""
        return self._mute or (self.took is None and self._waits >= TRIES)

    @property
    def slow(self) -> bool:
        """Whether a screen takes its time, as its answers say."""
        return self.took is not None and self._window < SLOW

    @property
    def waiting(self) -> bool:
        """Whether an answer may still come."""
        return self._asked is not None

    def wrote(self, size: int) -> None:
        self.sent += size

    def room(self, *, typed: bool = False) -> int:
        """Bytes that may be sent now; ``typed``: of what shows what was typed."""
        if self.blind:
            return UNKNOWN
        return self._window + (RESERVE if typed else 0) - (self.sent - self._drawn)

    def asks(self, now: float) -> bool:
        """Whether to ask, behind what has just been sent."""
        if self._mute or self._asked or self.sent - self._drawn < WORTH:
            return False
        self._asked = (self.sent, self.sent - self._drawn, now)
        self._until = now + self._patience
        self.wrote(len(ASK))
        return True

    def answered(self, now: float) -> None:
        """The terminal has answered."""
        if self._stray or self._asked is None:
            self._stray = max(self._stray - 1, 0)
            return
        upto, amount, asked = self._asked
        self._asked, self._drawn, self._waits = None, upto, 0
        self._stray, self._twice = self._twice, 0
        self.took = max(now - asked, 1e-4)
        self._base = min(self._base * 1.01, self.took)
        self._window = self._next_window(amount, self.took)

    def _next_window(self, amount: int, took: float) -> int:
        """What would be in time at the rate that was seen; less than before only if it was late."""
        late = min(self._base + SPARE, LATEST)
        timely = int(amount * late / took)
        return max(LEAST, timely) if took > late else min(MOST, max(self._window, timely))

    def due(self, now: float) -> float | None:
        """Seconds until ``overdue`` is to be called; None where nothing is waited for."""
        return max(self._until - now, 0.0) if self._asked and not self.blind else None

    @property
    def _patience(self) -> float:
        return PATIENCE if self.took is None else min(AGAIN * 2**self._waits, 60.0)

    def overdue(self, now: float) -> bool:
        """The answer has not come. Whether to ask once more: of one that has answered before, the
        link stands, or an answer was lost. Of one that never has, nothing is known: what it was
        sent is taken for drawn, until an answer says better."""
        if self._asked is None or now < self._until:
            return False
        self._waits += 1
        self._until = now + self._patience
        if self.took is None:
            self._drawn = self.sent
            return False
        # Those of the one before did not come: they were lost.
        self._stray = 0
        self._twice += 1
        self.wrote(len(ASK))
        return True
