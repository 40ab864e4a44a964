"""Consoles whose terminal goes away: at every moment of their lives, in every way there is."""

import contextlib
import itertools
import os
import pty
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.live.test_terminal import fill
from tests.processes import alive
from tests.rooms import WARROOM, Room
from tests.terminal import Terminal, until
from tests.waiting import NotInTimeError

AT_ONCE = 3
BOUND = 2.0
"""Seconds a console may still be there."""
NOHUP = [
    sys.executable,
    "-c",
    "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
    "os.execv(sys.executable, [sys.executable, '-m', 'warroom'])",
]
STREAM = "n=0; while true; do n=$((n+1)); echo line $n of the run; sleep 0.02; done"

# --- moments of a life --------------------------------------------------------------------


def before_the_first_frame(terminal, chance, words):
    end = time.monotonic() + chance.random() * 0.4
    until(lambda: time.monotonic() >= end)


def while_it_attaches(terminal, chance, words):
    until(lambda: b"\x1b[?1049h" in terminal.raw)


def with_a_dialog_open(terminal, chance, words):
    terminal.wait_for("● engine")
    terminal.type("d")
    terminal.wait_for("Declare")


def while_a_note_is_typed(terminal, chance, words):
    terminal.wait_for("● engine")
    terminal.type(f"i{words}")
    terminal.wait_for(words)


def while_a_run_streams(terminal, chance, words):
    terminal.wait_for("running Stream")
    terminal.type("X")
    terminal.wait_for("Done lately")
    until(lambda: _opened(terminal), explain=lambda: terminal.text)


def _opened(terminal):
    """Whether the run's screen is there; Enter is asked again until its row has come."""
    terminal.type("\r")
    with contextlib.suppress(NotInTimeError):
        until(lambda: "of the run" in terminal.text, 1)
    return "of the run" in terminal.text


def while_it_is_not_read(terminal, chance, words):
    terminal.wait_for("● engine")
    terminal.stop_reading()
    fill(terminal)


# --- ways to go ---------------------------------------------------------------------------


def the_terminal_is_closed(terminal, ends):
    terminal.hang_up()


def sighup(terminal, ends):
    os.kill(terminal.process.pid, signal.SIGHUP)


def sigterm(terminal, ends):
    os.kill(terminal.process.pid, signal.SIGTERM)


def stdin_ends(terminal, ends):
    """Only what it reads is gone: what it draws on is there still."""
    os.close(ends.pop())


def output_fails(terminal, ends):
    """Only what it draws on is gone, each write is EIO; what it reads from is there still."""
    terminal.hang_up()


def nohup(terminal, ends):
    terminal.hang_up()


WITH_A_TERMINAL = (the_terminal_is_closed, sighup, sigterm, output_fails, nohup)
LIVES = [
    # Without input from the beginning it prints plain lines, and that is no hang-up.
    *((before_the_first_frame, way) for way in WITH_A_TERMINAL),
    *itertools.product(
        (
            while_it_attaches,
            with_a_dialog_open,
            while_a_note_is_typed,
            while_a_run_streams,
        ),
        (*WITH_A_TERMINAL, stdin_ends),
    ),
    *itertools.product((while_it_is_not_read,), (the_terminal_is_closed, sigterm, nohup)),
]
BY_THEMSELVES = (stdin_ends, output_fails)
"""Ways for which it reads from another terminal than it draws on."""


@pytest.fixture
def room(tmp_path):
    stream = {"kind": "command", "title": "Stream", "argv": ["sh", "-c", STREAM], "key": "t",
              "danger": "mild", "deadline": "10m"}  # fmt: skip
    with Room({}, actions={"stream": stream}, linger="forever") as made:
        made.env["TMPDIR"] = str(made.folder / "tmp")
        (made.folder / "tmp").mkdir()
        with subprocess.Popen(
            [*WARROOM, "run", "stream", "--confirm", "y"],
            env=made.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as runs:
            try:
                until(lambda: (made.status() or {}).get("running") == 1)
                yield made
            finally:
                runs.kill()


@pytest.mark.faults
@pytest.mark.trap(
    19,
    "100 consoles, three at a time, whose terminal is closed, SIGHUP, SIGTERM, input at its end,"
    " output that is EIO, nohup and a hang-up; before the first frame, while it attaches, with a"
    " dialog open, while a note is typed, while a run streams, while nobody reads it",
    "each gone within 2 s; every word of a note kept; no process, socket, temporary file, place at"
    " the engine or descriptor of the engine left",
)
def test_a_console_without_its_terminal_is_gone_and_leaves_nothing(room, repetitions, measured):
    count = max(12, repetitions // 2)
    engine = psutil.Process(room.engine)
    before = engine.num_fds(), files(room), ours(room)
    chance = random.Random(19)
    lives = list(itertools.islice(itertools.cycle(chance.sample(LIVES, len(LIVES))), count))
    with ThreadPoolExecutor(AT_ONCE) as many:
        took = list(many.map(lambda n: lived(room, n, *lives[n]), range(count)))
    until(lambda: room.status()["consoles"] == [], 10)
    until(lambda: engine.num_fds() <= before[0], 10, lambda: str(engine.open_files()))
    new = files(room) - before[1]
    assert not new, [(room.folder / path).read_text()[-2000:] for path in new]
    assert ours(room) == before[2]
    typed = [words(n) for n, life in enumerate(lives) if life[0] is while_a_note_is_typed]
    assert typed
    until(lambda: all(one.encode() in drafts(room) for one in typed), 5, lambda: drafts(room))
    measured(f"{count} gone, the slowest within {max(took):.1f} s; {len(typed)} drafts kept")


def words(n):
    return f"note-{n}-is-kept"


def lived(room, n, moment, way):
    """Live until the moment, go that way; the seconds it took to be gone."""
    chance = random.Random(n)
    argv = NOHUP if way in (nohup, output_fails) else WARROOM
    with contextlib.ExitStack() as stack:
        ends, stdin = [], None
        if way in BY_THEMSELVES:
            mine, stdin = pty.openpty()
            ends.append(mine)
            stack.callback(os.close, stdin)
            stack.callback(lambda: [os.close(end) for end in ends])
        terminal = stack.enter_context(Terminal(argv, env=room.env, stdin=stdin))
        if ends:
            terminal.type = lambda text: os.write(ends[0], text.encode())
        moment(terminal, chance, words(n))
        family = [p for p in terminal.family() if "engine" not in p.cmdline()]
        way(terminal, ends)
        started = time.monotonic()
        terminal.wait_exit(10)
        took = time.monotonic() - started
        assert took < BOUND, (moment.__name__, way.__name__, took)
        until(lambda: not any(map(alive, family)), 2, lambda: f"{moment} {way} {family}")
        return took


def files(room):
    """All there are but what is typed and what the engine writes: sockets, locks, temporary."""
    return {
        path.relative_to(room.folder)
        for path in room.folder.rglob("*")
        if "drafts" not in path.parts and not path.name.endswith(("-journal", ".log"))
    }


def drafts(room):
    found = b""
    for path in (room.folder / "state" / "warroom").glob("*/drafts/*"):
        with contextlib.suppress(FileNotFoundError):
            found += path.read_bytes()
    return found


def ours(room):
    """Every process that lives in this room; the run's own sleeps come and go."""
    found = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            mine = process.environ().get("XDG_RUNTIME_DIR") == room.env["XDG_RUNTIME_DIR"]
            if mine and process.name() != "sleep" and alive(process):
                found.add(process.pid)
    return found
