"""The pictures of actions: opened, looked at, run, judged, and what is still on."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from scenes import all_well
from textual.pilot import Pilot

from warroom.console.app import Console
from warroom.console.screens.confirm import ConfirmScreen
from warroom.console.screens.run import RunScreen

Picture = Callable[..., Awaitable[None]]
Switch = Callable[[str, bool], Awaitable[object]]


async def hand(config: Path, picture: Picture, switch: Switch) -> None:
    """Every screen of an action; what was switched on is taken back, and no fault is left on."""
    await picture(config, "action-mild-80x24.svg", (80, 24), all_well, _look("n"))
    await switch("queue-backlog", True)
    await picture(config, "action-severe-80x24.svg", (80, 24), _backed_up, _look("l", "demo"))
    await picture(config, "action-confirm-80x24.svg", (80, 24), _backed_up, _look("s", "more"))
    await picture(config, "action-run-80x24.svg", (80, 24), _backed_up, _run("s", "more", _going))
    await picture(config, "action-verdict-120x40.svg", (120, 40), _judged, _open_run)
    await picture(config, "action-menu-120x40.svg", (120, 40), _judged, _menu)
    await picture(config, "action-strip-120x40.svg", (120, 40), _judged)
    await picture(config, "action-strip-80x24.svg", (80, 24), _judged, _scaled_back)
    await switch("queue-backlog", False)


def _backed_up(console: Console) -> bool:
    source = console.room.named("redis")
    depth = source.signal("mail.depth") if source is not None else None
    return depth is not None and (depth.value or 0) > 10_000 and depth.level != "OK"


def _going(console: Console) -> bool:
    return any(run.outcome is None and run.left is not None for run in console.room.acts.runs)


def _judged(console: Console) -> bool:
    return any(run.verdict is not None for run in console.room.acts.runs)


async def _until(pilot: Pilot[int], ready: Callable[[Console], bool]) -> None:
    app = pilot.app
    assert isinstance(app, Console)
    async with asyncio.timeout(60):
        while not ready(app):
            await pilot.pause(0.05)


def _planned(console: Console) -> bool:
    return isinstance(console.screen, ConfirmScreen) and console.screen.plan is not None


def _look(key: str, phrase: str = "") -> Callable[[Pilot[int]], Awaitable[None]]:
    """The last look at the action of that key, its phrase typed."""

    async def look(pilot: Pilot[int]) -> None:
        await pilot.press("a", key)
        await _until(pilot, _planned)
        await pilot.pause(0.6)
        await pilot.press(*phrase)
        await pilot.pause(0.3)

    return look


def _run(
    key: str, phrase: str, ready: Callable[[Console], bool]
) -> Callable[[Pilot[int]], Awaitable[None]]:
    """The action confirmed, and its run on its way."""

    async def run(pilot: Pilot[int]) -> None:
        await _look(key, phrase)(pilot)
        await pilot.press("tab", "space")
        await _until(pilot, lambda console: isinstance(console.screen, RunScreen))
        await _until(pilot, ready)
        await pilot.pause(0.2)

    return run


async def _open_run(pilot: Pilot[int]) -> None:
    await pilot.press("X", "end", "enter")
    await pilot.pause(0.5)


async def _menu(pilot: Pilot[int]) -> None:
    await pilot.press("a")
    await pilot.pause(0.3)


async def _scaled_back(pilot: Pilot[int]) -> None:
    """By the way back itself: what is on is taken back from its row."""
    await pilot.press("X", "home", "u")
    await _until(pilot, _planned)
    await pilot.pause(0.6)
    await pilot.press(*"more")
    await pilot.pause(0.4)
    await pilot.press("tab", "space")
    await _until(pilot, lambda console: not console.room.acts.on)
    await pilot.press("escape")
    await pilot.pause(0.3)
