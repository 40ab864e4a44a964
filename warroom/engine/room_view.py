"""What is true of the whole room, from what is true of its sources: pure."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from warroom.config.settings import RoomSettings
from warroom.engine.entry import Entry
from warroom.measure.snapshot import HttpSeen
from warroom.severity import OK, UNSEEN, Scale
from warroom.text import safe
from warroom.wire import Proof, RoomView


def room_view(
    room: RoomSettings,
    entries: tuple[Entry, ...],
    scale: Scale,
    problems: tuple[str, ...],
    wall: Callable[[float], datetime],
) -> RoomView:
    """The room's worst level and its cause, acknowledged ones included.

    A room in which nothing is looked at is not OK: nothing of it can be seen.
    """
    proof, said = _proof(room.environment, entries)
    view = RoomView(
        name=safe(room.name),
        environment=safe(room.environment),
        proof=proof,
        environment_seen=said,
        problems=problems,
    )
    asked = [entry for entry in entries if entry.asked]
    if not asked:
        return replace(view, worst=UNSEEN, cause="nothing is being looked at")
    worst = scale.worst(entry.standing.level for entry in asked)
    if worst == OK:
        return view
    first = min(
        (entry for entry in asked if entry.standing.level == worst),
        key=lambda entry: entry.standing.since,
    )
    return replace(
        view,
        worst=worst,
        worst_source=first.name,
        cause=first.standing.cause,
        since=wall(first.standing.since),
    )


def _proof(environment: str, entries: Iterable[Entry]) -> tuple[Proof, str]:
    """Whether a connection itself named the environment; one that differs outweighs all."""
    seen = [entry.snapshot.seen for entry in entries if entry.snapshot is not None]
    said = [s.environment for s in seen if isinstance(s, HttpSeen) and s.environment]
    other = next((name for name in said if name.casefold() != environment.casefold()), "")
    if other:
        return "mismatch", other
    return ("proven", said[0]) if said else ("configured", "")
