"""The board: every source's newest snapshot, level and history, and what is true of all.

It does no I/O and starts no task; it is told of polls and asked for views.
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from warroom.clock import Clock
from warroom.config.load import Config
from warroom.engine.entry import Entry
from warroom.engine.poll import Poll
from warroom.engine.room_view import room_view
from warroom.errors import EngineError
from warroom.severity import OK, Level, Scale
from warroom.text import safe
from warroom.wire import Acknowledgement, Actor, RoomView, SourceStatus, SourceView

LONGEST_ACKNOWLEDGEMENT = 7 * 86400.0

Listener = Callable[[frozenset[str], bool], None]
"""Told which sources changed, and whether the room did."""


class Board:
    """All sources of one room."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._clock = clock
        self._listener: Listener | None = None
        self._anchor = (clock.now(), clock.monotonic())
        self._entries: dict[str, Entry] = {}
        self._config = config
        self._problems: tuple[str, ...] = ()
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
        self._entries = entries
        self._changed(frozenset(entries))

    def take(self, name: str, poll: Poll, skipped: int) -> float:
        """A poll of this source ended; of one that is not here any more it is dropped.

        How many seconds the source is to be left alone, since it asked for that.
        """
        entry = self._entries.get(name)
        if entry is None:
            return 0.0
        pause = entry.take(poll, skipped, self._clock.monotonic(), self.scale)
        self._changed(frozenset((name,)))
        return pause

    def check(self) -> None:
        """Look for what time alone changes; to be called about twice a second."""
        self._anchor_again()
        now = self._clock.monotonic()
        changed = {e.name for e in self._entries.values() if e.check(now, self.scale)}
        if changed:
            self._changed(frozenset(changed))

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
            by=actor.name,
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

    def _changed(self, names: frozenset[str]) -> None:
        before, self._room = self._room, self._view_room()
        room = before != self._room
        if self._listener is not None and (names or room):
            self._listener(names, room)

    def _view_room(self) -> RoomView:
        entries = tuple(self._entries.values())
        return room_view(self._config.room, entries, self.scale, self._problems, self._wall)

    def _wall(self, monotonic: float) -> datetime:
        """A monotonic time as wall-clock time; the same answer each time it is asked."""
        wall, base = self._anchor
        return wall + timedelta(seconds=round(monotonic - base, 3))

    def _anchor_again(self) -> None:
        """Follow the machine's clock when it was set; not its small drift."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        if abs((now - self._wall(monotonic)).total_seconds()) > 1.0:
            self._anchor = (now, monotonic)
            self._changed(frozenset(self._entries))

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
            since=self._wall(standing.since),
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
        )


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
