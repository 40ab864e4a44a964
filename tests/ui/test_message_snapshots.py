"""Pictures of messages, each looked at before it was accepted."""

from tests.ui import messages
from tests.ui.consoles import console
from tests.ui.messages import FINDING, seen
from tests.waiting import until_async
from warroom.console.look import Look
from warroom.console.screens.message import MessageScreen
from warroom.console.screens.send import SendScreen

ASCII = Look(unicode=False)


async def looked_through(pilot):
    def done():
        screen = pilot.app.screen
        return isinstance(screen, MessageScreen | SendScreen) and screen.checked is not None

    await until_async(done)
    await pilot.pause()


def asked(*keys):
    """The next message, with these keys pressed once it was looked through."""

    async def run(pilot):
        await pilot.pause()
        await pilot.pause()
        await pilot.press("u")
        await looked_through(pilot)
        for key in keys:
            await pilot.press(key)
            await looked_through(pilot)

    return run


def test_a_draft_80x24(snap_compare):
    app = console(link=messages.link(seen(chat="sent")))
    assert snap_compare(app, run_before=asked(), terminal_size=(80, 24))


def test_the_linter_refuses_120x40(snap_compare):
    app = console(link=messages.link(seen(chat="sent"), findings=(FINDING,)))
    assert snap_compare(app, run_before=asked(), terminal_size=(120, 40))


def test_the_last_look_80x24(snap_compare):
    app = console(link=messages.link(seen(chat="sent"), findings=(FINDING,)))
    assert snap_compare(app, run_before=asked("s"), terminal_size=(80, 24))


def test_the_last_look_in_ascii_60x15(snap_compare):
    app = console(link=messages.link(seen(chat="sent")), look=ASCII)
    assert snap_compare(app, run_before=asked("s"), terminal_size=(60, 15))


def test_the_outbox_80x24_in_the_light_theme(snap_compare):
    told = (
        seen(5, "first", chat="sent", team="unknown"),
        seen(9, "update", chat="waiting", team="sent"),
    )
    app = console(link=messages.link(*told), theme="light")
    assert snap_compare(app, press=["U", "down"], terminal_size=(80, 24))
