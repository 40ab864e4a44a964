"""Rates over pages that change: a deploy, a restart, churn, a relay; fed as a source does."""

import tracemalloc
from typing import Any

import pytest

from warroom.sources.prometheus import increases, lacks, past
from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.prometheus.increases import MOST_GROUPS, Counters, advance
from warroom.sources.prometheus.operand import operands, zero_if_absent
from warroom.sources.prometheus.page import STALE, counted, read_page
from warroom.sources.prometheus.reckon import NOT_YET, Facts, Reckoned, reckon
from warroom.sources.prometheus.samples import TEXT
from warroom.sources.prometheus.settings import MOST_SERIES
from warroom.sources.prometheus.shown import breakdown, signal

REACH = 62.5
NOW = 1_700_000_000
ERR: dict[str, Any] = {"ratio": 'h{status=~"5.."}', "of": "h", "unit": "%"}
RATE: dict[str, Any] = {"rate": "h"}
OLD = f" {(NOW - 400) * 1000}"


class Feed:
    """A source's figures over pages at times of the test's own; ``figure`` is the one told."""

    def __init__(self, least: float = 0.0, others: Any = None, **figure: Any) -> None:
        self.figure = MetricSettings.model_validate(figure)
        more = {name: MetricSettings.model_validate(said) for name, said in (others or {}).items()}
        self.figures = {"f": self.figure, **more}
        self.least = least
        self.counters = Counters()

    def at(self, when: float, *lines: str) -> Reckoned:
        body = "".join(f"{line}\n" for line in (*lines, "# the end")).encode()
        page = read_page(
            [body],
            TEXT,
            {side for figure in self.figures.values() for side in operands(figure)},
            oldest=NOW - STALE,
            most=MOST_SERIES,
            given_up=lambda: False,
        )
        taken = counted(page, zero_if_absent(self.figures.values()))
        self.counters = advance(self.counters, when, taken, reach=REACH)
        return reckon("f", self.figure, Facts(page, self.counters, self.least))

    def value(self, when: float, *lines: str) -> float | None:
        """The value where all is seen."""
        found = self.at(when, *lines)
        assert found.blind == ()
        return signal("f", self.figure, found).value

    def blind(self, when: float, *lines: str) -> str:
        """Why the figure is not known."""
        found = self.at(when, *lines)
        assert signal("f", self.figure, found).value is None
        return "; ".join(found.blind)


# --- labels -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "series", "label"),
    [
        (ERR, 'h{code="500"}', "status"),
        ({"rate": 'h{status!=""}'}, 'h{code="500"}', "status"),
        ({"rate": 'h{status="500"}', "absent": 0}, 'h{code="500"}', "status"),
        ({"rate": "h", "by": "path"}, 'h{route="/a"}', "path"),
        ({"quantile": 0.5, "histogram": 'h{path="/a"}'}, 'h_bucket{le="+Inf"}', "path"),
        ({"gauge": 'h{queue="a"}', "absent": 0}, 'h{queue="",name="a"}', "queue"),
    ],
)
def test_a_label_that_no_series_has_is_not_no_errors(
    figure: dict[str, Any], series: str, label: str
) -> None:
    feed = Feed(**figure)
    feed.at(0, f"{series} 0")
    name = series.partition("{")[0]
    assert feed.blind(10, f"{series} 100") == f"no series of {name} has a label {label}"


@pytest.mark.parametrize("status", ['status!="200"', 'status=~"5..|"', 'status!~"2.."'])
def test_a_label_that_may_be_missing_is_not_missed(status: str) -> None:
    feed = Feed(rate=f"h{{{status}}}")
    feed.at(0, 'h{code="500"} 0')
    assert feed.value(10, 'h{code="500"} 5') == 0.5


def test_declared_without_any_series_it_lacks_no_label() -> None:
    feed = Feed(**RATE | {"rate": 'h{status="500"}'})
    feed.at(0, "# TYPE h counter")
    assert feed.value(10, "# TYPE h counter") == 0


