"""Keys that come faster than the screen: each finds what the one before has left."""

import asyncio
import random
import time

import pytest
from textual import events
from textual.widgets import Input

from tests.ui import incidents
from tests.ui.consoles import console
from tests.ui.test_console import started
from tests.waiting import until_async
from warroom.config.local import LocalPage
from warroom.console import turns
from warroom.console.screens.acknowledge import AcknowledgeScreen
from warroom.console.screens.actions import ActionsScreen
from warroom.console.screens.declare import DeclareScreen
from warroom.console.screens.leave import LeaveScreen

TOLD = incidents.timeline()
PAGES = (LocalPage("overview", ("health", "timeline")), LocalPage("more", ("health",)))
KEYS = [
    *("i", "a", "d", "u", "p", "question_mark", "ctrl+p", "z", "h", "j", "k", "l", "g", "G", "1"),
    *(
        "2",
        "tab",
        "enter",
        "escape",
        "escape",
        "up",
        "down",
        "pagedown",
        "x",
        "o",
        "space",
        "slash",
    ),
    *("backspace", "D", "K", "c", "v", "S", "Z", "n", "right_square_bracket"),
]


def burst(app, *keys):
    """All of them in one read."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def heard(pilot):
    """Until nothing is under way."""
    for _ in range(2):
        await pilot.pause()
        while pilot.app.turns._typed is not None:
            await asyncio.sleep(0)
    await pilot.pause()


def state(app):
    """What the keys have made of it."""
    focus = app.focused
    return {
        "screens": [type(screen).__name__ for screen in app.screen_stack],
        "fields": {field.id: field.value for field in app.screen.query(Input)},
        "focus": (type(focus).__name__, getattr(focus, "id", ""), getattr(focus, "cursor", "")),
        "room": (app.room.shared, app.in_local, app.pages.now, app.desk.kept),
    }


def room(**more):
    return console(link=incidents.link(TOLD), pages=PAGES, **more)


async def test_what_is_typed_behind_a_key_that_opens_a_form_is_the_forms():
    async with room().run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1")
        burst(app, "d", *"api is down", "tab", "backspace")
        await heard(pilot)
        assert isinstance(app.screen, DeclareScreen)
        assert app.screen.query_one("#title").value == "api is down"


async def test_a_key_behind_escape_is_heard_where_that_leads():
    async with room().run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        burst(app, "1", "z", "ctrl+p", "x", "escape", "a", "escape", "d", "escape", "a")
        await heard(pilot)
        assert isinstance(app.screen, ActionsScreen)
        burst(app, "escape", "escape", "i", "a", "escape", "d")
        await heard(pilot)
        assert isinstance(app.screen, DeclareScreen)


async def test_enter_takes_what_stands_there_and_not_what_comes_behind_it():
    """Its form hears of it by a message, which is later than the next letter's key."""
    async with room().run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        burst(app, "K", "enter", *"why")
        await heard(pilot)
        assert isinstance(app.screen, AcknowledgeScreen)  # without a reason nothing was done
        assert app.screen.query_one("#reason").value == "why"


@pytest.mark.parametrize("seed", range(12))
async def test_keys_in_one_read_do_what_they_do_one_by_one(seed, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 6000)
    chance = random.Random(seed)
    for _ in range(3):
        keys = chance.choices(KEYS, k=14)
        seen = []
        for at_once in (True, False):
            async with room().run_test(size=(80, 24)) as pilot:
                app = await started(pilot)
                for some in [keys] if at_once else [[key] for key in keys]:
                    burst(app, *some)
                    await heard(pilot)
                seen.append(state(app))
        assert seen[0] == seen[1], keys


async def test_a_console_that_stood_still_itself_goes_on_in_order(monkeypatch):
    monkeypatch.setattr(turns, "TICK", 0.01)
    async with room().run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1")
        burst(app, "d", *"api is down")
        while not isinstance(app.screen, DeclareScreen):
            await asyncio.sleep(0)
        time.sleep(0.3)  # all of it, as when the machine is suspended
        await heard(pilot)
        assert app.screen.query_one("#title").value == "api is down"


async def test_whatever_hangs_one_can_leave(monkeypatch):
    monkeypatch.setattr(turns, "TICK", 0.01)
    free = asyncio.Event()

    async def hang():
        await free.wait()

    async with room().run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1")
        app.focused.call_later(hang)
        burst(app, "x", "ctrl+p", "x", "ctrl+q")
        try:
            await until_async(lambda: isinstance(app.screen, LeaveScreen))
        finally:
            free.set()
        await heard(pilot)
