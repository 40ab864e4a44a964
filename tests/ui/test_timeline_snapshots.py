"""Pictures of a room with an incident, each looked at before it was accepted."""

from datetime import timedelta

from tests.ui import boards, timelines
from tests.ui.boards import NOON
from tests.ui.consoles import ScriptedLink, console
from tests.waiting import until_async
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.incident.actor import WARROOM
from warroom.incident.built_in import built_in
from warroom.incident.fold import fold
from warroom.incident.nags import due
from warroom.severity import SEV


def room(told, *, minutes=0, panels=("health", "onset"), **options):
    """The outage, ``minutes`` after noon."""
    link = ScriptedLink(boards.welcome(), timelines.board(), told)
    pages = (LocalPage("overview", panels),)
    app = console(link=link, pages=pages, **options)
    app.clock.time = NOON + timedelta(minutes=minutes)
    return app


def overdue(minutes):
    """Nobody leads, and the engine has reminded people of all that is due by then."""
    entries = timelines.told(commander=False)
    now = NOON + timedelta(minutes=minutes)
    for nag in due(fold(entries), built_in(SEV), SEV, now):
        entries = (*entries, timelines.entry(len(entries) + 1, 20, nag, WARROOM))
    return timelines.timeline(entries)


def test_an_incident_80x24(snap_compare):
    assert snap_compare(room(timelines.timeline()), terminal_size=(80, 24))


def test_an_incident_with_the_cursor_120x40(snap_compare):
    app = room(timelines.timeline(), minutes=4)
    assert snap_compare(app, press=["T", *["up"] * 8], terminal_size=(120, 40))


def test_overdue_80x24(snap_compare):
    assert snap_compare(room(overdue(50), minutes=50), terminal_size=(80, 24))


def test_overdue_beside_in_the_light_theme_200x50(snap_compare):
    app = room(overdue(50), minutes=50, theme="light")
    assert snap_compare(app, terminal_size=(200, 50))


def test_an_incident_in_ascii_60x15(snap_compare):
    app = room(timelines.timeline(), look=Look(unicode=False), theme="contrast")
    assert snap_compare(app, terminal_size=(60, 15))


def test_the_timeline_expanded_120x40(snap_compare):
    app = room(timelines.timeline())
    assert snap_compare(app, press=["T", *["up"] * 10, "z"], terminal_size=(120, 40))


def test_correcting_80x24(snap_compare):
    app = room(timelines.timeline())
    assert snap_compare(app, press=["T", *["up"] * 9, "C"], terminal_size=(80, 24))


async def test_on_the_smallest_screen_no_panel_is_a_frame_with_nothing_in_it():
    app = room(overdue(50), minutes=50, panels=("health", "errors", "resources", "onset"))
    async with app.run_test(size=(60, 15)) as pilot:
        await until_async(lambda: app.screen.has_class("-tight"))
        await pilot.pause()
        panels = app.screen.query("#panels > Panel")
        assert [panel.size.height for panel in panels] == [3] * 4
        await pilot.press("T")
        await until_async(lambda: app.focused is not None and app.focused.size.height >= 5)
