"""``warroom note``: words into an incident's timeline, typed or piped."""

from collections.abc import Sequence
from datetime import datetime

import click

from warroom.cli import offering
from warroom.cli.asking import Engine, InMemoryError, NotDoneError, once, with_engine
from warroom.cli.choosing import to_write
from warroom.cli.incident_lines import stamp
from warroom.cli.moment import WAYS, moment, told
from warroom.cli.note_text import MOST, Notes, from_bytes, notes
from warroom.cli.options import config_option, json_option, name_option
from warroom.cli.piped import piped
from warroom.cli.printing import out, out_json, tell
from warroom.cli.room import find_room
from warroom.clock import SystemClock
from warroom.errors import UsageError
from warroom.incident.entries import Entry, Note
from warroom.text import safe
from warroom.wire import GetIncidents, Post


@click.command("note", help="Note something in an incident.")
@config_option
@click.argument("text", nargs=-1, required=True)
@click.option(
    "--incident",
    default="",
    metavar="ID",
    shell_complete=offering.incidents,
    help="Which one, if several are open.",
)
@click.option("--at", default="", metavar="TIME", help=f"When it happened: {WAYS}.")
@name_option
@json_option
def command(
    config: str | None, text: tuple[str, ...], incident: str, at: str, name: str, as_json: bool
) -> None:
    """Note TEXT as it stands, or with "-" what comes on standard input.

    It is a note whatever it begins with, never a command. Of standard input the first 256 KiB
    are taken, in entries of at most 16,000 characters.
    """
    now = SystemClock().now()
    happened = moment(at, now, "--at")
    if happened is not None:
        tell(f"warroom: it happened at {told(happened, now)}")
    given = from_bytes(piped()) if text == ("-",) else notes(" ".join(text))
    if not given.texts:
        raise UsageError("there is nothing to note")
    paths = find_room(config)
    entries = with_engine(paths, name, lambda engine: _post(engine, given, incident, happened))
    if as_json:
        out_json({"entries": entries, "cut": given.cut})
    else:
        for entry in entries:
            out(f"{safe(entry.incident, 60)} {entry.number} {stamp(entry.happened)}")
    if given.cut:
        tell(f"warroom: CUT: the first {MOST // 1024} KiB were noted, what came after was not")


async def _post(
    engine: Engine, given: Notes, name: str, happened: datetime | None
) -> tuple[Entry, ...]:
    known = (await engine.done(GetIncidents(ref=0))).incidents
    incident = to_write(known, name).id
    written: list[Entry] = []
    waits: InMemoryError | None = None
    for text in given.texts:
        request = Post(
            ref=0, once=once(), incident=incident, body=Note(text=text), happened=happened
        )
        try:
            answer = await engine.done(request)
        except InMemoryError as error:
            waits = error  # the rest is to wait beside it, in its order
            continue
        except NotDoneError as error:
            raise _half(error, written, given.texts) from error
        assert answer.entry is not None
        written.append(answer.entry)
    if waits is not None:
        raise waits
    return tuple(written)


def _half(error: NotDoneError, written: Sequence[Entry], texts: Sequence[str]) -> NotDoneError:
    """What was refused, and how much had been written before it."""
    if not written:
        return error
    return NotDoneError(f"{error.explain()}\n{len(written)} of {len(texts)} entries are written")
