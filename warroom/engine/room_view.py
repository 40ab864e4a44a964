"""What is true of the whole room, from what is true of its sources: pure."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from warroom.config.settings import RoomSettings
from warroom.engine.entry import Entry
from warroom.severity import OK, UNSEEN, Scale
from warroom.text import safe
from warroom.wire import Proof, RoomView


def room_view(
    room: RoomSettings,
    entries: tuple[Entry, ...],
    scale: Scale,
    problems: tuple[str, ...],
    cut_off: str,
    wall: Callable[[float], datetime],
) -> RoomView:
    """The room's worst level and its cause, acknowledged ones included.

    A room in which nothing is looked at is not OK: nothing of it can be seen. What is only
    asked on request can say that something is wrong, and never that all is well.
    """
    proof, said = _proof(room.environment, entries)
    view = RoomView(
        name=safe(room.name),
        environment=safe(room.environment),
        proof=proof,
        environment_seen=said,
        problems=problems,
        cut_off=cut_off,
    )
    watched = any(not entry.settings.on_request for entry in entries)
    counted = [e for e in entries if not e.settings.on_request or e.standing.level != OK]
    worst = scale.worst(entry.standing.level for entry in counted)
    if not watched and scale.rank(worst) < scale.rank(UNSEEN):
        cause = "nothing is looked at by itself" if entries else "nothing is being looked at"
        return replace(view, worst=UNSEEN, cause=cause)
    if worst == OK:
        return view
    first = min(
        (entry for entry in counted if entry.standing.level == worst),
        key=lambda entry: entry.standing.since,
    )
    since = wall(first.standing.since)
    if cut_off and worst == UNSEEN:
        return replace(view, worst=worst, cause="this room is cut off", since=since)
    cause = first.standing.cause
    return replace(view, worst=worst, worst_source=first.name, cause=cause, since=since)


def _proof(environment: str, entries: Iterable[Entry]) -> tuple[Proof, str]:
    """Whether a connection itself names the environment; one that differs outweighs all.

    What was said before a source could not be seen any more proves nothing of now.
    """
    known = (entry for entry in entries if entry.standing.state != UNSEEN)
    seen = [entry.snapshot.seen for entry in known if entry.snapshot is not None]
    said = [s.environment for s in seen if s is not None and s.environment]
    other = next((name for name in said if name.casefold() != environment.casefold()), "")
    if other:
        return "mismatch", other
    return ("proven", said[0]) if said else ("configured", "")
