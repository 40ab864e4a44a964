"""Entries folded into the incident they tell. Pure: the same entries, the same incident."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from msgspec.structs import asdict, replace

from warroom.incident import fold_acting, fold_following
from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict
from warroom.incident.actor import WARROOM
from warroom.incident.entries import (
    Body,
    Cause,
    Correction,
    Declared,
    Due,
    Entry,
    FollowUp,
    Impact,
    Mark,
    Milestone,
    Nag,
    Observed,
    Phase,
    Reopened,
    Report,
    Resolved,
    Role,
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
from warroom.incident.entries import Link as _Link
from warroom.incident.fold_outward import delivery, evidence, message
from warroom.incident.following import Checked, Followed, PlaybookStep
from warroom.incident.incident import (
    Corrected,
    DueSeen,
    FollowUpSeen,
    Held,
    Incident,
    LevelStep,
    Lists,
    Promise,
    Reminder,
    TaskSeen,
    Ticked,
)
from warroom.incident.outward import Delivery, Evidence, Message
from warroom.severity import MAINTENANCE, OK

_T = TypeVar("_T")
MOST_SOURCES = 60
"""Of the sources that were not well so many are kept."""


def fold(entries: Iterable[Entry]) -> Incident | None:
    """The incident these entries of it tell, in their order; None before it is declared."""
    incident: Incident | None = None
    for entry in entries:
        incident = applied(incident, entry)
    return incident


def applied(incident: Incident | None, entry: Entry) -> Incident | None:
    """The incident after one more entry. What comes before its declaration counts for nothing."""
    body = entry.body
    if isinstance(body, Declared):
        return _declared(entry, body) if incident is None else incident
    if incident is None:
        return None
    change = _CHANGES.get(type(body))
    if change is not None:
        incident = change(incident, entry, body)
    people = incident.people
    if (
        entry.actor != WARROOM
        and not isinstance(body, Observed)
        and entry.actor.person not in people
    ):
        people = (*people, entry.actor.person)
    return replace(incident, people=people, number=entry.number, last=entry.seq)


def fold_lists(lists: Lists, entry: Entry) -> Lists:
    """The room's own checklists after one more entry of the room."""
    body = entry.body
    if isinstance(body, StartList):
        return replace(
            lists,
            begun={**lists.begun, body.checklist: entry.happened},
            ticks={**lists.ticks, body.checklist: {}},
            last=entry.seq,
        )
    if isinstance(body, Tick):
        return replace(lists, ticks=_ticked(lists.ticks, entry, body), last=entry.seq)
    return replace(lists, last=entry.seq)


def _declared(entry: Entry, body: Declared) -> Incident:
    return Incident(
        id=entry.incident,
        title=body.title,
        declared=entry.happened,
        started=body.started,
        by=entry.actor,
        level=body.level,
        levels=(LevelStep(at=entry.happened, level=body.level),) if body.level else (),
        status=body.status,
        phase=body.phase,
        channel=body.channel,
        links=body.links,
        assessment=body.assessment,
        people=(entry.actor.person,),
        number=entry.number,
        last=entry.seq,
    )


def _severity(incident: Incident, entry: Entry, body: Severity) -> Incident:
    return replace(
        incident,
        level=body.level,
        levels=(*incident.levels, LevelStep(at=entry.happened, level=body.level)),
        assessment=body.assessment or incident.assessment,
    )


def _status(incident: Incident, entry: Entry, body: Status) -> Incident:
    return replace(incident, status=body.status)


def _phase(incident: Incident, entry: Entry, body: Phase) -> Incident:
    return replace(incident, phase=body.phase)


def _milestone(incident: Incident, entry: Entry, body: Milestone) -> Incident:
    return replace(incident, milestones={**incident.milestones, body.name: entry.happened})


def _role(incident: Incident, entry: Entry, body: Role) -> Incident:
    roles = {name: held for name, held in incident.roles.items() if name != body.role}
    if body.person:
        roles[body.role] = Held(person=body.person, since=entry.happened, brief=body.brief)
    return replace(incident, roles=roles)


def _impact(incident: Incident, entry: Entry, body: Impact) -> Incident:
    return replace(incident, impact=_over(incident.impact, body))


def _cause(incident: Incident, entry: Entry, body: Cause) -> Incident:
    return replace(incident, cause=_over(incident.cause, body))


def _report(incident: Incident, entry: Entry, body: Report) -> Incident:
    return replace(incident, reports=incident.reports + body.count)


def _task(incident: Incident, entry: Entry, body: Task) -> Incident:
    before = next((task for task in incident.tasks if task.task == body.task), None)
    task = TaskSeen(
        task=body.task,
        who=body.who,
        text=body.text,
        given=before.given if before else entry.happened,
        due=body.due,
        state=body.state,
        by=entry.actor.person,
    )
    return replace(incident, tasks=_put(incident.tasks, before, task))


def _follow_up(incident: Incident, entry: Entry, body: FollowUp) -> Incident:
    before = next((item for item in incident.follow_ups if item.item == body.item), None)
    item = FollowUpSeen(**asdict(body))
    return replace(incident, follow_ups=_put(incident.follow_ups, before, item))


