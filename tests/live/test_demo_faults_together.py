"""Faults beside one another: none heals another, none is in another's way, none is left."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.live.demo_shop import DemoShop, demo_shop, own_temp
from tests.processes import alive, words
from tests.waiting import until
from warroom.demo import control, supervisor
from warroom.demo.errors import DemoError
from warroom.demo.faults import KNOWN
from warroom.demo.folder import Folder
from warroom.demo.parts import Parts
from warroom.demo.production import Production
from warroom.demo.secret_files import SecretFiles
from warroom.demo.switchboard import Switchboard

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.long]  # one such demo at a time


@pytest.fixture(scope="module")
def running() -> Iterator[DemoShop]:
    with demo_shop() as started:
        yield started


@pytest.fixture
def shop(running: DemoShop) -> Iterator[DemoShop]:
    yield running
    running.all_off()
    until(lambda: running.health()["status"] == "ok")


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
    until(lambda: shop.ask_database(importing) == 1)
    until(lambda: shop.order(quantity=3) == 500)
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


def test_a_certificate_that_nobody_reads_is_put_back(shop: DemoShop) -> None:
    held = Folder(shop.production.folder).front_certificate
    before = held.read_bytes()
    with suspended(shop, "warroom.demo.shop.front"):
        with pytest.raises(DemoError, match="not ready"):
            shop.switch("certificate", True)
        assert held.read_bytes() == before
        assert not on(shop)


def test_what_fails_half_way_counts_as_on_and_off_heals_it(shop: DemoShop) -> None:
    with (
        suspended(shop, "warroom.demo.outside.provider"),
        pytest.raises(DemoError, match="webhook-secret/roll") as failed,
    ):
        shop.switch("webhook", True)
    assert on(shop) == {"webhook"}  # the provider was asked, and does it after all
    assert "webhook off" in failed.value.hint
    secrets = SecretFiles(Folder(shop.production.folder).secrets)
    until(lambda: secrets.webhook.read_bytes() != secrets.webhook_at_provider.read_bytes())
    shop.switch("webhook", False)
    assert secrets.webhook.read_bytes() == secrets.webhook_at_provider.read_bytes()
    assert not on(shop)


def on(shop: DemoShop) -> set[str]:
    return {fault.name for fault in control.faults(shop.production.control) if fault.on}


@contextmanager
def suspended(shop: DemoShop, module: str) -> Iterator[None]:
    """One of the demo's programs stands still meanwhile."""
    family = psutil.Process(shop.production.pid).children()
    program = next(child for child in family if module in words(child))
    program.suspend()
    try:
        yield
    finally:
        program.resume()


def test_a_fault_that_cannot_begin_ends_the_start_in_words_that_suit_it(tmp_path: Path) -> None:
    held = Folder(tmp_path)
    for inner in (held.private, held.logs, held.secrets):
        inner.mkdir()
    parts = Parts(held, supervisor.settings(held))  # nothing of it runs
    with pytest.raises(DemoError, match=r"error-rate could not begin: .* database") as refused:
        asyncio.run(supervisor.begin(["error-rate"], Switchboard(parts)))
    assert "outage off" not in refused.value.hint
    assert "without --fault error-rate" in refused.value.hint


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_part_is_deaf_whatever_its_caller_has_blocked() -> None:
    stops = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    try:
        with own_temp(), Production.start() as shop:
            family = [psutil.Process(shop.pid), *psutil.Process(shop.pid).children(recursive=True)]
            deaf = [str(process) for process in family if blocked(process.pid) & stops]
            assert deaf == []
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def blocked(pid: int) -> set[int]:
    """The signals that a process holds back, from its /proc/PID/status."""
    facts = Path(f"/proc/{pid}/status").read_text().splitlines()
    mask = int(next(line.split()[1] for line in facts if line.startswith("SigBlk:")), 16)
    return {number for number in range(1, 65) if mask >> (number - 1) & 1}


def test_all_at_once_and_nothing_is_left() -> None:
    names = [fault.name for fault in KNOWN]
    assert names[0] == "outage"  # typed before those that need its store to begin
    with own_temp() as temporary:
        shop = Production.start(faults=names)
        family = [psutil.Process(shop.pid), *psutil.Process(shop.pid).children(recursive=True)]
        assert all(fault.on for fault in control.faults(shop.control))
        shop.stop()
        assert [str(process) for process in family if alive(process)] == []
        assert list(temporary.iterdir()) == []
