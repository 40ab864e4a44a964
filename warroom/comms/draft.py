"""The next message, drafted from how an incident stands."""

from warroom.comms.context import Case, context, next_update
from warroom.comms.render import Templates
from warroom.incident.bounds import LONGEST_NAME
from warroom.incident.drafted import BRIEF, Drafted
from warroom.incident.outward import Purpose
from warroom.incident.routing import routed
from warroom.text import safe

LINES = 2
"""Of a brief."""


def draft(case: Case, purpose: Purpose, templates: Templates) -> Drafted:
    """The message of that purpose. Blocks (a team's templates are files)."""
    promised = next_update(case) if purpose in ("first", "update", "status", "customers") else None
    incident = case.incident
    names = (f"{purpose}.{incident.status}", f"{purpose}.{incident.level}", purpose)
    made = templates.render(names, context(case, promised))
    receivers = (r.name for r in case.procedures.receivers if routed(r, purpose, incident))
    return Drafted(
        purpose=purpose,
        text=made.text,
        subject=safe(made.subject, LONGEST_NAME) or _subject(case, purpose),
        next=promised,
        template=made.template,
        problem=made.problem,
        receivers=tuple(receivers),
    )


def brief(case: Case, templates: Templates) -> Drafted:
    """What is read to somebody who joins late: never more than two lines. Blocks."""
    made = templates.render((BRIEF,), context(case, None))
    lines = [line for line in made.text.split("\n") if line.strip()]
    return Drafted(
        purpose="brief",
        text="\n".join(lines[:LINES]),
        template=made.template,
        problem=made.problem,
    )


def _subject(case: Case, purpose: Purpose) -> str:
    """What a mail of it is called, where its template does not say."""
    words = {
        "first": case.incident.level or "Incident",
        "update": f"Update, {case.incident.status or 'no status'}",
        "resolution": "Resolved",
        "acknowledge": "Acknowledged",
        "status": "Status",
        "customers": f"{case.now:%Y-%m-%d}",
    }[purpose]
    inside = "" if purpose in ("customers", "status") else f" ({case.incident.id})"
    return safe(" ".join(f"{words}: {case.incident.title}{inside}".split()), LONGEST_NAME)
