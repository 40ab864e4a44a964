"""What a person tells others: the next message, what became of those sent, the brief."""

from typing import TYPE_CHECKING

from warroom.config.keys import KEYS
from warroom.console.commands.base import Command
from warroom.console.commands.incident_refused import none_shown, nothing_known

if TYPE_CHECKING:
    from warroom.console.app import Console


def message(console: "Console") -> None:
    """Have the next message drafted, to be read, changed and sent."""
    from warroom.console.screens.message import MessageScreen

    shown = console.incident
    if shown is None:
        return

    def done(words: str | None) -> None:
        if words:
            console.say(words)

    console.push_screen(MessageScreen(shown), done)


def outbox(console: "Console") -> None:
    """What was sent, and what waits."""
    from warroom.console.screens.outbox import OutboxScreen

    console.push_screen(OutboxScreen())


def brief(console: "Console") -> None:
    """Two lines for somebody who joins late."""
    from warroom.console.screens.brief import BriefScreen

    if console.incident is not None:
        console.push_screen(BriefScreen(console.incident))


MESSAGES: tuple[Command, ...] = (
    Command(
        id="message",
        key=KEYS["message"],
        title="Message",
        help="The next message, drafted from the incident: read it, change it, send it",
        group="Incident",
        run=message,
        footer="message",
        refused=none_shown,
    ),
    Command(
        id="outbox",
        key=KEYS["outbox"],
        title="Messages and outbox",
        help="What was sent to whom, what waits, what nobody knows of",
        group="Incident",
        run=outbox,
        refused=nothing_known,
    ),
    Command(
        id="brief",
        key=KEYS["brief"],
        title="Brief",
        help="Two lines to read to somebody who joins late",
        group="Incident",
        run=brief,
        refused=none_shown,
    ),
)
