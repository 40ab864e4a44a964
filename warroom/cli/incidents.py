"""``warroom incidents``: all there ever were."""

import click
import msgspec

from warroom.cli.choosing import DECLARE
from warroom.cli.incident_lines import due_lines, summary_line
from warroom.cli.options import config_option, json_option, share_option
from warroom.cli.printing import out, out_json, tell
from warroom.cli.reading import summaries
from warroom.cli.room import find_running
from warroom.cli.sharing import lens_of
from warroom.cli.team import team_of
from warroom.clock import SystemClock
from warroom.incident.dues import due_dates, undone
from warroom.incident.procedures import Procedures


@click.command("incidents", help="List all incidents, newest first.")
@config_option
@share_option
@json_option
def command(config: str | None, share: bool, as_json: bool) -> None:
    """Every incident there ever was in this room, a line each, and what is still due after it;
    needs no engine."""
    paths = find_running(config)
    found = summaries(paths)
    procedures = team_of(paths).procedures if any(one.resolved for one in found) else Procedures()
    if share:
        lens = lens_of(paths)
        found, procedures = tuple(map(lens.of, found)), lens.of(procedures)
    if as_json:
        dues = {one.id: due_dates(one, procedures) for one in found}
        out_json([{**msgspec.to_builtins(one), "due": dues[one.id]} for one in found])
        return
    now = SystemClock().now()
    for one in found:
        out(summary_line(one, now))
        for line in due_lines(undone(one, procedures), now):
            out(line)
    if not found:
        tell(f"there is no incident yet\n{DECLARE}")