# --- values -------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "shown"), [("NaN", "NaN"), ("+Inf", "+Inf")])
@pytest.mark.parametrize(
    "figure",
    [RATE, {"ratio": "h", "of": "x"}, {"ratio": "x", "of": "h"}],
)
def test_a_counter_that_is_no_number_is_not_zero(
    figure: dict[str, Any], written: str, shown: str
) -> None:
    feed = Feed(**figure)
    feed.at(0, "h 0", "x 0")
    assert feed.blind(10, f"h {written}", 'h{a="2"} 7', "x 5") == f"h is {shown}"
    assert feed.value(20, "h 50", 'h{a="2"} 7', "x 50") is not None


def test_a_bucket_that_is_no_number_blinds_its_group() -> None:
    feed = Feed(quantile=0.5, histogram="h", by="path")
    lines = ['h_bucket{path="/a",le="1"} ', 'h_bucket{path="/a",le="+Inf"} ']
    other = [line.replace("/a", "/b") for line in lines]
    feed.at(0, *(line + "0" for line in lines + other))
    found = feed.at(10, *(line + "8" for line in lines), *(line + "NaN" for line in other))
    assert (found.parts, found.blind) == (
        {"/a": 0.5, "/b": None},
        ("h_bucket of path /b is NaN",),
    )


def test_a_counter_that_was_never_a_number_begins_anew() -> None:
    feed = Feed(**RATE)
    feed.at(0, "h NaN", 'h{a="2"} 0')
    assert feed.value(10, "h 5000000", 'h{a="2"} 0') == 0
    assert feed.value(20, "h 5000020", 'h{a="2"} 0') == 1


def test_a_number_after_none_is_compared_with_the_one_before() -> None:
    feed = Feed(**RATE)
    feed.at(0, "h 1000")
    for when in (10, 20):
        feed.at(when, "h NaN")
    assert feed.value(30, "h 1030") == 1


@pytest.mark.parametrize(
    ("figure", "lines"),
    [
        ({"gauge": "g"}, ('g{a="1"} 1e308', 'g{a="2"} 1e308')),
        ({"gauge": "g", "of": "h"}, ("g 1e308", "h 1e-10")),
        ({"gauge": "g", "times": 1e10}, ("g 1e308",)),
        ({"rate": "g"}, ('g{a="1"} 1e308', 'g{a="2"} 1e308')),
        ({"ratio": "g", "of": "h"}, ("g 1e308", "h 1e-10")),
        ({"ratio": "g", "of": "h"}, ("g 1e308", 'g{a="2"} 1e308', "h 1e308", 'h{a="2"} 1e308')),
    ],
)
def test_a_number_that_is_too_large_is_told(figure: dict[str, Any], lines: tuple[str, ...]) -> None:
    feed = Feed(**figure)
    feed.at(0, "# TYPE g counter", "# TYPE h counter")
    assert feed.blind(10, *lines) == "f is too large a number"


def test_a_quantile_that_is_too_large_is_told() -> None:
    feed = Feed(quantile=0.9, histogram="g", unit="ms")
    feed.at(0, 'g_bucket{le="1e308"} 0', 'g_bucket{le="+Inf"} 0')
    assert feed.blind(9, 'g_bucket{le="1e308"} 0', 'g_bucket{le="+Inf"} 9') == (
        "f is too large a number"
    )


# --- the sides of a ratio -----------------------------------------------------------------


def test_sides_that_do_not_fit_by_a_label_are_told() -> None:
    feed = Feed(ratio="e", of="h", by="path", unit="%")
    known = 'h{path="/a"} '
    feed.at(0, 'e{path="/b"} 0', "h 0", known + "0", 'e{path="/a"} 0')
    found = feed.at(10, 'e{path="/b"} 6', "h 100", known + "10", 'e{path="/a"} 0')
    assert found.parts == {"": 0, "/a": 0, "/b": None}
    assert found.blind == ("e rises where h does not: do both have the label path?",)
    assert signal("f", feed.figure, found).value is None
    told = breakdown("f", feed.figure, found)
    assert told is not None
    assert [part.label for part in told.parts] == ["/b", "(no path)", "/a"]
    # What is known to be worse stays what the figure stands for.
    found = feed.at(20, 'e{path="/b"} 8', "h 200", known + "20", 'e{path="/a"} 10')
    assert signal("f", feed.figure, found).of == "/a"


