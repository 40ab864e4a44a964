"""``[sources.NAME]``: each table by the model of its kind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ConfigDict

from warroom.config.kinds import Kind, Kinds
from warroom.config.lines import Path as Place
from warroom.config.problems import Problems, choice
from warroom.config.rules import check_levels, in_order
from warroom.config.salvage import salvage
from warroom.config.section import section
from warroom.config.settings import SourceSettings
from warroom.measure.rule import Rule
from warroom.severity import Scale

_NAME = re.compile(r"[a-z][a-z0-9_-]*\Z")


@dataclass
class Sources:
    """What the sources come to. ``signals`` holds None for a source that is written down
    but of whose figures nothing can be said."""

    settings: dict[str, SourceSettings] = field(default_factory=dict)
    signals: dict[str, frozenset[str] | None] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    unsure: set[str] = field(default_factory=set)
    """Names that may be figures: they stand where something is wrong."""


class UnreadSettings(SourceSettings):
    """Of a source whose kind is broken: what is the kind's own is kept, and not understood."""

    model_config = ConfigDict(extra="allow")


def check_sources(
    tables: object,
    kinds: Kinds,
    scale: Scale | None,
    problems: Problems,
    *,
    keep_broken: bool = False,
) -> Sources:
    """Every source that is valid; a problem for every one that is not. One of a kind that is
    broken is a problem, too, unless it is to be kept."""
    found = Sources()
    if not isinstance(tables, dict):
        problems.add(("sources",), "must be a table", "write [sources.NAME] above each")
        return found
    for name, table in tables.items():
        found.signals[name] = None
        place: Place = ("sources", name)
        if not _NAME.match(name):
            problems.add(
                place,
                "a source's name has small letters, digits, - and _, a letter first",
                "title = … is what the screen shows",
            )
        if keep_broken and _is_broken(table, kinds):
            unread = section(UnreadSettings, table, place, problems)
            found.settings |= {} if unread is None else {name: unread}
            continue
        kind = _kind(table, kinds, place, problems)
        if kind is None:
            continue
        try:
            _take(found, kind, name, table, scale, problems)
        except Exception as error:  # noqa: BLE001 - a stranger's model may raise anything
            problems.add(place, f"its kind {table['kind']} is broken: {broken(error)}")
    return found


def _take(
    found: Sources,
    kind: Kind,
    name: str,
    table: dict[str, Any],
    scale: Scale | None,
    problems: Problems,
) -> None:
    """One source by its kind's model, what it gives added to ``found``."""
    settings = section(kind.Settings, table, ("sources", name), problems)
    if settings is not None:
        found.settings[name] = settings
        found.signals[name] = _ask_kind(found, kind, name, scale, problems)
    else:
        found.signals[name], lost = _ask_in_part(kind, table, name, scale, problems)
        found.unsure |= {f"{name}.{figure}" for figure in lost}


def _ask_in_part(
    kind: Kind, table: dict[str, Any], name: str, scale: Scale | None, problems: Problems
) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The signals of a source that is not valid (None if unknown), and names that may be more
    of them; its own rules are checked."""
    place = ("sources", name)
    part, lost = salvage(kind.Settings, table, place, problems)
    if part is not None:
        return _ask_kind(Sources({name: part}), kind, name, scale, problems), lost
    texts = {key: value for key, value in table.items() if isinstance(value, str)}
    try:
        construct: Any = kind.Settings.model_construct
        own = kind.rules(name, construct(**texts), scale) if scale else ()
        levels = [level for rule in own for level, _ in rule.levels]
    except ValueError as error:
        problems.add(place, str(error))
    except Exception:  # noqa: BLE001 - asked about half a source; what is wrong is told already
        return None, lost
    else:
        if scale is not None:
            check_levels(levels, place, scale, problems)
    return None, lost


def _is_broken(table: object, kinds: Kinds) -> bool:
    named = table.get("kind") if isinstance(table, dict) else None
    return isinstance(named, str) and isinstance(kinds.get(named), Exception)


def _kind(table: object, kinds: Kinds, place: Place, problems: Problems) -> Kind | None:
    if not isinstance(table, dict):
        problems.add(place, "must be a table", f"write [sources.{place[-1]}]")
        return None
    at = (*place, "kind")
    named = table.get("kind")
    if not isinstance(named, str):
        problem = "is missing" if named is None else "must be text, in quotes"
        problems.add(at, problem, _choice("", kinds))
        return None
    kind = kinds.get(named)
    if kind is None:
        problems.add(at, f"there is no source kind {named}", _choice(named, kinds))
        return None
    if isinstance(kind, Exception):
        reason = f"the source kind {named} is installed but broken: {broken(kind)}"
        problems.add(at, reason, "repair or remove the plugin that brings it")
        return None
    return kind


def broken(error: BaseException) -> str:
    """A plugin's error in one line."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _choice(named: str, kinds: Iterable[str]) -> str:
    return choice(named, sorted(kinds), "kinds") or "no source kind is installed"


def _declared(kind: Kind, name: str, settings: SourceSettings) -> dict[str, str]:
    """Raises TypeError when what the kind declares is not names with units."""
    declared: object = kind.signals(name, settings)
    if not isinstance(declared, dict):
        raise TypeError("signals() gives no names with units")
    for signal, unit in declared.items():
        if not isinstance(signal, str) or not signal.startswith(f"{name}."):
            raise TypeError(f"signals() gives {signal!r}, which does not begin with {name}.")
        if not isinstance(unit, str):
            raise TypeError(f"signals() gives {signal} the unit {unit!r}: it must be text")
    return declared


def _ask_kind(
    found: Sources, kind: Kind, name: str, scale: Scale | None, problems: Problems
) -> frozenset[str] | None:
    """The signals of one source, its rules added to ``found``; None when they are not known.

    What a plugin raises is a problem, not a crash.
    """
    signals: frozenset[str] | None = None
    place = ("sources", name)
    settings = found.settings[name]
    try:
        signals = frozenset(_declared(kind, name, settings))
        own = tuple(kind.rules(name, settings, scale)) if scale is not None else ()
    except ValueError as error:
        problems.add(place, str(error))
        return signals
    except Exception as error:  # noqa: BLE001 - a stranger's code, asked for its names
        problems.add(place, f"its kind {settings.kind} is broken: {broken(error)}")
        return signals
    for rule in own:
        levels = [level for level, _ in rule.levels]
        if scale is not None and check_levels(levels, place, scale, problems):
            found.rules += (in_order(rule, scale),)
    return signals
