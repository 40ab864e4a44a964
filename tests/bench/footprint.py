"""What a poll of each source sends and gets, counted between the engine and the demo."""

import asyncio
import contextlib
import json
import os
import re
import subprocess
import tempfile
import time
import tomllib
from pathlib import Path

import tomli_w

from tests.bench.printing import console, settled, table
from tests.live.postgres.proxy import Proxy
from tests.rooms import WARROOM
from warroom.demo.production import Production

MINUTE = 60
COLUMNS = ("polls a minute", "new connections", "bytes asked", "bytes answered")
PLACE = re.compile(r"127\.0\.0\.1:(\d+)")
SHOWN = {
    "web": "a health address",
    "shop": "a metrics page",
    "db": "PostgreSQL",
    "redis": "Redis, one queue",
    "payments-provider": "a status page",
    "tracker": "an error tracker",
    "front": "a certificate",
}
"""The demo's sources of which a minute is told, each of another kind."""


def footprint():
    """Connections, and bytes there and back, by source."""
    with (
        Production.start() as shop,
        tempfile.TemporaryDirectory(prefix="wr-") as folder,
    ):
        asyncio.run(_watched(shop, Path(folder)))


async def _watched(shop, folder):
    sources = tomllib.loads(shop.config.read_text())["sources"]
    document = {
        "version": 1,
        "room": {"name": "footprint", "dir": str(folder / "room")},
        "sources": {name: sources[name] for name in SHOWN},
    }
    config = folder / "warroom.toml"
    async with contextlib.AsyncExitStack() as stack:
        ways = {}
        for name, source in document["sources"].items():
            ways[name] = await stack.enter_async_context(Proxy(_port(source)).running())
            _moved(source, ways[name].port)
        config.write_text(tomli_w.dumps(document))
        config.chmod(0o600)
        await asyncio.to_thread(_counted, config, ways)


def _port(source):
    return int(PLACE.search(json.dumps(source)).group(1))


def _moved(source, port):
    """The source asks at that port from now on."""
    for key, value in source.items():
        if isinstance(value, str):
            source[key] = PLACE.sub(f"127.0.0.1:{port}", value)


def _counted(config, ways):
    env = {**os.environ, "WARROOM_CONFIG": str(config)}
    with console(env, ["Health"]) as terminal:
        settled(terminal, 20)
        began = {name: (way.came, way.asked, way.answered) for name, way in ways.items()}
        polls, started = _polls(env), time.monotonic()
        time.sleep(MINUTE)
        made = {name: count - polls[name] for name, count in _polls(env).items()}
        minutes = (time.monotonic() - started) / 60
        for name, kind in SHOWN.items():
            came, asked, answered = began[name]
            way, count = ways[name], max(made[name], 1)
            table(
                kind,
                f"{made[name] / minutes:.0f}",
                f"{(way.came - came) / minutes:.0f}",
                f"{(way.asked - asked) / count:.0f}",
                f"{(way.answered - answered) / count:.0f}",
            )
    subprocess.run([*WARROOM, "stop", "--force"], env=env, capture_output=True, check=False)


def _polls(env):
    done = subprocess.run(
        [*WARROOM, "status", "--json"], env=env, capture_output=True, text=True, check=True
    )
    return {source["name"]: source["polls"] for source in json.loads(done.stdout)["sources"]}
