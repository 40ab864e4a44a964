"""``warroom draft``: the next message, drafted from how the incident stands."""

import click

from warroom.cli import offering
from warroom.cli.asking import Engine, with_engine
from warroom.cli.choosing import to_read
from warroom.cli.options import config_option, json_option, share_option
from warroom.cli.printing import out, out_json, tell
from warroom.cli.room import find_room
from warroom.incident.drafted import Drafted
from warroom.incident.outward import PURPOSES
from warroom.text import safe, whole_line
from warroom.wire import GetDraft, GetIncidents


@click.command("draft", help="Draft the next message of an incident.")
@config_option
@click.argument("name", metavar="[ID]", default="", shell_complete=offering.incidents)
@click.option(
    "--purpose",
    type=click.Choice([*PURPOSES, "brief"]),
    default=None,
    help="Which one; otherwise the one that comes next.",
)
@share_option
@json_option
def command(config: str | None, name: str, purpose: str | None, share: bool, as_json: bool) -> None:
    """Print a draft; nothing is sent. ``brief`` is what is read to somebody who joins late."""

    async def work(engine: Engine) -> Drafted:
        known = (await engine.done(GetIncidents(ref=0))).incidents
        chosen = to_read(known, name).id
        request = GetDraft(ref=0, incident=chosen, purpose=purpose or "")  # type: ignore[arg-type]
        draft = (await engine.done(request)).draft
        assert draft is not None
        return draft

    draft = with_engine(find_room(config), "", work, share=share)
    if as_json:
        out_json(draft)
    else:
        for line in draft.text.split("\n"):
            out(whole_line(line))
    if draft.subject:
        tell(f"subject: {safe(draft.subject, 200)}")
    if draft.problem:
        tell(f"warroom: {safe(draft.problem, 400)}; this is the built-in text")
    receivers = safe(", ".join(draft.receivers), 400) or "nobody who is configured"
    tell(f"{draft.purpose}, goes to: {receivers}")
