"""To whom a message goes by itself. Pure."""

from warroom.incident.incident import Incident, MessageSeen
from warroom.incident.outward import DeliveryState, Purpose, Receiver

_CAME: tuple[DeliveryState, ...] = ("sending", "sent", "unknown", "copied")


def takes(receiver: Receiver, purpose: Purpose) -> bool:
    """Whether it is for messages of that purpose at all."""
    return not receiver.purposes or purpose in receiver.purposes


def routed(receiver: Receiver, purpose: Purpose, incident: Incident) -> bool:
    """Whether a message of that purpose goes to it, by the incident's level and by the sources that
    are not well. Which sources they are may not be known yet: then one that is for some of them
    is not chosen, but can be by hand. Who was told of it is told that it is over, though its level
    has come down since: a pager would call for ever."""
    if not takes(receiver, purpose):
        return False
    if purpose == "resolution" and any(has_come(one, receiver.name) for one in incident.messages):
        return True
    if receiver.levels and incident.level not in receiver.levels:
        return False
    return not receiver.sources or any(one in receiver.sources for one in incident.sources)


def has_come(message: MessageSeen, receiver: str = "") -> bool:
    """Whether somebody has it, or may have: that receiver, or any. One that waits, or was given
    up, has told nobody anything."""
    return any(
        delivery.state in _CAME and receiver in ("", delivery.receiver)
        for delivery in message.deliveries
    )
