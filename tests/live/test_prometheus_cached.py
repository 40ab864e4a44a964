"""An answer out of a cache is no sight of the system: not of its page, nor of its server."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.live.bad_server import BadServer, answer, bad_server
from tests.live.scraping import failure, once, page, scraping, seen, value
from tests.unit.fakes import FakeClock
from warroom.errors import ProbeError

THEN = datetime(2020, 1, 1, tzinfo=UTC)
PATH = "/api/v1/query"
QUERIES = {"a": {"query": "up"}, "b": {"query": "down"}}


def dated(server: BadServer, when: datetime, *headers: tuple[str, str]) -> str:
    return page(server, "depth 1\n", ("Date", format_datetime(when, usegmt=True)), *headers)


def evaluated(server: BadServer, when: float, *headers: tuple[str, str]) -> str:
    data = {"resultType": "vector", "result": [{"metric": {}, "value": [when, "1"]}]}
    body = json.dumps({"status": "success", "data": data}).encode()
    server.says(PATH, answer(body, *headers))
    return server.url("")


async def test_a_page_whose_date_stands_still_is_not_seen() -> None:
    clock = FakeClock()
    async with bad_server() as server, scraping(dated(server, THEN), clock=clock) as source:
        assert value(await source.sample(), "depth") == 1
        for passed in (5, 300):
            clock.pass_(passed)
            with pytest.raises(ProbeError, match="the answer comes from a cache") as caught:
                await source.sample()
            assert caught.value.phase == "answer"
        assert "at least 5 min old, dated 2020-01-01 00:00:00 UTC each time" in str(caught.value)
        dated(server, THEN + timedelta(seconds=305))
        assert value(await source.sample(), "depth") == 1


async def test_a_date_of_another_time_that_goes_on_is_no_cache() -> None:
    clock = FakeClock()
    async with bad_server() as server, scraping(dated(server, THEN), clock=clock) as source:
        for second in range(1, 20):
            clock.pass_(1)
            dated(server, THEN + timedelta(seconds=second // 2 * 2))
            assert value(await source.sample(), "depth") == 1


async def test_a_clock_that_is_put_back_is_no_cache() -> None:
    clock = FakeClock()
    async with bad_server() as server, scraping(dated(server, THEN), clock=clock) as source:
        assert value(await source.sample(), "depth") == 1
        for second in (5, 10):
            clock.pass_(5)
            dated(server, THEN - timedelta(hours=1) + timedelta(seconds=second))
            assert value(await source.sample(), "depth") == 1


async def test_a_page_without_a_date_is_taken_as_it_is() -> None:
    clock = FakeClock()
    async with bad_server() as server, scraping(page(server, "depth 1\n"), clock=clock) as source:
        for _ in range(3):
            clock.pass_(60)
            assert value(await source.sample(), "depth") == 1


@pytest.mark.parametrize(
    ("age", "settings", "said"),
    [
        ("86400", {}, "the answer comes from a cache: 24 h 00 old"),
        ("61", {}, "the answer comes from a cache: 61 s old"),
        ("61", {"window": "5min"}, ""),
        ("301", {"window": "5min"}, "the answer comes from a cache: 5 min old"),
        ("60", {}, ""),
        ("9" * 60, {}, "the answer comes from a cache"),
        ("yesterday", {}, ""),
        ("-5", {}, ""),
    ],
)
async def test_an_age_is_believed(age: str, settings: dict[str, Any], said: str) -> None:
    async with bad_server() as server:
        url = page(server, "depth 1\n", ("Age", age))
        if not said:
            assert value(await once(url, **settings), "depth") == 1
            return
        error = await failure(url, **settings)
    assert error.phase == "answer"
    assert said in str(error)
    assert "9" * 20 not in str(error)


async def test_what_came_from_a_cache_leaves_no_trace_in_the_rates() -> None:
    clock = FakeClock()
    figures = {"hits": {"rate": "hits"}}
    async with bad_server() as server:

        def hits(count: int, second: int) -> str:
            date = format_datetime(THEN + timedelta(seconds=second), usegmt=True)
            return page(server, f"hits {count}\n", ("Date", date))

        async with scraping(hits(10, 0), figures=figures, clock=clock) as source:
            await source.sample()
            clock.pass_(5)
            with pytest.raises(ProbeError, match="cache"):
                await source.sample()
            clock.pass_(5)
            hits(30, 10)
            sample = await source.sample()
    assert value(sample, "hits") == pytest.approx(2.0, rel=0.05)


async def test_a_query_that_is_evaluated_no_more_is_not_seen() -> None:
    clock = FakeClock()
    hour_ago = clock.now().timestamp() - 3600
    async with (
        bad_server() as server,
        scraping(server=evaluated(server, hour_ago), figures=QUERIES, clock=clock) as source,
    ):
        first = await source.sample()
        assert seen(first).notes == ("the server's clock is 1 h 00 behind ours",)
        clock.pass_(5)
        with pytest.raises(ProbeError, match=r"^a: the answer comes from a cache") as caught:
            await source.sample()
        assert caught.value.phase == "answer"
        evaluated(server, hour_ago + 5)
        assert value(await source.sample(), "b") == 1


async def test_an_aged_answer_to_a_query_is_not_seen() -> None:
    async with bad_server() as server:
        url = evaluated(server, 1.0, ("Age", "3600"))
        error = await failure(server=url, figures=QUERIES)
    assert "the answer comes from a cache: 1 h 00 old" in str(error)
