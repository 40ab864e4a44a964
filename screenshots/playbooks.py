"""The pictures of playbooks: one that is proposed, the list, and the same one being followed."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from scenes import backed_up
from textual.pilot import Pilot

from warroom.console.app import Console

Picture = Callable[..., Awaitable[None]]
Switch = Callable[[str, bool], Awaitable[object]]
BOOK = "queue-backlog"


async def playbooks(config: Path, switch: Switch, picture: Picture) -> None:
    """A queue that stands. The incident stays open, and the fault on."""
    await switch("queue-backlog", True)
    await picture(config, "playbook-proposed-120x40.svg", (120, 40), _proposed)
    await picture(config, "playbook-proposed-80x24.svg", (80, 24), _proposed)
    await picture(config, "playbook-list-120x40.svg", (120, 40), _proposed, _opened)
    await picture(config, "playbook-followed-120x40.svg", (120, 40), _proposed, _followed)
    await picture(config, "playbook-followed-80x24.svg", (80, 24), _is_followed, _at_the_pane)


def _proposed(console: Console) -> bool:
    """It fits, and for long enough that its evidence says for how long."""
    first = next(iter(console.room.proposals), None)
    return first is not None and first.playbook == BOOK and backed_up(console)


def _is_followed(console: Console) -> bool:
    incident = console.incident
    return incident is not None and any(one.name == BOOK for one in incident.playbooks)


async def _until(pilot: Pilot[int], ready: Callable[[Console], bool]) -> None:
    app = pilot.app
    assert isinstance(app, Console)
    async with asyncio.timeout(60):
        while not ready(app):
            await pilot.pause(0.05)


async def _opened(pilot: Pilot[int]) -> None:
    await pilot.press("p")
    await pilot.pause(1.5)


async def _followed(pilot: Pilot[int]) -> None:
    """Declared from the playbook; two looks taken, one of them a check that is run."""
    await _opened(pilot)
    await pilot.press("f")
    await pilot.pause(0.5)
    await pilot.press("enter")
    await _until(pilot, _is_followed)
    await pilot.pause(1.0)
    await pilot.press("escape")  # what is to be done at once, read
    await pilot.pause(0.5)
    for key in ("space", "space", "enter"):
        await pilot.press(key)
        await pilot.pause(1.0)  # as a hand types it: a key that is held does one thing
    await _until(pilot, lambda console: bool(console.incident and console.incident.checked))
    await pilot.press("space")
    await pilot.pause(1.5)


async def _at_the_pane(pilot: Pilot[int]) -> None:
    await pilot.press("p", "p")
    await pilot.pause(1.5)
