"""``warroom logs``: the engine's log, which says what the screen has no room for."""

import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from warroom.cli.options import config_option
from warroom.cli.printing import out
from warroom.cli.room import find_running
from warroom.errors import EngineError
from warroom.text import safe

LOOK = 0.25
"""Seconds between looks for new lines."""


@click.command("logs", help="Show the engine's log.")
@config_option
@click.option("-f", "--follow", is_flag=True, help="Go on as lines come.")
@click.option("-n", "--lines", default=50, type=click.IntRange(0), metavar="N", help="How many.")
def command(config: str | None, follow: bool, lines: int) -> None:
    """The last lines of the log; older ones are in engine.log.1 to .3 beside it."""
    path = find_running(config).log
    for line in _lines(path, lines, follow):
        out(safe(line.rstrip("\n"), 8000))


def _lines(path: Path, count: int, follow: bool) -> Iterator[str]:
    file = _open(path)
    try:
        yield from deque(file, maxlen=count)
        while follow:
            line = file.readline()
            if line:
                yield line
            elif _rotated(path, file):
                file.close()
                file = _open(path)
            else:
                time.sleep(LOOK)
    finally:
        file.close()


def _open(path: Path) -> TextIO:
    try:
        return open(path, encoding="utf-8", errors="backslashreplace")
    except FileNotFoundError as error:
        raise EngineError(f"there is no log yet: {path}", "warroom starts an engine") from error
    except PermissionError as error:
        raise EngineError(f"{path} is its owner's alone to read") from error


def _rotated(path: Path, file: TextIO) -> bool:
    try:
        return not os.path.samestat(os.stat(path), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
