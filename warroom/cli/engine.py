"""``warroom engine``: be the engine of a room."""

import os

import click

from warroom.attach.lock import take_lock
from warroom.cli.options import config_option
from warroom.cli.room import find_room


@click.command("engine", help="Run the engine in the foreground.")
@config_option
@click.option("--spawned", is_flag=True, hidden=True, help="Started by a console.")
def command(config: str | None, spawned: bool) -> None:
    """Serve until stopped; log to standard error too.

    Exits 75 when another engine has the room, 64 for a configuration that does not load.
    """
    paths = find_room(config)
    paths.prepare()
    lock = take_lock(paths)  # before the drivers are imported: of twenty, one goes on

    from warroom.engine.life import run_engine

    run_engine(paths, lock, spawned=spawned)
    os.close(lock)
