"""Two zones on one screen: UTC is always there, and beside it the person's own."""

import pytest
from msgspec.structs import replace
from textual.widgets import Input

from tests.ui import incidents
from tests.ui.boards import outage
from tests.ui.consoles import console
from tests.ui.test_console import notices, screen_text, started
from tests.waiting import until_async
from warroom.incident.entries import Note
from warroom.wire import Post

ENTRY = incidents.entry(1, Note(text="half past"), 7)
TOLD = replace(incidents.timeline(), entries=(ENTRY,))


def header(app):
    return screen_text(app).splitlines()[0]


@pytest.mark.parametrize(
    ("width", "zone", "shown"),
    [
        (120, "Europe/Berlin", "14:07:10Z 15:07 CET"),
        (120, "Asia/Kathmandu", "14:07:10Z 19:52 +05:45"),
        (120, "UTC", "14:07:10Z "),
        (80, "Europe/Berlin", "14:07:10Z"),
        (60, "Europe/Berlin", "SEV1"),
    ],
)
async def test_the_header_tells_both_where_there_is_room(width, zone, shown):
    async with console(outage(), zone=zone).run_test(size=(width, 15)) as pilot:
        app = await started(pilot)
        assert shown in header(app)
        assert "CET" in shown or "CET" not in header(app)
        assert "api is down" in header(app)


async def test_a_zone_that_is_not_known_is_utc_and_is_said():
    async with console(outage(), zone="Mars/Base").run_test(size=(120, 24)) as pilot:
        app = await started(pilot)
        assert "the zone 'Mars/Base' is not known on this machine: times are UTC" in notices(app)
        await pilot.press("Z")
        assert not app.in_local


async def test_z_turns_the_timeline_and_what_is_typed_is_read_in_the_same():
    link = incidents.link(TOLD)
    async with console(link=link, zone="Europe/Berlin").run_test(size=(100, 40)) as pilot:
        app = await started(pilot)
        await pilot.pause()
        assert "14:00:10" in screen_text(app)
        await pilot.press("i", *"14:05 x")
        assert "at 14:05Z (15:05 CET)" in screen_text(app)
        await pilot.press("ctrl+u", "escape", "Z")
        shown = screen_text(app)
        assert "15:00:10" in shown
        assert "14:00:10" not in shown
        assert "times in CET, not UTC: Z" in shown
        assert "14:07:10Z" in header(app)
        await pilot.press("i", *"15:05 x")
        assert "at 14:05Z (15:05 CET)" in screen_text(app)
        await pilot.press("ctrl+u", "escape", "Z")
        assert "14:00:10" in screen_text(app)


async def test_declaring_says_in_both_when_it_began():
    async with console(link=incidents.link(), zone="Europe/Berlin").run_test(
        size=(100, 40)
    ) as pilot:
        app = await started(pilot)
        await pilot.press("d")
        began = app.screen.query_one("#started", Input)
        assert began.value.endswith("Z")
        began.value = "15:02 local"
        await pilot.pause()
        assert "14:02Z (15:02 CET), 5 min ago" in screen_text(app)


async def test_correcting_reads_a_bare_time_as_the_timeline_tells_it():
    link = incidents.link(TOLD)
    async with console(link=link, zone="Europe/Berlin").run_test(size=(100, 40)) as pilot:
        app = await started(pilot)
        await pilot.pause()
        await pilot.press("Z", "T", "C", "tab", "ctrl+u", *"25:00", "enter")
        assert "a time that was, in Europe/Berlin" in screen_text(app)
        await pilot.press("ctrl+u", *"15:01", "enter")
        await until_async(lambda: link.of(Post))
        assert f"{link.of(Post)[0].body.at:%H:%M}" == "14:01"
