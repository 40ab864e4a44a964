"""The pictures of the README's story: one outage, from the first red to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from incident import said
from scenes import broken
from textual.pilot import Pilot

from warroom.console.app import Console
from warroom.console.screens.confirm import ConfirmScreen

Picture = Callable[..., Awaitable[None]]
Switch = Callable[[str, bool], Awaitable[object]]
BOOK = "outage"
SIZE = (120, 40)
LINES = (
    "/role commander Ana Voss",
    "/role technical lead Dev Okafor",
    "12 support carts are lost, nobody can pay",
    "/impact users 1200 share 60% services web,api data-loss no",
    "/cause trigger: the database does not answer",
    "/status Mitigating",
)


async def story(config: Path, switch: Switch, picture: Picture) -> None:
    """Red, declared and followed, the last look, what is told."""
    await switch("outage", True)
    await picture(config, "story-red-120x40.svg", SIZE, _proposed)
    await picture(config, "story-incident-120x40.svg", SIZE, _proposed, _declared)
    await picture(config, "story-confirm-120x40.svg", SIZE, _followed, _last_look)
    await picture(config, "story-message-120x40.svg", SIZE, _followed, _drafted)


def _proposed(console: Console) -> bool:
    first = next(iter(console.room.proposals), None)
    return first is not None and first.playbook == BOOK and broken(console)


def _followed(console: Console) -> bool:
    incident = console.incident
    return incident is not None and any(one.name == BOOK for one in incident.playbooks)


async def _until(pilot: Pilot[int], ready: Callable[[Console], bool], seconds: float = 90) -> None:
    app = pilot.app
    assert isinstance(app, Console)
    async with asyncio.timeout(seconds):
        while not ready(app):
            await pilot.pause(0.05)


async def _declared(pilot: Pilot[int]) -> None:
    """Declared from the playbook, which is followed; and what people wrote."""
    await pilot.press("p")
    await pilot.pause(1.5)
    await pilot.press("f")
    await pilot.pause(0.5)
    await pilot.press("enter")
    await _until(pilot, _followed)
    await pilot.pause(1.0)
    await pilot.press("escape")  # what is to be done at once, read
    await pilot.pause(0.5)
    await said(pilot, LINES)


async def _last_look(pilot: Pilot[int]) -> None:
    """What would run, its word typed."""
    await pilot.press("a", "p")
    await _until(pilot, _planned)
    await pilot.pause(0.6)
    await pilot.press(*"boot")
    await pilot.pause(0.3)


def _planned(console: Console) -> bool:
    return isinstance(console.screen, ConfirmScreen) and console.screen.plan is not None


async def _drafted(pilot: Pilot[int]) -> None:
    await pilot.press("u")
    await pilot.pause(2)
