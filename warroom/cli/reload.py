"""``warroom reload``: take a changed configuration."""

import click

from warroom.cli.options import config_option
from warroom.cli.printing import tell
from warroom.cli.room import RefusedError, ask_engine, find_running
from warroom.errors import EXIT_USAGE
from warroom.wire import Reload

LIMIT = 30.0


@click.command("reload", help="Have the engine read the configuration again.")
@config_option
def command(config: str | None) -> None:
    """Take a changed configuration; a bad one is named, and the old one stays in force."""
    paths = find_running(config)
    try:
        message = ask_engine(paths, Reload(ref=0), LIMIT).message
    except RefusedError as error:
        error.exit_code = EXIT_USAGE
        raise
    tell(message)
