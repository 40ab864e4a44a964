"""Make the README's pictures from the running demo: ``make screenshots``."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

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
from warroom.measure.postgres import PostgresSeen
from warroom.wire import PROTOCOL, Hello, SourceView

HERE = Path(__file__).parent
STOP = (sys.executable, "-P", "-m", "warroom", "stop", "--force", "--config", "{config}")


def console(config: Path) -> Console:
    """A console on the demo, as ``warroom demo`` opens it."""
    local = read_local(config)
    hello = Hello(protocol=PROTOCOL, version=__version__)
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


def polled(app: Console) -> list[SourceView]:
    """The sources that are asked without being requested to."""
    return [source for source in app.room.sources if not source.on_request]


def long_enough(app: Console) -> bool:
    """Every graph has a past to show."""
    often = [source for source in polled(app) if source.interval <= 2]
    return bool(often) and all(len(source.trend) >= 25 for source in often)


def all_well(app: Console) -> bool:
    return long_enough(app) and all(s.level == "OK" for s in polled(app))


UNHURT = {"payments-webhook", "redis"}
"""What an outage of the database does not touch: no database is needed for either."""


def broken(app: Console) -> bool:
    """All that the outage touches."""
    red = {s.name for s in polled(app) if s.level != "OK"}
    return app.room.worst == "SEV1" and red >= {s.name for s in polled(app)} - UNHURT


def failing(app: Console) -> bool:
    """The error rate stands for a while."""
    shop = app.room.named("shop")
    rate = shop.signal("error_rate") if shop is not None else None
    late = rate is not None and all((value or 0) > 1 for value in rate.trend[-25:])
    return late and app.room.worst != "OK"


async def expand(pilot: Pilot[int]) -> None:
    """The first panel, all of it."""
    await pilot.press("1", "z")
    await pilot.pause(0.5)


async def expand_errors(pilot: Pilot[int]) -> None:
    await pilot.press("2", "z")
    await pilot.pause(0.5)


def waiting(app: Console) -> bool:
    """Sessions are seen that wait for one that holds them up."""
    db = app.room.named("db")
    seen = db.snapshot.seen if db is not None and db.snapshot is not None else None
    blocked = isinstance(seen, PostgresSeen) and sum(bool(s.blocked_by) for s in seen.sessions)
    return bool(blocked and blocked > 2 and db is not None and db.level != "OK")


def exhausted(app: Console) -> bool:
    """The application's connections sit in transactions."""
    db = app.room.named("db")
    return db is not None and db.level == "SEV2" and "sit open" in db.cause


def backed_up(app: Console) -> bool:
    """The mail queue stands, and has for a while."""
    jobs = app.room.named("redis")
    stuck = jobs.signal("mail.stuck") if jobs is not None else None
    return stuck is not None and stuck.level == "SEV2" and (stuck.value or 0) > 20


def gone(app: Console) -> bool:
    """Redis has been gone for three polls."""
    jobs = app.room.named("redis")
    return jobs is not None and jobs.level == "SEV1"


async def queues_page(pilot: Pilot[int]) -> None:
    await pilot.press("]", "]")
    await pilot.pause(1.5)


async def database_page(pilot: Pilot[int]) -> None:
    await pilot.press("]")
    await pilot.pause(1.5)


async def main() -> None:
    """Good, a path that fails at three sizes, outage at two, one endpoint in detail, the
    database with its locks and its pool, the queues and Redis."""
    production = await asyncio.to_thread(Production.start, on_stop=[STOP])
    try:
        config = production.config
        switch = partial(asyncio.to_thread, control.switch, production.control)
        await picture(config, "good-120x40.svg", (120, 40), all_well)
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
        await picture(config, "details-120x40.svg", (120, 40), broken, expand)
    finally:
        await asyncio.to_thread(production.stop)


if __name__ == "__main__":
    asyncio.run(main())
