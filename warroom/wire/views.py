"""What is watched, as consoles see it."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.measure.comparison import Threshold
from warroom.measure.past import Mark
from warroom.measure.snapshot import Failure, Snapshot
from warroom.severity import OK, UNSEEN, Level
from warroom.sharing.kinds import Ident, Name, Person

State = Literal["UP", "DOWN", "CAN'T SEE", "MAINTENANCE"]
Proof = Literal["configured", "proven", "mismatch"]


class Limit(msgspec.Struct, frozen=True):
    """One step of a rule on a figure: the line to draw in its graph, and its name."""

    level: Level
    threshold: Threshold
    rule: str


class SignalView(msgspec.Struct, frozen=True, kw_only=True):
    """A signal with the level its rules give it, and the rule's words when not OK.

    ``of`` says which one it is where the figure is the worst of several. ``trend`` is its
    recent past, oldest first, None for a poll that did not see it; to five digits, for it
    is only drawn. ``limits`` are its rules' steps, worst first.
    """

    name: Name
    value: float | None
    unit: Ident = ""
    of: str = ""
    level: Level = OK
    cause: str = ""
    trend: tuple[float | None, ...] = ()
    limits: tuple[Limit, ...] = ()


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody has seen this red: it stays red and stops calling, until it worsens or ends."""

    by: Person
    reason: str
    level: Level
    at: datetime
    until: datetime


class SourceView(msgspec.Struct, frozen=True, kw_only=True):
    """One source as the board has it now.

    ``snapshot`` is the newest that saw something, kept when later polls fail; ``failure``
    is the newest poll's, None when it saw. ``age`` is how many seconds ago ``snapshot`` was
    taken when this was sent; None when nothing was ever seen. ``cause`` says in words why
    ``level`` is not OK, ``since`` when that level was taken, ``pending`` what is being
    counted towards ("1 of 2 polls to SEV1"). The first of ``signals`` is the main one.
    ``poll_p95`` is in seconds. ``marks`` are the deployments in the past of its figures.
    """

    name: Name
    title: str
    kind: Name
    interval: float
    state: State = "CAN'T SEE"
    level: Level = UNSEEN
    cause: str = ""
    since: datetime | None = None
    pending: str = ""
    on_request: bool = False
    snapshot: Snapshot | None = None
    failure: Failure | None = None
    age: float | None = None
    signals: tuple[SignalView, ...] = ()
    polls: int = 0
    failures: int = 0
    skipped: int = 0
    poll_p95: float | None = None
    acknowledged: Acknowledgement | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def trend(self) -> tuple[float | None, ...]:
        """The main figure's recent past."""
        return self.signals[0].trend if self.signals else ()

    @property
    def trend_unit(self) -> str:
        return self.signals[0].unit if self.signals else ""

    def signal(self, figure: str) -> SignalView | None:
        """The signal of that figure (the name without the source's), if it has it."""
        wanted = f"{self.name}.{figure}"
        return next((signal for signal in self.signals if signal.name == wanted), None)


class RoomView(msgspec.Struct, frozen=True, kw_only=True):
    """What is true of the whole room: its worst level and why, and what is wrong with us.

    ``worst_source`` names the source the worst level comes from. ``proof`` says whether a
    connection itself named the environment; ``environment_seen`` is what it said.
    ``problems`` are our own troubles (a broken plugin, a configuration that was refused).
    ``cut_off`` says in words why nothing of the world can be seen from here; empty when it can.
    """

    name: Name
    environment: Name
    proof: Proof = "configured"
    environment_seen: str = ""
    worst: Level = OK
    worst_source: Name = ""
    cause: str = ""
    since: datetime | None = None
    problems: tuple[str, ...] = ()
    cut_off: str = ""
