"""The faults of the shop itself: each really happens, and is over when it is switched off."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product as pairs

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.live.demo_shop import DemoShop, demo_shop
from tests.waiting import until
from warroom.demo.deployments import Deployment
from warroom.demo.shop.store import Store, UnavailableError

pytestmark = pytest.mark.xdist_group("faults")  # one such demo at a time

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"
BLOCKED = f"{WAITING} AND wait_event_type = 'Lock' AND query LIKE '%products%'"
LONG_ACTIVE = f"{WAITING} AND state = 'active' AND now() - query_start > '2 s'"
IDLE_IN_TRANSACTION = f"{WAITING} AND state = 'idle in transaction'"
ACTIVITY = "shop-web"


@pytest.fixture(scope="module")
def running() -> Iterator[DemoShop]:
    with demo_shop() as started:
        yield started


@pytest.fixture
def shop(running: DemoShop) -> Iterator[DemoShop]:
    """The shared shop, well before and after the test."""
    until(lambda: running.health()["status"] == "ok")
    yield running
    running.all_off()


OFFERED = {
    "shop_http_requests_total",
    "shop_http_request_seconds_bucket",
    "shop_queue_depth",
    "shop_db_pool_connections",
    "shop_tcp_connections",
    "shop_memory_limit_bytes",
    "shop_warehouse_seconds_bucket",
    "shop_build_info",
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "process_open_fds",
}


def test_metrics_offer_what_an_on_call_engineer_asks(shop: DemoShop) -> None:
    until(lambda: shop.answered("/", 200) > 0)
    found = shop.http.get("/metrics").text
    families = text_string_to_metric_families(found)
    assert {sample.name for family in families for sample in family.samples} >= OFFERED
    assert shop.figure("shop_build_info", version="1.42.0") == 1


def test_error_rate_fails_the_checkout_alone(shop: DemoShop) -> None:
    before = shop.answered("/api/checkout", 500)
    shop.switch("error-rate", True)
    assert shop.order(quantity=3) == 500
    until(lambda: shop.answered("/api/checkout", 500) >= before + 3)  # customers' too
    assert shop.order(quantity=1) == 201
    assert [shop.status(path) for path in ("/", "/cart", "/api/products")] == [200, 200, 200]
    assert shop.health()["status"] == "ok"

    shop.switch("error-rate", False)
    assert shop.order(quantity=3) == 201
    assert shop.http.get("/api/products").json()[0]["cents"] == 1400


@pytest.mark.long
def test_slow_pages_wait_for_the_warehouse(shop: DemoShop) -> None:
    def slow_ones() -> float:
        seconds = "shop_http_request_seconds"
        quick = shop.figure(f"{seconds}_bucket", path="/", le="1.0")
        return shop.figure(f"{seconds}_count", path="/") - quick

    before = slow_ones()
    shop.switch("slow", True)
    assert shop.took("/") > 2
    until(lambda: slow_ones() >= before + 3)
    assert shop.health()["status"] == "ok"
    assert min(shop.took("/login") for _ in range(3)) < 0.5

    shop.switch("slow", False)
    assert min(shop.took("/") for _ in range(3)) < 0.5


@pytest.mark.long
def test_memory_climbs_past_its_limit_and_is_given_back(shop: DemoShop) -> None:
    def resident() -> float:
        return shop.figure("process_resident_memory_bytes") / 2**20

    assert shop.figure("shop_memory_limit_bytes") == 256 * 2**20
    before = resident()
    shop.switch("memory", True)
    until(lambda: resident() > before + 10)  # the crawler's work alone
    for width, product in pairs(range(1024, 900, -1), range(1, 9)):  # we crawl along
        shop.http.get("/picture", params={"product": product, "width": width})
        if resident() > 0.92 * 256:
            break
    assert shop.health()["checks"]["memory"] > 90
    assert shop.health()["status"] == "degraded"

    shop.switch("memory", False)
    assert resident() < before + 30
    assert shop.health()["status"] == "ok"


@pytest.mark.long
def test_slow_database_makes_queries_wait_for_a_lock(shop: DemoShop) -> None:
    shop.switch("slow-database", True)
    until(lambda: shop.ask_database(LONG_ACTIVE, "price-import") == 1)
    until(lambda: shop.ask_database(BLOCKED, ACTIVITY) >= 2)
    until(lambda: shop.took("/api/products") > 0.5)
    assert shop.figure("shop_http_request_seconds_count", path="/") > 0

    shop.switch("slow-database", False)
    until(lambda: shop.ask_database(WAITING, "price-import") == 0)
    assert min(shop.took("/api/products") for _ in range(3)) < 0.3


def test_ending_the_import_in_the_database_ends_the_waits(shop: DemoShop) -> None:
    shop.switch("slow-database", True)
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1"
    assert shop.ask_database(ended, "price-import")
    until(lambda: shop.ask_database(BLOCKED, ACTIVITY) == 0)
    until(lambda: not shop.runs("price_import"))  # it does not come again


@pytest.mark.long
def test_pool_exhausted_leaves_no_connection_for_customers(shop: DemoShop) -> None:
    shop.switch("pool-exhausted", True)
    until(lambda: shop.ask_database(IDLE_IN_TRANSACTION, ACTIVITY) == 10)
    assert shop.figure("shop_db_pool_connections", state="in_use") == 10
    before = shop.answered("/", 503)
    assert shop.status("/") == 503
    until(lambda: shop.answered("/", 503) >= before + 3)
    assert shop.health()["checks"]["database"] == "down"
    assert shop.figure("shop_tcp_connections", state="established") >= 10

    shop.switch("pool-exhausted", False)
    until(lambda: shop.status("/") == 200)
    until(lambda: shop.health()["status"] == "ok")
    # Customers hold one for a moment between two statements; nobody keeps any.
    until(lambda: shop.ask_database(IDLE_IN_TRANSACTION, ACTIVITY) == 0)


@pytest.mark.long
def test_queue_backlog_stands_until_the_worker_goes_on(shop: DemoShop) -> None:
    shop.switch("queue-backlog", True)
    assert shop.health()["status"] == "degraded"
    depth = shop.figure("shop_queue_depth")
    assert depth > 10_000
    until(lambda: shop.figure("shop_queue_depth") > depth)  # customers order, nobody works

    shop.switch("redis-down", True)
    assert shop.health()["checks"]["redis"] == "down"
    shop.switch("redis-down", False)
    until(lambda: shop.figure("shop_queue_depth") > depth)  # not healed by that

    shop.switch("queue-backlog", False)
    until(lambda: shop.health()["status"] == "ok", seconds=60)
    assert shop.figure("shop_queue_depth") <= 10_000  # which is no longer too many


def test_redis_down_leaves_the_storefront(shop: DemoShop) -> None:
    regular = {"Cookie": "session=0123456789abcdef"}
    assert shop.http.post("/cart?product=2", headers=regular).status_code == 303
    shop.switch("redis-down", True)
    assert shop.http.get("/cart", headers=regular).status_code == 503
    assert shop.order(quantity=1) == 503
    assert shop.status("/") == 200
    assert shop.health()["checks"]["redis"] == "down"
    depth = shop.figure("shop_queue_depth")
    assert depth != depth  # not a number: unknown, not zero

    shop.switch("redis-down", False)
    until(lambda: shop.health()["status"] == "ok")
    until(lambda: "Linen notebook" in shop.http.get("/cart", headers=regular).text)


@pytest.mark.long
def test_bad_deploy_is_bad_until_rolled_back(shop: DemoShop) -> None:
    regular = {"Cookie": "session=fedcba9876543210"}
    assert shop.http.post("/cart?product=2", headers=regular).status_code == 303
    good = min(shop.took("/") for _ in range(5))
    shop.switch("bad-deploy", True)
    assert shop.health()["version"] == "1.43.0"
    assert shop.figure("shop_build_info", version="1.43.0") == 1
    assert shop.status("/cart") == 500
    until(lambda: shop.answered("/cart", 500) >= 3)
    assert min(shop.took("/") for _ in range(3)) > 5 * good
    assert shop.http.get("/cart", headers=regular).status_code == 200

    shop.switch("bad-deploy", False)
    assert shop.health()["version"] == "1.42.0"
    assert shop.status("/cart") == 200
    record = shop.production.config.with_name("deployments.jsonl").read_bytes().splitlines()
    deployments = [msgspec.json.decode(line, type=Deployment) for line in record]
    assert [(d.version, d.by, d.status) for d in deployments] == [
        ("1.42.0", "ci", "deployed"),
        ("1.43.0", "ci", "deployed"),
        ("1.42.0", "on-call", "rolled back"),
    ]


@pytest.mark.long
def test_rate_limit_refuses_customers(shop: DemoShop) -> None:
    before = shop.answered("/api/checkout", 429)
    shop.switch("rate-limit", True)
    until(lambda: shop.answered("/api/checkout", 429) > before)
    until(lambda: shop.http.get("/api/health").headers["X-RateLimit-Remaining"] == "0")
    until(lambda: shop.status("/api/products") == 429)
    assert shop.status("/") == 200

    shop.switch("rate-limit", False)
    until(lambda: shop.status("/api/products") == 200)
    until(lambda: int(shop.http.get("/api/health").headers["X-RateLimit-Remaining"]) > 5)


ENDED = "SELECT bool_and(pg_terminate_backend(pid, 3000)) FROM pg_stat_activity WHERE " + (
    "application_name = $1"
)


async def test_a_connection_that_is_ended_costs_what_needs_it_and_no_more(shop: DemoShop) -> None:
    """Wherever its driver is then: with the server's farewell unread, read, or followed by the
    end of the connection. A worker that met something else would end."""
    store = Store(shop.settings, "idle", pool_size=1)
    await store.open()

    async def answered() -> bool:
        try:
            return bool(await store.value("SELECT true"))
        except UnavailableError:
            return False

    with ThreadPoolExecutor() as aside:
        for turns in range(8):
            assert await answered() or await answered()
            # Waited for with the loop standing still: nothing of it has been read by then.
            assert aside.submit(shop.ask_database, ENDED, "idle").result()
            for _ in range(turns):
                await asyncio.sleep(0)
            await answered()
    await store.close()
