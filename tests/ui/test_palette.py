"""Every command by its name: what is found, what is told of it, and keys faster than the screen."""

import asyncio
import random

import pytest
from textual import events

from tests.ui import boards, incidents
from tests.ui.consoles import console
from tests.ui.test_console import notices, screen_text, started
from warroom.console.commands import COMMANDS
from warroom.console.screens.acknowledge import AcknowledgeScreen
from warroom.console.screens.declare import DeclareScreen
from warroom.console.screens.palette import PaletteScreen, matching
from warroom.console.screens.playbooks import PlaybooksScreen
from warroom.console.screens.resolve import ResolveScreen
from warroom.console.screens.room import RoomScreen

TOLD = incidents.timeline()


def found(wanted):
    return [command.id for command, _ in matching(COMMANDS, wanted)]


def test_all_commands_in_their_order_before_anything_is_typed():
    assert found("") == [command.id for command in COMMANDS]


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("next theme", "theme"),
        ("theme nxt", "theme"),
        ("ACKN", "acknowledge"),
        ("thme", "theme"),
        ("resolve", "resolve"),
    ],
)
def test_the_best_comes_first(wanted, first):
    assert found(wanted)[0] == first


def test_the_letters_that_were_found_are_marked():
    (_, title), *_ = matching(COMMANDS, "ackn")
    marked = {at for span in title.spans for at in range(span.start, span.end)}
    assert (title.plain, marked) == ("Acknowledge", {0, 1, 2, 3})


def test_where_no_title_has_it_the_help_is_looked_into():
    assert found("changes nothing bad") == ["reload"]
    assert found("zzzzqqq") == []


async def test_enter_runs_what_is_under_the_cursor():
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("ctrl+p", *"playb", "enter")
        await pilot.pause()
        assert isinstance(app.screen, PlaybooksScreen)


async def test_up_and_down_move_the_cursor_while_something_is_typed():
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("ctrl+p", "down", "down", "up", "enter")
        await pilot.pause()
        assert app.screen.scribe.has_focus_within  # the second command: a note


async def test_what_cannot_be_done_here_says_why_and_is_not_done():
    async with console(boards.good()).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        await pilot.press("ctrl+p", *"resolve the")
        await pilot.pause()
        assert "not now: No incident is open" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "No incident is open" in notices(app)


async def test_what_is_told_is_of_where_it_was_opened():
    async with console(boards.outage()).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "ctrl+p", *"acknow")
        await pilot.pause()
        assert "K       Acknowledge                   not now" not in screen_text(app)
        await pilot.press("escape", "up", "ctrl+p", *"acknow")
        await pilot.pause()
        assert "K       Acknowledge                   not now: " in screen_text(app)


async def test_nothing_that_is_found_is_said():
    async with console(boards.good()).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("ctrl+p", *"zzzq]", "enter")
        await pilot.pause()
        assert isinstance(app.screen, RoomScreen)
        await pilot.press("ctrl+p", *"zzzq]")
        assert "No command is called zzzq]." in screen_text(app)


@pytest.mark.parametrize("seed", range(6))
async def test_keys_faster_than_the_screen_harm_nothing(seed):
    """Textual's own palette ends the console when Esc follows what is typed at once, and when a
    page is turned before its list is there."""
    chance = random.Random(seed)
    typed = ("t", "h", "m", "space", "down", "up", "backspace", "pagedown", "pageup", "home")
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        for _ in range(25):
            for key in ("ctrl+p", *chance.choices(typed, k=chance.randrange(5)), "escape"):
                app.post_message(events.Key(key, key if len(key) == 1 else None))
                for _ in range(chance.choice((0, 0, 0, 1, 2, 5, 20))):
                    await asyncio.sleep(0)
        await pilot.pause()
        await pilot.press("escape", "ctrl+p")
        assert isinstance(app.screen, PaletteScreen)


async def test_what_is_typed_right_behind_its_key_goes_into_it():
    """All of it in one read, as a slow link brings it: no letter of it is a command."""
    async with console(link=incidents.link(TOLD)).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        for one in ("ctrl+p", *"api"):
            app.post_message(events.Key(one, one if len(one) == 1 else None))
        await pilot.pause()
        await pilot.pause()
        assert app.screen.query_one("#wanted").value == "api"


@pytest.mark.parametrize(
    ("key", "screen", "field"),
    [
        ("d", DeclareScreen, "#title"),
        ("K", AcknowledgeScreen, "#reason"),
        ("D", ResolveScreen, "#words"),
    ],
)
async def test_what_is_typed_while_a_dialog_opens_goes_into_it(key, screen, field):
    """The dialog is in front, and has no field yet."""
    async with console(link=incidents.link(TOLD)).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        await pilot.press("1")
        app.post_message(events.Key(key, key))
        while not isinstance(app.screen, screen):
            await asyncio.sleep(0)
        for one in "api?":
            app.post_message(events.Key(one, one))
        await pilot.pause()
        await pilot.pause()
        assert app.screen.query_one(field).value == "api?"
