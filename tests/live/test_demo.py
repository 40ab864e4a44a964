"""The demo production as its caller and its watcher see it: real servers, real ends."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.processes import alive, words
from tests.waiting import until
from warroom.demo import control, folder
from warroom.demo.errors import DemoError
from warroom.demo.production import Production

pytestmark = pytest.mark.xdist_group("demo")  # one such demo at a time

HOLDER = """
import sys
from warroom.demo.production import Production
shop = Production.start()
print(shop.pid, shop.folder, flush=True)
sys.stdin.read()
"""

Watch = Callable[[int], list[psutil.Process]]


def survivors(processes: list[psutil.Process]) -> list[str]:
    return [str(process) for process in processes if alive(process)]


def gone(processes: list[psutil.Process]) -> bool:
    return until(lambda: not survivors(processes), 5, lambda: str(survivors(processes)))


@pytest.fixture(scope="module", autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A temp folder of our own: a developer's running demo is neither found nor swept."""
    tmp_path_factory.getbasetemp()  # decided now, so that it does not come to lie in ours
    before = os.environ.get("TMPDIR"), tempfile.tempdir
    path = Path(tempfile.mkdtemp(prefix="wr-"))
    path.chmod(0o711)  # as /tmp, it can be passed through by the servers' account
    os.environ["TMPDIR"] = tempfile.tempdir = str(path)
    yield path
    tempfile.tempdir = before[1]
    if before[0] is None:
        del os.environ["TMPDIR"]
    else:
        os.environ["TMPDIR"] = before[0]
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def shop(temporary: Path) -> Iterator[Production]:
    with Production.start() as production:
        yield production


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Records a supervisor and all below it; what a failed test leaves of them is killed."""
    seen: list[psutil.Process] = []

    def record(pid: int) -> list[psutil.Process]:
        supervisor = psutil.Process(pid)
        family = [supervisor, *supervisor.children(recursive=True)]
        seen.extend(family)
        return family

    yield record
    for process in filter(alive, seen):
        process.kill()


@pytest.fixture
def healed(shop: Production) -> Iterator[Production]:
    """The shared shop, its faults switched off again after the test."""
    yield shop
    for fault in control.faults(shop.control):
        if fault.on:
            control.switch(shop.control, fault.name, False)


def config(shop: Production) -> dict[str, Any]:
    return tomllib.loads(shop.config.read_text())


def get(shop: Production, source: str) -> httpx.Response:
    """Ask what the configuration has watched under that name."""
    return httpx.get(config(shop)["sources"][source]["url"], timeout=2, trust_env=False)


def statuses(shop: Production) -> dict[str, int]:
    """Of the sources that a plain GET can ask."""
    return {name: get(shop, name).status_code for name in ALL_WELL}


def requests(shop: Production) -> float:
    """How many requests /metrics has counted."""
    url = config(shop)["sources"]["web"]["url"] + "metrics"
    text = httpx.get(url, timeout=2, trust_env=False).text
    lines = [line for line in text.splitlines() if line.startswith("shop_http_requests_total{")]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


ALL_WELL = {"web": 200, "api": 200, "checkout": 200, "worker": 200}


def test_all_that_is_watched_is_well(shop: Production) -> None:
    assert statuses(shop) == ALL_WELL
    api = get(shop, "api")
    body = api.json()
    assert body["status"] == "ok"
    assert body["checks"]["database"] == body["checks"]["redis"] == "ok"
    assert 0 < body["checks"]["memory"] < 90
    assert body["checks"]["queue_depth"] >= 0
    assert 0 < int(api.headers["X-RateLimit-Remaining"]) <= int(api.headers["X-RateLimit-Limit"])
    assert "Enamel mug" in get(shop, "web").text


def test_what_is_watched_forgets_soon_and_says_what_is_per_minute(shop: Production) -> None:
    sources = config(shop)["sources"]
    looks_back = ("http", "prometheus", "redis")
    windows = {n: s.get("window") for n, s in sources.items() if s["kind"] in looks_back}
    assert windows == dict.fromkeys(windows, "20s")
    figures = [figure for figure in sources["shop"]["figures"].values() if "per" in figure]
    assert {figure["unit"] for figure in figures} == {"errors/min", "answers/min", "sign-ins/min"}


def test_traffic_and_work_go_on(shop: Production) -> None:
    seen, done = requests(shop), get(shop, "worker").json()["jobs_done"]
    assert until(lambda: requests(shop) > seen + 10)
    assert until(lambda: get(shop, "worker").json()["jobs_done"] > done)


def test_rate_limit_counts_what_customers_ask(shop: Production) -> None:
    def remaining() -> int:
        return int(get(shop, "api").headers["X-RateLimit-Remaining"])

    before = remaining()
    web = config(shop)["sources"]["web"]["url"]
    for _ in range(20):  # faster than the budget fills again
        httpx.get(f"{web}api/products", timeout=2, trust_env=False)
    assert remaining() <= before - 10


def test_outage_takes_everything_down_and_it_heals(healed: Production) -> None:
    assert "PostgreSQL" in control.switch(healed.control, "outage", True)
    assert statuses(healed) == dict.fromkeys(ALL_WELL, 503)
    api = get(healed, "api")
    assert api.json()["status"] == "down"
    assert api.json()["checks"]["database"] == "down"
    assert api.json()["checks"]["redis"] == "ok"
    assert [fault.name for fault in control.faults(healed.control) if fault.on] == ["outage"]
    done = get(healed, "worker").json()["jobs_done"]

    control.switch(healed.control, "outage", False)
    assert until(lambda: statuses(healed) == ALL_WELL, seconds=2)
    # An order whose commit the outage cut off is looked for 10 s, and then given up.
    assert until(lambda: get(healed, "worker").json()["jobs_done"] > done)
    assert not any(fault.on for fault in control.faults(healed.control))


def test_switching_twice_changes_nothing(healed: Production) -> None:
    assert "already" in control.switch(healed.control, "outage", False)
    assert statuses(healed) == ALL_WELL


def test_health_answers_in_time_when_the_database_hangs(shop: Production) -> None:
    database = next(
        child for child in psutil.Process(shop.pid).children() if "postgres" in child.name()
    )
    stopped = [database, *database.children()]
    for process in stopped:
        process.suspend()
    try:
        api = get(shop, "api")
        assert api.status_code == 503
        assert api.elapsed.total_seconds() < 0.8
    finally:
        for process in stopped:
            process.resume()
    assert until(lambda: statuses(shop) == ALL_WELL)


def test_unknown_fault_is_refused_with_the_nearest(shop: Production) -> None:
    with pytest.raises(DemoError, match="outrage") as refused:
        control.switch(shop.control, "outrage", True)
    assert "did you mean outage?" in refused.value.hint


def test_secrets_are_for_the_owner_only(shop: Production) -> None:
    private = shop.config.parent
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    kept = [file for name in ("secrets", "tls") for file in (private / name).iterdir()]
    assert len(kept) == 13
    for file in (private / "settings.json", shop.config, *kept):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    arguments = " ".join(
        word for child in psutil.Process(shop.pid).children() for word in words(child)
    )
    settings = (private / "settings.json").read_text()
    passwords = [value for value in settings.split('"') if len(value) == 32]
    assert len(passwords) == 6
    passwords += [file.read_text() for file in kept]
    assert not [password for password in passwords if password in arguments]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account for the servers")
def test_servers_run_as_nobody(shop: Production) -> None:
    family = psutil.Process(shop.pid).children(recursive=True)
    users = {process.username() for process in family if "postgres" in process.name()}
    assert users == {"nobody"}
    assert [p.username() for p in family if "redis" in p.name()] == ["nobody"]


def test_find_names_the_running_demo(shop: Production) -> None:
    assert control.find() == shop.control


def test_find_says_when_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(DemoError, match="no demo of yours is running"):
        control.find()


def test_stop_runs_the_last_wishes_and_leaves_nothing(tmp_path: Path, watch: Watch) -> None:
    copy = tmp_path / "config.toml"
    shop = Production.start(
        faults=["outage"], on_stop=[["cp", "{config}", str(copy)], ["no-such-command"]]
    )
    family = watch(shop.pid)
    assert get(shop, "api").status_code == 503
    began = time.monotonic()
    shop.stop()
    assert time.monotonic() - began < 3
    assert survivors(family) == []
    assert not shop.folder.exists()
    assert tomllib.loads(copy.read_text())["room"]["name"] == "shop"


def test_refused_start_leaves_nothing(temporary: Path, shop: Production) -> None:
    with pytest.raises(DemoError, match="knows no fault 'outagee'"):
        Production.start(faults=["outagee"])
    assert [held.path for held in folder.ours()] == [shop.folder]


def test_ends_when_asked_by_control_or_signal(watch: Watch) -> None:
    for ask in (control.stop, lambda path: os.kill(shop.pid, signal.SIGHUP)):
        with Production.start() as shop:
            family = watch(shop.pid)
            ask(shop.control)
            assert gone(family)
            assert not shop.folder.exists()


@pytest.mark.long
def test_ends_when_its_caller_is_killed(watch: Watch) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        pid, path = holder.stdout.readline().split()
        family = watch(int(pid))
        assert len(family) > 5
        holder.kill()
        assert gone(family)
        assert not Path(path).exists()


@pytest.mark.long
def test_killed_supervisor_takes_all_with_it_and_is_swept(shop: Production, watch: Watch) -> None:
    killed = Production.start()
    family = watch(killed.pid)
    os.kill(killed.pid, signal.SIGKILL)
    assert gone(family)
    assert killed.folder.exists()
    with Production.start() as following:
        assert not killed.folder.exists()
        assert following.folder.exists()
        assert shop.folder.exists()
    killed.stop()


def test_look_alikes_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    newborn = tmp_path / f"warroom-demo-{os.geteuid()}-newborn"
    newborn.mkdir(mode=0o700)
    shared = tmp_path / f"warroom-demo-{os.geteuid()}-shared"
    shared.mkdir()
    shared.chmod(0o777)
    (shared / "lock").touch()
    link = tmp_path / f"warroom-demo-{os.geteuid()}-link"
    link.symlink_to(tmp_path)
    assert folder.sweep() == []
    (newborn / "lock").touch()
    assert folder.sweep() == [newborn]


def test_clients_import_no_driver_and_no_server() -> None:
    program = "import sys, warroom.demo.control, warroom.demo.production; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "warroom.demo.control" in modules
    assert not {
        "asyncpg",
        "psycopg",
        "redis",
        "starlette",
        "uvicorn",
        "httpx",
        "dns",
        "asyncio",
    } & {*modules}


def test_long_temp_path_is_refused_in_words(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = temporary / ("x" * 80)
    deep.mkdir()
    monkeypatch.setenv("TMPDIR", str(deep))
    with pytest.raises(DemoError, match="too long a path") as refused:
        Production.start()
    assert "TMPDIR" in refused.value.hint
    assert list(deep.iterdir()) == []
