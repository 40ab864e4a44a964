"""What costs the server by the number of its clients is not asked at every poll."""

from collections.abc import Sequence
from typing import TypeVar

from warroom.clock import Clock
from warroom.connect.queues.talk import Command, Look, Reply

T = TypeVar("T")

CLIENTS: Command = ("CLIENT", "LIST")
"""Some 300 bytes for each client (seen), by which a library's workers are found."""
SELDOM = 10.0
"""Seconds for which the list of clients is good."""


class Spared:
    """Keeps the list of clients, and answers looks out of it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at = float("-inf")
        self._reply: Reply = None

    def spared(self, look: Look[T]) -> Look[T]:
        """``look``, which is answered from the list that is kept while it is good."""
        replies: Sequence[Reply] | None = None
        while True:
            try:
                commands = next(look) if replies is None else look.send(replies)
            except StopIteration as end:
                found: T = end.value
                return found
            fresh = self._clock.monotonic() - self._at < SELDOM
            asked = [each for each in commands if each != CLIENTS or not fresh]
            came = dict(zip(asked, (yield asked), strict=True))
            if CLIENTS in came:
                self._at, self._reply = self._clock.monotonic(), came[CLIENTS]
            replies = [came.get(each, self._reply) for each in commands]
