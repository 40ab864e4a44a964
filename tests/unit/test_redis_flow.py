"""What flows through a queue, of looks at it: by example, and against a queue that is known."""

import math
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.connect.queues.layout import Counted
from warroom.sources.redis.flow import Flow, Rates, look


def rates(*looks: tuple[float, Counted], window: float = 60.0) -> Rates:
    """Of the last of these looks."""
    flow: Flow | None = None
    for at, seen in looks:
        flow, found = look(flow, seen, at, window)
    return found


@pytest.mark.parametrize(
    ("before", "after", "arriving", "finishing"),
    [
        ({"added": 100, "finished": 90}, {"added": 130, "finished": 110}, 3, 2),
        ({"added": 100}, {"added": 130}, 3, 2),
        ({"finished": 90}, {"finished": 110}, 3, 2),
        ({}, {"arrived": 30}, 3, 2),
        ({"finished": 90}, {"finished": 110, "arrived": 25}, 2.5, 2),
        ({}, {}, None, None),
        # jobs that were put back are more than those that came, and none went
        ({"added": 100}, {"added": 104}, 1, 0),
        # what vanished without being finished did not come in negative numbers
        ({"finished": 90, "unfinished": 30}, {"finished": 91, "unfinished": 5}, 0, 0.1),
        # the basis changed: nothing is known of what was gained
        ({"added": 100, "unfinished": 9}, {"added": 110}, 1, None),
    ],
)
def test_one_of_what_comes_and_what_goes_gives_the_other(
    before: dict[str, Any], after: dict[str, Any], arriving: float, finishing: float
) -> None:
    found = rates((0, Counted(depth=10, **before)), (10, Counted(depth=20, **after)))
    assert (found.arriving, found.finishing, found.growing) == (arriving, finishing, 1)
    assert found.span == 10


