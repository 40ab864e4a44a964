"""Where a source stands, from its newest poll and its rules: pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from warroom.engine.words import blame
from warroom.measure.rule import Rule, RuleState, advance
from warroom.measure.snapshot import CUT_OFF, Failure, Seen, Signal
from warroom.severity import MAINTENANCE, OK, UNSEEN, Level, Scale
from warroom.text import stepped_age
from warroom.wire import State

NOT_YET = "not seen yet"
NOT_ASKED = "asked only on request, not asked yet"


@dataclass(frozen=True)
class Verdict:
    """One rule's state, and the words of the last figure that was bad by it."""

    state: RuleState = field(default_factory=RuleState)
    words: str = ""


@dataclass(frozen=True)
class Standing:
    """A source's state and level. ``since`` (monotonic) is when the level was taken."""

    state: State = "CAN'T SEE"
    level: Level = UNSEEN
    cause: str = NOT_YET
    since: float = 0.0


def judge(
    verdicts: Mapping[Rule, Verdict],
    signals: Iterable[Signal],
    seen: Seen | None,
    failure: Failure | None,
    now: float,
    scale: Scale,
) -> dict[Rule, Verdict]:
    """The rules after one more poll.

    Figures that are not among ``signals`` are not known. In maintenance every rule starts
    anew: what breaks while a system is worked on is no trouble left over afterwards.
    """
    if seen is not None and seen.maintenance:
        return {rule: Verdict() for rule in verdicts}
    known = {signal.name: signal for signal in signals}
    judged = {}
    for rule, verdict in verdicts.items():
        signal = known.get(rule.signal, Signal(rule.signal, None))
        state = advance(rule, verdict.state, signal.value, now, scale)
        level, words = blame(rule, state.level, signal, seen, failure)
        bad = level != OK and scale.rank(level) >= scale.rank(state.level)
        judged[rule] = Verdict(state, words if bad or not verdict.words else verdict.words)
    return judged


def state_of(seen: Seen | None, failure: Failure | None) -> State:
    """What the newest poll says: seen and fine, seen and not, or not seen.

    What is only seen in part is not seen to be well; a fault that is seen is a fault.
    """
    if failure is not None or seen is None:
        return "CAN'T SEE"
    if seen.maintenance:
        return "MAINTENANCE"
    if seen.faults:
        return "DOWN"
    return "CAN'T SEE" if seen.blind else "UP"


@dataclass(frozen=True)
class Unseen:
    """Why a source cannot be seen; ``part`` when the rest of it can."""

    reason: str
    part: bool = False


def unseen(seen: Seen | None, failure: Failure | None) -> Unseen:
    """Why, if it cannot be seen."""
    if failure is not None:
        return Unseen(failure.reason)
    if seen is not None and seen.blind:
        return Unseen("; ".join(seen.blind), part=True)
    return Unseen(NOT_YET)


def stand(
    before: Standing,
    state: State,
    dark: Unseen,
    verdicts: Mapping[Rule, Verdict],
    now: float,
    scale: Scale,
) -> Standing:
    """Where the source stands now; ``dark`` says why it cannot be seen, if it cannot.

    A rule keeps its level while its figure is not known, so a red that goes dark stays red.
    """
    causes: list[tuple[Level, str]] = [
        (verdict.state.level, verdict.words)
        for verdict in sorted(verdicts.values(), key=lambda v: v.state.level_since)
        if verdict.state.level != OK
    ]
    if state == "CAN'T SEE":
        if not dark.part:
            causes = [(level, _dark(words, dark.reason)) for level, words in causes]
        causes.append((UNSEEN, dark.reason))
    if state == "MAINTENANCE":
        causes = [(MAINTENANCE, "in maintenance, it says")]
    level, cause = max(causes, key=lambda pair: scale.rank(pair[0]), default=(OK, ""))
    if level == OK and before.level == UNSEEN and (rising := _rising(verdicts)):
        # The first thing seen is bad, only not yet for long enough: that is not "all is well".
        level, cause = UNSEEN, f"just seen, not judged yet: {rising}"
    after = Standing(state=state, level=level, cause=cause, since=now)
    return replace(after, since=before.since) if level == before.level else after


def long_ago(before: Standing, ago: float, now: float) -> Standing:
    """Where a source stands that nobody asked for so long: it is not known, and no alarm."""
    cause = f"asked only on request, last {stepped_age(ago)} ago"
    since = before.since if before.level == OK else now
    return Standing(state="CAN'T SEE", level=OK, cause=cause, since=since)


def counting(verdicts: Mapping[Rule, Verdict], scale: Scale) -> bool:
    """Whether a rule counts towards a worse level than it has."""
    return any(
        verdict.state.heading is not None
        and scale.rank(verdict.state.heading) > scale.rank(verdict.state.level)
        for verdict in verdicts.values()
    )


def _rising(verdicts: Mapping[Rule, Verdict]) -> str:
    """The words of a rule that counts towards a level, if there is one."""
    return next((v.words for v in verdicts.values() if v.state.heading is not None), "")


def _dark(words: str, unseen: str) -> str:
    """Why a red is one that cannot be seen any more; that the room is cut off it says itself."""
    said = unseen in words or unseen == CUT_OFF.reason
    return words if said else f"{words}; now it cannot be seen: {unseen}"
