"""One source on the board: what it saw last, its figures, rules, history and counters."""

from bisect import bisect_left
from collections import deque
from dataclasses import replace
from datetime import timedelta

import msgspec

from warroom.config.settings import SourceSettings
from warroom.engine.levels import (
    NOT_ASKED,
    Standing,
    Verdict,
    counting,
    judge,
    long_ago,
    stand,
    state_of,
    unseen,
)
from warroom.engine.poll import Poll
from warroom.engine.record import Trouble
from warroom.engine.schedule import granted
from warroom.engine.troubles import Darkness, silence, troubles
from warroom.engine.words import blame, pending
from warroom.measure.history import History, percentile
from warroom.measure.rule import Rule, RuleState
from warroom.measure.snapshot import CUT_OFF, Failure, Signal, Snapshot
from warroom.severity import MAINTENANCE, OK, Scale
from warroom.text import safe, stepped_age
from warroom.wire import Acknowledgement, Limit, SignalView

TREND = 120
"""Values of each declared figure that are kept."""
TIMED = 120
"""Polls whose duration is kept."""
STALE = 600.0
"""Seconds after which a look that somebody asked for says nothing of now."""


class Entry:
    """Mutable, owned by the board. All times but ``Snapshot.taken_at`` are monotonic."""

    def __init__(
        self,
        name: str,
        settings: SourceSettings,
        declared: dict[str, str],
        rules: tuple[Rule, ...],
        now: float,
    ) -> None:
        self.name, self.settings, self.declared = name, settings, declared
        self.verdicts = {rule: Verdict() for rule in rules}
        self.standing = Standing(since=now)
        self.snapshot: Snapshot | None = None
        self.seen_at: float | None = None
        self.failure: Failure | None = None
        self.polls = self.failures = self.skipped = 0
        self.acknowledged: Acknowledgement | None = None
        self.expires = 0.0
        self._signals: tuple[Signal, ...] = ()
        self._told: tuple[Failure | None, tuple[Signal, ...]] | None = None
        self._trends = {name: History(TREND) for name in declared}
        self._took: deque[float] = deque(maxlen=TIMED)
        self._polled: deque[float] = deque(maxlen=TREND)
        self._darkness = Darkness()
        self._heard = now
        self._alone_until = now
        self._alone = ""
        if settings.on_request:
            self.standing = Standing(level=OK, cause=NOT_ASKED, since=now)

    @property
    def asked(self) -> bool:
        """False for one that is only asked on request and never was."""
        return self._told is not None or not self.settings.on_request

    def take(self, poll: Poll, skipped: int, now: float, scale: Scale) -> float:
        """One more poll ended. For how many seconds the source is to be left alone.

        A wish to be left alone is not heard while a rule counts towards a worse level: two
        bad answers must be able to come.
        """
        self.polls += 1
        self.failures += poll.failure is not None
        self.skipped = skipped
        self.failure = poll.failure
        self._signals, self._heard = poll.signals, now
        if poll.failure != CUT_OFF:
            self._told = (poll.failure, poll.signals)
        self._took.append(poll.took)
        self._polled.append(now)
        told = poll.failure is None or poll.failure == CUT_OFF
        self._darkness = Darkness() if told else self._darkness.one_more(now - poll.took)
        if poll.seen is not None:
            self.seen_at = now
            self.snapshot = Snapshot(
                taken_at=poll.taken_at,
                took=poll.took,
                seen=poll.seen,
                signals=poll.signals,
                retry_after=poll.retry_after,
            )
        values = {signal.name: signal.value for signal in poll.signals}
        for name, trend in self._trends.items():
            trend.add(_drawn(values.get(name)) if poll.failure is None else None)
        self.verdicts = judge(self.verdicts, poll.signals, poll.seen, poll.failure, now, scale)
        pause = 0.0 if counting(self.verdicts, scale) else granted(poll.retry_after)
        self._alone_until = now + pause
        until = poll.taken_at + timedelta(seconds=pause)
        self._alone = f"left alone until {until:%H:%M:%SZ}, as it asked"
        self._settle(now, scale)
        return pause

    def cut_off(self, now: float, scale: Scale) -> bool:
        """The room sees nothing of the world from now on; whether that says anything of it."""
        if not self.asked:
            return False
        self.failure, self._signals = CUT_OFF, ()
        # What was being counted towards a level is not known to go on.
        self.verdicts = judge(self.verdicts, (), None, CUT_OFF, now, scale)
        self._settle(now, scale)
        return True

    def in_sight(self, now: float, scale: Scale) -> bool:
        """The room is not cut off any more; whether that says anything of the source.

        One that is only asked on request is not asked for that: what it told last stands again.
        """
        if not self.settings.on_request or self.failure != CUT_OFF:
            return False
        self.failure, self._signals = self._told or (None, ())
        self._settle(now, scale)
        return True

    def check(self, now: float, scale: Scale, patience: float = 0.0) -> bool:
        """What time alone changes; whether something did.

        A poller that is stuck must not leave the last good news standing. That is no trouble of
        its source for as long as it may wait for canaries: ``patience`` is for how many seconds.
        """
        before = (self.standing, self.failure, self._darkness)
        limit = 2 * self.settings.interval + self.settings.deadline
        stuck = self.failure is None or self.failure.phase == "silence"
        if self.settings.on_request:
            if now - self._heard > STALE:
                self._settle(now, scale)
        elif self.snapshot is not None and stuck and now - self._heard > limit:
            self.failure = Failure("silence", self._silence(now))
            if now - self._heard > limit + patience:
                self._darkness = silence(self._heard)
            self._signals = ()
            self._settle(now, scale)
        changed = (self.standing, self.failure, self._darkness) != before
        if self.acknowledged is not None and now >= self.expires:
            self.acknowledged = None
            changed = True
        return changed

    def stood_still(self, seconds: float, now: float) -> None:
        """For so long no poll could end, whatever the source did."""
        self._heard = min(self._heard + seconds, now)

    def _silence(self, now: float) -> str:
        """Why nothing is heard; a pause the source asked for is no trouble of a poller."""
        if now <= self._alone_until + self.settings.deadline and self._alone_until > self._heard:
            return self._alone
        return f"no poll has finished for {stepped_age(now - self._heard)}"

    def rejudge(
        self, settings: SourceSettings, rules: tuple[Rule, ...], now: float, scale: Scale
    ) -> None:
        """Other rules from a reload; those that are the same but for their name keep their
        state, and others start from the figure where that was red already: what is only called
        or limited otherwise must not look well for two polls."""
        self.settings = settings
        kept = {_unnamed(rule): verdict for rule, verdict in self.verdicts.items()}
        self.verdicts = {r: kept.get(_unnamed(r)) or self._begun(r, now) for r in rules}
        self._settle(now, scale)

    def _begun(self, rule: Rule, now: float) -> Verdict:
        """The verdict of a rule that takes the place of one by which its figure was red."""
        reds = [v.state for r, v in self.verdicts.items() if r.signal == rule.signal]
        reds = [state for state in reds if state.level != OK]
        signal = next((s for s in self._signals if s.name == rule.signal), None)
        if not reds or signal is None or signal.value is None:
            return Verdict()
        seen = self.snapshot.seen if self.snapshot is not None else None
        level, words = blame(rule, rule.means(signal.value), signal, seen, self.failure)
        if level == OK:
            return Verdict()
        since = min(s.level_since if s.bad_since is None else s.bad_since for s in reds)
        return Verdict(RuleState(level=level, level_since=now, bad_since=since), words)

    def inherit(self, old: "Entry", now: float, scale: Scale) -> None:
        """What stays of a source that a reload has changed: a red by a rule that is the same,
        until figures known to be good clear it, who has seen it, and its figures' past, unless
        that went at another pace."""
        reds = {_unnamed(r): v for r, v in old.verdicts.items() if v.state.level != OK}
        for rule in self.verdicts:
            red = reds.get(_unnamed(rule))
            if red is not None:
                state = msgspec.structs.replace(red.state, heading=None, streak=0)
                self.verdicts[rule] = replace(red, state=state)
        if old.settings.interval == self.settings.interval:
            self._polled = old._polled
            for name, _ in self.declared.items() & old.declared.items():
                self._trends[name] = old._trends[name]
        if old.asked and not self.settings.on_request:
            self.standing = old.standing
            self.acknowledged, self.expires = old.acknowledged, old.expires
            self._settle(now, scale)

    def _settle(self, now: float, scale: Scale) -> None:
        if not self.asked:
            return
        if self.settings.on_request and now - self._heard > STALE:
            self.verdicts = {rule: Verdict() for rule in self.verdicts}
            self._signals = ()
            self.standing = long_ago(self.standing, now - self._heard, now)
            self.acknowledged = None
            return
        seen = self.snapshot.seen if self.snapshot is not None else None
        state = state_of(seen, self.failure)
        self.standing = stand(
            self.standing, state, unseen(seen, self.failure), self.verdicts, now, scale
        )
        held = self.acknowledged
        if held is not None:
            level = self.standing.level
            if level == OK or scale.rank(level) > scale.rank(held.level):
                self.acknowledged = None

    def troubles(self, scale: Scale) -> dict[str, Trouble]:
        """What is wrong, by signal; nothing while all is well, or it is being worked on."""
        if self.standing.level in (OK, MAINTENANCE):
            return {}
        return troubles(self.name, self.verdicts, self._darkness, scale)

    def poll_after(self, at: float) -> int | None:
        """The number of the first poll after this time; None when it is not among those kept."""
        place = bisect_left(self._polled, at)
        known = len(self._polled)
        if place == known or (place == 0 and at < self._polled[0] - 2 * self.settings.interval):
            return None
        return self.polls - known + place + 1

    @property
    def poll_p95(self) -> float | None:
        return percentile(self._took, 0.95)

    def age(self, now: float) -> float | None:
        """Seconds since something was seen."""
        return None if self.seen_at is None else max(0.0, now - self.seen_at)

    def pending(self, now: float) -> str:
        return pending({rule: verdict.state for rule, verdict in self.verdicts.items()}, now)

    def signal_views(self, scale: Scale) -> tuple[SignalView, ...]:
        """The figures of the newest poll, those declared first; unknown ones have no value."""
        known = {signal.name: signal for signal in self._signals}
        for name, unit in self.declared.items():
            known.setdefault(name, Signal(safe(name), None, unit))
        order = [*self.declared, *(name for name in known if name not in self.declared)]
        return tuple(self._signal_view(known[name], scale) for name in order)

    def _signal_view(self, signal: Signal, scale: Scale) -> SignalView:
        mine = [v for rule, v in self.verdicts.items() if rule.signal == signal.name]
        worst = max(mine, key=lambda v: scale.rank(v.state.level), default=Verdict())
        trend = self._trends.get(signal.name)
        view = SignalView(
            name=signal.name,
            value=signal.value,
            unit=signal.unit,
            of=signal.of,
            trend=() if trend is None else tuple(trend),
            limits=self._limits(signal.name),
        )
        if worst.state.level == OK:
            return view
        return msgspec.structs.replace(view, level=worst.state.level, cause=worst.words)

    def _limits(self, signal: str) -> tuple[Limit, ...]:
        return tuple(
            Limit(level, threshold, rule.name)
            for rule in self.verdicts
            if rule.signal == signal
            for level, threshold in rule.levels
        )


def _drawn(value: float | None) -> float | None:
    """Five digits are more than any graph shows, and a third of what all of them cost."""
    return None if value is None else float(f"{value:.5g}")


def _unnamed(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, name="")
