"""The demo as its caller holds it: started, pointed at, stopped."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from warroom.demo import folder
from warroom.demo.errors import DemoError
from warroom.demo.messages import Report

STOP_S = 5.0
"""How long the supervisor may take beyond its `on_stop` commands before it is killed."""
WISH_S = 3.0

CANNOT_TELL = "run `python -m warroom.demo` in a terminal to see it fail"


class Production:
    """A running demo production. It ends with this process, in whatever way that ends.

    `config` is the configuration with which to watch it, `control` the socket for
    `warroom.demo.control`, `pid` its supervisor's.
    """

    def __init__(self, process: subprocess.Popen[bytes], home: Path, wishes: int) -> None:
        held = folder.Folder(home)
        self.folder = held.path
        self.config = held.config
        self.control = held.control
        self.pid = process.pid
        self._process = process
        self._stop_limit = STOP_S + wishes * WISH_S

    @classmethod
    def start(
        cls,
        *,
        faults: Sequence[str] = (),
        on_stop: Sequence[Sequence[str]] = (),
        timeout: float = 30.0,
    ) -> Self:
        """Start a demo and wait until all of it works; DemoError, and nothing left, if not.

        `faults` are on from the beginning. `on_stop` are commands the supervisor runs
        before it takes the demo away, 3 s each; `{config}` in them becomes the path of
        the configuration file.
        """
        argv = [sys.executable, "-P", "-m", "warroom.demo"]
        argv += [f"--fault={name}" for name in faults]
        argv += [f"--on-stop={msgspec.json.encode(list(command)).decode()}" for command in on_stop]
        process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,  # the lifeline
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a terminal's Ctrl-C must not stop pieces at random
        )
        try:
            home = _await_report(process, timeout)
        except BaseException:
            _end(process, STOP_S)
            raise
        return cls(process, home, len(on_stop))

    def stop(self) -> None:
        """Take the demo away: returns with every process ended and the folder gone."""
        _end(self._process, self._stop_limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _end(process: subprocess.Popen[bytes], limit: float) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        process.kill()  # its parts die with it
        process.wait()
    if process.returncode != 0:
        folder.sweep()


def _await_report(process: subprocess.Popen[bytes], timeout: float) -> Path:
    """The demo's folder, from the report that the supervisor writes when it is ready."""
    said = _first_output(process, timeout)
    last = said.splitlines()[-1] if said else b""
    try:
        report = msgspec.json.decode(last, type=Report)
    except msgspec.DecodeError as error:
        told = last.decode(errors="replace").strip()
        raise DemoError("the demo's supervisor failed", told or CANNOT_TELL) from error
    if report.error:
        raise DemoError(report.error, report.hint)
    return Path(report.folder)


def _first_output(process: subprocess.Popen[bytes], timeout: float) -> bytes:
    """All that is printed up to the pipe's end: after the report, or with the supervisor's."""
    assert process.stdout is not None
    descriptor = process.stdout.fileno()
    give_up = time.monotonic() + timeout
    said = b""
    while True:
        left = max(0.0, give_up - time.monotonic())
        if not select.select([descriptor], [], [], left)[0]:
            raise DemoError(f"the demo was not ready within {timeout:.0f} s", CANNOT_TELL)
        chunk = os.read(descriptor, 65_536)
        if not chunk:
            return said
        said += chunk
