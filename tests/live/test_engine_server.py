"""The server's side of the socket: bad guests, slow guests, and the state it tells."""

import asyncio
import json
import socket
import sys
from pathlib import Path

import msgspec
import psutil
import pytest

from tests.live.rooms import Follower, Room, hello, room
from warroom.attach.client import connect
from warroom.engine import server
from warroom.wire import (
    Acknowledge,
    Beat,
    Board,
    GetStatus,
    Probe,
    TellTerminal,
    TerminalStatus,
    Unacknowledge,
    encode,
)

__all__ = ["room"]


async def _raw(room: Room, *lines: bytes) -> bytes:
    """Say these lines and read until the engine hangs up."""
    reader, writer = await asyncio.open_unix_connection(room.paths.socket)
    try:
        for line in lines:
            writer.write(line)
        async with asyncio.timeout(3):
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((b"GET / HTTP/1.1\r\n",), b"no hello"),
        ((b"\xff\x00\x1b[2J\n",), b"no hello"),
        ((b'{"type":"hello"}\n',), b"protocol 0"),
        ((encode(hello()), b"garbage\n"), b"no message of this protocol"),
        ((encode(hello()), b'{"type":"rm","ref":1}\n'), b"no message of this protocol"),
        ((encode(hello()), encode(hello())), b"a hello comes once"),
        ((b"x" * 200_000,), b"too long"),
        ((encode(hello()), b"x" * 200_000), b"too long"),
    ],
)
async def test_garbage_is_refused_in_words_and_harms_nobody(
    room: Room, lines: tuple[bytes, ...], words: bytes
) -> None:
    async with await room.attach() as connection:
        said = await _raw(room, *lines)
        last = json.loads(said.splitlines()[-1])
        assert last["type"] == "goodbye"
        assert words.decode() in last["reason"]
        assert (await connection.request(GetStatus(ref=0))).ok


async def test_who_says_no_hello_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HELLO_LIMIT", 0.05)
    reader = asyncio.StreamReader()
    with pytest.raises(Exception, match=r"no hello within 0\.05 s"):
        await server._hello(reader)


@pytest.mark.trap(18, "a console that never reads", "nobody delayed, the engine's memory bounded")
async def test_a_console_that_never_reads_delays_nobody_and_costs_nothing(room: Room) -> None:
    names = [f"s{i}" for i in range(20)]
    room.write(*names, interval="100ms")
    async with await room.attach() as fast:
        follower = Follower(fast)
        await follower.until(lambda f: all(v.polls > 5 for v in f.sources.values()))
        engine = psutil.Process(fast.welcome.pid)
        slow = []
        for _ in range(3):
            stuck = socket.socket(socket.AF_UNIX)
            stuck.connect(str(room.paths.socket))
            stuck.sendall(encode(hello()))
            slow.append(stuck)
        before = engine.memory_info().rss
        polls = {name: view.polls for name, view in follower.sources.items()}
        # 20 sources at 10 Hz make some 2 MB a second for each console by now.
        await follower.until(lambda f: all(f.sources[n].polls > polls[n] + 20 for n in names))
        assert engine.memory_info().rss - before < 8 * 1024 * 1024
        status = (await fast.request(GetStatus(ref=0))).status
        assert status is not None
        assert len(status.consoles) == 4
        assert max(source.skipped for source in status.sources) <= 2
        for stuck in slow:
            stuck.close()


async def test_requests_that_are_never_collected_do_not_pile_up(room: Room) -> None:
    async with await room.attach() as connection:
        with socket.socket(socket.AF_UNIX) as flood:
            flood.connect(str(room.paths.socket))
            flood.sendall(encode(hello(role="command")))
            flood.setblocking(False)
            line = encode(GetStatus(ref=1)) * 1000
            sent = 0
            for _ in range(400):
                try:
                    sent += flood.send(line)
                except BlockingIOError:
                    await asyncio.sleep(0.005)
            assert sent < 4_000_000
            assert (await connection.request(GetStatus(ref=0))).ok


async def test_silence_is_broken_by_beats_and_a_command_gets_no_board(room: Room) -> None:
    async with await room.attach() as connection:
        kinds = [type(await connection.receive()) for _ in range(4)]
        assert kinds[0] is Board
        assert Beat in kinds
        async with await connect(room.paths, hello(role="command")) as command:
            assert isinstance(await command.receive(), Beat)


@pytest.mark.trap(14, "everything down as the engine starts", "CAN'T SEE, neither green nor red")
async def test_everything_down_at_the_start_is_neither_green_nor_red(room: Room) -> None:
    room.write("api", "web")
    for name in ("api", "web"):
        room.tell(name, fail="connection refused")
    async with await room.attach() as connection:
        first = await connection.receive()
        assert isinstance(first, Board)
        assert {view.level for view in first.sources} == {"CAN'T SEE"}
        assert {view.state for view in first.sources} == {"CAN'T SEE"}
        assert first.room.worst == "CAN'T SEE"
        follower = Follower(connection)
        follower.sources = {view.name: view for view in first.sources}
        follower.room = first.room
        await follower.until(lambda f: all(v.failures > 1 for v in f.sources.values()))
        assert {view.level for view in follower.sources.values()} == {"CAN'T SEE"}
        assert follower.sources["api"].cause == "connection refused"


