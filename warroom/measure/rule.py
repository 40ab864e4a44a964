"""Rules: which level a signal means, once it has meant it long enough.

A rule rises only after the signal was bad for ``raise_after`` and clears only after it was
good for ``clear_after`` (each a number of polls or a span of seconds). Bad is relative to
the level that is on: from SEV3 to SEV2 wants as much proof as from OK to SEV3. A signal
that is not known neither raises nor clears: the rule keeps its level, and starts counting
anew when the signal is back.
"""

import msgspec

from warroom.measure.comparison import Threshold
from warroom.severity import OK, Level, Scale


class Hold(msgspec.Struct, frozen=True):
    """How long something must be so: ``polls`` times in a row, and for ``seconds``."""

    polls: int = 1
    seconds: float = 0.0

    def words(self) -> str:
        """``2 polls`` or ``for 30 s``."""
        if self.seconds:
            return f"for {self.seconds:g} s"
        return "1 poll" if self.polls == 1 else f"{self.polls} polls"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule. ``levels`` pairs steps of the scale with thresholds, worst first."""

    name: str
    signal: str
    levels: tuple[tuple[Level, Threshold], ...]
    raise_after: Hold = Hold(polls=2)
    clear_after: Hold = Hold(polls=2)

    @property
    def source(self) -> str:
        """The source the signal comes from: the part before the first dot."""
        return self.signal.partition(".")[0]

    def means(self, value: float) -> Level:
        """The level this one value stands for, whatever was before."""
        return next((level for level, bad in self.levels if bad.holds(value)), OK)


class RuleState(msgspec.Struct, frozen=True):
    """Where a rule stands: its level, and the other level it is counting towards.

    Times are monotonic seconds of the clock that feeds it. ``streak`` counts the polls in
    a row that asked for a change; ``level_since`` is when the present level was taken, and
    ``bad_since`` when the first poll of that trouble came (its onset).
    """

    level: Level = OK
    level_since: float = 0.0
    bad_since: float | None = None
    heading: Level | None = None
    streak: int = 0
    streak_since: float = 0.0


def advance(
    rule: Rule, state: RuleState, value: float | None, now: float, scale: Scale
) -> RuleState:
    """The state after one more poll. Pure; ``now`` must not go back."""
    if value is None or value != value:
        return msgspec.structs.replace(state, heading=None, streak=0)
    meant = rule.means(value)
    if meant == state.level:
        return msgspec.structs.replace(state, heading=None, streak=0)
    rising = scale.rank(meant) > scale.rank(state.level)
    same_way = (
        state.heading is not None
        and (scale.rank(state.heading) > scale.rank(state.level)) == rising
    )
    streak = state.streak + 1 if same_way else 1
    since = state.streak_since if same_way else now
    heading = _proved(state.heading, meant, scale, rising) if same_way else meant
    hold = rule.raise_after if rising else rule.clear_after
    bad_since = state.bad_since if state.bad_since is not None else (now if rising else None)
    if state.level == OK and rising and not same_way:
        bad_since = now
    if streak >= hold.polls and now - since >= hold.seconds:
        taken = heading
        return RuleState(level=taken, level_since=now, bad_since=None if taken == OK else bad_since)
    return RuleState(
        level=state.level,
        level_since=state.level_since,
        bad_since=bad_since,
        heading=heading,
        streak=streak,
        streak_since=since,
    )


def _proved(before: Level | None, meant: Level, scale: Scale, rising: bool) -> Level:
    """What every poll of a streak agrees on: the least of a rise, the worst of a fall."""
    if before is None:
        return meant
    return (min if rising else max)(before, meant, key=scale.rank)
