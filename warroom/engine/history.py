"""What the engine reads of the journal: at its start, and of what it has let go of since."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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


LATELY = timedelta(days=60)
"""What was resolved longer ago is not read at the start, unless something is due even later."""


def lately(now: datetime, latest: float) -> datetime:
    """Since when what was resolved is read; ``latest`` seconds after its end none asks for anything
    any more."""
    try:
        return now - max(LATELY, timedelta(seconds=latest))
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def load(store: Store, since: datetime, stays: Callable[[Incident], bool]) -> Loaded:
    """The incidents that are open, whole, and of those resolved ``since`` the ones that ``stay``;
    the ids of all; the room's checklists."""
    over = (told_of(store.all_of(name)) for name in store.resolved_since(since))
    told = (
        *(told_of(store.all_of(name)) for name in store.open_incidents()),
        *(one for one in over if one.incident is not None and stays(one.incident)),
    )
    lists = Lists()
    for entry in store.all_of(""):
        lists = fold_lists(lists, entry)
    return Loaded(told, store.incidents(), lists, store.head().seq, tuple(store.acts()))


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
