"""Pictures of whole screens, each looked at before it was accepted."""

from tests.ui import boards
from tests.ui.consoles import console
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.console.messages import LinkLost


def test_all_is_well_120x40(snap_compare):
    assert snap_compare(console(boards.good()), terminal_size=(120, 40))


def test_outage_80x24(snap_compare):
    assert snap_compare(console(boards.outage()), terminal_size=(80, 24))


def test_outage_expanded_200x60(snap_compare):
    app = console(boards.outage())
    assert snap_compare(app, press=["1", "z"], terminal_size=(200, 60))


def test_outage_in_the_light_theme_120x40(snap_compare):
    assert snap_compare(console(boards.outage(), theme="light"), terminal_size=(120, 40))


def test_outage_in_ascii_60x15(snap_compare):
    app = console(boards.outage(), look=Look(unicode=False), theme="contrast")
    assert snap_compare(app, terminal_size=(60, 15))


def test_the_engine_is_gone_80x24(snap_compare):
    async def lose(pilot):
        await pilot.pause()
        pilot.app.post_message(LinkLost("its process ended"))
        await pilot.pause()

    assert snap_compare(console(boards.good()), run_before=lose, terminal_size=(80, 24))


def test_acknowledging_80x24(snap_compare):
    app = console(boards.outage())
    assert snap_compare(app, press=["1", "K"], terminal_size=(80, 24))


def test_help_80x24(snap_compare):
    assert snap_compare(console(boards.good()), press=["question_mark"], terminal_size=(80, 24))


def page(*panels):
    return (LocalPage("p", panels),)


BAD_SHOP = boards.shop(boards.failing())
SHOPS = boards.shop(boards.failing(), boards.metrics("api"), boards.up("web"))


def test_errors_all_well_120x40(snap_compare):
    app = console(boards.shop(), pages=page("errors"))
    assert snap_compare(app, terminal_size=(120, 40))


def test_errors_bad_120x40(snap_compare):
    assert snap_compare(console(BAD_SHOP, pages=page("errors")), terminal_size=(120, 40))


def test_errors_bad_80x24(snap_compare):
    assert snap_compare(console(BAD_SHOP, pages=page("errors")), terminal_size=(80, 24))


def test_errors_resources_and_signals_200x60(snap_compare):
    app = console(SHOPS, pages=page("errors", "resources", "signals:shop"))
    assert snap_compare(app, terminal_size=(200, 60))


def test_resources_in_the_light_theme_80x24(snap_compare):
    app = console(SHOPS, pages=page("resources"), theme="light")
    assert snap_compare(app, terminal_size=(80, 24))


def test_a_figure_expanded_120x40(snap_compare):
    app = console(SHOPS, pages=page("signals"))
    assert snap_compare(app, press=["1", "z"], terminal_size=(120, 40))


def test_errors_in_ascii_60x15(snap_compare):
    app = console(BAD_SHOP, pages=page("errors"), look=Look(unicode=False), theme="contrast")
    assert snap_compare(app, terminal_size=(60, 15))
