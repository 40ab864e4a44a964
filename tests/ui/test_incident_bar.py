"""The incident's line and its reminders, at every width: what matters most is never left out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from tests.ui import boards
from tests.ui.boards import NOON
from tests.ui.consoles import ScriptedLink
from tests.ui.scribing import incident, room, settled
from tests.ui.test_console import screen_text
from tests.ui.timelines import board, told
from tests.ui.timelines import timeline as incident_of
from tests.ui.views import HOSTILE, harmless
from tests.waiting import until_async
from warroom.console.incident.bar import IncidentBar
from warroom.console.incident.bar_line import Shown, line
from warroom.console.incident.reminders import Reminders, lines, ordered
from warroom.console.incident.spans import coarse, lasted
from warroom.console.look import Look
from warroom.console.messages import EngineSaid
from warroom.incident.built_in import built_in
from warroom.incident.incident import Held, Promise, Reminder
from warroom.severity import SEV
from warroom.wire import Timeline

WIDTHS = (60, 72, 80, 99, 100, 120, 160, 200, 250)
LED = {"commander": Held(person="ana", since=NOON)}


def bar(width, one=None, *, minutes=1.0, look=None, place=1, several=1):
    shown = Shown(
        incident=one or incident("INC-20260304-001"), procedures=built_in(SEV), scale=SEV,
        now=NOON + timedelta(minutes=minutes), look=look or Look(), place=place, several=several,
    )  # fmt: skip
    return line(shown, width).plain


@pytest.mark.parametrize("width", WIDTHS)
def test_level_missing_commander_overdue_and_since_are_told_at_any_width(width):
    found = bar(width, minutes=40)
    assert "✖ SEV1" in found
    assert "NO IC" in found or "NO COMMANDER" in found
    assert "OVERDUE" in found
    assert "0:45:00" in found
    assert cell_len(found) <= width


def test_a_wide_one_tells_everything():
    found = bar(200, replace(incident("INC-20260304-001"), roles=LED, title="Checkout fails"))
    for words in ("INC-20260304-001", "Investigating", "Checkout fails", "commander ana"):
        assert words in found


def test_what_is_overdue_stands_behind_one_word():
    one = replace(incident(), roles=LED, update=Promise(at=NOON, next=NOON + timedelta(minutes=3)))
    assert "update in 2m" in bar(160, one)
    assert "OVERDUE update 17m" in bar(160, one, minutes=20.5).replace(", escalate 25m", "")


def test_only_the_last_minute_is_told_by_the_second():
    one = replace(incident(), roles=LED, update=Promise(at=NOON, next=NOON + timedelta(minutes=3)))
    assert "update in 45s" in bar(160, one, minutes=2.25)
    assert bar(160, one, minutes=1.5).replace("0:06:30", "") == bar(160, one, minutes=1.6).replace(
        "0:06:36", ""
    )


def test_several_incidents_are_counted():
    assert "2/3" in bar(120, place=2, several=3)
    assert "1/1" not in bar(120)


def test_no_level_is_said():
    assert "NO LEVEL" in bar(80, replace(incident(), level=""))


def test_a_resolved_one_says_how_long_it_took():
    found = bar(100, replace(incident(), resolved=NOON + timedelta(hours=2)), minutes=500)
    assert "RESOLVED" in found
    assert "took 2:05:00" in found
    assert "OVERDUE" not in found
    assert "NO " not in found


@given(HOSTILE, HOSTILE, HOSTILE, st.sampled_from(WIDTHS), st.booleans())
def test_hostile_words_keep_to_the_line(title, status, person, width, plain):
    roles = {"commander": Held(person=person, since=NOON)}
    one = replace(incident(title or "x"), title=title, status=status, roles=roles)
    found = bar(width, one, look=Look(unicode=not plain))
    assert cell_len(found) <= width
    assert not any(ord(char) < 32 for char in found)
    assert found.isascii() or not plain


def test_spans_are_short():
    assert [lasted(s) for s in (0, 750, 90_061)] == ["0:00:00", "0:12:30", "1d 01:01:01"]
    assert [coarse(s) for s in (59, 61, 7_500, 200_000)] == ["59s", "1m", "2h05m", "2d 7h"]


# reminders ----------------------------------------------------------------------------------


def reminder(key, text="do it", who=(), minutes=0):
    return Reminder(key=key, text=text, at=NOON + timedelta(minutes=minutes), who=who)


def test_the_most_urgent_two_and_how_many_more():
    found = ordered([reminder("task:1:x"), reminder("update:x"), reminder("escalation:lead")])
    assert [one.key for one in found] == ["escalation:lead", "update:x", "task:1:x"]
    text = [line.plain for line in lines(found, "b", Look(), 80)]
    assert len(text) == 2
    assert "and 1 more" in text[1]
    assert "b seen" in text[0]


def test_whom_to_reach_and_how_is_told_before_the_words_are():
    who = ("team lead: Eva, phone +49 151 5550123",)
    one = reminder("escalation:x", "escalate, engineering lead: tell team lead (after 30 min)", who)
    (found,) = lines((one,), "b", Look(), 80)
    assert "+49 151 5550123" in found.plain
    assert "escalate" in found.plain


@given(HOSTILE, HOSTILE, st.sampled_from(WIDTHS), st.booleans())
def test_hostile_reminders_keep_to_their_lines(text, who, width, plain):
    for found in lines((reminder("x", text, (who,)),), "b", Look(unicode=not plain), width):
        assert found.cell_length <= width
        harmless([found], width, 1)
        assert found.plain.isascii() or not plain


# on the screen ------------------------------------------------------------------------------


async def test_nothing_of_an_incident_is_drawn_where_none_is():
    app = room(link=ScriptedLink(boards.welcome(), board()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert not app.screen.query_one(IncidentBar).display
        assert not app.screen.query_one(Reminders).display
        assert not list(app.screen.query("#middle > Panel"))


async def test_reminders_stand_until_they_are_seen():
    given = reminder("commander", "nobody is commander: /role commander me")
    one = incident(reminders={"commander": given})
    link = ScriptedLink(boards.welcome(), board(), Timeline(incidents=(one,), whole=True))
    app = room(link=link)
    app.clock.time = NOON + timedelta(minutes=5)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_async(lambda: "nobody is commander" in screen_text(app))
        seen = replace(one, reminders={"commander": replace(given, seen="ana")})
        app.post_message(EngineSaid((Timeline(incidents=(seen,)),)))
        await until_async(lambda: "nobody is commander" not in screen_text(app))
        assert not app.screen.query_one(Reminders).display
        await pilot.pause()


async def test_a_tick_moves_the_clock_and_a_choice_changes_the_line():
    first, second = incident("INC-1"), replace(incident("INC-2"), level="SEV3", title="Mail")
    link = ScriptedLink(boards.welcome(), board(), Timeline(incidents=(first, second), whole=True))
    app = room(link=link)
    async with app.run_test(size=(120, 40)) as pilot:
        await until_async(lambda: "INC-1 1/2" in screen_text(app))
        app.chosen = "INC-2"
        await until_async(lambda: "INC-2 2/2" in screen_text(app))
        app.screen.tick(NOON + timedelta(seconds=1))
        await until_async(lambda: "0:05:01" in screen_text(app))
        await pilot.pause()


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (100, 30), (120, 40), (200, 60), (250, 70)])
@pytest.mark.parametrize("look", [Look(), Look(unicode=False)])
async def test_every_size_shows_level_clock_and_newest_entry(size, look):
    link = ScriptedLink(boards.welcome(), board(), incident_of(told()))
    app = room(link=link, look=look)
    async with app.run_test(size=size) as pilot:
        await until_async(lambda: "errors fall" in screen_text(app))
        assert "SEV2" in screen_text(app)
        assert "0:19:00" in screen_text(app)
        assert screen_text(app).isascii() or look.unicode
        await pilot.pause()
