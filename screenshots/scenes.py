"""When a picture is worth taking, and what is typed before it is."""

from collections.abc import Callable

from textual.pilot import Pilot

from warroom.console.app import Console
from warroom.measure.postgres import PostgresSeen
from warroom.severity import UNSEEN
from warroom.wire import SourceView


def polled(app: Console) -> list[SourceView]:
    """The sources that are asked without being requested to."""
    return [source for source in app.room.sources if not source.on_request]


def long_enough(app: Console) -> bool:
    """Every graph has a past to show."""
    often = [source for source in polled(app) if source.interval <= 2]
    return bool(often) and all(len(source.trend) >= 25 for source in often)


def all_well(app: Console) -> bool:
    return long_enough(app) and all(s.level == "OK" for s in polled(app))


HURT = {"web", "api", "checkout", "worker", "shop-tls", "shop", "db"}
"""What an outage of the database touches."""


def broken(app: Console) -> bool:
    """All that the outage touches."""
    red = {s.name for s in polled(app) if s.level != "OK"}
    return app.room.worst == "SEV1" and red >= HURT


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


def red(*names: str) -> Callable[[Console], bool]:
    """All of these sources are at a level."""

    def ready(app: Console) -> bool:
        found = [app.room.named(name) for name in names]
        return all(source is not None and source.level not in ("OK", UNSEEN) for source in found)

    return ready


def cut_off(app: Console) -> bool:
    return app.room.room is not None and bool(app.room.room.cut_off)


async def outside_page(pilot: Pilot[int]) -> None:
    await pilot.press("]", "]", "]")
    await pilot.pause(1.5)


async def every_panel(pilot: Pilot[int]) -> None:
    await pilot.press("c")
    await pilot.pause(1.5)


async def expand_onset(pilot: Pilot[int]) -> None:
    await pilot.press("4", "z")
    await pilot.pause(0.5)
