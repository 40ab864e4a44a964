"""The ladder of escalation: which rungs an incident stands at, and how to reach people. Pure."""

from collections.abc import Iterator

import msgspec

from warroom.incident.incident import Incident
from warroom.incident.procedures import Contact, Procedures, Rung
from warroom.severity import Scale


class Climb(msgspec.Struct, frozen=True):
    """A rung whose condition and level hold, whatever the time. ``key`` is its reminder's;
    ``worse`` are those it would have had at worse levels: told then, it is told."""

    rung: Rung
    key: str
    worse: tuple[str, ...] = ()


def climb(incident: Incident, procedures: Procedures, scale: Scale) -> Iterator[Climb]:
    """The rungs that hold for this incident but for the time that they wait."""
    for rung in procedures.escalation:
        if rung.levels and incident.level not in rung.levels:
            continue
        if rung.when and not holds(rung.when, incident):
            continue
        if rung.after is None and not rung.when:
            continue
        span = "" if rung.after is None else f"{rung.after:g}s"
        base = f"escalation:{rung.name}:{rung.when}:{span}"
        if not rung.levels:
            yield Climb(rung, base)
            continue
        at = scale.index(incident.level)
        worse = scale.names[: at or 0]
        yield Climb(rung, f"{base}:{incident.level}", tuple(f"{base}:{name}" for name in worse))


def is_told(step: Climb, incident: Incident) -> bool:
    """Whether people were reminded of this rung, at this level or a worse one."""
    return any(key in incident.reminders for key in (step.key, *step.worse))


def holds(condition: str, incident: Incident) -> bool:
    """Whether a rung's condition holds, by what was said of impact and in the assessment.

    A breach is suspected where data and security are at risk, until somebody says whether data
    was exposed.
    """
    hit, said = incident.impact, incident.assessment
    exposed, lost = hit.exposed is True, hit.data_loss is True
    data = said is not None and said.data is True
    security = said is not None and said.security is True
    return {
        "breach": exposed or (data and security and hit.exposed is None),
        "data exposed": exposed,
        "data lost": lost,
        "data at risk": exposed or lost or data,
        "security at risk": security,
        "legal": hit.legal is True,
    }.get(condition, False)


def reaching(name: str, incident: Incident, procedures: Procedures) -> tuple[str, ...]:
    """Whom that name or role means and how to reach them, one a line: ``team lead: Ana, pager
    +49 …``. A role that somebody holds in this incident is that person."""
    folded = name.casefold()
    holders = [held.person for role, held in incident.roles.items() if role.casefold() == folded]
    if holders:
        found = [c for person in holders for c in procedures.reach(person)]
        return _lines(name, found) or tuple(f"{name}: {person}" for person in holders)
    contacts = procedures.reach(name)
    return _lines(name, contacts) or (f"{name}: no contact is configured",)


def _lines(name: str, contacts: tuple[Contact, ...] | list[Contact]) -> tuple[str, ...]:
    lines = []
    for contact in contacts:
        who = name if contact.name.casefold() == name.casefold() else f"{name}: {contact.name}"
        ways = ", ".join(f"{way} {address}" for way, address in contact.ways)
        glue = ": " if who == name else ", "
        lines.append(f"{who}{glue}{ways or 'no way to reach them is configured'}")
    return tuple(lines)
