"""Storms of sizes while somebody writes: nothing is lost, and the end state is right."""

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
