"""``warroom stop``: end the engine."""

import sys

import click

from warroom.attach.room import RoomPaths
from warroom.cli.ending import end_engine
from warroom.cli.options import config_option
from warroom.cli.printing import tell
from warroom.cli.room import RefusedError, ask_engine, find_running
from warroom.wire import GetIncidents


@click.command("stop", help="End the engine.")
@config_option
@click.option("--force", is_flag=True, help="Do not ask, whatever is open.")
def command(config: str | None, force: bool) -> None:
    """End the engine and wait until it is gone; consoles do not start it again."""
    paths = find_running(config)
    try:
        ended = end_engine(paths, force=force)
    except RefusedError as error:
        if not (_is_open(paths) and _agreed(error)):
            raise
        ended = end_engine(paths, force=True)
    click.echo(ended or f"no engine runs for {paths.config}", err=True)


def _is_open(paths: RoomPaths) -> bool:
    """Whether it was refused for an incident's sake: only that can be forced."""
    found = ask_engine(paths, GetIncidents(ref=0)).incidents
    return any(one.resolved is None for one in found)


def _agreed(error: RefusedError) -> bool:
    """Ask, where somebody can answer; no is the default."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    tell(f"warroom: {error.explain()}")
    return click.confirm("End the engine all the same?", err=True)
