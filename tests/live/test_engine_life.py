"""How an engine begins, ends, lingers, reloads and logs."""

import asyncio
import json
import os
import signal
import stat
import time
from pathlib import Path

import pytest

from tests.live.rooms import Follower, Room, hello, room
from tests.waiting import until, until_async
from warroom.attach.client import Connection, NoEngineError, ask, connect
from warroom.attach.spawn import start_engine
from warroom.wire import Goodbye, Reload

__all__ = ["room"]


@pytest.mark.trap(11, "the engine told to end while sources hang", "gone within 2 s")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("trick", ["hang", "cling", "block"])
def test_it_ends_in_two_seconds_whatever_hangs(
    room: Room, trick: str, number: signal.Signals
) -> None:
    room.write("api", "web")
    begun = room.folder / "begun"
    room.tell("api", begun=str(begun), **{trick: True})
    engine = room.engine()
    until(begun.exists)
    started = time.monotonic()
    engine.send_signal(number)
    with engine:
        try:
            assert engine.wait(5) == 0
        finally:
            engine.kill()
    assert time.monotonic() - started < 2.0
    assert room.run("status").returncode == 1


async def test_a_signal_says_goodbye_and_lets_consoles_come_back(room: Room) -> None:
    async with await room.attach() as connection:
        os.kill(connection.welcome.pid, signal.SIGTERM)
        said = [message async for message in connection.messages()]
    assert isinstance(said[-1], Goodbye)
    assert said[-1].restart
    assert "SIGTERM" in said[-1].reason


async def test_a_spawned_engine_nobody_attached_to_ends_after_linger(room: Room) -> None:
    room.write(room='linger = "500ms"')
    await start_engine(room.config).ready()
    assert room.engines()
    await until_async(lambda: not room.engines(), 2)


async def test_it_stays_while_a_console_does_and_not_for_a_command(room: Room) -> None:
    room.write(room='linger = "500ms"')
    async with await room.attach() as connection:
        await _stays(connection, 1.0)
        command = await connect(room.paths, hello(role="command"))
    try:
        await until_async(lambda: not room.engines(), 2)
    finally:
        await command.close()


async def _stays(connection: Connection, seconds: float) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(seconds):
            async for _ in connection.messages():
                pass
    assert connection.lost == ""


async def test_forever_and_the_foreground_do_not_end_by_themselves(room: Room) -> None:
    room.write(room='linger = "300ms"')
    with room.engine() as engine:
        try:
            async with await connect(room.paths, hello()):
                pass
            with pytest.raises(AssertionError):
                await until_async(lambda: engine.poll() is not None, 0.8)
        finally:
            engine.terminate()


async def test_reload_keeps_what_is_the_same_and_takes_what_is_new(room: Room) -> None:
    room.write("api", "old")
    async with await room.attach() as connection:
        follower = Follower(connection)
        await follower.until(lambda f: f.sources["api"].polls > 2)
        before = follower.sources["api"].polls
        room.write("api", "new")
        answer = await connection.request(Reload(ref=0))
        assert answer.message == "configuration reloaded: 1 sources go on, 1 started, 1 ended"
        await follower.until(lambda f: set(f.sources) == {"api", "new"})
        await follower.until(lambda f: f.sources["new"].level == "OK")
        assert follower.sources["api"].polls >= before


async def test_a_new_title_starts_nothing_anew(room: Room) -> None:
    room.write("api")
    async with await room.attach() as connection:
        follower = Follower(connection)
        await follower.until(lambda f: f.sources["api"].polls > 2)
        before = follower.sources["api"].polls
        text = room.config.read_text()
        room.config.write_text(text.replace('kind = "trick"', 'kind = "trick"\ntitle = "shown"'))
        answer = await connection.request(Reload(ref=0))
        assert answer.message == "configuration reloaded: 1 sources go on, 0 started, 0 ended"
        await follower.until(lambda f: f.sources["api"].title == "shown")
        assert follower.sources["api"].polls >= before


@pytest.mark.trap(
    28, "a running room reloaded with a broken file", "refused in words, the old one stays in force"
)
async def test_a_bad_reload_leaves_the_old_in_force_and_says_so(room: Room) -> None:
    room.write("api")
    async with await room.attach() as connection:
        follower = Follower(connection)
        await follower.until(lambda f: f.sources["api"].level == "OK")
        good = room.config.read_text()
        room.config.write_text(good.replace("interval", "intervall"))
        answer = await connection.request(Reload(ref=0))
        assert not answer.ok
        assert "intervall" in answer.message
        await follower.until(lambda f: f.room.problems)
        assert follower.room is not None
        words = follower.room.problems[0]
        assert words.startswith(f"configuration refused: {room.config}:")
        assert words.endswith("the old one stays in force")
        polls = follower.sources["api"].polls
        await follower.until(lambda f: f.sources["api"].polls > polls)
        refused = await asyncio.to_thread(room.run, "reload")
        assert refused.returncode == 64
        assert "intervall" in refused.stderr
        room.config.write_text(good)
        assert (await asyncio.to_thread(room.run, "reload")).returncode == 0
        await follower.until(lambda f: not f.room.problems)


