"""``[incident]``: statuses, phases, milestones, roles, cadence and patterns."""

from msgspec.structs import replace

from warroom.config.problems import Problems, nearest
from warroom.config.procedures_names import known, once, step
from warroom.config.procedures_settings import IncidentSettings, RoleSettings, StatusSettings
from warroom.incident.procedures import (
    DueStep,
    LinkPattern,
    MilestoneStep,
    PhaseStep,
    Procedures,
    RoleKind,
    StatusStep,
)
from warroom.severity import Scale

_FINAL = "resolved"
"""The status that ends an incident where none is said to."""


def incident_parts(
    settings: IncidentSettings, ours: Procedures, scale: Scale | None, problems: Problems
) -> Procedures:
    """``ours`` with what ``settings`` gives in its place."""
    for level in settings.updates or {}:
        step(level, ("incident", "updates", level), scale, problems)
    phases = _phases(settings, ours, problems)
    milestones = _milestones(settings, ours, problems)
    return replace(
        ours,
        id=settings.id,
        channel=settings.channel,
        links=tuple(
            LinkPattern(name=name, address=address) for name, address in settings.links.items()
        ),
        statuses=_statuses(settings, ours, [phase.name for phase in phases], problems),
        phases=phases,
        milestones=milestones,
        acknowledged=_milestone("acknowledged", settings, milestones, problems),
        fixed=_milestone("fixed", settings, milestones, problems),
        roles=_roles(settings, ours, problems),
        resolutions=_list("resolutions", settings, ours.resolutions, problems),
        sorts=_list("follow_ups", settings, ours.sorts, problems),
        cadence=ours.cadence if settings.updates is None else dict(settings.updates),
        grace=settings.grace,
        dues=_dues(settings, ours, scale, problems),
    )


def _dues(
    settings: IncidentSettings, ours: Procedures, scale: Scale | None, problems: Problems
) -> tuple[DueStep, ...]:
    """Soonest first."""
    if settings.due is None:
        return ours.dues
    place = ("incident", "due")
    once((due.name for due in settings.due), place, "thing that is due", problems, "name")
    for at, due in enumerate(settings.due):
        for here, level in enumerate(due.levels):
            step(level, (*place, at, "levels", here), scale, problems)
    made = (DueStep(name=d.name, within=d.within, levels=d.levels) for d in settings.due)
    return tuple(sorted(made, key=lambda due: due.within))


def _list(
    key: str, settings: IncidentSettings, ours: tuple[str, ...], problems: Problems
) -> tuple[str, ...]:
    given: tuple[str, ...] | None = getattr(settings, key)
    once(given or (), ("incident", key), "one named", problems)
    return ours if given is None else given


def _phases(
    settings: IncidentSettings, ours: Procedures, problems: Problems
) -> tuple[PhaseStep, ...]:
    if settings.phases is None:
        return ours.phases
    place = ("incident", "phases")
    once((phase.name for phase in settings.phases), place, "phase", problems, "name")
    for at, phase in enumerate(settings.phases):
        if phase.begins is not None and phase.ends is not None and phase.ends <= phase.begins:
            problems.add((*place, at, "ends"), "must be after it begins")
    return tuple(PhaseStep(name=p.name, begins=p.begins, ends=p.ends) for p in settings.phases)


def _statuses(
    settings: IncidentSettings, ours: Procedures, phases: list[str], problems: Problems
) -> tuple[StatusStep, ...]:
    if settings.statuses is None:
        named = set(phases)
        return tuple(one if one.phase in named else replace(one, phase="") for one in ours.statuses)
    place = ("incident", "statuses")
    given = [
        StatusSettings(name=s, phase="", final=False) if isinstance(s, str) else s
        for s in settings.statuses
    ]
    once((status.name for status in given), place, "status", problems)
    final = _final(given, problems)
    made = []
    for at, status in enumerate(given):
        phase: str | None = status.phase
        if status.phase:
            phase = known(status.phase, phases, (*place, at, "phase"), "phase", problems)
        made.append(StatusStep(name=status.name, phase=phase or "", final=at == final))
    return tuple(made)


def _status(written: str | StatusSettings) -> StatusSettings:
    if isinstance(written, StatusSettings):
        return written
    return StatusSettings(name=written, phase="", final=False)


def _final(statuses: list[StatusSettings], problems: Problems) -> int | None:
    """Which one ends the incident: the one that says so, or else the one called Resolved."""
    place = ("incident", "statuses")
    final = [at for at, status in enumerate(statuses) if status.final]
    for at in final[1:]:
        first = statuses[final[0]].name
        problems.add((*place, at, "final"), f"{first} is final already", "only one can be")
    if not final:
        final = [at for at, one in enumerate(statuses) if one.name.casefold() == _FINAL]
    if not final:
        hint = 'add "Resolved", or write { name = …, final = true }'
        problems.add(place, "has none with which an incident is over", hint)
    elif len(statuses) == 1:
        problems.add(place, "has none for an incident that is not over")
    return final[0] if final else None


def _milestones(
    settings: IncidentSettings, ours: Procedures, problems: Problems
) -> tuple[MilestoneStep, ...]:
    if settings.milestones is None:
        return ours.milestones
    place = ("incident", "milestones")
    once((one.name for one in settings.milestones), place, "milestone", problems, "name")
    taken: dict[str, str] = {}
    for at, one in enumerate(settings.milestones):
        if one.key in taken:
            message = f"{one.key} is the key of {taken[one.key]} already"
            problems.add((*place, at, "key"), message, "take another key")
        taken.setdefault(one.key, one.name)
    return tuple(MilestoneStep(name=one.name, key=one.key) for one in settings.milestones)


def _milestone(
    key: str, settings: IncidentSettings, milestones: tuple[MilestoneStep, ...], problems: Problems
) -> str:
    """The milestone that ``key`` names, as it is spelled where it stands."""
    name: str = getattr(settings, key)
    names = [one.name for one in milestones]
    if not name or name in names:
        return name
    if key in settings.model_fields_set:
        return known(name, names, ("incident", key), "milestone", problems) or ""
    spelled = {one.casefold(): one for one in names}.get(name.casefold())
    if spelled is None:
        hint = f'{nearest(name, names, "milestones")}; write {key} = "…", or "" for none'
        message = f'are without "{name}", which incident.{key} names'
        problems.add(("incident", "milestones"), message, hint)
    return spelled or ""


def _roles(
    settings: IncidentSettings, ours: Procedures, problems: Problems
) -> tuple[RoleKind, ...]:
    if settings.roles is None:
        return ours.roles
    given = [_role(one, ours) for one in settings.roles]
    once((role.name for role in given), ("incident", "roles"), "role", problems)
    leading = [at for at, role in enumerate(given) if role.leads]
    for at in leading[1:]:
        message = f"{given[leading[0]].name} leads already"
        problems.add(("incident", "roles", at), message, "only one role can lead")
    return tuple(given)


def _role(written: str | RoleSettings, ours: Procedures) -> RoleKind:
    """A name alone is the built-in role of that name, or one that neither leads nor fixes."""
    if isinstance(written, RoleSettings):
        return RoleKind(name=written.name, leads=written.leads, fixes=written.fixes)
    same = (role for role in ours.roles if role.name.casefold() == written.casefold())
    return replace(next(same, RoleKind(name=written)), name=written)
