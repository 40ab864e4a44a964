"""Declaring an incident by keys: what is proposed, what is sent, and what becomes of it."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual import events

from tests.ui import boards, incidents
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.incidents import HOSTILE, ago
from tests.ui.test_console import notices, screen_text, started
from tests.waiting import until_async
from warroom.console.look import Look
from warroom.console.messages import EngineSaid, LinkLost
from warroom.console.screens.declare import DeclareScreen
from warroom.console.screens.declared import DeclaredScreen
from warroom.console.screens.room import RoomScreen
from warroom.incident.assessment import Assessment
from warroom.wire import Answer, Changed, Declare, Timeline


def declares(request):
    if not isinstance(request, Declare):
        return Answer(ref=0, ok=True)
    told = incidents.incident(title=request.title, level=request.level, roles={})
    return Answer(ref=0, ok=True, message="declared", incident=told)


def room(**more):
    return incidents.link(answer=more.pop("answer", declares), **more)


async def opened(pilot, *keys):
    app = await started(pilot)
    await pilot.press("d", *keys)
    await pilot.pause()
    return app


async def until_shown(app, words):
    await until_async(lambda: words in screen_text(app))


async def test_a_title_and_enter_declare_with_what_is_proposed():
    link = room()
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, *"Checkout fails", "enter")
        await until_async(lambda: isinstance(app.screen, DeclaredScreen))
        (asked,) = link.of(Declare)
        assert (asked.title, asked.level, asked.started) == ("Checkout fails", "SEV1", ago(5, 3))
        assert asked.assessment is None
        assert asked.roles == {}
        shown = screen_text(app)
        for words in ("INC-20260304-001 is declared", "#incident-2026-03-04", "At once", "page on"):
            assert words in shown
        await pilot.press("escape")
        assert isinstance(app.screen, RoomScreen)
        assert app.incident.id == "INC-20260304-001"


async def test_a_note_typed_at_once_afterwards_is_a_note():
    async with console(link=room()).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, *"Checkout fails", "enter")
        await until_async(lambda: isinstance(app.screen, DeclaredScreen))
        await pilot.press("i", *"quit k d q")
        await pilot.pause()
        assert app.is_running
        assert isinstance(app.screen, RoomScreen)
        assert app.desk.kept.text == "quit k d q"


async def test_on_the_smallest_terminal_what_was_declared_says_that_there_is_more():
    async with console(link=room()).run_test(size=(60, 15)) as pilot:
        app = await opened(pilot, *"Checkout fails", "enter")
        await until_async(lambda: isinstance(app.screen, DeclaredScreen))
        await pilot.pause()
        assert "more lines, Page Down" in screen_text(app)


async def test_from_what_was_declared_a_key_goes_on_to_the_contacts():
    async with console(link=room()).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, *"Checkout fails", "enter")
        await until_async(lambda: isinstance(app.screen, DeclaredScreen))
        await pilot.press("at")
        await until_shown(app, "Contacts")


async def test_enter_still_held_does_not_close_what_must_be_read():
    async with console(link=room()).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "x", "enter")
        await until_async(lambda: isinstance(app.screen, DeclaredScreen))
        await pilot.press("enter", "enter")
        assert isinstance(app.screen, DeclaredScreen)
        app.clock.seconds += 1
        await pilot.press("enter")
        assert isinstance(app.screen, RoomScreen)


async def test_told_to_end_while_it_opens_it_ends_as_it_was_told():
    async with console(link=room()).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        app.call_later(lambda: app.push_screen(DeclareScreen()))
        app.leave(143)
    assert app.return_code == 143
    assert not app._failed


async def test_the_assessment_proposes_a_level_and_says_why_beside_the_boards():
    link = room(base=boards.good())
    async with console(link=link).run_test(size=(100, 30)) as pilot:
        app = await opened(pilot, *"Slow")
        assert "The board: ✔ OK" in screen_text(app)
        assert "No level yet" in screen_text(app)
        await pilot.press("tab", "tab", "tab", "tab", "c", "c", "tab", *"30%")
        await pilot.pause()
        assert "As assessed: SEV2 core degraded, 30 % of users" in screen_text(app)
        assert "Respond    within 30 min" in screen_text(app)
        await pilot.press("tab", "a", "tab", *"12k", "tab", *"eu", "tab", "y", "tab", *"cart")
        await pilot.press("tab", "n")
        await pilot.pause()
        assert "As assessed: SEV1 data at risk" in screen_text(app)
        await pilot.press("enter")
        await until_async(lambda: link.of(Declare))
        (asked,) = link.of(Declare)
        assert asked.level == "SEV1"
        assert asked.assessment == Assessment(
            impact="core degraded",
            scope="all",
            share=30,
            money=12_000,
            regions="eu",
            features="cart",
            data=True,
            security=False,
        )


async def test_a_level_that_was_chosen_stands_whatever_is_proposed():
    link = room()
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, *"x", "tab", "right", "right")
        await pilot.pause()
        assert "SEV3" in screen_text(app).splitlines()[2]
        assert "Respond    within 1 h" in screen_text(app)
        app.post_message(EngineSaid((Changed(room=boards.room("SEV2", "api", "slow")),)))
        await pilot.pause()
        assert "The board: ▲ SEV2 slow" in screen_text(app)
        await pilot.press("enter")
        await until_async(lambda: link.of(Declare))
        assert link.of(Declare)[0].level == "SEV3"


async def test_backspace_on_the_level_takes_what_is_proposed_again():
    async with console(link=room()).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, *"x", "tab", "right", "backspace")
        await pilot.pause()
        level = app.screen.query_one("#level")
        assert (level.value, level.touched) == ("SEV1", False)


async def test_the_commander_may_be_me():
    link = room()
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        await opened(pilot, *"x", "tab", "tab", "tab", *"me", "enter")
        await until_async(lambda: link.of(Declare))
        assert link.of(Declare)[0].roles == {"commander": "ana"}


@pytest.mark.parametrize(
    ("typed", "at"),
    [("13:40", NOON.replace(hour=13, minute=40, second=0)), ("-10m", NOON - timedelta(minutes=10))],
)
async def test_the_start_may_be_earlier(typed, at):
    link = room()
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        await opened(pilot, *"x", "tab", "tab", *["backspace"] * 9, *typed, "enter")
        await until_async(lambda: link.of(Declare))
        assert link.of(Declare)[0].started == at


async def test_what_cannot_be_is_said_and_nothing_is_sent():
    link = room()
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "enter")
        assert "A title is needed" in screen_text(app)
        await pilot.press(*"x", "tab", "tab", *["backspace"] * 9, *"14:30", "enter")
        await pilot.pause()
        assert "14:30:00Z is in the future: it is 14:07:10Z now" in screen_text(app)
        assert app.screen.focused.id == "started"
        await pilot.press(*["backspace"] * 9, *"now", "tab", "tab", "tab", *"140", "enter")
        await pilot.pause()
        assert "140 % is more than all users" in screen_text(app)
        assert app.screen.focused.id == "share"
        assert link.of(Declare) == []


async def test_a_refusal_is_shown_and_all_that_was_typed_stays():
    def refuses(request):
        return Answer(ref=0, ok=False, message="the journal cannot be written: no space left")

    link = room(answer=refuses)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, *"Checkout fails", "enter")
        await until_shown(app, "no space left")
        assert app.screen.query_one("#title").value == "Checkout fails"
        link.answer = declares
        await pilot.press("enter")
        await until_async(lambda: isinstance(app.screen, DeclaredScreen))
        first, second = link.of(Declare)
        assert first.once == second.once


async def test_without_an_engine_it_says_so_and_enter_tries_again():
    link = room()
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        link.gone = True
        app.post_message(LinkLost("its process ended"))
        await pilot.pause()
        await pilot.press("d")
        await until_shown(app, "The engine is not there")
        app.post_message(EngineSaid((boards.welcome(),)))
        await until_async(lambda: "The engine is not there" not in screen_text(app))
        app.post_message(LinkLost("its process ended"))
        await until_shown(app, "The engine is not there")
        await pilot.press(*"x", "enter")
        await until_shown(app, "it is being started again")
        assert isinstance(app.screen, DeclareScreen)
        link.gone = False
        await pilot.press("enter")
        await until_async(lambda: isinstance(app.screen, DeclaredScreen))


async def test_what_waits_for_the_disk_is_declared_once_its_entry_comes():
    def waits(request):
        return Answer(ref=0, ok=False, waits=True, message="it waits in memory, NOT on disk")

    link = room(answer=waits)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, *"x", "enter")
        await until_shown(app, "NOT on disk")
        once = link.of(Declare)[0].once
        told = incidents.incident()
        entry = replace(incidents.ENTRIES[0], number=1, once=once)
        app.post_message(EngineSaid((Timeline(incidents=(told,), entries=(entry,)),)))
        await until_async(lambda: isinstance(app.screen, DeclaredScreen))
        assert app.incident.id == told.id


async def test_enter_twice_declares_once():
    import asyncio

    held = asyncio.Event()
    link = room()
    plain = link.request

    async def slow(request):
        await held.wait()
        return await plain(request)

    link.request = slow
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, *"x", "enter", "enter", "enter")
        held.set()
        await until_async(lambda: isinstance(app.screen, DeclaredScreen))
        assert len(link.of(Declare)) == 1


async def test_what_is_pasted_is_one_harmless_line_and_declares_nothing():
    link = room()
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot)
        app.screen.focused.post_message(events.Paste("first\r\nsecond\n\x1b[2J" + "x" * 500))
        await pilot.pause()
        value = app.screen.query_one("#title").value
        assert value.startswith("first second ␛[2J")
        assert len(value) == 200
        assert link.of(Declare) == []


async def test_that_another_is_open_is_said():
    link = incidents.link(incidents.timeline(), answer=declares)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot)
        assert "Declare another incident; open: INC-20260304-001" in screen_text(app)


async def test_a_prefilled_title_wants_only_enter():
    from warroom.console.commands.incident import declare

    link = room()
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        declare(app, "Mail is late")
        await pilot.pause()
        await pilot.press("enter")
        await until_async(lambda: link.of(Declare))
        assert link.of(Declare)[0].title == "Mail is late"


async def test_who_may_only_watch_cannot_declare():
    async with console(link=room(granted="watch")).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot)
        assert isinstance(app.screen, RoomScreen)
        assert "may only watch" in notices(app)


async def test_it_fits_the_smallest_screen_and_is_ascii_there():
    async with console(link=room(), look=Look(unicode=False)).run_test(size=(60, 15)) as pilot:
        app = await opened(pilot, *"Checkout fails", "tab")
        shown = screen_text(app)
        assert shown.isascii()
        for words in ("Title", "Level", "Started", "Commander", "Users, %", "Security", "X SEV1"):
            assert words in shown
        assert "At once" in shown
        await pilot.press("pagedown", "pagedown", "pagedown")
        await pilot.pause()
        assert "Such as" in screen_text(app)


async def test_hostile_words_of_the_engine_are_shown_and_not_obeyed():
    scale = boards.welcome().scale
    step = replace(
        scale.steps[0], meaning=HOSTILE, told=(HOSTILE,), first=(HOSTILE,), examples=(HOSTILE,)
    )
    known = incidents.procedures(impacts=(HOSTILE,), scopes=(HOSTILE,), currency=HOSTILE)
    onset = replace(incidents.ONSETS.onsets[0], rule=HOSTILE)
    board = incidents.board(
        procedures=known,
        past=replace(incidents.ONSETS, onsets=(onset,)),
        scale=replace(scale, steps=(step, *scale.steps[1:])),
    )
    hostile = incidents.incident(title=HOSTILE, channel=HOSTILE, roles={}, level="SEV1")
    link = incidents.AnsweringLink(
        boards.welcome(),
        board,
        answer=lambda request: Answer(ref=0, ok=True, incident=hostile),
    )
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "x", "tab", "tab", "tab", "tab", "right")
        shown = screen_text(app)
        assert "\x1b" not in shown
        assert "[b]␛[2J" in shown
        await pilot.press("enter")
        await until_async(lambda: isinstance(app.screen, DeclaredScreen))
        assert "\x1b" not in screen_text(app)
        assert "[b]␛[2J" in screen_text(app)
