"""The pictures of an incident: declared, worked on, and asked whether it is over."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from textual.pilot import Pilot

from warroom.console.app import Console

Take = Callable[..., Awaitable[None]]
"""``make.picture``, for this room."""
TITLE = "checkout is down for everybody"
LINES = (
    "/role commander Ana Voss",
    "/role technical lead Dev Okafor",
    "/at -1m the shop's chat: nobody can pay",
    "/report 12 support carts are lost",
    "/impact users 1200 share 60% services web,api data-loss no",
    "/task Dev 3m find what stopped the database",
    "/cause trigger: the database does not answer since the deployment",
    "/decision roll back to 1.42.0",
    "/status Mitigating",
    "TODO alert on refused connections @Caro due 2026-12-11 #detect",
)


async def typed(pilot: Pilot[int], text: str) -> None:
    """Type a text, and let it be read."""
    await pilot.press(*("space" if char == " " else char for char in text))
    await pilot.pause(0.1)


async def declaring(pilot: Pilot[int]) -> None:
    """The dialog, with a title in it."""
    await pilot.press("d")
    await pilot.pause(0.5)
    await typed(pilot, TITLE)
    await pilot.pause(0.3)


async def worked_on(pilot: Pilot[int]) -> None:
    """Declared, and what people wrote."""
    await declaring(pilot)
    await pilot.press("enter")
    await pilot.pause(2)
    await pilot.press("escape")
    await said(pilot, LINES)


async def said(pilot: Pilot[int], lines: Sequence[str]) -> None:
    """Written by hand into the incident that is open."""
    await pilot.press("i")
    for line in lines:
        await typed(pilot, line)
        await pilot.press("enter")
        await pilot.pause(0.4)
    await pilot.press("escape")
    await pilot.pause(1.5)


async def asking(pilot: Pilot[int]) -> None:
    """Whether it may be resolved."""
    await pilot.press("D")
    await pilot.pause(2.5)


async def timeline(pilot: Pilot[int]) -> None:
    await pilot.press("T", "z")
    await pilot.pause(0.5)


async def facts(pilot: Pilot[int]) -> None:
    await pilot.press("I")
    await pilot.pause(0.5)


async def writing(pilot: Pilot[int]) -> None:
    """A command half typed."""
    await pilot.press("i")
    await typed(pilot, "/sev SEV2 only")
    await pilot.pause(0.3)


async def drafting(pilot: Pilot[int]) -> None:
    """The next message."""
    await pilot.press("u")
    await pilot.pause(2)


async def linted(pilot: Pilot[int]) -> None:
    """A text for the status page that names what is nobody's business."""
    await drafting(pilot)
    await pilot.press("right", "right", "right")
    await pilot.pause(1.5)
    await pilot.press("e", "down", "down", "down")
    await typed(pilot, " Ana restarts db-7.internal")
    await pilot.press("escape")
    await pilot.pause(1)


def shown(app: Console) -> bool:
    """An incident is on the screen, with what was written last."""
    incident = app.incident
    return incident is not None and bool(incident.follow_ups)


async def incident(config: Path, take: Take, broken: Callable[[Console], bool]) -> None:
    """All of them, in an outage that goes on."""
    for size in ((80, 24), (120, 40)):
        await take(config, f"declare-{size[0]}x{size[1]}.svg", size, broken, declaring)
    await take(config, "incident-120x40.svg", (120, 40), broken, worked_on)
    await take(config, "incident-80x24.svg", (80, 24), shown, writing)
    await take(config, "timeline-120x40.svg", (120, 40), shown, timeline)
    await take(config, "facts-120x40.svg", (120, 40), shown, facts)
    await take(config, "message-80x24.svg", (80, 24), shown, drafting)
    await take(config, "linter-120x40.svg", (120, 40), shown, linted)
    await take(config, "resolve-120x40.svg", (120, 40), shown, asking)
    await take(config, "resolve-80x24.svg", (80, 24), shown, asking)
