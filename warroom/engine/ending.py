"""How an engine ends: asked once, and in time whatever hangs."""

import asyncio
import logging
import os
import signal
import threading

from warroom.wire import Goodbye

log = logging.getLogger("warroom.engine")

PATIENCE = 1.8
"""Seconds from the first request to end until the process is gone in any case."""


class Ending:
    """The engine's end, once somebody asked for it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked = asyncio.Event()
        self.goodbye = Goodbye(reason="the engine ended")
        self.failure = ""
        """What of the engine itself failed, if that is why it ends."""

    def begin(self, goodbye: Goodbye) -> None:
        """Ask for the end; only the first one counts.

        From here on the clock runs: a source that hangs in a call of its own, blocking the
        loop or refusing to be cancelled, does not keep the process.
        """
        if self._asked.is_set():
            return
        self.goodbye = goodbye
        self._asked.set()
        _leave_after(PATIENCE)

    async def wait(self) -> None:
        """Until somebody asks for the end."""
        await self._asked.wait()

    def on_signals(self) -> None:
        """Let SIGTERM and SIGINT ask for the end.

        Plain handlers, which the interpreter runs even while a source blocks the loop.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)

    def _signalled(self, number: int, _frame: object) -> None:
        _leave_after(PATIENCE)
        name = signal.Signals(number).name
        goodbye = Goodbye(reason=f"the engine was ended by {name}")
        self._loop.call_soon_threadsafe(self.begin, goodbye)


def _leave_after(seconds: float) -> None:
    def leave() -> None:
        last = threading.Timer(0.1, os._exit, (0,))  # whoever holds the log's lock may hang
        last.daemon = True
        last.start()
        log.warning("something does not end; leaving it behind")

    timer = threading.Timer(seconds, leave)
    timer.daemon = True
    timer.start()