async def test_hangup_reloads_and_a_moved_room_wants_a_restart(room: Room) -> None:
    room.write("api")
    with room.engine() as engine:
        try:
            async with await connect(room.paths, hello()) as connection:
                follower = Follower(connection)
                await follower.until(lambda f: "api" in f.sources)
                text = room.config.read_text().replace(
                    "[room]", f'[room]\ndir = "{room.folder}/moved"'
                )
                room.config.write_text(text)
                engine.send_signal(signal.SIGHUP)
                await follower.until(lambda f: f.room.problems)
                assert follower.room is not None
                assert "warroom restart" in follower.room.problems[0]
        finally:
            engine.terminate()


async def test_restart_gives_a_new_engine(room: Room) -> None:
    async with await room.attach() as connection:
        pid = connection.welcome.pid
        assert (await asyncio.to_thread(room.run, "restart")).returncode == 0
        said = [message async for message in connection.messages()]
        assert isinstance(said[-1], Goodbye)
        assert said[-1].restart
    async with await connect(room.paths, hello()) as connection:
        assert connection.welcome.pid != pid


async def test_the_log_is_private_and_masked(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "hunter2-correct-horse"
    monkeypatch.setenv("TRICK_TOKEN", secret)
    room.write("api")
    text = room.config.read_text() + 'token = { env = "TRICK_TOKEN" }\n'
    room.config.write_text(text)
    async with await room.attach() as connection:
        follower = Follower(connection)
        await follower.until(lambda f: f.sources["api"].failure)
        failure = follower.sources["api"].failure
        assert failure is not None
        assert failure.reason == "ValueError: refused with the token ***"
        log = room.paths.log
        await until_async(lambda: "refused with the token ***" in log.read_text())
        assert secret not in log.read_text()
        assert "Traceback" in log.read_text()
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        shown = await asyncio.to_thread(room.run, "logs", "-n", "500")
        assert "refused with the token ***" in shown.stdout
        # What the interpreter itself says goes there too.
        standard_error = Path(f"/proc/{connection.welcome.pid}/fd/2")
        assert standard_error.readlink() == log


async def test_starting_a_second_engine_exits_75(room: Room) -> None:
    async with await room.attach() as connection:
        second = await asyncio.to_thread(room.run, "engine")
        assert second.returncode == 75
        assert f"already runs for {room.config} (pid {connection.welcome.pid})" in second.stderr


async def test_a_command_without_an_engine_says_so(room: Room) -> None:
    for command in ("reload", "status"):
        done = await asyncio.to_thread(room.run, command)
        assert done.returncode == 1
        assert "no engine runs" in done.stderr
    stopped = await asyncio.to_thread(room.run, "stop")
    assert stopped.returncode == 0
    assert "no engine runs" in stopped.stderr
    assert (await asyncio.to_thread(room.run, "logs")).returncode == 1


async def test_ask_fails_at_once_when_the_engine_goes(room: Room) -> None:
    async with await room.attach() as connection:
        os.kill(connection.welcome.pid, signal.SIGSTOP)
        asking = asyncio.create_task(connection.request(Reload(ref=0)))
        await asyncio.sleep(0)
        os.kill(connection.welcome.pid, signal.SIGKILL)
        with pytest.raises(Exception, match="engine is gone"):
            await asking
    with pytest.raises(NoEngineError):
        await ask(room.paths, Reload(ref=0))


async def test_who_comes_while_the_engine_ends_gets_the_next_one(room: Room) -> None:
    room.write("api")
    begun = room.folder / "begun"
    room.tell("api", begun=str(begun), cling=True)
    async with await room.attach() as first:
        await until_async(begun.exists)
        os.kill(first.welcome.pid, signal.SIGTERM)
        await until_async(lambda: not room.paths.socket.exists())
        room.tell("api")
        async with await room.attach() as second:
            assert second.welcome.pid != first.welcome.pid


async def test_a_running_engine_is_reached_although_its_file_is_broken_now(room: Room) -> None:
    room.write("web")
    async with await room.attach():
        room.config.write_text(room.config.read_text() + "\n[sources.api\n")
        status = await asyncio.to_thread(room.run, "status", "--json")
        assert status.returncode == 0
        assert "is no TOML" in status.stderr
        assert json.loads(status.stdout)["engine"]["pid"]
        assert (
            await asyncio.to_thread(room.run, "restart")
        ).returncode == 64  # it could not start again
        assert (await asyncio.to_thread(room.run, "stop", "--force")).returncode == 0
    assert (await asyncio.to_thread(room.run, "status")).returncode == 64
