"""The console as a whole process in a terminal: how it starts, holds on, and leaves."""

import os
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal, until

RESTORED = b"\x1b[?1049l"
"""What leaves the alternate screen."""


@pytest.fixture(scope="module")
def ferry():
    with Ferry() as running:
        yield running


@pytest.fixture(scope="module")
def room(ferry):
    sources = {
        "booking": {
            "kind": "http",
            "url": f"{ferry.url('booking')}/healthz/live",
            "interval": "500ms",
        },
        "quay": {"kind": "http", "url": f"{ferry.url('quay')}/status.txt", "interval": "500ms"},
    }
    with Room(sources) as made:
        yield made


@pytest.fixture
def terminal(room):
    with Terminal(WARROOM, env=room.env) as made:
        made.wait_for("2 of 2 up")
        yield made


def gone(terminal, code, seconds=2.0):
    """It ends in time, by itself, with the terminal as it was."""
    started = time.monotonic()
    assert terminal.wait_exit(10) == code
    assert time.monotonic() - started < seconds


def restored(terminal):
    assert terminal.modes == terminal.modes_before
    until(lambda: RESTORED in terminal.raw, 2)


def test_q_leaves_the_terminal_as_it_was_and_the_engine_at_work(terminal, room):
    before = room.engine
    terminal.type("q")
    gone(terminal, 0)
    restored(terminal)
    assert room.engine == before


@pytest.mark.trap(
    19, "SIGTERM and SIGHUP", "gone within 2 s, the terminal as it was, the engine at work"
)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_within_two_seconds(terminal, room, number):
    os.kill(terminal.process.pid, number)
    gone(terminal, 128 + number)
    restored(terminal)
    assert room.engine


def test_a_closed_window_ends_it(terminal, room):
    terminal.hang_up()
    gone(terminal, 128 + signal.SIGHUP)
    assert room.engine


@pytest.mark.trap(19, "a hang-up under nohup", "gone within 2 s")
def test_under_nohup_a_hang_up_ends_it_too(room):
    script = "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    script += "os.execv(sys.executable, [sys.executable, '-m', 'warroom'])"
    with Terminal([sys.executable, "-c", script], env=room.env) as terminal:
        terminal.wait_for("2 of 2 up")
        terminal.hang_up()
        gone(terminal, 128 + signal.SIGHUP)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_that_does_not_read_cannot_hold_it(terminal, number):
    terminal.stop_reading()
    fill(terminal)
    os.kill(terminal.process.pid, number)
    gone(terminal, 128 + number)
    assert terminal.modes == terminal.modes_before


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGTSTP])
def test_after_a_stop_from_outside_all_of_it_is_painted_again(terminal, number):
    os.kill(terminal.process.pid, number)
    until(lambda: psutil.Process(terminal.process.pid).status() == psutil.STATUS_STOPPED, 5)
    terminal.scribble("$ fg\r\n" * 30)
    terminal.wait_gone("2 of 2 up")
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.wait_for("2 of 2 up", "1 Health", "help", seconds=5)
    terminal.wait_gone("$ fg")


def fill(terminal):
    """Give a terminal that does not read more pictures than it and all queues take.

    A resize paints the whole screen; two within a hundredth of a second would count as one.
    """
    for at in range(80):
        terminal.resize(80 + at % 2, 24)
        end = time.monotonic() + 0.03
        until(lambda end=end: time.monotonic() >= end)


@pytest.mark.long
def test_q_leaves_a_terminal_that_does_not_read(terminal):
    terminal.stop_reading()
    fill(terminal)
    terminal.type("q")
    gone(terminal, 0, seconds=4)
    assert terminal.modes == terminal.modes_before


def test_a_killed_engine_shows_within_two_seconds_and_comes_back(terminal, room):
    before = room.engine
    os.kill(before, signal.SIGKILL)
    started = time.monotonic()
    terminal.wait_for("The engine is gone", "CAN'T SEE", seconds=5)
    assert time.monotonic() - started < 2.0
    terminal.wait_for("2 of 2 up")
    terminal.wait_gone("The engine is gone")
    assert room.engine not in (None, before)


