"""Make the README's pictures from the running demo: ``make screenshots``."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from hand import hand
from incident import incident
from playbooks import playbooks
from scenes import (
    all_well,
    backed_up,
    broken,
    cut_off,
    database_page,
    every_panel,
    exhausted,
    expand,
    expand_errors,
    expand_onset,
    failing,
    gone,
    long_enough,
    outside_page,
    queues_page,
    red,
    waiting,
)
from story import story
from textual.pilot import Pilot

from warroom import __version__
from warroom.attach.room import room_paths
from warroom.clock import SystemClock
from warroom.config.local import read_local
from warroom.console.app import Console
from warroom.console.link import EngineLink
from warroom.console.panels import PanelTypes
from warroom.demo import control
from warroom.demo.production import Production
from warroom.wire import PROTOCOL, Hello

HERE = Path(__file__).parent
STOP = (sys.executable, "-P", "-m", "warroom", "stop", "--force", "--config", "{config}")


def console(config: Path) -> Console:
    """A console on the demo, as ``warroom demo`` opens it."""
    local = read_local(config)
    hello = Hello(protocol=PROTOCOL, version=__version__, claimed="ana")
    return Console(
        local,
        lambda: EngineLink(room_paths(local), hello),
        PanelTypes,
        SystemClock(),
        report=repr,
    )


async def seen(pilot: Pilot[int], ready: Callable[[Console], bool], seconds: float = 60) -> None:
    """Wait until the console's state is so."""
    app = pilot.app
    assert isinstance(app, Console)
    async with asyncio.timeout(seconds):
        while not ready(app):
            await pilot.pause(0.1)
    await pilot.pause(0.5)


async def picture(
    config: Path,
    name: str,
    size: tuple[int, int],
    ready: Callable[[Console], bool],
    then: Callable[[Pilot[int]], Awaitable[None]] | None = None,
) -> None:
    """One picture of the console in this state."""
    app = console(config)
    async with app.run_test(size=size) as pilot:
        await seen(pilot, ready)
        if then is not None:
            await then(pilot)
        (HERE / name).write_text(app.export_screenshot(title="warroom"), encoding="utf-8")
        sys.stdout.write(f"screenshots/{name}\n")


SIZES = ((80, 24), (120, 40), (200, 60))
TROUBLES = ("webhook", "bad-deploy", "stale-name")


async def _outside(config: Path, switch: Callable[[str, bool], Awaitable[object]]) -> None:
    """Vendors, deployments, tracker and names at three sizes, good and bad; what came first."""
    for size in SIZES:
        name = f"outside-{size[0]}x{size[1]}.svg"
        await picture(config, name, size, all_well, outside_page)
    for fault in TROUBLES:
        await switch(fault, True)
    bad = red("payments-provider", "shop", "name")
    for size in SIZES:
        name = f"outside-bad-{size[0]}x{size[1]}.svg"
        await picture(config, name, size, bad, outside_page)
    await picture(config, "onset-120x40.svg", (120, 40), bad)
    await picture(config, "onset-expanded-120x40.svg", (120, 40), bad, expand_onset)
    await picture(config, "onset-80x24.svg", (80, 24), bad)
    for fault in TROUBLES:
        await switch(fault, False)
    await switch("cut-off", True)
    await picture(config, "cut-off-120x40.svg", (120, 40), cut_off)
    await switch("cut-off", False)


Switch = Callable[[str, bool], Awaitable[object]]


async def on_a_demo(scenes: Callable[[Path, Switch], Awaitable[None]]) -> None:
    """These scenes on a production of their own."""
    production = await asyncio.to_thread(Production.start, on_stop=[STOP])
    try:
        switch = partial(asyncio.to_thread, control.switch, production.control)
        await scenes(production.config, switch)
    finally:
        await asyncio.to_thread(production.stop)


async def watched(config: Path, switch: Switch) -> None:
    """Good, a path that fails at three sizes, outage at two, one endpoint in detail, the
    database with its locks and its pool, the queues and Redis, and what is outside."""
    await picture(config, "good-120x40.svg", (120, 40), all_well)
    await picture(config, "good-80x24.svg", (80, 24), all_well)
    await _outside(config, switch)
    await hand(config, picture, switch)
    await switch("error-rate", True)
    await picture(config, "error-rate-120x40.svg", (120, 40), failing)
    await picture(config, "error-rate-200x60.svg", (200, 60), failing)
    await picture(config, "error-rate-80x24.svg", (80, 24), failing, expand_errors)
    await switch("error-rate", False)
    await switch("slow-database", True)
    await picture(config, "slow-database-120x40.svg", (120, 40), waiting, database_page)
    await picture(config, "slow-database-80x24.svg", (80, 24), waiting, database_page)
    await switch("slow-database", False)
    await switch("pool-exhausted", True)
    await picture(config, "pool-exhausted-120x40.svg", (120, 40), exhausted, database_page)
    await picture(config, "pool-exhausted-80x24.svg", (80, 24), exhausted, database_page)
    await switch("pool-exhausted", False)
    await picture(config, "queues-120x40.svg", (120, 40), long_enough, queues_page)
    await switch("queue-backlog", True)
    await picture(config, "queue-backlog-120x40.svg", (120, 40), backed_up, queues_page)
    await picture(config, "queue-backlog-80x24.svg", (80, 24), backed_up, queues_page)
    await switch("redis-down", True)
    await picture(config, "redis-down-120x40.svg", (120, 40), gone, queues_page)
    await picture(config, "redis-down-80x24.svg", (80, 24), gone, queues_page)
    await switch("redis-down", False)
    await switch("queue-backlog", False)
    await switch("outage", True)
    await picture(config, "outage-120x40.svg", (120, 40), broken)
    await picture(config, "outage-80x24.svg", (80, 24), broken)
    await picture(config, "all-panels-80x24.svg", (80, 24), broken, every_panel)
    await picture(config, "details-120x40.svg", (120, 40), broken, expand)
    await incident(config, picture, broken)


async def main() -> None:
    """All of them, or those that are named: watched, playbooks, story."""
    every = {
        "watched": watched,
        "playbooks": partial(playbooks, picture=picture),
        "story": partial(story, picture=picture),
    }
    for name in sys.argv[1:] or every:
        await on_a_demo(every[name])


if __name__ == "__main__":
    asyncio.run(main())
