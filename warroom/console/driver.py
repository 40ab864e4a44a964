"""How the console reads its terminal: as Textual does, but pastes are guarded and bytes that
are no UTF-8 are shown, where Textual's own reader ends."""

import codecs
import os
import select
import time

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from warroom.console.scribe.guard import PasteGuard

_UNKNOWN = ("\x1b[<u", "\x1b[?2026$p", "\x1b[?2048$p")
"""What Textual writes without asking whether it is known: a terminal of its own time prints a
``u`` or a ``p``."""
_CLEAR = "\x1b[H\x1b[2J"
WAIT = 0.1
"""Seconds after which a lone Esc is looked for, and the end."""
CHUNK = 4096


class GuardedDriver(LinuxDriver):
    """Textual's driver with a reader of our own."""

    def run_input_thread(self) -> None:
        parser = XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("backslashreplace").decode
        guard = PasteGuard()
        while not self.exit_event.is_set():
            readable, _, _ = select.select([self.fileno], [], [], WAIT)
            if readable:
                data = os.read(self.fileno, CHUNK)
                if not data:
                    # The terminal is gone; the watch on it ends the console (terminal.py). Not
                    # to be waited for: a hang-up brings a SIGCONT too, for which Textual starts
                    # a second reader, and only that one is told of the end.
                    return
                text = guard.feed(decode(data), time.monotonic())
                for event in parser.feed(text) if text else ():
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)


class BasicDriver(GuardedDriver):
    """For terminals that print what they do not know: they are asked nothing, and as they may
    have no second screen to go back from, what was drawn is cleared away."""

    def write(self, data: str) -> None:
        if data not in _UNKNOWN:
            super().write(data)

    def stop_application_mode(self) -> None:
        self.write(_CLEAR)
        super().stop_application_mode()
