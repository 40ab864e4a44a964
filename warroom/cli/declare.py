"""``warroom declare``: an incident, from a shell."""

import click
from msgspec.structs import replace

from warroom.cli import offering
from warroom.cli.asking import Engine, once, with_engine
from warroom.cli.incident_lines import declared_lines, stamp
from warroom.cli.moment import WAYS, moment, told
from warroom.cli.options import config_option, json_option, name_option
from warroom.cli.printing import out, out_json, tell
from warroom.cli.room import find_room
from warroom.clock import SystemClock
from warroom.errors import UsageError
from warroom.incident.nearest import level_meant
from warroom.severity import Scale
from warroom.text import safe
from warroom.wire import Answer, Declare


@click.command("declare", help="Declare an incident.")
@config_option
@click.argument("title", nargs=-1, required=True)
@click.option(
    "--sev",
    default="",
    metavar="LEVEL",
    shell_complete=offering.levels,
    help="A step of the scale; SEV1, or just 1.",
)
@click.option("--started", default="", metavar="TIME", help=f"When it began: {WAYS}.")
@click.option("--role", "roles", multiple=True, metavar="ROLE=PERSON", help='"me" is you.')
@name_option
@json_option
def command(
    config: str | None,
    title: tuple[str, ...],
    sev: str,
    started: str,
    roles: tuple[str, ...],
    name: str,
    as_json: bool,
) -> None:
    """Declare an incident; starts the engine if none runs.

    Prints its id, its channel and what to do at once.
    """
    request = Declare(
        ref=0,
        once=once(),
        title=safe(" ".join(title), 1_000),
        level=sev,
        started=moment(started, SystemClock().now(), "--started"),
        roles=_roles(roles),
    )
    answer, scale = with_engine(find_room(config), name, lambda engine: _declare(engine, request))
    incident = answer.incident
    assert incident is not None
    if as_json:
        first = next((step.first for step in scale.steps if step.name == incident.level), ())
        out_json({"incident": incident, "entry": answer.entry, "at_once": first})
    else:
        for line in declared_lines(incident, scale):
            out(line)
    began = stamp(incident.started)
    if started:
        began = f"{began}, {told(incident.started, SystemClock().now())}"
    tell(f"{safe(incident.id, 60)} is declared; it began {began}")


async def _declare(engine: Engine, request: Declare) -> tuple[Answer, Scale]:
    welcome = await engine.welcome()
    scale, me = welcome.scale, welcome.actor.person
    request = replace(
        request,
        level=level_meant(request.level, scale.names) or safe(request.level, 60),
        roles={role: me if who == "me" else who for role, who in request.roles.items()},
    )
    return await engine.done(request), scale


def _roles(given: tuple[str, ...]) -> dict[str, str]:
    roles = {}
    for one in given:
        role, equals, person = one.partition("=")
        if not (role.strip() and equals and person.strip()):
            raise UsageError(f"--role {safe(one, 60)} names nobody", "write --role commander=ana")
        roles[safe(role.strip(), 200)] = safe(person.strip(), 200)
    return roles
