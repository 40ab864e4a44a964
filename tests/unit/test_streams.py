"""Every command on a standard output that takes nothing: full, closed, or read by nobody."""

import json
import subprocess
import sys

import pytest

from tests.rooms import Room
from warroom.cli import group
from warroom.errors import EXIT_BROKEN_PIPE, EXIT_FAILED

# One process that has loaded every command, and forks for each case: a start would cost a second.
RUNNER = """
import importlib, json, os, sys, tempfile
from warroom import cli
from warroom.cli import group
for name in group.COMMANDS:
    importlib.import_module(f"warroom.cli.{name}")

def run(mode, arguments):
    if mode == "full":
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
    elif mode == "pipe":
        read, write = os.pipe()
        os.close(read)
        os.dup2(write, 1)
    else:
        os.close(1)
        sys.stdout = None
    code = cli.main(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code

said = os.dup(1)
for line in sys.stdin:
    mode, arguments = json.loads(line)
    with tempfile.TemporaryFile() as errors:
        child = os.fork()
        if not child:
            os.dup2(errors.fileno(), 2)
            code = 99
            try:
                code = run(mode, arguments)
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        errors.seek(0)
        told = [os.waitstatus_to_exitcode(status), errors.read().decode()]
    os.write(said, json.dumps(told).encode() + b"\\n")
"""
DATA = (
    ("--help",),
    ("--version",),
    ("check",),
    ("check", "--json"),
    ("completion", "zsh"),
    ("config", "check"),
    ("config", "check", "--json"),
    ("config", "path"),
    ("config", "path", "--all"),
    ("config", "schema"),
    ("doctor", "--no-sources"),
    ("doctor", "--no-sources", "--json"),
    ("incidents", "--json"),
    ("init", "--example", "list"),
    ("playbook", "show", "outage"),
    ("playbook", "show", "outage", "--toml"),
    ("playbooks",),
    ("playbooks", "--json"),
    ("status", "--json"),
)
"""What prints something without an engine."""
TAKES = {
    "full": (EXIT_FAILED, "standard output cannot be written: No space left on device"),
    "closed": (EXIT_FAILED, "standard output cannot be written: it is closed"),
    "pipe": (EXIT_BROKEN_PIPE, ""),
}


@pytest.fixture(scope="module")
def runner():
    with Room({"quay": {"kind": "http", "url": "http://127.0.0.1:9/"}}) as room:
        with subprocess.Popen(
            [sys.executable, "-c", RUNNER],
            env={**room.env, "COLUMNS": "80"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:

            def run(mode, arguments):
                process.stdin.write(json.dumps([mode, arguments]) + "\n")
                process.stdin.flush()
                return json.loads(process.stdout.readline())

            yield run
            process.stdin.close()
        assert not list(room.folder.rglob("crash-*.txt"))


@pytest.mark.parametrize("mode", TAKES)
def test_the_help_of_every_command(runner, mode):
    for name in group.COMMANDS:
        told(runner, mode, [name, "--help"])


@pytest.mark.long
@pytest.mark.parametrize("mode", TAKES)
@pytest.mark.parametrize("arguments", DATA, ids=" ".join)
def test_what_a_command_prints(runner, mode, arguments):
    told(runner, mode, list(arguments))


def told(runner, mode, arguments):
    """One line, the same of all; what is said beside the data is no traceback either."""
    code, words = TAKES[mode]
    got, said = runner(mode, arguments)
    assert (got, "Traceback" in said) == (code, False), (arguments, said)
    assert words in said
