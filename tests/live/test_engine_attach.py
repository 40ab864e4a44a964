"""One engine for all who come, and it comes back whatever is done to it."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.live.rooms import Follower, Room, hello, room
from tests.waiting import until, until_async
from warroom.attach import client
from warroom.attach.client import NoEngineError, OtherProtocolError, ask, connect
from warroom.attach.spawn import start_engine
from warroom.errors import EngineError
from warroom.wire import PROTOCOL, Acknowledge, GetStatus, Goodbye, Probe, Reload, Stop

__all__ = ["room"]


async def test_twenty_consoles_at_once_give_one_engine(room: Room) -> None:
    room.write("api")
    connections = await asyncio.gather(*(room.attach() for _ in range(20)))
    try:
        assert len({connection.welcome.pid for connection in connections}) == 1
        await until_async(lambda: len(room.engines()) == 1)
        status = (await ask(room.paths, GetStatus(ref=0))).status
        assert status is not None
        assert len(status.consoles) == 20
    finally:
        await asyncio.gather(*(connection.close() for connection in connections))


async def test_a_killed_engine_is_noticed_and_a_new_one_comes(room: Room) -> None:
    room.write("api")
    first = await room.attach()
    os.kill(first.welcome.pid, signal.SIGKILL)
    async with asyncio.timeout(2):
        async for _ in first.messages():
            pass
    assert first.lost == "the engine is gone"
    await first.close()
    async with await room.attach() as second:
        assert second.welcome.pid != first.welcome.pid
    await until_async(lambda: not psutil.pid_exists(first.welcome.pid))


async def test_a_frozen_engine_counts_as_gone(room: Room) -> None:
    connection = await room.attach()
    os.kill(connection.welcome.pid, signal.SIGSTOP)
    try:
        async with asyncio.timeout(3):
            async for _ in connection.messages():
                pass
        assert "said nothing" in connection.lost
    finally:
        os.kill(connection.welcome.pid, signal.SIGCONT)
        await connection.close()


async def test_a_lost_socket_is_made_anew(room: Room) -> None:
    async with await room.attach() as first:
        room.paths.socket.unlink()
        await until_async(room.paths.socket.exists, 1.5)
        async with await connect(room.paths, hello()) as second:
            assert second.welcome.pid == first.welcome.pid
        assert first.lost == ""


async def test_an_engine_whose_lock_is_gone_makes_way_for_another(room: Room) -> None:
    async with await room.attach() as first:
        room.paths.lock.unlink()
        said = [message async for message in first.messages()]
        assert isinstance(said[-1], Goodbye)
        assert said[-1].restart
        assert "engine.lock was removed" in said[-1].reason
    async with await room.attach() as second:
        assert second.welcome.pid != first.welcome.pid
        await until_async(lambda: len(room.engines()) == 1)


async def test_a_stale_socket_is_replaced(room: Room) -> None:
    room.paths.prepare()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(room.paths.socket))
    with pytest.raises(NoEngineError):
        await connect(room.paths, hello())
    async with await room.attach() as connection:
        assert connection.welcome.granted == "act"


async def test_a_log_in_with_another_runtime_folder_finds_the_engine(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await room.attach() as first:
        other = room.folder / "other"
        (other / "warroom").mkdir(parents=True, mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(other))
        async with await room.attach() as second:
            assert second.welcome.pid == first.welcome.pid


async def test_the_engine_outlives_the_console_that_started_it(room: Room) -> None:
    room.write(room='linger = "30s"')
    program = (
        "import asyncio\nfrom pathlib import Path\nfrom tests.live.rooms import Room, hello\n"
        "from warroom.attach.room import room_paths\nfrom warroom.attach.spawn import reach\n"
        "from warroom.config.local import read_local\n"
        "async def main():\n"
        f"    paths = room_paths(read_local(Path({str(room.config)!r})))\n"
        "    connection = await reach(paths, hello())\n"
        "    print(connection.welcome.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as console:
        assert console.stdout is not None
        pid = int(await asyncio.to_thread(console.stdout.readline))
        console.kill()
    async with await connect(room.paths, hello()) as connection:
        assert connection.welcome.pid == pid
    assert os.getsid(pid) == pid  # no terminal's hang-up and no Ctrl-C reaches it


async def test_an_engine_that_cannot_start_gives_its_reason(room: Room) -> None:
    room.config.write_text('version = 1\n[room]\nname = "shop"\n[sources.api]\nkind = "nonsense"\n')
    with pytest.raises(EngineError, match=r"room\.toml:5.*nonsense") as caught:
        await room.attach()
    assert caught.value.exit_code == 64


async def test_an_engine_that_dies_as_it_starts_is_told(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    (room.folder / "bad").mkdir()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(EngineError, match="exit 1"):
        await start_engine(room.config).ready()


async def test_another_protocol_is_named_on_both_sides(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await room.attach():
        newer = client.Hello(protocol=PROTOCOL + 1, version="9.9")
        refusal = rf"warroom 9\.9 with protocol {PROTOCOL + 1}.*warroom restart"
        with pytest.raises(EngineError, match=refusal):
            await connect(room.paths, newer)
        monkeypatch.setattr(client, "PROTOCOL", PROTOCOL + 1)
        with pytest.raises(OtherProtocolError, match=f"protocol {PROTOCOL}"):
            await connect(room.paths, newer)


OTHER_ENGINE = """
import os, socket, sys
with socket.socket(socket.AF_UNIX) as s:
    s.bind(sys.argv[1])
    s.listen()
    while True:
        peer, _ = s.accept()
        peer.recv(1000)
        peer.sendall(b'{"type":"goodbye","reason":"?","protocol":99,"version":"9.9"}\\n')
        peer.close()
