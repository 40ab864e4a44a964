"""What ``[keys]`` and ``[[pages]]`` may name, and whether they do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points

from warroom.config.keys import KEYS, RESERVED, WRITTEN, keys_named
from warroom.config.lines import Path as Place
from warroom.config.local import panel_and_sources
from warroom.config.problems import Problems, nearest

PANELS = "warroom.panels"
"""The entry-point group of panels; none is imported here."""


@dataclass(frozen=True)
class Names:
    """``commands`` maps the console's commands to their keys; ``panels`` are the installed."""

    commands: Mapping[str, str]
    panels: Collection[str]


def installed() -> Names:
    """What this installation has."""
    return Names(KEYS, sorted({entry.name for entry in entry_points(group=PANELS)}))


def check_keys(table: Mapping[str, str], commands: Mapping[str, str], problems: Problems) -> None:
    """A problem for every command that is none, every key that is none, and every clash."""
    taken = {
        key: command
        for command, default in commands.items()
        if command not in table
        for key in keys_named(default)
    }
    for command, written in table.items():
        place = ("keys", command)
        if command not in commands:
            problems.add(place, "is no command", nearest(command, commands, "commands"))
            continue
        for key in dict.fromkeys(keys_named(written)):
            if not key:
                problems.add(place, "is not a key", WRITTEN)
            elif key in RESERVED:
                problems.add(place, f"{key} has a meaning of its own already", "take another key")
            elif key in taken:
                problems.add(place, f"{key} is the key of {taken[key]} already", "take another key")
            else:
                taken[key] = command


def check_panels(
    names: list[object],
    index: int,
    installed: Collection[str],
    sources: Collection[str],
    problems: Problems,
) -> None:
    """A problem for every panel of page ``index`` that is not installed, stands there twice,
    or is to show a source that is not there."""
    seen: set[tuple[str, frozenset[str]]] = set()
    for at, written in enumerate(names):
        if not isinstance(written, str):
            continue
        place = ("pages", index, "panels", at)
        name, only = panel_and_sources(written)
        if (name, frozenset(only)) in seen:
            problems.add(place, f"the panel {written} is on this page already")
        elif name not in installed:
            problems.add(place, f"there is no panel {name}", nearest(name, installed, "panels"))
        seen.add((name, frozenset(only)))
        _check_sources(written, only, sources, place, problems)


def _check_sources(
    written: str, only: tuple[str, ...], sources: Collection[str], place: Place, problems: Problems
) -> None:
    if ":" in written and not only:
        problems.add(place, "names no source", "write NAME:SOURCE, or the panel's name alone")
    for source in dict.fromkeys(only):
        if source not in sources:
            problems.add(place, f"there is no source {source}", nearest(source, sources, "sources"))
