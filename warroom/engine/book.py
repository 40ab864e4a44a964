"""The incidents as the engine has them in memory: folded from the journal, entry by entry."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from warroom.incident.actor import WARROOM
from warroom.incident.entries import Draft, Entry
from warroom.incident.fold import applied, fold_lists
from warroom.incident.incident import Incident, Lists, Summary, summary
from warroom.wire import NEWEST

SHOWN = timedelta(minutes=10)
"""For so long a resolved incident is still shown to every console."""


@dataclass
class Told:
    """One incident with its newest entries, oldest first; older ones are read again."""

    incident: Incident | None = None
    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=NEWEST))

    def take(self, entry: Entry) -> None:
        self.incident = applied(self.incident, entry)
        self.entries.append(entry)


@dataclass(frozen=True)
class Loaded:
    """What is read of the journal at the start: the incidents that are open, and those over with
    which something is still to be done; the ids of all in the order they were declared, and the
    room's own checklists."""

    open: tuple[Told, ...]
    ids: tuple[str, ...]
    lists: Lists
    head: int
    """The newest entry's place."""
    acts: tuple[Entry, ...] = ()
    """What was ever written of actions."""


class Book:
    """All that is open, what was resolved lately, and a line for every other incident that was
    asked for."""

    def __init__(self) -> None:
        self._told: dict[str, Told] = {}
        self._summaries: dict[str, Summary | None] = {}
        """Every incident there ever was; None for one that was not looked at yet."""
        self._newest: deque[Entry] = deque(maxlen=NEWEST)
        self.last = 0
        """The newest entry's place in the journal."""
        self.lists = Lists()

    def load(self, loaded: Loaded) -> None:
        """Begin with what the journal holds."""
        self.lists, self.last = loaded.lists, loaded.head
        self._summaries = dict.fromkeys(loaded.ids)
        for told in loaded.open:
            if told.incident is not None:
                self._told[told.incident.id] = told
                self._summaries[told.incident.id] = summary(told.incident)

    def take(self, entry: Entry) -> None:
        """One more entry, durable, in the journal's order; one that is known already is not
        taken again."""
        if entry.seq <= self.last:
            return
        self.last = entry.seq
        self._newest.append(entry)
        if not entry.incident:
            self.lists = fold_lists(self.lists, entry)
            return
        told = self._told.get(entry.incident)
        if told is None:
            if entry.number > 1:
                return  # of one that was resolved long ago: it is read from the journal
            told = self._told[entry.incident] = Told()
        told.take(entry)
        if told.incident is not None:
            self._summaries[told.incident.id] = summary(told.incident)

    def adopt(self, told: Told) -> None:
        """An incident that was read from the journal, since somebody writes into it again."""
        if told.incident is not None:
            self._told.setdefault(told.incident.id, told)

    def forget(self, now: datetime, stays: Callable[[Incident], bool]) -> bool:
        """Let go of what was resolved a while ago; of what ``stays``, since something of it is due,
        of all entries but the last. Whether any incident was let go of."""
        gone = False
        for name, told in tuple(self._told.items()):
            if not _long_over(told, now):
                continue
            assert told.incident is not None
            if not stays(told.incident):
                del self._told[name]
                gone = True
            elif len(told.entries) > 1:
                told.entries = deque(_last(told.entries, 1), maxlen=NEWEST)
        return gone

    def incident(self, name: str) -> Incident | None:
        """The incident of that id, if it is in memory."""
        told = self._told.get(name)
        return told.incident if told is not None else None

    @property
    def ids(self) -> frozenset[str]:
        """Every id that was ever given."""
        return frozenset(self._summaries)

    @property
    def shown(self) -> tuple[Incident, ...]:
        """Those that consoles are told of."""
        return tuple(told.incident for told in self._told.values() if told.incident is not None)

    @property
    def open(self) -> tuple[Incident, ...]:
        return tuple(incident for incident in self.shown if incident.open)

    @property
    def unread(self) -> tuple[str, ...]:
        """The ids of those that have no line yet."""
        return tuple(name for name, line in self._summaries.items() if line is None)

    def learn(self, lines: Iterable[Summary]) -> None:
        """The lines of some that had none."""
        for line in lines:
            if self._summaries.get(line.id) is None:
                self._summaries[line.id] = line

    @property
    def summaries(self) -> tuple[Summary, ...]:
        """All incidents there ever were, as far as they were read; newest first."""
        known = (line for line in self._summaries.values() if line is not None)
        return tuple(sorted(known, key=lambda line: line.declared, reverse=True))

    def by_once(self, once: str) -> Entry | None:
        """The entry that its writer called so, if it is among those in memory."""
        kept = (self._newest, *(told.entries for told in self._told.values()))
        return next((e for entries in kept for e in reversed(entries) if e.once == once), None)

    def newest(self, name: str) -> tuple[Entry, ...]:
        """The newest ``NEWEST`` entries of an incident, oldest first."""
        told = self._told.get(name)
        return () if told is None else _last(told.entries, NEWEST)

    def entries(self, name: str, before: int, after: int | None) -> tuple[Entry, ...] | None:
        """What ``GetEntries`` asks for, if it is all in memory."""
        told = self._told.get(name)
        if told is None or not told.entries:
            return None
        first, last = told.entries[0].number, told.entries[-1].number
        if after is not None:
            low, high = after + 1, min(after + NEWEST, last)
        else:
            high = min(before - 1, last) if before else last
            low = max(high - NEWEST + 1, 1)
        if low < first:
            return None
        return tuple(islice(told.entries, low - first, max(high + 1 - first, low - first)))

    def since(self, seq: int) -> tuple[Entry, ...]:
        """What was written after the entry at that place, oldest first: of what is in memory, and
        at most ``NEWEST``, the newest."""
        fresh: list[Entry] = []
        for entry in reversed(self._newest):
            if entry.seq <= seq or len(fresh) == NEWEST:
                break
            fresh.append(entry)
        return tuple(reversed(fresh))

    def with_drafts(self, name: str, drafts: Iterable[Draft]) -> Incident | None:
        """The incident as it will be once these are durable too."""
        incident = self.incident(name)
        for number, draft in enumerate(drafts, (incident.number if incident else 0) + 1):
            incident = applied(incident, provisional(draft, number))
        return incident


def _long_over(told: Told, now: datetime) -> bool:
    resolved = told.incident.resolved if told.incident is not None else None
    if resolved is None:
        return False
    # What the engine writes by itself afterwards (evidence, reminders) shows nobody anything new.
    said = (one.written for one in reversed(told.entries) if one.actor != WARROOM)
    return now - max(resolved, next(said, resolved)) > SHOWN


def provisional(draft: Draft, number: int) -> Entry:
    """A draft as the entry it will be; its place in the journal is not known yet."""
    return Entry(
        seq=0,
        incident=draft.incident,
        number=number,
        happened=draft.happened,
        written=draft.happened,
        actor=draft.actor,
        body=draft.body,
        once=draft.once,
    )


def _last(entries: deque[Entry], count: int) -> tuple[Entry, ...]:
    return tuple(islice(entries, max(len(entries) - count, 0), None))


def told_of(entries: Iterator[Entry]) -> Told:
    """An incident told by its entries, oldest first."""
    told = Told()
    for entry in entries:
        told.take(entry)
    return told
