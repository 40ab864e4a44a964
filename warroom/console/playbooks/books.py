"""What this console knows of playbooks beside what the engine tells: all of them as they were asked
for, what was set aside, what is on its way. Frozen, and changed by pure functions. Light: the first
frame waits for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from warroom.incident.following import Followed, PlaybookStep
from warroom.playbooks.playbook import Playbook
from warroom.playbooks.standing import Proposal, Shelf

ASKING = "asking the engine"
"""What is said of the shelf while it is being asked for."""
LINGERS = timedelta(seconds=3)
"""For so long what was posted counts after it has left the desk: its entry comes a moment later."""


ANEW = timedelta(minutes=10)
"""For so long a proposal that comes and goes is the same trouble as when it first came."""


class Aside(msgspec.Struct, frozen=True):
    """A proposal that was set aside: how much of it held then, and of what it was told, without
    its figures, which move."""

    playbook: str
    since: datetime
    held: int
    score: int
    told: frozenset[str] = frozenset()

    def covers(self, proposal: Proposal) -> bool:
        """Whether it is still what was set aside: the same trouble, no symptom more, and of
        nothing else: another queue, or another reason, is news."""
        return (
            self.same_trouble(proposal)
            and len(proposal.evidence) <= self.held
            and proposal.score <= self.score
            and _of_what(proposal) <= self.told
        )

    def same_trouble(self, proposal: Proposal) -> bool:
        """Whether it is of the same playbook, and began with it or soon after: one that is just at
        its limit comes and goes."""
        later = proposal.since - self.since
        return proposal.playbook == self.playbook and timedelta() <= later < ANEW


def _of_what(proposal: Proposal) -> frozenset[str]:
    """The words of its evidence without figures, their units and how long it has been so: those
    change from look to look."""
    found: set[str] = set()
    for piece in proposal.evidence:
        before = ""
        for word in piece.split():
            if word != "for" and not word[0].isdecimal() and not before[:1].isdecimal():
                found.add(word.strip("():;,"))
            before = word
    return frozenset(found)


class Sent(msgspec.Struct, frozen=True):
    """What was posted here, into which incident and when."""

    incident: str
    body: Followed | PlaybookStep
    at: datetime

    @property
    def about(self) -> tuple[str, str, str]:
        """What a newer one takes the place of."""
        step = self.body.step if isinstance(self.body, PlaybookStep) else ""
        return self.incident, self.body.playbook, step


class Result(msgspec.Struct, frozen=True):
    """What a check came to that was asked for here; ``ok`` is whether it was run, and is written
    down. Where it is not, the words say why."""

    ok: bool
    words: str
    output: str
    at: datetime


class Books(msgspec.Struct, frozen=True):
    """All of it. ``said`` is what there is to say of the shelf itself: that it is being asked for,
    or cannot be had; ``came`` is when it last came. ``current`` is the playbook that the pane
    shows. ``running`` are the checks that were asked for, ``results`` what came of them."""

    shelf: Shelf | None = None
    said: str = ""
    came: datetime | None = None
    asides: tuple[Aside, ...] = ()
    sent: tuple[Sent, ...] = ()
    current: str = ""
    running: frozenset[str] = frozenset()
    results: dict[str, Result] = {}

    @property
    def was_asked(self) -> bool:
        """Whether the shelf was ever asked for: with another configuration it is another."""
        return self.shelf is not None or bool(self.said)

    def playbook(self, name: str) -> Playbook | None:
        """The one of that name, as it was last asked for."""
        known = self.shelf.playbooks if self.shelf is not None else ()
        return next((one for one in known if one.name == name), None)

    def aside(self, proposal: Proposal) -> bool:
        """Whether it was set aside."""
        return any(one.covers(proposal) for one in self.asides)

    def setting_aside(self, proposal: Proposal) -> "Books":
        """With that one set aside, for as long as it is this trouble; what was set aside of it
        before stays so."""
        name = proposal.playbook
        known = (a.told for a in self.asides if a.same_trouble(proposal))
        told = _of_what(proposal).union(*known)
        one = Aside(name, proposal.since, len(proposal.evidence), proposal.score, told)
        others = tuple(a for a in self.asides if a.playbook != name)
        return replace(self, asides=(*others, one))

    def taking_back(self, name: str) -> "Books":
        """With that one proposed again."""
        return replace(self, asides=tuple(a for a in self.asides if a.playbook != name))

    def sending(self, one: Sent) -> "Books":
        """With that posted; of a step, and of a playbook as a whole, the newest counts."""
        others = tuple(o for o in self.sent if o.about != one.about)
        return replace(self, sent=(*others, one))

    def began(self, key: str) -> "Books":
        """With a check under way."""
        return replace(self, running=self.running | {key})

    def ended(self, key: str, result: Result) -> "Books":
        """With what came of it."""
        return replace(self, running=self.running - {key}, results={**self.results, key: result})

    def settled(self, now: datetime, outgoing: Iterable[object]) -> "Books":
        """Without what was posted so long ago that its entry has come, or that was refused."""
        waiting = tuple(outgoing)
        kept = tuple(o for o in self.sent if o.body in waiting or now - o.at < LINGERS)
        return self if len(kept) == len(self.sent) else replace(self, sent=kept)


def standing(
    proposals: Iterable[Proposal], books: Books, followed: Iterable[str]
) -> tuple[Proposal, ...]:
    """The proposals that somebody should be told of: neither followed nor set aside."""
    taken = set(followed)
    return tuple(one for one in proposals if one.playbook not in taken and not books.aside(one))
