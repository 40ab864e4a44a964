"""Commands as somebody types them, on a room of a test's own."""

import json
import os
import signal
import subprocess
import sys

from tests.live.rooms import Room
from tests.waiting import until

REFUSED, USAGE = 2, 64


def shell(
    room: Room, *arguments: str, given: bytes | None = None, code: int = 0
) -> "subprocess.CompletedProcess[str]":
    """One command, that ends as it should; ``given`` is its standard input."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "warroom",
            arguments[0],
            "--config",
            str(room.config),
            *arguments[1:],
        ],
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == code, (done.returncode, out, err)
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def declare(room: Room, *arguments: str) -> str:
    """An incident's id."""
    found = json.loads(shell(room, "declare", "--json", *arguments).stdout)
    return str(found["incident"]["id"])


def entries(room: Room, *arguments: str) -> list[dict[str, object]]:
    return [
        json.loads(line)
        for line in shell(room, "log", "--json", *arguments).stdout.split("\n")
        if line
    ]


def noted(room: Room, *arguments: str) -> list[str]:
    bodies = [entry["body"] for entry in entries(room, *arguments)]
    return [str(b["text"]) for b in bodies if isinstance(b, dict) and b["kind"] == "note"]


def kill_engine(room: Room) -> None:
    """As ``kill -9``, or a machine that goes down."""
    for engine in room.engines():
        engine.send_signal(signal.SIGKILL)
    until(lambda: not room.engines())
