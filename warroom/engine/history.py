"""What the engine reads of the journal: at its start, and of what it has let go of since."""

from typing import TypeAlias

from warroom.engine.book import Loaded, told_of
from warroom.engine.keeper import Keeper
from warroom.errors import JournalError
from warroom.incident.entries import Entry
from warroom.incident.fold import fold, fold_lists
from warroom.incident.incident import Incident, Lists, Summary, summary
from warroom.journal.store import Store
from warroom.wire import NEWEST, GetEntries

Journal: TypeAlias = Keeper[Store, Loaded]
"""The keeper of a room's journal."""


def load(store: Store) -> Loaded:
    """The incidents that are open, whole; the ids of all; the room's checklists."""
    told = tuple(told_of(store.all_of(name)) for name in store.open_incidents())
    lists = Lists()
    for entry in store.all_of(""):
        lists = fold_lists(lists, entry)
    return Loaded(told, store.incidents(), lists, store.head().seq)


def read_line(store: Store, name: str) -> Summary | None:
    """One incident in a line."""
    incident = fold(store.all_of(name))
    return summary(incident) if incident is not None else None


def read_entries(store: Store, request: GetEntries) -> tuple[tuple[Entry, ...], Incident]:
    """What was asked for, and the incident as it stands. Raises ``JournalError``."""
    name = request.incident
    found = store.entries(name, before=request.before, after=request.after, limit=NEWEST)
    incident = fold(store.all_of(name))
    if incident is None:
        raise JournalError(f"{name} was never declared in this journal", "warroom verify")
    return found, incident
