"""``warroom playbook``: one of them shown, one of its checks run."""

import sys
from pathlib import Path

import click
import msgspec

from warroom.cli import offering
from warroom.cli.asking import Engine, InMemoryError, NotDoneError, once, with_engine
from warroom.cli.choosing import named as incident_named
from warroom.cli.options import config_option, json_option, name_option, share_option
from warroom.cli.playbook_lines import playbook_lines
from warroom.cli.printing import out, out_json, tell
from warroom.cli.room import find_room, find_running
from warroom.cli.sharing import lens_of
from warroom.cli.shelf import named, standing
from warroom.cli.team import team_of
from warroom.config.document import read
from warroom.config.load import validate
from warroom.config.playbook_text import to_paste
from warroom.errors import EXIT_FAILED, EXIT_UNKNOWN, UsageError
from warroom.incident.following import Checked
from warroom.sources.registry import discover
from warroom.text import safe
from warroom.wire import Answer, GetIncidents, GetPlaybooks, RunCheck

SPARE = 15.0
"""Seconds the engine has, over a check's own deadline, to answer."""
NONE = "none"
"""In place of an incident's id."""


class _Given(msgspec.Struct, frozen=True):
    """What the command line says."""

    check: str
    incident: str


@click.group("playbook", help="Show a playbook, or run one of its checks: show, check.")
def command() -> None:
    pass


@command.command("show")
@config_option
@click.argument("name", metavar="NAME", shell_complete=offering.playbooks)
@click.option("--toml", "as_toml", is_flag=True, help="Print it to be pasted into the file.")
@share_option
@json_option
def show(config: str | None, name: str, as_toml: bool, share: bool, as_json: bool) -> None:
    """All of a playbook: what is seen of it and how that is now, each step, whom to tell and how.

    With --toml it is printed as [playbooks.NAME], from which one's own begins.
    """
    if as_toml and (as_json or share):
        raise UsageError(f"--toml and {'--json' if as_json else '--share'}: one of them")
    if as_toml:
        click.echo(_pasted(find_room(config).config, name), nl=False)
        return
    paths = find_running(config)
    found = standing(paths)
    lens = lens_of(paths) if share else None
    found = lens.of(found) if lens is not None else found
    playbook = named(name, found.shelf.playbooks, "playbook")
    seen = found.shelf.seen.get(name)
    if as_json:
        out_json({"playbook": playbook, "seen": seen, "followed": name in found.followed})
        return
    procedures = team_of(paths).procedures
    procedures = lens.of(procedures) if lens is not None else procedures
    for line in playbook_lines(playbook, found.shelf, procedures):
        out(line)


def _pasted(path: Path, name: str) -> str:
    """As the file has it now: an engine may know of others."""
    document = read(path)
    known = validate(document, discover(), keep_broken=True).playbooks
    return to_paste(named(name, known, "playbook").name, document)


@command.command("check")
@config_option
@click.argument("check", metavar="NAME", shell_complete=offering.tables("checks"))
@click.option(
    "--incident",
    default="",
    metavar="ID",
    shell_complete=offering.incidents,
    help="Whose timeline it belongs to; or none.",
)
@name_option
@share_option
@json_option
def run(
    config: str | None, check: str, incident: str, name: str, share: bool, as_json: bool
) -> None:
    """Run a check, which only reads, and print what came. What it found goes into the timeline of
    the incident that is open, if one is.

    Exits 0 when it is good, or neither good nor bad, 1 when it is bad, 2 when it was refused, 3
    when it could not be run or did not end in its time, and nobody knows.
    """
    given = _Given(check, incident)
    room = find_room(config)
    answer = with_engine(room, name, lambda engine: _checked(engine, given), share=share)
    status = _status(answer.ran, answer.ok)
    if as_json:
        out_json({"result": answer.ran, "entry": answer.entry, "status": status})
    else:
        for line in answer.text.splitlines():
            out(safe(line, 400))
        tell(safe(answer.message, 400))
    if answer.waits:
        raise InMemoryError(answer.message)
    sys.exit(status)


async def _checked(engine: Engine, given: _Given) -> Answer:
    shelf = (await engine.done(GetPlaybooks(ref=0))).shelf
    assert shelf is not None
    check = named(given.check, shelf.checks, "check")
    incident = await _incident(engine, given.incident)
    request = RunCheck(ref=0, once=once(), check=check.name, incident=incident)
    answer = await engine.ask(request, check.deadline + SPARE)
    if answer.ran is None:
        raise NotDoneError(answer.message)
    return answer


def _status(result: Checked | None, ran: bool) -> int:
    if not ran:
        return EXIT_UNKNOWN
    return EXIT_FAILED if result is not None and result.ok is False else 0


async def _incident(engine: Engine, given: str) -> str:
    """The one that was named, else the only one that is open, else none."""
    if given.casefold() == NONE:
        return ""
    known = (await engine.done(GetIncidents(ref=0))).incidents
    if given:
        return incident_named(known, given).id
    still = [one for one in known if one.resolved is None]
    return still[0].id if len(still) == 1 else ""
