"""What was found and done in an incident since a message of it. Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from warroom.incident.entries import (
    Cause,
    Decision,
    Entry,
    FollowUp,
    Impact,
    Milestone,
    Note,
    Observed,
    Report,
    Resolved,
    Status,
    Task,
)
from warroom.incident.fold import fold
from warroom.incident.incident import Incident
from warroom.severity import MAINTENANCE, OK
from warroom.text import safe

_FIGURE = re.compile(r" \([\w.-]+\)$")
MOST = 4
"""Of each, so many are told: the newest."""


class Told(NamedTuple):
    """What was found and what was done, oldest first; ``last_done`` is the newest of the latter,
    empty where there is none."""

    found: tuple[str, ...]
    done: tuple[str, ...]
    last_done: str


def told_since(
    entries: tuple[Entry, ...], incident: Incident, number: int, steps: frozenset[str]
) -> Told:
    """Of the entries after that number, as they now read: what was withdrawn is not told. Of the
    milestones, ``steps`` are something done."""
    found: dict[str, None] = {}
    done: dict[str, None] = {}
    for entry in entries:
        if entry.number <= number:
            continue
        for into, text in _read(entry, incident, steps):
            words = safe(" ".join(text.split()), 300)
            if words:
                (found if into == "found" else done)[words] = None
    newest = tuple(done)
    return Told(tuple(found)[-MOST:], newest[-MOST:], newest[-1] if newest else "")


def as_it_reads(entries: tuple[Entry, ...], incident: Incident) -> Incident:
    """The incident by its entries as they now read. What somebody has taken back, a cause say, is
    told nobody, though it still is what the incident was folded from."""
    if not incident.corrections:
        return incident
    whole = fold(_corrected(entries, incident))
    if whole is None:
        return incident
    return replace(
        incident,
        impact=whole.impact,
        cause=whole.cause,
        reports=whole.reports,
        tasks=whole.tasks,
        follow_ups=whole.follow_ups,
        resolution=incident.resolution and whole.resolution,
    )


def _corrected(entries: tuple[Entry, ...], incident: Incident) -> Iterator[Entry]:
    for entry in entries:
        fixed = incident.corrections.get(entry.number)
        body = entry.body
        if fixed is None or fixed.text is None:
            yield entry
        elif fixed.text and isinstance(body, Cause | Task | FollowUp | Resolved):
            yield replace(entry, body=replace(body, text=fixed.text))
        elif fixed.text or not isinstance(body, Cause | Impact | Report | Task | FollowUp):
            yield entry  # of an impact, other words do not tell which figures are other ones


def _outside(text: str) -> str:
    """A trouble for readers who do not watch: without how it was noticed, and the figure's name."""
    return _FIGURE.sub("", text.removeprefix("first bad poll: "))


def _read(entry: Entry, incident: Incident, steps: frozenset[str]) -> Iterator[tuple[str, str]]:
    fixed = incident.corrections.get(entry.number)
    if fixed is not None and fixed.text == "":
        return
    said = fixed.text if fixed is not None else None
    match entry.body:
        case Cause() as body:
            yield "found", said or body.text or ""
        case Note(text=text) if entry.number in incident.keys:
            yield "found", said or text
        case Observed(what="change", text=text):
            yield "found", said or text
        case Observed(what="onset", text=text, level=level) if level not in ("", OK, MAINTENANCE):
            yield "found", said or _outside(text)
        case Decision(text=text):
            yield "done", said or text
        case Milestone(name=name, text=text) if name in steps:
            yield "done", said or (f"{name}: {text}" if text else name)
        case Status(status=status, text=text) if text:
            yield "done", said or f"{status}: {text}"
        case Task(state="done", text=text):
            yield "done", said or text
        case _:
            return
