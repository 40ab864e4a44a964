"""What a tracker's answers say, whatever is in them; rates from one look to the next."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.errors import ProbeError
from warroom.measure.tracker import Issue
from warroom.sources.known import Figure
from warroom.sources.sentry import event, figures, reading
from warroom.sources.sentry.growth import Growth, Look
from warroom.sources.sentry.reading import Told

T = TypeVar("T")
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
ANY = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
FIELDS = (
    *("id", "shortId", "title", "culprit", "level", "permalink", "count", "userCount"),
    *("firstSeen", "lastSeen", "substatus", "metadata"),
)
ROWS = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, ANY)), max_size=4)
GOOD = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers(1, 10**9)}, optional=dict.fromkeys(FIELDS[1:], SCALARS)
    ),
    max_size=4,
)


def sent(told: Any) -> bytes:
    return json.dumps(told).encode("utf-8", "surrogatepass")


def stepped(counts: dict[float, float]) -> bytes:
    """Counts by how many seconds before noon their ten seconds begin."""
    start = NOON.timestamp()
    return sent([[int(start - ago), count] for ago, count in counts.items()])


def refused_or(read: Callable[[], T]) -> T | None:
    """What was read; None for a refusal, which must be one of the answer."""
    phase = "answer"
    try:
        return read()
    except ProbeError as error:
        phase = error.phase
        return None
    finally:
        assert phase == "answer"


@given(GOOD | ROWS | ANY)
def test_whatever_is_answered_is_issues_or_a_refusal(answered: Any) -> None:
    found = refused_or(lambda: reading.page(sent(answered)))
    for told in found or ():
        issue = reading.issue(told, None, NOON)
        assert issue.events is None or 0 <= issue.events < 10**15
        for at in (issue.first_seen, issue.last_seen):
            assert at is None or at.utcoffset() == timedelta(0)
        assert msgspec.json.decode(msgspec.json.encode(issue), type=Issue) == issue
    assert reading.reach(found or (), NOON).tzinfo is not None


@given(st.binary(max_size=200) | ANY.map(sent))
def test_whatever_is_answered_is_an_event_or_a_refusal(answered: bytes) -> None:
    lines = refused_or(lambda: event.told(answered)) or ""
    assert all(len(line) <= event.LONGEST for line in lines.split("\n"))


@given(st.binary(max_size=200) | ANY.map(sent) | st.lists(st.tuples(SCALARS, SCALARS)).map(sent))
def test_whatever_is_answered_is_a_count_or_not_known_or_a_refusal(answered: bytes) -> None:
    found = refused_or(lambda: reading.per_minute(answered, NOON))
    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("counts", "minute"),
    [
        # The last ten seconds that began before noon are left time to be counted.
        ({10: 99, 20: 1, 30: 2, 40: 3, 50: 4, 60: 5, 70: 6, 80: 99}, 21),
        ({20: 1, 30: 2, 40: 3, 50: 4, 60: 5, 70: 6}, 21),
        ({30: 2, 40: 3, 50: 4, 60: 5, 70: 6, 80: 7}, None),
        ({20: 1, 30: 2, 50: 4, 60: 5, 70: 6, 80: 7}, None),
        ({20: 1, 30: 2, 40: -3, 50: 4, 60: 5, 70: 6}, None),
        ({}, None),
    ],
)
def test_a_minute_is_known_when_all_of_it_is_there(counts: Any, minute: float | None) -> None:
    assert reading.per_minute(stepped(counts), NOON) == minute


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-04T12:00:00Z", NOON),
        ("2026-03-04T12:00:00.000000+00:00", NOON),
        ("2026-03-04T13:00:00+01:00", NOON),
        ("2026-03-04T12:00:00", NOON),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (1772625600, None),
    ],
)
def test_times(text: Any, at: datetime | None) -> None:
    assert reading.moment(text) == at


def told(issue: str, count: int, *, last: float = 0.0, first: float = 9_000.0) -> Told:
    """First and last seen so many seconds ago."""
    first_seen, last_seen = ((NOON - timedelta(seconds=ago)).isoformat() for ago in (first, last))
    return Told(id=issue, count=str(count), first_seen=first_seen, last_seen=last_seen)


def test_a_page_reaches_as_far_as_the_one_seen_longest_ago_if_it_is_in_that_order() -> None:
    page = [told("1", 1, last=3), told("2", 1, last=40), told("3", 1, last=30)]
    assert reading.reach(page, NOON) == NOON - timedelta(seconds=40)
    assert reading.reach([*page, told("4", 1, last=900), told("5", 1)], NOON) == NOON
    assert reading.reach([*page, Told(id=6)], NOON) == NOON
    assert reading.reach([], NOON) == NOON


def grown(*looks: tuple[float, dict[str, int]], interval: float = 30.0) -> Growth:
    """Looks so many seconds ago, the time being the monotonic second 1000."""
    growth = Growth(interval)
    for ago, counts in looks:
        growth.take(Look(1000.0 - ago, NOON - timedelta(seconds=ago), counts))
    growth.forget(1000.0)
    return growth


def test_a_rate_is_of_about_the_last_minute() -> None:
    growth = grown((90, {"1": 10}), (60, {"1": 20}), (30, {"1": 50}))
    assert growth.rate(told("1", 80), 1000.0) == 60
    assert grown((2, {"1": 10})).rate(told("1", 80), 1000.0) is None
    assert grown((500, {"1": 10})).rate(told("1", 80), 1000.0) is None
    assert grown((60, {"1": 90})).rate(told("1", 80), 1000.0) is None


@pytest.mark.parametrize(("interval", "back"), [(1.0, 60.0), (7.0, 63.0), (300.0, 300.0)])
def test_a_rate_is_of_a_minute_however_often_one_looks(interval: float, back: float) -> None:
    ages = (interval * n for n in range(100, 0, -1))
    growth = grown(*((ago, {"1": 0 if ago > 30 else 600}) for ago in ages), interval=interval)
    rate = growth.rate(told("1", 600), 1000.0)
    assert rate is not None
    assert 600 * 60 / (back + 5.0) < rate <= 600 * 60 / back


def test_one_that_was_not_there_is_known_if_it_is_new() -> None:
    growth = grown((60, {}))
    assert growth.rate(told("1", 7, first=60), 1000.0) == 7
    assert growth.rate(told("1", 7, first=61), 1000.0) is None
    # From the first look in which it stood.
    assert grown((60, {}), (30, {"1": 5})).rate(told("1", 7), 1000.0) == 4


def test_a_total_takes_all_that_may_have_been_active() -> None:
    growth, minute_ago = grown((60, {"1": 10, "2": 5})), NOON - timedelta(seconds=60)
    both = (told("1", 12), told("2", 5, last=70))
    assert growth.total(both, None, 1000.0) == 2
    assert growth.total(both, minute_ago, 1000.0) == 2
    assert growth.total(both, minute_ago + timedelta(seconds=1), 1000.0) is None
    assert growth.total((*both, told("3", 9, last=61)), None, 1000.0) == 2
    assert growth.total((*both, told("3", 9, last=60)), None, 1000.0) is None
    assert growth.total((*both, Told(id="3", count=9)), None, 1000.0) is None
    assert Growth(30.0).total((), None, 1000.0) is None
    assert growth.total((), None, 1000.0) == 0


def test_the_worst_of_nothing_is_nothing_and_of_the_unknown_not_known() -> None:
    def worst(*issues: Issue) -> float | Figure | None:
        facts = figures.Facts(issues, None, None, NOON, regressions=True)
        return figures.known(facts)["worst_issue_per_minute"]

    calm, unknown = (Issue(key="1", title="x", per_minute=rate) for rate in (0.5, None))
    assert (worst(), worst(unknown), worst(unknown, calm)) == (0.0, None, (0.5, "x"))


def test_an_event_is_cut_where_there_is_too_much_of_it() -> None:
    frames = [{"function": f"f{n}", "module": "m"} for n in range(40)]
    values = [
        {"type": f"E{n}", "value": "line\n" * 40, "stacktrace": {"frames": frames}}
        for n in range(9)
    ]
    entries = [{"type": "exception", "data": {"values": values}}]
    lines = event.told(sent({"title": "x " * 5_000, "entries": entries})).split("\n")
    assert len(lines[0]) == event.LONGEST - 1
    assert lines[0].endswith("x x (cut)")
    assert [line for line in lines if line.startswith("E")] == [
        f"E{n}: line" for n in (8, 7, 6, 5, 4)
    ]
    assert lines[2:4] == ["E8: line", "line"]
    assert lines[9:12] == ["line", "(cut)", "  m in f39"]
    assert "  and 28 frames further out" in lines
    bare = event.told(sent({"message": "only words", "release": "1.2", "tags": []}))
    assert bare == "release       1.2\n\nonly words"
    assert "no exception and no message" in event.told(b"{}")
    with pytest.raises(ProbeError, match="no event"):
        event.told(sent({"entries": [{"type": "exception", "data": {"values": [7]}}]}))
