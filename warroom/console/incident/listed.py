"""All incidents in a list: the open ones first, then the others, newest first. Pure."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from textual.content import Content

from warroom.console.incident.rows import Row, gap, heading, without_ends
from warroom.console.incident.times import span
from warroom.console.look import Look, fit, style_of
from warroom.incident.incident import Summary
from warroom.severity import Scale
from warroom.text import safe

WIDE = 90
"""Columns from which an incident has one line."""
BELOW = 18
"""Cells before the second line of a narrow screen's two."""


class Found(msgspec.Struct, frozen=True):
    """What the list is drawn from. ``shown`` is the id of the one on the screen; ``said`` what
    there is to say of the list itself: that it is being asked for, or cannot be had; ``declare``
    is the key that declares."""

    summaries: Sequence[Summary]
    scale: Scale
    now: datetime
    look: Look
    shown: str = ""
    said: str = ""
    declare: str = "d"


def listed_rows(found: Found, width: int) -> list[Row]:
    """Open ones by how bad they are, then the others."""
    newest = sorted(found.summaries, key=lambda one: one.declared, reverse=True)
    running = [one for one in newest if one.resolved is None]
    over = [one for one in newest if one.resolved is not None]
    running.sort(key=lambda one: found.scale.rank(one.level), reverse=True)
    rows: list[Row] = []
    for title, these in (("Open", running), ("Over", over)):
        if these:
            rows += [
                heading(title),
                *(row for one in these for row in _rows(found, one, width)),
                gap(),
            ]
    if not found.summaries and not found.said:
        words = f"There has been no incident in this room yet: {found.declare} declares one."
        rows.append(Row(Content.assemble((words, ".dim"))))
    if found.said:
        rows.append(Row(Content.assemble((found.look.plain(safe(found.said)), ".dim"))))
    return without_ends(rows)


def _rows(found: Found, one: Summary, width: int) -> list[Row]:
    """One line, or two where the screen is narrow: the title has its room."""
    look, scale = found.look, found.scale
    level = one.level or "no level"
    style = style_of(one.level, scale) if one.level else ".dim"
    sign = look.sign(one.level, scale) if one.level else " "
    narrow = width < WIDE
    lasted = span(max(((one.resolved or found.now) - one.started).total_seconds(), 0.0))
    day = "" if one.started.date() == found.now.date() else f"{one.started:%m-%d} "
    when = f"{day}{one.started:%H:%M}Z, {lasted}"
    status = "" if one.resolved is not None else f"{look.plain(safe(one.status, 16))}  "
    here = "  shown now" if one.id == found.shown else ""
    lead = Content.assemble(
        (fit(look.plain(safe(one.id, 24)), 17, end=look.end), ".strong"),
        (f" {sign} {fit(look.plain(safe(level, 12)), 8, end=look.end)} ", style),
    )
    tail = Content.assemble((f"  {status}{when}", ".dim"), (here, ".accent"))
    room = width - lead.cell_length - (0 if narrow else tail.cell_length)
    title = fit(look.plain(safe(one.title, 200)), max(room, 1), end=look.end)
    if not narrow:
        return [Row(Content.assemble(lead, title, tail), one.id)]
    below = Content.assemble(" " * BELOW, tail)
    return [
        Row(Content.assemble(lead, title.rstrip()), one.id),
        Row(below.truncate(width, ellipsis=look.unicode)),
    ]
