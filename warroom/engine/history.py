"""What the engine reads of the journal: at its start, and of what it has let go of since."""

from typing import TypeAlias

from warroom.engine.book import Loaded, told_of
from warroom.engine.keeper import Keeper
from warroom.errors import JournalError
from warroom.incident.entries import Entry
from warroom.incident.fold import fold, fold_lists
from warroom.incident.incident import Incident, Lists, summary
from warroom.journal.store import Store
from warroom.wire import NEWEST, GetEntries

Journal: TypeAlias = Keeper[Store, Loaded]
"""The keeper of a room's journal."""


def load(store: Store) -> Loaded:
    """The incidents that are open, whole; all others in a line each; the room's checklists."""
    names = store.incidents()
    open_ones = set(store.open_incidents())
    told = tuple(told_of(store.all_of(name)) for name in names if name in open_ones)
    others = (fold(store.all_of(name)) for name in names if name not in open_ones)
    lists = Lists()
    for entry in store.all_of(""):
        lists = fold_lists(lists, entry)
    lines = tuple(summary(one) for one in others if one is not None)
    return Loaded(told, lists, lines, store.head().seq)


def read_entries(store: Store, request: GetEntries) -> tuple[tuple[Entry, ...], Incident]:
    """What was asked for, and the incident as it stands. Raises ``JournalError``."""
    name = request.incident
    found = store.entries(name, before=request.before, after=request.after, limit=NEWEST)
    incident = fold(store.all_of(name))
    if incident is None:
        raise JournalError(f"{name} was never declared in this journal", "warroom verify")
    return found, incident
