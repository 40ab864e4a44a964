"""``[actions.NAME]``: each table by the model of its kind, and what it names looked up."""

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from warroom.config.actions_settings import (
    KINDS,
    ActionSettings,
    ParameterSettings,
    RedisAction,
    SqlAction,
    StepsAction,
    UndoSettings,
    placeholders,
)
from warroom.config.actions_values import misfit
from warroom.config.keys import key_named
from warroom.config.lines import Path as Place
from warroom.config.problems import Problems, nearest
from warroom.config.rules import Signals, check_signal, check_source
from warroom.config.section import section
from warroom.incident.acting.kinds import DANGERS

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
_PARAMETER = re.compile(r"[a-z][a-z0-9_]{0,29}\Z")
MOST = 100
ROWS = {"postgres": "sessions", "redis": "queues", "command": "items"}
"""By kind of source: what its live rows are."""
_OWN_KEYS = frozenset({"escape", "enter", "space", "tab", "up", "down", "slash"})
"""Keys of the menu itself."""


class Around(NamedTuple):
    """What of the rest of the file actions name: the sources by name with their kinds, their
    signals, the roles."""

    kinds: Mapping[str, str]
    signals: Signals
    roles: Collection[str]


def build_actions(table: object, around: Around, problems: Problems) -> dict[str, ActionSettings]:
    """Every action that is valid, in the file's order; a problem for every one that is not."""
    if not isinstance(table, dict):
        problems.add(("actions",), "must be a table", "write [actions.NAME] above each")
        return {}
    if len(table) > MOST:
        problems.add(("actions",), f"{len(table)} are too many; {MOST} is the most")
    found: dict[str, ActionSettings] = {}
    for name, entry in table.items():
        settings = _action(name, entry, problems)
        if settings is not None:
            found[name] = settings
    for name, settings in found.items():
        _names(name, settings, table, found, around, problems)
    _keys(found, problems)
    return found


def _action(name: str, table: object, problems: Problems) -> ActionSettings | None:
    place = ("actions", name)
    if not _NAME.match(name):
        problems.add(place, "is no name for an action", "a-z, 0-9, _ and -; a letter first")
    kind = table.get("kind") if isinstance(table, dict) else None
    if isinstance(table, dict) and (not isinstance(kind, str) or kind not in KINDS):
        if kind is None:
            problems.add(place, "has no kind", f"write kind = …; there are: {', '.join(KINDS)}")
        else:
            hint = nearest(str(kind), KINDS, "kinds")
            problems.add((*place, "kind"), f"{kind} is no kind of action", hint)
        return None
    return section(KINDS[str(kind)] if kind else ActionSettings, table, place, problems)


def _names(
    name: str,
    settings: ActionSettings,
    table: Mapping[str, Any],
    found: Mapping[str, ActionSettings],
    around: Around,
    problems: Problems,
) -> None:
    place: Place = ("actions", name)
    if settings.paired:
        _there(settings.paired, (*place, "undo"), table, problems)
        _undo_values(settings, found, (*place, "undo"), problems)
    if isinstance(settings, StepsAction):
        for at, step in enumerate(settings.steps):
            _there(step, (*place, "steps", at), table, problems)
            _step(settings, step, found.get(step), (*place, "steps", at), problems)
        _alike(settings, found, place, problems)
    if isinstance(settings, SqlAction | RedisAction):
        kind = "postgres" if isinstance(settings, SqlAction) else "redis"
        check_source(settings.source, kind, (*place, "source"), around.kinds, problems)
    for at, expected in enumerate(settings.expect):
        _signal(expected.signal, (*place, "expect", at, "signal"), around, problems)
    _known_values(settings, place, problems)
    if settings.was:
        _signal(settings.was, (*place, "was"), around, problems)
    for at, role in enumerate(settings.roles):
        if role not in around.roles:
            hint = nearest(role, around.roles, "roles")
            problems.add((*place, "roles", at), f"there is no role {role}", hint)
    _parameters(place, settings, found, around, problems)


def _step(
    settings: StepsAction, name: str, step: ActionSettings | None, place: Place, problems: Problems
) -> None:
    """What guards a step must guard the whole: its confirmation, its roles, what it leaves on."""
    if step is None:
        return
    if isinstance(step, StepsAction):
        problems.add(place, f"{name} has steps itself; name them here")
    if DANGERS.index(step.danger) > DANGERS.index(settings.danger):
        problems.add(place, f"{name} is {step.danger}", f'write danger = "{step.danger}" here too')
    if step.roles and not (settings.roles and set(settings.roles) <= set(step.roles)):
        problems.add(place, f"only {', '.join(step.roles)} may run {name}", "write roles here too")
    if step.turns_on and not settings.turns_on:
        problems.add(place, f"{name} turns on {step.turns_on}", "write turns_on and undo here too")


