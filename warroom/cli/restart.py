"""``warroom restart``: a new engine in the old one's place, after an update say."""

import asyncio

import click

from warroom.attach.room import RoomPaths
from warroom.attach.spawn import start_engine
from warroom.cli.ending import end_engine
from warroom.cli.options import config_option
from warroom.cli.room import find_room


@click.command("restart", help="End the engine and start a new one.")
@config_option
@click.option("--force", is_flag=True, help="Do not ask, whatever is open.")
def command(config: str | None, force: bool) -> None:
    """End the engine, of whatever version it is, and start one of this version."""
    paths = find_room(config)
    ended = end_engine(paths, force=force, restart=True)
    if ended:
        click.echo(ended, err=True)
    asyncio.run(_start(paths))
    click.echo("a new engine runs", err=True)


async def _start(paths: RoomPaths) -> None:
    await start_engine(paths.config).ready()
