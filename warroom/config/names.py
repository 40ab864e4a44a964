"""What ``[keys]`` and ``[[pages]]`` may name, and whether they do."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points

from warroom.config.key_ids import CONTEXTS, LOCAL, Context, default_of, ids_in, loses
from warroom.config.key_ids import ids as known_ids
from warroom.config.keys import NEAR_BACKSPACE, WRITTEN, key_word, keys_named
from warroom.config.lines import Path as Place
from warroom.config.local import panel_and_sources
from warroom.config.problems import Problems, nearest

PANELS = "warroom.panels"
"""The entry-point group of panels; none is imported here."""


@dataclass(frozen=True)
class Names:
    """``panels`` are the installed."""

    panels: Collection[str]


def installed() -> Names:
    """What this installation has."""
    return Names(sorted({entry.name for entry in entry_points(group=PANELS)}))


def check_keys(table: Mapping[str, str], places: Mapping[str, Place], problems: Problems) -> None:
    """A problem for every id that is none, every key that is none, and every clash; ``places``
    are where the ids stand."""
    good: dict[str, tuple[str, ...]] = {}
    for name, written in table.items():
        place = places[name]
        if name in LOCAL and LOCAL[name].fixed:
            problems.add(place, f"cannot be remapped: {LOCAL[name].fixed}")
        elif name not in known_ids():
            problems.add(place, "is no id of a key", nearest(name, known_ids(), "ids"))
        elif "" in keys_named(written):
            problems.add(place, "is not a key", WRITTEN)
        elif letters := _typed(name, keys_named(written)):
            problems.add(place, f"{letters} is typed text there", "take a key such as ctrl+n or f5")
        else:
            good[name] = tuple(dict.fromkeys(keys_named(written)))
    told: set[tuple[str, str]] = set()
    for context in CONTEXTS:
        _check_clashes(context, good, places, told, problems)


def _typed(name: str, keys: tuple[str, ...]) -> str:
    """A key that would be missing where words are typed."""
    if not name.startswith("writing."):
        return ""
    return next((key for key in keys if key == "space" or len(key_word(key)) == 1), "")


def _check_clashes(
    context: Context,
    good: Mapping[str, tuple[str, ...]],
    places: Mapping[str, Place],
    told: set[tuple[str, str]],
    problems: Problems,
) -> None:
    """Two ids that are live together and have one key. What shares one by default is meant to."""
    taken: dict[str, str] = {}
    live = ids_in(context)
    for name in (*(n for n in live if n not in good), *(n for n in good if n in live)):
        for key in good.get(name, keys_named(default_of(name))):
            other = taken.setdefault(key, name)
            if other == name or (name not in good and other not in good):
                continue
            both = {*keys_named(default_of(name))} & {*keys_named(default_of(other))}
            if key in both or (name, key) in told:
                continue
            told.add((name, key))
            words = f"{key} is the key of {other} already, in {context.name}"
            problems.add(places[name], words, "take another key")


def slips(table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is bound where a finger slips that means Backspace or Enter, and must not be: the id,
    and in words why."""
    for name, written in table.items():
        if name not in known_ids() or not loses(name):
            continue
        for key in keys_named(written):
            if key in keys_named(default_of(name)):
                continue
            words = ""
            if key in NEAR_BACKSPACE:
                words = f"{key_word(key)} is where a finger slips that means Backspace or Enter"
            elif key == "space":
                words = "Space is what answers a question, and may still be held"
            if words:
                yield name, f"{words}, and {name} is not to be done by a slip"


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
