"""What goes wrong with timelines: hostile text, what comes in meanwhile, what is not there."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.ui import boards, timelines
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.incidents import HOSTILE, AnsweringLink
from tests.ui.scribing import settled
from tests.waiting import until_async
from warroom.config.local import LocalPage
from warroom.console.incident.bar_line import Shown, line
from warroom.console.incident.log_panel import LogPanel
from warroom.console.incident.reminders import lines, ordered
from warroom.console.look import Look
from warroom.console.panels import PanelTypes
from warroom.console.table.filter_bar import FilterBar
from warroom.incident.built_in import built_in
from warroom.incident.entries import Declared, Note, Observed, Seen
from warroom.incident.incident import Held, Reminder
from warroom.severity import SEV
from warroom.wire import Answer, GetEntries, Timeline

PAGES = (LocalPage("overview", ("health", "onset")),)
SIZES = ((60, 15), (80, 24), (120, 40), (250, 70))


def notes(count, first=1):
    """So many entries, the first of an incident a declaration."""
    declared = Declared(title="Shop is down", started=NOON, level="SEV1", status="Investigating")
    return tuple(
        timelines.entry(at, at - 60, declared if at == 1 else Note(text=f"note {at} of many"))
        for at in range(first, first + count)
    )


def link(*parts, answer=None):
    return AnsweringLink(boards.welcome(), timelines.board(), *parts, answer=answer)


def shown(app):
    """The screen's text, line by line."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def log_of(app):
    return app.screen.query_one(LogPanel)


def drawn(app):
    return [text.plain for text in log_of(app)._lines]


def place(app, words):
    """The line of the panel in which the words stand."""
    return next((at for at, text in enumerate(drawn(app)) if words in text), None)


# --- hostile text -------------------------------------------------------------------------


def hostile():
    """Everything that a stranger may have written, written by one."""
    evil = replace(timelines.ANA, name=HOSTILE, claimed=HOSTILE)
    said = (
        Declared(title=HOSTILE, started=NOON, level="SEV1", status=HOSTILE),
        Note(text=f"{HOSTILE}\n{HOSTILE}\x00\x9b"),
        Note(text="漢字" * 200),
        Note(text="\n\n"),
        Note(text="x" * 20_000),
        Observed(what="level", text=HOSTILE, source=HOSTILE, level=HOSTILE),
    )
    made = enumerate(said, 1)
    return tuple(timelines.entry(at, at, body, evil) for at, body in made)


def hostile_incident():
    held = {built_in(SEV).commander: Held(person=HOSTILE, since=NOON)}
    who = (f"{HOSTILE}: phone {HOSTILE}",)
    reminders = {
        key: Reminder(key=key, text=HOSTILE, at=NOON, who=who) for key in ("update:x", "task:1")
    }
    return timelines.timeline(hostile(), roles=held, reminders=reminders)


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_is_shown_and_does_nothing(size, unicode):
    app = console(link=link(hostile_incident()), look=Look(unicode=unicode), pages=PAGES)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key in ("T", "home", "down", "z", "up", "enter"):
            await pilot.press(key)
            await settled(pilot)
            text = "".join(shown(app))
            assert text.isprintable()
            assert "failed:" not in text
            assert unicode or text.isascii()
        assert "[@click=app.quit]" in text


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("width", range(60, 251, 5))
def test_the_line_is_as_wide_as_its_room_whatever_it_tells(width, unicode):
    told = hostile_incident().incidents[0]
    names = ("漢字" * 20, "x" * 300, HOSTILE)
    for number, name in enumerate(names):
        incident = replace(told, id=name, title=name, status=name, level=("SEV1", "", name)[number])
        for later in (0, 90, 7200, 400_000):
            now = NOON + timedelta(seconds=later)
            for resolved in (None, now):
                found = line(
                    Shown(
                        incident=replace(incident, resolved=resolved),
                        procedures=built_in(SEV),
                        scale=SEV,
                        now=now,
                        look=Look(unicode=unicode),
                        place=2,
                        several=3,
                    ),
                    width,
                )
                assert found.cell_length <= width
                assert found.plain.isprintable()
                assert unicode or found.plain.isascii()


# --- reminders ----------------------------------------------------------------------------


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("width", SIZES)
def test_a_reminder_stays_in_its_line_whatever_it_says(width, unicode):
    texts = (HOSTILE, "漢字" * 200, "two\nlines\x00", "")
    for text in texts:
        who = (f"{text}: phone {text}",)
        given = [Reminder(key=key, text=text, at=NOON, who=who) for key in ("a", "b", "c")]
        for row in lines(given, "b", Look(unicode=unicode), width[0]):
            assert row.cell_length <= width[0]
            assert row.plain.isprintable()
            assert unicode or row.plain.isascii()


def reminders(*keys):
    return tuple(
        Reminder(key=key, text=f"text of {key}", at=NOON + timedelta(seconds=at))
        for at, key in enumerate(keys)
    )


def test_the_key_stands_behind_the_reminder_it_takes_away():
    told = ordered(reminders("both:ana", "update:1", "commander", "escalation:2"))
    first, second = (row.plain for row in lines(told, "b", Look(), 100))
    assert "escalation" in first
    assert first.endswith("b seen ")
    assert "commander" in second
    assert second.endswith("and 2 more ")
    assert "seen" not in second


