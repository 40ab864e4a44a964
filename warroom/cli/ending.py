"""Ending an engine and seeing that it is gone."""

import asyncio
import os
import signal

from warroom import __version__, host
from warroom.attach.client import NoEngineError, OtherProtocolError, connect
from warroom.attach.room import RoomPaths
from warroom.cli.room import RefusedError
from warroom.errors import EngineError
from warroom.wire import PROTOCOL, Hello, Stop

LIMIT = 5.0
"""Seconds an engine has to be gone; it takes itself 2 at most."""


def end_engine(paths: RoomPaths, *, force: bool = False, restart: bool = False) -> str:
    """End the room's engine and wait until it is gone. What was done, or nothing when there
    is none. ``restart`` has the consoles start a new one.

    Raises ``RefusedError`` when the engine refuses, ``EngineError`` when it stays.
    """
    try:
        pid, message = asyncio.run(_ask(paths, Stop(ref=0, force=force, restart=restart)))
    except NoEngineError:
        return ""
    except OtherProtocolError as error:
        if error.pid is None:
            raise
        pid, message = error.pid, f"the engine of another version (pid {error.pid}) ends"
        _terminate(pid)
    if pid is not None and not host.await_end(pid, LIMIT):
        raise EngineError(
            f"the engine (pid {pid}) has not ended in {LIMIT:g} s", f"type: kill -9 {pid}"
        )
    return message.replace(" ends", " has ended")


async def _ask(paths: RoomPaths, stop: Stop) -> tuple[int | None, str]:
    hello = Hello(protocol=PROTOCOL, version=__version__, role="command")
    async with await connect(paths, hello) as connection:
        answer = await connection.request(stop)
        if not answer.ok:
            raise RefusedError(answer.message)
        return connection.peer.pid, answer.message


def _terminate(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
    except PermissionError as error:
        raise EngineError(f"the engine (pid {pid}) is another user's") from error
    except ProcessLookupError:
        return
