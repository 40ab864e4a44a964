"""Faults beside one another: none heals another, none is in another's way, none is left."""

from collections.abc import Iterator

import psutil
import pytest

from tests.live.demo_shop import DemoShop, demo_shop, own_temp
from tests.waiting import until
from warroom.demo import control
from warroom.demo.errors import DemoError
from warroom.demo.faults import KNOWN
from warroom.demo.production import Production


@pytest.fixture(scope="module")
def running() -> Iterator[DemoShop]:
    with demo_shop() as started:
        yield started


@pytest.fixture
def shop(running: DemoShop) -> Iterator[DemoShop]:
    yield running
    running.all_off()
    until(lambda: running.health()["status"] == "ok")


def alive(process: psutil.Process) -> bool:
    """Whether it still runs; a zombie has ended, and only waits to be counted."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("name", ["error-rate", "slow-database"])
def test_without_its_store_a_fault_is_refused_in_words(shop: DemoShop, name: str) -> None:
    shop.switch("outage", True)
    with pytest.raises(DemoError, match="database") as refused:
        shop.switch(name, True)
    assert "outage off" in refused.value.hint
    shop.switch("outage", False)
    shop.switch(name, True)
    assert {fault.name for fault in control.faults(shop.production.control) if fault.on} == {name}


def test_backlog_without_redis_is_refused_in_words(shop: DemoShop) -> None:
    shop.switch("redis-down", True)
    with pytest.raises(DemoError, match="Redis") as refused:
        shop.switch("queue-backlog", True)
    assert "redis-down off" in refused.value.hint


def test_the_outage_heals_no_fault_of_the_database(shop: DemoShop) -> None:
    shop.switch("slow-database", True)
    shop.switch("error-rate", True)
    shop.switch("outage", True)
    shop.switch("outage", False)
    importing = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'price-import'"
    until(lambda: shop.ask_database(importing) == 1, seconds=5)
    until(lambda: shop.order(quantity=3) == 500, seconds=3)
    shop.switch("slow-database", False)
    assert shop.order(quantity=3) == 500


def test_a_restarted_app_heals_neither_pool_nor_release(shop: DemoShop) -> None:
    def exhausted() -> bool:
        return shop.figure("shop_db_pool_connections", state="in_use") == 10

    for name in ("memory", "bad-deploy", "pool-exhausted"):
        shop.switch(name, True)
    until(exhausted)
    shop.switch("memory", False)
    assert shop.health()["version"] == "1.43.0"
    until(exhausted, seconds=10)
    shop.switch("bad-deploy", False)
    assert shop.health()["version"] == "1.42.0"


def test_all_at_once_and_nothing_is_left() -> None:
    names = [fault.name for fault in KNOWN]
    last = ["redis-down", "outage"]  # after those that need a store to begin
    with own_temp() as temporary:
        shop = Production.start(faults=[*(n for n in names if n not in last), *last])
        family = [psutil.Process(shop.pid), *psutil.Process(shop.pid).children(recursive=True)]
        assert all(fault.on for fault in control.faults(shop.control))
        shop.stop()
        assert [str(process) for process in family if alive(process)] == []
        assert list(temporary.iterdir()) == []
