"""``warroom log``: an incident's timeline, and what comes after it."""

import asyncio
from collections.abc import Iterable

import click

from warroom.cli import offering
from warroom.cli.following import follow
from warroom.cli.incident_lines import entry_lines
from warroom.cli.options import config_option, json_option, share_option
from warroom.cli.printing import draws_unicode, out, out_json
from warroom.cli.reading import history
from warroom.cli.room import find_running
from warroom.cli.sharing import lens_of, seen_through
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident
from warroom.incident.order import in_order


@click.command("log", help="Show an incident's timeline.")
@config_option
@click.argument("name", metavar="[ID]", default="", shell_complete=offering.incidents)
@click.option("-f", "--follow", "on", is_flag=True, help="Go on as entries come.")
@click.option("-n", "--limit", type=click.IntRange(0), metavar="N", help="The newest N only.")
@share_option
@json_option
def command(
    config: str | None, name: str, on: bool, limit: int | None, share: bool, as_json: bool
) -> None:
    """The entries of the incident that is open, or else of the newest, in the order in which they
    happened; what comes while it is followed stands in the order in which it came.

    With --json each entry is one line. Without --follow it needs no engine.
    """

    def show(entries: Iterable[Entry], incident: Incident) -> None:
        for entry in entries:
            if as_json:
                out_json(entry, indent=None)
                continue
            for line in entry_lines(entry, incident, unicode=draws_unicode()):
                out(line)

    paths = find_running(config)
    lens = lens_of(paths) if share else None
    incident, entries = seen_through(lens, *history(paths, name, limit))
    show(in_order(entries, incident.corrections), incident)

    def go_on(news: Iterable[Entry], whole: Incident) -> None:
        told, seen = seen_through(lens, whole, tuple(news))
        show(seen, told)

    if on:
        asyncio.run(follow(paths, incident, go_on))
