"""The operator's API of the demo's web app: each switch has its real effect and lasts."""

import json
import subprocess
from collections.abc import Iterator
from itertools import product as pairs
from typing import Any

import pytest

from tests.live.demo_operator import Operator, operated
from tests.rooms import WARROOM
from tests.waiting import until
from warroom.demo import customers
from warroom.demo.outside.address import INTRUDER, usable

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.long]  # one such demo at a time

TURNS = ("once", "again")
"""What was mended can be switched on again."""
TURNED_AWAY = "shop_turned_away_total"
UNTOUCHED: dict[str, Any] = {
    "version": "1.42.0",
    "maintenance": False,
    "read_only": False,
    "rate_limit": {"on": False, "per_client": None},
    "flags": {"stock": True, "pictures": True, "export": True, "recommendations": True},
    "blocked": [],
    "blocked_agents": [],
}
ROUTES = (
    ("PUT", "maintenance"),
    ("PUT", "read-only"),
    ("PUT", "flags/stock"),
    ("PUT", "rate-limit"),
    ("PUT", "blocked/192.0.2.1"),
    ("DELETE", "blocked/192.0.2.1"),
    ("PUT", "blocked-agents/price-robot"),
    ("DELETE", "blocked-agents/price-robot"),
    ("POST", "sessions/invalidate"),
    ("GET", "state"),
)


@pytest.fixture(scope="module")
def running() -> Iterator[Operator]:
    with operated() as started:
        yield started


@pytest.fixture
def operator(running: Operator) -> Iterator[Operator]:
    """Of the shared shop, well before the test, and nothing left switched by it."""
    until(lambda: running.shop.health()["status"] == "ok")
    yield running
    running.shop.all_off()
    left = running.state()
    running.undo()
    assert left == UNTOUCHED


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_gets_in_without_the_token(operator: Operator, method: str, path: str) -> None:
    for given in (
        {},
        {"Authorization": "Basic 0123456789abcdef"},
        {"Authorization": "Bearer 0123456789abcdef"},
    ):
        answer = operator.shop.http.request(
            method, f"/admin/{path}", json={"on": True}, headers=given
        )
        assert answer.status_code == 401


WRONG = (
    ("maintenance", None),
    ("maintenance", {"on": "yes"}),
    ("read-only", {"on": True, "until": "noon"}),
    ("flags/stock", {}),
    ("rate-limit", {"on": True, "per_client": 0}),
    ("rate-limit", {"on": True, "per_client": 1.5}),
    ("blocked/localhost", None),
    ("blocked-agents/bot", None),
)