async def test_a_level_rises_is_acknowledged_and_clears(room: Room) -> None:
    room.write("api")
    async with await room.attach() as connection:
        follower = Follower(connection)
        await follower.until(lambda f: f.sources["api"].level == "OK")
        refused = await connection.request(
            Acknowledge(ref=0, source="api", level="OK", reason="x", seconds=60)
        )
        assert not refused.ok
        room.tell("api", faults=["status is 503"])
        await follower.until(lambda f: f.sources["api"].level == "SEV1")
        view = follower.sources["api"]
        assert view.cause == "api is down: status is 503"
        assert follower.room is not None
        assert follower.room.worst_source == "api"
        for reason, seconds in (("  ", 60.0), ("x", 0.0), ("x", -5.0), ("x", 1e9)):
            ask = Acknowledge(ref=0, source="api", level="SEV1", reason=reason, seconds=seconds)
            assert not (await connection.request(ask)).ok
        seen = Acknowledge(ref=0, source="api", level="SEV1", reason="known\x1b[2J", seconds=60)
        assert (await connection.request(seen)).ok
        await follower.until(lambda f: f.sources["api"].acknowledged)
        held = follower.sources["api"].acknowledged
        assert held is not None
        assert held.reason == "known␛[2J"
        assert follower.sources["api"].level == "SEV1"
        assert (await connection.request(Unacknowledge(ref=0, source="api"))).ok
        room.tell("api")
        await follower.until(lambda f: f.sources["api"].level == "OK")


@pytest.mark.trap(13, "one black hole among twenty sources", "the nineteen missed no poll")
async def test_one_black_hole_among_twenty_costs_the_others_nothing(room: Room) -> None:
    names = [f"s{i}" for i in range(20)]
    room.write(*names, interval="200ms")
    room.tell("s7", hang=True)
    async with await room.attach() as connection:
        follower = Follower(connection)
        await follower.until(lambda f: f.sources["s7"].failures >= 2)
        others = [view for name, view in follower.sources.items() if name != "s7"]
        assert {view.level for view in others} == {"OK"}
        assert max(view.skipped for view in others) == 0
        hole = follower.sources["s7"]
        assert hole.failure is not None
        assert hole.failure.phase == "deadline"
        assert hole.cause == "no answer within 200 ms"
        assert hole.skipped >= 2


async def test_what_is_asked_on_request_is_asked_then_only(room: Room) -> None:
    room.write("api", "mail")
    room.config.write_text(room.config.read_text() + "on_request = true\n")
    async with await room.attach() as connection:
        follower = Follower(connection)
        await follower.until(lambda f: f.sources["api"].polls > 3)
        assert follower.sources["mail"].polls == 0
        assert follower.room is not None
        assert follower.room.worst == "OK"
        answer = await connection.request(Probe(ref=0, source="mail"))
        assert answer.ok
        assert answer.message.startswith("mail answered in")
        await follower.until(lambda f: f.sources["mail"].polls == 1)
        assert not (await connection.request(Probe(ref=0, source="nix"))).ok


async def test_status_has_the_shape_that_scripts_read(room: Room) -> None:
    room.write("api")
    async with await room.attach() as connection:
        await Follower(connection).until(lambda f: f.sources["api"].polls > 1)
        said = json.loads((await asyncio.to_thread(room.run, "status", "--json")).stdout)
    assert set(said) == {
        *("engine", "incidents", "waiting", "outbox", "running", "on", "proposals"),
        *("consoles", "sources", "past"),
    }
    assert set(said["past"]) == {"onsets", "changes", "levels"}
    (step,) = said["past"]["levels"]
    assert (step["source"], step["before"], step["level"]) == ("api", "CAN'T SEE", "OK")
    assert set(said["engine"]) == {"pid", "uptime_s", "version", "tasks"}
    assert said["consoles"][0]["granted"] == "act"
    (source,) = said["sources"]
    wanted = {"name", "polls", "failures", "skipped", "age_s", "poll_p95_ms", "load"}
    assert set(source) == wanted
    assert source["polls"] > 1
    assert (await asyncio.to_thread(room.run, "status")).stdout.startswith("engine ")


async def test_status_tells_what_a_console_told_of_its_terminal(room: Room) -> None:
    terminal = TerminalStatus(
        term="xterm", columns=80, rows=24, sent=12345, per_second=66.5, drawn=9, dropped=7
    )
    async with await room.attach() as connection:
        unknown = (await asyncio.to_thread(room.run, "status")).stdout
        answer = await connection.request(TellTerminal(ref=0, terminal=terminal))
        assert answer.ok
        line = (await asyncio.to_thread(room.run, "status")).stdout
        said = json.loads((await asyncio.to_thread(room.run, "status", "--json")).stdout)
    assert "what its terminal was sent is not known" in unknown
    assert "xterm 80x24  66 B/s over the last minute, 12,345 B in all  9 frames, 7 dropped" in line
    assert "does not say when it has drawn" in line
    assert said["consoles"][0]["terminal"] == msgspec.to_builtins(terminal)


async def test_the_engine_has_no_screen_and_the_way_to_it_no_driver(room: Room) -> None:
    screens = "textual dns"
    drivers = "httpx asyncpg psycopg redis dns prometheus_client pydantic textual rich"
    drivers += " warroom.engine"
    for modules, unwanted in (
        ("warroom.engine.life, warroom.sources.registry as r; r.discover()", screens),
        ("warroom.attach.spawn, warroom.attach.client, warroom.host", drivers),
        ("warroom.cli, warroom.cli.console", drivers),
    ):
        found = f"(m for m in {unwanted!r}.split() if m in sys.modules)"
        program = f"import sys, {modules}\nprint(*{found})"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            program,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        assert out.decode().strip() == ""
    async with await room.attach() as connection:
        maps = Path(f"/proc/{connection.welcome.pid}/maps").read_text()
        assert "textual" not in maps
