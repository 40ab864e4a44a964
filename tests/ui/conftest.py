"""Consoles of these tests are waited for by what they have to do, not by how warm they run."""

import asyncio
import time

import pytest

SOON = 0.02
"""Seconds; a timer that is due within them is waited for, as Textual's own pause would."""
BREATH = 0.003
"""Seconds in which threads and sockets may hand something over."""
IDLE = BREATH / 10
"""Seconds of processor time in a breath, below which no thread is at work."""


async def at_rest(min_sleep=0.0, max_sleep=1.0):
    """Wait until the loop has nothing to do, nor soon will have.

    In place of Textual's, which sleeps 20 ms and more at each key, and takes a process for idle
    that a busy machine does not let run. asyncio has no public word for what it has to do.
    """
    loop = asyncio.get_running_loop()
    begin = time.monotonic()
    while time.monotonic() - begin < max_sleep:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        used = time.process_time()
        await asyncio.sleep(BREATH)
        if loop._ready or time.process_time() - used > IDLE:
            continue
        due = (timer.when() for timer in loop._scheduled if not timer.cancelled())
        wait = min(due, default=float("inf")) - loop.time()
        if wait > SOON and time.monotonic() - begin >= min_sleep:
            return
        await asyncio.sleep(min(max(wait, 0.0), SOON))


@pytest.fixture(autouse=True)
def paused_at_rest(monkeypatch):
    """Every key and pause of a pilot."""
    for module in ("app", "pilot"):
        monkeypatch.setattr(f"textual.{module}.wait_for_idle", at_rest)