def test_a_stopped_engine_shows_within_two_seconds_and_goes_on(terminal, room):
    engine = room.engine
    os.kill(engine, signal.SIGSTOP)
    try:
        started = time.monotonic()
        terminal.wait_for("The engine is gone", "CAN'T SEE", seconds=5)
        assert time.monotonic() - started < 2.5
    finally:
        os.kill(engine, signal.SIGCONT)
    terminal.wait_for("2 of 2 up")


def test_a_source_that_goes_down_turns_red_and_back(terminal, ferry):
    ferry.break_("booking")
    try:
        terminal.wait_for("SEV1 DOWN", "booking is down", "503")
    finally:
        ferry.mend("booking")
    terminal.wait_gone("SEV1")
    terminal.wait_for("2 of 2 up")


@pytest.mark.trap(
    22, "a window made smaller than that, and larger", "one clear line, then the panels again"
)
def test_a_small_window_gets_one_clear_line_and_the_panels_back(terminal):
    terminal.resize(40, 10)
    terminal.wait_for("40x10 is too small")
    terminal.resize(100, 30)
    terminal.wait_for("2 of 2 up")


@pytest.mark.trap(
    21,
    "a stack trace pasted onto a panel of a real terminal",
    "it lands in the draft and runs nothing",
)
def test_a_pasted_stack_trace_runs_nothing(terminal):
    terminal.type("1")
    trace = "Traceback (most recent call last):\n  File 'q.py', line 1\nq\nk\nz\n"
    terminal.type(f"\x1b[200~{trace}\x1b[201~")
    terminal.type("?")
    terminal.wait_for("␊q␊k␊z?")
    assert terminal.process.poll() is None
    terminal.type("\x15")  # nothing is left to the next
    terminal.wait_gone("␊q␊k␊z?")


@pytest.mark.trap(22, "NO_COLOR with a value, and empty", "no hue, and hues")
@pytest.mark.parametrize(
    ("env", "coloured"), [({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)]
)
def test_no_color_counts_when_it_is_not_empty(room, env, coloured):
    with Terminal(WARROOM, env={**room.env, **env, "COLORTERM": "truecolor"}) as terminal:
        terminal.wait_for("2 of 2 up")
        hues = {
            tuple(map(int, rgb)) for rgb in re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", terminal.raw)
        }
        assert any(max(rgb) - min(rgb) > 40 for rgb in hues) == coloured


@pytest.mark.trap(22, "a locale without UTF-8, and TERM=linux", "only ASCII is sent")
@pytest.mark.parametrize("env", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"TERM": "linux"}])
def test_without_utf8_only_ascii_is_sent(room, env):
    with Terminal(WARROOM, env={**room.env, "LC_ALL": "C.UTF-8", **env}) as terminal:
        terminal.wait_for("2 of 2 up", "+ UP")
        terminal.type("z")
        terminal.wait_for("request")
        terminal.type("?")
        terminal.wait_for("Esc closes")
        terminal.type("\x1b")
        terminal.wait_gone("Esc closes")
        terminal.type("\x10")
        terminal.wait_for("Acknowledge")
        assert terminal.raw.isascii(), [c for c in terminal.text if not c.isascii()]


@pytest.mark.trap(22, "screen, tmux, xterm and vt100", "the room is shown")
@pytest.mark.parametrize("term", ["xterm-256color", "screen", "tmux-256color", "vt100"])
def test_common_terminals_show_the_room(room, term):
    with Terminal(WARROOM, env={**room.env, "TERM": term}) as terminal:
        terminal.wait_for("2 of 2 up", "engine")
        terminal.type("q")
        gone(terminal, 0)


@pytest.mark.trap(22, "TERM=dumb and none", "plain lines")
@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"TERM": ""}])
def test_a_dumb_terminal_gets_plain_lines(room, ferry, env):
    with Terminal(WARROOM, env={**room.env, **env}, columns=100) as terminal:
        terminal.wait_for("OK UP booking", "OK UP quay")
        ferry.break_("quay")
        try:
            terminal.wait_for("SEV1 DOWN quay: quay is down")
        finally:
            ferry.mend("quay")
        terminal.wait_for("OK UP quay")
        assert b"\x1b" not in terminal.raw
        os.kill(terminal.process.pid, signal.SIGTERM)
        terminal.wait_exit(3)


@pytest.mark.trap(22, "standard input that is no terminal", "plain lines")
def test_stdin_that_is_no_terminal_means_plain_lines(room):
    with Path(os.devnull).open() as nothing, Terminal(WARROOM, env=room.env, stdin=nothing) as it:
        it.wait_for("OK UP booking")
        assert b"\x1b" not in it.raw


