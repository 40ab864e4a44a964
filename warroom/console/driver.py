"""How the console reads its terminal: as Textual does, but pastes are guarded and bytes that
are no UTF-8 are shown, where Textual's own reader ends."""

import codecs
import os
import select
import time

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from warroom.console.scribe.guard import PasteGuard

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
