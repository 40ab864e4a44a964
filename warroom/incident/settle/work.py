"""Tasks, follow-ups and checklists, settled. Pure."""

from datetime import datetime

from msgspec.structs import replace

from warroom.errors import IncidentError
from warroom.incident.entries import FollowUp, Said, StartList, Task, Tick
from warroom.incident.incident import Ticked
from warroom.incident.procedures import Checklist, Procedures
from warroom.incident.settle.settling import Settled, Settling, chosen, required
from warroom.incident.spans import after, at_words


def task(case: Settling, body: Task) -> Settled:
    """A new one gets the next number; of a known one, what is not said stays as it was."""
    if body.task == 0:
        required(body.who, "who does it?", "/task PERSON 3m TEXT")
        required(body.text, "what is to be done?", "/task PERSON 3m TEXT")
        numbers = [known.task for known in case.incident.tasks]
        return Settled(replace(body, task=max(numbers, default=0) + 1, who=body.who.strip()))
    known = next((one for one in case.incident.tasks if one.task == body.task), None)
    if known is None:
        raise IncidentError(f"there is no task {body.task}", _there_are(case))
    if body.state == known.state != "open":
        raise IncidentError(f"task {body.task} is {known.state} already, by {known.by}")
    text = known.text
    if body.text.strip() and body.text != known.text:
        text = body.text if body.state == "open" else f"{text}; {body.state}: {body.text}"
    warning = f"it was {known.state}; it is open again" if known.state != "open" else ""
    due = known.due if body.due is None else body.due
    done = replace(body, who=body.who.strip() or known.who, text=text, due=due)
    return Settled(done, warning if body.state == "open" else "")


def _there_are(case: Settling) -> str:
    numbers = [str(one.task) for one in case.incident.tasks if one.state == "open"]
    return f"open are: {', '.join(numbers)}" if numbers else "no task is open"


def follow_up(case: Settling, body: FollowUp) -> Settled:
    """A new one gets the next number; of a known one, what is not said stays as it was."""
    sorts = case.procedures.sorts
    sort = chosen("kind of follow-up", body.sort, sorts) if body.sort and sorts else body.sort
    if body.item == 0:
        required(body.text, "what is to be done afterwards?", "/todo TEXT @owner due 2026-12-01")
        numbers = [known.item for known in case.incident.follow_ups]
        return Settled(replace(body, item=max(numbers, default=0) + 1, sort=sort))
    known = next((one for one in case.incident.follow_ups if one.item == body.item), None)
    if known is None:
        raise IncidentError(f"there is no follow-up {body.item}")
    return Settled(
        replace(
            body,
            text=body.text if body.text.strip() else known.text,
            owner=body.owner or known.owner,
            due=known.due if body.due is None else body.due,
            sort=sort or known.sort,
            ticket=body.ticket or known.ticket,
        )
    )


def tick(case: Settling, body: Tick) -> Settled:
    known = case.procedures.checklists
    ticks = case.incident.ticks
    return _ticked(body, known, ticks, case.happened, case.now)


def start_list(case: Settling, body: StartList) -> Settled:
    return Settled(StartList(checklist=_checklist(body.checklist, case.procedures.checklists).name))


def of_the_room(body: Said, procedures: Procedures, now: datetime) -> Settled:
    """What belongs to no incident: the checklists that stand alone. Raises ``IncidentError``."""
    alone = tuple(one for one in procedures.checklists if one.alone)
    if isinstance(body, Tick):
        return _ticked(body, alone, {}, now, now)
    if isinstance(body, StartList):
        return Settled(StartList(checklist=_checklist(body.checklist, alone).name))
    raise IncidentError(
        "that belongs to an incident, and none is named", "declare one: warroom declare, or d"
    )


def _ticked(
    body: Tick,
    known: tuple[Checklist, ...],
    ticks: dict[str, dict[str, Ticked]],
    happened: datetime,
    now: datetime,
) -> Settled:
    """An item's watch gets its end; one that is ticked before its watch ended is told of."""
    checklist = _checklist(body.checklist, known)
    name = chosen("item of that list", body.item, tuple(item.text for item in checklist.items))
    item = next(item for item in checklist.items if item.text == name)
    until, warning = None, ""
    if body.state == "watch":
        if item.watch is None and body.until is None:
            raise IncidentError(f"{name} is not watched", "tick it when it is done")
        until = body.until or after(happened, item.watch or 0.0)
    before = ticks.get(checklist.name, {}).get(name)
    watched = before.until if before is not None and before.state == "watch" else None
    if body.state == "done" and watched is not None and watched > now:
        warning = f"its watch would have ended at {at_words(watched, now)}"
    return Settled(
        replace(body, checklist=checklist.name, item=name, until=until),
        warning,
    )


def _checklist(name: str, known: tuple[Checklist, ...]) -> Checklist:
    found = chosen("checklist", name, tuple(one.name for one in known))
    return next(one for one in known if one.name == found)