def test_a_side_without_the_label_is_told() -> None:
    feed = Feed(ratio="e", of="h", by="path", unit="%")
    feed.at(0, 'e{path="/b"} 0', "h 0")
    assert feed.blind(10, 'e{path="/b"} 6', "h 9") == "no series of h has a label path"


def test_what_is_left_of_a_share_that_does_not_fit_is_not_all_of_it() -> None:
    feed = Feed(ratio="e", of="h", by="path", unit="%", complement=True, worst="lowest")
    feed.at(0, 'e{path="/b"} 0', 'h{path="/a"} 0')
    found = feed.at(10, 'e{path="/b"} 6', 'h{path="/a"} 10')
    assert signal("f", feed.figure, found).value is None


def test_errors_without_requests_are_told() -> None:
    feed = Feed(ratio="e", of="h", unit="%")
    feed.at(0, "e 0", "h 5")
    assert feed.blind(10, "e 9", "h 5") == "e rises where h does not: does h count the same?"


def test_both_sides_of_a_ratio_are_over_the_same_time() -> None:
    feed = Feed(ratio="e", of="h", unit="%")
    for when in range(0, 55, 5):
        assert "no series e" in feed.blind(when, f"h {when * 10}")
    feed.at(55, "e 0", "h 550")
    # 5 of 100, for ten times the traffic of before.
    assert feed.value(60, "e 5", "h 650") == 5


def test_what_is_put_together_does_not_hide_where_a_name_began() -> None:
    feed = Feed(ratio="e", of="h", unit="%")
    for step in range(4):
        feed.at(step / 10, f"h {step * 10}")
    for step in range(4, 11):
        found = feed.at(step / 10, f"e {step}", f"h {step * 10}")
    assert found.parts == {"": pytest.approx(10)}
    assert feed.counters.reaches("h", "e") == pytest.approx(0.6)


# --- absent -------------------------------------------------------------------------------


def test_absent_is_for_what_is_missing_and_nothing_else() -> None:
    figure: dict[str, Any] = {"ratio": "e", "of": "h", "unit": "%", "absent": 0}
    assert Feed(**figure).value(0, "h 5") == 0
    assert "are over 5 min old" in Feed(**figure).blind(0, "e 5" + OLD, "h 5")
    assert "there is no series h on the page" in Feed(**figure).blind(0, "e 5")
    assert "are over 5 min old" in Feed(**figure).blind(0, "h 5" + OLD, "e 3")
    assert "are over 5 min old" in Feed(**RATE, absent=0).blind(0, "h 5" + OLD)


def test_absent_is_not_for_the_page_of_another_service() -> None:
    feed = Feed(**RATE, absent=0, others={"g": {"gauge": "g"}})
    assert "there is no series h on the page" in feed.blind(0, "other 1")
    assert feed.value(10, "g 1") == 0
    feed.at(20, "other 1")
    # What was counted while another page was seen is nobody's burst.
    assert feed.at(30, "g 1", "h 900000").parts == {"": 0}
    assert feed.value(40, "g 1", "h 900030") == 1


def test_errors_of_the_window_do_not_go_with_their_series() -> None:
    feed = Feed(ratio="e", of="h", unit="%", absent=0)
    feed.at(0, "e 0", "h 0")
    assert feed.value(10, "e 60", "h 100") == 60
    assert feed.value(20, "h 20") == 50
    assert feed.value(80, "h 30") == 0


# --- age ----------------------------------------------------------------------------------


def test_what_is_stale_is_so_for_each_operand() -> None:
    feed = Feed(**ERR)
    feed.at(0, 'h{status="200"} 0', 'h{status="500"} 0')
    lines = ('h{status="200"} 10', 'h{status="500"} 90' + OLD)
    assert feed.blind(10, *lines) == 'the samples of h{status=~"5.."} are over 5 min old'


