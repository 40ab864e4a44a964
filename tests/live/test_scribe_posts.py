"""What is posted is written once, whatever dies between."""

import asyncio
import os
import re
import signal

import pytest

from tests.rooms import WARROOM, Room
from tests.terminal import Terminal, until
from warroom.attach.client import ask
from warroom.attach.room import room_paths
from warroom.config.local import read_local
from warroom.journal.reading import Reading
from warroom.wire import Declare


@pytest.fixture
def room():
    with Room({}) as made:
        yield made


@pytest.fixture
def terminal(room):
    with Terminal(WARROOM, columns=120, env=room.env) as made:
        made.wait_for("● engine")
        answer = asyncio.run(ask(paths(room), Declare(ref=0, once="d", title="Shop is down")))
        assert answer.ok, answer
        made.wait_for("writes a note, / a command")
        yield made


def paths(room):
    return room_paths(read_local(room.config), room.env)


def notes(room):
    """The notes in the journal, in their order."""
    reading = Reading(paths(room).journal)
    (incident,) = reading.incidents()
    return [one.body.text for one in reading.all_of(incident) if one.kind == "note"]


def test_a_note_is_written_and_read_as_posted(room, terminal):
    terminal.type("ipool is full\r")
    until(lambda: notes(room) == ["pool is full"])
    terminal.type("// is no command\r")
    until(lambda: notes(room) == ["pool is full", "/ is no command"])
    terminal.type("/sttus x\r")
    terminal.wait_for("did you mean /status?")
    assert len(notes(room)) == 2


@pytest.mark.long
def test_an_engine_killed_in_between_costs_nothing_and_doubles_nothing(room, terminal):
    terminal.type("i")
    for number in range(4):
        terminal.type(f"note {number}\r")
        os.kill(room.engine, signal.SIGKILL)
        terminal.wait_for("NO ENGINE")
        terminal.type(f"without {number}\r")
        until(lambda: room.engine, 30)
    wanted = [f"{word} {n}" for n in range(4) for word in ("note", "without")]
    until(lambda: notes(room) == wanted, 30, lambda: f"{notes(room)}\n{terminal.text}")
    terminal.wait_gone("not saved yet")


def test_a_console_killed_before_its_answer_costs_nothing(room, terminal):
    engine = room.engine
    os.kill(engine, signal.SIGSTOP)
    try:
        terminal.type("iin flight\r")
        terminal.wait_for("1 not saved yet")
        state = room.folder / "state" / "warroom"
        # As what is on its way: the half-typed words stood there a moment before.
        on_its_way = re.compile(rb'"outgoing":.*in flight')
        until(lambda: any(on_its_way.search(p.read_bytes()) for p in state.glob("*/drafts/*.json")))
        terminal.process.kill()
        terminal.process.wait()
    finally:
        os.kill(engine, signal.SIGCONT)
    with Terminal(WARROOM, columns=120, env=room.env) as second:
        second.wait_for("● engine", "writes a note, / a command")
        until(lambda: notes(room) == ["in flight"], explain=lambda: second.text)
        second.type("ibehind it\r")
        until(lambda: notes(room) == ["in flight", "behind it"], explain=lambda: second.text)
        second.wait_gone("not saved yet")
