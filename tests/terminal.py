"""A terminal for tests: a whole process in a pty, its screen kept by pyte.

A thread reads what the process writes, so that tests look at the screen and wait for what
they expect; it can be told to stop reading, as a stalled link does.
"""

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import threading

import psutil
import pyte

from tests.waiting import until

__all__ = ["Terminal", "until"]


class Terminal:
    """One process in one pty. Use as a context manager: it ends what it started."""

    def __init__(self, argv, *, columns=80, rows=24, env=None, cwd=None, stdin=None, answers=True):
        self.screen = pyte.Screen(columns, rows)
        if answers:
            # How it is, as every terminal says when it is asked (DSR); pyte knows the words.
            self.screen.write_process_input = self.type
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self._text: str | None = None  # of the screen as it is; None when it has changed
        self._lock = threading.Lock()
        self._reading = threading.Event()
        self._reading.set()
        self._closed = threading.Event()
        self.master, slave = pty.openpty()
        self._size(columns, rows)
        self.modes_before = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            argv,
            stdin=slave if stdin is None else stdin,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(env or {})},
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(1, termios.TIOCSCTTY, 0),
        )
        self.slave = slave
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()
        self.hang_up()

    def family(self):
        """The process and its children, those in sessions of their own too."""
        try:
            parent = psutil.Process(self.process.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _size(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        # The screen first: the kernel tells the process at once, and its answer must fit.
        with self._lock:
            self.screen.resize(rows, columns)
            self._text = None
            self._size(columns, rows)

    def _read(self):
        while not self._closed.is_set():
            self._reading.wait()
            # Never blocked in a read: that would hold the descriptor open at a hang-up.
            if not select.select([self.master], [], [], 0.05)[0] or not self._reading.is_set():
                continue
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            if not data:
                return
            with self._lock:
                self.raw += data
                self._stream.feed(data)
                self._text = None

    def stop_reading(self):
        """As a stalled SSH link, or a terminal in copy mode."""
        self._reading.clear()

    def read_again(self):
        self._reading.set()

    def hang_up(self):
        """Close the terminal's end, as a closed window does."""
        if not self._closed.is_set():
            self._closed.set()
            self._reading.set()
            self._thread.join()
            os.close(self.slave)
            os.close(self.master)

    def type(self, text):
        os.write(self.master, text.encode() if isinstance(text, str) else text)

    def scribble(self, text):
        """Something else writes on the screen."""
        with self._lock:
            self._stream.feed(text.encode())
            self._text = None

    @property
    def text(self):
        with self._lock:
            if self._text is None:
                self._text = "\n".join(line.rstrip() for line in self.screen.display)
            return self._text

    @property
    def modes(self):
        return termios.tcgetattr(self.slave)

    def wait_for(self, *words, seconds=20):
        """Wait until all words are on the screen; fails with the screen's text."""
        until(lambda: all(word in self.text for word in words), seconds, lambda: self.text)

    def wait_gone(self, *words, seconds=20):
        until(lambda: not any(word in self.text for word in words), seconds, lambda: self.text)

    def wait_exit(self, seconds=5):
        return self.process.wait(seconds)
