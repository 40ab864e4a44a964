"""Asking a terminal what it is: short, in raw mode, and put back as it was whatever happens."""

import contextlib
import os
import re
import select
import signal
import termios
import time
import tty
from collections.abc import Iterator
from types import FrameType

from warroom.cli.diagnosis.facts import Replies
from warroom.text import safe

LIMIT = 1.0
"""Seconds for all answers together: twice what a bad mobile link needs."""
_QUESTIONS = b"\x1b[>0q\x1b[?2026$p\x1b]11;?\x1b\\\x1b[c"
"""XTVERSION, DECRQM of mode 2026, OSC 11; DA1 last, which every terminal since the VT100 answers:
once it has come, what has not come never will (xterm's ctlseqs)."""
_DA1 = re.compile(rb"\x1b\[\?[0-9;]*c")
_NAME = re.compile(rb"\x1bP>\|([^\x1b]{1,80})\x1b\\")
_MODE = re.compile(rb"\x1b\[\?2026;([0-4])\$y")
_GROUND = re.compile(rb"\x1b\]11;rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})", re.I)
_MOST = 4096


def ask(descriptor: int, limit: float = LIMIT) -> Replies:
    """What the terminal says within ``limit`` seconds. What was typed meanwhile is lost.

    Not for a process in the background, which would be stopped for it. Raises ``OSError`` and
    ``termios.error`` when the terminal goes away.
    """
    with _raw(descriptor):
        began = time.monotonic()
        os.write(descriptor, _QUESTIONS)
        said, seconds = _heard(descriptor, began, limit)
    return understood(said, seconds)


def understood(said: bytes, seconds: float | None) -> Replies:
    """What these bytes mean. Pure."""
    name, mode, ground = _NAME.search(said), _MODE.search(said), _GROUND.search(said)
    return Replies(
        seconds=seconds,
        name=safe(name[1].decode("utf-8", "replace"), 60) if name else "",
        light=_is_light(ground) if ground else None,
        synchronised=mode[1] not in (b"0", b"4") if mode else None,
    )


def _heard(descriptor: int, began: float, limit: float) -> tuple[bytes, float | None]:
    said = b""
    while len(said) < _MOST:
        left = began + limit - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            break
        data = os.read(descriptor, _MOST)
        if not data:
            break
        said += data
        if _DA1.search(said):
            return said, time.monotonic() - began
    return said, None


def _is_light(ground: re.Match[bytes]) -> bool:
    """By the eye's weights of red, green and blue (ITU-R BT.601)."""
    weights = (0.299, 0.587, 0.114)
    parts = [int(part, 16) / float(16 ** len(part) - 1) for part in ground.groups()]
    return sum(weight * part for weight, part in zip(weights, parts, strict=True)) > 0.5


@contextlib.contextmanager
def _raw(descriptor: int) -> Iterator[None]:
    """No echo and no lines; Ctrl-C stays a signal. Answers that come late are thrown away."""
    before = termios.tcgetattr(descriptor)
    with _signals():
        try:
            tty.setcbreak(descriptor, termios.TCSADRAIN)
            yield
        finally:
            termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """An end comes as an exception, so that the terminal is put back; nobody stops us meanwhile."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    kept = {
        number: signal.signal(number, end)
        for number in (signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    kept[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
