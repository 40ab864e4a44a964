"""A session with a server as those see it who ask, and how it can fail them. No driver here:
loading redis-py takes 150 ms (measured), and who watches no Redis does without."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from warroom.connect.lost import LostError
from warroom.connect.queues.talk import Command, Reply

_FAMILIES = ("CLIENT", "CONFIG", "PUBSUB", "SENTINEL", "XINFO")


class ForeignError(LostError):
    """What came is not Redis' protocol."""


class TooMuchError(LostError):
    """More came than anything asked for should be."""


class Session(Protocol):
    """Who holds it may ask. ``sent`` counts commands by name since ``renew``; ``peer`` is where
    it goes."""

    peer: str
    sent: Counter[str]

    async def ask(self, commands: Sequence[Command]) -> list[Reply]:
        """The replies to all of ``commands``, sent at once; an error is a reply like any other.
        Raises LostError. After it was cancelled the connection is of no use."""

    def renew(self) -> None:
        """A new poll begins: its commands and bytes are counted from here."""

    def close(self) -> None:
        """Let go at once, waiting for nobody."""


def named(command: Command) -> str:
    """``LLEN``, ``CONFIG GET``: what a command is called, its subcommand with it."""
    name = str(command[0]).upper()
    return f"{name} {str(command[1]).upper()}" if name in _FAMILIES else name
