"""What was sent and what still waits, of every incident that is known here. Pure."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from warroom.console.incident.rows import Row, gap, without_ends
from warroom.console.look import Look
from warroom.console.message.rows import called
from warroom.incident.incident import DeliverySeen, Incident, MessageSeen
from warroom.incident.outbox import doubtful, outgoing
from warroom.incident.outward import PURPOSE_WORDS, DeliveryState, Receiver
from warroom.incident.spans import at_words
from warroom.text import safe

_LOOKS: dict[DeliveryState, tuple[str, str, str, str]] = {
    "waiting": ("…", "~", "WAITS", ".level-2"),
    "sending": ("»", ">", "being sent", ".accent"),
    "sent": ("✔", "+", "sent", ".ok"),
    "failed": ("✖", "X", "REFUSED", ".level-1"),
    "unknown": ("?", "?", "UNKNOWN", ".unseen"),
    "copied": ("✔", "+", "copied", ".ok"),
    "dropped": ("–", "-", "dropped", ".dim"),
}
"""By state: its sign, the same in ASCII, its word, its style."""


def outbox_rows(
    incidents: Sequence[Incident],
    receivers: Sequence[Receiver],
    now: datetime,
    look: Look,
    draft: str = "u",
) -> list[Row]:
    """The messages of each incident, newest first, each with how it stands at its receivers;
    ``draft`` is the key that drafts one, empty where none may."""
    rows: list[Row] = []
    for incident in sorted(incidents, key=lambda one: one.declared, reverse=True):
        if incident.messages:
            name = look.plain(safe(f"{incident.id}  {incident.title}", 120))
            rows += [Row(Content.assemble((name, ".strong")))]
            for message in reversed(incident.messages):
                rows += _rows(incident, message, receivers, now, look)
            rows.append(gap())
    if not rows:
        drafts = f": {draft} drafts one while an incident is open" if draft else ""
        words = f"No message was sent yet{drafts}."
        rows.append(Row(Content.assemble((words, ".dim"))))
    return without_ends(rows)


def _rows(
    incident: Incident,
    message: MessageSeen,
    receivers: Sequence[Receiver],
    now: datetime,
    look: Look,
) -> list[Row]:
    by = look.plain(safe(message.by, 40))
    head = look.plain(safe(message.head, 120))
    first = Content.assemble(
        (f"  {at_words(message.at, now)} ", ".dim"),
        (f"{PURPOSE_WORDS[message.purpose]} ", ".accent"),
        (f"by {by}: ", ".dim"),
        head,
    )
    lines = [_line(incident, message, one, receivers, look) for one in message.deliveries]
    return [Row(first, key_of(incident, message), indent=4), *lines]


def _line(
    incident: Incident,
    message: MessageSeen,
    delivery: DeliverySeen,
    receivers: Sequence[Receiver],
    look: Look,
) -> Row:
    sign, ascii_sign, word, style = _LOOKS[delivery.state]
    name = look.plain(safe(called(delivery.receiver, receivers), 40))
    said = f": {look.plain(safe(delivery.text, 300))}" if delivery.text else ""
    line = Content.assemble(
        (f"    {sign if look.unicode else ascii_sign} {word} ", style),
        name,
        (f"  {delivery.at:%H:%M:%S}Z", ".dim"),
        (said, ".dim" if delivery.state in ("sent", "copied", "dropped") else style),
    )
    return Row(line, key_of(incident, message, delivery.receiver), indent=6)


def key_of(incident: Incident, message: MessageSeen, receiver: str = "") -> str:
    """How a row is called: its incident, its message's entry, its receiver."""
    return f"{incident.id}\n{message.entry}\n{receiver}"


def parts_of(key: str) -> tuple[str, int, str]:
    """What ``key_of`` was made of."""
    incident, entry, receiver = key.split("\n", 2)
    return incident, int(entry), receiver


def mark(incident: Incident) -> str:
    """What the incident's line says of messages that are not where they should be."""
    waits, doubt = len(outgoing(incident)), len(doubtful(incident))
    parts = [f"{waits} waits" if waits == 1 else f"{waits} wait"] if waits else []
    parts += [f"{doubt}?"] if doubt else []
    return f"OUTBOX {', '.join(parts)}" if parts else ""
