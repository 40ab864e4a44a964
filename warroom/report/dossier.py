"""All that is known of an incident: what documents are made from. Frozen."""

from datetime import datetime

import msgspec

from warroom.incident.entries import Entry
from warroom.incident.incident import Incident
from warroom.incident.outward import EvidenceFile
from warroom.incident.procedures import Procedures
from warroom.report.evidence import Sample, Sight
from warroom.severity import Scale
from warroom.sharing.kinds import Ident, Name
from warroom.zone import IN_UTC, Zone


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of the files beside the incident. ``problems`` say what could not be read;
    ``changed`` names the files that are not what the journal says they were."""

    samples: tuple[Sample, ...] = ()
    sights: tuple[Sight, ...] = ()
    problems: tuple[str, ...] = ()
    changed: tuple[Ident, ...] = ()


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """``head`` is the hash of the incident's newest entry: by ``warroom verify --head`` whoever
    holds it finds out whether anything before it was changed. ``made`` is when this was made;
    ``zone`` is the room's own, if the file names it."""

    room: Name
    environment: Name
    incident: Incident
    entries: tuple[Entry, ...]
    procedures: Procedures
    scale: Scale
    head: Ident
    made: datetime
    version: Ident
    evidence: Evidence = Evidence()
    journalled: tuple[EvidenceFile, ...] = ()
    masked: bool = False
    """Whether names are masked in all of it (``--share``)."""
    zone: Zone = IN_UTC
