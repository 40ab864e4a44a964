"""Remedies bear replies of any shape: what they cannot read they say in words."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.redis.hostile import found_in, replies
from warroom.connect.queues.arq import Arq
from warroom.connect.queues.bullmq import Bullmq
from warroom.connect.queues.celery import Celery
from warroom.connect.queues.layout import Layout, Moment
from warroom.connect.queues.lists import PlainList
from warroom.connect.queues.remedies.reading import peek
from warroom.connect.queues.remedies.remedy import RemedyName, Survey, Target, apply, survey
from warroom.connect.queues.rq import Rq
from warroom.connect.queues.sidekiq import Sidekiq
from warroom.connect.queues.streams import PlainStream
from warroom.connect.queues.talk import Reply
from warroom.connect.queues.zsets import PlainZset

pytestmark = pytest.mark.long

LAYOUTS: tuple[Layout, ...] = (
    PlainList("q", failed="f"), PlainZset("q"), PlainStream("q"), Bullmq("q"), Rq("q"),
    Celery("q"), Sidekiq("q"), Arq("q"),
)  # fmt: skip
REMEDIES: tuple[RemedyName, ...] = get_args(RemedyName)
MOMENT = Moment(now=1_700_000_000.0, version=(7, 0, 0))
listed = st.lists(
    st.tuples(
        st.sampled_from([b"j", b"\xff:\xff", b"1-1", b"0:", b'{"queue":"q","jid":"\xc3"}']),
        st.sampled_from([b"1", b"1700000000.5", b"inf", b"nan", b"", b"\xff", b"-1"]),
    ),
    max_size=3,
).map(lambda pairs: [part for pair in pairs for part in pair])
peeked: st.SearchStrategy[Reply] = st.tuples(st.integers(0, 5), listed).map(
    lambda told: [told[0], [*told[1]]]
)
group: st.SearchStrategy[Reply] = st.sampled_from([b"1-1", b"5-0", b"x"]).map(
    lambda last: [
        [
            *(b"name", b"g", b"consumers", 1, b"pending", 1, b"last-delivered-id", last),
            *(b"entries-read", 1, b"lag", 2),
        ]
    ]
)
rows: st.SearchStrategy[Reply] = st.lists(
    st.lists(st.one_of(st.none(), st.binary(max_size=5)), min_size=3, max_size=5), max_size=3
).map(lambda found: [[*row] for row in found])
trips = st.lists(
    st.lists(st.one_of(peeked, rows, group, replies, st.integers(0, 2)), max_size=6), max_size=7
)


@pytest.mark.parametrize("remedy", REMEDIES)
@settings(max_examples=200, deadline=None)
@given(layout=st.sampled_from(LAYOUTS), answers=trips)
def test_a_survey_of_anything(
    remedy: RemedyName, layout: Layout, answers: list[list[Reply]]
) -> None:
    found = found_in(survey(layout, remedy, MOMENT, 0), answers)
    assert found is None or len(found.targets) <= 200


@pytest.mark.parametrize("remedy", REMEDIES)
@settings(max_examples=200, deadline=None)
@given(layout=st.sampled_from(LAYOUTS), answers=trips)
def test_a_remedy_that_is_answered_with_anything(
    remedy: RemedyName, layout: Layout, answers: list[list[Reply]]
) -> None:
    shown = Survey((Target("j", "j", "1-1 2\nx"),), 1, None, ())
    now: list[Reply] = [[b"1700000000", b"0"]]
    found = found_in(apply(layout, remedy, shown, "r", 0), [now, *answers])
    assert found is None or found.touched + len(found.refused) >= 1


def test_jobs_without_a_number_for_a_score_or_with_half_an_entry_are_none() -> None:
    told: list[Reply] = [3, [b"a", b"x", b"b", b"nan", b"c", b"inf", b"d", b"1", 7, b"2", b"e"]]
    assert found_in(peek("k", "zset", 9), [[told]]) == (3, 5, [(b"d", b"1")])
    groups: Reply = [[b"name", b"g", b"consumers", 1, b"pending", 1, b"last-delivered-id", b"1-1"]]
    look = survey(PlainStream("q"), "clear_stuck", MOMENT, 0)
    assert found_in(look, [[groups], [[[b"1-1", b"c", 5]]]]) is None
