"""What an operator may do in the demo's stores, and what not; the queue and the cache they mend."""

from collections.abc import Iterator

import asyncpg
import msgspec
import pytest
from redis import Redis
from redis.exceptions import ResponseError

from tests.live.demo_operator import Operator, operated
from tests.waiting import until
from warroom.demo.shop.store import Job

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.long]  # one such demo at a time

RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"
IDLE = "application_name = 'shop-web' AND state = 'idle in transaction'"
END = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
CORRECT = "UPDATE products SET cents = cents - 2000000000 WHERE cents > 2000000000"
MAILED = "SELECT EXISTS (SELECT FROM mails WHERE order_id = $1)"
REGULAR = {"Cookie": "session=0123456789abcdef"}


@pytest.fixture(scope="module")
def running() -> Iterator[Operator]:
    with operated() as started:
        yield started


@pytest.fixture
def operator(running: Operator) -> Iterator[Operator]:
    """Of the shared shop, well before and after the test."""
    until(lambda: running.shop.health()["status"] == "ok")
    yield running
    running.shop.all_off()


@pytest.fixture
def redis(operator: Operator) -> Iterator[Redis]:
    """Redis as the shop itself may use it."""
    with Redis.from_url(operator.shop.settings.redis, decode_responses=True) as client:
        yield client


@pytest.mark.parametrize("turn", ["once", "again"])
def test_the_import_that_locks_the_products_can_be_ended(operator: Operator, turn: str) -> None:
    shop = operator.shop
    shop.switch("slow-database", True)
    assert operator.sql(f"{END} application_name = 'price-import'") == 1
    until(lambda: shop.ask_database(RUNNING, "price-import") == 0)
    until(lambda: not shop.runs("price_import"))
    assert min(shop.took("/api/products") for _ in range(3)) < 0.3
    assert "had been ended before" in shop.switch("slow-database", False)


def test_transactions_that_sit_open_can_be_ended(operator: Operator) -> None:
    shop = operator.shop
    shop.switch("pool-exhausted", True)
    until(lambda: operator.sql(f"SELECT count(*) FROM pg_stat_activity WHERE {IDLE}") == 10)
    assert operator.sql(f"{END} {IDLE}") > 0  # all but those that fetch in this very moment
    shop.switch("pool-exhausted", False)


@pytest.mark.parametrize("turn", ["once", "again"])
def test_prices_can_be_corrected_and_carts_show_it_once_the_cache_is_flushed(
    operator: Operator, redis: Redis, turn: str
) -> None:
    shop = operator.shop
    shop.http.post("/cart?product=2", headers=REGULAR)
    shop.switch("error-rate", True)
    assert shop.order(quantity=3) == 500

    def cart() -> str:
        return shop.http.get("/cart", headers=REGULAR).text

    pieces = int(redis.hget("cart:0123456789abcdef", "2") or 0)
    wrong, right = f"{(2_000_000_000 + 1150) * pieces / 100:.2f} €", f"{11.50 * pieces:.2f} €"

    def a_minute_passes() -> bool:
        """Once is not enough: a visitor who read the price before the import may keep it after."""
        redis.delete("cache:prices")
        return wrong in cart()

    until(a_minute_passes)
    operator.sql(CORRECT)
    assert shop.order(quantity=3) == 201
    assert shop.http.get("/api/products").json()[1]["cents"] == 1150
    assert wrong in cart()  # stale
    assert shop.figure("shop_cache_requests_total", outcome="hit") > 0
    assert 0 < int(operator.redis.pttl("cache:prices")) <= 60_000
    misses = shop.figure("shop_cache_requests_total", outcome="miss")
    assert list(operator.redis.scan_iter("cache:*")) == ["cache:prices"]
    assert operator.redis.unlink("cache:prices") == 1
    assert right in cart()  # whoever read before the correction has answered long ago
    assert shop.figure("shop_cache_requests_total", outcome="miss") > misses
    assert "had been corrected before" in shop.switch("error-rate", False)


FORBIDDEN = (
    "DELETE FROM orders",
    "UPDATE products SET name = 'x'",
    "UPDATE orders SET cents = 0",
    "SELECT email FROM customers",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
)


