"""The console in a real tmux and in a real GNU screen."""

import re
import subprocess

import pytest

from tests.live.actions.tmux import Tmux
from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal


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
