"""``warroom done``: something that was due after an incident is done."""

from typing import Literal, TypeAlias

import click

from warroom.cli import offering
from warroom.cli.asking import Engine, once, with_engine
from warroom.cli.choosing import to_read
from warroom.cli.note_text import clean
from warroom.cli.options import config_option, json_option, name_option
from warroom.cli.printing import out_json, tell
from warroom.cli.room import find_room
from warroom.errors import UsageError
from warroom.incident.entries import Due
from warroom.text import safe
from warroom.wire import Answer, GetIncidents, Post

State: TypeAlias = Literal["done", "dropped", "open"]


@click.command("done", help="Say that what was due after an incident is done.")
@config_option
@click.argument("incident", metavar="ID", shell_complete=offering.incidents)
@click.argument("what", nargs=-1, required=True, metavar="NAME...")
@click.option("--drop", metavar="REASON", help="It will not be done, and why.")
@click.option("--open", "again", is_flag=True, help="It is not done after all.")
@name_option
@json_option
def command(
    config: str | None,
    incident: str,
    what: tuple[str, ...],
    drop: str | None,
    again: bool,
    name: str,
    as_json: bool,
) -> None:
    """NAME is what the team's file, or warroom incidents, calls it: post-mortem, review."""
    why = clean(drop or "").strip()
    if drop is not None and not why:
        raise UsageError("--drop: why is it dropped?", "say the reason behind it")
    if drop is not None and again:
        raise UsageError("--drop and --open: only one of them can be")
    state: State = "open" if again else "done" if drop is None else "dropped"
    body = Due(name=clean(" ".join(what)), state=state, text=why)

    async def work(engine: Engine) -> Answer:
        known = (await engine.done(GetIncidents(ref=0))).incidents
        chosen = to_read(known, incident).id
        return await engine.done(Post(ref=0, once=once(), incident=chosen, body=body))

    answer = with_engine(find_room(config), name, work)
    if as_json:
        out_json({"entry": answer.entry})
    elif answer.entry is not None and isinstance(answer.entry.body, Due):
        tell(f"{safe(answer.entry.incident, 60)}: {safe(answer.entry.body.name, 80)} is noted")
