"""The milestones as a menu, one key each. Pure."""

from datetime import datetime

from textual.content import Content

from warroom.console.incident.rows import Row
from warroom.console.incident.times import ago, clock
from warroom.console.look import Look, fit
from warroom.incident.incident import Incident
from warroom.incident.procedures import Procedures
from warroom.text import safe

NAME = 22
"""Cells of a milestone's name."""


def milestone_rows(
    procedures: Procedures, incident: Incident, look: Look, now: datetime, again: str = ""
) -> list[Row]:
    """Each with its key, and when it was reached; ``again`` is the one asked about once more."""
    if not procedures.milestones:
        return [Row(Content.assemble(("The file names no milestones.", ".dim")))]
    rows = []
    for step in procedures.milestones:
        at = incident.milestones.get(step.name)
        done = "✔" if look.unicode else "x"
        sign, style = (done, ".ok") if at is not None else (" ", "")
        name = fit(look.plain(safe(step.name, 60)), NAME, end=look.end)
        key = look.plain(safe(step.key, 8))
        said, how = (f"{clock(at, now)}, {ago(at, now)}" if at is not None else ""), ".dim"
        if at is not None and again == step.name:
            said, how = f"{clock(at, now)}: {key} again says now", ".level-1"
        parts = ((f"{key}  ", ".accent"), (f"{sign} ", style), name, (said, how))
        rows.append(Row(Content.assemble(*parts), indent=5))
    return rows
