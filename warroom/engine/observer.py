"""What the watch sees, as entries: levels, troubles, changes; each once, and bounded. Pure but
for what it remembers."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from warroom.incident.entries import Observed
from warroom.measure.past import Noticed, Onset, Past, Step
from warroom.severity import OK, UNSEEN, Level

MOST = 12
"""Entries of one source in ``SPAN``; one that flaps faster says so once, until it is still."""
SPAN = 300.0
"""Seconds."""
_Key = tuple[object, ...]
"""What tells one thing in the past from all others, whatever the machine's clock does."""


@dataclass(frozen=True)
class Sighting:
    """One thing that was seen, and when."""

    at: datetime
    body: Observed


class Observer:
    """Remembers what of the past was told already, who flaps, and who was well from the first."""

    def __init__(self) -> None:
        self._told: frozenset[_Key] = frozenset()
        self._recent: dict[tuple[str, bool], deque[float]] = {}
        self._flapping: set[tuple[str, bool]] = set()
        self._known: set[str] = set()
        self._beginnings: set[_Key] = set()
        """That a source is well at the engine's first look is no news."""

    def news(self, past: Past, zero: datetime, now: float) -> tuple[Sighting, ...]:
        """What is new in the past, oldest first. ``now`` is monotonic, ``zero`` the wall-clock time
        of the monotonic 0: when the machine's clock is set, all of the past moves with it."""
        for step in past.levels:
            if step.source not in self._known and (step.before, step.level) == (UNSEEN, OK):
                self._beginnings.add(_key_of(step, zero))
            self._known.add(step.source)
        found = self._found(past, zero)
        fresh = [sighting for key, sighting in found.items() if key not in self._told]
        self._told = frozenset(found)
        self._beginnings &= {_key_of(step, zero) for step in past.levels}
        fresh.sort(key=lambda sighting: sighting.at)
        return tuple(kept for sighting in fresh for kept in self._bounded(sighting, now))

    def before(self, past: Past, zero: datetime) -> tuple[Sighting, ...]:
        """Everything in the past, oldest first: what an incident's timeline begins with."""
        return tuple(sorted(self._found(past, zero).values(), key=lambda sighting: sighting.at))

    @property
    def flapping(self) -> frozenset[str]:
        """The sources of which no more is written for now."""
        return frozenset(source for source, _ in self._flapping)

    def calmed(self, levels: Mapping[str, Level], at: datetime, now: float) -> tuple[Sighting, ...]:
        """Those that flapped and do no more, with the level they came to rest at."""
        found = []
        for source, changes in sorted(self._flapping):
            if len(self._lately((source, changes), now)) <= MOST // 2:
                self._flapping.discard((source, changes))
                level = levels.get(source, UNSEEN)
                words = f"{source} has calmed down: {level}"
                body = Observed(what="flapping", source=source, text=words, level=level)
                found.append(Sighting(at, body))
        return tuple(found)

    def _found(self, past: Past, zero: datetime) -> dict[_Key, Sighting]:
        found = dict(_sightings(past, zero))
        return {key: seen for key, seen in found.items() if key not in self._beginnings}

    def _lately(self, kind: tuple[str, bool], now: float) -> deque[float]:
        recent = self._recent.setdefault(kind, deque())
        while recent and now - recent[0] > SPAN:
            recent.popleft()
        return recent

    def _bounded(self, sighting: Sighting, now: float) -> Iterator[Sighting]:
        """Levels and troubles of one source are bounded together, its changes by themselves: one
        that flaps must not hide a deployment."""
        body = sighting.body
        kind = body.source, body.what == "change"
        recent = self._lately(kind, now)
        recent.append(now)
        if kind in self._flapping:
            return
        if len(recent) <= MOST:
            yield sighting
            return
        self._flapping.add(kind)
        what = "changes on and on" if kind[1] else "goes to and fro"
        words = f"{body.source} {what}: no more of it is written until it calms down"
        flaps = Observed(what="flapping", source=body.source, text=words, level=body.level)
        yield Sighting(sighting.at, flaps)


def _key_of(step: Step, zero: datetime) -> _Key:
    return ("level", step.source, _after(step.at, zero), step.level)


def _after(at: datetime, zero: datetime) -> float:
    return round((at - zero).total_seconds(), 2)


def _sightings(past: Past, zero: datetime) -> Iterator[tuple[_Key, Sighting]]:
    """Each thing in the past by what tells it from others."""
    for step in past.levels:
        yield _key_of(step, zero), Sighting(step.at, _level(step))
    for onset in past.onsets:
        began = ("onset", onset.source, onset.signal, _after(onset.at, zero))
        yield began, Sighting(onset.at, _onset(onset))
        if onset.until is not None:
            yield (*began, "over"), Sighting(onset.until, _over(onset))
    for noticed in past.changes:
        change = noticed.change
        yield (
            ("change", noticed.source, change.at, change.what),
            Sighting(change.at, _change(noticed)),
        )


def _level(step: Step) -> Observed:
    why = f": {step.cause}" if step.cause and step.level != OK else ""
    text = f"{step.source} {step.before} → {step.level}{why}"
    return Observed(
        what="level", source=step.source, text=text, level=step.level, before=step.before
    )


def _onset(onset: Onset) -> Observed:
    text = f"first bad poll: {_trouble(onset)}"
    return Observed(what="onset", source=onset.source, text=text, level=onset.level)


def _over(onset: Onset) -> Observed:
    return Observed(what="onset", source=onset.source, text=f"over: {_trouble(onset)}", level=OK)


def _trouble(onset: Onset) -> str:
    if onset.rule:
        return f"{onset.rule} ({onset.signal})" if onset.signal else onset.rule
    return f"{onset.source} is not seen" if onset.source else "the room is cut off"


def _change(noticed: Noticed) -> Observed:
    text = f"{noticed.source}: {noticed.change.what}"
    return Observed(what="change", source=noticed.source, text=text)