def test_plain_lines_end_when_nobody_reads_them_any_more(room):
    with subprocess.Popen([*WARROOM], env=room.env, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(5) == 141


CRASHING = """
import sys
from warroom.console.header import LinkMark, Worst
def draw(self, width, height):
    password = "hunter2-secret"
    if self.state.room is not None:
        raise RuntimeError("boom")
    return []
Worst.draw = LinkMark.draw = draw
from warroom.cli import main
sys.exit(main())
"""


@pytest.mark.trap(
    20,
    "an exception in a widget with a password in a local variable",
    "a report with mode 0600 without it, no traceback on the screen, the engine at work",
)
def test_an_exception_leaves_a_private_report_and_no_secret(room, tmp_path):
    env = {**room.env, "XDG_STATE_HOME": room.env["XDG_STATE_HOME"]}
    with Terminal([sys.executable, "-c", CRASHING], env=env) as terminal:
        assert terminal.wait_exit(20) != 0
        until(lambda: b"the report is in" in terminal.raw, 3, lambda: terminal.text)
        restored(terminal)
        assert b"hunter2" not in terminal.raw
        reports = list(Path(env["XDG_STATE_HOME"]).rglob("crash-*.txt"))
        assert len(reports) == 1
        assert stat.S_IMODE(reports[0].stat().st_mode) == 0o600
        assert "RuntimeError: boom" in reports[0].read_text()
        assert "hunter2" not in reports[0].read_text()
    assert room.engine


MODULES = """
import atexit, sys
atexit.register(lambda: open(sys.argv.pop(), "w").write("\\n".join(sys.modules)))
from warroom.cli import main
sys.exit(main([]))
"""


def test_the_console_process_loads_no_driver(room, tmp_path):
    found = tmp_path / "modules"
    with Terminal([sys.executable, "-c", MODULES, str(found)], env=room.env) as terminal:
        terminal.wait_for("2 of 2 up")
        terminal.type("q")
        gone(terminal, 0)
    loaded = set(found.read_text().split())
    assert "textual.app" in loaded
    unwanted = {"httpx", "httpcore", "asyncpg", "psycopg", "redis", "dns", "pydantic"}
    unwanted |= {"prometheus_client"}
    unwanted |= {"warroom.engine", "warroom.sources", "warroom.connect", "warroom.demo"}
    assert not unwanted & loaded


@pytest.mark.trap(
    18,
    "a terminal that does not read for two minutes",
    "no poll missed, less than 20 MiB more memory, one repaint shows what is so now",
)
@pytest.mark.faults
def test_while_the_terminal_does_not_read_the_engine_misses_nothing(room, ferry, repetitions):
    """Two minutes in the long form, then one repaint catches up."""
    stall = STALL if repetitions >= MANY else QUICK_STALL
    with Terminal(WARROOM, env=room.env) as terminal:
        terminal.wait_for("2 of 2 up")
        terminal.stop_reading()
        fill(terminal)
        before, polls = ferry.served("quay"), polls_of(room, "quay")
        memory = psutil.Process(terminal.process.pid).memory_info().rss
        started = time.monotonic()
        until(lambda: time.monotonic() - started >= stall, stall + 5)
        assert ferry.served("quay") - before >= 2 * stall * 0.9
        assert polls_of(room, "quay") - polls >= 2 * stall * 0.9
        assert psutil.Process(terminal.process.pid).memory_info().rss - memory < 20 * 2**20
        # The loop went on all the while: it told the engine what it did not send.
        assert room.status()["consoles"][-1]["terminal"]["dropped"] >= stall
        ferry.break_("booking")
        terminal.type("1")
        shown = len(terminal.raw)
        try:
            terminal.read_again()
            terminal.wait_for("SEV1 DOWN", seconds=10)
        finally:
            ferry.mend("booking")
        # What the kernel had taken, and one picture: nothing of the minutes between.
        assert len(terminal.raw) - shown < 60_000


STALL, QUICK_STALL = 120, 25
"""Seconds a terminal does not read, in the long form and in the quick one."""
MANY = 100
"""Repetitions from which on it is the long form."""


def polls_of(room, name):
    return next(s["polls"] for s in room.status()["sources"] if s["name"] == name)
