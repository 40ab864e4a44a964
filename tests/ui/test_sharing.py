"""A shared screen: what it says, what it lets go of, and that it is not shown again by a slip."""

import pytest

from tests.ui import boards
from tests.ui.consoles import ScriptedLink, console
from tests.ui.test_console import screen_text, started
from warroom.console.messages import EngineSaid
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


async def shared(pilot, app):
    await started(pilot)
    await pilot.press("S")
    await pilot.pause()
    await app.workers.wait_for_complete([w for w in app.workers if w.name == "anew"])
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 15)])
async def test_s_takes_what_was_shown_off_the_screen_at_once(size):
    link = SharingLink(boards.welcome("act"), board())
    app = console(link=link)
    async with app.run_test(size=size) as pilot:
        assert "db1.plan" in screen_text(await started(pilot))
        await shared(pilot, app)
        text = screen_text(app)
        assert "db1." not in text
        assert "SHARED" in text.splitlines()[0]
        assert link.turned == (False, True)


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
