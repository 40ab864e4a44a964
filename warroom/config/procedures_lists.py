"""``[[contacts]]``, ``[[escalation]]`` and ``[[checklists]]``.

Each entry by its own model; what it names is looked up even where the rest of it is wrong, so
that one reading tells all.
"""

from typing import Any

from msgspec.structs import replace

from warroom.config.problems import Problems, nearest
from warroom.config.procedures_names import known, once, steps, texts
from warroom.config.procedures_settings import (
    ChecklistSettings,
    ContactSettings,
    RungSettings,
)
from warroom.config.section import section, tables
from warroom.incident.procedures import Checklist, Contact, Item, Rung
from warroom.severity import Scale


def build_contacts(table: dict[str, Any], problems: Problems) -> tuple[Contact, ...]:
    """Everybody who can be reached, in the order of the file."""
    found = (
        section(ContactSettings, entry, ("contacts", at), problems)
        for at, entry in tables(table, "contacts", problems)
    )
    return tuple(Contact(**settings.model_dump()) for settings in found if settings is not None)


def build_ladder(
    table: dict[str, Any], ours: tuple[Rung, ...], scale: Scale | None, problems: Problems
) -> tuple[Rung, ...]:
    """The rungs in the order of the file; ``ours`` where it has no ``[[escalation]]``."""
    if "escalation" not in table:
        return ours
    people = people_of(table.get("contacts"))
    ladder = []
    for at, entry in tables(table, "escalation", problems):
        place = ("escalation", at)
        rung = section(RungSettings, entry, place, problems)
        steps(entry, "levels", place, scale, problems)
        for here, name in texts(entry.get("tell"), (*place, "tell")):
            if people and name.casefold() not in (one.casefold() for one in people):
                hint = nearest(name, people, "contacts")
                problems.add(here, f"no contact has the name or the role {name}", hint)
        if rung is not None:
            ladder.append(_rung(rung))
    return tuple(ladder)


def people_of(contacts: object, *, vendors: bool = False) -> list[str]:
    """The names and roles that somebody has, those of entries that are wrong too; or only those
    of vendors' support."""
    entries = [
        one for one in (contacts if isinstance(contacts, list) else ()) if isinstance(one, dict)
    ]
    wanted = [one for one in entries if one.get("vendor") is True] if vendors else entries
    named = [entry.get(key) for entry in wanted for key in ("role", "name")]
    return list(dict.fromkeys(name for name in named if isinstance(name, str) and name))


def _rung(settings: RungSettings) -> Rung:
    at_once = settings.after is None and settings.when is None
    return Rung(
        name=settings.name,
        tell=settings.tell,
        levels=settings.levels,
        after=0.0 if at_once else settings.after,
        when=settings.when or "",
    )


def build_checklists(
    table: dict[str, Any],
    ours: tuple[Checklist, ...],
    phases: list[str] | None,
    scale: Scale | None,
    problems: Problems,
) -> tuple[Checklist, ...]:
    """The lists in the order of the file; ``ours`` where it has no ``[[checklists]]``.

    ``phases`` are those there are, None where that is not known.
    """
    if "checklists" not in table:
        return tuple(_with_known(one, phases or []) for one in ours)
    lists, names = [], []
    for at, entry in tables(table, "checklists", problems):
        place = ("checklists", at)
        settings = section(ChecklistSettings, entry, place, problems)
        steps(entry, "levels", place, scale, problems)
        named = list(texts(entry.get("phases"), (*place, "phases")))
        spelled = [name for _, name in named]
        if phases is not None:
            found = [known(name, phases, here, "phase", problems) for here, name in named]
            spelled = [name for name in found if name is not None]
        names.append(str(entry.get("name", f"the one of number {at}")))
        if settings is not None:
            lists.append(_checklist(settings, tuple(spelled), at, problems))
    once(names, ("checklists",), "checklist", problems, "name")
    return tuple(lists)


def _with_known(checklist: Checklist, phases: list[str]) -> Checklist:
    return replace(checklist, phases=tuple(one for one in checklist.phases if one in phases))


def _checklist(
    settings: ChecklistSettings, phases: tuple[str, ...], at: int, problems: Problems
) -> Checklist:
    place = ("checklists", at)
    items = tuple(
        Item(text=one) if isinstance(one, str) else Item(text=one.text, watch=one.watch)
        for one in settings.items
    )
    once((item.text for item in items), (*place, "items"), "item", problems)
    for key in ("phases", "levels", "recovery"):
        if settings.alone and getattr(settings, key):
            problems.add((*place, key), "is of no use in a list that stands alone")
    return Checklist(
        name=settings.name,
        items=items,
        phases=phases,
        levels=settings.levels,
        alone=settings.alone,
        recovery=settings.recovery,
    )
