"""Incidents read: of the engine where one runs, else from the journal's own file."""

import asyncio
from collections.abc import Sequence

from warroom import __version__
from warroom.attach.client import Connection, NoEngineError, connect
from warroom.attach.room import RoomPaths
from warroom.cli.choosing import to_read
from warroom.cli.room import RefusedError
from warroom.errors import JournalError
from warroom.incident.entries import Entry
from warroom.incident.fold import fold
from warroom.incident.incident import Incident, Summary, summary
from warroom.journal.reading import Reading
from warroom.wire import NEWEST, PROTOCOL, Answer, GetEntries, GetIncidents, Hello, Request


def summaries(paths: RoomPaths) -> tuple[Summary, ...]:
    """All incidents there ever were, newest first."""
    try:
        return asyncio.run(_asked_summaries(paths))
    except NoEngineError:
        return _read_summaries(paths)


def history(
    paths: RoomPaths, name: str, limit: int | None = None
) -> tuple[Incident, tuple[Entry, ...]]:
    """The incident of that id with its entries, oldest first: the newest ``limit``, or all.

    Without a name it is the one that is open, or the newest. Raises ``NotDoneError``.
    """
    try:
        return asyncio.run(_asked_history(paths, name, limit))
    except NoEngineError:
        return _read_history(paths, name, limit)


# of the engine --------------------------------------------------------------------------


def _hello() -> Hello:
    return Hello(protocol=PROTOCOL, version=__version__, want="watch", role="command")


async def _asked_summaries(paths: RoomPaths) -> tuple[Summary, ...]:
    async with await connect(paths, _hello()) as connection:
        return (await _answer(connection, GetIncidents(ref=0))).incidents


async def _asked_history(
    paths: RoomPaths, name: str, limit: int | None
) -> tuple[Incident, tuple[Entry, ...]]:
    async with await connect(paths, _hello()) as connection:
        known = (await _answer(connection, GetIncidents(ref=0))).incidents
        chosen = to_read(known, name).id
        answer = await _answer(connection, GetEntries(ref=0, incident=chosen))
        assert answer.incident is not None
        entries = answer.entries
        while _wants_more(entries, limit):
            before = entries[0].number
            older = await _answer(connection, GetEntries(ref=0, incident=chosen, before=before))
            entries = older.entries + entries
        return answer.incident, newest(entries, limit)


def _wants_more(entries: Sequence[Entry], limit: int | None) -> bool:
    enough = limit is not None and len(entries) >= limit
    return bool(entries) and entries[0].number > 1 and not enough


async def _answer(connection: Connection, request: Request) -> Answer:
    answer = await connection.request(request)
    if not answer.ok:
        raise RefusedError(answer.message)
    return answer


async def after(connection: Connection, name: str, number: int) -> tuple[Entry, ...]:
    """Every entry of the incident that comes after that number, oldest first."""
    found: tuple[Entry, ...] = ()
    while True:
        request = GetEntries(ref=0, incident=name, after=number)
        more = (await _answer(connection, request)).entries
        found += more
        if len(more) < NEWEST:
            return found
        number = more[-1].number


# from the file --------------------------------------------------------------------------


def _read_summaries(paths: RoomPaths) -> tuple[Summary, ...]:
    if not _is_there(paths):
        return ()
    reading = Reading(paths.journal)
    try:
        folded = (fold(reading.all_of(name)) for name in reading.incidents())
        found = [summary(incident) for incident in folded if incident is not None]
    finally:
        reading.close()
    return tuple(sorted(found, key=lambda one: one.declared, reverse=True))


def _is_there(paths: RoomPaths) -> bool:
    """Whether there is a journal yet. Raises ``JournalError`` where we may not even look."""
    try:
        paths.journal.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        words = f"{paths.journal} cannot be read: {error.strerror}"
        raise JournalError(words, f"ask its engine while it runs; {paths.who_may}") from error
    return True


def _read_history(
    paths: RoomPaths, name: str, limit: int | None
) -> tuple[Incident, tuple[Entry, ...]]:
    chosen = to_read(_read_summaries(paths), name).id
    reading = Reading(paths.journal)
    try:
        entries = tuple(reading.all_of(chosen))
    finally:
        reading.close()
    incident = fold(entries)
    if incident is None:
        raise JournalError(f"{chosen} cannot be read", "type: warroom verify")
    return incident, newest(entries, limit)


def newest(entries: tuple[Entry, ...], limit: int | None) -> tuple[Entry, ...]:
    """The last ``limit`` of them."""
    return entries if limit is None else entries[max(len(entries) - limit, 0) :]
