"""Incidents and their entries as plain lines. Pure; all text of outside is made safe here."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from warroom.incident.dues import DueDate, overdue, undone
from warroom.incident.entries import Entry
from warroom.incident.gate import Condition
from warroom.incident.incident import Incident, Summary
from warroom.incident.procedures import Procedures
from warroom.incident.words import told
from warroom.severity import Scale
from warroom.text import safe, short_duration

_LATE = timedelta(minutes=1)
"""An entry that was written so much later than it happened says so."""
_TEXT = 16_200
_SHORT = 300
_MARGIN = " " * 6


def entry_lines(entry: Entry, incident: Incident | None, *, unicode: bool) -> list[str]:
    """One entry: its first line says when, which, what and who; the others are indented, so that
    no text can look like another entry."""
    read = told(entry, incident)
    key = incident is not None and entry.number in incident.keys
    sign = read.sign if unicode else read.ascii_sign
    mark = ("★" if unicode else "*") if key else " "
    lines = [safe(line, _TEXT) for line in read.text.split("\n")]
    late = entry.written - entry.happened
    if late >= _LATE and not read.automatic:
        lines[0] += f" (written {stamp(entry.written)})"
    who = safe(entry.actor.shown, 60)
    head = f"{stamp(entry.happened)} {entry.number:>4}{mark}{sign} {read.word:<9} {who}"
    return [f"{head}: {lines[0]}", *(f"{_MARGIN}{line}" for line in lines[1:])]


def stamp(at: datetime) -> str:
    """``2026-11-27 12:05:03Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"


def summary_line(one: Summary, now: datetime) -> str:
    """An incident in a line: id, level, state, since when and for how long, title."""
    lasts = short_duration(max(((one.resolved or now) - one.started).total_seconds(), 0))
    state = f"resolved after {lasts}" if one.resolved else f"OPEN for {lasts}"
    level, status = safe(one.level, 40) or "no level", safe(one.status, 40)
    return (
        f"{safe(one.id, 60)}  {level}  {state}  {status}  {stamp(one.started)}  {_short(one.title)}"
    )


def due_lines(dues: Iterable[DueDate], now: datetime) -> list[str]:
    """What is still due after an incident; what is overdue says by how much."""
    return [f"{_MARGIN}due  {_due_line(due, now)}" for due in dues]


def _due_line(due: DueDate, now: datetime) -> str:
    late = overdue(due, now)
    how = f"OVERDUE by {short_duration(late)}" if late >= 0 else f"in {short_duration(-late)}"
    return f"{stamp(due.at)}  {safe(due.name, 60)}  {how}"


def incident_lines(
    incident: Incident, now: datetime, procedures: Procedures | None = None
) -> list[str]:
    """All that is known of an incident, a line for each; what nobody said is left out. What is
    still due after it, the team's ``procedures`` say."""
    lines = [f"{safe(incident.id, 60)}  {_short(incident.title)}"]
    for part in (_state, _people, _harm, _course, _work, _end):
        lines += [f"{name:<13}{text}" for name, text in part(incident, now) if text]
        if part is _work and procedures is not None:
            dues = undone(incident, procedures)
            lines += [f"{'due':<13}{_due_line(due, now)}" for due in dues]
    return [*lines, f"{'entries':<13}{incident.number}: warroom log {safe(incident.id, 60)}"]


_Lines = Iterator[tuple[str, str]]


def _state(incident: Incident, now: datetime) -> _Lines:
    lasts = short_duration(max(((incident.resolved or now) - incident.started).total_seconds(), 0))
    yield "level", _short(incident.level) or "none yet"
    yield "status", _short(incident.status)
    yield "phase", _short(incident.phase)
    yield "started", f"{stamp(incident.started)}, {lasts}{'' if incident.open else ' in all'}"
    yield "declared", f"{stamp(incident.declared)} by {safe(incident.by.shown, 60)}"
    yield "channel", _short(incident.channel)
    for link in incident.links:
        yield "link", f"{safe(link.name, 40)}: {safe(link.address)}"


def _people(incident: Incident, _now: datetime) -> _Lines:
    for role, held in incident.roles.items():
        yield "role", f"{safe(role, 40)}: {_short(held.person)} since {stamp(held.since)}"
    for reminder in incident.reminders.values():
        if not reminder.seen and incident.open:
            yield "reminder", _short(reminder.text)


