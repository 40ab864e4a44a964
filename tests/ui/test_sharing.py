"""A shared screen: what it says, what it lets go of, and that it is not shown again by a slip."""

import asyncio

import pytest
from msgspec.structs import replace
from textual import events

from tests.ui import boards
from tests.ui.consoles import ScriptedLink, console
from tests.ui.test_console import screen_text, started
from tests.waiting import until_async
from warroom.console.messages import EngineSaid
from warroom.console.state import Link
from warroom.wire import Board

SECRET = "db1.planted.example"


def board(words=f"cannot reach {SECRET}"):
    view = boards.room("SEV2", "shop", words)
    return Board(room=view, sources=(boards.metrics(level="SEV2", cause=words),))


class SharingLink(ScriptedLink):
    """Says nothing anew until it is told to."""

    turned = ()

    def share(self, on):
        self.turned = (*self.turned, on)


async def made_anew(pilot, app):
    """The room, with nothing of before."""
    await pilot.pause()
    await until_async(lambda: not [w for w in app.workers if w.name == "anew"])
    await pilot.pause()


async def shared(pilot, app):
    await started(pilot)
    await pilot.press("S")
    await made_anew(pilot, app)


LONG = pytest.mark.long


@pytest.mark.parametrize(
    "size", [(80, 24), *(pytest.param(size, marks=LONG) for size in ((120, 40), (60, 15)))]
)
async def test_s_takes_what_was_shown_off_the_screen_at_once(size):
    link = SharingLink(boards.welcome("act"), board())
    app = console(link=link)
    async with app.run_test(size=size) as pilot:
        assert "db1.plan" in screen_text(await started(pilot))
        await shared(pilot, app)
        text = screen_text(app)
        assert "db1." not in text
        assert "SHARED" in text.splitlines()[0]
        assert link.turned == (True,)


async def test_a_path_in_the_consoles_own_words_does_not_tell_whose_home_it_is():
    app = console(link=SharingLink(boards.welcome("act"), board()), shared=True)
    async with app.run_test(size=(80, 24)) as pilot:
        app.say("the report is in /home/plantedana/state/crash.txt", bad=True)
        await pilot.pause()
        assert "plantedana" not in "".join(str(one.message) for one in app._notifications)


async def test_what_comes_while_the_room_is_begun_anew_does_not_end_the_console():
    link = SharingLink(boards.welcome("act"), board())
    app = console(link=link)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        screen, compose = app.screen_stack[0], app.screen_stack[0].recompose

        async def slow():
            await screen.query("Footer").remove()
            screen.show(replace(app.room, link=Link("lost", "gone")))
            await compose()

        screen.recompose = slow
        await shared(pilot, app)
        assert screen.query("Footer")


async def test_the_clock_a_new_size_and_a_key_while_it_is_begun_anew_do_not_end_the_console():
    link = SharingLink(boards.welcome("act"), board())
    app = console(link=link)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        screen, size = app.screen_stack[0], app.size
        app.post_message(events.Key("S", "S"))
        app.post_message(events.Key("1", "1"))
        await until_async(lambda: [w for w in app.workers if w.name == "anew"])
        while [w for w in app.workers if w.name == "anew"]:
            for watching in app.watching_screens:
                watching.tick(app.clock.now())
            screen._tighten()  # as it is after a refresh
            screen.on_resize(events.Resize(size, size))
            screen.on_descendant_focus()
            await asyncio.sleep(0)
        await made_anew(pilot, app)
        assert app.focused_panel.number == 1
        assert app.focused_panel.heading == "Health"


@LONG
async def test_what_was_on_its_way_unmasked_is_not_taken():
    link = SharingLink(boards.welcome("act"), board())
    app = console(link=link)
    async with app.run_test(size=(120, 40)) as pilot:
        await shared(pilot, app)
        app.post_message(EngineSaid((board(),)))
        await pilot.pause()
        assert "planted" not in screen_text(app)
        app.post_message(EngineSaid((boards.welcome("act"), board("<host-1>")), shared=True))
        await pilot.pause()
        assert "<host-1>" in screen_text(app)
        assert "SHARED: names are masked" in screen_text(app)


@LONG
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_console_that_watches_is_offered_nothing_that_it_is_refused(size):
    app = console(link=SharingLink(boards.welcome("watch"), board()))
    async with app.run_test(size=size) as pilot:
        text = screen_text(await started(pilot))
        footer = text.splitlines()[-1]
        for word in ("ack", "ask now", "act", "declare"):
            assert word not in footer
        assert "help" in footer
        assert "this console may only watch" in text
        for key in "iKrdamDL":
            app.clear_notifications()
            await pilot.press("1", key)
            await pilot.pause()
            assert [n.message for n in app._notifications], key
            assert app.watching is not None  # no dialog came
            assert not app.watching.scribe.writing
        assert app.link.asked == []


@LONG
async def test_what_was_typed_is_put_aside_while_others_look_on_and_comes_back():
    app = console(link=SharingLink(boards.welcome("act"), board()))
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("i", *"planted", "escape")
        await shared(pilot, app)
        assert "planted" not in screen_text(app)
        await pilot.press("i", "up", "escape")
        assert "planted" not in screen_text(app)
        app.desk.hide(False)
        assert app.desk.kept.text == "planted"


@LONG
async def test_enter_does_not_show_it_again_and_space_does():
    link = SharingLink(boards.welcome("act"), board())
    app = console(link=link)
    async with app.run_test(size=(120, 40)) as pilot:
        await shared(pilot, app)
        await pilot.press("S")
        await pilot.pause()
        app.clock.seconds += 1
        await pilot.press("enter")
        await pilot.pause()
        assert app.room.shared
        await pilot.press("S")
        await pilot.pause()
        app.clock.seconds += 1
        await pilot.press("tab", "space")
        await pilot.pause()
        assert not app.room.shared
        assert link.turned == (True, False)
