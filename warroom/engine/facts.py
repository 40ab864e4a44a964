"""What the watch knows of whether an incident is over."""

from collections.abc import Sequence
from datetime import UTC, datetime

from warroom.engine.board import Board
from warroom.incident.acting.still_on import On
from warroom.incident.gate import Facts
from warroom.incident.procedures import Gate
from warroom.severity import OK
from warroom.wire import RoomView, SourceView

ALWAYS = datetime.fromtimestamp(0, UTC)


class Wellness:
    """Since when every signal has been OK, in monotonic time: no clock that is set makes it
    longer. Mutable, told of every look at the room."""

    def __init__(self) -> None:
        self.since: float | None = None

    def follow(self, room: RoomView, now: float) -> None:
        """How the room is now."""
        if room.worst != OK:
            self.since = None
        elif self.since is None:
            self.since = now


def facts(board: Board, gate: Gate, wellness: Wellness, on: Sequence[On] = ()) -> Facts:
    """What the gate asks for. In a room that watches nothing, nothing is against it."""
    still = tuple(f"{one.name} {one.detail}".strip() for one in on if not one.kept)
    if not board.names:
        return Facts(well_since=ALWAYS, worst="nothing is watched", on=still)
    room = board.room()
    views = {view.name: view for view in board.views(frozenset(gate.checks))}
    return Facts(
        well_since=None if wellness.since is None else board.wall(wellness.since),
        worst="" if room.worst == OK else f"{room.worst_source or 'the room'} is {room.worst}",
        passed={name: _passed(views.get(name)) for name in gate.checks},
        on=still,
    )


def _passed(view: SourceView | None) -> datetime | None:
    """When the source was last seen to be well; None when its newest poll did not say so."""
    if view is None or view.snapshot is None or view.level != OK or view.state != "UP":
        return None
    return view.snapshot.taken_at
