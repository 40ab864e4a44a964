"""Whether this machine's clock was set, or the machine slept: both are told in the record. Pure but
for what it remembers.

Nothing is reckoned by the wall clock that lasts while the engine runs; but what people read is, and
a record whose times jump must say so.
"""

from datetime import datetime, timedelta

LEAST = 2.0
"""Seconds between two looks from which it is a step: a clock that is slewed moves by 0.0005 a
second (``adjtimex``), and a look that came late by itself moves nothing."""


class Steps:
    """Looks at wall clock, monotonic clock and time asleep, again and again."""

    def __init__(self) -> None:
        self._zero: datetime | None = None
        self._slept: float | None = None

    def look(self, now: datetime, monotonic: float, asleep: float) -> tuple[str, ...]:
        """What has happened since the last look, in words; mostly nothing."""
        zero, before, slept = now - timedelta(seconds=monotonic), self._zero, self._slept
        self._zero, self._slept = zero, asleep
        if before is None or slept is None:
            return ()
        nap = max(asleep - slept, 0.0)
        step = (zero - before).total_seconds() - nap
        said = []
        if nap >= LEAST:
            said.append(f"this machine slept for {nap:.0f} s: nothing was watched meanwhile")
        if abs(step) >= LEAST:
            words = "times before and after it do not compare"
            said.append(f"this machine's clock stepped by {step:+.0f} s: {words}")
        return tuple(said)
