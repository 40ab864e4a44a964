"""The last half hour: which trouble came first, what changed, which level was taken when.

Kept at all times, incident or none, so that whoever declares one can look back.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from warroom.measure.change import Change
from warroom.measure.past import KEPT, MARKED, Noticed, Onset, Past, Step
from warroom.severity import Level, Scale

AGAIN = 300.0
"""Seconds within which a trouble that comes back is the same one: it did not just begin."""
MOST = 200
"""Of each list so many are kept; a trouble that lasts always is. Where there are more, the
oldest go of the source that has the most: one that flaps must not push out the deployment."""

T = TypeVar("T")
Wall = Callable[[float], datetime]
"""A monotonic time as wall-clock time."""


@dataclass(frozen=True)
class Trouble:
    """What is wrong with one figure now. ``at`` is the monotonic time of its first bad poll."""

    rule: str
    level: Level
    at: float


@dataclass(frozen=True)
class _Episode:
    """One trouble from its first bad poll on; ``until`` is None while it lasts."""

    source: str
    signal: str
    rule: str
    level: Level
    at: float
    until: float | None = None


class Record:
    """Mutable, owned by the board. All times are monotonic, but those of changes."""

    def __init__(self) -> None:
        self._episodes: list[_Episode] = []
        self._changes: list[tuple[float, Noticed]] = []
        self._steps: list[tuple[float, str, Level, Level, str]] = []
        self._told: dict[str, frozenset[Change]] = {}

    def follow(
        self, source: str, troubles: Mapping[str, Trouble], now: float, scale: Scale
    ) -> bool:
        """What is wrong with this source now, by signal; whether that is news."""
        before = list(self._episodes)
        open_ones = {e.signal: e for e in before if e.source == source and e.until is None}
        begun = {trouble.at for signal, trouble in troubles.items() if signal not in open_ones}
        for signal in open_ones.keys() - troubles.keys():
            known = open_ones[signal]
            if known.at in begun:  # what begins then is the same trouble, by a better name
                self._episodes.remove(known)
            else:
                self._put(known, replace(known, until=now))
        for signal, trouble in troubles.items():
            episode = open_ones.get(signal) or self._back(source, signal, trouble.at)
            if episode is None:
                new = _Episode(source, signal, trouble.rule, trouble.level, trouble.at)
                self._episodes.append(new)
                continue
            level = max(episode.level, trouble.level, key=scale.rank)
            self._put(episode, replace(episode, rule=trouble.rule, level=level, until=None))
        self._episodes.sort(key=lambda episode: episode.at)
        return self._episodes != before

    def step(self, source: str, before: Level, level: Level, cause: str, now: float) -> None:
        """A source's level changed."""
        steps = [*self._steps, (now, source, before, level, cause)]
        self._steps = _fewer(steps, lambda step: step[1])

    def notice(self, source: str, changes: Iterable[Change], now: float) -> tuple[Change, ...]:
        """What this source says has changed; those of them that are news. What it says for
        longer than is kept here is none."""
        known = {noticed.change for _, noticed in self._changes if noticed.source == source}
        told = tuple(dict.fromkeys(changes))
        known |= self._told.get(source, frozenset())
        self._told[source] = frozenset(told)
        news = [change for change in told if change not in known]
        found = [*self._changes, *((now, Noticed(source, change)) for change in news)]
        found.sort(key=lambda pair: pair[1].change.at)
        self._changes = _fewer(found, lambda pair: pair[1].source)
        return tuple(news)

    def forget(self, now: float) -> bool:
        """Let go of what is too long ago; whether something was."""
        count = len(self)
        oldest = now - KEPT
        over = [e for e in self._episodes if e.until is not None and e.until >= oldest]
        kept = set(_fewer(over, lambda episode: episode.source))
        self._episodes = [e for e in self._episodes if e.until is None or e in kept]
        self._changes = [pair for pair in self._changes if pair[0] >= oldest]
        self._steps = [step for step in self._steps if step[0] >= oldest]
        return len(self) != count

    def __len__(self) -> int:
        return len(self._episodes) + len(self._changes) + len(self._steps)

    def deployments(self) -> tuple[Change, ...]:
        """The changes that are marks in graphs, oldest first."""
        return tuple(n.change for _, n in self._changes if n.change.kind in MARKED)

    def view(self, wall: Wall) -> Past:
        """All of it, in wall-clock time."""
        return Past(
            onsets=tuple(_onset(episode, wall) for episode in self._episodes),
            changes=tuple(noticed for _, noticed in self._changes),
            levels=tuple(
                Step(source=source, at=wall(at), before=before, level=level, cause=cause)
                for at, source, before, level, cause in self._steps
            ),
        )

    def _back(self, source: str, signal: str, at: float) -> _Episode | None:
        """The same trouble, if it was let go only just."""
        return next(
            (
                episode
                for episode in reversed(self._episodes)
                if (episode.source, episode.signal) == (source, signal)
                and episode.until is not None
                and at - episode.until <= AGAIN
            ),
            None,
        )

    def _put(self, old: _Episode, new: _Episode) -> None:
        self._episodes[self._episodes.index(old)] = new


def _fewer(found: list[T], source_of: Callable[[T], str]) -> list[T]:
    """At most ``MOST``, in the same order."""
    if len(found) <= MOST:
        return found
    counts = Counter(map(source_of, found))
    gone: Counter[str] = Counter()
    for _ in range(len(found) - MOST):
        most = max(counts, key=counts.__getitem__)
        counts[most] -= 1
        gone[most] += 1
    kept = []
    for one in found:
        if gone[source_of(one)] > 0:
            gone[source_of(one)] -= 1
        else:
            kept.append(one)
    return kept


def _onset(episode: _Episode, wall: Wall) -> Onset:
    return Onset(
        source=episode.source,
        signal=episode.signal,
        rule=episode.rule,
        level=episode.level,
        at=wall(episode.at),
        until=None if episode.until is None else wall(episode.until),
    )


def monotonic_of(at: datetime, wall: Wall) -> float:
    """The monotonic time of a wall-clock one: the way back."""
    return (at - wall(0.0)) / timedelta(seconds=1)
