"""``warroom log --follow``, ``warroom stop`` with an incident open, a connection that is lost."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live.rooms import Room, room
from tests.live.shells import declare, entries, kill_engine, noted, shell
from tests.terminal import Terminal
from tests.waiting import until
from warroom.attach.client import Connection
from warroom.cli.asking import Engine, once
from warroom.errors import EngineError
from warroom.incident.entries import Note
from warroom.wire import Answer, Post, Request

__all__ = ["room"]


@contextmanager
def following(room: Room, *arguments: str) -> Iterator["tuple[subprocess.Popen[bytes], Path]"]:
    """``warroom log --follow`` at work, and the file it writes to."""
    out = room.folder / "followed"
    command = [sys.executable, "-m", "warroom", "log", "--follow", "--config", str(room.config)]
    with out.open("wb") as file:
        process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1"},
        )
        try:
            yield process, out
        finally:
            process.kill()
            process.communicate()


def test_new_entries_come_once_each_though_the_engine_is_killed(room: Room) -> None:
    declare(room, "one", "--sev", "SEV4")
    shell(room, "note", "before")
    with following(room) as (process, out):
        until(lambda: ": before" in out.read_text())
        shell(room, "note", "while")
        until(lambda: ": while" in out.read_text())
        kill_engine(room)
        shell(room, "note", "after the kill")
        until(lambda: ": after the kill" in out.read_text())
        for at in range(5):
            shell(room, "note", f"number {at}")
        until(lambda: ": number 4" in out.read_text())
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert b"Traceback" not in process.stderr.read()
    said = [line.split(": ", 1)[1] for line in out.read_text().splitlines() if " note " in line]
    assert said == ["before", "while", "after the kill", *(f"number {at}" for at in range(5))]
    numbers = [entry["number"] for entry in entries(room)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_an_engine_that_is_stopped_on_purpose_is_the_end_of_it(room: Room) -> None:
    declare(room, "one")
    with following(room, "--json") as (process, out):
        until(lambda: '"declared"' in out.read_text())
        shell(room, "note", "x")
        until(lambda: '"x"' in out.read_text())
        shell(room, "stop", "--force")
        assert process.wait(10) == 0
        assert b"stopped the engine" in process.stderr.read()


def test_one_that_is_over_is_followed_without_an_engine(room: Room) -> None:
    name = declare(room, "one")
    shell(room, "resolve", "--override", "x")
    kill_engine(room)
    with following(room, name) as (process, out):
        until(lambda: " resolved " in out.read_text())
        assert process.poll() is None
        assert not room.engines()
        shell(room, "note", "--incident", name, "afterwards")
        until(lambda: ": afterwards" in out.read_text())


def test_stop_asks_where_somebody_can_answer(room: Room) -> None:
    name = declare(room, "one")
    said = shell(room, "stop", code=2).stderr
    assert name in said
    assert "--force" in said
    (engine,) = room.engines()
    command = [sys.executable, "-m", "warroom", "stop", "--config", str(room.config)]
    with Terminal(command) as terminal:
        terminal.wait_for("all the same? [y/N]")
        terminal.type("\n")
        assert terminal.process.wait(10) == 2
    assert [one.pid for one in room.engines()] == [engine.pid]
    with Terminal(command) as terminal:
        terminal.wait_for("all the same? [y/N]")
        terminal.type("y\n")
        assert terminal.process.wait(10) == 0
    assert not room.engines()


async def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_written_twice(
    room: Room, monkeypatch
) -> None:
    name = declare(room, "one")
    real, lost = Connection.request, []

    async def request(self: Connection, asked: Request, deadline: float = 15.0) -> Answer:
        answer = await real(self, asked, deadline)
        if not lost:
            lost.append(answer)
            await self.close()
            raise EngineError("the engine is gone")
        return answer

    monkeypatch.setattr(Connection, "request", request)
    engine = Engine(room.paths)
    post = Post(ref=0, once=once(), incident=name, body=Note(text="once"))
    answer = await engine.done(post)
    await engine.close()
    assert lost
    assert answer.entry == lost[0].entry
    assert noted(room) == ["once"]
