"""Completion in the shells themselves: the script sourced, and Tab pressed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rooms import WARROOM, Room
from tests.terminal import Terminal
from warroom.cli import completing, group

BIN = str(Path(sys.executable).parent)
ROOM = {
    "sources": {"quay": {"kind": "http", "url": "http://127.0.0.1:9/"}},
    "actions": {
        "restart-web": {"kind": "manual", "title": "Restart", "key": "r", "text": "restart it"}
    },
}
SHELLS = ("bash", "zsh", "fish")


@pytest.fixture(scope="module")
def room():
    with Room(ROOM["sources"], actions=ROOM["actions"]) as made:
        made.env["PATH"] = f"{BIN}:{os.environ['PATH']}"
        yield made


def asked(room, line, **more):
    """What is offered for a command line, as bash's script asks for it."""
    return [item.value for item in items(room, line, **more)]


def items(room, line, **more):
    *words, begun = line.split(" ")[1:]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**room.env, **more}.items():
            patch.setenv(name, value)
        shell = completing.SHELLS["bash"](group.command, {}, "warroom", completing.VARIABLE)
        return shell.get_completions(words, begun)


def test_what_a_shell_asks_is_answered_in_its_way_and_nothing_else_is_said(room, tmp_path):
    hostile = tmp_path / "warroom.toml"
    hostile.write_text("[actions.'$(touch pwned)']\n[actions.plain]\n")
    asking = {completing.VARIABLE: "bash_complete", "COMP_CWORD": "3"}
    line = {"COMP_WORDS": "warroom\nrun\n=\n", "WARROOM_CONFIG": str(hostile)}
    env = {**room.env, **asking, **line}
    done = subprocess.run(WARROOM, env=env, capture_output=True, text=True, check=True, timeout=30)
    assert (done.stdout, done.stderr) == ("plain,plain\n", "")
    # Nor by a file that never ends, or a shell that we do not know.
    os.unlink(hostile)
    os.mkfifo(hostile)
    done = subprocess.run(WARROOM, env=env, capture_output=True, text=True, check=True, timeout=30)
    assert (done.stdout, done.stderr) == ("", "")


def test_without_a_script_that_asks_it_says_what_to_unset(room):
    env = {**room.env, completing.VARIABLE: "bash_complete"}
    done = subprocess.run(WARROOM, env=env, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (64, "")
    assert "unset _WARROOM_COMPLETE" in done.stderr


def test_commands_options_and_names_are_offered(room):
    assert asked(room, "warroom ") == list(group.COMMANDS)
    assert asked(room, "warroom dem") == ["demo"]
    assert "--read-only" in asked(room, "warroom --")
    assert asked(room, "warroom check --source ") == ["quay"]
    assert asked(room, "warroom run rest") == ["restart-web"]
    assert "queue-backlog" in asked(room, "warroom playbook show q")
    assert asked(room, "warroom send --purpose up") == ["update"]
    assert asked(room, "warroom declare --sev ") == ["SEV1", "SEV2", "SEV3", "SEV4"]
    assert asked(room, "warroom demo --fault red") == ["redis-down"]
    assert asked(room, "warroom export --format ") == ["md", "html", "json", "csv"]


def test_what_cannot_be_read_offers_nothing_and_says_nothing(room, tmp_path):
    assert asked(room, "warroom run --config /nowhere/room.toml ") == []
    assert asked(room, "warroom log ") == []  # there is no journal yet
    hostile = tmp_path / "warroom.toml"
    hostile.write_text("= no TOML")
    assert asked(room, "warroom run ", WARROOM_CONFIG=str(hostile)) == []
    assert not room.engines()


@pytest.mark.long
def test_incidents_are_offered_of_the_journal(room):
    room.run("declare", "the quay is gone")
    name = room.run("incidents", "--json").stdout.split('"id": "')[1].split('"')[0]
    room.run("stop", "--force")
    assert asked(room, "warroom log ") == [name]
    assert asked(room, f"warroom note --incident {name[:5].lower()}") == [name]
    assert not room.engines()


STARTS = {
    "bash": [["bash", "--norc", "--noprofile", "-i"], 'eval "$(warroom completion bash)"'],
    "zsh": [
        ["zsh", "-f", "-i"],
        'autoload -U compinit && compinit -u -D && eval "$(warroom completion zsh)"',
    ],
}


@pytest.mark.long
@pytest.mark.parametrize("shell", STARTS)
def test_tab_completes_in_the_shell_itself(room, shell, tmp_path):
    assert shutil.which(shell), f"{shell} is installed by .ci/programs"
    argv, source = STARTS[shell]
    env = {**room.env, "HOME": str(tmp_path), "PS1": "ready> ", "PROMPT": "ready> "}
    with Terminal(argv, env=env) as terminal:
        terminal.wait_for("ready>")
        terminal.type(f"{source}; echo have-$((40 + 2))\n")
        terminal.wait_for("have-42")
        terminal.type("warroom rest\t")
        terminal.wait_for("warroom restart")
        terminal.type("\x15warroom check --source q\t")
        terminal.wait_for("--source quay")
        terminal.type("\x15exit\n")
        terminal.wait_exit(5)


@pytest.mark.long
def test_fish_completes(room, tmp_path):
    assert shutil.which("fish"), "fish is installed by .ci/programs"
    ask = 'warroom completion fish | source; for l in $argv; complete -C "$l"; end'
    done = subprocess.run(
        ["fish", "--no-config", "-c", ask, "warroom rest", "warroom run rest"],
        env={**room.env, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    commands, action = done.stdout.splitlines()
    assert commands == f"restart\t{group.COMMANDS['restart']}"
    assert action == "restart-web"


def test_the_script_is_of_the_shell_that_was_named(room):
    assert "complete -o nosort" in room.run("completion", "bash").stdout
    assert room.run("completion", "zsh").stdout.startswith("#compdef warroom")
    assert "function _warroom_completion" in room.run("completion", "fish").stdout
    refused = room.run("completion", "tcsh", check=False)
    assert refused.returncode == 64
    assert refused.stdout == ""
