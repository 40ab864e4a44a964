"""The timeline: how entries read, how one moves among them, and what keys do to them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels.timeline import TimelinePanel
from panels.timeline_lines import Log, details, rows
from panels.timeline_order import Orders, ordered
from tests.ui import boards
from tests.ui.boards import NOON
from tests.ui.consoles import ScriptedLink
from tests.ui.scribing import EngineLink, full, room, settled
from tests.ui.test_console import screen_text
from tests.ui.timelines import ANA, NAME, board, entry, timeline, told
from tests.ui.views import HOSTILE, harmless
from tests.waiting import until_async
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.console.screens.correct import CorrectScreen
from warroom.console.screens.expanded import ExpandedScreen
from warroom.incident.entries import Correction, Declared, Mark, Note
from warroom.incident.fold import fold
from warroom.severity import SEV
from warroom.wire import Answer, GetEntries, Timeline


def log(entries, *, look=None, cursor="", asides=True):
    incident = fold(entries)
    order = ordered(entries, incident.corrections, (), asides=asides)
    return Log(
        incident=incident, order=order, look=look or Look(), scale=SEV, today=NOON,
        cursor=cursor, focused=bool(cursor),
    )  # fmt: skip


def text(entries, width=100, **options):
    made = log(entries, **options)
    return [line.plain.rstrip() for line in rows(made, 0, 1000, width)]


def declared(*more):
    """An incident with these bodies in it, a minute apart."""
    first = entry(1, 0, Declared(title="Shop is down", started=NOON, level="SEV1"))
    return (first, *(entry(at, at, body) for at, body in enumerate(more, 2)))


# how entries read ---------------------------------------------------------------------------


def test_a_line_has_time_sign_word_who_and_words():
    found = text(told())
    assert found[5] == "  13:51:52   · note      bob: support counts 14 calls, all of them card " \
        "payments  ≠ corrected"  # fmt: skip
    assert found[6] == "  13:53:59   · note      bob: pool is at its limit:  +3 lines"
    assert found[7].startswith("  13:55:06 ★ ◆ decision  ana: roll back")
    assert found[12] == "  13:59:41   ~ watch     api: SEV1 to OK"


def test_every_line_of_ascii_is_ascii():
    for line in text(told(), look=Look(unicode=False)):
        assert line.isascii()


def test_they_stand_by_when_they_happened_and_a_corrected_time_counts():
    entries = declared(Note(text="one"), Note(text="two"), Note(text="three"))
    early = replace(entries[3], happened=entries[0].happened - timedelta(minutes=5))
    fixed = entry(5, 9, Correction(entry=2, at=entries[2].happened + timedelta(minutes=1)))
    found = text((*entries[:3], early, fixed), asides=False)
    words = [line.rpartition(": ")[2].split("  ")[0] for line in found]
    assert [word for word in words if word in ("one", "two", "three")] == ["three", "two", "one"]


def test_what_was_written_much_later_has_a_sign():
    late = replace(entry(2, 1, Note(text="forgot to say")), written=NOON + timedelta(hours=1))
    assert "‹" in text((*declared(), late))[1]
    assert "‹" not in text((*declared(), entry(2, 1, Note(text="at once"))))[1]


def test_a_date_stands_where_it_is_not_today():
    old = replace(entry(2, 1, Note(text="x")), happened=NOON - timedelta(days=1))
    assert text((*declared(), old))[0].startswith("  03-03 14:07:10")


def test_what_is_withdrawn_says_so_and_stays_readable():
    entries = declared(Note(text="the disk is full"), Correction(entry=2, text=""))
    assert "withdrawn: the disk is full" in text(entries)[1]


def test_a_corrected_entry_tells_both_texts_whole():
    made = log(told(), cursor="6")
    found = "\n".join(line.plain for line in details(told()[5], made))
    assert "support counts 14 calls" in found
    assert "support counts 40 calls" in found
    assert "bob (deploy)" in found


def test_what_the_watch_wrote_marks_and_corrections_can_be_hidden():
    made = log(told(), asides=False)
    assert made.order.hidden == 5
    assert not [line for line in text(told(), asides=False) if " watch " in line]


@given(HOSTILE, HOSTILE, st.sampled_from([36, 56, 76, 116]), st.booleans())
def test_hostile_words_are_shown_and_not_obeyed(words, who, width, plain):
    by = replace(ANA, name=who or "x")
    entries = declared(Note(text=words), Correction(entry=2, text=words))
    entries = tuple(replace(one, actor=by) for one in entries)
    look = Look(unicode=not plain)
    made = log(entries, look=look, cursor="2")
    drawn = rows(made, 0, 10, width)
    harmless(drawn, width, 10)
    whole = details(entries[1], made)
    harmless(whole, 20_000, len(whole))
    assert not plain or all(line.plain.isascii() for line in (*drawn, *whole))


def test_the_order_is_made_once_for_a_state():
    entries = declared(*(Note(text=f"{n}") for n in range(50)))
    incident, orders = fold(entries), Orders()
    first = orders.of(incident, entries, (), asides=True)
    assert orders.of(incident, entries, (), asides=True) is first
    assert orders.of(incident, (*entries, entry(99, 1, Note(text="x"))), (), asides=True) != first


# on the screen ------------------------------------------------------------------------------


def many(count, first=1):
    """That many notes, a second apart; ``first`` is the number of the oldest that is told."""
    start = entry(1, 0, Declared(title="Shop is down", started=NOON, level="SEV1"))
    notes = [
        replace(entry(n, 0, Note(text=f"note {n}")), happened=NOON + timedelta(seconds=n))
        for n in range(2, count + 1)
    ]
    every = (start, *notes)
    return replace(timeline(every), entries=every[first - 1 :])


class Engine(EngineLink):
    """Tells one incident, and answers what is asked for its older entries."""

    def __init__(self, told, older=(), granted="act"):
        super().__init__(granted=granted)
        self.first = (boards.welcome(granted), board(), told)
        self.older = older

    async def request(self, request):
        if isinstance(request, GetEntries):
            self.asked.append(request)
            older = [one for one in self.older if one.number < request.before]
            return Answer(ref=request.ref, ok=True, entries=tuple(older[-200:]))
        return await super().request(request)


def panel(app):
    return app.screen.query_one(TimelinePanel)


def said(app):
    return [one.message for one in app._notifications]


async def shown(pilot, words):
    await until_async(lambda: words in screen_text(pilot.app))
    return pilot.app


async def test_it_follows_the_end_until_somebody_goes_up_and_counts_what_comes():
    link = Engine(many(60))
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot, "note 60")
        link.say(Timeline(incidents=many(61).incidents, entries=many(61).entries[-1:]))
        await shown(pilot, "note 61")
        await pilot.press("T", "up", "up", "up")
        last = many(64)
        link.say(Timeline(incidents=last.incidents, entries=last.entries[-3:]))
        await shown(pilot, "3 new below")
        assert panel(app).cursor == "58"
        assert "note 64" not in screen_text(app)
        await pilot.press("end")
        await shown(pilot, "note 64")
        assert "new below" not in screen_text(app)


async def test_who_is_on_the_last_entry_stays_on_it_and_sees_what_comes():
    link = Engine(many(60))
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot, "note 60")
        await pilot.press("T")
        more = many(62)
        link.say(Timeline(incidents=more.incidents, entries=more.entries[-2:]))
        await shown(pilot, "note 62")
        assert panel(app).cursor == "60"
        await pilot.press("asterisk")
        await until_async(lambda: link.posts)
        assert link.posts[0].body == Mark(entry=60)
        more = many(90)
        link.say(Timeline(incidents=more.incidents, entries=more.entries[-28:]))
        await shown(pilot, "new below")
        assert "note 60" in screen_text(app)
        await pilot.press("escape")
        more = many(91)
        link.say(Timeline(incidents=more.incidents, entries=more.entries[-1:]))
        await shown(pilot, "note 91")


async def test_at_the_top_what_is_older_is_asked_for():
    whole = many(500)
    link = Engine(replace(whole, entries=whole.entries[300:]), older=whole.entries)
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot, "note 500")
        await pilot.press("T", "home")
        await shown(pilot, "300 older entries")
        await pilot.press("home")
        await until_async(lambda: len(app.room.entries[NAME]) == 400)
        assert panel(app).cursor == "301"
        assert [one.before for one in link.asked if isinstance(one, GetEntries)] == [301]
        await pilot.press("home")
        await shown(pilot, "100 older entries")
        await pilot.press("pageup")
        await until_async(lambda: len(app.room.entries[NAME]) == 500)
        await pilot.press("home")
        await shown(pilot, "declared")


async def test_an_entry_is_marked_and_unmarked():
    link = Engine(timeline())
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "errors fall")
        await pilot.press("asterisk")
        await settled(pilot)
        assert not link.posts
        await pilot.press("T", "up", "asterisk")
        await until_async(lambda: link.posts)
        assert link.posts[0].body == Mark(entry=15)
        await pilot.press(*["up"] * 7, "asterisk")
        await until_async(lambda: len(link.posts) == 2)
        assert link.posts[1].body == Mark(entry=8, key=False)


async def test_who_may_only_watch_marks_nothing():
    link = Engine(timeline(), granted="watch")
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "errors fall")
        await pilot.press("T", "asterisk")
        await settled(pilot)
        assert not link.posts


@pytest.mark.parametrize(
    ("keys", "body"),
    [
        (["end", "!", "enter"], Correction(entry=16, text="errors fall: 1.2 % and going down!")),
        (["tab", "ctrl+u", *"14:00", "enter"],
         Correction(entry=16, at=NOON.replace(minute=0, second=0))),
        (["ctrl+u", "enter", "enter"], Correction(entry=16, text="")),
    ],
)  # fmt: skip
async def test_an_entry_is_corrected(keys, body):
    link = Engine(timeline())
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot, "errors fall")
        await pilot.press("T", "C")
        await until_async(lambda: isinstance(app.screen, CorrectScreen))
        await pilot.press(*keys)
        await until_async(lambda: link.posts)
        assert link.posts[0].body == body


async def test_empty_words_are_asked_about_before_they_take_an_entry_back():
    link = Engine(timeline())
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot, "errors fall")
        await pilot.press("T", "C", "ctrl+u", "enter")
        await shown(pilot, "Empty words take the entry back")
        assert isinstance(app.screen, CorrectScreen)
        assert not link.posts


async def test_a_time_that_is_none_is_not_taken():
    link = Engine(timeline())
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot, "errors fall")
        await pilot.press("T", "C", "tab", "ctrl+u", *"25:00", "enter")
        await shown(pilot, "such as 12:05")
        assert isinstance(app.screen, CorrectScreen)
        assert not link.posts


async def test_what_tells_of_another_entry_is_not_corrected():
    async with room(link=Engine(timeline())).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot, "errors fall")
        await pilot.press("T", *["up"] * 4, "C")
        await until_async(lambda: any("correct that one" in words for words in said(app)))
        assert not isinstance(app.screen, CorrectScreen)


async def test_search_goes_to_the_nearest_and_on():
    async with room(link=Engine(many(60))).run_test(size=(120, 40)) as pilot:
        app = await shown(pilot, "note 60")
        await pilot.press("T", "slash", *"note 1", "enter")
        await until_async(lambda: panel(app).cursor == "19")
        assert panel(app).has_focus
        await pilot.press("N")
        await until_async(lambda: panel(app).cursor == "18")
        await pilot.press("n")
        await until_async(lambda: panel(app).cursor == "19")
        await pilot.press("slash", *"5", "escape")
        await until_async(lambda: panel(app).cursor == "19")


async def test_enter_shows_an_entry_whole():
    async with room(link=Engine(timeline())).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "errors fall")
        await pilot.press("T", *["up"] * 9, "enter")
        await shown(pilot, "waiting 71")


async def test_the_expanded_one_keeps_the_cursor_and_can_be_searched():
    async with room(link=Engine(timeline())).run_test(size=(120, 40)) as pilot:
        app = await shown(pilot, "errors fall")
        await pilot.press("T", *["up"] * 9, "z")
        await until_async(lambda: isinstance(app.screen, ExpandedScreen))
        await shown(pilot, "waiting 71")
        assert panel(app).cursor == "7"
        await pilot.press("slash", *"roll back", "enter")
        await until_async(lambda: panel(app).cursor == "8")
        await pilot.press("A")
        await shown(pilot, "5 hidden, A shows")


async def test_what_is_not_durable_yet_says_so():
    link = Engine(timeline())
    link.answer = full
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot, "errors fall")
        app.post(Note(text="is it saved"), shown="is it saved")
        await shown(pilot, "not saved yet")
        assert "○ not saved yet" in screen_text(app)
        assert "is it saved" in screen_text(app)


async def test_it_stands_below_and_beside_and_once():
    page = (LocalPage("one", ("health", "onset")), LocalPage("two", ("timeline",)))
    app = room(link=Engine(timeline()), pages=page)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, "errors fall")
        assert panel(app).region.height >= 5
        assert panel(app).region.width == 80
        await pilot.resize_terminal(200, 60)
        await until_async(lambda: panel(app).region.x > 100)
        await pilot.press("right_square_bracket")
        await until_async(lambda: app.screen.query("#panels > TimelinePanel"))
        await settled(pilot)
        assert len([one for one in app.screen.query(TimelinePanel) if one.display]) == 1
        await pilot.press("T")
        await until_async(lambda: isinstance(app.focused, TimelinePanel) and app.focused.number)


async def test_without_an_incident_its_key_says_how_to_get_one():
    app = room(link=ScriptedLink(boards.welcome(), board()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("T")
        await until_async(lambda: any("No incident is shown" in words for words in said(app)))


async def test_a_drawing_of_ten_thousand_looks_at_those_in_sight_alone():
    """Counted, not timed: how many entries are put into words for a frame."""
    async with room(link=Engine(many(10_000))).run_test(size=(80, 24)) as pilot:
        app = await shown(pilot, "note 10000")
        made = panel(app)
        drawn = []
        original = Look.plain
        try:
            Look.plain = lambda self, words: drawn.append(words) or original(self, words)
            made.redraw()
        finally:
            Look.plain = original
        assert len(drawn) < 60
