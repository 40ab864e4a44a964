"""Waiting for something to become so: by looking, never by sleeping for a guessed time."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK = 0.01
"""Seconds between two looks, when a look costs nothing."""
SHARE = 3
"""How much longer than a look the pause after it is: who waits leaves the processor alone."""
LONGEST = 0.2


class NotInTimeError(AssertionError):
    """What was waited for did not come."""


def until(look: Callable[[], T], seconds: float = 20.0, explain: Callable[[], str] = str) -> T:
    """What ``look`` gives as soon as it is true; fails when it is not within ``seconds``.

    ``explain`` says how things stand then.
    """
    end = time.monotonic() + seconds
    while True:
        began = time.monotonic()
        if found := look():
            return found
        now = time.monotonic()
        if now > end:
            words = f"not within {seconds:g} s; the last look gave {found!r}"
            raise NotInTimeError(f"{words}\n{explain()}")
        time.sleep(min(max(LOOK, SHARE * (now - began)), LONGEST))


async def until_async(look: Callable[[], T], seconds: float = 5.0) -> T:
    """``until`` for a test that has a loop to keep running."""
    end = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        if time.monotonic() > end:
            raise NotInTimeError(f"not within {seconds:g} s; the last look gave {found!r}")
        await asyncio.sleep(LOOK)
