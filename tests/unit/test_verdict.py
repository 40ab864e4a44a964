"""Whether an action helped: by its signals, compared with the trend before it, never hoped for."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.engine.actions.judging import Watcher
from warroom.measure.snapshot import Failure
from warroom.measure.verdict import Expectation, Judgement, Point, combined, judge, leaning
from warroom.severity import UNSEEN
from warroom.wire import SignalView, SourceView

DOWN = Expectation(signal="jobs.depth", moves="down", within=60.0)
UP = Expectation(signal="jobs.rate", moves="up", within=60.0)
EVERY = 5.0


def at(values: Sequence[float], first: float, every: float = EVERY) -> list[Point]:
    return [Point(first + n * every, value) for n, value in enumerate(values)]


def before(*values: float, every: float = EVERY, age: float = 1.0) -> list[Point]:
    """Readings that end ``age`` seconds before the action began."""
    return at(values, -age - (len(values) - 1) * every, every)


def after(*values: float, every: float = EVERY, first: float = 4.0) -> list[Point]:
    return at(values, first, every)


def told(
    was: Sequence[Point], now: Sequence[Point], expected: Expectation = DOWN, ended: float = 0.0
) -> Judgement:
    """The last word, when the time is over."""
    found = judge(expected, was, now, over=True, ended=ended)
    assert found is not None
    return found


FLAT = before(*[400.0] * 12)


def test_flat_and_then_a_drop_is_help_with_figures_and_seconds_as_soon_as_three_say_so() -> None:
    assert judge(DOWN, FLAT, after(90, 80), over=False) is None
    found = judge(DOWN, FLAT, after(90, 80, 70), over=False)
    assert found == Judgement("HELPED", "jobs.depth 400 → 80 within 14 s")


def test_a_ramp_that_turns_is_help() -> None:
    ramp = before(*[100.0 + 20 * n for n in range(12)])
    found = judge(DOWN, ramp, after(200, 120, 60), over=False)
    assert found is not None
    assert found.word == "HELPED"


def test_what_heals_by_itself_at_the_same_pace_was_not_helped() -> None:
    healing = before(*[1000.0 - 20 * n for n in range(12)])
    goes_on = after(*[780.0 - 20 * n for n in range(1, 12)])
    assert judge(DOWN, healing, goes_on, over=False) is None
    found = told(healing, goes_on)
    assert found.word == "NO EFFECT"
    assert found.words.endswith("as fast as before it")


def test_what_heals_by_itself_slower_and_slower_was_not_helped() -> None:
    curve = [1000.0 * math.exp(-n / 10) for n in range(30)]
    assert told(before(*curve[:15]), after(*curve[15:27])).word == "NO EFFECT"


def test_a_source_that_is_asked_seldom_has_a_trend_too() -> None:
    """With a reading every half minute no three are recent; the trend goes on all the same."""
    healing = before(*[1000.0 - 100 * n for n in range(5)], every=30)
    goes_on = after(500, 400, every=30, first=29)
    assert told(healing, goes_on).word == "NO EFFECT"


def test_the_trend_goes_on_from_when_the_figure_was_read() -> None:
    """The newest reading may be old when the action begins, and stands for three: what went on
    meanwhile by itself is not to its credit."""
    healing = before(*[200.0 - 5 * n for n in range(12)], age=4.5)
    goes_on = after(*[145.0 - 5 * n for n in range(1, 12)], first=0.5)
    for count in range(1, len(goes_on) + 1):
        found = judge(DOWN, healing, goes_on[:count], over=count == len(goes_on))
        assert found is None or found.word == "NO EFFECT"


def test_worse_is_said_when_six_in_a_row_say_so() -> None:
    assert judge(DOWN, FLAT, after(*[900.0] * 5), over=False) is None
    found = judge(DOWN, FLAT, after(*[900.0] * 6), over=False)
    assert found == Judgement("WORSE", "jobs.depth 400 → 900 within 29 s")
    assert told(FLAT, after(*[400.0] * 9, 900, 900, 900)).word == "WORSE"


def test_what_got_worse_already_at_the_same_pace_was_not_made_worse() -> None:
    ramp = before(*[100.0 + 20 * n for n in range(12)])
    assert told(ramp, after(*[320.0 + 20 * n for n in range(1, 12)])).word == "NO EFFECT"


def test_upwards() -> None:
    idle = before(*[10.0] * 12)
    found = judge(UP, idle, after(30, 31, 32), over=False)
    assert found == Judgement("HELPED", "jobs.rate 10 → 31 within 14 s")
    assert told(idle, after(*[2.0] * 12), UP).word == "WORSE"


def test_noise_is_no_effect() -> None:
    noise = [400 + 60 * (-1) ** n for n in range(24)]
    assert told(before(*noise[:12]), after(*[v - 45 for v in noise[12:]])).word == "NO EFFECT"


def test_nothing_that_stays_at_zero_moved() -> None:
    assert told(before(*[0.0] * 12), after(*[0.0] * 12)).word == "NO EFFECT"
    assert told(before(*[0.0] * 12), after(*[5.0] * 12)).word == "WORSE"


def test_a_tenth_is_the_least_that_counts() -> None:
    assert told(FLAT, after(*[365.0] * 12)).word == "NO EFFECT"
    assert told(FLAT, after(*[355.0] * 12)).word == "HELPED"


def test_what_was_not_seen_nobody_can_tell() -> None:
    def words(was: Sequence[Point], now: Sequence[Point], ended: float = 0.0) -> str:
        found = told(was, now, ended=ended)
        assert found.word == "CAN'T TELL"
        return found.words

    assert words([], after(1, 1, 1)) == "jobs.depth was not seen before it"
    assert words(before(9, 9), after(1, 1, 1)) == "jobs.depth was seen 2 times before it"
    assert words(FLAT, []) == "jobs.depth was not seen after it"
    assert judge(DOWN, [], after(1, 1, 1), over=False) is None


def test_what_was_seen_only_while_it_ran_or_right_after_it_nobody_can_tell() -> None:
    """Dark from then on: that nothing moved yet is no word on whether it did."""
    while_it_ran = after(400, 400, 400, 400)
    found = told(FLAT, while_it_ran, ended=30.0)
    assert found == Judgement("CAN'T TELL", "jobs.depth was not seen after it")
    right_after = after(400, 400, first=1.0)
    assert told(FLAT, right_after) == Judgement(
        "CAN'T TELL", "jobs.depth was seen last after 6 s, 400"
    )


def test_readings_while_it_runs_are_no_help_yet() -> None:
    assert judge(DOWN, FLAT, after(10, 10, 10), over=False, ended=30.0) is None
    assert leaning(DOWN, FLAT, after(10, 10, 10), 30.0) == "CAN'T TELL"


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_what_is_no_figure_is_a_gap_not_a_zero(odd: float) -> None:
    with_gaps = [*FLAT[:6], Point(-33.0, odd), *FLAT[6:], Point(-0.5, odd)]
    assert told(with_gaps, after(90, odd, 80, 70, *[70.0] * 9)).word == "HELPED"
    assert told(FLAT, after(*[odd] * 12)).word == "CAN'T TELL"
    assert told(before(*[odd] * 12), after(*[1.0] * 12)).word == "CAN'T TELL"


def test_of_several_signals_one_that_is_worse_outweighs() -> None:
    good, bad = Judgement("HELPED", "depth 9 → 1"), Judgement("WORSE", "errors 1 → 9")
    none, dark = Judgement("NO EFFECT", "rate 1 → 1"), Judgement("CAN'T TELL", "p95 was not seen")
    assert combined([good, bad]) == Judgement("WORSE", "errors 1 → 9; depth 9 → 1")
    assert combined([none, good, dark]).word == "HELPED"
    assert combined([dark, none]).word == "NO EFFECT"
    assert combined([dark]).word == "CAN'T TELL"


SLOPES = st.floats(-20, 20).filter(lambda s: s == 0 or abs(s) > 0.01)


@given(
    start=st.floats(0, 2000),
    slope=SLOPES,
    every=st.sampled_from([1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0]),
    age=st.floats(0, 1),
    up=st.booleans(),
    floor=st.booleans(),
)
def test_no_trend_that_only_goes_on_is_ever_called_help(
    start: float, slope: float, every: float, age: float, up: bool, floor: bool
) -> None:
    def value(when: float) -> float:
        figure = start + slope * when
        return max(figure, 0.0) if floor and slope < 0 else figure

    was = [Point(t := -age * every - n * every, value(t)) for n in reversed(range(24))]
    now = [Point(t := (1 - age) * every + n * every, value(t)) for n in range(24)]
    for count in range(1, len(now) + 1):
        for over in (False, True):
            found = judge(UP if up else DOWN, was, now[:count], over=over)
            assert found is None or found.word != "HELPED", found


@given(
    was=st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30),
    now=st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30),
    over=st.booleans(),
    ended=st.floats(0, 100),
)
def test_it_bears_any_figures(was: list[float], now: list[float], over: bool, ended: float) -> None:
    found = judge(DOWN, before(*was), after(*now), over=over, ended=ended)
    assert found is not None or not over
    assert leaning(DOWN, before(*was), after(*now), ended)


# --- followed as the sources are read -----------------------------------------------------


class Source:
    """One source's view, as it is polled. A figure of None is a poll that failed, NaN none."""

    def __init__(self, *values: float | None, interval: float = EVERY) -> None:
        self.trend: list[float | None] = list(values)
        self.interval, self.polls, self.age = interval, len(values), 0.0

    def poll(self, value: float | None) -> None:
        self.trend.append(value)
        self.polls += 1

    def __call__(self, name: str) -> SourceView | None:
        if name != "jobs":
            return None
        value = self.trend[-1]
        drawn = tuple(None if v is None or not math.isfinite(v) else v for v in self.trend)
        signal = SignalView(name="jobs.depth", value=value, trend=drawn, unit="ms")
        return SourceView(
            name="jobs",
            title="jobs",
            kind="redis",
            interval=self.interval,
            level=UNSEEN if value is None else "OK",
            failure=None if value is not None else FAILURE,
            age=self.age,
            signals=(signal,),
            polls=self.polls,
        )