@pytest.mark.parametrize("query", FORBIDDEN)
def test_the_role_has_no_other_rights(operator: Operator, query: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        operator.sql(query)


def test_the_redis_user_has_no_other_rights(operator: Operator) -> None:
    operator.shop.http.post("/cart?product=2", headers=REGULAR)
    for command in (
        ("DEL", "cart:0123456789abcdef"),
        ("HGETALL", "cart:0123456789abcdef"),
        ("SET", "cache:prices", "[]"),
        ("FLUSHALL",),
        ("FLUSHDB",),
        ("CONFIG", "SET", "maxmemory", "0"),
        ("SHUTDOWN",),
        ("ACL", "WHOAMI"),
        ("KEYS", "*"),
        ("EVAL", "return redis.call('DEL', 'cart:0123456789abcdef')", "0"),
    ):
        with pytest.raises(ResponseError, match=r"permission|can't access"):
            operator.redis.execute_command(*command)
    assert operator.shop.http.get("/cart", headers=REGULAR).text.count("Linen notebook") == 1
    assert operator.redis.get("shop:environment") == "demo"


def new_job(operator: Operator) -> tuple[int, str]:
    """An order that nobody has queued a mail for, and the job that would be it."""
    order = operator.shop.ask_database(
        "INSERT INTO orders (product_id, quantity, cents, email) "
        "VALUES (1, 1, 1400, 'stuck@shop.example') RETURNING id"
    )
    return order, msgspec.json.encode(Job(order, "stuck@shop.example")).decode()


def test_a_job_in_the_hand_of_a_worker_that_is_gone_is_another_s(
    operator: Operator, redis: Redis
) -> None:
    order, job = new_job(operator)
    hand = "jobs:mail:in-hand:7"
    redis.rpush(hand, job)
    until(lambda: operator.worker(1)["queue"]["in_hand"] >= 1)
    operator.run("scale", "worker", "3")
    operator.run("restart", "worker")
    assert operator.redis.lrange(hand, 0, -1) == [job]  # a start takes nothing of another's
    assert operator.redis.lmove(hand, "jobs:mail", "RIGHT", "LEFT") == job
    until(lambda: operator.shop.ask_database(MAILED, order))
    operator.run("scale", "worker", "1")


def test_each_worker_takes_back_at_its_start_what_it_had_in_hand_and_no_more(
    operator: Operator, redis: Redis
) -> None:
    order, job = new_job(operator)
    redis.rpush("jobs:mail:in-hand", job)
    operator.run("scale", "worker", "2")
    until(lambda: operator.worker(1)["queue"]["workers"] == 2)
    until(lambda: operator.worker(2)["jobs_done"] > 0)  # long since at work
    assert job in redis.lrange("jobs:mail:in-hand", 0, -1)
    operator.run("restart", "worker")
    until(lambda: operator.shop.ask_database(MAILED, order))
    operator.run("scale", "worker", "1")


def test_a_worker_that_ends_lets_go_of_what_it_has_in_hand(
    operator: Operator, redis: Redis
) -> None:
    operator.run("scale", "worker", "2")
    until(lambda: operator.worker(2)["jobs_done"] > 0)
    order, job = new_job(operator)
    redis.rpush("jobs:mail:in-hand:2", job)
    operator.run("scale", "worker", "1")
    assert redis.llen("jobs:mail:in-hand:2") == 0
    until(lambda: operator.shop.ask_database(MAILED, order))


def test_failed_jobs_are_tried_again(operator: Operator) -> None:
    shop = operator.shop
    wish = {"product": 1, "email": "nobody@shop.example\nBcc: all@shop.example"}
    assert shop.http.post("/api/checkout", json=wish).status_code == 201  # it will bounce
    until(lambda: shop.figure("shop_jobs", state="failed") == 1)
    until(lambda: operator.worker(1)["queue"]["failed"] == 1)
    bounced = operator.redis.lrange("jobs:mail:failed", 0, -1)
    done = shop.figure("shop_jobs_done_total")
    assert operator.redis.lmove("jobs:mail:failed", "jobs:mail", "RIGHT", "RIGHT") == bounced[0]
    until(lambda: shop.figure("shop_jobs_done_total") > done)
    until(lambda: operator.redis.lrange("jobs:mail:failed", 0, -1) == bounced)  # still no address
    order, job = new_job(operator)
    operator.redis.rpush("jobs:mail:failed", job)  # given up, and its address mended since
    assert operator.redis.lmove("jobs:mail:failed", "jobs:mail", "RIGHT", "RIGHT") == job
    until(lambda: shop.ask_database(MAILED, order))
    assert operator.redis.unlink("jobs:mail:failed") == 1
    until(lambda: shop.figure("shop_jobs", state="failed") == 0)
