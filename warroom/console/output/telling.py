"""What the engine is told of the terminal, for ``warroom status``."""

import os

from warroom.console.messages import Link
from warroom.console.output.display import Display
from warroom.errors import WarroomError
from warroom.wire import TellTerminal, TerminalStatus

EVERY = 10.0
"""Seconds between two words to the engine."""


class Telling:
    """Tells it what is another than before."""

    def __init__(self) -> None:
        self._told: TerminalStatus | None = None

    def forget(self) -> None:
        """There will be another engine, which knows nothing."""
        self._told = None

    async def tell(self, display: Display, link: Link, size: tuple[int, int]) -> None:
        status = display.status(os.environ.get("TERM", ""), size)
        if status == self._told:
            return
        try:
            await link.request(TellTerminal(ref=0, terminal=status))
        except WarroomError:
            return  # it is away, which the room says; it is told the next time
        self._told = status
