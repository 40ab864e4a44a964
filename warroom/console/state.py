"""What the console knows: the engine's board, when it came, and whether the link stands.

Frozen, and folded from messages by pure functions, so that every screen can be drawn
from a value in a test.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from warroom.incident.acting.kinds import ActionView
from warroom.incident.acting.runs import RunView
from warroom.incident.acting.still_on import On
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident, Lists
from warroom.incident.procedures import Procedures
from warroom.measure.past import Past
from warroom.measure.snapshot import Failure
from warroom.playbooks.standing import Proposal
from warroom.severity import SEV, UNSEEN, Level, Scale
from warroom.wire import Acting, Board, Changed, Goodbye, RoomView, SourceView, Timeline, Welcome

STAYS = timedelta(minutes=10)
"""For so long an incident that was resolved stays on the screen by itself."""
MOST_RUNS = 30
"""Runs that are kept, the newest."""
LinkState = Literal["connecting", "attached", "lost"]


class Link(msgspec.Struct, frozen=True):
    """The connection to the engine. ``reason`` says why it is not attached."""

    state: LinkState = "connecting"
    reason: str = ""
    welcome: Welcome | None = None

    @property
    def mark(self) -> str:
        """Two or three words for the header."""
        return {"connecting": "starting", "attached": "engine", "lost": "NO ENGINE"}[self.state]


class Acts(msgspec.Struct, frozen=True):
    """What can be done, is being done, and is still on. ``received`` is the monotonic time of the
    newest word of it; ``refused`` says why this console may not act at all; ``blind`` is whether
    nobody tells of the runs now."""

    actions: tuple[ActionView, ...] = ()
    runs: tuple[RunView, ...] = ()
    on: tuple[On, ...] = ()
    locked: bool = False
    armed: float | None = None
    refused: str = ""
    received: float = 0.0
    run_received: dict[str, float] = {}
    blind: bool = False

    def taking(self, message: Acting, now: float) -> "Acts":
        fresh = {run.run: run for run in message.runs}
        kept = {} if message.whole else {run.run: run for run in self.runs}
        if message.shown is not None:
            kept = {name: run for name, run in kept.items() if name in message.shown}
        runs = sorted((kept | fresh).values(), key=lambda run: run.began)
        known = {} if message.whole else self.run_received
        received = known | dict.fromkeys(fresh, now)
        return Acts(
            actions=self.actions if message.actions is None else message.actions,
            runs=tuple(runs[-MOST_RUNS:]),
            on=message.on,
            locked=message.locked,
            armed=message.armed,
            refused=message.refused,
            received=now,
            run_received={run.run: received[run.run] for run in runs[-MOST_RUNS:]},
        )

    def action(self, name: str) -> ActionView | None:
        return next((one for one in self.actions if one.name == name), None)

    def run(self, name: str) -> RunView | None:
        return next((one for one in self.runs if one.run == name), None)

    def left(self, run: RunView, now: float) -> float | None:
        """For how many seconds it may still run; None where it has ended, or nobody tells."""
        if run.left is None or self.blind:
            return None
        return max(run.left - (now - self.run_received.get(run.run, now)), 0.0)

    def armed_for(self, now: float) -> float:
        """For how many seconds this console is armed."""
        return max((self.armed or 0.0) - (now - self.received), 0.0)


class RoomState(msgspec.Struct, frozen=True):
    """The whole of it. ``received`` is the monotonic time each source's view arrived.

    ``incidents`` are those that are shown, in the order they were declared; ``entries`` the
    newest of each, oldest first and without a gap (older ones are asked for).
    """

    room: RoomView | None = None
    sources: tuple[SourceView, ...] = ()
    scale: Scale = SEV
    link: Link = Link()
    received: dict[str, float] = {}
    past: Past = Past()
    procedures: Procedures = Procedures()
    incidents: tuple[Incident, ...] = ()
    entries: dict[str, tuple[Entry, ...]] = {}
    lists: Lists = Lists()
    acts: Acts = Acts()
    proposals: tuple[Proposal, ...] = ()
    """The playbooks that fit what is seen, the best first."""
    told: bool = False
    """Whether the engine has said which incidents there are."""
    shared: bool = False
    """Whether others see this screen, too: nothing but what the engine has masked is taken."""

    def taking(
        self, message: Welcome | Board | Changed | Timeline | Acting, now: float
    ) -> "RoomState":
        """With one message of the engine applied."""
        if isinstance(message, Timeline):
            return self._telling(message)
        if isinstance(message, Acting):
            return msgspec.structs.replace(self, acts=self.acts.taking(message, now))
        if isinstance(message, Welcome):
            return msgspec.structs.replace(
                self, scale=message.scale, link=Link("attached", welcome=message), told=False
            )
        if isinstance(message, Board):
            return msgspec.structs.replace(
                self,
                room=message.room,
                sources=message.sources,
                scale=message.scale or self.scale,
                received={view.name: now for view in message.sources},
                past=message.past,
                procedures=message.procedures,
                proposals=message.proposals,
            )
        fresh = {view.name: view for view in message.sources}
        return msgspec.structs.replace(
            self,
            room=message.room or self.room,
            sources=tuple(fresh.get(view.name, view) for view in self.sources),
            received={**self.received, **dict.fromkeys(fresh, now)},
            past=message.past or self.past,
            proposals=self.proposals if message.proposals is None else message.proposals,
        )

    def _telling(self, message: Timeline) -> "RoomState":
        # What is over and was fetched by choice, the engine does not tell by itself.
        kept = [one for one in self.incidents if not (message.whole and one.open)]
        entries = {one.id: self.entries.get(one.id, ()) for one in kept}
        known = {one.id: one for one in (*kept, *message.incidents)}
        return msgspec.structs.replace(
            self,
            told=True,
            incidents=tuple(sorted(known.values(), key=lambda one: one.declared)),
            entries=joined(entries, message.entries),
            lists=message.lists or self.lists,
        )

    def with_older(self, incident: str, older: tuple[Entry, ...]) -> "RoomState":
        """With entries that were asked for, if they end where the known ones begin."""
        known = self.entries.get(incident, ())
        if not older or (known and older[-1].number != known[0].number - 1):
            return self
        return msgspec.structs.replace(self, entries={**self.entries, incident: (*older, *known)})

    def lean(self, chosen: str, now: datetime) -> "RoomState":
        """Without the entries of what is long over and was not chosen, but for the last of each:
        they are asked for when it is. Else a console that stays for weeks keeps them all."""
        over = {
            one.id: self.entries.get(one.id, ())[-1:]
            for one in self.incidents
            if one.resolved is not None and now - one.resolved > STAYS and one.id != chosen
        }
        if all(len(self.entries.get(name, ())) == len(last) for name, last in over.items()):
            return self
        return msgspec.structs.replace(self, entries={**self.entries, **over})

    def incident(self, name: str) -> Incident | None:
        """The incident of that id, if it is shown."""
        return next((one for one in self.incidents if one.id == name), None)

    def shown(self, chosen: str, now: datetime) -> Incident | None:
        """The incident that was chosen by its id, else the worst of those that are open, else the
        one that was resolved last, for a while: people want to see that it is over."""
        found = [one for one in self.incidents if one.open]
        worst = max(found, key=lambda one: (self.scale.rank(one.level), one.declared), default=None)
        over = [(one.resolved, one) for one in self.incidents if one.resolved is not None]
        at, last = max(over, key=lambda pair: pair[0], default=(None, None))
        fresh = last if at is not None and now - at < STAYS else None
        return self.incident(chosen) or worst or fresh

    def losing(self, reason: str) -> "RoomState":
        """The engine is gone: nothing can be seen any more, and everything says so."""
        words = f"no word from the engine: {reason}"
        return msgspec.structs.replace(
            self,
            link=Link("lost", reason),
            acts=msgspec.structs.replace(self.acts, blind=True),
            proposals=(),
            sources=tuple(_unseen(view, words) for view in self.sources),
            room=self.room
            and msgspec.structs.replace(self.room, worst=UNSEEN, worst_source="", cause=words),
        )

    def age(self, view: SourceView, now: float) -> float | None:
        """Seconds since the figures of this source were taken; None when there are none."""
        if view.age is None:
            return None
        return max(0.0, view.age + now - self.received.get(view.name, now))

    def named(self, name: str) -> SourceView | None:
        return next((view for view in self.sources if view.name == name), None)

    @property
    def worst(self) -> Level:
        return self.room.worst if self.room else UNSEEN


def joined(
    known: dict[str, tuple[Entry, ...]], news: tuple[Entry, ...]
) -> dict[str, tuple[Entry, ...]]:
    """The known entries of each incident with the new ones behind them. What comes twice counts
    once; where a gap would be, what is before it is let go, to be asked for again."""
    found = dict(known)
    fresh: dict[str, list[Entry]] = {}
    for entry in news:
        fresh.setdefault(entry.incident, []).append(entry)
    for incident, entries in fresh.items():
        kept = list(found.get(incident, ()))
        for entry in entries:
            last = kept[-1].number if kept else 0
            if entry.number > last + 1:
                kept = [entry]
            elif entry.number == last + 1:
                kept.append(entry)
        found[incident] = tuple(kept)
    return found


def _unseen(view: SourceView, words: str) -> SourceView:
    return msgspec.structs.replace(
        view,
        state="CAN'T SEE",
        level=UNSEEN,
        cause=words,
        since=None,
        pending="",
        failure=Failure(phase="engine", reason=words),
    )


def farewell(message: Goodbye) -> str:
    """Why the engine left, as the header says it."""
    return message.reason or "it ended"
