"""``warroom doctor``: what this terminal can do, what is missing, and what to type."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from warroom.cli.diagnosis import configuration, looking, room, sources, terminal
from warroom.cli.diagnosis.finding import Finding, Section, count, know, lines
from warroom.cli.diagnosis.finding import as_json as told
from warroom.cli.options import config_option, json_option
from warroom.cli.printing import out, out_json
from warroom.clock import SystemClock
from warroom.config.local import DEFAULT_PAGES, LocalConfig, LocalConsole, read_local, read_room
from warroom.console.start import first_environ
from warroom.errors import EXIT_FAILED, ConfigError
from warroom.sources.registry import discover


@click.command("doctor", help="Tell what this terminal, room and configuration lack.")
@config_option
@click.option("--no-sources", is_flag=True, help="Ask no source.")
@json_option
def command(config: str | None, no_sources: bool, as_json: bool) -> None:
    """Look at the terminal, the room, the configuration and each source; for what is wrong, say
    exactly what to type. Nothing is changed, no engine is started.

    Exits 0 when nothing is wrong, 1 when something is.
    """
    sections = _examined(config, ask=not no_sources)
    if as_json:
        out_json(told(sections))
    else:
        columns = shutil.get_terminal_size((0, 0)).columns if sys.stdout.isatty() else 0
        for line in lines(sections, columns):
            out(line)
    if count(sections, "wrong"):
        sys.exit(EXIT_FAILED)


def _examined(config: str | None, *, ask: bool) -> Sequence[Section]:
    kinds = discover()
    read = configuration.look(config, kinds, SystemClock().now().date())
    local = _local(read.path) if read.path is not None else None
    wanted = local.console if local is not None else LocalConsole()
    seen = looking.look(first_environ(), theme=wanted.theme, mouse=wanted.mouse)
    nowhere = know("room", "not known without a configuration", "warroom init, or warroom demo")
    unread = know("none", "not asked: the configuration does not load")
    unwanted = know("none", "not asked: --no-sources")
    asked: tuple[Finding, ...] = (unread if ask else unwanted,)
    if ask and read.config is not None:
        asked = sources.look(read.config, kinds)
    return (
        Section("terminal", tuple(terminal.findings(seen))),
        Section("room", tuple(room.findings(local)) if local is not None else (nowhere,)),
        Section("configuration", read.findings),
        Section("sources", asked),
    )


def _local(path: Path) -> LocalConfig | None:
    """The console's part of the file; of one that is no TOML the room alone, if it can be made
    out."""
    try:
        return read_local(path)
    except ConfigError:
        found = read_room(path)
    return None if found is None else LocalConfig(path, found, LocalConsole(), {}, DEFAULT_PAGES)
