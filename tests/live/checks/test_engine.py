"""Playbooks and checks of a real engine, through its socket: proposed, run, written down, ended."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from tests.live.checks.running import CANARY
from tests.live.rooms import Room, hello, room
from tests.live.watchers import Watcher
from tests.processes import alive
from tests.waiting import until_async
from warroom.attach.spawn import reach
from warroom.incident.following import Checked, Followed
from warroom.playbooks.standing import Proposal
from warroom.wire import (
    Answer,
    Board,
    Changed,
    GetPlaybooks,
    GetStatus,
    Grant,
    RunCheck,
    Stop,
    encode,
)

__all__ = ["room"]

CHECKS = """
[library]
built_in = false
[checks.look]
kind = "command"
title = "Look at it"
argv = ["/bin/sh", "-c", "echo with $TOKEN; touch begun; while [ -e hold ]; do sleep 0.02; done"]
env = { TOKEN = { file = "token" } }
[checks.long]
kind = "command"
argv = ["/bin/sh", "-c", "trap '' TERM; (sleep 60 & echo $! > a.pid; wait) & echo $! > b.pid; wait"]
"""
BOOK = """
[playbooks.slow]
title = "It is slow"
look = [{ text = "Look at it once", check = "look" }, { text = "Ask it now", probe = "api" }]
[[playbooks.slow.symptoms]]
signal = "api.load"
is = "> 500"
for = 2
"""


@pytest.fixture
def shop(room: Room) -> Room:
    """A room with a playbook, and checks that are given a secret."""
    token = room.folder / "token"
    token.write_text(CANARY)
    token.chmod(0o600)
    room.write("api", more=CHECKS + BOOK)
    return room


class Looker(Watcher):
    """Somebody attached, who keeps what the engine says of playbooks."""

    def __init__(self, connection) -> None:
        self.proposals: tuple[Proposal, ...] | None = None
        self.told = 0
        super().__init__(connection)

    async def _follow(self) -> None:
        async for message in self.connection.messages():
            if isinstance(message, Board | Changed) and message.proposals is not None:
                self.proposals = message.proposals
                self.told += 1
            with contextlib.suppress(AttributeError):
                self.state = self.state.taking(message, 0.0)

    @property
    def fitting(self) -> list[str]:
        return [one.playbook for one in self.proposals or ()]

    async def check(self, once: str = "", **more: str) -> Answer:
        return await self.ask(RunCheck(ref=0, once=once or self.once(), **more))


@contextlib.asynccontextmanager
async def looker(room: Room, want: Grant = "act", claimed: str = "") -> AsyncIterator[Looker]:
    found = Looker(await reach(room.paths, hello(want, claimed=claimed)))
    try:
        yield found
    finally:
        await found.close()


async def test_a_symptom_proposes_its_playbook_and_a_good_figure_takes_it_back(shop: Room) -> None:
    async with looker(shop) as ana:
        incident = await ana.declare()
        await until_async(lambda: ana.proposals == ())
        shop.tell("api", value=900.0)
        await until_async(lambda: ana.fitting == ["slow"])
        async with looker(shop) as bob:
            await until_async(lambda: bob.fitting == ["slow"])
        answer = await ana.post(incident, Followed(playbook="slow"))
        assert answer.ok, answer.message
        (followed,) = ana.incident(incident).playbooks
        assert "load" in followed.evidence[0]
        status = (await ana.ask(GetStatus(ref=0))).status
        assert status is not None
        assert [one.playbook for one in status.proposals] == ["slow"]
        shelf = (await ana.ask(GetPlaybooks(ref=0))).shelf
        assert shelf is not None
        assert [step.check or step.probe for step in shelf.playbooks[0].steps] == ["look", "api"]
        assert [one.holds for one in shelf.seen["slow"]] == ["holds"]
        shop.tell("api", value=1.0)
        await until_async(lambda: ana.fitting == [])
        entries = await ana.all_entries(incident)
        told = [e for e in entries if getattr(e.body, "what", "") == "proposed"]
        assert len(told) == 1


async def test_a_check_is_an_entry_and_its_secret_is_nowhere(shop: Room) -> None:
    async with looker(shop, claimed="ana") as ana:
        incident = await ana.declare()
        answer = await ana.check(check="look", incident=incident, playbook="slow", step="Look")
        assert answer.ok, answer.message
        assert answer.message.startswith("Look at it OK after")
        assert answer.text == "with ***"
        assert answer.entry is not None
        assert isinstance(answer.entry.body, Checked)
        assert answer.entry.body.output == ("with ***",)
        assert ana.incident(incident).checked["look"].ok
        shelf = await ana.ask(GetPlaybooks(ref=0))
        said = encode(answer) + encode(shelf) + encode(await ana.ask(GetStatus(ref=0)))
        assert CANARY.encode() not in said
    files = [path for path in shop.folder.rglob("*") if path.is_file() and path.name != "token"]
    assert any(path.suffix == ".log" for path in files)
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []


async def test_a_source_is_asked_now(shop: Room) -> None:
    async with looker(shop) as ana:
        shop.tell("api", value=42.0)
        answer = await ana.check(probe="api")
        assert answer.ok, answer.message
        assert answer.message.startswith("api OK")
        assert "load 42 ms" in answer.text
        shop.tell("api", fail="connection refused")
        answer = await ana.check(probe="api")
        assert "could not be asked: connection refused" in answer.message


async def test_whoever_leaves_leaves_it_running_and_finds_what_came_of_it(shop: Room) -> None:
    hold = shop.folder / "hold"
    hold.touch()
    async with looker(shop) as ana:
        incident = await ana.declare()
        asked = asyncio.create_task(ana.check("mine", check="look", incident=incident))
        await until_async((shop.folder / "begun").exists)
        async with looker(shop) as bob:
            refused = await bob.check(check="look")
            assert "is being run already" in refused.message
    asked.cancel()
    async with looker(shop) as ana:
        again = asyncio.create_task(ana.check("mine", check="look", incident=incident))
        hold.unlink()
        assert (await again).ok
        entries = await ana.all_entries(incident)
        assert sum(isinstance(entry.body, Checked) for entry in entries) == 1


async def test_who_may_only_watch_runs_none_and_a_locked_room_runs_them(shop: Room) -> None:
    shop.write("api", room="read_only = true\nlocked = true", more=CHECKS)
    async with looker(shop) as ana, looker(shop, "watch") as eve:
        assert (await ana.check(check="look")).ok
        refused = await eve.check(check="look")
        assert (refused.ok, refused.message) == (
            False, "this console may watch, this needs note",
        )  # fmt: skip
        assert (await eve.ask(GetPlaybooks(ref=0))).shelf is not None


def pids(folder: Path) -> list[int]:
    return [int(text) for path in folder.glob("*.pid") if (text := path.read_text().strip())]


@pytest.mark.parametrize("how", ["stop", pytest.param("SIGTERM", marks=pytest.mark.long)])
async def test_the_engines_end_leaves_nothing_of_it(shop: Room, how: str) -> None:
    async with looker(shop) as ana:
        incident = await ana.declare()
        asked = asyncio.create_task(ana.check(check="long", incident=incident))
        await until_async(lambda: len(pids(shop.folder)) == 2)
        engines = shop.engines()
        if how == "stop":
            await ana.ask(Stop(ref=0, force=True))
        else:
            engines[0].terminate()
        await until_async(lambda: not any(map(alive, pids(shop.folder))), 2.0)
        await until_async(lambda: not any(map(running, engines)), 5.0)
        await asyncio.wait([asked])
        asked.exception()
    async with looker(shop) as ana:
        (entry,) = [e.body for e in await ana.all_entries(incident) if isinstance(e.body, Checked)]
        assert entry.text == "not done: the engine ended meanwhile"


def running(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.long
async def test_an_engine_that_nobody_needs_stays_until_its_check_has_ended(shop: Room) -> None:
    hold = shop.folder / "hold"
    hold.touch()
    shop.write("api", room='linger = "300ms"', more=CHECKS)
    async with looker(shop) as ana:
        asked = asyncio.create_task(ana.check(check="look"))
        await until_async((shop.folder / "begun").exists)
    asked.cancel()
    with pytest.raises(AssertionError):
        await until_async(lambda: not shop.engines(), 1.0)
    hold.unlink()
    await until_async(lambda: not shop.engines(), 5.0)
