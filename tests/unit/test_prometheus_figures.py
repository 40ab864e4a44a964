"""What counters rose by and what figures come of it: scrapes by the second, no network."""

from typing import Any

import pytest

from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.prometheus.increases import Counters, advance
from warroom.sources.prometheus.operand import operands, zero_if_absent
from warroom.sources.prometheus.page import counted, read_page
from warroom.sources.prometheus.past import rise_of
from warroom.sources.prometheus.reckon import NOT_YET, Facts, Reckoned, reckon
from warroom.sources.prometheus.samples import TEXT
from warroom.sources.prometheus.shown import MOST_PARTS, breakdown, signal

RATE = {"rate": "hits"}
ERRORS = {"rate": 'hits{code=~"5.."}'}
SHARE = {"ratio": 'hits{code=~"5.."}', "of": "hits", "unit": "%"}
P50 = {"quantile": 0.5, "histogram": "h"}


class Watch:
    """One figure over scrapes at times of the test's own."""

    def __init__(self, window: float = 60.0, **figure: Any) -> None:
        self.figure = MetricSettings.model_validate(figure)
        self.window = window
        self.counters = Counters()

    def at(self, when: float, *lines: str) -> Reckoned:
        body = "".join(f"{line}\n" for line in (*lines, "# the end")).encode()
        sides = operands(self.figure)
        page = read_page([body], TEXT, sides, oldest=0.0, most=1000, given_up=lambda: False)
        taken = counted(page, zero_if_absent([self.figure]))
        self.counters = advance(self.counters, when, taken, reach=self.window)
        return reckon("f", self.figure, Facts(page, self.counters))

    def value(self, when: float, *lines: str) -> float | None:
        """The signal's value; blindness and notes must be none if there is one."""
        found = self.at(when, *lines)
        value = signal("f", self.figure, found).value
        assert value is None or not found.blind
        return value


def test_rates_need_a_second_scrape() -> None:
    watch = Watch(**RATE)
    first = watch.at(100, "hits 7")
    assert (first.parts, first.blind) == ({}, (NOT_YET,))
    assert watch.value(110, "hits 27") == 2.0


def test_a_rate_is_per_second_or_per_what_is_said() -> None:
    for extra, expected in (({}, 0.5), ({"per": "1min"}, 30.0), ({"unit": "%"}, 50.0)):
        watch = Watch(**RATE, **extra)
        watch.at(0, "hits 0")
        assert watch.value(10, "hits 5") == expected


@pytest.mark.trap(14, "a counter that begins anew", "no negative rate")
def test_a_reset_counts_what_came_since() -> None:
    watch = Watch(**RATE)
    watch.at(0, 'hits{a="1"} 100', 'hits{a="2"} 10')
    assert watch.value(10, 'hits{a="1"} 30', 'hits{a="2"} 20') == 4.0
    assert watch.value(20, 'hits{a="1"} 30', 'hits{a="2"} 20') == 2.0
    assert rise_of(5, 3) == 3
    assert rise_of(5, -3) == 0


def test_the_window_moves_on_and_says_how_far_it_reaches() -> None:
    watch = Watch(window=30, **RATE)
    for when in range(0, 50, 10):
        found = watch.value(when, f"hits {when * when}")
    assert watch.counters.reaches("hits") == 30
    assert found == (40**2 - 10**2) / 30


def test_many_scrapes_are_put_together_in_few_steps() -> None:
    watch = Watch(window=60, **RATE)
    for when in range(2000):
        found = watch.value(when * 0.1, f"hits {when}")
    assert len(watch.counters.spans) <= 61
    assert 59 <= watch.counters.reaches("hits") <= 60
    assert found == pytest.approx(10)


def test_a_scrape_that_failed_is_spanned_and_a_long_gap_is_not() -> None:
    watch = Watch(window=60, **RATE)
    watch.at(0, "hits 0")
    assert watch.value(50, "hits 50") == 1.0
    found = watch.at(120, "hits 10000")
    assert found.blind == (
        "the last scrape was 70 s ago, longer than the window: rates begin anew",
    )
    assert watch.value(130, "hits 10010") == 1.0