"""


def test_an_engine_of_another_protocol_can_be_stopped(room: Room) -> None:
    room.paths.prepare()
    with subprocess.Popen([sys.executable, "-c", OTHER_ENGINE, str(room.paths.socket)]) as other:
        try:
            until(room.paths.socket.exists)
            status = room.run("status")
            assert status.returncode == 1
            assert "protocol 99" in status.stderr
            assert "warroom restart" in status.stderr
            assert room.run("stop").returncode == 0
            assert other.wait(2) == -signal.SIGTERM
        finally:
            other.kill()


async def test_a_watch_console_is_refused_what_it_may_not(room: Room) -> None:
    room.write("api")
    async with await room.attach("watch") as connection:
        assert connection.welcome.granted == "watch"
        for request in (
            Acknowledge(ref=0, source="api", level="SEV1", reason="seen", seconds=60),
            Probe(ref=0, source="api"),
            Reload(ref=0),
            Stop(ref=0),
        ):
            answer = await connection.request(request)
            assert not answer.ok
            assert "may watch" in answer.message
        assert (await connection.request(GetStatus(ref=0))).ok
    async with await room.attach("note") as connection:
        assert (await connection.request(Probe(ref=0, source="api"))).ok
        assert not (await connection.request(Stop(ref=0))).ok


async def test_stop_says_goodbye_and_means_it(room: Room) -> None:
    async with await room.attach() as watching:
        answer = await ask(room.paths, Stop(ref=0))
        assert answer.ok
        said = [message async for message in watching.messages()]
    assert isinstance(said[-1], Goodbye)
    assert not said[-1].restart
    assert "stopped the engine" in said[-1].reason
    await until_async(lambda: not room.engines())
    assert not room.paths.socket.exists()


@pytest.mark.parametrize("umask", [0o000, 0o077])
async def test_a_private_room_is_private_under_any_umask(room: Room, umask: int) -> None:
    room.write("api")
    before = os.umask(umask)
    try:
        async with await room.attach() as connection:
            await Follower(connection).until(lambda f: f.sources["api"].polls)
            paths = room.paths
            assert _mode(paths.folder) == 0o700
            assert _mode(paths.socket.parent) == 0o700
            assert _mode(paths.socket) == 0o600
            assert _mode(paths.lock) == 0o600
            assert _mode(paths.log) == 0o600
    finally:
        os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)
