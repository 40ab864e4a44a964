"""The demo's error tracker: it tells of the errors that really happened, and of no others."""

import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.live.demo_shop import DemoShop, demo_shop
from tests.live.held import figures, holding, polled
from tests.waiting import until
from warroom.measure.tracker import Issue, SentrySeen
from warroom.sources.base import Sample
from warroom.sources.sentry import SentrySource

pytestmark = pytest.mark.xdist_group("faults")  # one such demo at a time

OVERFLOW = "NumericValueOutOfRangeError"
DIVISION = "ZeroDivisionError"
UNAVAILABLE = "UnavailableError"


@pytest.fixture(scope="module")
def shop() -> Iterator[DemoShop]:
    with demo_shop() as started:
        yield started


@asynccontextmanager
async def watched(shop: DemoShop) -> AsyncIterator[SentrySource]:
    """The source of the demo's own configuration."""
    table = tomllib.loads(shop.production.config.read_text())["sources"]["tracker"]
    async with holding(SentrySource, "tracker", {**table, "timeout": "5s"}) as source:
        yield source


def issue(sample: Sample, kind: str) -> Issue | None:
    assert isinstance(sample.seen, SentrySeen)
    return next((one for one in sample.seen.issues if one.title.startswith(kind)), None)


def counted(kind: str, events: Callable[[], float]) -> Callable[[Sample], bool]:
    """Whether the tracker has as many events of this kind as happened, and at least one."""

    def look(sample: Sample) -> bool:
        found = issue(sample, kind)
        return found is not None and found.events == events() > 0

    return look


@pytest.mark.long
async def test_the_figures_are_the_errors_that_happened(shop: DemoShop) -> None:
    async with watched(shop) as source:
        first = await source.sample()
        assert figures(first)["issues_unresolved"] == figures(first)["events_per_minute"] == 0
        shop.switch("error-rate", True)
        try:
            until(lambda: shop.order(quantity=2) == 500)
            found = await polled(
                source, counted(OVERFLOW, lambda: shop.answered("/api/checkout", 500))
            )
            told = issue(found, OVERFLOW)
            assert told is not None
            assert told.is_new
            assert told.culprit == "shop/store.py in order"
            more = await source.inspect(told.key)
            assert f"{OVERFLOW}: " in more
            assert "shop/web.py" in more
            rates = await polled(source, lambda s: bool(figures(s)["worst_issue_per_minute"]), 15)
            assert figures(rates)["issues_new"] == figures(rates)["issues_unresolved"] == 1
        finally:
            shop.switch("error-rate", False)
        shop.switch("bad-deploy", True)
        try:
            until(lambda: shop.status("/cart") == 500)
            found = await polled(source, lambda s: issue(s, DIVISION) is not None)
        finally:
            shop.switch("bad-deploy", False)
        told = issue(found, DIVISION)
        assert told is not None
        assert told.is_new
        assert "release       1.43.0" in await source.inspect(told.key)
        shop.switch("redis-down", True)
        try:
            until(lambda: shop.order(quantity=1) == 503)  # expected, and an error all the same
            found = await polled(source, lambda s: issue(s, UNAVAILABLE) is not None)
        finally:
            shop.switch("redis-down", False)
        told = issue(found, UNAVAILABLE)
        assert told is not None
        assert told.title == "UnavailableError: redis"
        # Of a minute whose last ten seconds the tracker has had time to count.
        await polled(source, lambda s: bool(figures(s)["events_per_minute"]), 30)


def test_it_tells_nobody_without_the_token_and_takes_nothing_without_the_key(
    shop: DemoShop,
) -> None:
    project = f"{shop.settings.tracker}/api/0/projects/shop/web"
    for url in (f"{project}/issues/", f"{project}/stats/"):
        assert httpx.get(url, trust_env=False).status_code == 401
    url = f"{shop.settings.tracker}/api/web/store/"
    assert httpx.post(url, content=b"[]", trust_env=False).status_code == 401
