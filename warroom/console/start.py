"""Starting a console: on the screen where there is one, in plain lines where there is not."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warroom import __version__, host
from warroom.attach.room import RoomPaths, room_paths
from warroom.clock import SystemClock
from warroom.config.local import LocalConfig, read_local
from warroom.wire import PROTOCOL, Grant, Hello

if TYPE_CHECKING:
    from warroom.console.commands import Command


@dataclass(frozen=True)
class Options:
    """What the command line asks of a console."""

    config: Path
    want: Grant = "act"
    claimed: str = ""
    plain: bool = False


def has_screen(environ: Mapping[str, str]) -> bool:
    """Whether all three descriptors are a terminal that can draw."""
    drawn = environ.get("TERM", "") not in ("", "dumb", "unknown")
    return drawn and all(os.isatty(fd) for fd in (0, 1, 2))


def has_unicode(environ: Mapping[str, str]) -> bool:
    """Whether the signs and frames beyond ASCII can be shown: by the locale's own name.

    ``environ`` must be the one the process was started with: Python turns a C locale into
    C.UTF-8 for itself, which says nothing of the terminal. The Linux console's font lacks
    most signs whatever its encoding.
    """
    if environ.get("TERM") == "linux":
        return False
    name = next((environ[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(key)), "")
    return "utf8" in name.lower().replace("-", "")


def run(options: Options, extra: Sequence["Command"] = ()) -> int:
    """Run a console until it ends; its exit code.

    Raises ``ConfigError`` when the file cannot be read at all and ``RoomError`` when the
    room's folder cannot be used; what else is wrong the engine says.
    """
    local = read_local(options.config)
    paths = room_paths(local)
    hello = Hello(
        protocol=PROTOCOL, version=__version__, want=options.want, claimed=options.claimed
    )
    if options.plain or not has_screen(os.environ):
        from warroom.console import plain

        return plain.run(paths, hello, SystemClock())
    return _screen(local, paths, hello, extra)


def _screen(local: LocalConfig, paths: RoomPaths, hello: Hello, extra: Sequence["Command"]) -> int:
    if not os.environ.get("NO_COLOR", "x"):
        # Textual takes an empty NO_COLOR for a set one; the convention does not.
        del os.environ["NO_COLOR"]
    from warroom.console.app import Console
    from warroom.console.link import EngineLink
    from warroom.console.look import Look
    from warroom.console.panels import PanelTypes
    from warroom.console.terminal import Terminal

    console = Console(
        local,
        EngineLink(paths, hello),
        PanelTypes.installed(),
        SystemClock(),
        look=Look(unicode=has_unicode(host.first_environ())),
        extra=extra,
        crash_folder=host.state_folder(os.environ),
    )
    with Terminal(console.leave_from_thread):
        console.run(mouse=local.console.mouse)
    if console.last_words:
        sys.stderr.write(f"{console.last_words}\n")
    return console.return_code or 0
