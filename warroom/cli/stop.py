"""``warroom stop``: end the engine."""

import click

from warroom.cli.ending import end_engine
from warroom.cli.options import config_option
from warroom.cli.room import find_running


@click.command("stop", help="End the engine.")
@config_option
@click.option("--force", is_flag=True, help="Do not ask, whatever is open.")
def command(config: str | None, force: bool) -> None:
    """End the engine and wait until it is gone; consoles do not start it again."""
    paths = find_running(config)
    click.echo(end_engine(paths, force=force) or f"no engine runs for {paths.config}", err=True)
