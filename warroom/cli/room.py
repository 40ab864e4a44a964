"""What the commands that talk to an engine share."""

import asyncio
import os
from pathlib import Path

from warroom.attach.client import NoEngineError, ask
from warroom.attach.room import RoomPaths, room_paths
from warroom.config.find import find_config
from warroom.config.local import read_local
from warroom.errors import EngineError
from warroom.wire import Answer, Request


class RefusedError(EngineError):
    """The engine is there, and answered no."""


def find_room(config: str | None) -> RoomPaths:
    """The room of the configuration that is used here."""
    return room_paths(read_local(find_config(config, os.environ, Path.cwd())))


def ask_engine(paths: RoomPaths, request: Request, deadline: float = 15.0) -> Answer:
    """One request; raises ``EngineError`` without an engine, ``RefusedError`` when it says no."""
    try:
        answer = asyncio.run(ask(paths, request, deadline))
    except NoEngineError as error:
        raise EngineError(
            str(error), "warroom starts one; warroom logs tells how the last one ended"
        ) from error
    if not answer.ok:
        raise RefusedError(answer.message)
    return answer