def _parameters(
    place: Place,
    settings: ActionSettings,
    found: Mapping[str, ActionSettings],
    around: Around,
    problems: Problems,
) -> None:
    wanted = _wanted(settings, found)
    for name in wanted:
        if name not in settings.parameters and not isinstance(settings, StepsAction):
            hint = f"write [{'.'.join(map(str, place))}.parameters.{name}]"
            problems.add(place, f"takes {{{name}}}, which is no parameter of it", hint)
    for name, one in settings.parameters.items():
        here = (*place, "parameters", name)
        if not _PARAMETER.match(name):
            problems.add(here, "is no name for a parameter", "a-z, 0-9 and _; a letter first")
        if name not in wanted:
            hint = f"write {{{name}}} where its value belongs"
            problems.add(here, "is used nowhere", hint)
        if one.secret and not isinstance(settings, StepsAction) and name in settings.shown:
            problems.add(
                here, "is secret, and stands where others see it", "give it by stdin or body"
            )
        if one.type == "row":
            _rows_of(one, here, around, problems)
        elif one.default is not None and (wrong := misfit(one, one.default)):
            problems.add((*here, "default"), wrong)


def _known_values(settings: ActionSettings, place: Place, problems: Problems) -> None:
    """What ``turns_on`` and ``undo`` take must be values of this action."""
    texts = {"turns_on": settings.turns_on}
    known = {*settings.parameters, "was"} if settings.was else {*settings.parameters}
    if isinstance(settings.undo, UndoSettings):
        texts |= {"undo": " ".join(str(value) for value in settings.undo.values.values())}
    for key, text in texts.items():
        for name in placeholders(text):
            if name in settings.parameters and settings.parameters[name].secret:
                problems.add((*place, key), f"{{{name}}} is secret: {key} is written down")
            elif name not in known or (key == "turns_on" and name == "was"):
                hint = nearest(name, known, "parameters")
                problems.add((*place, key), f"{{{name}}} is no value of this action", hint)


def _undo_values(
    settings: ActionSettings, found: Mapping[str, ActionSettings], place: Place, problems: Problems
) -> None:
    """The values of ``undo`` must be parameters of the paired action."""
    paired = found.get(settings.paired)
    if paired is None or not isinstance(settings.undo, UndoSettings):
        return
    known = {*paired.parameters, *_wanted(paired, found)}
    for name in settings.undo.values:
        if name not in known:
            hint = nearest(name, known, "parameters") or "it takes none"
            words = f"{settings.paired} has no parameter {name}"
            problems.add((*place, "values", name), words, hint)


def _alike(
    settings: StepsAction, found: Mapping[str, ActionSettings], place: Place, problems: Problems
) -> None:
    """One value goes to all steps that take its name: one step's bounds must not stand in for
    those of another."""
    first: dict[str, tuple[str, ParameterSettings]] = {}
    for at, step in enumerate(settings.steps):
        for name, one in found[step].parameters.items() if step in found else ():
            other, theirs = first.setdefault(name, (step, one))
            if theirs != one and name not in settings.parameters:
                words = f"{step} takes another {name} than {other}"
                hint = f"write [{'.'.join(map(str, place))}.parameters.{name}]"
                problems.add((*place, "steps", at), words, hint)


def _wanted(settings: ActionSettings, found: Mapping[str, ActionSettings]) -> tuple[str, ...]:
    """The parameters that it needs; steps bring their own, which may be given anew here."""
    if not isinstance(settings, StepsAction):
        return tuple(dict.fromkeys(settings.takes))
    steps = [found[step] for step in settings.steps if step in found]
    return tuple(dict.fromkeys(name for step in steps for name in step.parameters))


def _rows_of(one: ParameterSettings, place: Place, around: Around, problems: Problems) -> None:
    if one.default not in (None, "first", "second"):
        problems.add((*place, "default"), "of rows is first or second")
    kind = around.kinds.get(one.source)
    if kind is None:
        hint = nearest(one.source, around.kinds, "sources")
        problems.add((*place, "source"), f"there is no source {one.source}", hint)
    elif kind not in ROWS:
        words = f"{one.source} is of kind {kind}, which has no rows to choose"
        problems.add((*place, "source"), words, f"kinds: {', '.join(ROWS)}")


def _there(name: str, place: Place, table: Mapping[str, Any], problems: Problems) -> None:
    if name not in table:
        problems.add(place, f"there is no action {name}", nearest(name, table, "actions"))


def _signal(signal: str, place: Place, around: Around, problems: Problems) -> None:
    if signal not in around.signals.unsure:
        check_signal(signal, place, around.signals.signals, problems)


def _keys(found: Mapping[str, ActionSettings], problems: Problems) -> None:
    taken: dict[str, str] = {}
    for name, settings in found.items():
        key = key_named(settings.key)
        if not key:
            continue
        place = ("actions", name, "key")
        if key in _OWN_KEYS:
            problems.add(place, f"{settings.key} is a key of the menu itself")
        elif key in taken:
            problems.add(place, f"{settings.key} is the key of {taken[key]} already")
        taken.setdefault(key, name)
