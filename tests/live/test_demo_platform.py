"""The demo's hosting platform: each operation really happens, and mends what it is to mend."""

import json
import ssl
from collections.abc import Callable, Iterator

import dns.message
import dns.query
import httpx
import pytest
from redis import Redis

from tests.live.demo_operator import Operator, operated
from tests.waiting import until
from warroom.demo import control
from warroom.demo.certificates import NAME
from warroom.demo.errors import DemoError
from warroom.demo.outside.address import OLD_SHOP, SHOP

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.long]  # one such demo at a time

TURNS = ("once", "again")
"""What was mended can be switched on again."""
WORKER = "warroom.demo.shop.worker"
MAILED = "SELECT EXISTS (SELECT FROM mails WHERE order_id = $1)"
PAID = "SELECT paid_at IS NOT NULL FROM payments WHERE order_id = $1"


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


def test_releases_are_listed_deployed_and_rolled_back(operator: Operator) -> None:
    def releases() -> list[tuple[str, str, str]]:
        lines = operator.run("releases").splitlines()
        told = [json.loads(line) for line in lines]
        assert [line["at"] for line in told] == sorted((r["at"] for r in told), reverse=True)
        return [(line["version"], line["by"], line["status"]) for line in told]

    first = ("1.42.0", "ci", "deployed")
    assert releases() == [first]
    assert "no release before 1.42.0" in operator.refused("rollback")
    assert "1.42.0 is live already" in operator.refused("deploy", "1.42.0")
    assert "no release '9.9.9'" in operator.refused("deploy", "9.9.9")
    assert "1.43.0' was never live here" in operator.refused("rollback", "1.43.0")

    assert operator.run("deploy", "1.43.0") == "deployed: 1.42.0 -> 1.43.0"
    assert operator.shop.health()["version"] == "1.43.0"
    assert "1.43.0' is live now" in operator.refused("rollback", "1.43.0")
    assert operator.run("rollback") == "rolled back: 1.43.0 -> 1.42.0"
    assert operator.shop.health()["version"] == "1.42.0"
    assert operator.run("rollback", "1.43.0") == "rolled back: 1.42.0 -> 1.43.0"
    assert operator.run("rollback", "1.42.0") == "rolled back: 1.43.0 -> 1.42.0"
    back = [(version, "on-call", "rolled back") for version in ("1.42.0", "1.43.0", "1.42.0")]
    assert releases() == [*back, ("1.43.0", "on-call", "deployed"), first]


def test_a_rollback_mends_a_bad_deployment(operator: Operator) -> None:
    shop = operator.shop
    shop.switch("bad-deploy", True)
    assert shop.status("/cart") == 500
    assert operator.run("rollback") == "rolled back: 1.43.0 -> 1.42.0"
    assert shop.status("/cart") == 200
    assert "was rolled back before" in shop.switch("bad-deploy", False)
    shop.switch("bad-deploy", True)
    assert shop.status("/cart") == 500
    assert "was rolled back" in shop.switch("bad-deploy", False)


PARTS = {
    "web": "warroom.demo.shop.web",
    "worker": WORKER,
    "redis": ":{port}",  # as it titles itself
    "postgres": "postgres -D",
    "warehouse": "warroom.demo.outside.warehouse",
    "mail": "warroom.demo.outside.mail_server",
}


@pytest.mark.parametrize("part", PARTS)
def test_a_restart_is_another_process_and_loses_nothing(operator: Operator, part: str) -> None:
    shop = operator.shop
    assert shop.order(quantity=2) == 201
    orders = shop.ask_database("SELECT count(*) FROM orders")
    program = PARTS[part].format(port=shop.settings.redis_port)
    before = operator.pids(program)
    assert operator.run("restart", part).startswith(f"restarted: {part}")
    after = operator.pids(program)
    assert len(after) == 1
    assert not before & after
    until(lambda: shop.order(quantity=2) == 201)
    assert shop.ask_database("SELECT count(*) FROM orders") > orders


# The backlog before the outage, which cuts off a commit: its order is looked for for 10 s.
MENDED = {
    "queue-backlog": ("worker", "started anew before", lambda op: op.worker(1)["jobs_done"] > 9),
    "outage": ("postgres", "started again before", lambda op: op.shop.status("/") == 200),
    "redis-down": ("redis", "started again before", lambda op: op.shop.status("/cart") == 200),
    "slow": ("warehouse", "started anew before", lambda op: op.shop.took("/") < 0.5),
}


@pytest.mark.parametrize("fault", MENDED)
def test_a_restart_mends_what_has_stopped_or_hangs(operator: Operator, fault: str) -> None:
    part, words, well = MENDED[fault]
    shop = operator.shop
    shop.switch(fault, True)
    operator.run("restart", part)
    until(lambda: well(operator))
    assert words in shop.switch(fault, False)
    shop.switch(fault, True)
    assert "before" not in shop.switch(fault, False)
    emptied(operator)


def emptied(operator: Operator) -> None:
    """The campaign has been seen: nobody need send it."""
    with Redis.from_url(operator.shop.settings.redis) as redis:
        redis.delete("jobs:mail")


