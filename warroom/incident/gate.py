"""What must be so before an incident is resolved. Pure."""

from datetime import datetime

import msgspec

from warroom.incident.assessment import written_span
from warroom.incident.incident import Incident
from warroom.incident.procedures import Checklist, Procedures
from warroom.incident.spans import at_words, seconds
from warroom.severity import MINUTE

NOTHING = "nothing is watched"
"""What ``Facts.worst`` says of a room without sources: nothing there is against it."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the watch knows of it. ``well_since`` is since when every signal is OK, None when one
    is not; ``worst`` then says which. ``passed`` is when each check was last seen to be well."""

    well_since: datetime | None = None
    worst: str = ""
    passed: dict[str, datetime | None] = {}
    on: tuple[str, ...] = ()
    """What was switched on and is neither off again nor kept on purpose."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One condition: whether it is met, and in words what there is."""

    name: str
    met: bool
    words: str = ""


def conditions(
    incident: Incident, procedures: Procedures, facts: Facts, now: datetime
) -> tuple[Condition, ...]:
    """Every condition of the team's gate, met or not."""
    gate = procedures.gate
    lists = [one for one in procedures.checklists if one.recovery and not one.alone]
    wanted = [one for one in lists if not one.levels or incident.level in one.levels]
    since = incident.milestones.get(procedures.fixed)
    return (
        *(_recovered(one, incident) for one in (wanted if gate.recovery else ())),
        _signals(gate.well_for, facts, now),
        *((_nothing_on(facts.on),) if facts.on else ()),
        *(_check(name, facts.passed.get(name), since, incident, now) for name in gate.checks),
    )


def _recovered(checklist: Checklist, incident: Incident) -> Condition:
    ticks = incident.ticks.get(checklist.name, {})
    missing = []
    for item in checklist.items:
        tick = ticks.get(item.text)
        if tick is None or tick.state != "done":
            watched = tick is not None and tick.state == "watch"
            missing.append(f"{item.text} (being watched)" if watched else item.text)
    count = len(checklist.items)
    words = f"{count - len(missing)} of {count} done"
    if missing:
        words += f": missing {', '.join(missing)}"
    return Condition(name=f"checklist {checklist.name}", met=not missing, words=words)


def _signals(wanted: float, facts: Facts, now: datetime) -> Condition:
    name = "all signals OK"
    if facts.worst == NOTHING and facts.well_since is not None:
        return Condition(name=name, met=True, words=NOTHING)
    if facts.well_since is None or facts.worst:
        return Condition(name=name, met=False, words=facts.worst or "not all is OK")
    well = seconds(facts.well_since, now)
    met = well >= wanted
    span = written_span(wanted)
    words = f"OK for {span} and more" if met else f"OK for {_of(well, wanted)}"
    return Condition(name=name, met=met, words=words if wanted or not met else "OK")


def _nothing_on(on: tuple[str, ...]) -> Condition:
    words = f"still on: {', '.join(on)}"
    return Condition(name="nothing is still on", met=False, words=words)


def _of(well: float, wanted: float) -> str:
    """``2 of 5 min``, ``40 of 90 s``: what there is, rounded down, of what is asked for."""
    if wanted >= MINUTE and wanted % MINUTE == 0:
        return f"{int(well // MINUTE)} of {wanted / MINUTE:g} min"
    return f"{int(well)} of {wanted:g} s"


def _check(
    name: str, passed: datetime | None, fixed: datetime | None, incident: Incident, now: datetime
) -> Condition:
    since = fixed or incident.declared
    event = "fix" if fixed is not None else "declaration"
    named = f"{name} is well after the {event}"
    if passed is None:
        return Condition(name=named, met=False, words=f"{name} is not seen to be well")
    met = passed >= since
    words = f"seen well at {at_words(passed, now)}"
    if not met:
        words = f"last {words}, before the {event} of {at_words(since, now)}"
    return Condition(name=named, met=met, words=words)
