"""How fast each issue's count rises, from one look to the next. Pure.

An issue's rate is the difference of its counts over the time between two looks, about a minute
apart. One that was not there before is known only when the tracker says that it was first seen
since: then all its events are. A count that fell (issues taken apart) gives no rate.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from warroom.sources.sentry.reading import Told, moment, number

SPAN = 60.0
"""Seconds that rates look back, at least, once there are such looks."""
APART = 5.0
"""Seconds that two looks lie apart at the least: a shorter time says little."""
_MOST = 16


@dataclass(frozen=True)
class Look:
    """The counts at one moment: ``at`` in monotonic seconds, ``now`` by the tracker's clock."""

    at: float
    now: datetime
    counts: Mapping[str, int]


class Growth:
    """The looks of the last minute or so."""

    def __init__(self, interval: float) -> None:
        self._span = max(SPAN, 1.5 * interval)
        self._looks: deque[Look] = deque(maxlen=_MOST)

    @property
    def looks(self) -> int:
        """How many there are."""
        return len(self._looks)

    def forget(self, at: float) -> None:
        """Let go of the looks that no rate at the monotonic second ``at`` reaches back to: those
        before the newest one that is a minute old, and those that are too old for any."""
        looks = self._looks
        while len(looks) > 1 and looks[1].at <= at - SPAN:
            looks.popleft()
        while looks and looks[0].at < at - self._span - SPAN:
            looks.popleft()

    def take(self, look: Look) -> None:
        """Remember a look."""
        if not self._looks or look.at - self._looks[-1].at >= APART:
            self._looks.append(look)

    def rate(self, told: Told, at: float) -> float | None:
        """Events a minute up to the monotonic second ``at``; None when that is not known."""
        count, first = number(told.count), moment(told.first_seen)
        if count is None:
            return None
        for look in self._looks:
            if at - look.at < APART:
                break
            before = look.counts.get(str(told.id))
            if before is None and first is not None and first >= look.now:
                before = 0
            if before is not None:
                return (count - before) * 60.0 / (at - look.at) if count >= before else None
        return None

    def total(self, found: Sequence[Told], reach: datetime | None, at: float) -> float | None:
        """Events a minute of all unresolved issues; None when one that was active is not known,
        or when not all that may have been active were read: those back to ``reach``."""
        base = next((look for look in self._looks if at - look.at >= APART), None)
        if base is None or (reach is not None and reach > base.now):
            return None
        rates = []
        for told in found:
            rate, last = self.rate(told, at), moment(told.last_seen)
            if rate is None and (last is None or last >= base.now):
                return None
            rates.append(rate or 0.0)
        return sum(rates)
