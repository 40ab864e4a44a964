"""The clocks of an incident, as they stand at a moment. Pure."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from warroom.incident.incident import Incident
from warroom.incident.ladder import climb, is_told
from warroom.incident.procedures import Procedures
from warroom.incident.spans import after, left, seconds
from warroom.severity import Scale


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds: ``since`` the start, and what is left until an answer, the next update and the
    next escalation are due; negative is overdue, None does not apply. ``rung`` is the
    escalation's name."""

    since: float
    response: float | None = None
    update: float | None = None
    escalation: float | None = None
    rung: str = ""


def clocks(incident: Incident, procedures: Procedures, scale: Scale, now: datetime) -> Clocks:
    """All of them. Of a resolved incident, how long it lasted and nothing else."""
    if incident.resolved is not None:
        return Clocks(since=seconds(incident.started, incident.resolved))
    response = response_due(incident, procedures, scale)
    update = update_due(incident, procedures)
    due, rung = min(_rungs(incident, procedures, scale), default=(None, ""))
    return Clocks(
        since=seconds(incident.started, now),
        response=None if response is None else left(response, now),
        update=None if update is None else left(update, now),
        escalation=None if due is None else left(due, now),
        rung=rung,
    )


def response_due(incident: Incident, procedures: Procedures, scale: Scale) -> datetime | None:
    """Until when somebody must have answered; None once somebody has, or where no level asks."""
    at = scale.index(incident.level)
    span = scale.steps[at].response if at is not None else None
    reached = {procedures.acknowledged, lead_milestone(procedures)} & incident.milestones.keys()
    answered = reached or procedures.commander in incident.roles
    return None if span is None or answered else after(incident.declared, span)


def lead_milestone(procedures: Procedures) -> str:
    """The team's milestone that says that somebody leads; empty where it has none."""
    wanted = {f"{procedures.commander} assigned".casefold(), "commander assigned"}
    names = [step.name for step in procedures.milestones]
    return next((name for name in names if name.casefold() in wanted), "")


def update_due(incident: Incident, procedures: Procedures) -> datetime | None:
    """When people must be told again: as it was promised, or by the level's cadence."""
    given = incident.update
    if given is not None and given.next is not None:
        return given.next
    span = procedures.cadence.get(incident.level)
    if span is None:
        return None
    return after(given.at if given is not None else incident.declared, span)


def _rungs(
    incident: Incident, procedures: Procedures, scale: Scale
) -> Iterator[tuple[datetime, str]]:
    """When each rung that time brings fires, of those that nobody was told of."""
    for step in climb(incident, procedures, scale):
        if step.rung.after is not None and not is_told(step, incident):
            yield after(incident.started, step.rung.after), step.rung.name
