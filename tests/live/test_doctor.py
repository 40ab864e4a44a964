"""``warroom doctor`` as it is typed: at a terminal, without one, in tmux, on what is broken."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal
from tests.waiting import until

QUESTION = b"\x1b[c"
DOCTOR = [*WARROOM, "doctor", "--no-sources"]
SECRET = "canary-4711"


@pytest.fixture(scope="module")
def ferry():
    with Ferry() as made:
        yield made


@pytest.fixture(autouse=True)
def somewhere(monkeypatch):
    """As in a terminal's shell, wherever the tests are run."""
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def room(ferry):
    source = {
        "kind": "http",
        "url": f"{ferry.url('quay')}/status.txt",
        "headers": {"X-Api-Key": SECRET},
        "timeout": "5s",
    }
    with Room({"quay": source}) as made:
        yield made


def told(room, *arguments, code=0):
    """What it says as JSON, by section and by what it is about."""
    done = room.run("doctor", "--json", *arguments, check=False)
    assert done.returncode == code, done
    assert done.stderr == ""
    assert SECRET not in done.stdout
    sections = json.loads(done.stdout)["sections"]
    return {n: {one["what"]: one for one in found} for n, found in sections.items()}


def test_a_room_that_is_well_has_nothing_wrong(room):
    found = told(room, code=0)
    assert found["sources"]["quay (http)"]["verdict"] == "ok"
    assert found["room"]["engine"]["found"] == "none runs; warroom starts one"
    assert found["configuration"]["file"]["found"] == f"{room.config} ($WARROOM_CONFIG)"
    assert found["terminal"]["size"]["verdict"] == "know"
    assert not room.engines()
    assert not list((room.folder / "state").iterdir())  # nothing is made


@pytest.mark.long
def test_what_is_wrong_with_the_file_is_told_with_its_line(room):
    room.config.chmod(0o644)
    found = told(room, "--no-sources", code=1)
    problem = found["configuration"]["problem"]
    assert problem["found"].startswith(f"{room.config}:")
    assert problem["fix"].startswith(f"chmod 600 {room.config}")
    room.config.write_text("= no TOML")
    found = told(room, code=1)
    assert ":1: is no TOML" in found["configuration"]["problem"]["found"]
    assert found["sources"]["none"]["verdict"] == "know"
    room.config.unlink()
    assert "does not exist" in told(room, code=1)["configuration"]["problem"]["found"]


@pytest.mark.long
def test_an_engine_a_journal_and_open_files_are_looked_at(room):
    room.run("declare", "the quay is gone")
    found = told(room, "--no-sources")
    assert found["room"]["engine"]["found"].startswith(f"pid {room.engine}, warroom ")
    assert "all as they were written" in found["room"]["journal"]["found"]
    room.run("stop", "--force")
    (journal,) = room.folder.rglob("journal.db")
    journal.chmod(0o644)
    found = told(room, "--no-sources", code=1)
    assert found["room"]["file modes"]["fix"] == f"chmod 600 {journal}"
    journal.chmod(0o600)
    journal.write_bytes(b"no journal at all, but long enough for a header of SQLite" * 20)
    assert found["room"]["engine"]["verdict"] == "ok"
    found = told(room, "--no-sources", code=1)
    assert found["room"]["journal"]["verdict"] == "wrong"


@pytest.mark.long
def test_a_source_that_never_answers_holds_nobody_up(room):
    hole = {"kind": "http", "url": "http://127.0.0.1:9/", "timeout": "300ms"}
    room.write({"hole": hole, "lazy": {**hole, "on_request": True}})
    found = told(room, code=1)["sources"]
    assert found["hole (http)"]["fix"] == "warroom check --source hole"
    assert found["lazy"]["verdict"] == "know"


@pytest.mark.long
def test_a_terminal_that_never_answers_is_left_as_it_was(room):
    with Terminal(DOCTOR, env=room.env, columns=80, rows=50, answers=False) as terminal:
        terminal.wait_for("worth knowing")
        assert terminal.wait_exit(5) == 0
        assert QUESTION in terminal.raw
        assert terminal.modes == terminal.modes_before
        assert "80x50" in terminal.text
        assert "does not answer" in terminal.text


@pytest.mark.long
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_ended_while_it_asks_it_leaves_the_terminal_as_it_was(room, number, code):
    with Terminal(DOCTOR, env=room.env, answers=False) as terminal:
        until(lambda: QUESTION in terminal.raw)
        terminal.process.send_signal(number)
        assert terminal.wait_exit(10) == code
        assert terminal.modes == terminal.modes_before
        assert b"Traceback" not in terminal.raw


@pytest.mark.long
def test_a_terminal_that_prints_what_it_does_not_know_is_asked_nothing(room):
    for term in ("dumb", "linux", "vt100"):
        env = {**room.env, "TERM": term}
        with Terminal(DOCTOR, env=env, columns=100, rows=50) as terminal:
            terminal.wait_for("worth knowing")
            assert terminal.wait_exit(5) == (1 if term == "dumb" else 0)
            assert b"\x1b" not in terminal.raw


@pytest.mark.long
def test_in_a_real_tmux_its_settings_are_asked(room, tmp_path):
    tmux = ["tmux", "-S", str(tmp_path / "s"), "-f", "/dev/null"]
    env = {**os.environ, **room.env, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}

    def run(*arguments):
        return subprocess.run(
            [*tmux, *arguments], env=env, capture_output=True, text=True, check=True
        ).stdout

    shell = f"{' '.join(DOCTOR)}; echo ended-$?; exec cat"
    try:
        run("new-session", "-d", "-x", "100", "-y", "50", shell)
        said = until(lambda: "ended-" in (s := run("capture-pane", "-p")) and s, 20)
        assert "-> tmux set -g set-clipboard on" in said
        assert "tmux set -s escape-time 10" in said
        assert "100x50" in said
        assert "tmux 3" in said
        assert "ended-1" in said
        run("set", "-g", "set-clipboard", "on")
        run("set", "-s", "escape-time", "10")
        run("set", "-g", "focus-events", "on")
        run("respawn-pane", "-k", shell)
        said = until(lambda: "ended-" in (s := run("capture-pane", "-p")) and s, 20)
        assert "ended-0" in said
        assert "escape-time" not in said
    finally:
        subprocess.run([*tmux, "kill-server"], capture_output=True, check=False)


@pytest.mark.long
def test_a_tmux_that_hangs_holds_nobody_up(room, tmp_path):
    hung = tmp_path / "tmux"
    hung.write_text("#!/bin/sh\nexec sleep 60\n")
    hung.chmod(0o755)
    room.env |= {"TMUX": "/tmp/none,1,0", "TERM": "tmux", "PATH": f"{tmp_path}:/usr/bin:/bin"}
    began = time.monotonic()
    found = told(room, "--no-sources")
    assert time.monotonic() - began < 20
    assert "has not answered for 2 s" in found["terminal"]["tmux"]["found"]


@pytest.mark.long
def test_without_any_configuration_it_tells_where_it_looked(tmp_path):
    env = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    env.pop("WARROOM_CONFIG", None)
    done = subprocess.run(
        [sys.executable, "-m", "warroom", "doctor"],
        cwd=tmp_path,
        env={**env, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "warroom init writes a starter" in done.stdout
    assert "Traceback" not in done.stderr
