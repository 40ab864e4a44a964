"""Actions from a real console in a real terminal: bursts, held keys, a hang-up, and secrets."""

import contextlib
import json
import subprocess
import sys
import time

import psutil
import pytest

from tests.live.actions.tmux import Tmux
from tests.processes import words
from tests.rooms import WARROOM, Room
from tests.terminal import Terminal, until
from tests.waiting import NotInTimeError

BURSTS = (
    ("a", "h", *"hit", "Tab", "Space"),
    ("a", "h", "Enter", "Enter", "Tab", "Enter", "Space"),
    ("a", "m", "y"),
    ("a", "m", "y", "y", "y", "Enter"),
    ("a", "a", "h", "h", *"hithit", "Tab", "Tab", "Space", "Space"),
    ("a", "s", *"staging", "Tab", "Space"),
)
"""Everything that would run something, were it typed by somebody who looks."""


@pytest.fixture
def room(tmp_path):
    mark = tmp_path / "ran"

    def hits(title, **more):
        argv = ["sh", "-c", f"echo hit >> {mark}"]
        return {"kind": "command", "title": title, "argv": argv} | more

    actions = {
        "hit": hits("Hit", key="h", word="hit"),
        "mild": hits("Mild", key="m", danger="mild"),
        "severe": hits("Severe", key="s", danger="severe"),
    }
    with Room({}, actions=actions) as made:
        made.mark = mark
        yield made


def started(room):
    """The runs that the journal knows of."""
    acting = json.loads(room.run("actions", "--json").stdout)
    return [run["action"] for run in acting["runs"]]


def hits(room):
    return room.mark.read_text().count("hit") if room.mark.exists() else 0


@pytest.mark.long
@pytest.mark.trap(
    1,
    "all that runs an action typed ahead in one burst, and Enter 200 times, in a terminal",
    "nothing ran; the same keys by a hand that looks ran it once",
)
def test_bursts_by_tmux_run_nothing_and_hands_do(room):
    with Tmux(WARROOM, room.env) as tmux:
        tmux.wait_for("● engine")
        for burst in BURSTS:
            tmux.keys(*burst)
            until(lambda: room.status() is not None)
            tmux.keys("Escape")
            tmux.keys("Escape")
            tmux.wait_for("? help")
            assert (started(room), hits(room)) == ([], 0), burst
        tmux.keys("a", "h")
        tmux.wait_for("Type hit")
        tmux.keys(*["Enter"] * 200)
        tmux.keys("Escape")
        tmux.wait_for("? help")
        assert (started(room), hits(room)) == ([], 0)
        # The same keys by a hand that looks run it, once: the keys above came through.
        tmux.keys("a", "h")
        tmux.wait_for("Type hit")
        _type(tmux, "hit")
        tmux.keys("Tab")
        tmux.wait_for("▸ [ Run ]")
        until(lambda: _pressed(tmux, room))
        tmux.wait_for("SUCCEEDED")
        assert (started(room), hits(room)) == (["hit"], 1)


def _type(tmux, phrase):
    """The phrase, once the first moment is over in which nothing counts: letter by letter, each
    seen before the next."""
    for at in range(1, len(phrase) + 1):
        while f": {phrase[:at]}" not in tmux.text:
            tmux.keys(phrase[at - 1])
            with contextlib.suppress(NotInTimeError):
                until(lambda at=at: f": {phrase[:at]}" in tmux.text, 1)
    tmux.wait_for("now Tab to Run")


def _pressed(tmux, room):
    if not started(room):
        tmux.keys("Space")
    return bool(started(room))


def test_a_paste_is_not_typed(room):
    with Tmux(WARROOM, room.env) as tmux:
        tmux.wait_for("● engine")
        tmux.keys("a")
        tmux.wait_for("Severe")
        tmux.keys("h")
        tmux.wait_for("Type hit")
        for _ in range(20):
            tmux.paste("hit\t ")
        tmux.keys("Tab", "Space")
        until(lambda: room.status() is not None)
        assert (started(room), hits(room)) == ([], 0)
        assert "now Tab to Run" not in tmux.text


def test_a_hang_up_in_the_middle_ends_nothing(tmp_path):
    done = tmp_path / "done"
    wait = f"while [ ! -e {tmp_path}/go ]; do sleep 0.05; done; echo out; echo x > {done}"
    long = {"kind": "command", "title": "Long", "argv": ["sh", "-c", wait], "key": "l",
            "danger": "mild", "deadline": "30s"}  # fmt: skip
    with Room({}, actions={"long": long}) as room:
        with Terminal(WARROOM, env=room.env) as terminal:
            terminal.wait_for("● engine")
            terminal.type("a")
            terminal.wait_for("Long")
            terminal.type("l")
            terminal.wait_for("Press y")
            until(lambda: _runs(terminal, room))
            terminal.wait_for("running")
            terminal.hang_up()
            terminal.wait_exit()
            assert not done.exists()
            (tmp_path / "go").touch()
            until(done.exists)
            until(lambda: room.status()["running"] == 0)
        (run,) = json.loads(room.run("actions", "--json").stdout)["runs"]
        assert (run["outcome"], run["head"]) == ("succeeded", ["out"])


