"""What is still on its way out, what nobody knows of, and what is overtaken. Pure."""

from collections.abc import Iterator

from warroom.errors import IncidentError
from warroom.incident.incident import DeliverySeen, Incident, MessageSeen
from warroom.incident.outward import CLIPBOARD, PURPOSES, DeliveryState, Purpose
from warroom.text import safe

_TELLING: tuple[Purpose, ...] = ("first", "update", "status", "acknowledge")
_OVERTAKEN: dict[Purpose, tuple[Purpose, ...]] = {
    "first": ("first", "update", "status"),
    "update": ("first", "update", "status"),
    "status": ("first", "update", "status"),
    "resolution": (*_TELLING, "resolution"),
    "customers": ("customers",),
    "acknowledge": ("acknowledge",),
}
"""Which waiting messages a newer one of a purpose stands in for. Nobody is to be told at 04:00 that
we look into what was resolved at 03:00. That somebody is at it stands in for no alarm."""

AGAIN: dict[str, tuple[DeliveryState, ...]] = {
    "send": ("waiting", "failed", "unknown", "dropped"),
    "drop": ("waiting", "failed", "unknown"),
    "copied": ("waiting", "failed", "unknown", "dropped"),
}
"""What a person may do with a delivery, by how it stands."""

Pair = tuple[MessageSeen, DeliverySeen]


def deliveries(incident: Incident, *states: DeliveryState) -> Iterator[Pair]:
    """Every message with how it stands at each receiver, oldest first; of these states only, if
    any are given."""
    for message in incident.messages:
        for delivery in message.deliveries:
            if delivery.receiver != CLIPBOARD and (not states or delivery.state in states):
                yield message, delivery


def outgoing(incident: Incident) -> tuple[Pair, ...]:
    """What waits to be sent, or is being sent: the outbox."""
    return tuple(deliveries(incident, "waiting", "sending"))


def doubtful(incident: Incident) -> tuple[Pair, ...]:
    """What was refused, or may or may not have come: somebody should see to it."""
    return tuple(deliveries(incident, "failed", "unknown"))


def overtaken(incident: Incident, purpose: Purpose, receivers: tuple[str, ...]) -> tuple[Pair, ...]:
    """What waits for one of these receivers and need not be sent any more once a message of this
    purpose is."""
    return tuple(
        (message, delivery)
        for message, delivery in deliveries(incident, "waiting")
        if delivery.receiver in receivers and message.purpose in _OVERTAKEN[purpose]
    )


def next_purpose(incident: Incident) -> Purpose:
    """What people are told next: that it began, how it stands, that it is over."""
    told = {message.purpose for message in incident.messages}
    if not incident.open:
        return "resolution"
    return "update" if "first" in told or incident.update is not None else "first"


def delivery_of(incident: Incident, message: int, receiver: str) -> Pair:
    """How that message, by its entry's number, stands there. Raises ``IncidentError``."""
    for seen, delivery in deliveries(incident):
        if (seen.entry, delivery.receiver) == (message, receiver):
            return seen, delivery
    raise IncidentError(
        f"{incident.id} has no message in entry {message} to {safe(receiver, 60)}",
        f"warroom outbox {incident.id} lists them",
    )


def purpose_meant(word: str) -> Purpose | None:
    """The purpose that is called so, in whatever case."""
    return next((one for one in PURPOSES if one == word.strip().casefold()), None)
