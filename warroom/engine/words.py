"""Why a level is on, in words: pure functions."""

from collections.abc import Mapping

from warroom.measure.comparison import Threshold
from warroom.measure.rule import Rule, RuleState
from warroom.measure.snapshot import Failure, Seen, Signal
from warroom.severity import OK, Level
from warroom.text import short_figure


def blame(
    rule: Rule, held: Level, signal: Signal, seen: Seen | None, failure: Failure | None
) -> tuple[Level, str]:
    """What this one figure means by the rule, and why in words; OK has none.

    The limit that is said is that of the level the rule has taken (``held``) for as long as
    the figure is beyond it: what is beyond a worse one may not have lasted yet.

    A figure called ``up`` says only that something is not as it should be; the words then
    come from the faults that were seen, or from the failure.
    """
    value = signal.value
    if value is None:
        return OK, ""
    level = rule.means(value)
    if level == OK:
        return OK, ""
    if rule.signal == f"{rule.source}.up":
        faults = seen.faults if seen is not None else ()
        reason = "; ".join(faults) or (failure.reason if failure is not None else "")
        if reason:
            return level, f"{rule.name}: {reason}"
    limits = dict(rule.levels)
    taken = limits.get(held)
    threshold = taken if taken is not None and taken.holds(value) else limits[level]
    figure = rule.signal.partition(".")[2]
    shown = short_figure(value, signal.unit)
    where = f" ({signal.of})" if signal.of else ""
    return level, f"{rule.name}: {figure} {shown}{where}, {_limit(threshold, signal.unit)}"


def _limit(threshold: Threshold, unit: str) -> str:
    word = threshold.words().rpartition(" ")[0]
    return f"{word} {short_figure(threshold.limit, unit)}"


def pending(rules: Mapping[Rule, RuleState], now: float) -> str:
    """What is being counted: ``1 of 2 polls to SEV1``, ``12 of 30 s to OK``; or nothing.

    With several under way, the one that has come furthest is named.
    """
    counted = [
        (rule, state) for rule, state in rules.items() if state.heading is not None and state.streak
    ]
    if not counted:
        return ""
    rule, state = max(counted, key=lambda pair: pair[1].streak)
    rising = state.level == OK or state.heading != OK
    hold = rule.raise_after if rising else rule.clear_after
    if hold.seconds:
        done = max(0.0, now - state.streak_since)
        return f"{min(done, hold.seconds):.0f} of {hold.seconds:g} s to {state.heading}"
    return f"{state.streak} of {hold.polls} polls to {state.heading}"
