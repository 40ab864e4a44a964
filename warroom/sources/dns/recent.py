"""What each resolver has been answering lately: whether they agree, and what has changed. Pure.

Addresses of one name may rightly come and go: a pool answers with one of many, or with a few.
So resolvers **agree** on addresses when their answers have one in common, or when each one's
are among those that the other has given lately. (A resolver that still gives the old address
after a move does not agree: it has never given the new one.) All other records must be the same.

An address is a **change** when the resolver's answer before did not have it: a move, and the way
back. When that happened more than twice lately, the name rotates, and no single turn is a change
any more. Of all other records every difference is a change. "Lately" are 20 polls.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from warroom.connect.names.reply import Reply

POLLS = 20
"""Polls that are "lately": ten minutes at one every 30 s."""
TURNS = 2
"""Answers with other addresses in that time, above which the name is taken to rotate."""
Answers = frozenset[str]


class Recent:
    """The answers of each resolver in the last polls. ``rotates``: of this kind of record a
    resolver may rightly give some and now others, as of addresses."""

    def __init__(self, *, rotates: bool) -> None:
        self._may = rotates
        self._kept: dict[str, deque[Answers]] = {}

    def answered(self, resolver: str) -> bool:
        """Whether it has given answers lately, before this poll."""
        return any(self._kept.get(resolver, ()))

    def agree(self, replies: Sequence[Reply]) -> bool | None:
        """Whether those who say what the name is agree; None of fewer than two."""
        known = [reply for reply in replies if reply.definite]
        if len(known) < 2:
            return None
        return all(self._same(one, other) for one, other in combinations(known, 2))

    def take(self, replies: Sequence[Reply]) -> list[str]:
        """Keep this poll's answers; what has changed since the last one, in words:
        ``203.0.113.7 → 203.0.113.9 by 10.0.0.2``."""
        found: dict[str, list[str]] = {}
        for reply in replies:
            if not reply.definite:
                continue
            kept = self._kept.setdefault(reply.resolver, deque(maxlen=POLLS))
            if kept and self._is_change(kept, reply.answers):
                after = shown(reply.answers) if reply.answers else reply.trouble
                before = shown(kept[-1]) if kept[-1] else "(none)"
                found.setdefault(f"{before} → {after}", []).append(reply.resolver)
            kept.append(reply.answers)
        return [f"{what} by {', '.join(whom)}" for what, whom in found.items()]

    def turning(self) -> int:
        """How many different answers came lately of a name that rotates; 0 when it does not."""
        if not any(_rotates(kept) for kept in self._kept.values()):
            return 0
        return len(_union(answers for kept in self._kept.values() for answers in kept))

    def _same(self, one: Reply, other: Reply) -> bool:
        if one.answers == other.answers:
            return True
        if not self._may:
            return False
        if one.answers & other.answers:
            return True
        ways = ((one, other), (other, one))
        return all(a.answers & _union(self._kept.get(b.resolver, ())) for a, b in ways)

    def _is_change(self, kept: deque[Answers], now: Answers) -> bool:
        if not self._may or not now or not kept[-1]:
            return now != kept[-1]
        return bool(now - kept[-1]) and not _rotates(kept)


def shown(answers: Iterable[str], most: int = 4) -> str:
    """The first of them in order, and how many there are besides."""
    texts = sorted(answers)
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more} more" if more > 0 else "")


def _union(sets: Iterable[Answers]) -> Answers:
    return frozenset[str]().union(*sets)


def _rotates(kept: Iterable[Answers]) -> bool:
    """Whether there came, more than a few times, an address that the answer before had not."""
    known = [answers for answers in kept if answers]
    return sum(bool(after - before) for before, after in pairwise(known)) > TURNS
