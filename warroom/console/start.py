"""Starting a console: on the screen where there is one, in plain lines where there is not."""

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from warroom import __version__
from warroom.clock import SystemClock
from warroom.config.local import LocalConfig, read_local
from warroom.console.abilities import Abilities, abilities
from warroom.errors import ConfigError
from warroom.text import safe_lines
from warroom.wire import PROTOCOL, Grant, Hello

if TYPE_CHECKING:
    from warroom.console.commands.base import Command
    from warroom.console.link import EngineLink
    from warroom.console.panels import PanelTypes
    from warroom.console.scribe.keeper import FileDrafts


class Options(msgspec.Struct, frozen=True):
    """What the command line asks of a console."""

    config: Path
    want: Grant = "act"
    claimed: str = ""
    plain: bool = False
    share: bool = False


def has_screen(terminal: Abilities) -> bool:
    """Whether all three descriptors are a terminal that can draw."""
    return terminal.draws and all(os.isatty(fd) for fd in (0, 1, 2))


def recorded(environ: Mapping[str, str]) -> bool:
    """Whether asciinema records this terminal: its version 2 sets ``ASCIINEMA_REC``, 3
    ``ASCIINEMA_SESSION``."""
    return bool(environ.get("ASCIINEMA_REC") or environ.get("ASCIINEMA_SESSION"))


def run(
    options: Options, *, extra: Sequence["Command"] = (), report: Callable[[Exception], str] = repr
) -> int:
    """Run a console until it ends; its exit code.

    ``extra`` are commands beside the console's own; ``report`` keeps an unforeseen
    exception somewhere and says where. Raises ``ConfigError`` when the file cannot be read
    at all; what else is wrong the engine says.
    """
    share = options.share or recorded(os.environ)
    try:
        local = read_local(options.config)
    except ConfigError as error:
        if share:
            from warroom.attach.spawn import hushed

            hushed(error)
        raise
    hello = Hello(
        protocol=PROTOCOL,
        version=__version__,
        want=options.want,
        claimed=options.claimed,
        share=share,
    )
    terminal = abilities(first_environ())
    if options.plain or not has_screen(terminal):
        from warroom.attach.room import room_paths
        from warroom.console import plain

        gc.enable()  # off since the command line began, for the sake of a first frame
        return plain.run(room_paths(local), hello, SystemClock())
    return _screen(local, terminal, hello, extra, report)


def _screen(
    local: LocalConfig,
    terminal: Abilities,
    hello: Hello,
    extra: Sequence["Command"],
    report: Callable[[Exception], str],
) -> int:
    _prepare(terminal)
    from warroom.console.app import Console
    from warroom.console.driver import BasicDriver, GuardedDriver
    from warroom.console.look import Look
    from warroom.console.terminal import Terminal
    from warroom.console.themes.choice import choose

    def link() -> "EngineLink":
        # Imported after the first paint: sockets and processes are not needed before.
        from warroom.attach.room import room_paths
        from warroom.console.link import EngineLink

        return EngineLink(room_paths(local), hello)

    def panels() -> "PanelTypes":
        from warroom.console.panels import PanelTypes

        return PanelTypes()

    kept: list[FileDrafts] = []

    def drafts() -> "FileDrafts":
        from warroom.attach.room import drafts_folder
        from warroom.console.scribe.keeper import FileDrafts

        kept.append(FileDrafts(drafts_folder(local)))
        return kept[-1]

    themes = choose(local, terminal)
    console = Console(
        local,
        link,
        panels,
        SystemClock(),
        look=Look(terminal.unicode, terminal.no_clipboard, terminal.clipboard_hint),
        extra=extra,
        drafts=drafts,
        shared=hello.share,
        recorded=recorded(os.environ),
        themes=themes.themes,
        uncoloured="" if terminal.colours != "none" else f"No colours: {terminal.colours_why}",
        greeting=themes.problem,
        report=report,
    )
    console.driver_class = BasicDriver if terminal.basic else GuardedDriver
    with Terminal(console.leave_from_thread, basic=terminal.basic):
        console.run(mouse=local.console.mouse and terminal.mouse)
    for one in kept:
        one.close()
    try:
        if console.last_words:
            sys.stderr.write(f"{safe_lines(console.last_words)}\n")
        sys.stderr.flush()
    except OSError:
        # A window that was closed takes no last words; the exit code says enough. What is
        # still in the buffer would fail again at the interpreter's end, and make it 120.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    return console.return_code or 0


_COLOUR_SYSTEMS = {"16": "standard", "256": "256", "truecolour": "truecolor", "none": "standard"}


def _prepare(terminal: Abilities) -> None:
    """Tell Textual what the terminal can do. It reads its environment when it is imported, and
    would judge for itself: NO_COLOR it takes for shades of grey, also an empty one, and
    alacritty for 16 colours."""
    os.environ["TEXTUAL_COLOR_SYSTEM"] = _COLOUR_SYSTEMS[terminal.colours]
    os.environ.pop("NO_COLOR", None)
    if terminal.basic:
        os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    for name in ("COLUMNS", "LINES"):
        # Python believes these before the terminal, and they do not follow a resize.
        os.environ.pop(name, None)


def first_environ() -> Mapping[str, str]:
    """The environment this process was started with, before Python changed any of it."""
    try:
        pairs = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:
        return os.environ
    return dict(os.fsdecode(pair).split("=", 1) for pair in pairs if b"=" in pair)