def test_more_workers_work_off_what_one_that_hangs_has_left(operator: Operator) -> None:
    shop = operator.shop
    workers = shop.figure("shop_workers")
    shop.switch("queue-backlog", True)
    assert operator.run("scale", "worker", "4") == "workers: 1 -> 4, 1 of them hanging"
    assert len(operator.pids(WORKER)) == 4
    until(lambda: shop.figure("shop_jobs", state="waiting") <= 10_000)
    for number in (2, 3, 4):
        assert operator.worker(number)["jobs_done"] > 0
    until(lambda: shop.figure("shop_workers") == 3)  # the one that hangs is not heard of
    assert workers == 1
    emptied(operator)

    assert "goes on" in shop.switch("queue-backlog", False)
    until(lambda: operator.worker(2)["queue"]["workers"] == 4)
    before = operator.pids(WORKER)
    operator.run("restart", "worker")
    assert len(operator.pids(WORKER) - before) == 4  # as many as there were, and others
    assert operator.run("scale", "worker", "1") == "workers: 4 -> 1"
    assert len(operator.pids(WORKER)) == 1
    assert shop.figure("shop_jobs", state="in_hand") <= 1  # who ended let go of everything
    until(lambda: shop.figure("shop_workers") == 1)


def test_without_a_worker_nothing_is_sent_and_nothing_lost(operator: Operator) -> None:
    shop = operator.shop
    assert operator.run("scale", "worker", "0") == "workers: 1 -> 0"
    assert operator.pids(WORKER) == set()
    order = placed(operator)
    until(lambda: shop.figure("shop_jobs", state="waiting") > 2)
    assert not shop.ask_database(MAILED, order)
    assert operator.run("scale", "worker", "1") == "workers: 0 -> 1"
    until(lambda: shop.ask_database(MAILED, order))


@pytest.mark.parametrize("count", ["9", "1000"])
def test_there_are_only_so_many_workers(operator: Operator, count: str) -> None:
    assert f"cannot scale to {count}: 0 to 8" in operator.refused("scale", "worker", count)
    assert len(operator.pids(WORKER)) == 1


def placed(operator: Operator) -> int:
    wish = {"product": 1, "quantity": 1, "email": "test@shop.example"}
    order: int = operator.shop.http.post("/api/checkout", json=wish).json()["order"]
    return order


def by_https(operator: Operator) -> bool:
    settings = operator.shop.settings
    trust = ssl.create_default_context(cafile=str(settings.folder.authority))
    try:
        return httpx.get(settings.front, verify=trust, trust_env=False).status_code == 200
    except httpx.ConnectError:
        return False


def address(operator: Operator) -> str:
    """Where the second name server has the shop."""
    port = operator.shop.settings.name_ports[1]
    answer = dns.query.udp(dns.message.make_query(NAME, "A"), "127.0.0.1", port=port, timeout=3)
    return answer.answer[0][0].to_text()


def mails(operator: Operator) -> bool:
    """Whether the worker has none of the mail server's refusals."""
    return bool(operator.worker(1)["checks"]["mail"] == "ok")


RENEWED: dict[str, tuple[tuple[str, str], Callable[[Operator], bool]]] = {
    "certificate": (("renew", "certificate"), by_https),
    "mail": (("renew", "mail-password"), mails),
    "stale-name": (("restore", "dns"), lambda op: address(op) == SHOP != OLD_SHOP),
}


@pytest.mark.parametrize("fault", RENEWED)
def test_what_has_changed_or_expired_is_renewed(operator: Operator, fault: str) -> None:
    verb, well = RENEWED[fault]
    shop = operator.shop
    assert well(operator)
    for _ in range(2):  # mended, it can be switched on again
        shop.switch(fault, True)
        until(lambda: not well(operator))
        assert "already" not in operator.run(*verb)
        until(lambda: well(operator))
        assert "before" in shop.switch(fault, False)
    assert well(operator)


@pytest.mark.parametrize("turn", TURNS)
def test_a_renewed_secret_settles_the_payments_that_are_stuck(
    operator: Operator, turn: str
) -> None:
    shop = operator.shop
    shop.switch("webhook", True)
    order = placed(operator)
    refused = shop.figure("shop_webhook_events_total", outcome="bad_signature")
    until(lambda: shop.figure("shop_webhook_events_total", outcome="bad_signature") > refused + 3)
    assert not shop.ask_database(PAID, order)
    said = operator.run("renew", "webhook-secret")
    assert int(said.split()[2]) > 0, said
    until(lambda: shop.ask_database(PAID, order))
    assert "had been given the new secret before" in shop.switch("webhook", False)


def test_what_the_platform_does_not_know_is_refused(operator: Operator) -> None:
    at = operator.shop.production.control
    for verb, arguments in (("explode", []), ("deploy", []), ("scale worker", ["-1"])):
        with pytest.raises(DemoError):
            control.operate(at, verb, arguments)
    with pytest.raises(DemoError, match="knows no operation") as refused:
        control.operate(at, "restart everything")
    assert "restart web" in refused.value.hint
