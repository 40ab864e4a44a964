"""Time, injected: UTC for what is stored, monotonic for what is measured."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the house asks of time."""

    def now(self) -> datetime:
        """The present, aware, in UTC. May step when the machine's clock is set."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean anything."""
        ...


def asleep() -> float:
    """Seconds this machine has slept since it was started, which ``monotonic`` leaves out; 0 where
    the system does not tell."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return 0.0 if boot is None else time.clock_gettime(boot) - time.monotonic()


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
