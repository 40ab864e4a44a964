"""A team's procedures: what is built in for its scale, and over it what the file says.

What a section gives replaces that part of the default, whole. Where a part that was left out
names something that the file's own parts do not have, it does without.
"""

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from warroom.config.problems import Problems, nearest
from warroom.config.procedures_incident import incident_parts
from warroom.config.procedures_lists import build_checklists, build_contacts, build_ladder
from warroom.config.procedures_matrix import assessment_parts
from warroom.config.procedures_settings import (
    AssessmentSettings,
    IncidentSettings,
    ResolveSettings,
)
from warroom.config.section import section
from warroom.incident.built_in import built_in
from warroom.incident.procedures import Gate, Procedures
from warroom.severity import BUILT_IN, Scale


def build_procedures(
    table: dict[str, Any], sources: Collection[str], scale: Scale | None, problems: Problems
) -> Procedures:
    """The procedures of the whole file ``table``, after adding everything wrong with them.

    ``scale`` is None where nothing is known of it: then no level is judged.
    """
    ours = built_in(scale or BUILT_IN["sev"])
    incident = section(IncidentSettings, table.get("incident", {}), ("incident",), problems)
    made = ours if incident is None else incident_parts(incident, ours, scale, problems)
    phases = None if incident is None else [phase.name for phase in made.phases]
    asked = section(AssessmentSettings, table.get("assessment", {}), ("assessment",), problems)
    if asked is not None:
        made = assessment_parts(asked, made, scale, problems)
    contacts = build_contacts(table, problems)
    return replace(
        made,
        contacts=contacts,
        escalation=build_ladder(table, ours.escalation, scale, problems),
        checklists=build_checklists(table, ours.checklists, phases, scale, problems),
        gate=_gate(table.get("resolve", {}), sources, problems),
    )


def _gate(table: object, sources: Collection[str], problems: Problems) -> Gate:
    settings = section(ResolveSettings, table, ("resolve",), problems)
    if settings is None:
        return Gate()
    for at, name in enumerate(settings.checks):
        if name not in sources:
            hint = nearest(name, sources, "sources")
            problems.add(("resolve", "checks", at), f"there is no source {name}", hint)
    return Gate(
        well_for=settings.well_for,
        checks=tuple(dict.fromkeys(settings.checks)),
        recovery=settings.recovery,
    )