def _harm(incident: Incident, _now: datetime) -> _Lines:
    impact, cause = incident.impact, incident.cause
    yield "impact", _short(impact.text)
    for name in ("services", "features", "regions"):
        yield name, ", ".join(safe(one, 60) for one in getattr(impact, name))
    yield "users", "" if impact.users is None else f"{impact.users:,}"
    yield "share", "" if impact.share is None else f"{impact.share:g} % of users"
    yield "money", _short(impact.money)
    yield "data lost", _yes(impact.data_loss)
    yield "data exposed", _yes(impact.exposed)
    yield "legal matter", _yes(impact.legal)
    yield "reports", str(incident.reports or "")
    yield "cause", _short(cause.text)
    yield "trigger", _short(cause.trigger)
    yield "safeguards", _short(cause.safeguards)
    yield "blast radius", _short(cause.blast_radius)


def _course(incident: Incident, _now: datetime) -> _Lines:
    for name, at in incident.milestones.items():
        yield "milestone", f"{stamp(at)} {safe(name, 60)}"
    if incident.update is not None:
        promised = incident.update.next
        yield "updated", stamp(incident.update.at)
        yield "next update", stamp(promised) if promised and incident.open else ""


def _work(incident: Incident, _now: datetime) -> _Lines:
    for task in incident.tasks:
        until = f", until {stamp(task.due)}" if task.due and task.state == "open" else ""
        yield f"task {task.task}", f"{_short(task.who)}: {_short(task.text)} ({task.state}{until})"
    for item in incident.follow_ups:
        parts = (item.state, item.owner, item.sort, item.ticket, f"{item.due or ''}")
        known = ", ".join(safe(part, 80) for part in parts if part)
        yield f"follow-up {item.item}", f"{_short(item.text)} ({known})"
    for name, ticks in incident.ticks.items():
        done = sum(tick.state == "done" for tick in ticks.values())
        yield "checklist", f"{safe(name, 60)}: {done} done" if done else ""


def _end(incident: Incident, _now: datetime) -> _Lines:
    if incident.resolution is None or incident.resolved is None:
        return
    yield "resolved", stamp(incident.resolved)
    yield "how", _short(incident.resolution.how)
    yield "resolution", _short(incident.resolution.text)
    for unmet in incident.resolution.unmet:
        yield "not met", _short(unmet)
    yield "overridden", _short(incident.resolution.override)
    for name, due in incident.dues.items():
        why = f": {_short(due.text)}" if due.text else ""
        yield "after", f"{safe(name, 60)}: {due.state} by {safe(due.by, 60)}{why}"
    for file in incident.evidence:
        yield "evidence", f"{safe(file.name, 80)}, {file.size:,} bytes"


def declared_lines(incident: Incident, scale: Scale) -> list[str]:
    """What whoever declared it needs next: id, channel, links, and what to do at once."""
    lines = [safe(incident.id, 60), _short(incident.channel)]
    lines += [f"{safe(link.name, 40)}: {safe(link.address)}" for link in incident.links]
    at = scale.index(incident.level)
    if at is None:
        return [*filter(None, lines), f"no level yet; one of: {safe(', '.join(scale.names))}"]
    step = scale.steps[at]
    lines.append(f"{safe(step.name)}: {_short(step.meaning)}" if step.meaning else safe(step.name))
    if step.response is not None:
        lines.append(f"answer within {short_duration(step.response)}")
    lines += [f"tell: {', '.join(safe(one, 80) for one in step.told)}"] if step.told else []
    lines += [f"at once: {_short(one)}" for one in step.first]
    return [line for line in lines if line]


def condition_lines(conditions: Iterable[Condition]) -> list[str]:
    """Every condition of the gate, met or not."""
    return [
        f"{'met    ' if one.met else 'NOT MET'}  {_short(one.name)}"
        + (f": {safe(one.words, 1_000)}" if one.words else "")
        for one in conditions
    ]


def _short(text: str, limit: int = _SHORT) -> str:
    return safe(text, limit)


def _yes(known: bool | None) -> str:
    return "" if known is None else "yes" if known else "no"
