"""The words of the built-in library: what they mean in this room, and what ``[library]`` says."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from warroom.config.lines import Path as Place
from warroom.config.local import panel_and_sources
from warroom.config.playbooks_room import Room
from warroom.config.problems import Problems, nearest
from warroom.config.section import written_tables

_WORD = re.compile(r"\{([a-z][a-z0-9_-]*)\}")
"""A word for a source, as a library file writes it."""


class Used(NamedTuple):
    """The words that playbooks use."""

    sources: frozenset[str]
    actions: frozenset[str]
    checks: frozenset[str]
    people: frozenset[str]


def words_of(playbooks: Iterable[Mapping[str, Any]]) -> Used:
    """Those of tables as they are written; what is no text there is passed over."""
    tables = tuple(playbooks)
    return Used(
        sources=frozenset(
            word
            for table in tables
            for key in ("symptoms", "look")
            for text in _texts(table.get(key))
            for word in _WORD.findall(text)
        ),
        actions=frozenset(_named(tables, "mitigations", "action")),
        checks=frozenset(_named(tables, "look", "check")),
        people=frozenset(_named(tables, "escalation", "tell")),
    )


def _named(tables: Iterable[Mapping[str, Any]], part: str, key: str) -> Iterator[str]:
    for table in tables:
        for entry in written_tables(table.get(part)):
            written = entry.get(key)
            several = written if isinstance(written, list) else [written]
            yield from (one for one in several if isinstance(one, str) and one)


def _texts(value: object) -> Iterator[str]:
    """The texts at those keys of entries that name sources."""
    for entry in written_tables(value):
        for key in ("signal", "source", "panel", "probe"):
            written = entry.get(key)
            several = written if isinstance(written, list) else [written]
            yield from (one for one in several if isinstance(one, str))


def patterns(written: str, room: Room) -> tuple[str, ...]:
    """The patterns of sources that ``written`` stands for: itself, or of a word what the room
    says of it, by default such names as teams give it, or for a word of the team's own every
    source that has it in its name."""
    word = _WORD.fullmatch(written)
    if word is None:
        return (written,)
    usual = room.words.sources.get(word[1], f"*{word[1]}*")
    known = room.library.sources.get(word[1], usual)
    return (known,) if isinstance(known, str) else known


def meant(word: str, translated: Mapping[str, str], names: Collection[str]) -> str:
    """The room's own name for a word of the library: as it is translated, or the same, whether
    written with - or with _."""
    if word in translated:
        return translated[word]
    if word in names:
        return word
    plain = word.replace("-", "_")
    return next((name for name in names if name.replace("-", "_") == plain), word)


def people_meant(names: Iterable[str], room: Room) -> tuple[str, ...]:
    """Whom the library's words for people mean in this room: as they are translated, each once, or
    those who are called so."""
    found: list[str] = []
    for name in names:
        given = room.library.contacts.get(name, name)
        found += (given,) if isinstance(given, str) else given
    return tuple(dict.fromkeys(found))


def panel_of(written: str, room: Room) -> str:
    """A panel whose sources may be words: with those of the room that fit, or with all."""
    name, only = panel_and_sources(written)
    wanted = [one for each in only for one in patterns(each, room)]
    return f"{name}:{','.join(found)}" if (found := room.sources_that_fit(wanted)) else name


def check_library(used: Used, room: Room, problems: Problems) -> None:
    """A problem for every word in ``[library]`` that no playbook uses, and for everything that
    such a word is said to be and is not there."""
    library, words = room.library, room.words
    for word, given in library.sources.items():
        place: Place = ("library", "sources", word)
        _used(word, {*used.sources, *words.sources}, place, problems)
        for at, one in enumerate((given,) if isinstance(given, str) else given):
            if not room.sources_that_fit((one,)):
                here = place if isinstance(given, str) else (*place, at)
                hint = nearest(one, room.sources, "sources")
                problems.add(here, f"no source is called {one}", hint)
    actions, checks = {*used.actions, *words.actions}, {*used.checks, *words.checks}
    _translated("action", library.actions, actions, room.action_names, problems)
    _translated("check", library.checks, checks, room.check_names, problems)
    _people(used.people, room, problems)


def _people(used: Collection[str], room: Room, problems: Problems) -> None:
    known = {name.casefold() for name in room.people}
    for word, given in room.library.contacts.items():
        place: Place = ("library", "contacts", word)
        _used(word, used, place, problems)
        for at, name in enumerate((given,) if isinstance(given, str) else given):
            if name.casefold() not in known:
                here = place if isinstance(given, str) else (*place, at)
                hint = nearest(name, room.people, "contacts")
                problems.add(here, f"no contact has the name or the role {name}", hint)


def _translated(
    noun: str,
    translated: Mapping[str, str],
    known: Collection[str],
    names: Collection[str],
    problems: Problems,
) -> None:
    for word, name in translated.items():
        place = ("library", f"{noun}s", word)
        _used(word, known, place, problems)
        if name not in names:
            problems.add(place, f"there is no {noun} {name}", nearest(name, names, f"{noun}s"))


def _used(word: str, known: Collection[str], place: Place, problems: Problems) -> None:
    if word not in known:
        words = "is no word of a playbook of the library"
        problems.add(place, words, nearest(word, sorted(known), "words"))