def test_what_is_partly_stale_is_noted() -> None:
    feed = Feed(**RATE)
    feed.at(0, 'h{a="1"} 0', 'h{a="2"} 0', 'h{a="3"} 0')
    found = feed.at(10, 'h{a="1"} 10', 'h{a="2"} 9' + OLD, 'h{a="3"} 9' + OLD)
    assert (found.parts, found.notes) == ({"": 1}, ("2 series of h are over 5 min old",))
    gauge = Feed(gauge="g").at(0, 'g{a="1"} 3', 'g{a="2"} 9' + OLD)
    assert (gauge.parts, gauge.notes) == ({"": 3}, ("1 series of g is over 5 min old",))


# --- series that come and go --------------------------------------------------------------


@pytest.mark.parametrize(("back", "rise"), [(7, 7), (1000, 0), (1500, 0)])
def test_a_series_that_comes_back_lower_began_anew_whenever_that_was(back: int, rise: int) -> None:
    feed = Feed(rate='h{a="1"}')
    other = 'h{a="2"} 0'
    feed.at(0, 'h{a="1"} 1000', other)
    for when in range(10, 100, 10):
        feed.at(when, other)
    assert feed.value(100, f'h{{a="1"}} {back}', other) == pytest.approx(rise / 60)


@pytest.mark.long
def test_all_series_of_a_page_may_miss_one_scrape() -> None:
    assert past.MOST_GONE >= MOST_SERIES
    feed = Feed(**RATE)
    lines = [f'h{{i="{i}"}} 1000' for i in range(30_000)]
    feed.at(0, *lines, "h 0")
    feed.at(10, "h 0")
    assert feed.value(20, *lines, "h 20") == 1


@pytest.mark.long
def test_churn_of_long_labels_stays_bounded() -> None:
    feed = Feed(**RATE)
    feed.at(0, "h 1")
    tracemalloc.start()
    try:
        for when in range(30):
            feed.at(when, *(f'h{{path="{"x" * 10_000}{when}-{i}"}} 1' for i in range(5)))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # One page's labels are 50 KB; all there were, 1.5 MB.
    assert kept < 200_000
    assert len(feed.counters.past.gone) == 1 + 29 * 5


def test_labels_that_differ_far_behind_are_two() -> None:
    feed = Feed(gauge="g", by="path")
    found = feed.at(0, *(f'g{{path="{"x" * 9000}{end}"}} {end}' for end in (3, 4)))
    assert sorted(value or 0 for value in found.parts.values()) == [3, 4]
    assert max(map(len, found.parts)) < 4200


def test_what_is_long_gone_is_forgotten() -> None:
    feed = Feed(**RATE)
    feed.at(0, 'h{a="1"} 5', "h 0")
    for when in range(60, 3600, 60):
        feed.at(when, "h 0")
    assert len(feed.counters.past.gone) == 1
    feed.at(3660, "h 0")
    assert feed.counters.past.gone == {}


def test_groups_of_the_whole_window_are_bounded() -> None:
    feed = Feed(rate="h", by="path", unit="req/s")
    share = MOST_GROUPS // 2
    for round_ in range(2):
        feed.at(round_ * 5, *(f'h{{path="{round_}-{i}"}} 1' for i in range(share)))
    assert feed.at(8, 'h{path="0-0"} 5').blind == ()
    words = "h had over 5,000 values of path within the window; narrow the selector"
    assert feed.blind(10, *(f'h{{path="2-{i}"}} 1' for i in range(share))) == words
    assert all(not span.rises for span in feed.counters.spans)
    for when in range(20, 90, 10):
        found = feed.at(when, f'h{{path="2-0"}} {when}')
        assert (found.blind == (words,)) is (when - 10 <= REACH)
    assert found.parts == {"2-0": pytest.approx(1, rel=0.2)}


def test_buckets_of_the_whole_window_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(increases, "MOST_KEYS", 50)
    monkeypatch.setattr(lacks, "MOST_KEYS", 50)
    feed = Feed(quantile=0.5, histogram="h")
    feed.at(0, *(f'h_bucket{{le="{i}"}} 1' for i in range(30)), 'h_bucket{le="+Inf"} 1')
    found = feed.blind(5, *(f'h_bucket{{le="{i}.5"}} 1' for i in range(30)))
    assert found == "h_bucket had over 50 buckets within the window; narrow the selector"


