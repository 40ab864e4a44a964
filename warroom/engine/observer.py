"""What the watch sees, as entries: levels, troubles, changes; each once, and bounded. Pure but
for what it remembers."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from warroom.incident.entries import Observed
from warroom.measure.past import Noticed, Onset, Past, Step
from warroom.severity import OK, UNSEEN, Level

MOST = 12
"""Entries of one source in ``SPAN``; one that flaps faster says so once, until it is still."""
SPAN = 300.0
"""Seconds."""


@dataclass(frozen=True)
class Sighting:
    """One thing that was seen, and when."""

    at: datetime
    body: Observed


class Observer:
    """Remembers what of the past was told already, and who flaps."""

    def __init__(self) -> None:
        self._told: frozenset[object] = frozenset()
        self._recent: dict[str, deque[float]] = {}
        self._flapping: set[str] = set()

    def news(self, past: Past, zero: datetime, now: float) -> tuple[Sighting, ...]:
        """What is new in the past, oldest first. ``now`` is monotonic, ``zero`` the wall-clock time
        of the monotonic 0: when the machine's clock is set, all of the past moves with it."""
        found = dict(_sightings(past, zero))
        fresh = [sighting for key, sighting in found.items() if key not in self._told]
        self._told = frozenset(found)
        fresh.sort(key=lambda sighting: sighting.at)
        return tuple(kept for sighting in fresh for kept in self._bounded(sighting, now))

    @property
    def flapping(self) -> frozenset[str]:
        """The sources of which no more is written for now."""
        return frozenset(self._flapping)

    def calmed(self, levels: Mapping[str, Level], at: datetime, now: float) -> tuple[Sighting, ...]:
        """Those that flapped and do no more, with the level they came to rest at."""
        found = []
        for source in sorted(self._flapping):
            recent = self._recent[source]
            while recent and now - recent[0] > SPAN:
                recent.popleft()
            if len(recent) <= MOST // 2:
                self._flapping.discard(source)
                level = levels.get(source, UNSEEN)
                words = f"{source} has calmed down: {level}"
                body = Observed(what="flapping", source=source, text=words, level=level)
                found.append(Sighting(at, body))
        return tuple(found)

    def _bounded(self, sighting: Sighting, now: float) -> Iterator[Sighting]:
        body = sighting.body
        if body.what not in ("level", "onset"):
            yield sighting
            return
        recent = self._recent.setdefault(body.source, deque())
        while recent and now - recent[0] > SPAN:
            recent.popleft()
        recent.append(now)
        if body.source in self._flapping:
            return
        if len(recent) <= MOST:
            yield sighting
        else:
            self._flapping.add(body.source)
            words = f"{body.source} goes to and fro: no more of it is written until it calms down"
            flaps = Observed(what="flapping", source=body.source, text=words, level=body.level)
            yield Sighting(sighting.at, flaps)


def prelude(past: Past) -> tuple[Sighting, ...]:
    """Everything in the past, oldest first: what an incident's timeline begins with."""
    return tuple(sorted((s for _, s in _sightings(past, _EPOCH)), key=lambda sighting: sighting.at))


_EPOCH = datetime.fromtimestamp(0, UTC)


def _sightings(past: Past, zero: datetime) -> Iterator[tuple[object, Sighting]]:
    """Each thing in the past by what tells it from others."""

    def after(at: datetime) -> float:
        return round((at - zero).total_seconds(), 2)

    first: set[str] = set()
    for step in past.levels:
        # That a source is well at the engine's first look is no news.
        begins = step.source not in first and step.before == UNSEEN and step.level == OK
        first.add(step.source)
        if not begins:
            yield (
                ("level", step.source, after(step.at), step.level),
                Sighting(step.at, _level(step)),
            )
    for onset in past.onsets:
        key = ("onset", onset.source, onset.signal, after(onset.at))
        yield key, Sighting(onset.at, _onset(onset))
        if onset.until is not None:
            yield (*key, "over"), Sighting(onset.until, _over(onset))
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
