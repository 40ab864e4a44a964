"""``warroom incident``: all of one."""

import click

from warroom.cli import offering
from warroom.cli.incident_lines import incident_lines
from warroom.cli.options import config_option, json_option, share_option
from warroom.cli.printing import out, out_json
from warroom.cli.reading import history
from warroom.cli.room import find_running
from warroom.cli.sharing import lens_of
from warroom.cli.team import team_of
from warroom.clock import SystemClock


@click.command("incident", help="Tell all of an incident.")
@config_option
@click.argument("name", metavar="[ID]", default="", shell_complete=offering.incidents)
@share_option
@json_option
def command(config: str | None, name: str, share: bool, as_json: bool) -> None:
    """How the incident stands: the one that is open, or else the newest; needs no engine."""
    paths = find_running(config)
    incident, _ = history(paths, name, 1)
    lens = lens_of(paths) if share else None
    incident = lens.of(incident) if lens is not None else incident
    if as_json:
        out_json(incident)
        return
    procedures = team_of(paths).procedures if incident.resolved is not None else None
    if lens is not None and procedures is not None:
        procedures = lens.of(procedures)
    for line in incident_lines(incident, SystemClock().now(), procedures):
        out(line)
