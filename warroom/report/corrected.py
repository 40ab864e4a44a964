"""An incident's own times as they were corrected. The fold keeps when a thing was said to have
happened; a document goes by when it did, as its timeline does. Pure."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from warroom.incident.entries import Declared, Entry, Milestone, Resolved
from warroom.incident.incident import Incident
from warroom.incident.order import happened


def corrected(incident: Incident, entries: Iterable[Entry]) -> Incident:
    """The same, its declaration, milestones and end where they belong; a milestone that was taken
    back was not reached."""
    milestones: dict[str, datetime] = {}
    declared, resolved = incident.declared, incident.resolved
    for entry in entries:
        at = happened(entry, incident.corrections)
        match entry.body:
            case Declared() if entry.number == 1:
                declared = at
            case Resolved() if resolved is not None:
                resolved = at
            case Milestone(name=name) if not _withdrawn(entry, incident):
                milestones[name] = at
    return replace(incident, declared=declared, resolved=resolved, milestones=milestones)


def _withdrawn(entry: Entry, incident: Incident) -> bool:
    fixed = incident.corrections.get(entry.number)
    return fixed is not None and fixed.text == ""
