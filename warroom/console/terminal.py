"""The console's life at its terminal: gone within 2 s when told, however stuck.

Textual's event loop stands still when the terminal stops reading (its writer's queue is
full), and after a hang-up whose signal is ignored its input thread spins on a descriptor
at its end. So leaving does not depend on the loop: signals and a watch on the descriptor
ask it to leave, and when it has not done so in time, a thread puts the terminal back as
it was and ends the process.
"""

import os
import select
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

GRACE = 1.0
"""Seconds the event loop gets to leave by itself."""
FAREWELL = 0.5
"""Seconds the process gets after that, to keep what is typed and to end."""

_DRAWN_ON = (1, 2)
"""Standard output and error; Textual draws on the latter."""

_RESTORE = (
    b"\x1b[<u\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"
    b"\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"
)
"""What Textual's Linux driver writes on its way out: keyboard protocol, paste, wrap,
mouse, alternate screen, cursor, focus reports."""
_RESTORE_BASIC = b"\x1b[H\x1b[2J\x1b[?7h\x1b[?25h\x1b[0m"
"""The same for one that has only wrap and cursor of it."""


class Terminal:
    """Watches over leaving. ``leave`` is called once, from the loop's thread or another,
    with the exit code; it must ask the application to end and return at once."""

    def __init__(self, leave: Callable[[int], None], *, fd: int = 0, basic: bool = False) -> None:
        """``basic``: the terminal would print what it does not know."""
        self._leave = leave
        self._fd = fd
        self._basic = basic
        self._leaving = threading.Event()
        self._gone = threading.Event()
        self._attributes: list[Any] | None = None

    def __enter__(self) -> "Terminal":
        try:
            self._attributes = termios.tcgetattr(self._fd)
        except termios.error:
            self._attributes = None
        for number in (signal.SIGTERM, signal.SIGHUP):
            # An ignored SIGHUP (nohup) stays ignored; the hang-up is then seen below.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)
        threading.Thread(target=self._watch, name="terminal-watch", daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._gone.set()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._begin(128 + number)

    def _watch(self) -> None:
        """Wait for the terminal to hang up: a poll with no events wakes for that alone. What is
        drawn on may be another than what is read from, and either may go."""
        poll = select.poll()
        for descriptor in {self._fd, *_DRAWN_ON}:
            poll.register(descriptor, 0)
        while not self._gone.is_set():
            if poll.poll(1000):
                self._begin(128 + signal.SIGHUP)
                return

    def _begin(self, code: int) -> None:
        if self._leaving.is_set():
            return
        self._leaving.set()
        threading.Thread(target=self._enforce, args=(code,), daemon=True).start()
        self._leave(code)

    def _enforce(self, code: int) -> None:
        if self._gone.wait(GRACE):
            # What is left is a farewell. Where the screen alone is gone, Textual's reader is
            # told nothing of the end, and Python would wait for it for ever.
            time.sleep(FAREWELL)
        else:
            self.restore()
        os._exit(code)

    def restore(self) -> None:
        """Put the terminal back as it was, without waiting for one that does not read."""
        put_back(sys.__stderr__.fileno() if sys.__stderr__ else 2, basic=self._basic)
        if self._attributes is not None:
            self._reset_attributes()

    def _reset_attributes(self) -> None:
        try:
            termios.tcsetattr(self._fd, termios.TCSANOW, self._attributes or [])
        except (OSError, termios.error):
            # As above: no terminal, no attributes.
            return


def put_back(out: int, *, basic: bool = False) -> None:
    """Leave the alternate screen and all modes, without waiting; of a ``basic`` terminal, what was
    drawn."""
    try:
        blocking = os.get_blocking(out)
        os.set_blocking(out, False)
        # What is queued towards a terminal that does not read would come first, and
        # would block: it is a picture nobody needs any more.
        termios.tcflush(out, termios.TCOFLUSH)
        os.write(out, _RESTORE_BASIC if basic else _RESTORE)
        os.set_blocking(out, blocking)
    except (OSError, termios.error):
        # The terminal is gone: there is nothing left to put back.
        return
