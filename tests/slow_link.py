"""A terminal behind a slow link: so many bytes a second, so late, with all the room that sshd and
TCP have on the way. What was sent and not shown yet is kept in order, however much it is."""

import os
import select
import time
from collections import deque

from tests.terminal import Terminal

TICK = 0.02


class SlowTerminal(Terminal):
    """``rate`` in bytes a second towards the screen, ``delay`` in seconds each way."""

    def __init__(self, argv, *, rate=2000, delay=0.4, **options):
        self.rate, self.delay = rate, delay
        self._coming = deque()  # when it is shown, and what
        self._going = deque()
        self._free = 0.0  # when the link has sent all that it was given
        self.given = 0
        self.standing = False
        super().__init__(argv, **options)

    def type(self, text):
        data = text.encode() if isinstance(text, str) else text
        self._going.append((time.monotonic() + self.delay, data))

    @property
    def backlog(self):
        """Bytes that were sent and are not on the screen yet."""
        return sum(len(data) for _, data in list(self._coming))

    def _read(self):
        while not self._closed.is_set():
            if select.select([self.master], [], [], TICK)[0]:
                try:
                    self._send(os.read(self.master, 65536))
                except OSError:
                    return
            if not self.standing:
                self._arrive()

    def _send(self, data):
        self.given += len(data)
        for at in range(0, len(data), 50):
            piece = data[at : at + 50]
            self._free = max(self._free, time.monotonic()) + len(piece) / self.rate
            self._coming.append((self._free + self.delay, piece))

    def _arrive(self):
        now = time.monotonic()
        while self._going and self._going[0][0] <= now:
            os.write(self.master, self._going.popleft()[1])
        while self._coming and self._coming[0][0] <= now:
            _, data = self._coming.popleft()
            with self._lock:
                self.raw += data
                self._stream.feed(data)
                self._text = None
