"""Choosing, milestones, resolving, reminders: each by keys, and what is posted."""

import pytest
from msgspec.structs import replace

from tests.ui import incidents
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.incidents import HOSTILE, MET, UNMET, ago
from tests.ui.test_console import notices, screen_text, started
from tests.waiting import until_async
from warroom.console.look import Look
from warroom.console.messages import EngineSaid, LinkLost
from warroom.console.screens.incidents import IncidentsScreen
from warroom.console.screens.milestones import MilestonesScreen
from warroom.console.screens.resolve import ResolveScreen
from warroom.console.screens.room import RoomScreen
from warroom.incident.entries import Milestone, Seen
from warroom.incident.gate import Condition
from warroom.wire import Answer, GetEntries, GetIncidents, Post, Resolve, Timeline

TOLD = incidents.timeline()


async def until_shown(app, words):
    await until_async(lambda: words in screen_text(app))


# --- refusals -----------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["m", "D", "I", "b"])
async def test_what_needs_an_incident_says_how_to_have_one(key):
    async with console(link=incidents.link()).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press(key)
        assert "No incident is open: d declares one" in notices(app)
        assert isinstance(app.screen, RoomScreen)


async def test_the_key_that_declares_is_named_as_it_is_configured():
    link = incidents.link()
    async with console(link=link, keys={"declare": "f5"}).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("m")
        assert "F5 declares one" in notices(app)


@pytest.mark.parametrize("key", ["m", "D", "b"])
async def test_what_writes_is_refused_without_an_engine_and_to_who_only_watches(key):
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        app.post_message(LinkLost("its process ended"))
        await pilot.pause()
        await pilot.press(key)
        assert "The engine is not there" in notices(app)
    async with console(link=incidents.link(TOLD, granted="watch")).run_test() as pilot:
        app = await started(pilot)
        await pilot.press(key)
        assert "may only watch" in notices(app)


async def test_one_that_is_over_is_not_resolved_again():
    over = incidents.timeline(incidents.incident(resolved=ago(1)))
    async with console(link=incidents.link(over)).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        app.chosen = "INC-20260304-001"
        await pilot.press("D")
        assert "INC-20260304-001 is resolved already; o chooses another" in notices(app)


async def test_nothing_is_known_before_the_engine_has_spoken():
    for key in "v@o":
        async with console().run_test(size=(80, 24)) as pilot:
            app = await started(pilot)
            await pilot.press(key)
            assert "The engine has not said yet" in notices(app)


# --- choosing -----------------------------------------------------------------------------


def history(request):
    if isinstance(request, GetIncidents):
        newer = incidents.over(2, 2, title="Payments fail", level="SEV2")
        return Answer(ref=0, ok=True, incidents=(incidents.over(), newer))
    if isinstance(request, GetEntries):
        told = incidents.incident(id=request.incident, resolved=ago(60), title="Payments fail")
        note = incidents.entry(4, incidents.Note(text="it is over"), name=request.incident)
        return Answer(ref=0, ok=True, incident=told, entries=(note,))
    return Answer(ref=0, ok=True)


async def test_open_ones_stand_first_then_the_others_newest_first():
    second = incidents.incident(id="INC-20260304-002", title="Mail is late", level="SEV3")
    told = Timeline(incidents=(second, incidents.incident()), whole=True)
    async with console(link=incidents.link(told, answer=history)).run_test() as pilot:
        app = await started(pilot)
        await pilot.press("o")
        await until_shown(app, "INC-20260301-001")
        shown = screen_text(app)
        order = [shown.index(f"INC-2026030{n}") for n in ("4-001", "4-002", "2-001", "1-001")]
        assert order == sorted(order)
        assert "shown now" in shown
        await pilot.press("down", "enter")
        assert app.incident.id == "INC-20260304-002"


