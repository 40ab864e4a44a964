"""Serves the consoles: hello, grant, board, requests. One task for each connection."""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable

import msgspec

from warroom import __version__, host
from warroom.clock import Clock
from warroom.engine.actions.actions import Actions
from warroom.engine.attached import Attached
from warroom.engine.board import Board, News
from warroom.engine.gate import Gate
from warroom.engine.incidents import Incidents
from warroom.engine.lens import Lens
from warroom.errors import EngineError
from warroom.text import safe
from warroom.wire import (
    HELLO_LIMIT,
    PROTOCOL,
    Answer,
    ConsoleStatus,
    EngineMessage,
    Goodbye,
    Hello,
    Request,
    Welcome,
    console_decoder,
    encode,
)

log = logging.getLogger("warroom.engine")

MOST = 100
"""Connections at once; a mistake in a script must not use up the descriptors."""

LAST_WORDS = 0.5
"""Seconds a connection has to take what is said to it at its end."""

Handler = Callable[[Attached, Request], Awaitable[Answer]]


class Server:
    """All connections of one engine. ``handler`` does what they ask."""

    def __init__(
        self,
        board: Board,
        incidents: Incidents,
        actions: Actions,
        gate: Gate,
        handler: Handler,
        clock: Clock,
        lens: Lens,
    ) -> None:
        self._lens = lens
        self._board, self._incidents, self._actions = board, incidents, actions
        self._gate, self._handler, self._clock = gate, handler, clock
        self._attached: set[Attached] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.occupied_changed = asyncio.Event()
        """Set whenever a console came or went, or an incident moved; for the one who asks whether
        the engine is still needed to clear."""

    def visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A new connection."""
        task = asyncio.create_task(self._serve(reader, writer), name="connection")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def consoles(self) -> int:
        """How many consoles are attached, commands not counted."""
        return sum(attached.role == "console" for attached in self._attached)

    def changed(self, news: News) -> None:
        for attached in self._attached:
            attached.changed(news)

    def incidents_changed(self, anew: bool) -> None:
        for attached in self._attached:
            attached.incidents(anew)
        self.occupied_changed.set()

    def actions_changed(self) -> None:
        for attached in self._attached:
            attached.actions()
        self.occupied_changed.set()

    def renewed(self) -> None:
        for attached in self._attached:
            attached.renewed(self._board.scale)

    def statuses(self) -> tuple[ConsoleStatus, ...]:
        now = self._clock.monotonic()
        return tuple(
            ConsoleStatus(
                user=attached.actor.person,
                uid=attached.actor.uid,
                attested=attached.actor.attested,
                granted=attached.granted,
                attached_s=round(max(0.0, now - attached.since), 1),
                terminal=attached.terminal,
            )
            for attached in sorted(self._attached, key=lambda a: a.since)
            if attached.role == "console"
        )

    async def close(self, goodbye: Goodbye) -> None:
        """Say goodbye to all and end every connection, within ``LAST_WORDS``."""
        for attached in self._attached:
            attached.dismiss(goodbye)
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=LAST_WORDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=LAST_WORDS)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        attached = None
        try:
            attached = await self._admit(reader, writer)
            self._attached.add(attached)
            self.occupied_changed.set()
            try:
                await self._converse(reader, attached)
            finally:
                self._attached.discard(attached)
                self._actions.gone(attached)
                self.occupied_changed.set()
                log.info("%s left", attached.actor.shown)
        except EngineError as error:
            log.warning("a connection was refused: %s", error)
            goodbye: EngineMessage = Goodbye(reason=str(error), restart=False)
            await _refuse(writer, (await attached.seen([goodbye]))[0] if attached else goodbye)
        except OSError as error:
            log.info("a connection broke: %s", error.strerror)
        finally:
            writer.transport.abort()

    async def _admit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Attached:
        if len(self._tasks) > MOST:
            raise EngineError(f"{MOST} connections are open already")
        connection: socket.socket = writer.get_extra_info("socket")
        peer = host.peer_of(connection)
        hello = await _hello(reader)
        actor, granted = await self._gate.admit(peer, hello)
        self._lens.met(actor)
        lens = self._lens if hello.share else None
        attached = Attached(writer, actor, granted, hello.role, self._clock.monotonic(), lens)
        welcome = Welcome(
            protocol=PROTOCOL,
            version=__version__,
            pid=os.getpid(),
            granted=granted,
            actor=actor,
            scale=self._board.scale,
            shared=hello.share,
        )
        writer.write(encode((await attached.seen([welcome]))[0]))
        log.info("%s attached as %s to %s", actor.shown, hello.role, granted)
        return attached

    async def _converse(self, reader: asyncio.StreamReader, attached: Attached) -> None:
        """Listen and tell until either ends; what a request left running ends with it."""
        requests: set[asyncio.Task[None]] = set()
        listening = asyncio.create_task(self._listen(reader, attached, requests))
        telling = asyncio.create_task(attached.tell(self._board, self._incidents, self._actions))
        both = (listening, telling)
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                await task
        finally:
            for task in (*both, *requests):
                task.cancel()
            await asyncio.gather(*both, *requests, return_exceptions=True)

    async def _listen(
        self,
        reader: asyncio.StreamReader,
        attached: Attached,
        requests: set[asyncio.Task[None]],
    ) -> None:
        decoder = console_decoder()
        while line := await _line(reader):
            try:
                message = decoder.decode(attached.real(line))
            except msgspec.DecodeError as error:
                raise EngineError("that was no message of this protocol") from error
            if isinstance(message, Hello):
                raise EngineError("a hello comes once")
            await attached.slot()
            task = asyncio.create_task(self._answer(attached, message))
            requests.add(task)
            task.add_done_callback(requests.discard)

    async def _answer(self, attached: Attached, request: Request) -> None:
        try:
            answer = await self._handler(attached, request)
        except Exception:
            log.exception("a request failed: %s", type(request).__name__)
            words = "the engine failed at it; see: warroom logs"
            answer = Answer(ref=request.ref, ok=False, message=words)
        attached.answer(answer)


async def _hello(reader: asyncio.StreamReader) -> Hello:
    try:
        async with asyncio.timeout(HELLO_LIMIT):
            line = await _line(reader)
    except TimeoutError as error:
        raise EngineError(f"no hello within {HELLO_LIMIT:g} s") from error
    if not line:
        raise ConnectionResetError(None, "it hung up before its hello")
    try:
        first = msgspec.json.decode(line, type=_FirstWord)
        if first.type == "hello" and first.protocol != PROTOCOL:
            raise EngineError(
                f"you are warroom {safe(first.version, 20)} with protocol {first.protocol}, "
                f"this engine is warroom {__version__} with protocol {PROTOCOL}; "
                "type: warroom restart"
            )
        return msgspec.json.decode(line, type=Hello)
    except msgspec.DecodeError as error:
        raise EngineError("that was no hello") from error


class _FirstWord(msgspec.Struct):
    """What a hello of any protocol says."""

    type: str = ""
    protocol: int = 0
    version: str = "?"


async def _line(reader: asyncio.StreamReader) -> bytes:
    """One line; empty at the end, where a half line counts for nothing."""
    try:
        line = await reader.readline()
    except ValueError as error:  # how a StreamReader says that its limit was passed
        raise EngineError("that line is too long") from error
    return line if line.endswith(b"\n") else b""


async def _refuse(writer: asyncio.StreamWriter, goodbye: EngineMessage) -> None:
    with contextlib.suppress(OSError, TimeoutError):
        writer.write(encode(goodbye))
        async with asyncio.timeout(LAST_WORDS):
            await writer.drain()
            writer.close()
            await writer.wait_closed()
