"""Canaries on loopback: whether the world can be seen, and what a failed poll then means."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import FakeClock, config, rule, settings
from tests.waiting import until_async
from warroom.clock import SystemClock
from warroom.config.masker import Masker
from warroom.config.settings import SourceSettings, VantageSettings
from warroom.engine.board import Board
from warroom.engine.vantage import Vantage, unanswered
from warroom.engine.watch import Watch
from warroom.errors import ProbeError
from warroom.measure.snapshot import GenericSeen, Signal
from warroom.sources.base import Context, Sample, Source


@contextmanager
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield server


def address(server: socket.socket) -> str:
    return f"127.0.0.1:{server.getsockname()[1]}"


def closed() -> str:
    with listening() as server:
        return address(server)


@contextmanager
def silent() -> Iterator[str]:
    """Takes no connection and refuses none: its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        waiting = []
        try:
            for _ in range(4):
                one = socket.socket()
                one.setblocking(False)
                one.connect_ex(server.getsockname())
                waiting.append(one)
            yield address(server)
        finally:
            for one in waiting:
                one.close()


def canaries(*addresses: str, timeout: str = "200ms", interval: str = "500ms") -> VantageSettings:
    return VantageSettings(canaries=addresses, timeout=timeout, interval=interval)  # type: ignore[arg-type]


async def test_one_canary_that_answers_is_enough_however_silent_the_other_is() -> None:
    with listening() as server, silent() as other:
        assert await unanswered(canaries(other, address(server), timeout="10s")) == ""


async def test_none_that_answers_is_told_with_each_reason() -> None:
    refused = closed()
    with silent() as other:
        words = await unanswered(canaries(refused, other))
    assert words.startswith("none of 2 canaries answers (127.0.0.1:")
    assert f"{other}: no answer within 200 ms" in words
    assert f"{refused}: connection refused" in words


class Flaky(Source):
    """Answers while ``up``; counts what it was told of its failures."""

    kind = "trick"
    Settings = SourceSettings

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self.up, self.blamed, self.asked = True, 0, 0
        made.append(self)

    async def sample(self) -> Sample:
        self.asked += 1
        if not self.up:
            raise ProbeError("connect", "no route to host")
        return Sample(GenericSeen(), (Signal(f"{self.name}.up", 1.0),))

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        self.blamed += 1
        return (Signal(f"{self.name}.up", 0.0),)

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.up": ""}


made: list[Flaky] = []


@asynccontextmanager
async def room(vantage: VantageSettings | None, **more: Any) -> AsyncIterator[tuple[Board, Flaky]]:
    """A room with one source ``web`` that a rule calls down at its first bad poll."""
    made.clear()
    down = rule("web is down", "web.up", polls=1, SEV1="< 1")
    clock, masker = SystemClock(), Masker()
    found = config(down, web=settings(**{"interval": "100ms", **more}))
    found.vantage = vantage
    board = Board(found, clock)
    watch = Watch(board, Context(clock, Path("/"), masker.add), clock, masker)
    await watch.apply(found, {"trick": Flaky})
    try:
        await until_async(lambda: board.views()[0].state == "UP")
        yield board, made[0]
    finally:
        await watch.close()


async def test_a_failure_while_cut_off_is_nobodys_fault() -> None:
    with listening() as one, listening() as two:
        async with room(canaries(address(one), address(two))) as (board, web):
            one.close()
            two.close()
            web.up = False
            await until_async(lambda: board.room().cut_off != "")
            asked = web.asked
            await until_async(lambda: web.asked > asked + 1)
            (view,) = board.views()
            assert (view.state, view.level, view.cause) == (
                "CAN'T SEE",
                "CAN'T SEE",
                "this room is cut off",
            )
            assert web.blamed == 0
            assert board.room().cause == "this room is cut off"
            assert [onset.source for onset in board.past().onsets] == [""]


async def test_what_still_answers_is_not_seen_either_and_all_is_asked_at_once_when_it_is_over() -> (
    None
):
    with listening() as one:
        port = one.getsockname()[1]
        async with room(canaries(address(one), closed())) as (board, web):
            one.close()
            await until_async(lambda: board.views()[0].state == "CAN'T SEE")
            assert web.up
            with socket.create_server(("127.0.0.1", port), reuse_port=False):
                await until_async(lambda: board.room().cut_off == "")
                await until_async(lambda: board.views()[0].state == "UP")
            assert all(step.level != "SEV1" for step in board.past().levels)


async def test_a_poll_that_was_under_way_while_cut_off_says_nothing_and_is_made_again_at_once() -> (
    None
):
    with listening() as one:
        port = one.getsockname()[1]
        async with room(canaries(address(one), closed()), interval="60s") as (board, web):
            asked, fails = asyncio.Event(), asyncio.Event()
            answers = web.sample

            async def hangs() -> Sample:
                web.sample = answers  # type: ignore[method-assign]
                asked.set()
                await fails.wait()
                raise ProbeError("connect", "no route to host")

            web.sample = hangs  # type: ignore[method-assign]
            one.close()
            await until_async(lambda: board.room().cut_off != "")
            with socket.create_server(("127.0.0.1", port), reuse_port=False):
                await until_async(asked.is_set)
            await until_async(lambda: board.room().cut_off != "")
            with socket.create_server(("127.0.0.1", port), reuse_port=False):
                await until_async(lambda: board.room().cut_off == "")
                fails.set()
                await until_async(lambda: board.views()[0].state == "UP")
            assert web.blamed == 0


@pytest.mark.parametrize("with_canaries", [True, False])
async def test_a_failure_with_the_world_in_sight_counts(*, with_canaries: bool) -> None:
    with listening() as server:
        vantage = canaries(address(server), closed()) if with_canaries else None
        async with room(vantage) as (board, web):
            web.up = False
            await until_async(lambda: board.views()[0].level == "SEV1")
            assert board.room().cut_off == ""


async def test_many_polls_that_fail_at_once_ask_the_canaries_once() -> None:
    with listening() as server:
        vantage = Vantage(SystemClock())
        await vantage.apply(canaries(address(server), closed(), interval="60s"))
        try:
            assert all(await asyncio.gather(*(vantage.proven() for _ in range(20))))
        finally:
            await vantage.close()
        server.settimeout(0.2)
        visits = 0
        while True:
            try:
                server.accept()[0].close()
            except TimeoutError:
                break
            visits += 1
    assert visits == 1


async def test_a_process_that_stood_still_itself_asks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, asked = FakeClock(), 0

    async def stands_still(settings: VantageSettings) -> str:
        nonlocal asked
        asked += 1
        clock.pass_(30 if asked == 1 else 0.2)
        return "none of 2 canaries answers" if asked == 1 else ""

    monkeypatch.setattr("warroom.engine.vantage.unanswered", stands_still)
    vantage = Vantage(clock)
    await vantage.apply(canaries("192.0.2.1:9", "198.51.100.1:9", interval="60s"))
    assert await vantage.proven()
    assert vantage.times == 0
    await vantage.close()


async def test_whoever_waits_is_answered_though_the_canaries_are_taken_away() -> None:
    with silent() as one, silent() as two:
        vantage = Vantage(SystemClock())
        await vantage.apply(canaries(one, two, interval="60s"))
        waiting = asyncio.create_task(vantage.proven())
        await asyncio.sleep(0)
        await vantage.apply(None)
        assert await waiting is False
        assert vantage.cut_off == ""  # of canaries that are not asked any more
        assert await vantage.proven()
        await vantage.close()