def test_rates_are_reckoned_over_the_window_and_real_time() -> None:
    looks = [(float(at), Counted(depth=at // 5, added=at * at)) for at in range(0, 200, 5)]
    found = rates(*looks)
    assert found.span == 60
    assert found.arriving == pytest.approx((195**2 - 135**2) / 60)
    # a gap of ten minutes is one step, and gone with the next
    later = Counted(depth=0, added=195**2 + 600)
    assert rates(*looks, (795.0, later)).span == 600
    assert rates(*looks, (795.0, later)).arriving == 1
    assert rates(*looks, (795.0, later), (800.0, later)).span == 5


def test_no_rate_reaches_across_a_look_that_did_not_tell() -> None:
    known = [(0.0, Counted(depth=5, added=0)), (5.0, Counted(depth=5, added=10))]
    blind = (10.0, Counted(depth=5))
    assert rates(*known, blind).arriving is None
    assert rates(*known, blind).growing == 0
    again = [(15.0, Counted(depth=5, added=900)), (20.0, Counted(depth=5, added=905))]
    assert rates(*known, blind, again[0]).arriving is None
    found = rates(*known, blind, *again)
    assert (found.arriving, found.span) == (1, 5)


def test_a_counter_that_fell_starts_anew() -> None:
    looks = [(0.0, Counted(depth=5, finished=900)), (5.0, Counted(depth=5, finished=905))]
    assert rates(*looks, (10.0, Counted(depth=5, finished=3))) == Rates()
    found = rates(
        *looks, (10.0, Counted(depth=5, finished=3)), (15.0, Counted(depth=5, finished=8))
    )
    assert (found.finishing, found.span, found.stuck) == (1, 5, 0)


def test_when_it_will_be_empty() -> None:
    assert rates((0, Counted(depth=50)), (10, Counted(depth=40))).drain == 40
    assert rates((0, Counted(depth=40)), (10, Counted(depth=40))).drain is None
    assert rates((0, Counted(depth=40)), (10, Counted(depth=41))).drain is None
    assert rates((0, Counted(depth=40)), (10, Counted(depth=0))).drain == 0
    assert rates((0, Counted())).drain is None


STILL = Counted(depth=5, head=b"a")


@pytest.mark.parametrize(
    ("after", "stuck"),
    [
        (STILL, 30),
        (replace(STILL, depth=9), 30),
        (replace(STILL, head=b"b"), 0),
        (replace(STILL, depth=4), 0),
        (replace(STILL, depth=0, head=None), 0),
        (replace(STILL, paused=True), 0),
        (replace(STILL, head=None), None),
        (replace(STILL, head=None, depth=9), None),
        (replace(STILL, head=None, arrived=0), 30),
        (replace(STILL, head=None, depth=9, arrived=4), 30),
        (replace(STILL, head=None, depth=9, arrived=5), 0),
        (replace(STILL, depth=9, arrived=5), 0),
        (replace(STILL, head=None, depth=9, arrived=3), None),
        (replace(STILL, depth=None), None),
        (replace(STILL, depth=None, oldest=1.0), 30),
        (replace(STILL, unfinished=4), 30),
    ],
)
def test_stuck_is_how_long_jobs_wait_and_none_is_seen_to_go(
    after: Counted, stuck: float | None
) -> None:
    looks = [(0.0, STILL), (10.0, STILL), (20.0, STILL)]
    assert rates(looks[0]).stuck is None
    assert rates(*looks).stuck == 20
    assert rates(*looks, (30.0, after)).stuck == stuck


def test_stuck_begins_when_jobs_begin_to_wait_and_again_after_a_rest() -> None:
    empty = Counted(depth=0)
    assert rates((0, empty)).stuck == 0
    assert rates((0, Counted())).stuck is None
    assert rates((0, empty), (10, STILL)).stuck == 0
    assert rates((0, empty), (10, STILL), (20, STILL)).stuck == 10
    paused = replace(STILL, paused=True)
    assert rates((0, STILL), (10, paused), (20, STILL), (30, STILL)).stuck == 10
    blind = replace(STILL, head=None)
    assert rates((0, STILL), (10, STILL), (20, blind), (30, STILL), (40, STILL)).stuck == 10


def test_one_that_comes_ahead_and_one_that_leaks_away_are_no_work() -> None:
    ahead = replace(STILL, depth=6, head=b"urgent", overtaken=True)
    after = replace(ahead, overtaken=False)
    looks = ((0.0, STILL), (30.0, ahead), (60.0, after))
    assert rates(*looks).stuck == 60
    assert rates(*looks, (70, replace(after, head=b"a"))).stuck == 0  # the urgent one is done
    trimmed = replace(STILL, depth=3, unfinished=3, added=50, finished=7, leaks=True)
    begun = replace(trimmed, depth=9, unfinished=9, added=40)
    found = rates((0, begun), (30, trimmed))
    assert (found.stuck, found.arriving, found.finishing) == (30, 10 / 30, 0)


def test_what_is_counted_late_is_counted_once() -> None:
    """Sidekiq's count of what was done comes up to ten seconds after the jobs were taken."""
    full, gone = Counted(depth=100, finished=0), Counted(depth=0, finished=0)
    told = replace(gone, finished=100)
    found = rates((0, Counted(depth=0, finished=0)), (5, full), (10, gone), (15, told))
    assert (found.arriving, found.finishing) == (100 / 15, 100 / 15)
    assert rates((0, full), (5, gone)).arriving == 0  # and never negative


@pytest.mark.parametrize(
    ("before", "after", "stuck"),
    [
        ({"depth": 5, "unfinished": 9}, {"depth": 5, "unfinished": 8}, 0),
        ({"depth": 5, "unfinished": 9}, {"depth": 4, "unfinished": 9}, 0),
        ({"depth": 5, "unfinished": 9}, {"depth": 5, "unfinished": 9}, None),
        ({"depth": 5, "unfinished": 9, "added": 3}, {"depth": 5, "unfinished": 9, "added": 4}, 0),
        ({"depth": 5, "unfinished": 9, "added": 3}, {"depth": 6, "unfinished": 10, "added": 4}, 10),
        ({"depth": 5, "unfinished": 9}, {"depth": 6, "unfinished": 11, "arrived": 2}, 0),
    ],
)
def test_jobs_in_hand_tell_too(
    before: dict[str, Any], after: dict[str, Any], stuck: float | None
) -> None:
    assert rates((0, Counted(**before)), (10, Counted(**after))).stuck == stuck


def test_two_looks_at_once_are_no_rate() -> None:
    for later in (0.0, 5e-324, -5.0):
        found = rates((0, Counted(depth=1)), (later, Counted(depth=9)))
        assert (found.growing, found.span) == (None, None)
        assert rates((0, STILL), (later, STILL)).stuck == pytest.approx(0)
        assert rates((0, STILL), (later, STILL), (10.0, STILL)).stuck == 10
    back = rates((0, Counted(depth=1)), (-5.0, Counted(depth=9)), (10.0, Counted(depth=11)))
    assert (back.growing, back.span) == (1, 10)


def test_a_counter_of_finished_jobs_tells_that_none_was() -> None:
    busy = Counted(depth=5, finished=7)
    assert rates((0, busy), (10, replace(busy, depth=8))).stuck == 10
    assert rates((0, busy), (10, replace(busy, depth=8, finished=8))).stuck == 0


DONE = ("add", "take", "finish", "fail", "return", "retry")


class Past(NamedTuple):
    """How things really stood at a look; ``life`` counts the server's restarts."""

    at: float
    truth: dict[str, int]
    waiting: int
    takes: int
    life: int


@dataclass
class Queue:
    """A queue of which all is known; what is done to it is counted in ``truth``."""

    waiting: int = 0
    hand: int = 0
    dead: int = 0
    added: int = 0
    finished: int = 0
    takes: int = 0
    truth: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DONE, 0))

    def do(self, what: str, many: int) -> None:
        many = min(many, {"take": self.waiting, "retry": self.dead}.get(what, many))
        many = min(many, self.hand) if what in ("finish", "fail", "return") else many
        self.truth[what] += many
        self.waiting += many * (what in ("add", "retry", "return")) - many * (what == "take")
        self.hand += many * (what == "take") - many * (what in ("finish", "fail", "return"))
        self.dead += many * (what == "fail") - many * (what == "retry")
        self.added += many * (what == "add")
        self.finished += many * (what == "finish")
        self.takes += many * (what == "take")

    def seen(self, told: frozenset[str], arrived: int | None) -> Counted:
        known: dict[str, Any] = {"unfinished": self.waiting + self.hand}
        known |= {"added": self.added, "finished": self.finished}
        if arrived is not None:
            known["arrived"] = arrived
        head = b"%d" % self.takes if "head" in told and self.waiting else None
        shown = {name: value for name, value in known.items() if name in told}
        return Counted(depth=self.waiting, head=head, **shown)


TOLD = ("added", "finished", "arrived", "head", "unfinished")
doings = st.tuples(st.sampled_from(DONE), st.integers(0, 9))
restarts = st.sampled_from([False] * 9 + [True])
spans = st.tuples(st.floats(0.0, 30.0), st.lists(doings, max_size=5), restarts)


@given(st.frozensets(st.sampled_from(TOLD)), st.lists(spans, min_size=2, max_size=25))
def test_what_is_said_of_a_queue_is_true_of_it(
    told: frozenset[str], course: list[tuple[float, list[tuple[str, int]], bool]]
) -> None:
    told |= {"unfinished"}
    queue, flow, now = Queue(), None, 0.0
    past: list[Past] = []
    life = 0
    for pause, done, restarted in course:
        now += pause
        before = dict(queue.truth)
        if restarted:
            queue, life = Queue(), life + 1
        else:
            for what, many in done:
                queue.do(what, many)
        arrived = queue.truth["add"] - before["add"] if past and not restarted else None
        flow, found = look(flow, queue.seen(told, arrived), now)
        past.append(Past(now, dict(queue.truth), queue.waiting, queue.takes, life))
        _sane(found)
        if found.span is not None:
            _true(found, told, past)
        if found.stuck:
            _still(found.stuck, told, past)


def _sane(found: Rates) -> None:
    for figure in (found.arriving, found.finishing, found.drain, found.stuck, found.span):
        assert figure is None or (math.isfinite(figure) and figure >= 0)
    assert found.growing is None or math.isfinite(found.growing)


def _true(found: Rates, told: frozenset[str], past: list[Past]) -> None:
    """Against what happened since the look with which the span began."""
    assert found.span is not None
    last = past[-1]
    begun = [each for each in past[:-1] if each.at == pytest.approx(last.at - found.span)]
    assert begun
    if any(each.life != last.life for each in begun):
        return  # there was a restart that no counter shows
    real = [
        {what: last.truth[what] - was.truth[what] for what in DONE}
        | {"grew": last.waiting - was.waiting}
        for was in begun
    ]

    def holds(what: str, figure: float | None, least: list[int], most: list[int]) -> None:
        if figure is not None:
            jobs = figure * (found.span or 0)
            fits = [a - 1e-6 <= jobs <= b + 1e-6 for a, b in zip(least, most, strict=True)]
            assert any(fits), (what, jobs, least, most)

    came = [each["add"] for each in real]
    put_back = [each["add"] + each["retry"] for each in real]
    went = [each["finish"] for each in real]
    gone = [each["finish"] + each["fail"] for each in real]
    knows_came, knows_went = {"added", "arrived"} & told, "finished" in told
    both = knows_came and knows_went
    holds("came", found.arriving, came if knows_came else [0] * len(came), put_back)
    holds("went", found.finishing, went if knows_went else [0] * len(went), gone)
    if both:
        holds("came", found.arriving, came, came)
        holds("went", found.finishing, went, went)
    grew = [each["grew"] for each in real]
    holds("grew", found.growing, grew, grew)


def _still(stuck: float, told: frozenset[str], past: list[Past]) -> None:
    """No look of the time that it is called stuck shows that a job was finished or taken."""
    last = past[-1]
    for each in past:
        if each.at > last.at - stuck + 1e-6 and each.life == last.life:
            assert each.truth["finish"] == last.truth["finish"] or "finished" not in told
            assert each.takes == last.takes or "head" not in told