async def test_b_takes_the_reminder_that_stands_first():
    incident = timelines.timeline(timelines.told(commander=False)).incidents[0]
    text = {"escalation": "escalate, engineering lead"}
    given = {
        key: Reminder(key=key, text=words, at=NOON, who=())
        for key, words in (("commander", "nobody is commander"), *_due(incident, text))
    }
    told = timelines.timeline(timelines.told(commander=False), reminders=given)
    room = link(told, answer=lambda request: Answer(ref=0, ok=True))
    app = console(link=room, pages=PAGES)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        first = next(text for text in shown(app) if "b seen" in text)
        assert "escalate" in first
        await pilot.press("b")
        await settled(pilot)
        (posted,) = [request.body for request in room.asked if hasattr(request, "body")]
        assert posted == Seen(nag=posted.nag, text="escalate, engineering lead")


def _due(incident, texts):
    from warroom.incident.nags import due

    found = due(replace(incident, reminders={}), built_in(SEV), SEV, NOON)
    kinds = ((nag.key, nag.key.partition(":")[0]) for nag in found)
    return [(key, texts[kind]) for key, kind in kinds if kind in texts][:1]


# --- what is read does not move -------------------------------------------------------------


async def test_older_entries_come_in_above_what_is_read():
    entries = notes(60)
    told = timelines.timeline(entries)

    def answer(request):
        if isinstance(request, GetEntries):
            return Answer(ref=0, ok=True, entries=entries[: request.before - 1][-20:])
        return Answer(ref=0, ok=True)

    app = console(link=link(replace(told, entries=entries[40:]), answer=answer), pages=PAGES)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("T", "home")
        await settled(pilot)
        at = place(app, "note 41 ")
        assert "40 older entries" in drawn(app)[at - 1]
        await pilot.press("up")
        await until_async(lambda: place(app, "note 40 "))
        assert place(app, "note 41 ") == at


async def test_an_entry_with_an_earlier_time_does_not_move_what_is_read():
    entries = notes(40)
    told = timelines.timeline(entries)
    app = console(link=link(told), pages=PAGES)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("T", *["up"] * 20)
        await settled(pilot)
        before = drawn(app)[1:3]
        late = replace(timelines.entry(41, -100, Note(text="much earlier")), written=NOON)
        news = Timeline(incidents=(replace(told.incidents[0], number=41),), entries=(late,))
        app.room = app.room.taking(news, 0.0)
        await settled(pilot)
        assert drawn(app)[1:3] == before
        assert "new below" not in "".join(drawn(app))


async def test_hiding_what_the_watch_wrote_stays_near_what_was_read():
    entries = list(notes(40))
    entries[9] = timelines.entry(10, -50, Observed(what="change", text="shop deployed"))
    app = console(link=link(timelines.timeline(tuple(entries))), pages=PAGES)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("T", *["up"] * 30)
        assert log_of(app).cursor == "10"
        await pilot.press("A")
        await settled(pilot)
        assert log_of(app).cursor == "9"
        assert place(app, "note 9 ") is not None


# --- looking for something ------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_pattern_is_typed_below_everything_and_its_match_is_pointed_at(size):
    app = console(link=link(timelines.timeline(notes(40))), pages=PAGES)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("T")
        width = log_of(app).size.width
        await pilot.press("slash", *"note 7 ")
        await settled(pilot)
        bar = app.screen.query_one(FilterBar)
        assert bar.size.width == size[0]
        assert log_of(app).size.width == width
        assert "▸" in drawn(app)[place(app, "note 7 ")]
        await pilot.press("escape")
        await settled(pilot)
        assert "▸" in drawn(app)[place(app, "note 40 ")]


# --- what is not there ----------------------------------------------------------------------


async def test_the_timeline_cannot_be_loaded_and_the_room_stays():
    class Without(PanelTypes):
        def load(self, name):
            return "It does not import" if name == "timeline" else super().load(name)

    app = console(link=link(timelines.timeline()), pages=PAGES, panels=Without)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("T", "asterisk", "C", "A", "slash")
        await settled(pilot)
        assert app.is_running
        assert app.watching is not None


async def test_the_incident_goes_while_its_timeline_has_the_keys():
    told = timelines.timeline()
    app = console(link=link(told), pages=PAGES)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("T", "up")
        app.room = app.room.taking(Timeline(whole=True), 0.0)
        await settled(pilot)
        await pilot.press("asterisk", "C", "A", "up", "enter", "slash", "T")
        await settled(pilot)
        assert app.is_running
        assert not log_of(app).display
        text = "".join(shown(app))
        assert "Timeline" not in text
        await pilot.press("1", "down")
        assert app.focused_panel.number == 1


async def test_expanded_the_incident_goes():
    app = console(link=link(timelines.timeline()), pages=PAGES)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("T", "z", "up")
        app.room = app.room.taking(Timeline(whole=True), 0.0)
        await settled(pilot)
        await pilot.press("asterisk", "C", "A", "up", "pageup", "enter", "T", "n")
        await settled(pilot)
        assert "No incident is shown" in "".join(shown(app))
        await pilot.press("escape")
        await settled(pilot)
        assert app.is_running