def _mark(incident: Incident, entry: Entry, body: Mark) -> Incident:
    keys = {number for number in incident.keys if number != body.entry}
    if body.key:
        keys.add(body.entry)
    return replace(incident, keys=tuple(sorted(keys)))


def _correction(incident: Incident, entry: Entry, body: Correction) -> Incident:
    before = incident.corrections.get(body.entry)
    text, at = (before.text, before.at) if before is not None else (None, None)
    corrected = Corrected(
        by=entry.actor,
        when=entry.written,
        entry=entry.number,
        text=body.text if body.text is not None else text,
        at=body.at if body.at is not None else at,
    )
    return replace(incident, corrections={**incident.corrections, body.entry: corrected})


def _tick(incident: Incident, entry: Entry, body: Tick) -> Incident:
    return replace(incident, ticks=_ticked(incident.ticks, entry, body))


def _start_list(incident: Incident, entry: Entry, body: StartList) -> Incident:
    return replace(incident, ticks={**incident.ticks, body.checklist: {}})


def _link(incident: Incident, entry: Entry, body: SetLink) -> Incident:
    links = [link for link in incident.links if link.name != body.name]
    if body.address:
        links.append(_Link(body.name, body.address))
    return replace(incident, links=tuple(links))


def _title(incident: Incident, entry: Entry, body: Title) -> Incident:
    return replace(incident, title=body.title)


def _update(incident: Incident, entry: Entry, body: Update) -> Incident:
    """One told of later, with an earlier time, does not undo the newest."""
    if incident.update is not None and incident.update.at > entry.happened:
        return incident
    return replace(incident, update=Promise(at=entry.happened, next=body.next))


def _due(incident: Incident, entry: Entry, body: Due) -> Incident:
    seen = DueSeen(state=body.state, by=entry.actor.person, at=entry.happened, text=body.text)
    return replace(incident, dues={**incident.dues, body.name: seen})


def _observed(incident: Incident, entry: Entry, body: Observed) -> Incident:
    """Which sources were not well, and which playbooks fitted."""
    if body.what == "proposed" and body.playbook not in incident.proposed:
        return replace(incident, proposed=(*incident.proposed, body.playbook))
    known = incident.sources
    ill = body.what in ("level", "onset") and body.level not in ("", OK, MAINTENANCE)
    if not ill or not body.source or body.source in known or len(known) >= MOST_SOURCES:
        return incident
    return replace(incident, sources=(*known, body.source))


def _nag(incident: Incident, entry: Entry, body: Nag) -> Incident:
    reminder = Reminder(key=body.key, text=body.text, at=entry.happened, who=body.who)
    return replace(incident, reminders={**incident.reminders, body.key: reminder})


def _seen(incident: Incident, entry: Entry, body: Seen) -> Incident:
    known = incident.reminders.get(body.nag)
    if known is None:
        return incident
    seen = replace(known, seen=entry.actor.person)
    return replace(incident, reminders={**incident.reminders, body.nag: seen})


def _resolved(incident: Incident, entry: Entry, body: Resolved) -> Incident:
    return replace(incident, resolved=entry.happened, resolution=body, status=body.status)


def _reopened(incident: Incident, entry: Entry, body: Reopened) -> Incident:
    return replace(incident, resolved=None, resolution=None, status=body.status or incident.status)


_CHANGES = cast(
    dict[type[Body], Callable[[Incident, Entry, Any], Incident]],
    {
        Severity: _severity,
        Status: _status,
        Phase: _phase,
        Milestone: _milestone,
        Role: _role,
        Impact: _impact,
        Cause: _cause,
        Report: _report,
        Task: _task,
        FollowUp: _follow_up,
        Mark: _mark,
        Correction: _correction,
        Tick: _tick,
        StartList: _start_list,
        SetLink: _link,
        Title: _title,
        Update: _update,
        Due: _due,
        Observed: _observed,
        Message: message,
        Delivery: delivery,
        Evidence: evidence,
        ActionStarted: fold_acting.started,
        ActionFinished: fold_acting.finished,
        ActionVerdict: fold_acting.judged,
        Followed: fold_following.followed,
        PlaybookStep: fold_following.stepped,
        Checked: fold_following.checked,
        Nag: _nag,
        Seen: _seen,
        Resolved: _resolved,
        Reopened: _reopened,
    },
)
"""How each kind of entry changes an incident; a note and a decision do not."""


def _over(known: _T, said: object) -> _T:
    """What was known, and over it all that is said now."""
    return replace(known, **{k: v for k, v in asdict(said).items() if v is not None})  # type: ignore[type-var, arg-type]


def _put(items: tuple[_T, ...], old: _T | None, new: _T) -> tuple[_T, ...]:
    """``new`` in the place of ``old``, or at the end."""
    return (*items, new) if old is None else tuple(new if it is old else it for it in items)


def _ticked(
    ticks: dict[str, dict[str, Ticked]], entry: Entry, body: Tick
) -> dict[str, dict[str, Ticked]]:
    tick = Ticked(state=body.state, by=entry.actor.person, at=entry.happened, until=body.until)
    return {**ticks, body.checklist: {**ticks.get(body.checklist, {}), body.item: tick}}
