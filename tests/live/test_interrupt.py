"""Ctrl-C in a shell: 130 at any moment, and never a traceback."""

import signal
import subprocess
import sys

import pytest

from tests.rooms import WARROOM, Room
from tests.waiting import until
from warroom.errors import EXIT_INTERRUPTED

# Ctrl-C comes with the so-many-th module that is loaded: at a moment that can be found again.
AT_AN_IMPORT = """
import os, signal, sys
from warroom.cli import main
left = int(sys.argv[1])
def hook(event, _arguments):
    global left
    if event == "import":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(hook)
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture(scope="module")
def room():
    with Room({"quay": {"kind": "http", "url": "http://127.0.0.1:9/", "timeout": "200ms"}}) as made:
        yield made


@pytest.mark.long
@pytest.mark.parametrize("at", [1, 2, 10, 60, 200, 400])
def test_while_it_is_loaded(room, at):
    done = subprocess.run(
        [sys.executable, "-c", AT_AN_IMPORT, str(at), "config", "check"],
        env=room.env,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (EXIT_INTERRUPTED, "", "")


@pytest.mark.long
def test_while_it_follows(room):
    room.run("declare", "the quay is gone")
    for command in ("log", "logs"):
        with subprocess.Popen(
            [*WARROOM, command, "--follow"],
            env=room.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout.readline()
            process.send_signal(signal.SIGINT)
            until(lambda p=process: p.poll() is not None, 10)
            assert process.returncode == EXIT_INTERRUPTED
            assert process.stderr.read() == ""