FAILURE = Failure("connect", "refused")


def followed(source: Source, *values: float | None, runs: float = 1.0) -> Judgement | None:
    """The verdict on a run of so many seconds, of what was read from its beginning on."""
    watcher, ended = Watcher([DOWN], source, 100.0), False
    for n, value in enumerate(values, 1):
        now = 100.0 + n * EVERY
        if not ended and now >= 100.0 + runs:
            watcher.ends(100.0 + runs)
            ended = True
        source.poll(value)
        watcher.saw(now)
        watcher.saw(now)  # the same poll, told of twice, is one reading
        if (found := watcher.verdict(now)) is not None:
            return found
    return None


def test_it_follows_what_is_read_and_knows_the_unit() -> None:
    found = followed(Source(*[400.0] * 20), 90, 80, 70)
    assert found == Judgement("HELPED", "jobs.depth 400 ms → 80 ms within 15 s")


def test_gaps_in_the_readings_are_gaps() -> None:
    source = Source(*[400.0, None, math.nan] * 7)
    assert followed(source, None, 90, math.nan, 80, None, 70) == Judgement(
        "HELPED", "jobs.depth 400 ms → 80 ms within 30 s"
    )


def test_a_counter_that_begins_anew_is_a_gap_in_its_rate() -> None:
    """Rates have no figure for the poll after a reset: nothing has dropped to zero."""
    found = followed(Source(*[50.0] * 20), None, 50, 51, 49, *[50] * 12)
    assert found is not None
    assert found.word == "NO EFFECT"


