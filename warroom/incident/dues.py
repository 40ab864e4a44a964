"""What is due after an incident, and when. Pure."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.incident.incident import DueSeen, Incident, Summary, summary
from warroom.incident.procedures import DueStep, Procedures
from warroom.incident.spans import after, left

REMINDED = 14 * 86_400.0
"""Seconds for which people are reminded of what was due last; warroom incidents lists it longer."""


class DueDate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that must be done until ``at``; ``by`` is who has done or dropped it."""

    name: str
    at: datetime
    state: Literal["open", "done", "dropped"] = "open"
    by: str = ""
    text: str = ""


def due_dates(incident: Incident | Summary, procedures: Procedures) -> tuple[DueDate, ...]:
    """All of them, the soonest first; none while it is open. By every level that it had: what was
    bad is not less so for having been calmed before its end."""
    line = summary(incident) if isinstance(incident, Incident) else incident
    end = line.resolved
    if end is None:
        return ()
    had = set(line.levels)
    wanted = (due for due in procedures.dues if not due.levels or had & set(due.levels))
    found = (_date(due, line.dues.get(due.name), end) for due in wanted)
    return tuple(sorted(found, key=lambda due: due.at))


def _date(due: DueStep, seen: DueSeen | None, end: datetime) -> DueDate:
    at = after(end, due.within)
    if seen is None:
        return DueDate(name=due.name, at=at)
    return DueDate(name=due.name, at=at, state=seen.state, by=seen.by, text=seen.text)


def undone(incident: Incident | Summary, procedures: Procedures) -> tuple[DueDate, ...]:
    """Those that nobody has done or dropped."""
    return tuple(due for due in due_dates(incident, procedures) if due.state == "open")


def asked(incident: Incident, procedures: Procedures, now: datetime) -> tuple[DueDate, ...]:
    """Those that nobody has done or dropped, for as long as people are reminded of them."""
    left = undone(incident, procedures)
    return left if left and overdue(left[-1], now) < REMINDED else ()


def latest(procedures: Procedures) -> float:
    """Seconds after its end from which on no incident asks for anything any more."""
    return max((due.within for due in procedures.dues), default=0.0) + REMINDED


def overdue(due: DueDate, now: datetime) -> float:
    """Seconds since it was due; negative before."""
    return -left(due.at, now)
