"""Damage done many times over: 20 times in ``make test``, 200 times in ``make faults``."""

import os
import random
import signal
import time

import pytest

from tests.processes import alive
from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal, until

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def room():
    with Ferry() as ferry:
        source = {"kind": "http", "url": f"{ferry.url('quay')}/status.txt", "interval": "200ms"}
        with Room({"quay": source}, linger="20s") as made:
            yield made


@pytest.mark.trap(
    23,
    "the engine killed with SIGKILL at any moment, 95 times",
    "CAN'T SEE within 2 s, then one engine again",
)
def test_an_engine_killed_at_any_moment_is_one_engine_again(room, repetitions):
    chance = random.Random(7)
    for _ in range(max(5, repetitions // 2 - 5)):  # each takes four seconds
        # A console of its own each time: one that has lost its engine often waits longer.
        with Terminal(WARROOM, env=room.env) as terminal:
            terminal.wait_for("1 of 1 up")
            engine = one_engine(room)
            pass_by(chance.random() * 0.3)
            os.kill(engine, signal.SIGKILL)
            started = time.monotonic()
            terminal.wait_for("CAN'T SEE", seconds=5)
            assert time.monotonic() - started < 2
            terminal.wait_for("1 of 1 up")
            assert one_engine(room) != engine
            # The console alone: the next one finds this engine, and need not start another.
            terminal.process.kill()
            terminal.process.wait()


def test_a_console_killed_at_any_moment_leaves_the_engine_and_nothing_else(room, repetitions):
    chance = random.Random(11)
    for _ in range(repetitions):
        with Terminal(WARROOM, env=room.env) as terminal:
            pass_by(chance.random() * 0.8)
            terminal.process.kill()
            terminal.process.wait()
    # Perhaps not one of them has lived long enough to start the engine: the last one does.
    with Terminal(WARROOM, env=room.env) as terminal:
        terminal.wait_for("1 of 1 up")
        engine = one_engine(room)
        terminal.process.kill()
        terminal.process.wait()
    until(lambda: (room.status() or {}).get("consoles") == [], 15)
    assert room.status()["engine"]["pid"] == engine


def pass_by(seconds):
    """Let a moment pass: the damage is done at any time, not when something is ready."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() >= end)


def one_engine(room):
    until(lambda: len(living(room)) == 1, 10, lambda: str(living(room)))
    return living(room)[0]


def living(room):
    return [pid for pid in room.engines() if alive(pid)]
