"""What is not done at every poll."""

from warroom.clock import Clock


class Seldom:
    """Remembers when something was done last, by its name."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}

    def due(self, name: str, every: float) -> bool:
        """Whether it is time again, ``every`` seconds after the last time; if so, this is it."""
        now = self._clock.monotonic()
        if now - self._last.get(name, float("-inf")) < every:
            return False
        self._last[name] = now
        return True

    def forget(self, name: str) -> None:
        """It did not happen after all: it is due."""
        self._last.pop(name, None)
