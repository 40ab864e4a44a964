"""How the console reads its terminal and writes to it.

It reads as Textual does, but pastes are guarded and bytes that are no UTF-8 are shown, where
Textual's own reader ends. It writes without ever waiting (``output/``): with Textual's writer the
event loop stands still about 2 s after the terminal has stopped reading.
"""

import codecs
import os
import select
import signal
import time
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from warroom.console.output.answers import Answers
from warroom.console.output.display import Display
from warroom.console.output.outlet import Tally
from warroom.console.scribe.guard import PasteGuard
from warroom.console.terminal import put_back

if TYPE_CHECKING:
    from textual.app import App

_UNKNOWN = ("\x1b[<u", "\x1b[?2026$p", "\x1b[?2048$p")
"""What Textual writes without asking whether it is known: a terminal of its own time prints a
``u`` or a ``p``."""
_CALL = "\x1b]9;"
"""A notification, of which such a terminal would print the words: it rings in its place."""
_CLEAR = "\x1b[H\x1b[2J"
WAIT = 0.1
"""Seconds after which a lone Esc is looked for, and the end."""
CHUNK = 4096
LAST = 1.6
"""Seconds at most to wait at the end for an answer that is on its way: the shell would take it for
something typed."""
LAST_OF_SIGNAL = 0.4
"""The same after a signal: there is a second for all of it (terminal.py)."""
LEAVE = 1.0
"""Seconds that the terminal gets to take what is written last."""


class GuardedDriver(LinuxDriver):
    """Textual's driver with a reader and a writer of our own."""

    BASIC: ClassVar[bool] = False
    """Whether the terminal would print what it does not know."""

    def __init__(
        self,
        app: "App[object]",
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._tally = Tally(time.monotonic())
        self._began = False
        self.display: Display | None = None
        """What is shown; None while the terminal is somebody else's."""

    @property
    def _out(self) -> int:
        return self._file.fileno() if self._file else 2

    def start_application_mode(self) -> None:
        if self.display is None:
            self.display = Display(self._out, self._loop, self._tally, mute=self.BASIC)
        else:
            # Continued after a stop that nobody could prepare for: the shell has written meanwhile.
            self.display.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        signal.signal(signal.SIGWINCH, self._on_new_size)
        if self._began:
            # After a stop (SIGTSTP) Textual draws only what changes.
            self._loop.call_soon_threadsafe(partial(self._app.refresh, layout=True))
        self._began = True
        if self._writer_thread is not None:
            self._writer_thread.stop()  # it was given nothing to write
            self._writer_thread = None

    def _on_new_size(self, *_signal: object) -> None:
        # Textual's handler asks for the size itself: of two that interrupt each other the first
        # one tells last, and what it asked before (seen in a storm of sizes: the console stayed
        # as small as it had been in its midst).
        if not self._in_band_window_resize:
            self._loop.call_soon_threadsafe(self._tell_size)

    def _tell_size(self) -> None:
        size = Size(*self._get_terminal_size())
        self._app.post_message(events.Resize(size, size))

    def write(self, data: str) -> None:
        # The shape of the mouse's pointer (OSC 22): nothing where the mouse is not ours, but
        # letters and a bell on terminals that do not know it.
        if self.display is not None and (self._mouse or not data.startswith("\x1b]22;")):
            self.display.write(data)

    def stop_application_mode(self) -> None:
        if self.display is not None:
            self.display.end()
            self._await_answer(self.display)
        super().stop_application_mode()

    def _await_answer(self, display: Display) -> None:
        signalled = (self._app.return_code or 0) >= 128
        end = time.monotonic() + (LAST_OF_SIGNAL if signalled else LAST)
        reader = self._key_thread
        while display.unanswered and reader is not None and reader.is_alive():
            if time.monotonic() > end:
                return
            time.sleep(0.01)

    def close(self) -> None:
        super().close()
        display, self.display = self.display, None
        if display is not None and not display.outlet.close(LEAVE):
            # It does not read: the last words would wait for ever behind an old picture.
            display.outlet.drop()
            put_back(self._out, basic=self.BASIC)

    def run_input_thread(self) -> None:
        parser = XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("backslashreplace").decode
        answers, guard = Answers(), PasteGuard()
        while not self.exit_event.is_set():
            readable, _, _ = select.select([self.fileno], [], [], WAIT)
            now = time.monotonic()
            if readable:
                data = os.read(self.fileno, CHUNK)
                if not data:
                    # The terminal is gone; the watch on it ends the console (terminal.py). Not
                    # to be waited for: a hang-up brings a SIGCONT too, for which Textual starts
                    # a second reader, and only that one is told of the end.
                    return
                text = self._without_answers(answers, decode(data), now)
            else:
                text = answers.tick(now)
            text = guard.feed(text, now) if text else ""
            for event in parser.feed(text) if text else ():
                self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

    def _without_answers(self, answers: Answers, text: str, now: float) -> str:
        display = self.display
        text, found = answers.feed(text, now, due=display is not None and display.unanswered)
        for _ in range(found):
            if display is not None:
                display.answered()
        return text


class BasicDriver(GuardedDriver):
    """For terminals that print what they do not know: they are asked nothing, and as they may
    have no second screen to go back from, what was drawn is cleared away."""

    BASIC = True

    def write(self, data: str) -> None:
        if data.startswith(_CALL):
            data = "\x07"
        if data not in _UNKNOWN:
            super().write(data)

    def stop_application_mode(self) -> None:
        self.write(_CLEAR)
        super().stop_application_mode()