def test_a_new_series_of_a_name_that_was_there_counts_from_zero() -> None:
    watch = Watch(**ERRORS)
    watch.at(0, 'hits{code="200"} 7')
    assert watch.value(10, 'hits{code="200"} 7', 'hits{code="500"} 3') == 0.3


def test_a_declared_counter_without_series_counts_from_zero() -> None:
    watch = Watch(**RATE)
    declared = "# TYPE hits counter"
    watch.at(0, declared)
    assert watch.value(10, declared) == 0
    assert watch.value(20, declared, "hits 5") == 0.25


def test_a_name_that_was_not_there_begins_anew() -> None:
    """Its exporter may have been cut off from what it counts: no burst of all there ever was."""
    watch = Watch(**RATE)
    assert watch.at(0, "x 1").blind == ("there is no series hits on the page; is the name right?",)
    assert watch.at(10, "hits 1000000").blind == (NOT_YET,)
    assert watch.value(20, "hits 1000010") == 1.0


def test_a_name_that_was_away_for_longer_than_the_window_begins_anew() -> None:
    watch = Watch(window=30, ratio="bad", of="hits")
    watch.at(0, "hits 0", "bad 0")
    for when in (10, 20, 30, 40):
        assert "there is no series bad" in watch.at(when, f"hits {when}").blind[0]
    assert watch.at(50, "hits 50", "bad 900").blind == (NOT_YET,)
    assert watch.value(60, "hits 60", "bad 905") == 0.5


def test_where_absent_is_zero_the_first_of_all_counts() -> None:
    watch = Watch(ratio="bad", of="hits", absent=0)
    assert watch.value(0, "hits 1") == 0
    assert watch.value(10, "hits 11", "bad 5") == 0.5


def test_a_series_that_comes_back_is_compared_with_what_it_was() -> None:
    watch = Watch(window=100, **RATE)
    here, other = 'hits{a="1"} ', 'hits{a="2"} 0'
    watch.at(0, here + "1000", other)
    watch.at(10, other)
    watch.at(20, other)
    assert watch.value(30, here + "1003", other) == 0.1
    assert watch.counters.past.gone == {}


def test_a_series_that_comes_back_after_the_window_begins_anew() -> None:
    watch = Watch(window=30, **RATE)
    here, other = 'hits{a="1"} ', 'hits{a="2"} 0'
    watch.at(0, here + "1000", other)
    for when in (10, 20, 30, 40):
        watch.at(when, other)
    assert watch.value(50, here + "9000", other) == 0
    assert watch.value(60, here + "9030", other) == 1.0


def test_not_a_number_is_no_count() -> None:
    watch = Watch(**RATE)
    watch.at(0, "hits 10")
    assert watch.at(10, "hits NaN").blind == ("hits is NaN",)
    assert watch.value(20, "hits 30") == 1.0


def test_no_errors_yet_is_zero_and_a_wrong_name_is_not_known() -> None:
    watch = Watch(**ERRORS)
    watch.at(0, 'hits{code="200"} 7')
    assert watch.value(10, 'hits{code="200"} 8') == 0
    wrong = Watch(rate="hitz")
    wrong.at(0, "hits 1")
    assert wrong.at(10, "hits 1").blind[0].startswith("there is no series hitz on the page")


def test_a_share_and_what_is_left_of_it() -> None:
    for extra, expected in (({}, 25.0), ({"complement": True}, 75.0), ({"times": 1}, 0.25)):
        watch = Watch(**SHARE, **extra)
        watch.at(0, 'hits{code="200"} 0')
        assert watch.value(10, 'hits{code="200"} 3', 'hits{code="503"} 1') == expected


def test_no_traffic_is_no_share_and_no_alarm() -> None:
    watch = Watch(**SHARE)
    watch.at(0, 'hits{code="200"} 7')
    found = watch.at(10, 'hits{code="200"} 7')
    assert (found.parts, found.blind) == ({"": None}, ())
    assert found.notes == ("f: hits did not rise in 10 s",)


