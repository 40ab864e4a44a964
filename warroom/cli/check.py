"""``warroom check``: every source once, without an engine. For scripts, and before a screen."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import click

from warroom.cli import offering
from warroom.cli.options import config_option, share_option
from warroom.cli.printing import out, out_json, tell
from warroom.clock import SystemClock
from warroom.config.find import find_config
from warroom.config.load import Config, load
from warroom.config.masker import Masker
from warroom.engine.lens import Lens
from warroom.engine.once import Looked, look_once
from warroom.errors import UsageError
from warroom.severity import UNSEEN, Level
from warroom.sources.registry import discover
from warroom.text import safe, short_duration, short_figure


@click.command("check", help="Look at every source once, without an engine.")
@config_option
@share_option
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.option(
    "--source",
    "only",
    multiple=True,
    metavar="NAME",
    shell_complete=offering.tables("sources"),
    help="Only this one; repeatable.",
)
def command(config: str | None, share: bool, as_json: bool, only: Sequence[str]) -> None:
    """Look once at every source and judge it, as if what is seen had lasted.

    Exits 0 when all is OK, 1 at a lower level, 2 at one of the two worst, 3 when something
    cannot be seen or a rule's figure is not known; of several the worst, in the order 2, 3,
    1, 0. Sources that are only asked on request are left out unless named.
    """
    kinds = discover()
    loaded = load(find_config(config, os.environ, Path.cwd()), kinds, keep_broken=True)
    names = _names(loaded, only)
    masker = Masker()
    looked = asyncio.run(look_once(loaded, kinds, names, SystemClock(), masker))
    looked = _masked(loaded, masker, looked) if share else looked
    level = loaded.scale.worst(one.level for one in looked) if looked else UNSEEN
    if as_json:
        out_json(_told(level, looked))
    else:
        _table(looked)
    if not looked:
        tell("warroom: there is nothing to look at")
    sys.exit(loaded.scale.exit_code(level))


def _masked(config: Config, masker: Masker, looked: Sequence[Looked]) -> tuple[Looked, ...]:
    """What was seen as others may see it."""
    lens = Lens(masker)
    lens.configure(config)
    lens.of_secrets()
    return tuple(
        replace(
            one,
            error=lens.text(one.error),
            notes=tuple(map(lens.text, one.notes)),
            load=lens.text(one.load),
        )
        for one in looked
    )


def _names(config: Config, only: Sequence[str]) -> list[str]:
    for name in only:
        if name not in config.sources:
            near = get_close_matches(name, config.sources, 1) or list(config.sources)
            raise UsageError(
                f"there is no source {safe(name, 60)}", f"there is: {', '.join(near) or 'none'}"
            )
    if only:
        return list(dict.fromkeys(only))
    left_out = [name for name, settings in config.sources.items() if settings.on_request]
    for name in left_out:
        tell(f"{name} is asked only on request: --source {name}")
    return [name for name in config.sources if name not in left_out]


def _told(level: Level, looked: Sequence[Looked]) -> dict[str, object]:
    sources = [
        {
            "name": one.name,
            "kind": one.kind,
            "state": one.state,
            "level": one.level,
            "took_ms": round(one.took * 1000, 1),
            "error": one.error or None,
            "notes": list(one.notes),
            "load": one.load or None,
            "signals": [
                {"name": s.name, "value": s.value, "unit": s.unit, "level": s.level}
                for s in one.signals
            ],
        }
        for one in looked
    ]
    return {"level": level, "sources": sources}


def _table(looked: Sequence[Looked]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for title in ("source", "state", "level", "took", "figures"):
        table.add_column(title, overflow="fold")
    for one in looked:
        figures = ", ".join(
            f"{s.name.partition('.')[2]} {short_figure(s.value, s.unit)}" for s in one.signals
        )
        words = "; ".join(part for part in (one.error, *one.notes, one.load, figures) if part)
        cells = (one.name, one.state, one.level, short_duration(one.took), words)
        table.add_row(*(Text(safe(cell)) for cell in cells))
    console = Console(highlight=False)
    # Its own writing takes a closed pipe for exit code 1.
    with console.capture() as drawn:
        console.print(table)
    out(drawn.get().rstrip("\n"))
