"""``[playbooks.NAME]``, the folder's and the built-in ones, as this room has them.

A written one with the name of a built-in one takes that one's place part by part. What a built-in
one names is the library's own word for it: it is looked up here, and what the room does not have is
said as what is still needed, not as a problem.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from warroom.config.actions_settings import ActionSettings
from warroom.config.checks_settings import CheckSettings
from warroom.config.lines import Path as Place
from warroom.config.playbooks_settings import (
    EscalationSettings,
    LibrarySettings,
    MitigationSettings,
    PlaybookSettings,
    StepSettings,
    SymptomSettings,
)
from warroom.config.problems import Problems, nearest
from warroom.config.section import section
from warroom.incident.procedures import Procedures
from warroom.playbooks.library import LIBRARY, built_in
from warroom.playbooks.playbook import Link, Part, Playbook, Step, Symptom

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
_WORD = re.compile(r"\{([a-z][a-z0-9_-]*)\}\Z")


class Room(NamedTuple):
    """What of the rest of the file playbooks name."""

    sources: Mapping[str, str]
    """By name: the kind."""
    panels: tuple[str, ...]
    actions: Mapping[str, ActionSettings]
    checks: Mapping[str, CheckSettings]
    procedures: Procedures


def build_playbooks(table: dict[str, Any], room: Room, problems: Problems) -> tuple[Playbook, ...]:
    """The room's playbooks: the written ones first, then the folder's, then the built-in."""
    library = section(LibrarySettings, table.get("library", {}), ("library",), problems)
    written = table.get("playbooks", {})
    ours = built_in()
    wanted = library.built_in if library is not None else True
    names = list(ours) if wanted is True else [] if wanted is False else list(wanted)
    found: list[Playbook] = []
    for name, entry in written.items() if isinstance(written, dict) else ():
        place: Place = ("playbooks", name)
        whole = {**ours.get(name, {}), **entry} if isinstance(entry, dict) else entry
        settings = section(PlaybookSettings, whole, place, problems)
        if settings is not None and library is not None:
            found.append(_playbook(name, settings, "configuration", library, room))
    for name in names:
        if name not in ours:
            hint = nearest(name, ours, "playbooks")
            problems.add(("library", "built_in"), f"there is no built-in playbook {name}", hint)
        elif name not in written and library is not None:
            settings = PlaybookSettings.model_validate(ours[name])
            found.append(_playbook(name, settings, LIBRARY, library, room))
    return tuple(found)


def _playbook(
    name: str, settings: PlaybookSettings, origin: str, library: LibrarySettings, room: Room
) -> Playbook:
    symptoms = tuple(_symptom(one, library) for one in settings.symptoms)
    steps = (
        *(_look(one, library, room) for one in settings.look),
        *(_mitigation(one, library, room) for one in settings.mitigations),
        *(_escalation(one, room) for one in settings.escalation),
        *(_item("checklist", one) for one in settings.checklist),
        *(Step(part="prevent", text=one) for one in settings.prevention),
    )
    return Playbook(
        name=name,
        title=settings.title,
        about=settings.about,
        symptoms=symptoms,
        steps=steps,
        vendors=settings.vendors,
        links=tuple(Link(*one) for one in settings.links.items()),
        origin=origin,
        needs=tuple(dict.fromkeys(step.needs for step in steps if step.needs)),
    )


def _symptom(settings: SymptomSettings, library: LibrarySettings) -> Symptom:
    source, _, figure = settings.signal.partition(".")
    given = settings.source or source or "*"
    patterns = (given,) if isinstance(given, str) else given
    return Symptom(
        need=settings.need,
        sources=tuple(found for one in patterns for found in _sources(one, library)),
        kinds=settings.kinds,
        figure=figure,
        threshold=settings.comparison,
        level=settings.level,
        state=settings.state,
        reason=settings.reason,
        change=settings.change,
        within=settings.within,
        hold=settings.hold,
        weight=settings.weight,
        says=settings.says,
        needs=settings.needs,
    )


def _sources(pattern: str, library: LibrarySettings) -> tuple[str, ...]:
    """The patterns a library's word stands for: what the room says, or all that have it in their
    name."""
    word = _WORD.match(pattern)
    if word is None:
        return (pattern,)
    known = library.sources.get(word[1], f"*{word[1]}*")
    return (known,) if isinstance(known, str) else known


def _look(one: str | StepSettings, library: LibrarySettings, room: Room) -> Step:
    if isinstance(one, str):
        return Step(part="look", text=one)
    check = library.checks.get(one.check, one.check)
    lacks = bool(check) and check not in room.checks
    return Step(
        part="look",
        text=one.text,
        panel=one.panel,
        check="" if lacks else check,
        probe=one.probe,
        needs=(one.needs or f"[checks.{check}]") if lacks else "",
    )


def _mitigation(one: str | MitigationSettings, library: LibrarySettings, room: Room) -> Step:
    if isinstance(one, str):
        return Step(part="mitigate", text=one)
    action = library.actions.get(one.action, one.action)
    lacks = bool(action) and action not in room.actions
    return Step(
        part="mitigate",
        text=one.text,
        action="" if lacks else action,
        values={name: str(value) for name, value in one.values.items()},
        needs=(one.needs or f"[actions.{action}]") if lacks else "",
    )


def _escalation(one: EscalationSettings, room: Room) -> Step:
    lacking = [who for who in one.tell if not room.procedures.reach(who)]
    text = one.text or f"Tell {', '.join(one.tell)}" + (f": {one.when}" if one.when else "")
    needs = f"a contact or role {', '.join(lacking)}" if lacking else ""
    return Step(
        part="escalate", text=text, tell=one.tell, after=one.after, when=one.when, needs=needs
    )


def _item(part: Part, one: Any) -> Step:
    if isinstance(one, str):
        return Step(part=part, text=one)
    return Step(part=part, text=one.text, watch=one.watch)
