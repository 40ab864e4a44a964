"""The board: every source's newest snapshot, level and history, and what is true of all.

It does no I/O and starts no task; it is told of polls and asked for views.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.clock import Clock
from warroom.config.load import Config
from warroom.engine.entry import Entry
from warroom.engine.levels import Standing
from warroom.engine.poll import Poll
from warroom.engine.record import Record, Trouble, monotonic_of
from warroom.engine.room_view import room_view
from warroom.errors import EngineError
from warroom.incident.actor import Actor
from warroom.measure.past import MARKED, Mark, Past
from warroom.playbooks.standing import Proposal
from warroom.severity import OK, UNSEEN, Level, Scale
from warroom.text import safe
from warroom.wire import Acknowledgement, RoomView, SourceStatus, SourceView

LONGEST_ACKNOWLEDGEMENT = 7 * 86400.0


@dataclass(frozen=True)
class News:
    """Which sources changed, and whether the room did, the past, and what fits."""

    names: frozenset[str] = frozenset()
    room: bool = False
    past: bool = False
    proposals: bool = False


Listener = Callable[[News], None]


class Board:
    """All sources of one room."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._clock = clock
        self._listener: Listener | None = None
        self._anchor = (clock.now(), clock.monotonic())
        self._entries: dict[str, Entry] = {}
        self._config = config
        self._problems: tuple[str, ...] = ()
        self._cut_off = ""
        self._record = Record()
        self._past = Past()
        self._proposals: tuple[Proposal, ...] = ()
        self._room = self._view_room()

    def tell(self, listener: Listener) -> None:
        """Have ``listener`` told of every change, at once."""
        self._listener = listener

    @property
    def scale(self) -> Scale:
        return self._config.scale

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def configure(
        self, config: Config, declared: dict[str, dict[str, str]], same: set[str]
    ) -> None:
        """Take a configuration: sources in ``same`` keep all they have; others are looked at
        anew, and keep what a change must not hide: a red, and who has seen it.

        ``declared`` gives each source's signals with their units.
        """
        now = self._clock.monotonic()
        self._config = config
        before = {name: entry.standing for name, entry in self._entries.items()}
        entries = {}
        for name, settings in config.sources.items():
            rules = tuple(rule for rule in config.rules if rule.source == name)
            entry = self._entries.get(name)
            if entry is not None and name in same:
                entry.rejudge(settings, rules, now, config.scale)
            else:
                old, entry = entry, Entry(name, settings, declared[name], rules, now)
                if old is not None and old.settings.kind == settings.kind:
                    entry.inherit(old, now, config.scale)
            entries[name] = entry
        past = [self._follow(name, {}, now) for name in self._entries.keys() - entries.keys()]
        self._entries = entries
        past += [self._look_back(entry, before.get(entry.name)) for entry in entries.values()]
        self._changed(frozenset(entries), past=any(past))

    def take(self, name: str, poll: Poll, skipped: int) -> float:
        """A poll of this source ended; of one that is not here any more it is dropped.

        How many seconds the source is to be left alone, since it asked for that.
        """
        entry = self._entries.get(name)
        if entry is None:
            return 0.0
        before, now = entry.standing, self._clock.monotonic()
        pause = entry.take(poll, skipped, now, self.scale)
        news = self._record.notice(name, poll.seen.changes, now) if poll.seen is not None else ()
        past = self._look_back(entry, before) or bool(news)
        marked = any(change.kind in MARKED for change in news)
        # Other code runs: that is a mark in everybody's graphs.
        self._changed(frozenset(self._entries if marked else (name,)), past=past)
        return pause

    def check(self) -> None:
        """Look for what time alone changes; to be called about twice a second."""
        self._anchor_again()
        now = self._clock.monotonic()
        before = {name: entry.standing for name, entry in self._entries.items()}
        canaries = self._config.vantage
        # Two looks at the most: the one under way, and the one that is asked for after it.
        patience = 2 * canaries.timeout if canaries is not None else 0.0
        entries = self._entries.values()
        changed = {e.name for e in entries if e.check(now, self.scale, patience)}
        past = [self._look_back(self._entries[name], before[name]) for name in changed]
        past.append(self._record.forget(now))
        if changed or any(past):
            self._changed(frozenset(changed), past=any(past))

    def stood_still(self, seconds: float) -> None:
        """This process itself did nothing for so long: that is no silence of any source."""
        now = self._clock.monotonic()
        for entry in self._entries.values():
            entry.stood_still(seconds, now)

    def cut_off(self, words: str) -> None:
        """Nothing of the world can be seen from here, and why; empty when it can again.

        Every source is CAN'T SEE from this moment on, and none is called down."""
        now, self._cut_off = self._clock.monotonic(), safe(words, 300)
        before = {name: entry.standing for name, entry in self._entries.items()}
        entries = self._entries.values()
        changed = {
            entry.name
            for entry in entries
            if (entry.cut_off if words else entry.in_sight)(now, self.scale)
        }
        past = [self._look_back(self._entries[name], before[name]) for name in changed]
        past.append(self._follow("", {"": Trouble("", UNSEEN, now)} if words else {}, now))
        self._changed(frozenset(changed), past=any(past))

    def set_problems(self, problems: tuple[str, ...]) -> None:
        """Our own troubles, in words."""
        self._problems = tuple(safe(problem) for problem in problems)
        self._changed(frozenset())

    def acknowledge(
        self, name: str, actor: Actor, shown: Level, reason: str, seconds: float
    ) -> str:
        """Take note that somebody has seen this red, at the level ``shown`` to them: what has
        worsened since was not seen. What was done, in words."""
        entry = self._entry(name)
        reason = safe(reason.strip(), 200)
        if entry.standing.level == OK:
            raise EngineError(f"{name} is OK: there is nothing to acknowledge")
        level = entry.standing.level
        if self.scale.rank(level) > self.scale.rank(shown):
            raise EngineError(f"{name} is {level} by now, you saw {safe(shown, 40)}: look again")
        if not reason:
            raise EngineError("an acknowledgement needs a reason")
        if not math.isfinite(seconds) or not 0 < seconds <= LONGEST_ACKNOWLEDGEMENT:
            raise EngineError("an acknowledgement lasts up to 7 days")
        at = self._clock.now()
        entry.expires = self._clock.monotonic() + seconds
        entry.acknowledged = Acknowledgement(
            by=actor.shown,
            reason=reason,
            level=level,
            at=at,
            until=at + timedelta(seconds=seconds),
        )
        self._changed(frozenset((name,)))
        return f"{name} is acknowledged until {entry.acknowledged.until:%H:%M:%SZ}"

    def unacknowledge(self, name: str) -> str:
        """Let it call again. What was done, in words."""
        entry = self._entry(name)
        if entry.acknowledged is None:
            raise EngineError(f"{name} is not acknowledged")
        entry.acknowledged = None
        self._changed(frozenset((name,)))
        return f"{name} calls again"

    def room(self) -> RoomView:
        return self._room

    def past(self) -> Past:
        """The last half hour."""
        return self._past

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The playbooks that fit, the best first."""
        return self._proposals

    def propose(self, proposals: tuple[Proposal, ...]) -> None:
        """These playbooks fit now, and no others."""
        if proposals != self._proposals:
            self._proposals = proposals
            if self._listener is not None:
                self._listener(News(proposals=True))

    def views(self, names: frozenset[str] | None = None) -> tuple[SourceView, ...]:
        """These sources, or all, in the order of the configuration, as they are now."""
        return tuple(
            self._view(entry)
            for name, entry in self._entries.items()
            if names is None or name in names
        )

    def statuses(self) -> tuple[SourceStatus, ...]:
        """The counters, for ``warroom status``."""
        now = self._clock.monotonic()
        return tuple(_status(entry, now) for entry in self._entries.values())

    def _entry(self, name: str) -> Entry:
        entry = self._entries.get(name)
        if entry is None:
            raise EngineError(f"there is no source {safe(name, 60)}")
        return entry

    def _changed(self, names: frozenset[str], *, past: bool = False) -> None:
        before, self._room = self._room, self._view_room()
        if past:
            self._past = self._record.view(self.wall)
        news = News(names, before != self._room, past)
        if self._listener is not None and news != News():
            self._listener(news)

    def _look_back(self, entry: Entry, before: Standing | None) -> bool:
        """Put into the past what has become of this source; whether anything has."""
        now, after = self._clock.monotonic(), entry.standing
        stepped = before is not None and before.level != after.level
        if before is not None and stepped:
            self._record.step(entry.name, before.level, after.level, after.cause, now)
        return self._follow(entry.name, entry.troubles(self.scale), now) or stepped

    def _follow(self, name: str, troubles: Mapping[str, Trouble], now: float) -> bool:
        return self._record.follow(name, troubles, now, self.scale)

    def _view_room(self) -> RoomView:
        entries = tuple(self._entries.values())
        room, problems = self._config.room, self._problems
        return room_view(room, entries, self.scale, problems, self._cut_off, self.wall)

    def wall(self, monotonic: float) -> datetime:
        """A monotonic time as wall-clock time; the same answer each time it is asked."""
        wall, base = self._anchor
        return wall + timedelta(seconds=round(monotonic - base, 3))

    def _anchor_again(self) -> None:
        """Follow the machine's clock when it was set; not its small drift."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        if abs((now - self.wall(monotonic)).total_seconds()) > 1.0:
            self._anchor = (now, monotonic)
            self._changed(frozenset(self._entries), past=True)

    def _view(self, entry: Entry) -> SourceView:
        now, standing, settings = self._clock.monotonic(), entry.standing, entry.settings
        return SourceView(
            name=entry.name,
            title=safe(settings.title or entry.name, 60),
            kind=settings.kind,
            interval=settings.interval,
            state=standing.state,
            level=standing.level,
            cause=standing.cause,
            since=self.wall(standing.since),
            pending=entry.pending(now),
            on_request=settings.on_request,
            snapshot=entry.snapshot,
            failure=entry.failure,
            age=entry.age(now),
            signals=entry.signal_views(self.scale),
            polls=entry.polls,
            failures=entry.failures,
            skipped=entry.skipped,
            poll_p95=entry.poll_p95,
            acknowledged=entry.acknowledged,
            marks=self._marks(entry),
        )

    def _marks(self, entry: Entry) -> tuple[Mark, ...]:
        """The deployments in the past of this source's figures."""
        changes = self._record.deployments()
        polls = (entry.poll_after(monotonic_of(change.at, self.wall)) for change in changes)
        found = zip(polls, changes, strict=True)
        return tuple(Mark(poll, change.what) for poll, change in found if poll is not None)


def _status(entry: Entry, now: float) -> SourceStatus:
    age, p95 = entry.age(now), entry.poll_p95
    return SourceStatus(
        name=entry.name,
        polls=entry.polls,
        failures=entry.failures,
        skipped=entry.skipped,
        age_s=None if age is None else round(age, 3),
        poll_p95_ms=None if p95 is None else round(p95 * 1000, 1),
        load=entry.snapshot.seen.load if entry.snapshot and entry.snapshot.seen else "",
    )
