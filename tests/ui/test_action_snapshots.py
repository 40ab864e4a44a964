"""Pictures of actions, each looked at before it was accepted."""

from datetime import timedelta

from tests.ui import acting, databases
from tests.ui.acting import HELPED, OUTPUT, ActingLink
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.waiting import until_async
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.console.screens.confirm import ConfirmScreen

ASCII = Look(unicode=False)
PAGES = (LocalPage("db", ("slow_queries",)),)


def room(*, look=None, theme="dark", **more):
    board = databases.of(databases.locked())
    return console(link=ActingLink(board=board, **more), pages=PAGES, look=look, theme=theme)


def after(*keys):
    """These keys, each once the one before has done its work."""

    async def run(pilot):
        await pilot.pause()
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            if isinstance(pilot.app.screen, ConfirmScreen):
                await until_async(lambda: pilot.app.screen.plan is not None)
                pilot.app.clock.seconds += 1
            await pilot.pause()

    return run


def test_the_menu_80x24(snap_compare):
    assert snap_compare(room(), run_before=after("a"), terminal_size=(80, 24))


def test_the_menu_for_a_row_120x40(snap_compare):
    on = (acting.on(), acting.on("maintenance", detail="", until=None))
    app = room(on=on, runs=(acting.run(),))
    assert snap_compare(app, run_before=after("1", "down", "a"), terminal_size=(120, 40))


def test_a_mild_one_80x24(snap_compare):
    assert snap_compare(room(), run_before=after("a", "1"), terminal_size=(80, 24))


def test_a_moderate_one_120x40(snap_compare):
    keys = after("a", "r", "b", "a", "c", "k", "tab")
    assert snap_compare(room(), run_before=keys, terminal_size=(120, 40))


def test_a_severe_one_in_the_light_theme_80x24(snap_compare):
    app = room(theme="light")
    assert snap_compare(app, run_before=after("a", "l", "p", "r", "x"), terminal_size=(80, 24))


def test_a_blocked_one_in_ascii_60x15(snap_compare):
    doubt = "the environment is in doubt: it is called production, a source says it is staging"
    plan = acting.plan("rollback", blocked=doubt, proof="MISMATCH")
    app = room(plans={"rollback": plan}, look=ASCII)
    assert snap_compare(app, run_before=after("a", "r"), terminal_size=(60, 15))


def test_a_run_80x24(snap_compare):
    app = room(runs=(acting.run(head=OUTPUT),))
    assert snap_compare(app, run_before=after("X", "enter"), terminal_size=(80, 24))


def test_a_verdict_120x40(snap_compare):
    refused = ("pid 4712 shop@10.0.0.4 checkout is gone, or at something else",)
    app = room(runs=(acting.ended(head=OUTPUT, refused=refused, **HELPED),))
    assert snap_compare(app, run_before=after("X", "enter"), terminal_size=(120, 40))


def test_done_and_still_on_in_ascii_80x24(snap_compare):
    late = acting.on("maintenance", detail="", until=NOON - timedelta(minutes=3))
    runs = (
        acting.ended("kill", "failed", text="1 session still there after 2 s"),
        acting.ended("flush", "unknown", text="it was sent; no answer within 10 s"),
        acting.ended(**acting.WORSE),
    )
    app = room(runs=runs, on=(acting.on(kept="sale", keeper="bob"), late), look=ASCII)
    assert snap_compare(app, run_before=after("X"), terminal_size=(80, 24))


def test_the_strip_80x24(snap_compare):
    late = acting.on("maintenance", detail="", until=NOON - timedelta(minutes=3))
    app = room(runs=(acting.ended(**HELPED),), on=(acting.on(), late), locked=True)
    assert snap_compare(app, run_before=after(), terminal_size=(80, 24))
