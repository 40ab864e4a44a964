"""What is typed when it is asked for."""

import asyncio
import os
import sys
import termios

import click

from warroom.cli.note_text import MOST
from warroom.cli.piped import piped
from warroom.errors import UsageError

LONGEST = 4_096
"""Bytes of a line: a terminal gives no more at once."""


async def typed(words: str) -> str:
    """The next line of the terminal on standard input, and nothing that was typed before it was
    asked for; empty at its end.

    The loop goes on meanwhile. A read that held it would also hold Ctrl-C back until the line had
    come, and what follows would be begun.
    """
    loop, terminal, ready = asyncio.get_running_loop(), sys.stdin.fileno(), asyncio.Event()
    termios.tcflush(terminal, termios.TCIFLUSH)
    sys.stderr.write(words)
    sys.stderr.flush()
    loop.add_reader(terminal, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(terminal)
    try:
        line = os.read(terminal, LONGEST)
    except OSError:  # it is gone
        line = b""
    return line.decode("utf-8", "replace").rstrip("\r\n")


def secret(name: str) -> str:
    """A value from standard input, without the end of its line; from a terminal without showing
    it. Raises ``UsageError`` where it would not arrive as it is."""
    if sys.stdin is not None and sys.stdin.isatty():
        shown: str = click.prompt(
            f"{name} (it is not shown)", hide_input=True, default="", show_default=False, err=True
        )
        return shown
    data = piped()
    if len(data) > MOST:
        raise UsageError(f"--stdin {name}: there is more than {MOST // 1024} KiB of it")
    try:
        return data.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"--stdin {name}: it is not UTF-8") from error
