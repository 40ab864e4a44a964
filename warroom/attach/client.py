"""A console's or a command's end of the socket."""

import asyncio
import contextlib
import itertools
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from warroom import __version__, host
from warroom.attach.lock import read_note
from warroom.attach.room import RoomPaths
from warroom.errors import EngineError, RoomError
from warroom.wire import (
    LINE_LIMIT,
    PROTOCOL,
    REQUEST_LIMIT,
    SILENCE,
    Answer,
    ConsoleMessage,
    EngineMessage,
    Goodbye,
    Hello,
    Request,
    Welcome,
    encode,
    engine_decoder,
)

WELCOME_LIMIT = 5.0
"""Seconds an engine has to answer a hello."""

GRACE = 0.2
"""Seconds more than ``SILENCE``: after a stall of our own, what has come in is read first."""

BACKLOG = 64
"""Messages kept for one who does not take them; then the engine is left to coalesce."""


class NoEngineError(EngineError):
    """Nobody listens: there is no engine, or it is just starting or ending."""


class OtherProtocolError(EngineError):
    """The engine is of a version that speaks otherwise. ``pid`` is its process."""

    def __init__(self, engine: str, pid: int | None) -> None:
        super().__init__(
            f"the engine {engine}, this is warroom {__version__} with protocol {PROTOCOL}",
            "type: warroom restart",
        )
        self.pid = pid


class Connection:
    """One open connection. Made by ``connect``; close it, or use it as ``async with``."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        welcome: Welcome,
        peer: host.Peer,
    ) -> None:
        self.welcome = welcome
        self.peer = peer
        self.lost = ""
        """Why the connection ended, in words; empty while it stands."""
        self._reader, self._writer = reader, writer
        self._decoder = engine_decoder()
        self._refs = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Answer]] = {}
        self._inbox: asyncio.Queue[EngineMessage | None] = asyncio.Queue(BACKLOG)
        self._task = asyncio.create_task(self._read(), name="warroom-connection")

    async def receive(self) -> EngineMessage | None:
        """The next message but answers, which go to who asked. None at the end; see ``lost``.

        An engine that is silent for ``SILENCE`` seconds counts as lost.
        """
        if self.lost and self._inbox.empty():
            return None
        return await self._inbox.get()

    async def messages(self) -> AsyncIterator[EngineMessage]:
        """All messages until the end."""
        while (message := await self.receive()) is not None:
            yield message

    async def send(self, message: ConsoleMessage) -> None:
        """Say one thing. Raises ``EngineError`` when the engine is gone."""
        line = encode(message)
        if len(line) > REQUEST_LIMIT:
            raise EngineError(f"a message of {len(line)} bytes is too long for the engine")
        if self.lost:
            raise EngineError(self.lost)
        try:
            self._writer.write(line)
            await self._writer.drain()
        except OSError as error:
            raise EngineError(f"the engine is gone: {error.strerror}") from error

    async def request(self, request: Request, deadline: float = 15.0) -> Answer:
        """Ask, and wait for the answer; the ``ref`` is chosen here.

        Raises ``EngineError`` when none comes in ``deadline`` seconds or the engine goes.
        """
        ref = next(self._refs)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked[ref] = answer
        try:
            async with asyncio.timeout(deadline):
                await self.send(msgspec.structs.replace(request, ref=ref))
                return await answer
        except TimeoutError as error:
            raise EngineError(f"the engine has not answered for {deadline:g} s") from error
        finally:
            del self._asked[ref]

    def hang_up(self) -> None:
        """Take nothing more: who reads the messages finds their end, who asked is told so."""
        self._task.cancel()

    async def close(self) -> None:
        """Hang up. Safe to call twice."""
        self._task.cancel()
        await asyncio.wait((self._task,))
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def __aenter__(self) -> "Connection":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _read(self) -> None:
        reason = "this connection was closed"
        try:
            while (message := await self._next()) is not None:
                if isinstance(message, Answer):
                    asked = self._asked.get(message.ref)
                    if asked is not None and not asked.done():
                        asked.set_result(message)
                else:
                    await self._inbox.put(message)
            reason = "the engine is gone"
        except (TimeoutError, OSError, ValueError, msgspec.DecodeError) as error:
            reason = _loss(error)
        finally:
            self._end(reason)

    async def _next(self) -> EngineMessage | None:
        try:
            async with asyncio.timeout(SILENCE):
                line = await self._reader.readline()
        except TimeoutError:
            # The silence may be our own: a loop that stood still finds its timer and its
            # data due at once, and the timer comes first.
            async with asyncio.timeout(GRACE):
                line = await self._reader.readline()
        return self._decoder.decode(line) if line.endswith(b"\n") else None

    def _end(self, reason: str) -> None:
        self.lost = reason
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(EngineError(reason))
        if self._inbox.full():
            self._inbox.get_nowait()
        self._inbox.put_nowait(None)


def _loss(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"the engine has said nothing for {SILENCE:g} s"
    if isinstance(error, OSError):
        return f"the engine is gone: {error.strerror}"
    return "the engine sent what this version cannot read"


async def connect(paths: RoomPaths, hello: Hello) -> Connection:
    """Say hello to the room's engine.

    Raises ``NoEngineError`` when nobody listens, ``OtherProtocolError`` when it is of another
    version, ``EngineError`` when it refuses us, ``RoomError`` when the folder is not to be
    trusted.
    """
    owner = paths.check()
    if owner is None:
        raise NoEngineError(f"no engine runs for {paths.config}")
    reader, writer = await _open(paths)
    connection: socket.socket = writer.get_extra_info("socket")
    peer = host.peer_of(connection)
    try:
        if peer.uid not in (owner, 0):
            raise EngineError(f"{paths.socket} is held by {host.user_name(peer.uid)}")
        welcome = await _greet(reader, writer, hello, peer)
    except BaseException:
        writer.close()
        raise
    return Connection(reader, writer, welcome, peer)


async def _open(paths: RoomPaths) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The room's socket; failing that, the one the engine's note names.

    They differ where two log-ins of one person have different runtime folders.
    """
    note = read_note(paths)
    places = [paths.socket]
    if note is not None and os.fspath(paths.socket) != note.socket:
        places.append(Path(note.socket))
    for place in places:
        try:
            return await asyncio.open_unix_connection(place, limit=LINE_LIMIT)
        except (FileNotFoundError, ConnectionRefusedError):
            continue
        except OSError as error:
            raise RoomError(f"{place}: {error.strerror}", paths.who_may) from error
    raise NoEngineError(f"no engine runs for {paths.config}")


