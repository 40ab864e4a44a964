"""What somebody says of an incident, completed and judged before it is written down. Pure.

Everything that the journal should not have to guess later is filled in here: the team's own
spelling of a name, what was there before, the numbers of new tasks, the phase that comes with a
status. What cannot be is refused in words, and nothing of it is lost: whoever typed it has it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from warroom.errors import IncidentError
from warroom.incident.bounds import within_bounds
from warroom.incident.entries import (
    Cause,
    Correction,
    Decision,
    Due,
    FollowUp,
    Impact,
    Mark,
    Milestone,
    Note,
    Phase,
    Reopened,
    Report,
    Role,
    Said,
    Seen,
    SetLink,
    Severity,
    StartList,
    Status,
    Task,
    Tick,
    Title,
    Update,
)
from warroom.incident.following import Followed, PlaybookStep
from warroom.incident.incident import Incident
from warroom.incident.procedures import Procedures
from warroom.incident.settle import following, parts, steps, work
from warroom.incident.settle.settling import Settled, Settling
from warroom.severity import Scale


def settled(
    incident: Incident | None,
    body: Said,
    procedures: Procedures,
    scale: Scale,
    *,
    happened: datetime,
    now: datetime,
) -> Settled:
    """The body as it is to be written. Raises ``IncidentError``.

    ``incident`` is None for what belongs to the room and no incident: its own checklists.
    """
    within_bounds(body)
    if incident is None:
        return work.of_the_room(body, procedures, now)
    kind = _KINDS.get(type(body))
    if kind is None:
        raise IncidentError("only the engine itself writes such an entry")
    return kind(Settling(incident, procedures, scale, happened, now), body)


_KINDS = cast(
    dict[type[Said], Callable[[Settling, Any], Settled]],
    {
        Note: parts.words,
        Decision: parts.words,
        Severity: steps.severity,
        Status: steps.status,
        Phase: steps.phase,
        Milestone: steps.milestone,
        Role: steps.role,
        Reopened: steps.reopened,
        Impact: parts.impact,
        Cause: parts.cause,
        Report: parts.report,
        Mark: parts.mark,
        Correction: parts.correction,
        SetLink: parts.link,
        Title: parts.title,
        Update: parts.update,
        Due: parts.due,
        Seen: parts.seen,
        Task: work.task,
        FollowUp: work.follow_up,
        Tick: work.tick,
        StartList: work.start_list,
        Followed: following.followed,
        PlaybookStep: following.stepped,
    },
)
"""How each kind of entry is settled."""
