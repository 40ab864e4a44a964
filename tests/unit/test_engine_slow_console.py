"""A console that does not read: it gets the newest when it does, and costs nothing until then."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.fakes import FakeClock, config, seen, settings
from tests.waiting import until_async
from warroom.config.masker import Masker
from warroom.console.state import RoomState
from warroom.engine.actions.actions import Actions
from warroom.engine.attached import AT_ONCE, Attached
from warroom.engine.board import Board
from warroom.engine.gate import Gate
from warroom.engine.incidents import Incidents
from warroom.engine.lens import Lens
from warroom.engine.server import Server
from warroom.errors import JournalError
from warroom.incident.actor import WARROOM
from warroom.incident.entries import Declared, Entry, Note
from warroom.journal.store import Store
from warroom.measure.snapshot import Signal
from warroom.playbooks.standing import Proposal
from warroom.wire import (
    NEWEST,
    PROTOCOL,
    Answer,
    Changed,
    EngineMessage,
    GetStatus,
    Hello,
    Request,
    Timeline,
    encode,
    engine_decoder,
)
from warroom.wire import (
    Board as BoardMessage,
)

SOURCES = 50
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


async def no_hands(config: Any, views: Any) -> dict[str, Any]:
    return {}


def no_journal() -> Store:
    raise JournalError("there is none")


def entry(seq: int) -> Entry:
    body = Declared(title="x", started=NOON) if seq == 1 else Note(text="x" * 1_000)
    return Entry(
        seq=seq, incident="I", number=seq, happened=NOON, written=NOON, actor=WARROOM, body=body
    )


def proposal(score: int) -> Proposal:
    return Proposal(
        playbook="mail", title="Mail", evidence=("x" * 400,), score=score, share=1.0, since=NOON
    )


class Scene:
    """A server with one connection, whose other end a test holds and need not read."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.config = config(**{f"s{i}": settings() for i in range(SOURCES)})
        self.board = Board(self.config, self.clock)
        names = self.config.sources
        self.board.configure(self.config, {name: {f"{name}.x": ""} for name in names}, set())
        self.handled = 0
        self.incidents = Incidents(
            self.board, self.clock, no_journal, lambda anew: None, lambda words: None
        )
        self.actions = Actions(self.board, self.clock, self.incidents, no_hands, str, lambda: None)
        self.actions.configure(self.config)
        self.server = Server(
            self.board,
            self.incidents,
            self.actions,
            Gate(group=False),
            self._handle,
            self.clock,
            Lens(Masker()),
        )
        self.board.tell(self.server.changed)
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX)

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_unix_connection(sock=self.theirs, limit=65536)
        self.server.visit(self.reader, self.writer)
        self.ours.setblocking(False)
        loop = asyncio.get_running_loop()
        hello = Hello(protocol=PROTOCOL, version="0")
        await loop.sock_sendall(self.ours, encode(hello))
        await until_async(lambda: self.server.consoles == 1)

    async def _handle(self, attached: Attached, request: Request) -> Answer:
        self.handled += 1
        return Answer(ref=request.ref, ok=True, message="x" * 10_000)

    def poll_all(self, value: float) -> None:
        for name in self.board.names:
            self.board.take(name, seen(self.clock, Signal(f"{name}.x", value)), 0)

    async def read(self, count: int) -> list[EngineMessage]:
        """The next messages, from the oldest that the kernel still holds."""
        found: list[EngineMessage] = []
        async for message in self.messages():
            found.append(message)
            if len(found) == count:
                break
        return found

    async def messages(self) -> AsyncIterator[EngineMessage]:
        """What comes, from the oldest that the kernel still holds."""
        reader, writer = await asyncio.open_unix_connection(sock=self.ours, limit=1 << 24)
        try:
            while line := await reader.readline():
                yield engine_decoder().decode(line)
        finally:
            writer.close()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    made = Scene()
    await made.open()
    yield made
    made.writer.transport.abort()
    made.ours.close()
    await until_async(lambda: made.server.consoles == 0)


async def test_what_waits_for_one_that_does_not_read_is_bounded(scene: Scene) -> None:
    for value in range(200):
        scene.poll_all(float(value))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    # 200 rounds of 50 views are over 10 MB; one message of them is some 100 kB.
    assert scene.writer.transport.get_write_buffer_size() < 500_000
    messages = await scene.read(12)
    changes = [message for message in messages if isinstance(message, Changed)]
    newest = {view.name: view for change in changes for view in change.sources}
    assert len(newest) == SOURCES
    assert {view.signals[0].value for view in newest.values()} == {199.0}
    assert sum(len(change.sources) for change in changes) < 20 * SOURCES


async def test_entries_wait_for_one_that_does_not_read_within_bounds(scene: Scene) -> None:
    book = scene.incidents.book
    for seq in range(1, 5_001):
        book.take(entry(seq))
        scene.server.incidents_changed(False)
        if seq % 100 == 0:
            await asyncio.sleep(0)
    state = RoomState()
    async for message in scene.messages():
        if isinstance(message, Timeline):
            state = state.taking(message, 0.0)
            assert len(message.entries) <= NEWEST
        if state.entries.get("I", ()) and state.entries["I"][-1].seq == 5_000:
            break
    known = state.entries["I"]
    assert [one.number for one in known] == list(range(known[0].number, 5_001))
    assert len(known) >= NEWEST


async def test_of_what_fits_one_that_does_not_read_gets_the_newest(scene: Scene) -> None:
    for score in range(1, 5_001):
        scene.board.propose((proposal(score),))
        if score % 100 == 0:
            await asyncio.sleep(0)
    told = []
    async with asyncio.timeout(10):
        async for message in scene.messages():
            if isinstance(message, BoardMessage | Changed) and message.proposals is not None:
                told.append(message.proposals)
            if told and told[-1] and told[-1][0].score == 5_000:
                break
    assert len(told) < 60


async def test_a_console_that_comes_later_finds_what_fits_and_is_told_when_nothing_does(
    scene: Scene,
) -> None:
    scene.board.propose((proposal(7),))
    scene.server.renewed()
    scene.poll_all(1.0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    scene.board.propose(())
    told = []
    async with asyncio.timeout(10):
        async for message in scene.messages():
            if isinstance(message, BoardMessage | Changed):
                told.append(message.proposals)
            if isinstance(message, Changed) and message.proposals == ():
                break
    assert (proposal(7),) in told


async def test_one_that_asks_and_does_not_listen_is_not_asked_on_forever(scene: Scene) -> None:
    loop = asyncio.get_running_loop()
    lines = b"".join(encode(GetStatus(ref=ref)) for ref in range(500))
    asking = asyncio.create_task(loop.sock_sendall(scene.ours, lines))
    # The kernel's buffer takes some 200 kB of answers; then AT_ONCE more are worked on.
    await until_async(lambda: scene.writer.transport.get_write_buffer_size() > 0)
    for _ in range(50):
        await asyncio.sleep(0)
    assert scene.handled < 100 + AT_ONCE
    assert scene.writer.transport.get_write_buffer_size() < 500_000
    asking.cancel()
