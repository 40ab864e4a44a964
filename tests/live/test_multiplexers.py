"""The console in a real tmux and in a real GNU screen."""

import os
import re
import signal
import subprocess
import time
from contextlib import ExitStack

import psutil
import pytest

from tests.live.actions.tmux import Tmux
from tests.live.test_hang_ups import BOUND, drafts, files, ours
from tests.processes import alive, words
from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal, until


@pytest.fixture(scope="module")
def room():
    with Ferry() as ferry:
        url = f"{ferry.url('booking')}/healthz/live"
        sources = {"booking": {"kind": "http", "url": url, "interval": "500ms"}}
        with Room(sources) as made:
            made.env = {k: v for k, v in made.env.items() if k not in ("COLORTERM", "TMUX", "STY")}
            yield made


@pytest.mark.long
def test_in_tmux_frames_signs_and_title_are_right(room):
    with Tmux(WARROOM, room.env, size=(80, 24)) as tmux:
        tmux.wait_for("1 of 1 up")
        lines = tmux.text.split("\n")
        assert lines[1].startswith("╭─ 1 Health ── 1 of 1 up ─")
        assert lines[1].endswith("─╮")
        assert "│ ▸ ✔ UP  booking" in re.sub(" +UP +", " UP  ", tmux.text)
        tmux.keys("?")
        tmux.wait_for("Help")


BLINKS = re.compile(rb"\x1b\[(\d+;)*[56](;\d+)*m")


def blinks(raw):
    """Whether it was told to, the numbers of 256 colours left out."""
    return BLINKS.search(re.sub(rb"[34]8;5;\d+", b"", raw)) is not None


def in_screen(room, argv):
    env = {"COLORTERM": "truecolor", "TERM": "xterm-256color", "SCREENDIR": str(room.folder / "s")}
    return Terminal(["screen", "-c", "/dev/null", "-U", *argv], env={**room.env, **env})


def test_gnu_screen_4_takes_a_true_colour_for_attributes(room):
    """Why it is never sent one: of #050607 it makes blinking, and reverse."""
    version = subprocess.run(["screen", "--version"], capture_output=True, text=True).stdout
    if "version 4." not in version:
        pytest.skip(f"this is another: {version}")
    words = r"printf '\033[38;2;5;6;7mtrue\033[0m\n'; read -r _"
    with in_screen(room, ["sh", "-c", words]) as terminal:
        terminal.wait_for("true")
        assert blinks(terminal.raw)


@pytest.mark.long
def test_in_gnu_screen_there_are_256_colours_and_nothing_is_left_over(room):
    with in_screen(room, WARROOM) as terminal:
        terminal.wait_for("1 of 1 up", "╭─ 1 Health ")
        terminal.type("?")
        terminal.wait_for("Help")
        assert not blinks(terminal.raw)
        assert b"38;2;" not in terminal.raw
        assert b"\x1b]22" not in terminal.raw
        terminal.type("\x1b")
        terminal.wait_gone("Help")
        terminal.type("q")
        terminal.wait_exit(10)


# --- the server is killed -----------------------------------------------------------------


def console_in(tmux):
    """The console's process, and the server's that shows it."""
    pane, server = tmux("display-message", "-p", "-t", "t", "#{pane_pid} #{pid}").split()
    return psutil.Process(int(pane)), int(server)


def looked_at(tmux):
    """A person's own terminal, attached."""
    argv = ["tmux", "-S", tmux.socket, "-f", "/dev/null", "attach"]
    return Terminal(argv, env={**tmux.env, "TMUX": ""})


def is_still(tmux, n):
    """It draws the room, and that is all."""


def has_a_dialog(tmux, n):
    tmux.keys("?")
    tmux.wait_for("Help")


def is_typed_in(tmux, n):
    tmux.keys("i", *f"note-{n}-is-kept")
    tmux.wait_for(f"note-{n}-is-kept")


def is_in_copy_mode(tmux, n):
    tmux("copy-mode", "-t", "t")


def just_came(tmux, n):
    """Killed before the first frame."""


MOMENTS = (is_still, has_a_dialog, is_typed_in, is_in_copy_mode, just_came)


@pytest.mark.faults
@pytest.mark.trap(
    19,
    "kill -9 of the tmux server, a person attached or nobody: while the console is still, with a"
    " dialog open, while a note is typed, in copy mode, before the first frame",
    "the console is gone within 2 s; the note is kept, the engine goes on, and no process, socket,"
    " temporary file or place at the engine is left",
)
def test_a_console_whose_tmux_is_killed_is_gone_and_leaves_nothing(room, repetitions, measured):
    count, took, typed = max(len(MOMENTS), repetitions // 10), [], []
    with Tmux(WARROOM, room.env) as first:  # so that the engine stays
        first.wait_for("1 of 1 up")
        engine, before = room.engine, (files(room), ours(room))
        for n in range(count):
            moment = MOMENTS[n % len(MOMENTS)]
            took.append(killed(room, n, moment))
            typed += [f"note-{n}-is-kept"] if moment is is_typed_in else []
            until(lambda: len(room.status()["consoles"]) == 1, 10)
            assert not files(room) - before[0]
            assert ours(room) == before[1]
        assert room.engine == engine
    until(lambda: all(one.encode() in drafts(room) for one in typed), 5, lambda: drafts(room))
    measured(f"{count} servers killed, the slowest console gone within {max(took):.2f} s")


def killed(room, n, moment):
    """One console in a tmux of its own, whose server is killed; the seconds it stayed."""
    with Tmux(WARROOM, room.env) as tmux, ExitStack() as persons:
        if moment is not just_came:
            tmux.wait_for("1 of 1 up")
            moment(tmux, n)
        if n % 2:
            persons.enter_context(looked_at(tmux)).wait_for("[t]")
        console, server = console_in(tmux)
        family = [
            console,
            *(p for p in console.children(recursive=True) if "engine" not in words(p)),
        ]
        assert moment is just_came or "warroom" in " ".join(words(console))
        assert alive(console)
        os.kill(server, signal.SIGKILL)
        started = time.monotonic()
        until(lambda: not any(map(alive, family)), 10, lambda: f"{moment.__name__} {family}")
        took = time.monotonic() - started
    assert took < BOUND, (moment.__name__, took)
    return took