async def test_one_that_is_over_is_asked_for_and_shown():
    link = incidents.link(TOLD, answer=history)
    async with console(link=link).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        await pilot.press("o")
        await until_shown(app, "INC-20260302-001")
        await pilot.press("down", "enter")
        await until_async(lambda: app.incident.id == "INC-20260302-001")
        assert app.incident.resolved == ago(60)
        assert [entry.number for entry in app.room.entries["INC-20260302-001"]] == [4]
        assert app.room.incident("INC-20260304-001") is not None


async def test_what_was_let_go_of_one_that_is_long_over_comes_back_when_it_is_chosen():
    name = "INC-20260304-001"
    bodies = (incidents.Note(text="begins"), incidents.Note(text="goes on"))
    first, second = (incidents.entry(n, body) for n, body in enumerate(bodies, 1))
    last = incidents.entry(3, incidents.Note(text="it is over"))
    over = incidents.incident(resolved=ago(60), number=3)
    told = Timeline(incidents=(over,), entries=(first, second, last), whole=True)

    def answered(request):
        if isinstance(request, GetEntries):
            assert (request.incident, request.before) == (name, 3)
            return Answer(ref=0, ok=True, incident=over, entries=(first, second))
        return Answer(ref=0, ok=True, incidents=(incidents.over(id=name),))

    async with console(link=incidents.link(told, answer=answered)).run_test() as pilot:
        app = await started(pilot)
        assert app.room.entries[name] == (last,)
        await pilot.press("o")
        await until_shown(app, name)
        await pilot.press("enter")
        await until_async(lambda: app.room.entries[name] == (first, second, last))
        assert app.chosen == name


async def test_without_an_engine_the_known_ones_can_be_chosen():
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        link.gone = True
        app.post_message(LinkLost("its process ended"))
        await pilot.pause()
        await pilot.press("o")
        await until_shown(app, "Those that are over cannot be had")
        assert isinstance(app.screen, IncidentsScreen)
        await pilot.press("enter")
        assert app.chosen == "INC-20260304-001"


# --- milestones ---------------------------------------------------------------------------


async def test_a_milestones_key_posts_it_and_its_warning_is_said():
    def warns(request):
        return Answer(ref=0, ok=True, message="service restored before mitigation deployed")

    link = incidents.link(TOLD, answer=warns)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("m")
        shown = screen_text(app)
        assert "a  ✔ acknowledged" in shown
        assert "13:58:10Z, 9 min ago" in shown
        await pilot.press("s")
        await until_async(lambda: link.of(Post))
        (asked,) = link.of(Post)
        assert asked.body == Milestone(name="service restored")
        assert asked.incident == "INC-20260304-001"
        await until_async(lambda: "before mitigation deployed" in notices(app))


async def test_one_that_was_reached_wants_its_key_twice():
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(60, 15)) as pilot:
        app = await started(pilot)
        await pilot.press("m", "a")
        await pilot.pause()
        assert isinstance(app.screen, MilestonesScreen)
        assert "a again says now" in screen_text(app)
        assert "service restored" in screen_text(app)
        assert link.of(Post) == []
        await pilot.press("x", "a")
        assert isinstance(app.screen, MilestonesScreen)
        await pilot.press("a")
        await until_async(lambda: link.of(Post))
        assert link.of(Post)[0].body == Milestone(name="acknowledged")


# --- resolving ----------------------------------------------------------------------------


class Gate:
    """An engine with a gate that opens when the test says so."""

    def __init__(self, conditions=UNMET):
        self.conditions = conditions

    def __call__(self, request):
        if not isinstance(request, Resolve) or request.only_ask:
            return Answer(ref=0, ok=True, conditions=self.conditions)
        unmet = [c for c in self.conditions if not c.met]
        if unmet and not request.override:
            return Answer(ref=0, ok=False, message="not yet", conditions=self.conditions)
        return Answer(ref=0, ok=True, message="INC-20260304-001 is resolved")


def resolved(link):
    return [request for request in link.of(Resolve) if not request.only_ask]


