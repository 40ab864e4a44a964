"""Surveying and moving jobs one by one: the same for all layouts that list them."""

from collections.abc import Sequence

from warroom.connect.queues.remedies.terms import (
    CHANGED,
    GONE,
    LISTED,
    MOVED,
    Candidate,
    Listing,
    Remedied,
    Survey,
    Target,
)
from warroom.connect.queues.talk import ErrorReply, Look, Reply
from warroom.connect.wording import outside

AT_ONCE = 20
"""Jobs that are moved in one round trip: their payloads may be long."""
BETWEEN = 50
"""More than are touched are listed when a remedy runs, for others may have come before them."""


def surveyed(listing: Listing) -> Survey:
    targets = tuple(each.target for each in listing.candidates[:LISTED])
    notes = list(listing.notes)
    if listing.total > len(targets):
        notes.append(f"the first {len(targets):,} of {listing.total:,}")
    return Survey(
        targets=targets,
        total=listing.total,
        of=listing.of,
        commands=listing.commands,
        undo=listing.undo,
        notes=tuple(notes),
    )


def moved(listing: Listing, targets: Sequence[Target]) -> Look[Remedied]:
    """Moves those of ``targets`` that ``listing``, which was made after them, has as they were."""
    found = {(each.target.identity, each.target.mark): each for each in listing.candidates}
    alike = {each.target.identity for each in listing.candidates}
    there: list[Candidate] = []
    refused: list[str] = []
    for target in targets[:LISTED]:
        if (candidate := found.get((target.identity, target.mark))) is not None:
            there.append(candidate)
        else:
            refused.append(_no(target, CHANGED if target.identity in alike else GONE))
    touched = 0
    for first in range(0, len(there), AT_ONCE):
        some = there[first : first + AT_ONCE]
        replies = yield tuple(each.command for each in some)
        for candidate, reply in zip(some, replies, strict=True):
            if reply == MOVED:
                touched += 1
            else:
                refused.append(_no(candidate.target, _why(listing, reply)))
    return Remedied(touched, tuple(refused), _came(touched, len(refused)))


def _why(listing: Listing, reply: Reply) -> str:
    if isinstance(reply, ErrorReply):
        return outside(reply.words)
    if isinstance(reply, int):
        return {0: GONE, -1: CHANGED, **listing.why}.get(reply, CHANGED)
    return "its script was answered with something else than it replies"


def _no(target: Target, why: str) -> str:
    return f"{target.identity}: {why}"


def _came(touched: int, refused: int) -> str:
    moved = f"{touched:,} {'job' if touched == 1 else 'jobs'} moved"
    return f"{moved}, {refused:,} refused" if refused else moved