def test_a_breakdown_has_its_worst_part_first() -> None:
    watch = Watch(**SHARE, by="path")
    lines = ['hits{path="/a",code="200"} ', 'hits{path="/b",code="200"} ', 'hits{code="200"} ']
    watch.at(0, *(line + "0" for line in lines), 'hits{path="/c",code="200"} 5')
    found = watch.at(
        10,
        *(line + "3" for line in lines),
        'hits{path="/b",code="500"} 1',
        'hits{path="/c",code="200"} 5',
    )
    worst = signal("api.f", watch.figure, found)
    assert (worst.value, worst.of) == (25.0, "/b")
    told = breakdown("api.f", watch.figure, found)
    assert told is not None
    assert [(part.label, part.value) for part in told.parts] == [
        ("/b", 25.0),
        ("(no path)", 0.0),
        ("/a", 0.0),
        ("/c", None),
    ]


def test_a_breakdown_of_nothing_is_zero_errors() -> None:
    watch = Watch(**ERRORS, by="path")
    watch.at(0, 'hits{code="200",path="/a"} 1')
    found = watch.at(10, 'hits{code="200",path="/a"} 2')
    assert signal("f", watch.figure, found).value == 0
    told = breakdown("f", watch.figure, found)
    assert told is not None
    assert told.parts == ()


def test_a_breakdown_is_bounded() -> None:
    watch = Watch(gauge="disk", by="mount", worst="lowest")
    found = watch.at(0, *(f'disk{{mount="/{i:03}{"x" * 999}"}} {i}' for i in range(120)))
    told = breakdown("f", watch.figure, found)
    assert told is not None
    assert (len(told.parts), told.others) == (MOST_PARTS, 70)
    assert told.parts[0].value == 0
    assert told.parts[0].label == "/000" + "x" * 999
    lowest = signal("f", watch.figure, found)
    assert (lowest.value, lowest.of[:4]) == (0, "/000")


def test_a_quantile_is_of_the_window() -> None:
    watch = Watch(window=10, **P50)
    buckets = ('h_bucket{le="1"} ', 'h_bucket{le="2.0"} ', 'h_bucket{le="+Inf"} ')
    watch.at(0, *(b + "1000" for b in buckets))
    watch.at(5, buckets[0] + "1010", buckets[1] + "1020", buckets[2] + "1020")
    assert signal("f", watch.figure, watch.at(6, *(b + "1020" for b in buckets))).value is not None
    found = watch.at(16, *(b + "1020" for b in buckets))
    assert (found.parts, found.blind) == ({"": None}, ())
    assert found.notes == ("f: no observations in 10 s",)


def test_a_quantile_over_instances_and_ways_to_write_a_bound() -> None:
    watch = Watch(**P50)
    zero = ['h_bucket{le="0.5"} 0', 'h_bucket{i="2",le="0.50"} 0', 'h_bucket{le="+Inf"} 0']
    watch.at(0, *zero, 'h_bucket{i="2",le="+Inf"} 0')
    now = [line[:-1] + "10" for line in zero]
    assert watch.value(10, *now, 'h_bucket{i="2",le="+Inf"} 30') == 0.5


def test_a_quantile_beyond_the_last_bucket_says_so() -> None:
    watch = Watch(quantile=0.95, histogram="h", unit="ms")
    watch.at(0, 'h_bucket{le="10"} 0', 'h_bucket{le="+Inf"} 0')
    found = watch.at(10, 'h_bucket{le="10"} 1', 'h_bucket{le="+Inf"} 9')
    assert found.parts == {"": 10_000}
    assert found.notes == ("f is at least 10 s: beyond the last bucket",)


def test_a_histogram_that_is_none_says_so() -> None:
    watch = Watch(**P50)
    watch.at(0, 'h_bucket{le="10"} 0')
    assert watch.at(9, 'h_bucket{le="10"} 1').blind == ('h_bucket: it has no bucket le="+Inf"',)
    words = Watch(**P50).at(0, "# TYPE h summary", 'h{quantile="0.5"} 3').blind[0]
    assert "h is a summary: gauge = 'h{quantile=\"0.95\"}' is its quantile" in words


