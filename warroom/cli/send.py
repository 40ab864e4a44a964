"""``warroom send``: a message to the team's receivers, shown before it goes."""

import sys
from datetime import datetime

import click
import msgspec

from warroom.cli import offering
from warroom.cli.asking import Engine, InMemoryError, NotDoneError, once, with_engine
from warroom.cli.choosing import to_write
from warroom.cli.message_lines import finding_lines, preview_lines
from warroom.cli.moment import known_zone, told
from warroom.cli.note_text import clean, from_bytes
from warroom.cli.options import config_option, json_option, name_option
from warroom.cli.piped import piped
from warroom.cli.printing import out, out_json, tell
from warroom.cli.room import find_room
from warroom.clock import SystemClock
from warroom.errors import EXIT_REFUSED, UsageError
from warroom.incident.drafted import Checked
from warroom.incident.outward import PURPOSES, Purpose
from warroom.incident.promise import moved, read_next
from warroom.text import safe
from warroom.wire import Answer, CheckMessage, GetDraft, GetIncidents, SendMessage

WORD = "send"
"""What is typed to send it."""


class _Given(msgspec.Struct, frozen=True):
    """What the command line says in place of the draft."""

    name: str
    purpose: Purpose | None
    to: tuple[str, ...]
    text: str
    subject: str
    promised: str
    override: str


@click.command("send", help="Send the next message of an incident.")
@config_option
@click.argument("incident", metavar="[ID]", default="", shell_complete=offering.incidents)
@click.option("--purpose", type=click.Choice(PURPOSES), default=None, help="Which one.")
@click.option(
    "--to",
    multiple=True,
    metavar="RECEIVER",
    shell_complete=offering.tables("receivers"),
    help="Otherwise as it is routed.",
)
@click.option("--text", default="", metavar="TEXT", help='In place of the draft; "-" reads it.')
@click.option("--subject", default="", metavar="TEXT", help="In place of the draft's.")
@click.option(
    "--next",
    "promised",
    default="",
    metavar="TIME",
    help="The next: 14:30 (UTC), 14:30 local, 15m.",
)
@click.option("--override", default="", metavar="REASON", help="Why, whatever the linter says.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@name_option
@json_option
def command(
    config: str | None,
    incident: str,
    purpose: Purpose | None,
    to: tuple[str, ...],
    text: str,
    subject: str,
    promised: str,
    override: str,
    yes: bool,
    name: str,
    as_json: bool,
) -> None:
    """Draft the message, show what would go to whom, ask, and send it: the answer comes when it is
    written down; warroom outbox tells what became of it.

    Exits 2 when nothing was sent.
    """
    words = "\n".join(from_bytes(piped()).texts) if text == "-" else clean(text)
    given = _Given(incident, purpose, to, words, clean(subject), promised, clean(override))
    answer = with_engine(find_room(config), name, lambda engine: _send(engine, given, yes=yes))
    if as_json:
        out_json({"entry": answer.entry})
    elif answer.entry is not None:
        out(f"{safe(answer.entry.incident, 60)} {answer.entry.number}")
    tell("written down and on its way; what becomes of it: warroom outbox")


async def _send(engine: Engine, given: _Given, *, yes: bool) -> Answer:
    asked = await _asked(engine, given)
    checked = (await engine.done(asked)).checked
    assert checked is not None
    _show(checked)
    if checked.findings and not given.override:
        raise NotDoneError("not sent: the linter has something against it", "or --override REASON")
    if not yes and not _meant():
        tell("warroom: not sent")
        sys.exit(EXIT_REFUSED)
    request = SendMessage(
        ref=0,
        once=once(),
        incident=asked.incident,
        purpose=asked.purpose,
        text=asked.text,
        receivers=asked.receivers,
        digest=checked.digest,
        subject=asked.subject,
        next=asked.next,
        override=given.override,
    )
    answer = await engine.ask(request)
    if answer.waits:
        raise InMemoryError(answer.message)
    if not answer.ok:
        raise NotDoneError(answer.message)
    return answer


async def _asked(engine: Engine, given: _Given) -> CheckMessage:
    """The message: the draft, and over it what the command line says."""
    known = (await engine.done(GetIncidents(ref=0))).incidents
    incident = to_write(known, given.name).id
    request = GetDraft(ref=0, incident=incident, purpose=given.purpose or "")
    draft = (await engine.done(request)).draft
    assert draft is not None
    assert draft.purpose != "brief"
    if draft.problem and not given.text:
        tell(f"warroom: {safe(draft.problem, 400)}; this is the built-in text")
    now = SystemClock().now()
    promised: datetime | str | None = draft.next
    if given.promised:
        promised = read_next(given.promised, now, local=known_zone(given.promised, "--next"))
    if isinstance(promised, str):
        raise UsageError(f"--next: {promised}")
    if given.promised and promised is not None:
        tell(f"warroom: the next update is promised for {told(promised, now)}")
    return CheckMessage(
        ref=0,
        incident=incident,
        purpose=draft.purpose,
        text=given.text or moved(draft.text, draft.next, promised, now),
        subject=given.subject or draft.subject,
        next=promised,
        receivers=_receivers(given, draft.receivers),
    )


def _receivers(given: _Given, routed: tuple[str, ...]) -> tuple[str, ...]:
    receivers = tuple(dict.fromkeys(given.to)) or routed
    if not receivers:
        raise NotDoneError(
            "not sent: no receiver takes such a message of this incident",
            "name one with --to, or configure one under [receivers]",
        )
    return receivers


def _show(checked: Checked) -> None:
    """What would go out, to whoever typed it: standard output gets the entry alone."""
    for line in preview_lines(checked):
        tell(line)
    for line in finding_lines(checked.findings):
        tell(f"warroom: {line}")


def _meant() -> bool:
    """Whether the person at the terminal means it; without a terminal nobody does."""
    if sys.stdin is None or not sys.stdin.isatty():
        tell("warroom: there is nobody to ask: --yes sends it")
        return False
    return bool(
        click.prompt(f'Type "{WORD}" to send it', default="", show_default=False, err=True) == WORD
    )
