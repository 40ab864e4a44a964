"""Storms of sizes while somebody writes: nothing is lost, and the end state is right."""

import sys

import pytest

from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal, until

STORM = 200


@pytest.fixture(scope="module")
def room():
    with Ferry() as ferry:
        url = f"{ferry.url('quay')}/status.txt"
        with Room({"quay": {"kind": "http", "url": url, "interval": "500ms"}}) as made:
            yield made


def storm(terminal, columns, rows):
    for at in range(STORM):
        terminal.resize(50 + 7 * at % 200, 10 + 5 * at % 60)
    terminal.resize(columns, rows)


SLOWLY = """
import time
from pathlib import Path
from warroom.console.driver import GuardedDriver

asked = GuardedDriver._get_terminal_size

def slowly(self):
    size = asked(self)
    if tuple(size) == (65, 15):
        Path({marker!r}).touch()
        time.sleep(0.5)
    return size

GuardedDriver._get_terminal_size = slowly
from warroom.__main__ import main
raise SystemExit(main())
"""


def test_a_size_that_comes_while_the_one_before_is_asked_for_is_the_last(room, tmp_path):
    """A process that does not get the processor for a moment stands still in between."""
    marker = tmp_path / "asking"
    program = [sys.executable, "-c", SLOWLY.format(marker=str(marker))]
    with Terminal(program, env=room.env) as terminal:
        terminal.wait_for("1 of 1 up")
        terminal.resize(65, 15)
        until(marker.exists)
        terminal.resize(100, 30)
        until(lambda: max(map(len, terminal.text.split("\n"))) == 100, 20, lambda: terminal.text)
        terminal.type("q")
        assert terminal.wait_exit() == 0


@pytest.mark.long
def test_a_storm_of_sizes_leaves_what_is_typed_and_the_last_size(room):
    with Terminal(WARROOM, env=room.env) as terminal:
        terminal.wait_for("1 of 1 up")
        before = len(terminal.raw)
        terminal.type("i")
        for part in ("half a sentence, ", "typed in a storm"):
            terminal.type(part)
            storm(terminal, 100, 30)
        terminal.wait_for("half a sentence, typed in a storm", "1 of 1 up")
        until(lambda: max(map(len, terminal.text.split("\n"))) == 100, 20, lambda: terminal.text)
        # Each size may cost one picture of the greatest screen, but they are drawn together.
        assert len(terminal.raw) - before < STORM * 250 * 70
        terminal.type("\x15\x1b")
        terminal.wait_for("i writes a note")  # Esc and a letter at once would be another key
        terminal.type("d")
        terminal.wait_for("Declare an incident")
        terminal.type("It leaks")
        storm(terminal, 80, 24)
        terminal.wait_for("Declare an incident", "It leaks")
        terminal.type("\x1b")
        terminal.wait_gone("Declare an incident")
        terminal.wait_for("1 of 1 up")
        terminal.type("q")
        assert terminal.wait_exit() == 0
