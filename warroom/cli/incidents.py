"""``warroom incidents``: all there ever were."""

import click

from warroom.cli.choosing import DECLARE
from warroom.cli.incident_lines import summary_line
from warroom.cli.options import config_option, json_option
from warroom.cli.printing import out, out_json, tell
from warroom.cli.reading import summaries
from warroom.cli.room import find_running
from warroom.clock import SystemClock


@click.command("incidents", help="List all incidents, newest first.")
@config_option
@json_option
def command(config: str | None, as_json: bool) -> None:
    """Every incident there ever was in this room, a line each; needs no engine."""
    found = summaries(find_running(config))
    if as_json:
        out_json(found)
        return
    now = SystemClock().now()
    for one in found:
        out(summary_line(one, now))
    if not found:
        tell(f"there is no incident yet\n{DECLARE}")
