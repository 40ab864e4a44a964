"""The scribe line in a terminal: what is typed outlives the console, whatever ends it."""

import contextlib
import os
import signal

import pytest

from tests.rooms import WARROOM, Room
from tests.terminal import Terminal, until

START, END = "\x1b[200~", "\x1b[201~"


@pytest.fixture(scope="module")
def room():
    with Room({}) as made:
        yield made


@pytest.fixture
def terminal(room):
    with Terminal(WARROOM, env=room.env) as made:
        made.wait_for("● engine")
        yield made
        # The next test begins with an empty line.
        if made.process.poll() is None:
            made.type("\x1b")
            made.type("i\x15\x1b")
            until(lambda: b'"text"' not in on_disk(room))


def on_disk(room):
    """What all files of drafts hold."""
    found = b""
    for path in (room.folder / "state" / "warroom").glob("*/drafts/*.json"):
        with contextlib.suppress(FileNotFoundError):  # adopted or emptied meanwhile
            found += path.read_bytes()
    return found


def held(room, words):
    """Wait until what is typed is on the disk."""
    until(lambda: words.encode() in on_disk(room), 5)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_a_half_typed_note_outlives_the_console(room, number):
    with Terminal(WARROOM, env=room.env) as first:
        first.wait_for("● engine")
        # In one piece: none of it is a command.
        first.type(f"iquay is full {number}")
        first.wait_for(f"quay is full {number}")
        if number == signal.SIGKILL:
            held(room, f"quay is full {number}")
        os.kill(first.process.pid, number)
        first.wait_exit(5)
    with Terminal(WARROOM, env=room.env) as second:
        second.wait_for(f"quay is full {number}")
        second.type("i\x15\x1b")
        second.wait_gone("quay is full")
        until(lambda: b"quay is full" not in on_disk(room))


@pytest.mark.trap(19, "a window closed in the middle of a note", "the draft is there again")
def test_a_closed_window_costs_nothing_that_was_typed(room):
    with Terminal(WARROOM, env=room.env) as first:
        first.wait_for("● engine")
        first.type("iwindow shut")
        first.wait_for("window shut")
        first.hang_up()
        first.wait_exit(5)
    with Terminal(WARROOM, env=room.env) as second:
        second.wait_for("window shut")
        second.type("i\x15\x1b")
        second.wait_gone("window shut")
        until(lambda: b"window shut" not in on_disk(room))


def test_two_consoles_do_not_take_each_others_words(room, terminal):
    terminal.type("imine")
    terminal.wait_for("mine")
    held(room, "mine")
    with Terminal(WARROOM, env=room.env) as other:
        other.wait_for("● engine")
        other.type("iyours")
        other.wait_for("yours")
        held(room, "yours")
        assert "mine" not in other.text
        other.type("\x15\x1b")
        other.wait_gone("yours")
        until(lambda: b"yours" not in on_disk(room))
    assert "mine" in terminal.text


@pytest.mark.trap(21, "the same in lines, read in pieces", "one draft")
@pytest.mark.parametrize(
    "text",
    [
        f"{START}Traceback:\r\n  q\x1bq\x1b[2J\r\nKeyError{END}",
        "Traceback:\r  q?kz\rKeyError",  # from a terminal that does not bracket
    ],
)
def test_a_pasted_trace_is_a_draft_and_runs_nothing(room, terminal, text):
    terminal.type("1")
    terminal.type(text)
    terminal.wait_for("Traceback:␊  q")
    assert terminal.process.poll() is None
    assert "KeyError" in terminal.text
    held(room, "KeyError")


def test_bytes_that_are_no_text_are_shown(room, terminal):
    terminal.type("i")
    terminal.type(b"a\xffb")
    terminal.wait_for("a\\xffb")
