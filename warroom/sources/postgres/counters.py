"""The server's counters as rates: pure.

They count from a reset, a start or a failover on: over one of these nothing is known, and a
rate is never negative.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from warroom.sources.known import Figure

MINUTE = 60.0
HOUR = 3600.0
LEAST_SPAN = 60.0
"""Seconds two readings of the size must lie apart before anything is said of growth."""

Epoch = tuple[str, datetime | None, datetime | None]
"""What a counter counts from: which server, its start, and the last reset."""


@dataclass(frozen=True)
class Reading:
    """The counters at one moment (monotonic seconds); ``others`` are the rollbacks but ours."""

    at: float
    epoch: Epoch
    values: Mapping[str, int]
    others: int


@dataclass
class Counters:
    """The readings that are needed to tell rates; one for each connection's server."""

    _before: Reading | None = None
    _minute: deque[Reading] = field(default_factory=deque)
    _sizes: deque[tuple[float, int]] = field(default_factory=deque)

    def take(
        self, at: float, epoch: Epoch, row: Mapping[str, Any], ours: int = 0
    ) -> dict[str, Figure]:
        """The rates since the reading before, and of deadlocks over the last minute.

        ``ours`` counts the transactions that we ourselves have rolled back: they are left out.
        """
        names = ("commits", "rollbacks", "hit", "read", "deadlocks", "temp_bytes")
        before = self._before
        values = {name: row[name] or 0 for name in names}
        # The server tells of a transaction up to a second late: where ours are not counted yet,
        # those of others seem fewer than they were, and are not, when ours come in, more.
        others = values["rollbacks"] - ours
        goes_on = before is not None and before.epoch == epoch and at > before.at
        if before is not None and goes_on and not _fell(before.values, values):
            others = max(others, before.others)
        reading = Reading(at, epoch, values, others)
        self._before = reading
        if before is None or not goes_on or _fell(before.values, values):
            self._minute.clear()
            self._minute.append(reading)
            return {}
        while len(self._minute) > 1 and self._minute[1].at <= at - MINUTE:
            self._minute.popleft()
        first = self._minute[0]
        self._minute.append(reading)
        rose = {name: reading.values[name] - before.values[name] for name in names}
        rose["rollbacks"] = reading.others - before.others
        span = at - before.at
        blocks = rose["hit"] + rose["read"]
        dead = reading.values["deadlocks"] - first.values["deadlocks"]
        return {
            "commits": (rose["commits"] / span, ""),
            "rollbacks": (rose["rollbacks"] / span, ""),
            "temp_bytes": (rose["temp_bytes"] / span, ""),
            "deadlocks": (dead * MINUTE / max(at - first.at, MINUTE), ""),
            "cache_hit": (100 * rose["hit"] / blocks if blocks else None, ""),
        }

    def size(self, at: float, size: int) -> None:
        """A reading of the database's size in bytes."""
        self._sizes.append((at, size))
        while self._sizes[0][0] < at - HOUR:
            self._sizes.popleft()

    def growth(self) -> float | None:
        """Bytes an hour over what is known of the last hour; None while that is too little."""
        if not self._sizes:
            return None
        (first, began), (last, is_now) = self._sizes[0], self._sizes[-1]
        return (is_now - began) * HOUR / (last - first) if last - first >= LEAST_SPAN else None


def _fell(before: Mapping[str, int], after: Mapping[str, int]) -> bool:
    return any(after[name] < value for name, value in before.items())
