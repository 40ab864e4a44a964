"""What the room writes into its incidents unasked: what the watch saw, and reminders."""

from collections.abc import Callable, Iterable

from warroom.clock import Clock, asleep
from warroom.engine.board import Board
from warroom.engine.book import Book
from warroom.engine.facts import Wellness
from warroom.engine.history import Journal
from warroom.engine.observer import Observer, Sighting
from warroom.engine.stepping import LEAST, Steps
from warroom.incident.actor import WARROOM, Actor
from warroom.incident.entries import Body, Draft, Observed
from warroom.incident.nags import due
from warroom.incident.procedures import Procedures


class Chronicle:
    """Writes into every incident that is open."""

    def __init__(
        self,
        board: Board,
        clock: Clock,
        book: Book,
        keeper: Journal,
        *,
        asleep: Callable[[], float] = asleep,
    ) -> None:
        """``asleep`` tells for how many seconds the machine has slept."""
        self._board, self._clock, self._book, self._keeper = board, clock, book, keeper
        self._observer = Observer()
        self._steps, self._asleep = Steps(), asleep
        self.wellness = Wellness()
        self.procedures = Procedures()

    def before(self, incident: str) -> list[Draft]:
        """The half hour before, as entries of an incident that is being declared."""
        return [
            self._draft(incident, sighting.body, sighting)
            for sighting in self._observer.before(self._board.past(), self._board.wall(0.0))
        ]

    def saw(self) -> None:
        """The board's past has news: they go into every incident that is open."""
        news = self._observer.news(
            self._board.past(), self._board.wall(0.0), self._clock.monotonic()
        )
        self._write(news)

    def look(self) -> None:
        """What time alone brings: who flapped and does no more, and reminders that are due."""
        now, room = self._clock.now(), self._board.room()
        monotonic = self._clock.monotonic()
        self._look_at_clock()
        self.wellness.follow(room, monotonic)
        if self._observer.flapping:
            levels = {view.name: view.level for view in self._board.views(self._observer.flapping)}
            self._write(self._observer.calmed(levels, now, monotonic))
        waiting = self._keeper.waiting
        for incident in self._book.shown:
            mine = [draft for draft in waiting if draft.incident == incident.id]
            ahead = self._book.with_drafts(incident.id, mine) or incident
            nags = due(ahead, self.procedures, self._board.scale, now)
            self._keeper.keep([self._draft(incident.id, nag) for nag in nags])

    def _look_at_clock(self) -> None:
        """Whether it was set; not by two readings that lie apart because nobody ran between."""
        first, now, last = self._clock.monotonic(), self._clock.now(), self._clock.monotonic()
        if last - first < LEAST / 2:
            for words in self._steps.look(now, last, self._asleep()):
                self._engine(words)

    def noted(self, actor: Actor, words: str, source: str) -> None:
        """Somebody did something to the watch: an entry of theirs in every open incident."""
        body = Observed(what="acknowledged", text=words, source=source)
        now = self._clock.now()
        self._keeper.keep(
            [
                Draft(incident=incident.id, happened=now, actor=actor, body=body)
                for incident in self._book.open
            ]
        )

    def begins(self) -> None:
        """The engine has read its journal: what was before, nobody has watched."""
        self._engine("the engine started: what happened while it was away was not watched")

    def ends(self, reason: str) -> None:
        """The engine ends."""
        self._engine(f"the engine ends, nothing is watched from here on: {reason}")

    def _engine(self, words: str) -> None:
        self._write([Sighting(self._clock.now(), Observed(what="engine", text=words))])

    def _write(self, sightings: Iterable[Sighting]) -> None:
        found = tuple(sightings)
        for incident in self._book.open if found else ():
            self._keeper.keep([self._draft(incident.id, s.body, s) for s in found])

    def _draft(self, incident: str, body: Body, sighting: Sighting | None = None) -> Draft:
        at = sighting.at if sighting is not None else self._clock.now()
        return Draft(incident=incident, happened=at, actor=WARROOM, body=body)