@pytest.mark.parametrize(("path", "body"), WRONG)
def test_what_cannot_be_read_is_refused_and_changes_nothing(
    operator: Operator, path: str, body: object
) -> None:
    answer = operator.ask("PUT", path, body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_an_unknown_flag_is_refused_with_the_known_ones(operator: Operator) -> None:
    answer = operator.ask("PUT", "flags/checkout", {"on": False})
    assert answer.status_code == 404
    assert answer.json()["known"] == list(UNTOUCHED["flags"])


def test_in_maintenance_everybody_is_told_so(operator: Operator) -> None:
    shop = operator.shop
    assert operator.put("maintenance", True) == (False, True)
    page = shop.http.get("/", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "We are working on the shop" in page.text
    assert shop.http.get("/api/health").status_code == 503
    assert (
        shop.health()["status"] == shop.http.get("/api/products").json()["status"] == "maintenance"
    )
    assert shop.order(quantity=1) == 503
    before = shop.figure(TURNED_AWAY, reason="maintenance")  # the figures go on
    failed = shop.figure("shop_http_requests_total", status="503")
    until(lambda: shop.figure(TURNED_AWAY, reason="maintenance") > before + 5)  # customers
    assert shop.figure("shop_http_requests_total", status="503") == failed

    assert operator.put("maintenance", True) == (True, True)
    assert operator.put("maintenance", False) == (True, False)
    assert shop.status("/") == shop.order(quantity=1) - 1 == 200


def test_the_watcher_calls_it_maintenance_and_nothing_down(operator: Operator) -> None:
    def levels(*sources: str) -> set[str]:
        argv = [*WARROOM, "check", "--json", "--config", str(operator.shop.production.config)]
        argv += [f"--source={name}" for name in sources]
        done = subprocess.run(argv, capture_output=True, check=False)
        return {source["level"] for source in json.loads(done.stdout)["sources"]}

    operator.put("maintenance", True)
    asked = ("web", "api", "checkout", "shop-tls", "payments-webhook")
    assert levels(*asked) == {"MAINTENANCE"}
    assert levels("shop", "worker", "db", "redis") == {"OK"}
    operator.put("maintenance", False)
    until(lambda: levels("web", "api") == {"OK"})


def test_it_works_without_stores_and_outlives_the_app(operator: Operator) -> None:
    shop = operator.shop
    shop.switch("redis-down", True)
    shop.switch("outage", True)
    assert operator.put("maintenance", True) == (False, True)
    operator.put("flags/stock", False)
    assert shop.health()["status"] == "maintenance"
    assert operator.ask("POST", "sessions/invalidate").status_code == 503
    operator.run("deploy", "1.43.0")
    operator.run("rollback")
    operator.run("restart", "web")
    assert operator.state() == UNTOUCHED | {
        "maintenance": True,
        "flags": {"stock": False, "pictures": True, "export": True, "recommendations": True},
    }
    assert shop.health()["status"] == "maintenance"
    operator.put("flags/stock", True)
    operator.put("maintenance", False)


def test_read_only_refuses_what_is_written_and_shows_the_rest(operator: Operator) -> None:
    shop = operator.shop
    regular = {"Cookie": "session=0123456789abcdef", "Accept": "application/json"}
    assert operator.put("read-only", True) == (False, True)
    wish = {"product": 1, "quantity": 1, "email": "test@shop.example"}
    for path in ("/api/checkout", "/cart?product=2"):
        answer = shop.http.post(path, json=wish, headers=regular)
        assert (answer.status_code, answer.json()["status"]) == (503, "read-only")
    orders = shop.ask_database("SELECT count(*) FROM orders")
    before = shop.figure(TURNED_AWAY, reason="read-only")
    until(lambda: shop.figure(TURNED_AWAY, reason="read-only") > before + 2)
    assert shop.ask_database("SELECT count(*) FROM orders") == orders
    assert [shop.status(path) for path in ("/", "/cart", "/api/products")] == [200, 200, 200]
    assert shop.health()["status"] == "ok"
    assert operator.put("read-only", False) == (True, False)
    assert shop.order(quantity=1) == 201
    assert shop.http.post("/cart?product=2", headers=regular).status_code == 303


def test_without_stock_no_page_waits_for_the_warehouse(operator: Operator) -> None:
    shop = operator.shop
    assert "in stock" in shop.http.get("/").text
    shop.switch("slow", True)
    assert shop.took("/") > 2
    assert operator.put("flags/stock", False) == (True, False)
    assert min(shop.took("/") for _ in range(3)) < 0.5
    assert "in stock" not in shop.http.get("/").text
    shop.switch("slow", False)
    assert "stock is off" in shop.switch("slow", True)  # it has no effect, and says why
    shop.switch("slow", False)
    assert operator.put("flags/stock", True) == (False, True)
    assert "in stock" in shop.http.get("/").text


def test_without_pictures_their_memory_is_given_back(operator: Operator) -> None:
    def resident() -> float:
        return shop.figure("process_resident_memory_bytes") / 2**20

    shop = operator.shop
    shop.switch("memory", True)
    before = resident()
    for width, product in pairs(range(1024, 1019, -1), range(1, 9)):
        shop.http.get("/picture", params={"product": product, "width": width})
    drawn = resident()
    assert drawn > before + 60
    assert operator.put("flags/pictures", False) == (True, False)
    assert shop.status("/picture?product=1&width=64") == 404
    assert resident() < drawn - 50
    answered = shop.answered("/picture", 404)
    until(lambda: shop.answered("/picture", 404) > answered + 10)  # the crawler goes on
    assert resident() < drawn - 50
    assert operator.put("flags/pictures", True) == (False, True)
    assert shop.status("/picture?product=1&width=64") == 200
    shop.switch("memory", False)


def test_without_downloads_the_pool_is_the_customers_again(operator: Operator) -> None:
    def in_use() -> float:
        return shop.figure("shop_db_pool_connections", state="in_use")

    shop = operator.shop
    shop.switch("pool-exhausted", True)
    until(lambda: in_use() == 10)
    assert shop.status("/") == 503
    assert operator.put("flags/export", False) == (True, False)
    until(lambda: shop.status("/") == 200)
    until(lambda: in_use() < 5)
    refused = shop.answered("/export/orders.csv", 403)
    until(lambda: shop.answered("/export/orders.csv", 403) > refused + 30)  # all come again
    assert in_use() < 5
    assert shop.runs("partner")
    operator.put("flags/export", True)
    until(lambda: in_use() == 10)
    shop.switch("pool-exhausted", False)
    until(lambda: shop.status("/export/orders.csv") == 200)


def test_without_recommendations_a_bad_release_is_quick(operator: Operator) -> None:
    shop = operator.shop
    shop.switch("bad-deploy", True)
    slow = min(shop.took("/") for _ in range(3))
    assert "other things too" in shop.http.get("/").text
    assert operator.put("flags/recommendations", False) == (True, False)
    assert min(shop.took("/") for _ in range(5)) < slow / 3
    assert "other things too" not in shop.http.get("/").text
    assert operator.put("flags/recommendations", True) == (False, True)
    shop.switch("bad-deploy", False)


def test_a_strict_limit_holds_for_every_path_of_a_client(operator: Operator) -> None:
    shop = operator.shop
    usual, strict = {"on": False, "per_client": None}, {"on": True, "per_client": 5}
    assert operator.changed("PUT", "rate-limit", strict) == (usual, strict)
    assert 429 in [shop.status("/login") for _ in range(7)]
    assert shop.status("/metrics") == shop.status("/api/health") == 200
    assert operator.changed("PUT", "rate-limit", {"on": False}) == (strict, usual)
    assert [shop.status("/login") for _ in range(7)] == [200] * 7


def test_a_strict_limit_leaves_a_robot_s_neighbours_their_requests(operator: Operator) -> None:
    shop = operator.shop
    shop.switch("rate-limit", True)
    until(lambda: shop.status("/api/products") == 429)
    # The robot's is used up in six seconds, the customers' would be in a minute.
    operator.changed("PUT", "rate-limit", {"on": True, "per_client": 300})
    refused = shop.answered("/api/checkout", 429)
    before = shop.answered("/api/products", 429)
    until(lambda: shop.answered("/api/products", 429) > before + 60)  # the robot
    assert shop.answered("/api/checkout", 429) <= refused + 1  # one may have been under way
    shop.switch("rate-limit", False)
    assert operator.put("rate-limit", False)[1] == {"on": False, "per_client": None}


def test_invalidated_sessions_are_over(operator: Operator) -> None:
    shop = operator.shop
    regular = {"Cookie": "session=0123456789abcdef"}
    assert shop.http.post("/cart?product=2", headers=regular).status_code == 303
    assert "Linen notebook" in shop.http.get("/cart", headers=regular).text
    key = shop.settings.customers_key
    form = {"email": customers.email(3), "password": customers.password(key, 3)}
    assert shop.http.post("/login", data=form).status_code == 303
    told = operator.ask("POST", "sessions/invalidate").json()
    assert told["carts"] >= 1
    assert told["customers"] >= 1
    assert (told["was"], told["is"]) == (told["carts"] + told["customers"], 0)
    assert "Nothing in it yet" in shop.http.get("/cart", headers=regular).text
    assert operator.ask("POST", "sessions/invalidate").json()["was"] < told["was"] + 10


@pytest.mark.parametrize("turn", TURNS)
def test_a_blocked_address_is_turned_away_at_once(operator: Operator, turn: str) -> None:
    shop = operator.shop
    home = usable(INTRUDER)
    if home != INTRUDER:
        pytest.skip("this system has one loopback address, which the customers have too")
    shop.switch("intruder", True)
    failed = shop.figure("shop_sign_in_total", outcome="failed")
    until(lambda: shop.figure("shop_sign_in_total", outcome="failed") > failed + 3)
    assert operator.changed("PUT", f"blocked/{home}") == (False, True)
    assert operator.changed("PUT", f"blocked/{home}") == (True, True)
    tried = shop.answered("/login", 401)
    before = shop.figure(TURNED_AWAY, reason="address")
    until(lambda: shop.figure(TURNED_AWAY, reason="address") > before + 15)
    assert shop.answered("/login", 401) <= tried + 2  # customers mistype
    assert shop.status("/") == 200
    shop.switch("intruder", False)
    assert operator.changed("DELETE", f"blocked/{home}") == (True, False)
    assert operator.changed("DELETE", f"blocked/{home}") == (False, False)


def test_who_is_blocked_cannot_lock_the_operator_out(operator: Operator) -> None:
    shop = operator.shop
    assert operator.changed("PUT", "blocked/127.0.0.1") == (False, True)
    assert [shop.status(path) for path in ("/", "/api/health", "/admin/state")] == [403] * 3
    operator.run("restart", "web")
    assert operator.state()["blocked"] == ["127.0.0.1"]
    assert operator.changed("DELETE", "blocked/127.0.0.1") == (True, False)
    assert shop.status("/") == 200


@pytest.mark.parametrize("turn", TURNS)
def test_a_blocked_robot_uses_up_nobody_s_budget(operator: Operator, turn: str) -> None:
    """It comes from the customers' address: only what it calls itself tells it from them."""
    shop = operator.shop
    shop.switch("rate-limit", True)
    until(lambda: shop.status("/api/products") == 429)
    assert operator.changed("PUT", "blocked-agents/Price-Robot") == (False, True)
    until(lambda: int(shop.http.get("/api/health").headers["X-RateLimit-Remaining"]) > 5)
    refused = shop.answered("/api/checkout", 429)
    before = shop.figure(TURNED_AWAY, reason="agent")
    until(lambda: shop.figure(TURNED_AWAY, reason="agent") > before + 60)
    assert shop.answered("/api/checkout", 429) == refused
    shop.switch("rate-limit", False)
    assert operator.changed("DELETE", "blocked-agents/price-robot") == (True, False)
