"""What left the room, folded into its incident. Pure."""

from msgspec.structs import replace

from warroom.incident.entries import Entry
from warroom.incident.incident import DeliverySeen, Incident, MessageSeen, Promise
from warroom.incident.outward import Delivery, Evidence, Message, Purpose

PROMISING: tuple[Purpose, ...] = ("first", "update", "status", "customers")
"""The messages that count as an update: with them the clock of the next one begins anew."""
HEAD = 100
"""Characters of a message's first line that an incident carries."""


def message(incident: Incident, entry: Entry, body: Message) -> Incident:
    """It waits at every receiver; what it promises is promised."""
    by = entry.actor.person
    waiting = tuple(
        DeliverySeen(receiver=name, state="waiting", at=entry.happened, by=by)
        for name in body.receivers
    )
    seen = MessageSeen(
        entry=entry.number,
        purpose=body.purpose,
        at=entry.happened,
        by=by,
        head=(body.subject or body.text).strip().partition("\n")[0][:HEAD],
        deliveries=waiting,
    )
    incident = replace(incident, messages=(*incident.messages, seen))
    known = incident.update
    if body.purpose not in PROMISING or (known is not None and known.at > entry.happened):
        return incident
    return replace(incident, update=Promise(at=entry.happened, next=body.next))


def delivery(incident: Incident, entry: Entry, body: Delivery) -> Incident:
    """How one message now stands at one receiver; of an unknown message nothing is known."""
    now = DeliverySeen(
        receiver=body.receiver,
        state=body.state,
        at=entry.happened,
        text=body.text,
        by=entry.actor.person,
    )
    return replace(
        incident,
        messages=tuple(
            _delivered(seen, now) if seen.entry == body.message else seen
            for seen in incident.messages
        ),
    )


def _delivered(seen: MessageSeen, now: DeliverySeen) -> MessageSeen:
    names = [known.receiver for known in seen.deliveries]
    if now.receiver not in names:
        return replace(seen, deliveries=(*seen.deliveries, now))
    kept = (now if known.receiver == now.receiver else known for known in seen.deliveries)
    return replace(seen, deliveries=tuple(kept))


def evidence(incident: Incident, entry: Entry, body: Evidence) -> Incident:
    return replace(incident, evidence=body.files)
