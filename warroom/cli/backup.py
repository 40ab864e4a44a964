"""``warroom backup``: a copy of the journal."""

from pathlib import Path

import click

from warroom.cli.options import config_option
from warroom.cli.printing import out
from warroom.cli.room import find_running
from warroom.journal.backup import back_up


@click.command("backup", help="Copy the journal to a file, and prove the copy.")
@config_option
@click.argument("file", type=click.Path(path_type=Path))
def command(config: str | None, file: Path) -> None:
    """Copy the journal to FILE, which must not be there yet; the engine may run."""
    verdict = back_up(find_running(config).journal, file)
    out(f"{file}: {verdict.entries} entries, all as they were written")
    out(f"head {verdict.head}")
