"""A message as it goes out, from its entry and its incident. Pure."""

from datetime import datetime
from typing import NamedTuple

from warroom.comms.sender import Outgoing
from warroom.incident.incident import Incident
from warroom.incident.outward import Message
from warroom.severity import Scale


class Setting(NamedTuple):
    """What of the room a message carries."""

    room: str
    environment: str
    scale: Scale


def outgoing_of(
    incident: Incident, body: Message, by: str, at: datetime, setting: Setting
) -> Outgoing:
    """The message, with what a receiver's own form may say of the incident."""
    rank = setting.scale.index(incident.level)
    return Outgoing(
        incident=incident.id,
        key=f"{setting.room}/{incident.id}",
        purpose=body.purpose,
        subject=body.subject,
        text=body.text,
        at=at,
        by=by,
        title=incident.title,
        level=incident.level,
        rank=-1 if rank is None else rank,
        status=incident.status,
        room=setting.room,
        environment=setting.environment,
        started=incident.started,
        sources=incident.sources,
        services=incident.impact.services,
        next=body.next,
        digest=body.digest,
    )
