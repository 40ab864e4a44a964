"""Two live panels on the demo, and the same minute of pg_activity beside them."""

import os
import shutil
import sys
import tempfile
import time
import tomllib
from contextlib import contextmanager
from pathlib import Path

import psutil
import tomli_w

from tests.bench.printing import console, line, rate, settled
from warroom.demo.folder import Folder
from warroom.demo.production import Production
from warroom.demo.settings import Settings

MINUTE = 60
PG_ACTIVITY = shutil.which("pg_activity", path=str(Path(sys.executable).parent))


def live_panels():
    """Bytes and processor of a console with two live panels, and of pg_activity."""
    with Production.start() as shop, tempfile.TemporaryDirectory(prefix="wr-") as folder:
        config = _page(shop, Path(folder), ("health", "errors"))
        env = {**os.environ, "WARROOM_CONFIG": str(config)}
        with console(env, ["Health", "requests/s"]) as ours, _pg_activity(shop) as theirs:
            settled(ours, 70)  # until the rates look back over a whole window
            families = {"ours": _family(ours, config), "pg_activity": _family(theirs, None)}
            sent = {name: len(t.raw) for name, t in _named(ours, theirs)}
            before = {name: _cpu(family) for name, family in families.items()}
            time.sleep(MINUTE)
            bytes_s = {name: (len(t.raw) - sent[name]) / MINUTE for name, t in _named(ours, theirs)}
            cpu = {n: (_cpu(family) - before[n]) / MINUTE for n, family in families.items()}
    name = "bytes/s, two live panels at 2 s, 120x40"
    line(name, f"{bytes_s['ours']:.0f}", "at most 1,000")
    line("pg_activity, the same minute at 2 s", _beside(bytes_s, "{:.0f}"))
    line("console and engine, processor", f"{cpu['ours'] * 100:.1f} %")
    line("pg_activity, processor", _beside({k: v * 100 for k, v in cpu.items()}, "{:.1f} %"))


TEN = (
    *("health", "errors", "connections", "slow_queries", "queues"),
    *("redis", "vendors", "deployments", "tracker", "names"),
)


def ten_panels():
    """Bytes of a console with ten live panels, in good state and in an outage."""
    for state, faults in (("all well", ()), ("in an outage", ("outage",))):
        with (
            Production.start(faults=faults) as shop,
            tempfile.TemporaryDirectory(prefix="wr-") as folder,
        ):
            config = _page(shop, Path(folder), TEN)
            env = {**os.environ, "WARROOM_CONFIG": str(config)}
            with console(env, ["10 Names", "requests/s"]) as terminal:
                settled(terminal, 30)
                line(
                    f"bytes/s, ten live panels at 2 s, 120x40, {state}",
                    f"{rate(terminal, MINUTE):.0f}",
                    "at most 4,500",
                )


def _beside(figures, form):
    ratio = figures["pg_activity"] / figures["ours"]
    return f"{form.format(figures['pg_activity'])} ({ratio:.1f} x)"


def _named(ours, theirs):
    return (("ours", ours), ("pg_activity", theirs))


def _page(shop, folder, panels):
    """The demo's own configuration, with one page of these panels and a room beside it."""
    table = tomllib.loads(shop.config.read_text())
    table["pages"] = [{"name": "live", "panels": list(panels)}]
    table["room"]["dir"] = str(folder / "room")
    config = folder / "warroom.toml"
    config.write_text(tomli_w.dumps(table))
    config.chmod(0o600)
    return config


@contextmanager
def _pg_activity(shop):
    """pg_activity on the demo's database, in a terminal of the same size."""
    if PG_ACTIVITY is None:
        raise SystemExit("pg_activity is missing: make bench installs it")
    settings = Settings.read(Folder(shop.folder).settings)
    argv = [PG_ACTIVITY, "--refresh", "2", "--host", "127.0.0.1", "--dbname", "shop"]
    argv += ["--port", str(settings.postgres_port), "--username", "postgres"]
    env = {**os.environ, "PGPASSWORD": settings.admin_password}
    with console(env, ["RUNNING QUERIES"], argv) as terminal:
        yield terminal


def _family(terminal, config):
    """Its processes; ours with the engine, which is no child of the console's."""
    found = terminal.family()
    if config is not None:
        for process in psutil.process_iter(["cmdline"]):
            argv = process.info["cmdline"] or []
            if "engine" in argv and str(config) in argv:
                found.append(process)
    return found


def _cpu(family):
    return sum(sum(process.cpu_times()[:2]) for process in family)
