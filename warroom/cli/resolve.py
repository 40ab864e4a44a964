"""``warroom resolve``: the incident is over, if the team's gate lets it."""

import sys

import click
from msgspec.structs import replace

from warroom.cli import offering
from warroom.cli.asking import Engine, InMemoryError, NotDoneError, once, with_engine
from warroom.cli.choosing import is_named, to_write
from warroom.cli.incident_lines import condition_lines
from warroom.cli.note_text import clean
from warroom.cli.options import config_option, json_option, name_option
from warroom.cli.printing import out, out_json, tell
from warroom.cli.room import find_room
from warroom.errors import EXIT_REFUSED
from warroom.incident.entries import Resolved
from warroom.text import safe
from warroom.wire import Answer, GetIncidents, Resolve


@click.command("resolve", help="Say that an incident is over.")
@config_option
@click.argument("words", nargs=-1, metavar="[ID] [TEXT]...", shell_complete=offering.incidents)
@click.option("--how", default="", metavar="HOW", help="rollback, hotfix, or what your team says.")
@click.option("--override", default="", metavar="REASON", help="Why, whatever is not met.")
@name_option
@json_option
def command(
    config: str | None,
    words: tuple[str, ...],
    how: str,
    override: str,
    name: str,
    as_json: bool,
) -> None:
    """Resolve the incident that is open, or the one named first; TEXT says what was done.

    Prints what must be so and is not, and exits 2; --override goes on, and REASON is recorded.
    """
    request = Resolve(ref=0, once=once(), incident="", how=clean(how), override=clean(override))
    answer = with_engine(find_room(config), name, lambda engine: _resolve(engine, request, words))
    _show(answer, as_json)
    if not answer.ok:
        tell("warroom: not resolved; do what is not met, or give --override REASON")
        sys.exit(EXIT_REFUSED)
    tell(safe(answer.message, 400))


async def _resolve(engine: Engine, request: Resolve, words: tuple[str, ...]) -> Answer:
    known = (await engine.done(GetIncidents(ref=0))).incidents
    first = words[0] if words and is_named(known, words[0]) else ""
    text = clean(" ".join(words[1:] if first else words))
    incident = to_write(known, first).id
    answer = await engine.ask(replace(request, incident=incident, text=text))
    if answer.waits:
        raise InMemoryError(answer.message)
    if not answer.ok and not answer.conditions:
        raise NotDoneError(answer.message)
    return answer


def _show(answer: Answer, as_json: bool) -> None:
    if as_json:
        conditions, entry = answer.conditions, answer.entry
        out_json({"resolved": answer.ok, "conditions": conditions, "entry": entry})
        return
    for line in condition_lines(one for one in answer.conditions if not one.met):
        out(line)
    body = answer.entry.body if answer.entry is not None else None
    for unmet in body.unmet if isinstance(body, Resolved) else ():
        out(f"OVERRIDDEN  {safe(unmet, 1_000)}")