async def _greet(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hello: Hello, peer: host.Peer
) -> Welcome:
    writer.write(encode(hello))
    try:
        async with asyncio.timeout(WELCOME_LIMIT):
            line = await reader.readline()
    except TimeoutError as error:
        raise EngineError(f"the engine (pid {peer.pid}) does not answer") from error
    except OSError as error:
        raise NoEngineError(f"the engine hung up: {error.strerror}") from error
    if not line.endswith(b"\n"):
        raise NoEngineError("the engine hung up")
    return _first_word(line, peer)


class _AnyFirst(msgspec.Struct):
    """What the first line of any protocol says, whatever else it holds."""

    type: str = ""
    protocol: int = 0
    version: str = "?"
    reason: str = ""


def _first_word(line: bytes, peer: host.Peer) -> Welcome:
    try:
        first = msgspec.json.decode(line, type=_AnyFirst)
        if first.protocol not in (0, PROTOCOL):
            raise OtherProtocolError(
                f"is warroom {first.version} with protocol {first.protocol}", peer.pid
            )
        message = engine_decoder().decode(line)
    except msgspec.DecodeError as error:
        raise OtherProtocolError("speaks otherwise", peer.pid) from error
    if isinstance(message, Welcome):
        return message
    reason = message.reason if isinstance(message, Goodbye) else "it says something else first"
    raise EngineError(f"the engine refused: {reason}")


async def ask(
    paths: RoomPaths, request: Request, deadline: float = 15.0, *, share: bool = False
) -> Answer:
    """Connect as a command, ask one thing, hang up; with ``share`` the answer is masked."""
    hello = Hello(protocol=PROTOCOL, version=__version__, role="command", share=share)
    async with await connect(paths, hello) as connection:
        return await connection.request(request, deadline)
