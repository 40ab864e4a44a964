"""The Unix socket: made safely, and made anew when somebody removes it."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path

from warroom import host
from warroom.attach.room import RoomPaths
from warroom.errors import RoomError
from warroom.wire import REQUEST_LIMIT

log = logging.getLogger("warroom.engine")

LOOK = 0.5
"""Seconds between looks at the socket's file."""

Visitor = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]


class Door:
    """The room's socket. Whoever opens it must hold the room's lock: it replaces what is there."""

    def __init__(self, paths: RoomPaths, visitor: Visitor) -> None:
        self._paths, self._visitor = paths, visitor
        self._server: asyncio.Server | None = None
        self._file: os.stat_result | None = None

    async def open(self) -> None:
        """Listen; raises ``RoomError`` when the folder is not fit or the socket not to be made."""
        self._paths.prepare()
        try:
            listening = _listen(self._paths)
        except OSError as error:
            raise RoomError(
                f"{self._paths.socket} cannot be made: {error.strerror}",
                f"look at the folder: ls -ld {host.quote(self._paths.socket.parent)}",
            ) from error
        before = self._server
        self._server = await asyncio.start_unix_server(
            self._visitor, sock=listening, limit=REQUEST_LIMIT
        )
        self._file = os.lstat(self._paths.socket)
        if before is not None:
            before.close()

    async def guard(self) -> None:
        """Make the socket anew for as long as this runs; consoles attached stay attached."""
        told = ""
        while True:
            await asyncio.sleep(LOOK)
            if self._is_there():
                continue
            try:
                await self.open()
                log.warning("the socket was gone; it is made anew: %s", self._paths.socket)
                told = ""
            except RoomError as error:
                if str(error) != told:
                    log.error("%s", error)
                told = str(error)

    def close(self) -> None:
        """Stop listening and remove the socket, if it is still ours."""
        if self._server is not None:
            self._server.close()
        if self._is_there():
            os.unlink(self._paths.socket)

    def _is_there(self) -> bool:
        try:
            there = os.lstat(self._paths.socket)
        except OSError:
            return False
        return self._file is not None and os.path.samestat(there, self._file)


def _listen(paths: RoomPaths) -> socket.socket:
    """A listening socket at the room's path, with its modes set before anybody can see it.

    Bound under another name and moved into place: it replaces a stale one in one step, and
    needs no umask, which is the whole process's.
    """
    group = host.group_id(paths.group) if paths.group else None
    draft = paths.socket.with_name(f".{os.getpid()}")
    _remove(draft)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.bind(os.fspath(draft))
        if group is not None:
            os.chown(draft, -1, group)
        os.chmod(draft, 0o600 if group is None else 0o660)
        listening.listen(100)
        os.rename(draft, paths.socket)
    except OSError:
        listening.close()
        _remove(draft)
        raise
    return listening


def _remove(path: Path) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