def _runs(terminal, room):
    terminal.type("y")
    time.sleep(0.3)  # one that comes sooner is a key that is held
    return room.status()["running"] == 1


@pytest.mark.trap(10, "`--read-only` and every key", "nothing ran")
def test_read_only_is_the_engines_word(room):
    with Terminal([*WARROOM, "--read-only"], env=room.env) as terminal:
        terminal.wait_for("● read-only")
        terminal.type("a")
        terminal.wait_for("This console may note", "Severe")
        terminal.type("m")
        terminal.wait_for("Mild - MILD")
        terminal.wait_for("this console may only note")
        terminal.type("y" * 50)
        assert (started(room), hits(room)) == ([], 0)


CANARIES = {
    "env": "canary-env-71c0", "stdin": "canary-stdin-82d1", "file": "canary-file-93e2",
    "clear": "canary-clear-a4f3", "typed": "canary-typed-d726",
    "bearer": "canary-bearer-b504", "header": "canary-header-c615",
}  # fmt: skip
PRINTS = (
    "import os, sys; print('env', os.environ['TOKEN']); print('in', sys.stdin.read());"
    "print('file', os.environ['FILED']); print('clear', os.environ['API_TOKEN'], flush=True);"
    "import time; time.sleep(1)"
)


@pytest.mark.long
@pytest.mark.trap(
    27,
    "canaries in every secret of an action",
    "in no argument list, screen, log, journal, export or file",
)
def test_no_secret_of_an_action_comes_out_anywhere(tmp_path):
    kept = tmp_path / "kept"
    kept.write_text(CANARIES["file"])
    kept.chmod(0o600)
    actions = {
        "tell": {
            "kind": "command", "title": "Tell", "key": "t", "danger": "mild",
            "argv": [sys.executable, "-c", PRINTS], "stdin": {"env": "STDIN"},
            "env": {"TOKEN": {"env": "ENV"}, "FILED": {"file": str(kept)},
                    "API_TOKEN": CANARIES["clear"]},
        },
        "set": {
            "kind": "command", "title": "Set", "danger": "mild", "stdin": "{value}",
            "argv": [sys.executable, "-c", "import sys; print('got', sys.stdin.read())"],
            "parameters": {"value": {"secret": True}},
        },
        "ask": {
            "kind": "http", "title": "Ask", "key": "k", "danger": "mild",
            "url": "http://127.0.0.1:9/x", "bearer": {"env": "BEARER"},
            "headers": {"X-Key": {"env": "HEADER"}}, "body": {"a": 1},
        },
    }  # fmt: skip
    with Room({}, actions=actions) as room:
        for name in ("env", "stdin", "bearer", "header"):
            room.env[name.upper()] = CANARIES[name]
        room.run("declare", "It leaks", "--sev", "SEV3")
        lines, said = [], []
        with Terminal(WARROOM, env=room.env, columns=120, rows=40) as terminal:
            terminal.wait_for("● engine")
            for key, ready in (("t", "Tell - MILD"), ("k", "Ask - MILD")):
                terminal.type("a")
                terminal.wait_for("Actions", "Tell", "Ask")
                terminal.type(key)
                terminal.wait_for(ready, "Press y")
                count = len(json.loads(room.run("actions", "--json").stdout)["runs"])
                until(lambda count=count: _more(terminal, room, count))
                for process in psutil.process_iter():
                    lines.append(" ".join(words(process)))
                terminal.wait_for("after")
                terminal.type("\x1b")
                terminal.wait_for("? help")
            said.append(bytes(terminal.raw).decode("utf-8", "replace"))
        for command in (["log"], ["actions"], ["actions", "--json"], ["logs"], ["incident"],
                        ["run", "tell", "--dry-run"], ["run", "ask", "--dry-run"]):  # fmt: skip
            done = room.run(*command, check=False)
            said += [done.stdout, done.stderr]
        typed = subprocess.run(
            [*WARROOM, "run", "set", "--stdin", "value", "--confirm", "y"],
            env=room.env,
            input=CANARIES["typed"] + "\n",
            capture_output=True,
            text=True,
            check=True,
        )
        assert "got ***" in typed.stdout
        said += [typed.stdout, typed.stderr]
        out = tmp_path / "out"
        room.run("export", "--bundle", "--out", str(out), check=False)
        files = [*room.folder.rglob("*"), *tmp_path.rglob("*")]
        said += [
            path.read_bytes().decode("utf-8", "replace")
            for path in files
            if path.is_file() and path not in (kept, room.config)
        ]
        told = json.loads(room.run("actions", "--json").stdout)
    assert any("env ***" in str(run["head"]) for run in told["runs"])
    for name, secret in CANARIES.items():
        for text in (*said, *lines):
            assert secret not in text, name


def _more(terminal, room, count):
    terminal.type("y")
    time.sleep(0.3)
    return len(json.loads(room.run("actions", "--json").stdout)["runs"]) > count
