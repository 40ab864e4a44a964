"""Incidents through a real engine: two consoles, engines that come and go, and who may what."""

import asyncio
import os
import signal
import stat
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.live.rooms import Room, hello, room
from tests.live.watchers import Watcher
from tests.waiting import until, until_async
from warroom.attach.client import connect
from warroom.console.state import RoomState
from warroom.incident.entries import Note, Role, Severity, Status
from warroom.wire import NEWEST, GetIncidents, Timeline

__all__ = ["room"]


@pytest_asyncio.fixture
async def ana(room: Room) -> AsyncIterator[Watcher]:
    watcher = await Watcher.at(room, claimed="ana")
    yield watcher
    await watcher.close()


async def test_two_consoles_see_the_same(room: Room, ana: Watcher) -> None:
    bob = await Watcher.at(room, claimed="bob")
    name = await ana.declare(level="SEV1")
    await asyncio.gather(
        *(ana.post(name, Note(text=f"ana {n}")) for n in range(30)),
        *(bob.post(name, Note(text=f"bob {n}")) for n in range(30)),
        bob.post(name, Status(status="Mitigating")),
        ana.post(name, Role(role="commander", person="ana")),
    )
    await ana.until(lambda s: len(ana.texts(name)) == 60 and s.incident(name).roles)
    await bob.until(lambda s: s.entries.get(name) == ana.state.entries[name])
    assert bob.incident(name) == ana.incident(name)
    assert ana.incident(name).status == "Mitigating"
    late = await Watcher.at(room)
    await late.until(lambda s: s.incident(name))
    assert late.incident(name) == ana.incident(name)
    assert late.state.entries[name] == ana.state.entries[name]
    await late.close()
    await bob.close()


async def test_an_engine_that_is_killed_in_the_middle_changes_nothing(room: Room) -> None:
    ana = await Watcher.at(room)
    name = await ana.declare()
    await ana.post(name, Severity(level="SEV2", reason="some users"))
    answer = await ana.post(name, Note(text="the last word"), once="last")
    before = await ana.all_entries(name)
    (engine,) = room.engines()
    os.kill(engine.pid, signal.SIGKILL)
    await until_async(lambda: ana.connection.lost)
    await ana.close()
    again = await Watcher.at(room)
    await again.until(lambda s: s.incident(name))
    after = await again.all_entries(name)
    assert after[: len(before)] == before
    assert (await again.post(name, Note(text="the last word"), once="last")).entry == answer.entry
    assert again.texts(name) == ["the last word"]
    assert again.incident(name).level == "SEV2"
    await again.close()


async def test_more_than_a_page_of_entries_is_read_back_page_by_page(
    room: Room, ana: Watcher
) -> None:
    name = await ana.declare()
    count = NEWEST + 60
    for at in range(count):
        await ana.post(name, Note(text=str(at)))
    late = await Watcher.at(room)
    await late.until(lambda s: s.incident(name))
    assert len(late.state.entries[name]) == NEWEST
    found = await late.all_entries(name)
    assert [entry.number for entry in found] == list(range(1, len(found) + 1))
    assert [e.body.text for e in found if isinstance(e.body, Note)] == list(map(str, range(count)))
    older = found[: -len(late.state.entries[name])]
    assert late.state.with_older(name, older).entries[name] == found
    await late.close()


async def test_more_than_a_message_carries_is_read_back_all_the_same(
    room: Room, ana: Watcher
) -> None:
    name = await ana.declare()
    count = 120
    for at in range(count):
        await ana.post(name, Note(text=f"{at:04}" + "\x01" * 15_900))
    late = await Watcher.at(room)
    await late.until(lambda s: s.entries.get(name, ()))
    assert 0 < len(late.state.entries[name]) < count
    found = await late.all_entries(name)
    assert [entry.number for entry in found] == list(range(1, len(found) + 1))
    assert sum(isinstance(entry.body, Note) for entry in found) == count
    await late.close()


async def test_a_console_that_only_watches_reads_all_and_writes_nothing(
    room: Room, ana: Watcher
) -> None:
    name = await ana.declare()
    guest = await Watcher.at(room, want="watch")
    refused = await guest.post(name, Note(text="from outside"))
    assert not refused.ok
    assert "needs note" in refused.message
    assert await guest.all_entries(name)
    await guest.close()


async def test_a_follower_is_told_of_incidents_and_of_nothing_else(
    room: Room, ana: Watcher
) -> None:
    name = await ana.declare()
    async with await connect(room.paths, hello(role="follower")) as follower:
        state = RoomState()
        await ana.post(name, Note(text="hello"))
        async with asyncio.timeout(10):
            while not state.entries.get(name, ())[-1:] or "hello" not in str(
                state.entries[name][-1]
            ):
                message = await follower.receive()
                assert isinstance(message, Timeline), message
                state = state.taking(message, 0.0)


async def test_while_an_incident_is_open_the_engine_stays_and_stop_asks(room: Room) -> None:
    room.write(room='linger = "200ms"')
    ana = await Watcher.at(room)
    name = await ana.declare()
    (engine,) = room.engines()
    await ana.close()
    assert f"open     {name}" in room.run("status").stdout
    refused = room.run("stop")
    assert refused.returncode == 2
    assert f"{name} is open" in refused.stderr
    assert "--force" in refused.stderr
    again = await Watcher.at(room)
    assert [process.pid for process in room.engines()] == [engine.pid]
    assert (await again.resolve(name, override="a drill")).ok
    await again.close()
    await asyncio.to_thread(until, lambda: not room.engines())


async def test_the_journal_is_its_owners_alone(room: Room, ana: Watcher) -> None:
    await ana.declare()
    mode = stat.S_IMODE(room.paths.journal.stat().st_mode)
    assert mode == 0o600


async def test_what_was_resolved_is_listed_and_read(room: Room, ana: Watcher) -> None:
    first = await ana.declare("first")
    await ana.resolve(first, override="a drill")
    second = await ana.declare("second")
    listed = (await ana.ask(GetIncidents(ref=0))).incidents
    assert [one.id for one in listed] == [second, first]
    assert listed[1].resolved is not None
    assert first != second


async def test_the_watch_writes_what_it_sees(room: Room) -> None:
    room.write("api")
    ana = await Watcher.at(room)
    await ana.until(lambda s: (view := s.named("api")) and view.level == "OK")
    name = await ana.declare()
    room.tell("api", faults=["it burns"])
    await ana.until(
        lambda s: any("api OK →" in str(entry.body) for entry in s.entries.get(name, ()))
    )
    await ana.close()


@pytest.mark.parametrize("text", ["\x1b[2J\x1b]52;c;aGk=\x07", "[b]x[/b] \u202e \0", "é" * 15_000])
async def test_whatever_is_written_is_kept_as_it_was(room: Room, ana: Watcher, text: str) -> None:
    name = await ana.declare()
    answer = await ana.post(name, Note(text=text))
    assert answer.ok, answer.message
    assert isinstance(answer.entry and answer.entry.body, Note)
    await ana.until(lambda s: ana.texts(name) == [text])
