"""A message that is being written when the screen is shared: nobody sees it, and it is not lost."""

import asyncio

from textual import events

from tests.ui import acting, incidents, messages
from tests.ui.consoles import console
from tests.ui.test_console import notices, screen_text, started
from tests.ui.test_sharing import made_anew, shared
from tests.waiting import until_async
from warroom.console.message.half import Half
from warroom.console.message.text import MessageText
from warroom.console.messages import EngineSaid, LinkEnded, LinkLost
from warroom.console.screens.message import MessageScreen
from warroom.console.screens.room import RoomScreen
from warroom.errors import EngineError
from warroom.incident.drafted import Drafted
from warroom.wire import GetDraft, RunAction

WIDE = (120, 40)
SECRET = "db1.planted.example"


class SlowLink(incidents.AnsweringLink):
    """Answers when it is told to; what was asked before the screen was shared gets no answer that
    tells anything, as with the engine's own link."""

    def __init__(self, *told, answer):
        super().__init__(*told, answer=answer)
        self.on = False
        self.hold = asyncio.Event()
        self.hold.set()

    def share(self, on):
        self.on = on

    async def request(self, request):
        on = self.on
        self.asked.append(request)
        await self.hold.wait()
        if on != self.on:
            raise EngineError("the screen was shared, or is not any more", "ask again")
        return self.answer(request)


def slow(draft=None):
    made = messages.link(draft=draft)
    return SlowLink(*made.messages, answer=made.answer)


def planted(app):
    """What of it is on the screen, or is said."""
    return [text for text in (screen_text(app), notices(app)) if "planted" in text]


async def begun(pilot, app):
    """A message with a host's name typed into it, still in front."""
    await started(pilot)
    await pilot.press("u")
    await until_async(lambda: "nothing stands" in screen_text(app))
    await pilot.press("e", *f"{SECRET} ")
    await until_async(lambda: SECRET in screen_text(app))


async def showing_again(pilot, app):
    """The sharing is ended, and the question answered."""
    await pilot.press("S")
    await pilot.pause()
    app.clock.seconds += 1
    await pilot.press("tab", "space")
    await made_anew(pilot, app)
    assert not app.room.shared


def told_again(app, link, *, on):
    """The engine says all anew, as it does to a console that has attached again."""
    app.post_message(EngineSaid(link.messages, shared=on))


async def test_a_message_under_way_is_put_aside_and_comes_back():
    link = slow()
    app = console(link=link)
    async with app.run_test(size=WIDE) as pilot:
        await begun(pilot, app)
        await pilot.press("S")
        assert f"{SECRET} S" in app.screen.query_one(MessageText).text  # a letter, as it must be
        await pilot.press("escape", "S")
        assert isinstance(app.screen, MessageScreen)  # its keys are the dialog's
        await pilot.press("escape")
        await shared(pilot, app)
        assert app.room.shared
        assert planted(app) == []
        told_again(app, link, on=True)
        await pilot.pause()
        await pilot.press("u")
        await until_async(lambda: "nothing stands" in screen_text(app))
        assert planted(app) == []
        assert app.screen.query_one(MessageText).text.startswith("Update 2")
        await pilot.press("escape")
        await showing_again(pilot, app)
        told_again(app, link, on=False)
        await pilot.pause()
        await pilot.press("u")
        await until_async(lambda: SECRET in screen_text(app))


async def test_what_was_typed_in_the_same_moment_is_not_seen_either():
    link = slow()
    app = console(link=link)
    async with app.run_test(size=WIDE) as pilot:
        await begun(pilot, app)
        for key in ("x", "escape", "escape", "S"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until_async(lambda: app.room.shared)
        await made_anew(pilot, app)
        assert app.desk.kept.halves == ()
        assert planted(app) == []
        app.desk.hide(False)
        assert app.desk.kept.halves[0].text.startswith(f"{SECRET} x")


async def test_an_answer_that_comes_once_the_screen_is_shared_tells_nothing():
    link = slow(Drafted(purpose="update", text=f"all slow on {SECRET}"))
    app = console(link=link)
    async with app.run_test(size=WIDE) as pilot:
        await started(pilot)
        link.hold.clear()
        await pilot.press("u")
        await until_async(lambda: link.of(GetDraft))
        await pilot.press("escape")
        assert isinstance(app.screen, RoomScreen)
        await shared(pilot, app)
        link.hold.set()
        await pilot.pause()
        assert planted(app) == []
        assert app.desk.kept.halves == ()


async def test_a_message_that_was_begun_anew_meanwhile_does_not_replace_it():
    app = console(link=slow())
    async with app.run_test(size=WIDE) as pilot:
        await started(pilot)
        half = Half(incident="INC-20260304-001", purpose="first", text=SECRET)
        app.desk.keep_half(half)
        app.desk.keep_form("declare", {"title": SECRET})
        app.desk.hide(True)
        app.desk.keep_half(Half(incident="INC-20260304-001", purpose="first", text="on <host-1>"))
        app.desk.keep_form("declare", {"title": "on <host-1>"})
        app.desk.hide(False)
        (back,) = app.desk.kept.halves
        assert SECRET in back.text
        assert "on <host-1>" in back.text
        assert app.desk.kept.forms == {"declare": {"title": SECRET}}
        assert "on <host-1>" in app.desk.kept.history


async def test_what_was_begun_before_is_not_named_by_an_answer_that_comes_later():
    plan = acting.plan("maintenance_on", title=f"Calm {SECRET}")
    link = acting.SlowLink(lost=True, plans={"maintenance_on": plan})
    app = console(link=link)
    async with app.run_test(size=WIDE) as pilot:
        await started(pilot)
        await pilot.press("a", "1")
        await until_async(lambda: SECRET in screen_text(app))
        app.clock.seconds += 1
        await pilot.press("y")
        await until_async(lambda: link.of(RunAction))
        await pilot.press("escape")
        await shared(pilot, app)
        link.gate.set()
        await until_async(lambda: "NOBODY KNOWS whether it runs" in notices(app))
        assert planted(app) == []


async def test_why_the_engine_is_gone_does_not_tell_whose_home_it_is():
    app = console(link=slow(), shared=True)
    async with app.run_test(size=WIDE) as pilot:
        await started(pilot)
        app.post_message(LinkLost("/home/plantedana/state: no such file"))
        await until_async(lambda: "no such file" in screen_text(app))
        assert planted(app) == []
        app.post_message(LinkEnded("see /home/plantedana/engine.log", 1))
        await until_async(lambda: app.leaving)
    assert app.last_words == "see /home/<user>/engine.log"