async def test_the_gate_tells_each_condition_and_enter_refuses_while_one_is_not_met():
    link = incidents.link(TOLD, answer=Gate())
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("D")
        await until_shown(app, "✖ NOT   all signals OK for 5 min  api is SEV1")
        assert "✔ met   smoke passed since the fix" in screen_text(app)
        assert app.screen.focused.id == "words"
        await pilot.press(*"rolled back", "enter", "enter")
        await pilot.pause()
        assert "Not resolved: recovery list is done, all signals OK" in screen_text(app)
        assert resolved(link) == []


async def test_what_is_met_resolves_with_words_and_how():
    link = incidents.link(TOLD, answer=Gate(MET))
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("D")
        await until_shown(app, "✔ met   all signals")
        assert "Override" not in screen_text(app)
        await pilot.press(*"back to 1.4.2", "tab", "h", "enter")
        await until_async(lambda: isinstance(app.screen, RoomScreen))
        (asked,) = resolved(link)
        assert (asked.text, asked.how, asked.override) == ("back to 1.4.2", "hotfix", "")
        assert "INC-20260304-001 is resolved" in notices(app)


async def test_overriding_wants_a_reason_in_the_last_field():
    link = incidents.link(TOLD, answer=Gate())
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("D")
        await until_shown(app, "Override")
        assert "it is recorded" in screen_text(app)
        order = []
        for _ in range(3):
            order.append(app.screen.focused.id)
            await pilot.press("tab")
        assert order == ["words", "how", "override"]
        await pilot.press("shift+tab", "space", "enter")
        assert resolved(link) == []
        await pilot.press("backspace", *"vendor confirmed", "enter")
        await until_async(lambda: isinstance(app.screen, RoomScreen))
        assert resolved(link)[0].override == "vendor confirmed"


async def test_a_gate_that_closes_meanwhile_is_shown_as_it_is():
    gate = Gate(MET)
    link = incidents.link(TOLD, answer=gate)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("D")
        await until_shown(app, "✔ met   all signals")
        gate.conditions = UNMET
        await pilot.press("enter")
        await until_shown(app, "✖ NOT   all signals")
        assert "not yet" in screen_text(app)
        assert isinstance(app.screen, ResolveScreen)


async def test_the_gate_is_looked_at_again_while_it_is_open():
    gate = Gate()
    link = incidents.link(TOLD, answer=gate)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("D")
        await until_shown(app, "✖ NOT   all signals")
        link.gone = True
        await until_shown(app, "The conditions cannot be had")
        link.gone = False
        gate.conditions = MET
        await until_shown(app, "✔ met   all signals")
        assert "cannot be had" not in screen_text(app)


async def test_a_lost_engine_keeps_the_words_and_says_so():
    link = incidents.link(TOLD, answer=Gate(MET))
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("D")
        await until_shown(app, "✔ met   all signals")
        link.gone = True
        await pilot.press(*"back", "enter")
        await until_shown(app, "it is being started again")
        assert app.screen.query_one("#words").value == "back"
        link.gone = False
        await pilot.press("enter")
        await until_async(lambda: isinstance(app.screen, RoomScreen))


async def test_one_whose_answer_is_lost_is_resolved_once_its_entry_comes():
    link = incidents.link(TOLD, answer=Gate(MET))
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("D")
        await until_shown(app, "✔ met   all signals")
        once = app.screen.once
        entry = replace(incidents.ENTRIES[-1], number=5, seq=5, once=once)
        told = incidents.incident(number=5, resolved=NOON)
        app.post_message(EngineSaid((Timeline(incidents=(told,), entries=(entry,)),)))
        await until_async(lambda: isinstance(app.screen, RoomScreen))


async def test_the_scribe_line_hands_its_words_over():
    from warroom.console.commands.incident import resolve

    async with console(link=incidents.link(TOLD, answer=Gate(MET))).run_test() as pilot:
        app = await started(pilot)
        resolve(app, "back to 1.4.2")
        await pilot.pause()
        assert app.screen.query_one("#words").value == "back to 1.4.2"


