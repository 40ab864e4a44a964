"""Level, status, phase, milestones, roles: the steps of an incident, settled. Pure."""

from datetime import datetime

from msgspec.structs import replace

from warroom.errors import IncidentError
from warroom.incident.clocks import lead_milestone
from warroom.incident.entries import Milestone, Phase, Reopened, Role, Said, Severity, Status
from warroom.incident.incident import Incident
from warroom.incident.nearest import level_meant, meant, no_such
from warroom.incident.procedures import Procedures
from warroom.incident.settle.settling import Settled, Settling, chosen, required
from warroom.incident.spans import at_words


def severity(case: Settling, body: Severity) -> Settled:
    """A change of an existing level needs a reason."""
    before, names = case.incident.level, case.scale.names
    level = level_meant(body.level, names)
    if level is None:
        raise no_such("level", body.level, names)
    if level == before and not body.reason.strip() and body.assessment is None:
        raise IncidentError(f"it is {level} already")
    if before and level != before:
        required(body.reason, f"why is it {level} and no longer {before}?", "say the reason too")
    return Settled(replace(body, level=level, before=before))


def status(case: Settling, body: Status) -> Settled:
    """Any move is allowed but to the final one; the phase of the status is entered with it."""
    known = case.procedures.statuses
    name = chosen("status", body.status, tuple(step.name for step in known))
    step = next(step for step in known if step.name == name)
    if step.final:
        raise IncidentError(f"{name} is no mere status", "resolve with /resolve")
    if case.incident.resolved is not None:
        raise IncidentError(f"{case.incident.id} is resolved", "/reopen REASON says it is not over")
    before = case.incident.status
    if name == before and not body.text.strip():
        raise IncidentError(f"it is {name} already")
    return Settled(
        replace(body, status=name, before=before),
        also=entered_with(name, case.incident, case.procedures),
    )


def phase(case: Settling, body: Phase) -> Settled:
    known = tuple(step.name for step in case.procedures.phases)
    name = chosen("phase", body.phase, known)
    if name == case.incident.phase:
        raise IncidentError(f"it is in {name} already")
    return Settled(replace(body, phase=name, before=case.incident.phase))


def milestone(case: Settling, body: Milestone) -> Settled:
    """Recorded in any order; what is wrong with the order is said."""
    known = tuple(step.name for step in case.procedures.milestones)
    name = chosen("milestone", body.name, known)
    odd = odd_order(case, name)
    again = case.incident.milestones.get(name)
    warning = [odd] if odd else []
    if again is not None:
        warning.append(f"it was reached at {at_words(again, case.now)}; the new time counts")
    return Settled(replace(body, name=name, odd=odd), "; ".join(warning))


def odd_order(case: Settling, name: str) -> str:
    """What is wrong with this milestone being reached then, by the team's order of them."""
    at, now, reached = case.happened, case.now, case.incident.milestones
    if at < case.incident.started:
        start = at_words(case.incident.started, now)
        return f"{name} at {at_words(at, now)} is before the incident began, {start}"
    order = [step.name for step in case.procedures.milestones]
    place = order.index(name)
    found = [
        *(f"before {one}, {_at(reached[one], now)}" for one in _late(order[:place], reached, at)),
        *(
            f"after {one}, {_at(reached[one], now)}"
            for one in _early(order[place + 1 :], reached, at)
        ),
    ]
    return f"{name} at {at_words(at, now)} is {' and '.join(found)}" if found else ""


def _late(names: list[str], reached: dict[str, datetime], at: datetime) -> list[str]:
    """Those that should have come earlier and came later."""
    return [name for name in names if name in reached and reached[name] > at]


def _early(names: list[str], reached: dict[str, datetime], at: datetime) -> list[str]:
    """Those that should come later and came earlier."""
    return [name for name in names if name in reached and reached[name] < at]


def _at(moment: datetime, now: datetime) -> str:
    return f"which was reached at {at_words(moment, now)}"


def role(case: Settling, body: Role) -> Settled:
    """Taken, handed over or given up. Who takes the lead reaches the milestone of it."""
    known = tuple(kind.name for kind in case.procedures.roles)
    name = chosen("role", body.role, known)
    held = case.incident.roles.get(name)
    before, person = (held.person if held else ""), body.person.strip()
    if not person and held is None:
        raise IncidentError(f"nobody is {name}")
    if person and person == before and not body.brief.strip():
        raise IncidentError(f"{person} is {name} already")
    done = replace(body, role=name, person=person, before=before)
    also = _lead(case, name) if person else ()
    odd = [said.odd for said in also if isinstance(said, Milestone) and said.odd]
    return Settled(done, "; ".join([*_both(case, name, person), *odd]), also)


def _lead(case: Settling, role_name: str) -> tuple[Said, ...]:
    """The milestone "commander assigned", if the team has it and it is not reached."""
    procedures = case.procedures
    if role_name != procedures.commander:
        return ()
    reached = lead_milestone(procedures)
    if not reached or reached in case.incident.milestones:
        return ()
    return (Milestone(name=reached, odd=odd_order(case, reached)),)


def _both(case: Settling, name: str, person: str) -> list[str]:
    """Who leads must not fix as well."""
    procedures, roles = case.procedures, case.incident.roles
    lead, fixers = procedures.commander, procedures.fixers
    if not person or (name != lead and name not in fixers):
        return []
    others = fixers if name == lead else (lead,)
    also = [
        other
        for other in others
        if other != name and other in roles and roles[other].person.casefold() == person.casefold()
    ]
    return [f"{person} is {other} too: who leads must not fix" for other in also]


def reopened(case: Settling, body: Reopened) -> Settled:
    """Back to the status that is named, or to the team's first."""
    if case.incident.resolved is None:
        raise IncidentError(f"{case.incident.id} is open")
    required(body.reason, "why is it not over?", "/reopen REASON")
    steps = tuple(step for step in case.procedures.statuses if not step.final)
    if body.status:
        name = chosen("status", body.status, tuple(step.name for step in steps))
    else:
        name = steps[0].name if steps else ""
    also = entered_with(name, case.incident, case.procedures)
    return Settled(replace(body, status=name), also=also)


def entered_with(status_name: str, incident: Incident, procedures: Procedures) -> tuple[Said, ...]:
    """The phase that is entered with a status, where it is another than the present one."""
    steps = procedures.statuses
    name = next((step.phase for step in steps if step.name == status_name), "")
    known = tuple(step.name for step in procedures.phases)
    found = meant(name, known) if name else None
    if found is None or found == incident.phase:
        return ()
    return (Phase(phase=found, before=incident.phase),)
