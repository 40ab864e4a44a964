"""What may not be read is not asked for again and again."""

from warroom.clock import Clock

AGAIN = 900.0
"""Seconds after which something that was refused is asked for once more: by then somebody may
have typed what was wanted."""


class Refusals:
    """What our user may not read, in words, kept from poll to poll: it is not asked again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}
        self.words: dict[str, str] = {}

    def stands(self, name: str) -> bool:
        return self._clock.monotonic() < self._until.get(name, float("-inf"))

    def add(self, name: str, words: str) -> None:
        self.words[name], self._until[name] = words, self._clock.monotonic() + AGAIN

    def lift(self, name: str) -> None:
        self.words.pop(name, None)
        self._until.pop(name, None)