async def test_a_long_gate_leaves_room_for_the_fields_on_the_smallest_screen():
    many = tuple(Condition(name=f"check {n:02}", met=False, words="down") for n in range(30))
    link = incidents.link(TOLD, answer=Gate(many))
    async with console(link=link, look=Look(unicode=False)).run_test(size=(60, 15)) as pilot:
        app = await started(pilot)
        await pilot.press("D")
        await until_shown(app, "X NOT   check 00")
        await pilot.press("enter")
        await pilot.pause()
        shown = screen_text(app)
        assert shown.isascii()
        for words in ("Words", "How", "Override", "more lines, Page Down", "Not resolved"):
            assert words in shown
        await pilot.press(*["pagedown"] * 12)
        await pilot.pause()
        assert "check 29" in screen_text(app)


# --- reminders ----------------------------------------------------------------------------


async def test_b_says_that_the_first_reminder_is_seen():
    other = incidents.reminder(key="commander")
    first = incidents.reminder(key="response:SEV1", text="nobody has answered")
    known = {one.key: one for one in (other, first)}
    late = incidents.incident(
        reminders=known, roles={}, milestones={}, started=ago(20), declared=ago(20)
    )
    told = incidents.timeline(late)
    link = incidents.link(told)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        shown = screen_text(app)
        assert shown.index("nobody has answered") < shown.index("No commander yet")
        await pilot.press("b")
        await until_async(lambda: link.of(Post))
        body = link.of(Post)[0].body
        assert isinstance(body, Seen)
        assert body.nag == "response:SEV1"


async def test_what_is_due_of_one_that_is_over_stands_whichever_is_shown():
    key = "due:channel archived:2026-03-04T13:07:10Z"
    words = "INC-0: channel archived was due 13:07Z"
    over = incidents.incident(
        id="INC-0",
        resolved=ago(180),
        status="Resolved",
        reminders={key: incidents.reminder(key=key, text=words)},
    )
    running = incidents.incident()
    for shown in ((running, over), (over,)):
        link = incidents.link(Timeline(incidents=shown, whole=True))
        async with console(link=link).run_test(size=(80, 24)) as pilot:
            app = await started(pilot)
            assert words in screen_text(app)
            assert app.incident == (running if running in shown else None)
            await pilot.press("b")
            await until_async(lambda link=link: link.of(Post))
            assert (link.of(Post)[0].incident, link.of(Post)[0].body.nag) == ("INC-0", key)


async def test_b_says_when_none_stands_there():
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("b")
        assert "No reminder stands there" in notices(app)


# --- strangers' words ---------------------------------------------------------------------


async def test_hostile_words_are_shown_and_obeyed_by_nobody():
    conditions = (Condition(name=HOSTILE, met=False, words=HOSTILE),)
    one = incidents.incident(title=HOSTILE, status=HOSTILE, phase=HOSTILE)
    steps = incidents.procedures().milestones
    known = incidents.procedures(
        milestones=(replace(steps[0], name=HOSTILE), *steps[1:]), resolutions=(HOSTILE,)
    )

    def answers(request):
        if isinstance(request, GetIncidents):
            return Answer(ref=0, ok=True, incidents=(incidents.over(title=HOSTILE),))
        return Answer(ref=0, ok=False, message=HOSTILE, conditions=conditions)

    for key in "oDm":
        link = incidents.link(incidents.timeline(one), answer=answers, procedures=known)
        async with console(link=link).run_test(size=(120, 40)) as pilot:
            app = await started(pilot)
            await pilot.press(key)
            await until_shown(app, "[b]␛[2J")
            await pilot.press("enter")
            await pilot.pause()
            assert "\x1b" not in screen_text(app)


async def test_an_answer_about_what_is_known_better_changes_nothing():
    """The timeline's word of an incident is newer than the answer that lists its past."""
    from warroom.console.commands.incident import _keep

    newer = incidents.incident(number=9, title="renamed")
    link = incidents.link(incidents.timeline(newer))
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        _keep(app, Answer(ref=0, ok=True, incident=incidents.incident()))
        assert app.incident.title == "renamed"
        app.post_message(EngineSaid((Timeline(incidents=(replace(newer, number=10),)),)))
        await pilot.pause()
        assert app.incident.number == 10
