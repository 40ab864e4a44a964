"""A playbook's steps: what they name, as this room calls it."""

from collections.abc import Collection, Mapping

from warroom.config.actions_settings import ActionSettings, ParameterSettings, StepsAction
from warroom.config.actions_values import misfit
from warroom.config.local import panel_and_sources
from warroom.config.playbooks_room import Lacks, Room, Spot
from warroom.config.playbooks_settings import (
    EscalationSettings,
    LookSettings,
    MitigationSettings,
)
from warroom.config.playbooks_words import meant, panel_of, patterns, people_meant
from warroom.config.problems import nearest
from warroom.config.procedures_settings import ItemSettings
from warroom.playbooks.playbook import Part, Step


def plain(part: Part, one: str | ItemSettings) -> Step:
    """A step that is a text, with the time it is watched where there is one."""
    if isinstance(one, str):
        return Step(part=part, text=one)
    return Step(part=part, text=one.text, watch=one.watch)


def look(one: str | LookSettings, spot: Spot, room: Room) -> Step:
    """A step that looks at a panel, runs a check or asks a source."""
    if isinstance(one, str):
        return plain("look", one)
    lacks = Lacks(spot, one.needs)
    return Step(
        part="look",
        text=one.text,
        panel=_panel(one.panel, lacks, spot, room),
        check=_check(one.check, lacks, spot, room),
        probe=_probe(one.probe, lacks, room),
        needs=lacks.needs,
    )


def mitigation(one: str | MitigationSettings, spot: Spot, room: Room) -> Step:
    """A step that runs an action."""
    if isinstance(one, str):
        return plain("mitigate", one)
    lacks = Lacks(spot, one.needs)
    action = _action(one.action, lacks, spot, room)
    return Step(
        part="mitigate",
        text=one.text,
        action=action,
        values=_values(one, action, spot, room) if action else {},
        needs=lacks.needs,
    )


def escalation(one: EscalationSettings, spot: Spot, room: Room) -> Step:
    """A step that tells somebody. In a room without any contacts nobody's name is wrong."""
    lacks = Lacks(spot.at("tell") if room.people else Spot(), "")
    known = {name.casefold() for name in room.people}
    tell = people_meant(one.tell, room) if spot.problems is None else one.tell
    for at, who in enumerate(tell):
        if who.casefold() not in known:
            words, need = f"no contact has the name or the role {who}", f"[[contacts]]: {who}"
            lacks.miss(at, words, who, room.people, "contacts", need)
    text = one.text or f"Tell {', '.join(tell)}" + (f": {one.when}" if one.when else "")
    return Step(
        part="escalate",
        text=text,
        tell=tell,
        after=one.after,
        when=one.when,
        needs=lacks.needs,
    )


def vendors(names: tuple[str, ...], spot: Spot, room: Room) -> tuple[tuple[str, ...], str]:
    """Those of the names that are contacts of vendors, and what must be configured for the rest."""
    marked = {name.casefold() for name in room.vendors}
    people = {name.casefold() for name in room.people}
    lacks = Lacks(spot, "")
    for at, name in enumerate(names):
        need = f"[[contacts]]: {name}, with vendor = true"
        if name.casefold() in marked:
            continue
        if name.casefold() in people:
            lacks.add(at, f"{name} is no vendor's support", "write vendor = true there", need)
        else:
            words = f"no contact has the name or the role {name}"
            lacks.miss(at, words, name, room.vendors, "vendors", need)
    return tuple(name for name in names if name.casefold() in marked), lacks.needs


def _panel(written: str, lacks: Lacks, spot: Spot, room: Room) -> str:
    if not written:
        return ""
    name, only = panel_and_sources(written)
    if name not in room.panels:
        words = f"there is no panel {name}"
        lacks.miss("panel", words, name, room.panels, "panels", f"the panel {name}")
        return ""
    if spot.problems is None:
        return panel_of(written, room)
    if ":" in written and not only:
        spot.at("panel").add("names no source", "write NAME:SOURCE, or the panel's name alone")
    for source in dict.fromkeys(only):
        if source not in room.sources:
            words, need = f"there is no source {source}", f"[sources.{source}]"
            lacks.miss("panel", words, source, room.sources, "sources", need)
    return panel_of(written, room)


def _check(written: str, lacks: Lacks, spot: Spot, room: Room) -> str:
    names = room.check_names
    return _ours("check", written, room.library.checks, names, lacks, spot)


def _action(written: str, lacks: Lacks, spot: Spot, room: Room) -> str:
    names = room.action_names
    return _ours("action", written, room.library.actions, names, lacks, spot)


def _ours(
    noun: str,
    written: str,
    translated: Mapping[str, str],
    names: Collection[str],
    lacks: Lacks,
    spot: Spot,
) -> str:
    """The check or action by the room's own name; what is written here is that already."""
    if not written:
        return ""
    name = meant(written, translated, names) if spot.problems is None else written
    if name in names:
        return name
    words, need = f"there is no {noun} {name}", f"[{noun}s.{name}]"
    lacks.miss(noun, words, name, names, f"{noun}s", need)
    return ""


def _probe(written: str, lacks: Lacks, room: Room) -> str:
    """The source to ask: the first that is meant."""
    if not written:
        return ""
    found = room.sources_that_fit(patterns(written, room))
    if found:
        return found[0]
    words, word = f"there is no source {written}", written.strip("{}")
    lacks.miss("probe", words, word, room.sources, "sources", f"a source {written}")
    return ""


def _values(one: MitigationSettings, action: str, spot: Spot, room: Room) -> dict[str, str]:
    """Those that the action takes as they are: a problem for every other that is written here."""
    settings = room.actions.get(action)
    if settings is None:  # it is wrong in itself: nothing is known of what it takes
        return {name: str(value) for name, value in one.values.items()}
    takes = _parameters(settings, room.actions)
    found = {}
    for name, value in one.values.items():
        here = spot.at("values", name)
        if name not in takes:
            hint = nearest(name, takes, "parameters") or "it takes none"
            here.add(f"{action} has no parameter {name}", hint)
        elif takes[name].secret:
            here.add("is secret: it is asked for when the action is run", "leave it out here")
        elif wrong := misfit(takes[name], _number(takes[name], value)):
            here.add(wrong)
        else:
            found[name] = str(value)
    return found


def _parameters(
    settings: ActionSettings, actions: Mapping[str, ActionSettings]
) -> dict[str, ParameterSettings]:
    """Its parameters, and those of its steps as far as they are valid."""
    steps = settings.steps if isinstance(settings, StepsAction) else ()
    found: dict[str, ParameterSettings] = {}
    for step in steps:
        found |= actions[step].parameters if step in actions else {}
    return found | settings.parameters


def _number(one: ParameterSettings, value: str | int) -> str | int:
    """A whole number that is written in quotes is one all the same."""
    if one.type != "integer" or not isinstance(value, str):
        return value
    return int(value) if value.removeprefix("-").isdecimal() and len(value) < 20 else value
