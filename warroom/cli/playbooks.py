"""``warroom playbooks``: what to do about which symptoms, and what fits now."""

import click

from warroom.cli.options import config_option, json_option, share_option
from warroom.cli.playbook_lines import list_lines
from warroom.cli.printing import out, out_json, tell
from warroom.cli.room import find_running
from warroom.cli.sharing import lens_of
from warroom.cli.shelf import standing


@click.command("playbooks", help="List the playbooks, those that fit now first.")
@config_option
@share_option
@json_option
def command(config: str | None, share: bool, as_json: bool) -> None:
    """All playbooks of the room: those that fit now first, with the evidence, the best first of
    all. Without an engine they are read from the configuration, and nothing is known of now."""
    paths = find_running(config)
    found = standing(paths)
    if share:
        found = lens_of(paths).of(found)
    if as_json:
        out_json(
            {
                "live": found.live,
                "proposals": found.shelf.proposals,
                "followed": found.followed,
                "playbooks": found.shelf.playbooks,
                "checks": found.shelf.checks,
                "seen": found.shelf.seen,
            }
        )
        return
    for line in list_lines(found.shelf, found.followed):
        out(line)
    if not found.shelf.playbooks:
        tell("there is no playbook: [playbooks.NAME] or [library] built_in, see docs/playbooks.md")