def test_a_source_that_is_dark_from_the_run_on_tells_nothing() -> None:
    found = followed(Source(*[400.0] * 20), 400, 400, *[None] * 20, runs=12)
    assert found == Judgement("CAN'T TELL", "jobs.depth was not seen after it")


def test_one_whose_newest_polls_failed_is_as_old_as_its_last_reading() -> None:
    """Two polls failed: the newest figure is ten seconds old, and its trend goes on from then."""
    source = Source(*[1000.0 - 20 * n for n in range(20)], None, None)
    source.age = 12.0
    found = followed(source, *[1000.0 - 20 * (22.4 + n) for n in range(1, 14)])
    assert found is not None
    assert found.word == "NO EFFECT"


def test_without_the_source_there_is_no_telling() -> None:
    watcher = Watcher([Expectation(signal="gone.depth", moves="down", within=2)], Source(1), 0.0)
    watcher.saw(1.0)
    assert watcher.verdict(1.0) is None
    watcher.ends(1.0)
    assert watcher.verdict(2.0) is None
    found = watcher.verdict(3.0)
    assert found == Judgement("CAN'T TELL", "gone.depth was not seen before it")


def test_help_waits_for_another_signal_that_seems_to_get_worse() -> None:
    both = (DOWN, Expectation(signal="jobs.depth", moves="up", within=60))
    source = Source(*[400.0] * 20)
    watcher = Watcher(both, source, 100.0)
    watcher.ends(101.0)
    for n in range(1, 4):
        source.poll(50.0)
        watcher.saw(100.0 + n * EVERY)
    assert watcher.verdict(115.0) is None
    for n in range(4, 7):
        source.poll(50.0)
        watcher.saw(100.0 + n * EVERY)
    found = watcher.verdict(130.0)
    assert found is not None
    assert found.word == "WORSE"


def test_that_something_is_to_be_up_is_said_in_words() -> None:
    assert Expectation(signal="db.up", moves="up", within=60.0).words == "db is up within 60 s"
    assert DOWN.words == "jobs.depth falls within 60 s"
