"""What people are reminded of, each once: what time, conditions and people's silence bring. Pure.

The key of a reminder says what it is about, so finely that a new cause gets a new one: another
level, another promised time, another task.
"""

import shlex
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from warroom.incident.assessment import proposed, written_span
from warroom.incident.clocks import response_due, update_due
from warroom.incident.dues import asked, overdue
from warroom.incident.entries import Nag
from warroom.incident.incident import Incident, Reminder
from warroom.incident.ladder import climb, reaching
from warroom.incident.procedures import Procedures
from warroom.incident.spans import at_words, seconds, stamp
from warroom.severity import Scale


class _Held(msgspec.Struct, frozen=True):
    """A reminder whose condition holds now. One of ``others`` in its place is as good."""

    nag: Nag
    others: tuple[str, ...] = ()


class _Case(msgspec.Struct, frozen=True):
    """What every kind of reminder looks at."""

    incident: Incident
    procedures: Procedures
    scale: Scale
    now: datetime


def due(incident: Incident, procedures: Procedures, scale: Scale, now: datetime) -> tuple[Nag, ...]:
    """The reminders that have come due and were not given yet."""
    known = incident.reminders
    return tuple(
        held.nag
        for held in _all(_Case(incident, procedures, scale, now))
        if not any(key in known for key in (held.nag.key, *held.others))
    )


def standing(
    incident: Incident, procedures: Procedures, scale: Scale, now: datetime
) -> tuple[Reminder, ...]:
    """The reminders that were given, still hold and nobody has seen; as they came, oldest first."""
    holding = {
        key
        for held in _all(_Case(incident, procedures, scale, now))
        for key in (held.nag.key, *held.others)
    }
    return tuple(
        reminder
        for key, reminder in incident.reminders.items()
        if key in holding and not reminder.seen
    )


def _all(case: _Case) -> Iterator[_Held]:
    """All that hold now, given or not. An incident that is over reminds of what is due."""
    for kind in _KINDS if case.incident.resolved is None else (_dues,):
        yield from kind(case)


def _no_commander(case: _Case) -> Iterator[_Held]:
    role = case.procedures.commander
    if role and role not in case.incident.roles and _grace_is_over(case):
        yield _Held(Nag(key="commander", text=f"nobody is {role}: /role {role} me"))


def _no_severity(case: _Case) -> Iterator[_Held]:
    if not case.incident.level and _grace_is_over(case):
        yield _Held(Nag(key="severity", text="it has no level yet: /sev LEVEL"))


def _grace_is_over(case: _Case) -> bool:
    return seconds(case.incident.declared, case.now) >= case.procedures.grace


def _response(case: _Case) -> Iterator[_Held]:
    level = case.incident.level
    until = response_due(case.incident, case.procedures, case.scale)
    if until is not None and until <= case.now:
        step = case.scale.steps[case.scale.index(level) or 0]
        span = written_span(step.response or 0.0)
        text = f"{level} wants an answer within {span}; nobody has answered"
        yield _Held(Nag(key=f"response:{level}", text=text, who=_who(case, step.told)))


def _update(case: _Case) -> Iterator[_Held]:
    until = update_due(case.incident, case.procedures)
    if until is not None and until <= case.now:
        text = f"the update of {at_words(until, case.now)} is overdue: /update TEXT"
        yield _Held(Nag(key=f"update:{stamp(until)}", text=text))


def _escalation(case: _Case) -> Iterator[_Held]:
    lasted = seconds(case.incident.started, case.now)
    for step in climb(case.incident, case.procedures, case.scale):
        rung = step.rung
        if rung.after is not None and lasted < rung.after:
            continue
        why: list[str] = [rung.when] if rung.when else []
        if rung.after:
            why.append(f"after {written_span(rung.after)}")
        if rung.levels:
            why.append(f"at {case.incident.level}")
        named = [] if rung.name in rung.tell else [rung.name]
        text = f"escalate to {', '.join(rung.tell)} ({', '.join([*named, *why])})"
        yield _Held(Nag(key=step.key, text=text, who=_who(case, rung.tell)), step.worse)


def _who(case: _Case, names: tuple[str, ...]) -> tuple[str, ...]:
    """Whom these names and roles mean, and how to reach them."""
    found = (reaching(name, case.incident, case.procedures) for name in names)
    return tuple(line for lines in found for line in lines)


def _matrix(case: _Case) -> Iterator[_Held]:
    """What it said when the level was chosen, people knew; not what time made of it since."""
    incident, scale = case.incident, case.scale
    has = scale.index(incident.level)
    if incident.assessment is None or has is None:
        return
    lasted = seconds(incident.started, case.now)
    level, why = proposed(case.procedures.matrix, incident.assessment, lasted)
    worse = scale.index(level)
    chosen = incident.levels[-1].at if incident.levels else incident.declared
    known, _ = proposed(
        case.procedures.matrix, incident.assessment, seconds(incident.started, chosen)
    )
    if worse is not None and worse < has and level != known:
        text = f"the matrix now says {level} ({why}), the incident is {incident.level}"
        who = _who(case, scale.steps[worse].told)
        yield _Held(Nag(key=f"matrix:{level}", text=f"{text}: /sev {level} WHY", who=who))


def _tasks(case: _Case) -> Iterator[_Held]:
    for task in case.incident.tasks:
        if task.state == "open" and task.due is not None and task.due <= case.now:
            number = task.task
            text = f"time is up for task {number}, {task.who}: {task.text}"
            text += f" (/done {number}, /more {number} 5m or /drop {number})"
            known = (task.who,) if case.procedures.reach(task.who) else ()
            key = f"task:{number}:{stamp(task.due)}"
            yield _Held(Nag(key=key, text=text, who=_who(case, known)))


def _watches(case: _Case) -> Iterator[_Held]:
    for checklist, ticks in case.incident.ticks.items():
        for item, tick in ticks.items():
            if tick.state == "watch" and tick.until is not None and tick.until <= case.now:
                key = f"watch:{checklist}:{item}:{stamp(tick.until)}"
                text = f"the watch is over, {checklist}: {item}; tick it if all was well"
                yield _Held(Nag(key=key, text=text))


def _dues(case: _Case) -> Iterator[_Held]:
    """What should be done by now, and nobody has said that it is; not of what is long over."""
    incident = case.incident
    lead = incident.roles.get(case.procedures.commander)
    for due in asked(incident, case.procedures, case.now):
        if overdue(due, case.now) >= 0:
            text = f"{incident.id}: {due.name} was due {at_words(due.at, case.now)}"
            text += f": warroom done {shlex.join((incident.id, due.name))}"
            who = (f"{case.procedures.commander}: {lead.person}",) if lead is not None else ()
            key = f"due:{due.name}:{stamp(due.at)}"
            yield _Held(Nag(key=key, text=text, who=who))


def _both(case: _Case) -> Iterator[_Held]:
    """Who leads must not fix as well: one of the two is not done."""
    leads = case.incident.roles.get(case.procedures.commander)
    for role in case.procedures.fixers if leads is not None else ():
        held = case.incident.roles.get(role)
        if leads is None or held is None or role == case.procedures.commander:
            continue
        if held.person.casefold() == leads.person.casefold():
            text = f"{leads.person} is {case.procedures.commander} and {role}: hand one over"
            yield _Held(Nag(key=f"both:{leads.person.casefold()}:{role}", text=text))


_KINDS: tuple[Callable[[_Case], Iterator[_Held]], ...] = (
    _no_commander,
    _no_severity,
    _response,
    _escalation,
    _matrix,
    _update,
    _tasks,
    _watches,
    _both,
)
