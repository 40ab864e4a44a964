"""What costs too much is not asked: the list of clients at every poll, and payloads that are
too large to be read."""

from collections.abc import Sequence
from typing import TypeVar

from warroom.clock import Clock
from warroom.connect.queues.talk import Command, ErrorReply, Look, Reply

T = TypeVar("T")

CLIENTS: Command = ("CLIENT", "LIST")
"""Some 300 bytes for each client (seen), by which a library's workers are found."""
SELDOM = 10.0
"""Seconds for which the list of clients is good."""
PAYLOADS = ("LINDEX", "LRANGE", "XRANGE", "ZREVRANGE")
"""Commands that give jobs whole, in the layouts whose jobs lie in their queue."""
WHOLE = ("list", "stream", "celery", "sidekiq")
LEAN = 600.0
"""Seconds for which no payload is read after some were too large."""
TOO_LARGE = ErrorReply("its jobs are too large to be read, and are not for 10 min")


class Spared:
    """Keeps the list of clients, and answers looks out of it; knows whether payloads are read."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at = float("-inf")
        self._lean_until = float("-inf")
        self._clients: Reply = None

    def too_much(self) -> None:
        """More came than can be borne: for a while no payload is asked for."""
        self._lean_until = self._clock.monotonic() + LEAN

    def spared(self, look: Look[T], kind: str) -> Look[T]:
        """``look`` at a queue of this kind, which is not sent all that it asks."""
        replies: Sequence[Reply] | None = None
        while True:
            try:
                commands = next(look) if replies is None else look.send(replies)
            except StopIteration as end:
                found: T = end.value
                return found
            known = {each: known for each in commands if (known := self._known(each, kind))}
            asked = [each for each in commands if each not in known]
            came = dict(zip(asked, (yield asked), strict=True))
            if CLIENTS in came:
                self._at, self._clients = self._clock.monotonic(), came[CLIENTS]
            replies = [known[each] if each in known else came[each] for each in commands]

    def _known(self, command: Command, kind: str) -> Reply:
        """What is answered without asking; None is asked."""
        now = self._clock.monotonic()
        if now < self._lean_until and kind in WHOLE and command[0] in PAYLOADS:
            return TOO_LARGE
        return self._clients if command == CLIENTS and now - self._at < SELDOM else None
