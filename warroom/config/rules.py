"""Rules against what there is: the sources' signals and the steps of the scale."""

from collections.abc import Iterable, Mapping, Set
from typing import Any, Protocol

import msgspec

from warroom.config.lines import Path as Place
from warroom.config.problems import Problems, choice, nearest
from warroom.config.section import section, tables
from warroom.config.settings import RuleSettings
from warroom.measure.rule import Rule
from warroom.severity import Scale


class Signals(Protocol):
    """What is known of the sources' signals (``check_sources``)."""

    @property
    def signals(self) -> Mapping[str, frozenset[str] | None]: ...
    @property
    def unsure(self) -> Set[str]: ...


def build_rules(
    table: dict[str, Any],
    sources: Signals,
    scale: Scale | None,
    problems: Problems,
) -> tuple[Rule, ...]:
    """The written rules, each with its levels in the order of the scale, worst first.

    Their signals and levels are looked up even where the rest of a rule is wrong, so that
    one reading tells all.
    """
    rules = []
    for index, entry in tables(table, "rules", problems):
        place: Place = ("rules", index)
        settings = section(RuleSettings, entry, place, problems)
        signal, levels = entry.get("signal"), entry.get("levels")
        if isinstance(signal, str) and signal not in sources.unsure:
            check_signal(signal, (*place, "signal"), sources.signals, problems)
        if isinstance(levels, dict) and scale is not None:
            known = check_levels(levels, (*place, "levels"), scale, problems)
            if known and settings is not None:
                rules.append(in_order(_rule(settings), scale))
    return tuple(rules)


def _rule(settings: RuleSettings) -> Rule:
    return Rule(
        name=settings.name,
        signal=settings.signal,
        levels=tuple(settings.levels.items()),
        raise_after=settings.raise_after,
        clear_after=settings.clear_after,
    )


def check_levels(levels: Iterable[str], place: Place, scale: Scale, problems: Problems) -> bool:
    """Whether all ``levels`` are steps; a problem for each that is not."""
    strange = [level for level in levels if scale.index(level) is None]
    for level in strange:
        at = (*place, level) if place[-1] == "levels" else place
        problems.add(at, f"{level} is no step of the scale", choice(level, scale.names, "steps"))
    return not strange


def in_order(rule: Rule, scale: Scale) -> Rule:
    """``rule`` with its levels worst first: the first that holds is the one it means."""
    levels = sorted(rule.levels, key=lambda pair: scale.names.index(pair[0]))
    return msgspec.structs.replace(rule, levels=tuple(levels))


def check_signal(
    signal: str, place: Place, signals: Mapping[str, frozenset[str] | None], problems: Problems
) -> None:
    """A problem unless there is such a signal."""
    source, dot, figure = signal.partition(".")
    if not (source and dot and figure):
        problems.add(place, "names no figure", "write SOURCE.FIGURE, such as api.latency_p95")
        return
    if source not in signals:
        problems.add(place, f"there is no source {source}", nearest(source, signals, "sources"))
        return
    known = signals[source]
    if known is not None and signal not in known:
        figures = sorted(name.partition(".")[2] for name in known)
        hint = nearest(figure, figures, "figures")
        problems.add(place, f"the source {source} has no figure {figure}", hint)


def check_source(
    name: str, kind: str, place: Place, kinds: Mapping[str, str], problems: Problems
) -> None:
    """A problem unless the source ``name`` is there, and of that kind; ``kinds`` are by name."""
    there = kinds.get(name)
    if there is None:
        problems.add(place, f"there is no source {name}", nearest(name, kinds, "sources"))
    elif there != kind:
        words = f"{name} is of kind {there}, this needs one of kind {kind}"
        fitting = [one for one, of_kind in kinds.items() if of_kind == kind]
        problems.add(place, words, nearest(name, fitting, "sources"))
