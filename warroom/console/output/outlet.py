"""The way out: a thread that writes, so that nobody else ever waits for the terminal."""

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable

CHUNK = 4096
MOST = 256 * 1024
"""Bytes that may wait; what comes then is dropped. Frames wait for one another before they get
here, so that this much waits only where bells and copies are asked for without end."""
MINUTE = 60


class Outlet:
    """Writes to a terminal in order, and counts. ``drained`` is called, in the thread, whenever
    all that waited was taken."""

    def __init__(self, fd: int, drained: Callable[[], None], tally: "Tally") -> None:
        self._fd = fd
        self._drained = drained
        self._waiting = bytearray()
        self._wake = threading.Condition()
        self._ending = self._gone = False
        self._thread = threading.Thread(target=self._run, name="terminal-output", daemon=True)
        self._tally = tally
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether all of it was taken."""
        with self._wake:
            return not self._waiting

    def counted(self, now: float) -> tuple[int, int]:
        """Bytes written: in all, and in the last minute."""
        with self._wake:
            return self._tally.total, self._tally.last_minute(now)

    def write(self, text: str) -> None:
        """Have this written; returns at once."""
        with self._wake:
            if not self._gone and len(self._waiting) < MOST:
                self._waiting += text.encode("utf-8", "replace")
                self._wake.notify()

    def close(self, timeout: float) -> bool:
        """Write what waits, and end; whether that was done within so many seconds."""
        with self._wake:
            self._ending = True
            self._wake.notify()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def drop(self) -> None:
        """Let go of all that waits."""
        with self._wake:
            self._gone = True
            self._waiting.clear()
            self._wake.notify()

    def _run(self) -> None:
        while chunk := self._next():
            try:
                written = os.write(self._fd, chunk)
            except BlockingIOError:
                # Somebody who shares the terminal has made it so.
                select.select([], [self._fd], [], 1.0)
                continue
            except OSError:
                # The terminal is gone; the watch on it ends the console (terminal.py).
                self.drop()
                return
            self._took(written)

    def _next(self) -> bytes:
        """What to write now; empty at the end."""
        with self._wake:
            while not self._waiting and not self._ending and not self._gone:
                self._wake.wait()
            return bytes(self._waiting[:CHUNK])

    def _took(self, written: int) -> None:
        with self._wake:
            del self._waiting[:written]
            self._tally.wrote(written, time.monotonic())
            empty = not self._waiting
        if empty:
            self._drained()


class Tally:
    """What a console has sent to its terminal: bytes in all, and by second over the last minute;
    frames. It outlives an outlet, for the terminal is lent to an editor. Times are monotonic
    seconds."""

    def __init__(self, since: float) -> None:
        self.since = since
        self.drawn = self.dropped = 0
        """Frames that were sent; and those that were not, for a newer one came before them."""
        self.total = 0
        self._seconds: deque[tuple[int, int]] = deque()

    def wrote(self, size: int, now: float) -> None:
        self.total += size
        second = int(now)
        if self._seconds and self._seconds[-1][0] == second:
            size += self._seconds.pop()[1]
        self._seconds.append((second, size))
        self._trim(second)

    def last_minute(self, now: float) -> int:
        """Bytes of the last 60 s."""
        self._trim(int(now))
        return sum(size for _, size in self._seconds)

    def _trim(self, second: int) -> None:
        while self._seconds and self._seconds[0][0] <= second - MINUTE:
            self._seconds.popleft()
