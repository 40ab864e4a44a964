"""A console behind 2 kB/s and 400 ms each way, with room for minutes of old pictures on the way."""

import os
import re
import signal
import time

import pytest

from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.slow_link import SlowTerminal
from tests.terminal import Terminal, until

pytestmark = pytest.mark.long

BACKLOG = 4500
"""Bytes on their way at most: a little over two seconds of this link."""


@pytest.fixture(scope="module")
def ferry():
    with Ferry() as running:
        yield running


@pytest.fixture(scope="module")
def room(ferry):
    pages = (("booking", "/healthz/live"), ("printer", "/ping"), ("quay", "/status.txt"))
    sources = {
        f"{service}{n}": {"kind": "http", "url": ferry.url(service) + path, "interval": "1s"}
        for n in range(4)
        for service, path in pages
    }
    with Room(sources) as made:
        made.env["TERM"] = "xterm-256color"
        yield made


@pytest.fixture
def slow(room):
    with SlowTerminal(WARROOM, env=room.env) as made:
        made.wait_for("12 of 12 up", seconds=40)
        yield made


def most_backlog(terminal, seconds):
    end = time.monotonic() + seconds
    found = 0
    while time.monotonic() < end:
        found = max(found, terminal.backlog)
        time.sleep(0.02)
    return found


def test_it_stays_usable_while_everything_changes(slow, room, ferry):
    most_backlog(slow, 2)  # it has learned how slow this is
    ferry.break_("booking")
    ferry.break_("quay")
    try:
        slow.wait_for("SEV1", seconds=8)
        assert most_backlog(slow, 4) < BACKLOG
        slow.type("i")
        slow.wait_for("Enter writes it", seconds=6)
        slow.type("pool is at its limit")
        slow.wait_for("pool is at its limit", seconds=4)
        slow.type("\x15")
        slow.wait_gone("pool is at its limit", seconds=4)
        # Whole, before it is to go: Esc and a letter in one read are another key.
        slow.wait_for("Enter writes it", seconds=6)
        slow.type("\x1b")
        slow.wait_gone("Enter writes it", seconds=6)
        slow.wait_for("? help", seconds=6)
        slow.type("?")
        slow.wait_for("Esc closes", seconds=8)
        slow.type("\x1b")
        slow.wait_gone("Esc closes", seconds=8)
        assert most_backlog(slow, 2) < BACKLOG
    finally:
        ferry.mend("booking")
        ferry.mend("quay")
    slow.wait_gone("SEV1", seconds=10)
    told = until(lambda: slow_one(room), 30)
    assert told["dropped"] > 0
    assert 0.5 < told["answer_s"] < 5
    line = room.run("status").stdout
    assert re.search(
        r"xterm-256color 80x24  [\d,]+ B/s over the last minute, [\d,]+ B in all", line
    )
    slow.type("q")
    assert slow.process.wait(5) == 0
    # The last answer came while it was still waited for: nothing is left for the shell.
    assert slow.modes == slow.modes_before
    assert left_to_read(slow.slave) == b""


def slow_one(room):
    found = [c["terminal"] for c in room.status()["consoles"]]
    return next((one for one in found if one and one["dropped"]), None)


def left_to_read(slave):
    os.set_blocking(slave, False)
    try:
        return os.read(slave, 100)
    except BlockingIOError:
        return b""


def test_a_link_that_stood_shows_the_newest_at_once(slow, ferry):
    most_backlog(slow, 2)
    slow.standing = True
    before = slow.given
    ferry.break_("printer")
    try:
        most_backlog(slow, 6)
    finally:
        ferry.mend("printer")
    most_backlog(slow, 2)
    assert slow.given - before < BACKLOG
    slow.standing = False
    slow.wait_for("12 of 12 up", seconds=8)
    clock = time.strftime("%H:%M", time.gmtime())
    slow.wait_for(clock, seconds=3)


def test_one_that_never_answers_is_served_and_not_held_up(room):
    with Terminal(WARROOM, env=room.env, answers=False) as terminal:
        terminal.wait_for("12 of 12 up", seconds=10)
        terminal.type("?")
        terminal.wait_for("Esc closes")
        terminal.type("\x1b")
        terminal.wait_gone("Esc closes")
        until(lambda: any(t and t["answer_s"] is None for t in terminals(room)), 30)
        assert "does not say when it has drawn" in room.run("status").stdout
        terminal.type("q")
        assert terminal.process.wait(3) == 0


def terminals(room):
    return [console["terminal"] for console in room.status()["consoles"]]


def test_of_a_console_that_has_not_told_yet_nothing_is_claimed(room):
    with Terminal(WARROOM, env=room.env) as terminal:
        terminal.wait_for("12 of 12 up", seconds=10)
        told = room.status()["consoles"]
        assert told[-1]["terminal"] is None
        assert "what its terminal was sent is not known" in room.run("status").stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_behind_a_slow_link_too(slow, number):
    slow.type("]?")
    os.kill(slow.process.pid, number)
    started = time.monotonic()
    assert slow.process.wait(5) == 128 + number
    assert time.monotonic() - started < 2.5
    assert slow.modes == slow.modes_before
