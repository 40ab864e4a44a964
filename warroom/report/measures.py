"""How long it took to notice, to answer, to mend and to end. Pure."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from warroom.incident.entries import Entry, Role
from warroom.incident.incident import Incident
from warroom.incident.order import happened
from warroom.incident.procedures import Procedures
from warroom.incident.spans import left


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One span in seconds, None where it is not known; ``since`` and ``until`` are what it lies
    between, in words."""

    name: str
    span: float | None
    since: str
    until: str


def measures(
    incident: Incident, procedures: Procedures, entries: Iterable[Entry] = ()
) -> tuple[Measure, ...]:
    """Times to detect, acknowledge, mitigate and resolve; from the start but for the second, which
    is counted from when it was noticed. By the milestones as they were said; who never said that
    it was acknowledged has answered by the first who took the command."""
    found = incident.milestones.get("alert received") or incident.declared
    detected = min(found, incident.declared)
    answered, by = incident.milestones.get(procedures.acknowledged), procedures.acknowledged
    if answered is None:
        answered = _first_lead(incident, procedures, entries)
        by = by if answered is None else f"first {procedures.commander}"
    mended = incident.milestones.get(procedures.fixed)
    noticed = "alert received" if found < incident.declared else "declared"
    unsaid = incident.started == incident.declared == detected  # nobody said when it began
    return (
        _span("time to detect", incident.started, "started", None if unsaid else detected, noticed),
        _span("time to acknowledge", detected, noticed, answered, by),
        _span("time to mitigate", incident.started, "started", mended, procedures.fixed),
        _span("time to resolve", incident.started, "started", incident.resolved, "resolved"),
    )


def _first_lead(
    incident: Incident, procedures: Procedures, entries: Iterable[Entry]
) -> datetime | None:
    """When somebody first led: who leads now may have taken over from another."""
    for entry in entries:
        body = entry.body
        if isinstance(body, Role) and body.role == procedures.commander and body.person:
            return happened(entry, incident.corrections)
    held = incident.roles.get(procedures.commander)
    return held.since if held is not None else None


def _span(
    name: str, since: datetime, since_words: str, until: datetime | None, until_words: str
) -> Measure:
    """What ends before it begins was not measured: it took not nothing."""
    span = None if until is None else left(until, since)
    known = span if span is not None and span >= 0 else None
    return Measure(name=name, span=known, since=since_words, until=until_words)
