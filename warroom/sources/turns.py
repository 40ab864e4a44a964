"""Another one than before, or several that take turns behind one address? Pure."""

from collections import deque
from itertools import pairwise
from typing import Generic, TypeVar

LATELY = 20
"""Answers that are "lately"."""
TURNS = 4
"""Changes in that time after which several are taken to take turns."""
T = TypeVar("T")


class Turns(Generic[T]):
    """What one thing was in the last answers that told it: a version, a certificate. The way back
    is a change like the way there. Where two take turns, as while a release is rolled out, the
    last turn that is told says so, and no later one is told but to something new."""

    def __init__(self) -> None:
        self._kept: deque[T] = deque(maxlen=LATELY)

    def change(self, now: T | None) -> tuple[T, T, str] | None:
        """What it was before and is now, and what more is to be said; None if it is no news."""
        if now is None:
            return None
        kept = tuple(self._kept)
        self._kept.append(now)
        if not kept or kept[-1] == now:
            return None
        turns = 1 + sum(one != other for one, other in pairwise(kept))
        if now not in kept or turns < TURNS:
            return kept[-1], now, ""
        return (kept[-1], now, ", by turns") if turns == TURNS else None
