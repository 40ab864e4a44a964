"""When a source is polled next: fixed ticks, back-off while it fails. Pure."""

import math
from collections.abc import Callable

GROWTH = 1.5
LONGEST_PAUSE = 10.0
"""Seconds a failing source is left alone at most, if its interval is not longer: long enough
to be no storm, short enough that its return is seen."""
LONGEST_WISH = 60.0
"""Seconds a system may ask to be left alone and get it."""


def granted(retry_after: float | None) -> float:
    """How many seconds one is left alone that asked for ``retry_after``."""
    wish = retry_after or 0.0
    return min(wish, LONGEST_WISH) if wish > 0 else 0.0  # not so for NaN


class Schedule:
    """The ticks of one source. All times are monotonic seconds.

    ``jitter`` gives a number from 0 to 1; a pause while failing is shortened by up to a
    fifth of itself, so that many sources behind one broken thing do not come back as one.
    """

    def __init__(self, interval: float, now: float, jitter: Callable[[], float]) -> None:
        self.interval = interval
        self.due = now
        self.skipped = 0
        """Ticks at which no poll could begin, because the one before was not done."""
        self._failing = 0
        self._jitter = jitter

    def begin(self, now: float) -> None:
        """A poll begins; later than due by whole ticks when the process itself stood still."""
        self._skip_to(now - self.interval)

    def end(self, now: float, *, failed: bool) -> None:
        """The poll ended: set when the next one is due."""
        self._failing = self._failing + 1 if failed else 0
        self.due += self._pause()
        self._skip_to(now)

    def leave_alone(self, now: float, seconds: float) -> None:
        """No poll for so long from now, but for one that somebody asks for."""
        if seconds > 0:
            self.due = max(self.due, now + seconds)

    def ask_now(self, now: float) -> None:
        """A poll out of turn begins; the ticks go on from here."""
        self.due = now

    def _pause(self) -> float:
        if self._failing < 2:  # the second look after a failure comes in time: rules count polls
            return self.interval
        power = min(self._failing - 1, 50)
        pause = min(self.interval * GROWTH**power, max(self.interval, LONGEST_PAUSE))
        return max(self.interval, pause * (1 - 0.2 * self._jitter()))

    def _skip_to(self, now: float) -> None:
        while self.due <= now:  # once, and once more where the product was rounded down
            missed = math.floor((now - self.due) / self.interval) + 1
            self.due += missed * self.interval
            self.skipped += missed
