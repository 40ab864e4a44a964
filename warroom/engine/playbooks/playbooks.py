"""The playbooks of one room: matched from poll to poll, and proposed while they fit.

Nothing is run by itself here: a proposal is words on a screen, and an entry of what was seen.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from warroom.clock import Clock
from warroom.config.load import Config
from warroom.engine.board import Board
from warroom.engine.incidents import Incidents
from warroom.engine.playbooks.checks import Checks
from warroom.engine.playbooks.sights import sight
from warroom.incident.actor import WARROOM
from warroom.incident.entries import Draft, Observed, Said
from warroom.incident.following import Followed, PlaybookStep
from warroom.incident.nearest import meant, no_such
from warroom.playbooks.matching import Matching, kept, matched
from warroom.playbooks.playbook import Playbook
from warroom.playbooks.ranking import proposals, seen
from warroom.playbooks.sight import Sight
from warroom.playbooks.standing import Proposal, Shelf
from warroom.text import safe
from warroom.wire import SourceView

AGAIN = 1.0
"""Seconds after which the spans in the words of what fits are looked at again."""
TOLD = 600
"""Characters of an entry that a playbook fits."""
WRITTEN = 3
"""So many of those that fit are written down, the best: one trouble may look like thirty."""


class Playbooks:
    """``checks`` runs what their steps ask for."""

    def __init__(self, board: Board, clock: Clock, incidents: Incidents, checks: Checks) -> None:
        self._board, self._clock, self._incidents = board, clock, incidents
        self.checks = checks
        self._books: tuple[Playbook, ...] = ()
        self._sights: dict[str, Sight] = {}
        self._matching = Matching()
        self._moved = True
        """Whether anything has moved since what fits was looked at."""
        self._looked = clock.monotonic()

    def configure(self, config: Config) -> None:
        """Take a configuration. Of sources that are still there it stays known what held: until it
        is seen to be over."""
        self.checks.configure(config)
        self._books = config.playbooks
        self._matching = kept(self._matching, self._board.names)
        self._sights = {}
        self.saw(self._board.views())
        self._look()

    def saw(self, views: Iterable[SourceView]) -> None:
        """These sources have changed, or the past has."""
        now, scale = self._clock.monotonic(), self._board.scale
        for view in views:
            found = self._sights[view.name] = sight(view)
            self._matching = matched(self._matching, self._books, found, scale, now)
        self._moved = True

    def look(self) -> None:
        """What time alone brings; to be called about twice a second."""
        waited = self._clock.monotonic() - self._looked
        if self._moved or (self._board.proposals and waited >= AGAIN):
            self._look()
        self._write_down()

    def shelf(self) -> Shelf:
        """All there is, and how it stands now."""
        now, past = self._clock.monotonic(), self._board.past()
        return Shelf(
            playbooks=self._books,
            checks=self.checks.views,
            seen=seen(
                self._matching,
                self._books,
                tuple(self._sights.values()),
                past,
                self._board.scale,
                now,
                self._board.wall,
            ),
            proposals=self._board.proposals,
        )

    def completed(self, body: Said) -> Said:
        """What is said of a playbook, with the room's own spelling and what holds for it now.
        Raises ``IncidentError`` for one, or a step, that is not here: the incident knows none."""
        if isinstance(body, Followed) and body.state == "begun":
            book = self._book(body.playbook)
            fitting = next((p for p in self._board.proposals if p.playbook == book.name), None)
            evidence = body.evidence or (fitting.evidence if fitting is not None else ())
            return replace(body, playbook=book.name, title=book.title, evidence=evidence)
        if isinstance(body, PlaybookStep):
            book = self._book(body.playbook)
            steps = [step.text for step in book.steps]
            step = meant(body.step, steps)
            if step is None:
                raise no_such(f"step of {book.name}", body.step, steps)
            return replace(body, playbook=book.name, step=step)
        return body

    def _book(self, name: str) -> Playbook:
        names = [book.name for book in self._books]
        found = meant(name, names)
        if found is None:
            raise no_such("playbook", name, names)
        return next(book for book in self._books if book.name == found)

    def _look(self) -> None:
        self._moved, self._looked = False, self._clock.monotonic()
        self._board.propose(
            proposals(
                self._matching,
                self._books,
                tuple(self._sights.values()),
                self._board.past(),
                self._board.scale,
                self._looked,
                self._board.wall,
            )
        )

    def _write_down(self) -> None:
        """That a playbook fits, once for each incident that is open, however often it comes and
        goes; not of one that is followed there, nor of those for which little speaks."""
        fitting = self._board.proposals[:WRITTEN]
        for incident in self._incidents.book.open if fitting else ():
            waiting = [d for d in self._incidents.keeper.waiting if d.incident == incident.id]
            ahead = self._incidents.book.with_drafts(incident.id, waiting) or incident
            known = {*ahead.proposed, *(one.name for one in ahead.playbooks)}
            self._incidents.keeper.keep(
                [
                    _draft(incident.id, one, self._clock)
                    for one in fitting
                    if one.playbook not in known
                ]
            )


def _draft(incident: str, one: Proposal, clock: Clock) -> Draft:
    words = safe(f"playbook {one.title} fits: {'; '.join(one.evidence)}", TOLD)
    body = Observed(what="proposed", text=words, playbook=one.playbook)
    return Draft(incident=incident, happened=clock.now(), actor=WARROOM, body=body)
