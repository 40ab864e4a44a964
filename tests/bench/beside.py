"""Two live panels on the demo, beside pg_activity and a bare Textual application."""

import os
import shutil
import statistics
import sys
import tempfile
import time
import tomllib
from contextlib import ExitStack
from pathlib import Path

import psutil
import tomli_w

from tests.bench.printing import console, line, part, rate, settled, shown, table
from tests.rooms import WARROOM
from warroom.demo.folder import Folder
from warroom.demo.production import Production
from warroom.demo.settings import Settings

MINUTE = 60
FRAMES = 7
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("bare and ready")
Bare().run()
"""
BARE_READY = [sys.executable, "-c", BARE], ["bare and ready"]
PROGRAMS = ("warroom", "bare", "pg_activity")
PG_ACTIVITY = shutil.which("pg_activity", path=str(Path(sys.executable).parent))


def live_panels():
    """First frames by turns, then a minute of all three: bytes, processor, memory."""
    with Production.start() as shop, tempfile.TemporaryDirectory(prefix="wr-") as folder:
        config = _page(shop, Path(folder), ("health", "errors"))
        env = {**os.environ, "WARROOM_CONFIG": str(config)}
        argv, theirs = _pg_activity(shop)
        started = {
            "warroom": (WARROOM, ["Health", "? help"], env),
            "bare": (*BARE_READY, None),
        }
        with ExitStack() as stack:
            stack.enter_context(console(env, ["Health", "requests/s"]))  # the engine runs
            took = [[shown(*one) for one in started.values()] for _ in range(FRAMES)]
            first = map(statistics.median, zip(*took, strict=True))
        part("Beside a bare Textual application and pg_activity", *PROGRAMS)
        # pg_activity asks the terminal what it is, and waits: in one that says nothing that is
        # 12 s, and no figure of its own.
        table("first frame, engine running", *(f"{s * 1000:.0f} ms" for s in first), "–")
        with ExitStack() as stack:
            terminals = {
                "warroom": stack.enter_context(console(env, ["Health", "requests/s"])),
                "bare": stack.enter_context(console(None, BARE_READY[1], BARE_READY[0])),
                "pg_activity": stack.enter_context(console(theirs, ["RUNNING QUERIES"], argv)),
            }
            _minute(terminals, config)


def _minute(terminals, config):
    """The same minute of all of them."""
    settled(terminals["warroom"], 70)  # until the rates look back over a whole window
    families = {name: _family(terminal, config) for name, terminal in terminals.items()}
    families["bare"] = terminals["bare"].family()
    families["pg_activity"] = terminals["pg_activity"].family()
    sent = {name: len(terminal.raw) for name, terminal in terminals.items()}
    before = {name: _cpu(family) for name, family in families.items()}
    time.sleep(MINUTE)
    rates = {name: (len(one.raw) - sent[name]) / MINUTE for name, one in terminals.items()}
    cpu = {name: (_cpu(family) - before[name]) / MINUTE for name, family in families.items()}
    table("bytes/s, the same minute, 120x40", *(f"{rates[name]:.0f}" for name in PROGRAMS))
    table("processor, all its processes", *(f"{cpu[name] * 100:.1f} %" for name in PROGRAMS))
    sizes = {name: _memory(family) for name, family in families.items()}
    table("memory, all its processes", *(f"{sizes[name]:.0f} MiB" for name in PROGRAMS))


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


def _page(shop, folder, panels):
    """The demo's own configuration, with one page of these panels and a room beside it."""
    table = tomllib.loads(shop.config.read_text())
    table["pages"] = [{"name": "live", "panels": list(panels)}]
    table["room"]["dir"] = str(folder / "room")
    config = folder / "warroom.toml"
    config.write_text(tomli_w.dumps(table))
    config.chmod(0o600)
    return config


def _pg_activity(shop):
    """Its command line and environment, on the demo's database."""
    if PG_ACTIVITY is None:
        raise SystemExit("pg_activity is missing: make bench installs it")
    settings = Settings.read(Folder(shop.folder).settings)
    argv = [PG_ACTIVITY, "--refresh", "2", "--host", "127.0.0.1", "--dbname", "shop"]
    argv += ["--port", str(settings.postgres_port), "--username", "postgres"]
    return argv, {**os.environ, "PGPASSWORD": settings.admin_password}


def _family(terminal, config):
    """Its processes with the engine, each once: it is a child of the console that started it."""
    found = {process.pid: process for process in terminal.family()}
    for process in psutil.process_iter(["cmdline"]):
        argv = process.info["cmdline"] or []
        if "engine" in argv and str(config) in argv:
            found[process.pid] = process
    return list(found.values())


def _cpu(family):
    return sum(sum(process.cpu_times()[:2]) for process in family)


def _memory(family):
    return sum(process.memory_info().rss for process in family) / 2**20
