"""The screen as Textual draws it, sent as the terminal takes it.

What is drawn while the terminal has still to draw what it was sent is not queued: when there is
room again, what differs by then goes out, at most once for all of it.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

from rich.color import ColorSystem
from textual._compositor import CompositorUpdate, LayoutUpdate

from warroom.console.output.flow import ASK, Flow
from warroom.console.output.outlet import MINUTE, Outlet, Tally
from warroom.console.output.picture import Picture
from warroom.wire import TerminalStatus

SYNC = ("\x1b[?2026h", "\x1b[?2026l")
"""Around a frame that a terminal which can is to show at once (synchronized output)."""
CLEAR = "\x1b[H\x1b[2J"
LARGE = 512
"""Bytes from which on that is worth its bytes: a smaller one comes in one piece anyway."""
LITTLE = 64
"""Bytes of room that are not worth a portion."""


class Display:
    """One terminal's picture, on its way. All of it is called in the loop's thread but
    ``drained`` and ``answered``."""

    def __init__(
        self, fd: int, loop: asyncio.AbstractEventLoop, tally: Tally, *, mute: bool = False
    ) -> None:
        """``mute``: the terminal answers nothing, and is not to be asked."""
        self._loop = loop
        self._tally = tally
        self.outlet = Outlet(fd, self.drained, tally)
        self.flow = Flow(mute=mute)
        self._picture: Picture | None = None
        self._cursor = (0, 0)
        self._colours = ColorSystem.TRUECOLOR
        self._ahead: Sequence[int] = ()
        self._sync = False
        self._waits = False
        """Whether the newest frame was not sent whole."""
        self._quiet = False
        self._timer: asyncio.TimerHandle | None = None

    def show(
        self,
        update: CompositorUpdate,
        cursor: tuple[int, int],
        colours: ColorSystem,
        ahead: Sequence[int],
        *,
        sync: bool,
    ) -> None:
        """A new frame. ``ahead`` are the rows in which something is typed: they come first."""
        if isinstance(update, LayoutUpdate) and (
            self._picture is None or self._picture.size != update.region.size
        ):
            self._picture = Picture(*update.region.size)
        if self._picture is None:
            return
        self._picture.take(update)
        self._cursor, self._colours, self._ahead, self._sync = cursor, colours, ahead, sync
        self._tally.dropped += self._waits
        self._waits = True
        self._pump()

    def write(self, text: str) -> None:
        """What is no frame: modes, questions of Textual's own, a bell."""
        self.flow.wrote(len(text.encode()))
        self.outlet.write(text)

    def status(self, term: str, size: tuple[int, int]) -> TerminalStatus:
        """What was sent so far."""
        sent, minute = self.outlet.counted(now := time.monotonic())
        took = self.flow.took
        return TerminalStatus(
            term=term,
            columns=size[0],
            rows=size[1],
            sent=sent,
            per_second=round(minute / min(max(now - self._tally.since, 1.0), MINUTE), 1),
            drawn=self._tally.drawn,
            dropped=self._tally.dropped,
            answer_s=None if took is None else round(took, 3),
        )

    def forget(self) -> None:
        """Something else has written on the terminal, or its size was changed."""
        if self._picture is not None:
            self._picture.forget()

    def blank(self) -> None:
        """Nothing on the terminal, and nothing of before is sent any more: until the next frame
        that is drawn whole."""
        self._picture, self._waits = None, False
        self.write(CLEAR)

    def end(self) -> None:
        """Send no more frames."""
        self._quiet = True
        self._disarm()

    def drained(self) -> None:
        """All that was written was taken; from the outlet's thread."""
        self._soon(self._go_on)

    @property
    def unanswered(self) -> bool:
        """Whether an answer is on its way, as far as is known; from the driver's thread too."""
        return self.flow.waiting and not self.flow.blind

    def answered(self) -> None:
        """The terminal has answered; from the driver's thread."""
        self._soon(self._hear)

    def _soon(self, what: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what)

    def _go_on(self) -> None:
        self._arm()
        self._pump()

    def _hear(self) -> None:
        self.flow.answered(now := time.monotonic())
        self._disarm()
        self._pump()
        if not self._quiet and self.flow.asks(now):
            # Nothing was sent, for there was no room: what is on its way still must be heard of.
            self.outlet.write(ASK)
            self._arm()

    def _pump(self) -> None:
        """Send as much as there is room for."""
        if not self._waits or self._quiet or self._picture is None or not self.outlet.idle:
            return
        room = self.flow.room()
        text = self._picture.send(self._colours, room, self._ahead) if room > LITTLE else ""
        if not text and self._ahead and (room := self.flow.room(typed=True)) > LITTLE:
            text = self._picture.send(self._colours, room, self._ahead, only=True)
        self._waits = self._picture.owed
        if not self._waits:
            self._tally.drawn += 1
        if text:
            self._write(text)
        self._arm()

    def _write(self, text: str) -> None:
        x, y = self._cursor
        text = f"{text}\x1b[{y + 1};{x + 1}H"
        if self._sync and len(text) > LARGE:
            text = text.join(SYNC)
        self.flow.wrote(len(text.encode()))
        if self.flow.asks(time.monotonic()):
            text += ASK
        self.outlet.write(text)

    def _arm(self) -> None:
        """Look again when the terminal has not answered for too long."""
        due = self.flow.due(time.monotonic())
        if self._timer is None and due is not None:
            self._timer = self._loop.call_later(due, self._overdue)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _overdue(self) -> None:
        self._timer = None
        if not self.outlet.idle:
            return  # the kernel has not even taken the question: ``drained`` looks again
        if self.flow.overdue(time.monotonic()):
            self.outlet.write(ASK)
        self._arm()
        self._pump()
