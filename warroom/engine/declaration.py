"""An incident's first entries. Pure."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from warroom.engine.book import provisional
from warroom.errors import IncidentError
from warroom.incident.actor import Actor
from warroom.incident.assessment import proposed
from warroom.incident.entries import Body, Declared, Draft, Role
from warroom.incident.fold import fold
from warroom.incident.naming import channel, incident_id, links
from warroom.incident.procedures import Procedures
from warroom.incident.settle import settled
from warroom.severity import Level, Scale
from warroom.text import safe
from warroom.wire import Declare

AHEAD = timedelta(seconds=5)
"""How far in the future something may have happened: clocks differ a little."""
LONGEST_TITLE = 200


def declaration(
    request: Declare,
    actor: Actor,
    now: datetime,
    *,
    taken: Collection[str],
    board: Level,
    procedures: Procedures,
    scale: Scale,
    before: Callable[[str], Iterable[Draft]],
) -> tuple[str, list[Draft]]:
    """The new incident's id and what it begins with: that it is declared, what the watch saw in
    the half hour ``before``, and who takes a role at once.

    ``taken`` are the ids there are. Raises ``IncidentError``.
    """
    title = _title(request.title)
    started = happened_at(request.started, now)
    name = incident_id(procedures, now, taken, title)
    status = next((step for step in procedures.statuses if not step.final), None)
    body = Declared(
        title=title,
        started=started,
        level=_level(request, procedures, scale, now - started),
        status=status.name if status else "",
        phase=procedures.phases[0].name if procedures.phases else "",
        channel=channel(procedures, name, now, title),
        links=links(procedures, name, now, title),
        assessment=request.assessment,
        board=board,
    )
    first = Draft(incident=name, happened=now, actor=actor, body=body, once=request.once)
    drafts = [first, *before(name)]
    for role, person in request.roles.items():
        incident = fold(provisional(draft, at) for at, draft in enumerate(drafts, 1))
        done = settled(
            incident, Role(role=role, person=person), procedures, scale, happened=now, now=now
        )
        drafts += [
            Draft(incident=name, happened=now, actor=actor, body=said)
            for said in (done.body, *done.also)
        ]
    return name, drafts


def together(
    incident: str, happened: datetime, actor: Actor, once: str, bodies: Iterable[Body]
) -> list[Draft]:
    """Entries that one request makes: the second and later ones are named after the first."""
    return [
        Draft(
            incident=incident,
            happened=happened,
            actor=actor,
            body=body,
            once=f"{once}.{at}" if at and once else once,
        )
        for at, body in enumerate(bodies)
    ]


def happened_at(said: datetime | None, now: datetime) -> datetime:
    """When something happened, as it was said: not in the future. Raises ``IncidentError``."""
    if said is None:
        return now
    if said.tzinfo is None:
        raise IncidentError("a time needs its zone", "write it with Z or an offset")
    if said > now + AHEAD:
        words = f"{said:%Y-%m-%d %H:%M:%S%z} is in the future"
        raise IncidentError(words, "say when it happened, not when it will")
    return min(said, now)


def _title(said: str) -> str:
    title = " ".join(said.split())
    if not title:
        raise IncidentError("an incident needs a title", "say in a few words what is broken")
    if len(title) > LONGEST_TITLE:
        raise IncidentError(f"a title has {LONGEST_TITLE} characters at most")
    return title


def _level(request: Declare, procedures: Procedures, scale: Scale, down: timedelta) -> Level:
    """The level that was given; failing that, what the assessment comes to."""
    level, assessment = request.level, request.assessment
    if level and scale.index(level) is None:
        names = ", ".join(scale.names)
        raise IncidentError(f"{safe(level, 40)} is no level here", f"one of: {names}")
    if level or assessment is None:
        return level
    return proposed(procedures.matrix, assessment, down.total_seconds())[0]
