"""What every kind of entry is settled with, and what comes of it."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from warroom.errors import IncidentError
from warroom.incident.entries import Said
from warroom.incident.incident import Incident
from warroom.incident.nearest import meant, no_such
from warroom.incident.procedures import Procedures
from warroom.severity import Scale


class Settled(msgspec.Struct, frozen=True):
    """A body ready to be written. ``also`` are the entries that follow from it and are written
    with it; ``warning`` says in words what is odd about it, and is empty where nothing is."""

    body: Said
    warning: str = ""
    also: tuple[Said, ...] = ()


class Settling(NamedTuple):
    """The case: the incident as it stands, the team's ways, when it ``happened``, and now."""

    incident: Incident
    procedures: Procedures
    scale: Scale
    happened: datetime
    now: datetime


def chosen(what: str, word: str, known: tuple[str, ...]) -> str:
    """The known name that is meant. Raises ``IncidentError`` with the nearest one."""
    found = meant(word, known)
    if found is None:
        raise no_such(what, word, known)
    return found


def required(text: str, message: str, hint: str = "") -> None:
    """Raises ``IncidentError`` for a text with nothing in it."""
    if not text.strip():
        raise IncidentError(message, hint)
