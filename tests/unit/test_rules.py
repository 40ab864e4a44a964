"""Rules with hysteresis, for any history there is."""

from hypothesis import given
from hypothesis import strategies as st

from warroom.measure.comparison import Threshold
from warroom.measure.rule import Hold, Rule, RuleState, advance
from warroom.severity import OK, SEV

LEVELS = (("SEV1", Threshold(">", 90.0)), ("SEV3", Threshold(">", 50.0)))
VALUES = st.one_of(st.none(), st.sampled_from([0.0, 60.0, 95.0, float("nan")]))


def _rule(polls: int, seconds: float = 0.0) -> Rule:
    hold = Hold(polls=polls, seconds=seconds)
    return Rule(name="r", signal="a.b", levels=LEVELS, raise_after=hold, clear_after=hold)


def _run(rule: Rule, values: list[float | None], step: float = 1.0) -> list[RuleState]:
    states = [RuleState()]
    for index, value in enumerate(values):
        states.append(advance(rule, states[-1], value, index * step, SEV))
    return states[1:]


@given(st.lists(VALUES, max_size=60), st.integers(1, 5))
def test_a_level_is_only_taken_after_its_hold_of_polls_that_asked_for_it(
    values: list[float | None], polls: int
) -> None:
    rule = _rule(polls)
    states = _run(rule, values)
    before = RuleState()
    for index, state in enumerate(states):
        if state.level != before.level:
            run = values[max(0, index - polls + 1) : index + 1]
            assert len(run) == polls
            meant = [rule.means(value) for value in run if value is not None]
            assert len(meant) == polls
            rising = SEV.rank(state.level) > SEV.rank(before.level)
            for level in meant:
                if rising:
                    assert SEV.rank(level) >= SEV.rank(state.level)
                else:
                    assert SEV.rank(level) <= SEV.rank(state.level)
        before = state


@given(st.lists(st.sampled_from([0.0, 95.0]), max_size=60))
def test_one_that_flaps_never_rises(values: list[float]) -> None:
    flapping = [value for value in values for value in (value, 0.0)]
    assert {state.level for state in _run(_rule(2), list(flapping))} <= {OK}


@given(st.lists(VALUES, max_size=40), st.integers(1, 4))
def test_what_is_not_known_changes_no_level(values: list[float | None], polls: int) -> None:
    before = (_run(_rule(polls), values) or [RuleState()])[-1]
    state = before
    for tick in range(20):
        state = advance(_rule(polls), state, None, 1000.0 + tick, SEV)
        assert state.level == before.level
        assert state.heading is None


@given(st.lists(VALUES, max_size=60), st.floats(1.0, 30.0))
def test_a_hold_in_seconds_waits_that_long(values: list[float | None], seconds: float) -> None:
    step = 1.0
    states = _run(_rule(1, seconds), values, step)
    before = RuleState()
    for index, state in enumerate(states):
        if state.level != before.level:
            known = 0
            for value in reversed(values[: index + 1]):
                meant = None if value is None or value != value else _rule(1).means(value)
                if meant is None or meant == before.level:
                    break
                known += 1
            assert (known - 1) * step >= seconds
        before = state


def test_the_worst_of_two_thresholds_is_taken_and_the_onset_kept() -> None:
    states = _run(_rule(2), [0, 60, 95, 95, 95, 60, 60, 0, 0])
    assert [state.level for state in states] == [
        "OK",
        "OK",
        "SEV3",
        "SEV3",
        "SEV1",
        "SEV1",
        "SEV3",
        "SEV3",
        "OK",
    ]
    assert states[4].bad_since == 1.0
    assert states[-1].bad_since is None
