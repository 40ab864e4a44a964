"""Without a screen: one line for each change of level, no escape codes.

For ``warroom > file``, cron, a serial line, ``TERM=dumb``.
"""

import asyncio
import contextlib
import select
import sys
import threading
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime

from warroom.attach.room import RoomPaths
from warroom.attach.spawn import reach
from warroom.clock import Clock
from warroom.console.state import RoomState
from warroom.errors import EXIT_BROKEN_PIPE, EngineError
from warroom.severity import OK
from warroom.text import safe, safe_lines
from warroom.wire import Board, Changed, Goodbye, Hello, Welcome

AGAIN = 1.0
"""Seconds before a lost engine is looked for again."""


def changes(before: RoomState, after: RoomState, now: datetime) -> list[str]:
    """The lines that tell how ``after`` differs; the first board tells every source."""
    known = {view.name: (view.level, view.state) for view in before.sources}
    stamp = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    lines = []
    for view in after.sources:
        if known.get(view.name) == (view.level, view.state):
            continue
        reason = f": {safe(view.cause, 400)}" if view.cause and view.level != OK else ""
        level = view.level if view.level == view.state else f"{view.level} {view.state}"
        lines.append(f"{stamp} {safe(level, 60)} {safe(view.title, 40)}{reason}")
    fresh = set(after.room.problems if after.room else ()) - set(
        before.room.problems if before.room else ()
    )
    lines.extend(f"{stamp} PROBLEM {safe(problem, 500)}" for problem in sorted(fresh))
    return lines


async def follow(paths: RoomPaths, hello: Hello, clock: Clock, out: Callable[[str], None]) -> None:
    """Print changes until cancelled or the engine is stopped on purpose.

    Raises ``EngineError`` when there is no engine to begin with.
    """
    state = RoomState()
    ever = False
    while True:
        try:
            async with await reach(paths, hello) as connection:
                if connection.welcome.shared and not ever:
                    out("SHARED: names are masked")
                ever = True
                state = state.taking(connection.welcome, clock.monotonic())
                async for message in connection.messages():
                    if isinstance(message, Goodbye) and not message.restart:
                        out(f"{clock.now():%Y-%m-%dT%H:%M:%SZ} {message.reason}")
                        return
                    if isinstance(message, (Welcome, Board, Changed)):
                        after = state.taking(message, clock.monotonic())
                        for line in changes(state, after, clock.now()):
                            out(line)
                        state = after
                reason = connection.lost
        except EngineError as error:
            if not ever:
                raise
            reason = str(error)
        lost = state.losing(reason)
        for line in changes(state, lost, clock.now()):
            out(line)
        state = lost
        await asyncio.sleep(AGAIN)


def run(paths: RoomPaths, hello: Hello, clock: Clock) -> int:
    """``follow`` on standard output, until it ends or nobody reads any more; the exit code."""

    def out(line: str) -> None:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(safe_lines(line).encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()

    return asyncio.run(_while_read(follow(paths, hello, clock, out)))


async def _while_read(following: Coroutine[None, None, None]) -> int:
    """Run it until it ends, or until the reader of standard output has gone.

    In a calm room nothing is written for hours: a closed pipe would not be noticed, and the
    engine would be kept alive for nobody.
    """
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    watch = threading.Thread(target=_wait_gone, args=(loop, gone), daemon=True)
    watch.start()
    follower = asyncio.ensure_future(following)
    reader = asyncio.create_task(gone.wait())
    await asyncio.wait((follower, reader), return_when=asyncio.FIRST_COMPLETED)
    if follower.done():
        reader.cancel()
        follower.result()
        return 0
    follower.cancel()
    await asyncio.wait((follower,))
    return EXIT_BROKEN_PIPE


def _wait_gone(loop: asyncio.AbstractEventLoop, gone: asyncio.Event) -> None:
    """In a thread: a poll for no events wakes when the other end is closed, and only then."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    poll.poll()
    with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
        loop.call_soon_threadsafe(gone.set)
