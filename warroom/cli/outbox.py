"""``warroom outbox``: what was sent to whom, and what still waits."""

import click

from warroom.cli import offering
from warroom.cli.asking import Engine, once, with_engine
from warroom.cli.choosing import to_read
from warroom.cli.message_lines import message_lines
from warroom.cli.options import config_option, json_option, name_option, share_option
from warroom.cli.printing import out, out_json, tell
from warroom.cli.reading import history
from warroom.cli.room import find_room, find_running
from warroom.cli.sharing import lens_of
from warroom.errors import UsageError
from warroom.text import safe
from warroom.wire import Answer, GetIncidents, Redeliver

WAYS = ("send", "drop", "copied")


@click.command("outbox", help="Tell what was sent to whom, and what waits.")
@config_option
@click.argument("incident", metavar="[ID]", default="", shell_complete=offering.incidents)
@click.argument("what", type=click.Choice(WAYS), required=False)
@click.argument("entry", type=int, required=False)
@click.argument("receiver", required=False, shell_complete=offering.tables("receivers"))
@name_option
@share_option
@json_option
def command(
    config: str | None,
    incident: str,
    what: str | None,
    entry: int | None,
    receiver: str | None,
    name: str,
    share: bool,
    as_json: bool,
) -> None:
    """List the messages of an incident: by their entries, with what became of each.

    ``ID send ENTRY RECEIVER`` sends one again, once you know that it did not come; ``drop`` gives
    it up; ``copied`` says that you have taken it along by hand.
    """
    if what is None:
        _list(config, incident, share=share, as_json=as_json)
        return
    if entry is None or receiver is None:
        raise UsageError(f"which one? warroom outbox ID {what} ENTRY RECEIVER")

    async def work(engine: Engine) -> Answer:
        known = (await engine.done(GetIncidents(ref=0))).incidents
        request = Redeliver(
            ref=0,
            once=once(),
            incident=to_read(known, incident).id,
            message=entry,
            receiver=receiver,
            what=what,  # type: ignore[arg-type]
        )
        return await engine.done(request)

    answer = with_engine(find_room(config), name, work, share=share)
    if as_json:
        out_json({"entry": answer.entry, "message": answer.message})
    elif answer.message:
        tell(safe(answer.message, 400))


def _list(config: str | None, incident: str, *, share: bool, as_json: bool) -> None:
    paths = find_running(config)
    told, _ = history(paths, incident, 1)
    if share:
        told = lens_of(paths).of(told)
    if as_json:
        out_json(told.messages)
        return
    for line in message_lines(told):
        out(line)
    if not told.messages:
        tell(f"no message of {safe(told.id, 60)} was sent yet: warroom send, or u in the console")
