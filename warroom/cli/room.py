"""What the commands that talk to an engine share."""

import asyncio
import os
from pathlib import Path

from warroom.attach.client import NoEngineError, ask
from warroom.attach.room import RoomPaths, room_paths
from warroom.cli.printing import tell
from warroom.config.find import find_config
from warroom.config.local import (
    DEFAULT_PAGES,
    LocalConfig,
    LocalConsole,
    read_local,
    read_room,
)
from warroom.errors import EXIT_REFUSED, ConfigError, EngineError
from warroom.wire import Answer, Request


class RefusedError(EngineError):
    """The engine is there, and answered no: nothing was done."""

    exit_code = EXIT_REFUSED


def find_room(config: str | None) -> RoomPaths:
    """The room of the configuration that is used here."""
    return room_paths(read_local(find_config(config, os.environ, Path.cwd())))


def find_running(config: str | None) -> RoomPaths:
    """As ``find_room``; an engine that runs is found although its file was broken since.

    What is wrong with the file is said. Raises ConfigError when there is no such engine.
    """
    path = find_config(config, os.environ, Path.cwd())
    try:
        return room_paths(read_local(path))
    except ConfigError as error:
        room = read_room(path)
        if room is None:
            raise
        paths = room_paths(LocalConfig(path, room, LocalConsole(), {}, DEFAULT_PAGES))
        if not paths.socket.exists():
            raise
        tell(f"warroom: {error.explain()}")
        return paths


def ask_engine(
    paths: RoomPaths, request: Request, deadline: float = 15.0, *, share: bool = False
) -> Answer:
    """One request, answered masked with ``share``; raises ``EngineError`` without an engine,
    ``RefusedError`` when it says no."""
    try:
        answer = asyncio.run(ask(paths, request, deadline, share=share))
    except NoEngineError as error:
        raise EngineError(
            str(error), "warroom starts one; warroom logs tells how the last one ended"
        ) from error
    if not answer.ok:
        raise RefusedError(answer.message)
    return answer
