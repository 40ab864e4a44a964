"""The console in a real tmux and in a real GNU screen."""

import re

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


@pytest.mark.long
def test_in_gnu_screen_there_are_256_colours_and_nothing_is_left_over(room):
    """Its 4.9 takes the numbers of a true colour for attributes, of which 5 blinks."""
    env = {"COLORTERM": "truecolor", "TERM": "xterm-256color", "SCREENDIR": str(room.folder / "s")}
    argv = ["screen", "-c", "/dev/null", "-U", *WARROOM]
    with Terminal(argv, env={**room.env, **env}) as terminal:
        terminal.wait_for("1 of 1 up", "╭─ 1 Health ")
        terminal.type("?")
        terminal.wait_for("Help")
        assert not re.search(
            rb"\x1b\[(\d+;)*[56](;\d+)*m", re.sub(rb"[34]8;5;\d+", b"", terminal.raw)
        )
        assert b"38;2;" not in terminal.raw
        assert b"\x1b]22" not in terminal.raw
        terminal.type("\x1b")
        terminal.wait_gone("Help")
        terminal.type("q")
        terminal.wait_exit(10)
