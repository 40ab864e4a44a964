"""``warroom incident``: all of one."""

import click

from warroom.cli.incident_lines import incident_lines
from warroom.cli.options import config_option, json_option
from warroom.cli.printing import out, out_json
from warroom.cli.reading import history
from warroom.cli.room import find_running
from warroom.clock import SystemClock


@click.command("incident", help="Tell all of an incident.")
@config_option
@click.argument("name", metavar="[ID]", default="")
@json_option
def command(config: str | None, name: str, as_json: bool) -> None:
    """How the incident stands: the one that is open, or else the newest; needs no engine."""
    incident, _ = history(find_running(config), name, 1)
    if as_json:
        out_json(incident)
        return
    for line in incident_lines(incident, SystemClock().now()):
        out(line)