def test_a_relayed_instance_brings_no_burst() -> None:
    feed = Feed(**RATE)
    one = 'h{instance="a",code="200"} '
    feed.at(0, one + "10")
    new = ('h{instance="b",code="200"} 105000000', 'h{instance="b",code="500"} 9000')
    assert feed.value(10, one + "20", *new) == 1
    # From then on it is one of them: the first error of its kind counts.
    first = 'h{instance="b",code="503"} 20'
    assert feed.value(20, one + "20", *new, first) == 1.5


@pytest.mark.parametrize("label", ["job", "pod", "container", "node", "host", "namespace"])
def test_what_says_where_a_series_is_from_begins_anew(label: str) -> None:
    feed = Feed(**RATE)
    feed.at(0, f'h{{{label}="a"}} 0')
    assert feed.value(10, f'h{{{label}="a"}} 10', f'h{{{label}="b"}} 5000000') == 1


def test_the_first_error_of_an_instance_that_was_there_counts() -> None:
    """Also where only its errors are picked."""
    feed = Feed(rate='h{status=~"5.."}')
    lines = ('h{instance="a",status="200"} 5', 'h{instance="b",status="200"} 5')
    feed.at(0, *lines)
    assert feed.value(10, *lines, 'h{instance="b",status="500"} 5') == 0.5


def test_a_series_with_timestamps_never_counts_from_zero() -> None:
    feed = Feed(**RATE)
    stamp = f" {NOW * 1000}"
    feed.at(0, 'h{path="/a"} 10' + stamp)
    assert feed.value(10, 'h{path="/a"} 20' + stamp, 'h{path="/b"} 5000000' + stamp) == 1
    assert feed.value(20, 'h{path="/a"} 20' + stamp, 'h{path="/b"} 5000020' + stamp) == 1.5


# --- histograms that change ---------------------------------------------------------------

BUCKETS = {"5": 0.0, "10": 1.0, "+Inf": 1.0}


def buckets(count: int, path: str = "/a") -> list[str]:
    """All of so many observations lie between 5 and 10."""
    return [
        f'h_bucket{{path="{path}",le="{bound}"}} {share * count}'
        for bound, share in BUCKETS.items()
    ]


@pytest.mark.parametrize(
    "later", [["# TYPE h histogram"], ['h_bucket{path="/b",le="+Inf"} 0'], buckets(0, "/b")]
)
def test_the_buckets_of_the_window_are_those_there_were(later: list[str]) -> None:
    feed = Feed(quantile=0.5, histogram="h")
    feed.at(0, *buckets(0))
    assert feed.value(10, *buckets(100)) == 7.5
    assert feed.value(20, *later) == 7.5


def test_the_buckets_of_a_part_are_its_own() -> None:
    feed = Feed(quantile=0.5, histogram="h", by="path")
    feed.at(0, *buckets(0))
    feed.at(10, *buckets(100))
    found = feed.at(20, *buckets(0, "/b"))
    assert (found.parts, found.blind) == ({"/a": 7.5, "/b": None}, ())
    assert feed.at(80, *buckets(0, "/b")).parts == {"/b": None}


# --- time ---------------------------------------------------------------------------------


def test_rates_are_not_of_a_moment() -> None:
    feed = Feed(least=1.0, **RATE)
    assert feed.at(0, "h 0").blind == (NOT_YET,)
    for when in (0.01, 0.02, 0.9):
        assert feed.at(when, f"h {when * 100}").blind == (NOT_YET,)
    assert feed.value(1.0, "h 100") == pytest.approx(100)
    assert feed.value(1.01, "h 101") == pytest.approx(100)


def test_after_a_long_gap_the_gap_is_told() -> None:
    feed = Feed(**RATE)
    feed.at(0, "h 0")
    words = "the last scrape was 90 s ago, longer than the window: rates begin anew"
    assert feed.at(90, "h 9000").blind == (words,)
    assert feed.value(95, "h 9010") == 2