@pytest.mark.parametrize(
    ("figure", "lines", "value"),
    [
        ({"gauge": "q"}, ("q 3",), 3),
        ({"gauge": "q"}, ('q{a="1"} 3', 'q{a="2"} 5'), 8),
        ({"gauge": "q", "aggregate": "max"}, ('q{a="1"} 3', 'q{a="2"} 5'), 5),
        ({"gauge": "q", "aggregate": "min"}, ('q{a="1"} 3', 'q{a="2"} 5'), 3),
        ({"gauge": "q", "aggregate": "avg"}, ('q{a="1"} 3', 'q{a="2"} 5'), 4),
        ({"gauge": "q", "times": 10}, ("q 3",), 30),
        ({"gauge": "q", "of": "m", "unit": "%"}, ("q 3", "m 4"), 75),
        ({"gauge": "q", "of": "m", "unit": "%", "complement": True}, ("q 3", "m 4"), 25),
        ({"gauge": 'q{a="x"}', "absent": 7}, ('q{a="y"} 4',), 7),
        ({"gauge": "q", "absent": 0}, ("# TYPE q gauge",), 0),
        ({"gauge": "q", "of": "m", "absent": 0}, ("m 4",), 0),
    ],
)
def test_gauges(figure: dict[str, Any], lines: tuple[str, ...], value: float) -> None:
    assert Watch(**figure).value(0, *lines) == value


@pytest.mark.parametrize(
    ("figure", "lines", "blind"),
    [
        ({"gauge": "q"}, ("q NaN",), "q is NaN"),
        ({"gauge": "q"}, ("q +Inf",), "q is +Inf"),
        ({"gauge": "q"}, ('q{a="1"} 3', 'q{a="2"} NaN'), "q is NaN"),
        ({"gauge": "q", "aggregate": "max"}, ('q{a="1"} 3', 'q{a="2"} NaN'), "q is NaN"),
        ({"gauge": "q", "aggregate": "min"}, ('q{a="1"} 3', 'q{a="2"} +Inf'), "q is +Inf"),
        ({"gauge": 'q{a="x"}'}, ('q{a="y"} 3',), 'no series on the page matches q{a="x"}'),
        ({"gauge": "q"}, ("# TYPE q gauge",), "no series on the page matches q"),
        ({"gauge": "q", "of": "m"}, ("q 3", "m 0"), "m is 0: there is nothing to divide by"),
        ({"gauge": "q", "of": "m"}, ("q 3",), "there is no series m on the page"),
        ({"gauge": "q", "of": "m", "by": "a"}, ('q{a="1"} 3', "m 0"), "no series of m has a label"),
        (
            {"gauge": "q", "of": "m", "by": "a"},
            ('q{a="1"} 3', 'm{a="1"} 0'),
            "m is nowhere more than 0",
        ),
    ],
)
def test_a_gauge_that_is_not_known_says_why(
    figure: dict[str, Any], lines: tuple[str, ...], blind: str
) -> None:
    watch = Watch(**figure)
    found = watch.at(0, *lines)
    assert signal("f", watch.figure, found).value is None
    assert blind in "; ".join(found.blind)


def test_one_part_that_is_not_a_number_does_not_hide_the_others() -> None:
    watch = Watch(gauge="q", by="a")
    found = watch.at(0, 'q{a="1"} 3', 'q{a="2"} NaN')
    assert found.parts == {"1": 3, "2": None}
    assert found.blind == ("q of a 2 is NaN",)
    assert signal("f", watch.figure, found).of == "1"


def test_a_gauge_taken_for_a_counter_is_noted() -> None:
    watch = Watch(**RATE)
    watch.at(0, "# TYPE hits gauge", "hits 3")
    assert watch.at(1, "# TYPE hits gauge", "hits 2").notes == (
        "f: hits is a gauge, not a counter",
    )


def test_what_is_stale_is_not_known() -> None:
    figure = MetricSettings.model_validate(RATE)
    sides = operands(figure)
    body = [b"# TYPE hits counter\nhits 3 1000\n"]
    page = read_page(body, TEXT, sides, oldest=100.0, most=9, given_up=lambda: False)
    found = reckon("f", figure, Facts(page, Counters()))
    assert found.blind == ("the samples of hits are over 5 min old",)


def test_a_scrape_that_is_given_up_leaves_no_trace() -> None:
    watch = Watch(**RATE)
    watch.at(0, "hits 0")
    before = watch.counters
    kept = repr(before)
    watch.at(10, "hits 50")
    assert repr(before) == kept
