"""What of the rest of the file playbooks name; where their parts are written; what they lack."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from warroom.config.actions_settings import ActionSettings
from warroom.config.lines import Path as Place
from warroom.config.playbooks_settings import LibrarySettings
from warroom.config.problems import Problems, nearest
from warroom.config.procedures_lists import people_of
from warroom.config.rules import Signals
from warroom.config.section import written_tables
from warroom.config.sources import Sources
from warroom.playbooks.patterns import fits
from warroom.playbooks.words import Words, words
from warroom.severity import Scale


class Room(NamedTuple):
    """The rest of the file. What is wrong in itself is there all the same, by its name.

    ``sources`` are the kinds by the sources' names, ``kinds`` those that are installed; ``ruled``
    are the signals that a rule is about; ``actions`` are the valid ones of ``action_names``;
    ``people`` are the names and roles of the contacts, ``vendors`` those marked so;
    ``words`` are the library's.
    """

    sources: Mapping[str, str]
    kinds: Collection[str]
    signals: Signals
    ruled: Collection[str]
    scale: Scale | None
    panels: Collection[str]
    actions: Mapping[str, ActionSettings]
    action_names: Collection[str]
    check_names: Collection[str]
    people: Collection[str]
    vendors: Collection[str]
    library: LibrarySettings
    words: Words

    def sources_that_fit(self, patterns: Iterable[str], kinds: Collection[str] = ()) -> list[str]:
        """The sources, in the file's order, that fit one of the patterns, of these kinds."""
        wanted = tuple(patterns)
        return [
            name
            for name, kind in self.sources.items()
            if (not kinds or kind in kinds) and any(fits(one, name) for one in wanted)
        ]


def room_of(
    table: dict[str, Any],
    kinds: Collection[str],
    sources: Sources,
    scale: Scale | None,
    panels: Collection[str],
    actions: Mapping[str, ActionSettings],
    library: LibrarySettings | None,
) -> Room:
    """The room of the whole file ``table``, of which the rest is what was valid."""
    written = (rule.get("signal") for rule in written_tables(table.get("rules")))
    own = (rule.signal for rule in sources.rules)
    return Room(
        sources={name: str(one.get("kind", "")) for name, one in _named(table, "sources")},
        kinds=kinds,
        signals=sources,
        ruled=frozenset((*(one for one in written if isinstance(one, str)), *own)),
        scale=scale,
        panels=panels,
        actions=actions,
        action_names=[name for name, _ in _named(table, "actions")],
        check_names=[name for name, _ in _named(table, "checks")],
        people=people_of(table.get("contacts")),
        vendors=people_of(table.get("contacts"), vendors=True),
        library=library or LibrarySettings.model_validate({}),
        words=words(),
    )


def _named(table: dict[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    section = table.get(key)
    entries = section.items() if isinstance(section, dict) else ()
    return [(name, one) for name, one in entries if isinstance(one, dict)]


class Spot(NamedTuple):
    """Where something of a playbook is written; nowhere, when it is the library's own."""

    place: Place = ()
    problems: Problems | None = None

    def at(self, *more: str | int) -> "Spot":
        """A place within it."""
        return Spot((*self.place, *more), self.problems)

    def add(self, message: str, hint: str = "") -> None:
        """A problem there; none of what nobody here wrote."""
        if self.problems is not None:
            self.problems.add(self.place, message, hint)

    def miss(self, message: str, word: str, known: Iterable[str], what: str) -> None:
        """The same, with the nearest of ``known``: it is looked for where it is told only."""
        if self.problems is not None:
            self.problems.add(self.place, message, nearest(word, known, what))


class Lacks:
    """What one entry names and the room does not have.

    It is a problem where the entry is written here, unless it says itself what it ``needs``; it
    is a need in any case.
    """

    def __init__(self, spot: Spot, needs: str) -> None:
        self._spot = Spot() if needs else spot
        self._needs = needs
        self._words: list[str] = []

    def miss(
        self, key: str | int, message: str, word: str, known: Iterable[str], what: str, need: str
    ) -> None:
        """``message`` is the problem at ``key`` of the entry, with what is nearest to ``word``;
        ``need`` says what to write."""
        self._spot.at(key).miss(message, word, known, what)
        self._words.append(need)

    def add(self, key: str | int, message: str, hint: str, need: str) -> None:
        """With a hint of its own."""
        self._spot.at(key).add(message, hint)
        self._words.append(need)

    @property
    def needs(self) -> str:
        """What must be configured, in words; empty when nothing."""
        if not self._words:
            return ""
        return self._needs or "; ".join(dict.fromkeys(self._words))
