"""The clients' side of a running demo's control socket: list faults, switch them, operate, stop.

Synchronous, one connection a request; ten seconds at the most, half a minute to operate.
"""

import socket
import stat
from collections.abc import Sequence
from pathlib import Path

import msgspec

from warroom.demo import folder
from warroom.demo.errors import DemoError
from warroom.demo.messages import FaultState, Reply, Request

__all__ = ["FaultState", "faults", "find", "operate", "stop", "switch"]

TIMEOUT_S = 10.0
OPERATE_S = 30.0
"""For an operation and for what is done before its turn comes."""


def find() -> Path:
    """The control socket of the newest running demo of this user; DemoError if there is none."""
    for candidate in folder.ours():
        if candidate.is_live() and _is_private(candidate) and candidate.control.is_socket():
            return candidate.control
    raise DemoError("no demo of yours is running on this machine", "start one: warroom demo")


def faults(path: Path) -> list[FaultState]:
    """Every fault the demo knows, and whether it is on."""
    return list(_ask(path, Request("faults")).faults)


def switch(path: Path, name: str, on: bool) -> str:
    """Switch a fault, wait until it is done, and return what was done in words."""
    return _ask(path, Request("switch", name, on)).done


def operate(path: Path, verb: str, arguments: Sequence[str] = ()) -> str:
    """Have the platform do something, wait until it is done, and return what was done in words.

    `verb` and `arguments` are those of `warroom.demo.platform`.
    """
    request = Request("operate", verb, arguments=tuple(arguments))
    return _ask(path, request, OPERATE_S).done


def stop(path: Path) -> str:
    """Ask the demo to take itself away; it begins after it has answered."""
    return _ask(path, Request("stop")).done


def _ask(path: Path, request: Request, limit: float = TIMEOUT_S) -> Reply:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(limit)
            client.connect(str(path))
            client.sendall(msgspec.json.encode(request) + b"\n")
            with client.makefile("rb") as answer:
                line = answer.readline()
    except TimeoutError as error:
        raise DemoError(
            f"the demo did not answer on {path} within {limit:.0f} s",
            f"its supervisor's log lies in {path.parent / 'logs'}",
        ) from error
    except OSError as error:
        raise DemoError(
            f"the demo cannot be reached on {path}: {error.strerror}",
            "is it still running? start one: warroom demo",
        ) from error
    return _read(line, path)


def _read(line: bytes, path: Path) -> Reply:
    try:
        reply = msgspec.json.decode(line, type=Reply)
    except msgspec.DecodeError as error:
        raise DemoError(
            f"the demo ended in the middle of its answer on {path}",
            "start it again: warroom demo",
        ) from error
    if reply.error:
        raise DemoError(reply.error, reply.hint)
    return reply


def _is_private(candidate: folder.Folder) -> bool:
    try:
        facts = candidate.private.lstat()
    except FileNotFoundError:
        return False
    same_owner = facts.st_uid == candidate.path.stat().st_uid
    return stat.S_ISDIR(facts.st_mode) and same_owner and not facts.st_mode & 0o077
