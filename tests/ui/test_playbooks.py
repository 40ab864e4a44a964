"""Playbooks through the keys: proposed, read, followed, and what each key does with a step."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual import events

from tests.ui import following, incidents
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.following import (
    ALERT,
    LEAD,
    LOGS,
    MAIL,
    PAGES,
    RESTART,
    RETRY,
    SCALE,
    SECOND,
    SMALL,
    WHICH,
    half_way,
    proposal,
    stepped,
    walked,
)
from tests.ui.test_console import notices, screen_text, started
from tests.waiting import until_async
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.console.messages import EngineSaid, LinkLost
from warroom.console.screens.confirm import ConfirmScreen
from warroom.console.screens.contacts import ContactsScreen
from warroom.console.screens.declare import DeclareScreen
from warroom.console.screens.playbooks import PlaybookScreen, PlaybooksScreen
from warroom.console.screens.room import RoomScreen
from warroom.console.screens.text import TextScreen
from warroom.console.screens.values import ValuesScreen
from warroom.incident.entries import FollowUp
from warroom.incident.following import Followed, PlaybookStep
from warroom.incident.incident import FollowUpSeen
from warroom.wire import Answer, Changed, Declare, GetPlaybooks, PlanAction, RunAction, RunCheck

BOTH = (proposal(), SECOND)
NONE = incidents.timeline(following.incident()).__class__(whole=True)


def room(link, *, pages=PAGES, look=None):
    return console(link=link, pages=pages, look=look)


async def opened(pilot, *keys):
    app = await started(pilot)
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
    return app


async def told(pilot, app, *parts):
    app.post_message(EngineSaid(parts))
    await pilot.pause()
    await pilot.pause()


def pane(app):
    return app.screen_stack[0].query_one("#playbook")


async def pressed(pilot, app, *keys):
    """By a hand that looks at what came of each."""
    for key in keys:
        app.clock.seconds += 1.0
        await pilot.press(key)
        await pilot.pause()


# --- the proposal -------------------------------------------------------------------------


async def test_a_playbook_that_fits_is_told_until_it_fits_no_more():
    link = following.link(proposals=BOTH)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot)
        shown = screen_text(app)
        assert "Playbook: Queue backed up: emails: depth 12,400 over 10,000 for 2 min;" in shown
        assert "p opens it (+1 more)" in shown
        await told(pilot, app, Changed(proposals=(SECOND,)))
        assert "Playbook: Connection pool exhausted" in screen_text(app)
        await told(pilot, app, Changed(proposals=()))
        assert "Playbook:" not in screen_text(app)


async def test_what_was_set_aside_is_told_again_with_a_new_symptom():
    link = following.link(proposals=(proposal(),))
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "x")
        assert "set aside" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Playbook:" not in screen_text(app)
        more = proposal(evidence=(*proposal().evidence, "workers 0 of 4"), score=4)
        await told(pilot, app, Changed(proposals=(more,)))
        assert "Playbook: Queue backed up" in screen_text(app)


async def test_setting_aside_again_takes_it_back_and_only_proposals_can_be():
    link = following.link(proposals=(proposal(),))
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "x", "x", "end", "x")
        assert not app.books.asides
        assert "It is not proposed" in notices(app)


async def test_a_room_that_is_quiet_repaints_nothing():
    link = following.link(half_way(), proposals=(SECOND,))
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p")
        line, shown = app.screen.query_one("#proposed-playbook"), pane(app)
        painted = []
        for widget in (line, shown):
            widget.refresh = lambda *regions, w=widget, **more: painted.append((w, regions))
        app.clock.time = NOON + timedelta(seconds=1)
        app.screen.tick(app.clock.now())
        await told(pilot, app, Changed(proposals=(SECOND,)))
        assert painted == []
        later = replace(SECOND, evidence=("db: connections 97 over 90 for 2 min",))
        await told(pilot, app, Changed(proposals=(later,)))
        assert [(w, len(regions)) for w, regions in painted] == [(line, 1)]
        assert painted[0][1][0].width <= 4


# --- the list -----------------------------------------------------------------------------


async def test_p_opens_those_that_fit_first_with_how_they_stand():
    link = following.link(proposals=BOTH)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p")
        shown = screen_text(app)
        assert shown.index("Fits what is seen now") < shown.index("Certificate expires")
        assert "◔ counting    emails: workers 0 of 4 for 10 s of 20 s" in shown
        assert len(link.of(GetPlaybooks)) == 1


async def test_the_list_is_asked_again_when_others_fit():
    link = following.link(proposals=BOTH)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p")
        later = replace(proposal(), evidence=("emails: depth 12,900 over 10,000 for 3 min", "b"))
        await told(pilot, app, Changed(proposals=(later, SECOND)))
        assert len(link.of(GetPlaybooks)) == 1
        await told(pilot, app, Changed(proposals=(SECOND,)))
        await until_async(lambda: len(link.of(GetPlaybooks)) == 2)


@pytest.mark.parametrize("opens", ["p", "@"])
async def test_what_is_typed_right_behind_a_slash_is_searched_for(opens):
    """A slow line brings it in one piece: ``f`` would follow what is under the cursor, ``q`` close
    the dialog. A slash among it is one."""
    link = following.link(proposals=BOTH)
    async with room(link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, opens)
        for key in "/f/q":
            app.post_message(events.Key("slash" if key == "/" else key, key))
        await until_async(lambda: app.screen.query_one("#wanted").value == "f/q")
        await pilot.press("enter")
        assert link.posted() == []


async def test_a_list_that_cannot_be_had_says_so_and_still_tells_what_fits():
    link = following.link(proposals=BOTH, refuse="the shelf is being read anew")
    async with room(link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "p")
        await until_async(lambda: "? the shelf is being read anew" in screen_text(app))
        assert "✔ holds       no job finished for 90 s" in screen_text(app)
        link.refused = ""
        app.screen.dismiss(None)
        await pilot.pause()
        await pilot.press("p")
        await until_async(lambda: "Certificate expires" in screen_text(app))


async def test_slash_finds_by_the_words_of_a_step():
    link = following.link(proposals=BOTH)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "slash", *"idle")
        assert "Connection pool exhausted" in screen_text(app)
        assert "Queue backed up  2 hold" not in screen_text(app)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, PlaybookScreen)
        assert "Terminate what is idle in a transaction" in screen_text(app)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert isinstance(app.screen, PlaybooksScreen)
        assert "Queue backed up  2 hold" in screen_text(app)


async def test_enter_reads_one_and_f_there_follows_it():
    link = following.link(proposals=BOTH)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "j", "k", "enter")
        assert "Symptoms  2 of 5 hold" in screen_text(app)
        await pilot.press("f")
        await pilot.pause()
        assert isinstance(app.screen, RoomScreen)
        (body,) = link.posted()
        assert body == Followed(
            playbook="queue-backlog", title="Queue backed up", evidence=proposal().evidence
        )


async def test_p_in_the_list_goes_to_the_one_that_is_followed():
    async with room(following.link()).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p")
        assert isinstance(app.screen, PlaybooksScreen)
        assert "No playbook is followed" in notices(app)
    async with room(following.link(half_way())).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p")
        assert pane(app).has_focus


# --- following ----------------------------------------------------------------------------


async def test_one_that_is_followed_is_proposed_no_more_and_has_the_keys_at_once():
    link = following.link(proposals=BOTH)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "f")
        await until_async(lambda: app.screen.query("#playbook"))
        await pilot.pause()
        assert pane(app).has_focus
        assert "Playbook: Connection pool exhausted" in screen_text(app)
        assert "Queue backed up · 0 of 11 done" in screen_text(app)
        await told(pilot, app, incidents.timeline(following.incident(walked())))
        assert pane(app).has_focus
        # Followed already: its ticks are everybody's, and nothing is posted twice.
        await pilot.press("p", "f")
        await pilot.pause()
        assert len(link.posted()) == 1


async def test_what_somebody_else_begins_takes_nobodys_keys():
    async with room(following.link()).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "1")
        focused = app.focused
        await told(pilot, app, incidents.timeline(following.incident(half_way())))
        assert "Queue backed up" in screen_text(app)
        assert app.focused is focused


async def test_help_tells_its_keys():
    async with room(following.link()).run_test(size=(120, 60)) as pilot:
        app = await opened(pilot, "?")
        await pilot.press("pagedown")
        await pilot.pause()
        assert "x       The mitigation did not help: on to the next" in screen_text(app)


async def test_the_footer_tells_of_playbooks_at_80_columns():
    async with room(following.link()).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot)
        last = screen_text(app).splitlines()[-1]
        assert "p playbooks" in last


async def test_what_help_tells_of_a_key_stays_beside_it():
    async with room(following.link()).run_test(size=(60, 15)) as pilot:
        app = await opened(pilot, "?")
        page = app.screen.query_one("Page")
        assert page.size.height == len(page.render().plain.splitlines())
        told = page.render().plain.splitlines()
        at = next(n for n, row in enumerate(told) if "What the step is for" in row)
        assert told[at + 1].startswith(" " * 10)


async def test_with_no_incident_it_is_declared_first_with_the_title_there_already():
    one = following.incident(title="Queue backed up")

    def answer(request):
        return Answer(ref=0, ok=True, incident=one)

    link = following.PlaybookLink(NONE, proposals=BOTH)
    ordinary = link.request

    async def request(asked):
        if isinstance(asked, Declare):
            link.asked.append(asked)
            return answer(asked)
        return await ordinary(asked)

    link.request = request
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "f")
        assert isinstance(app.screen, DeclareScreen)
        assert "Queue backed up" in screen_text(app)
        assert link.posted() == []
        await pilot.press("enter")
        await until_async(lambda: link.posted())
        (body,) = link.posted()
        assert body.playbook == "queue-backlog"
        assert link.of(Declare)[0].title == "Queue backed up"
        await pilot.press("escape")
        await until_async(lambda: app.screen is app.screen_stack[0])
        await until_async(lambda: pane(app).has_focus)


async def test_declaring_that_is_left_follows_nothing():
    link = following.PlaybookLink(NONE, proposals=BOTH)
    async with room(link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "p", "f", "escape")
        assert isinstance(app.screen, RoomScreen)
        assert link.posted() == []


async def test_a_console_that_may_only_watch_follows_nothing():
    link = following.link(half_way(), proposals=BOTH, granted="watch")
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "end", "f")
        assert "may only watch" in notices(app)
        await opened(pilot, "p", "p", "space", "x", "E", "F", "enter")
        assert link.posted() == []
        assert link.of(RunCheck) == []
        assert app.focused is pane(app)


# --- walking ------------------------------------------------------------------------------


def done(step, state="done"):
    return PlaybookStep(playbook="queue-backlog", step=step, state=state)


async def test_space_ticks_and_goes_on_and_is_open_again_with_another():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p")
        assert pane(app).cursor == MAIL
        await pilot.press("space")
        await pilot.pause()
        assert link.posted() == [done(MAIL)]
        assert pane(app).cursor == RESTART
        assert "[.] Does the mail provider answer?" in screen_text(app)
        steps = {**half_way().steps, MAIL: stepped("done", 0)}
        await told(pilot, app, incidents.timeline(following.incident(walked(steps=steps))))
        assert "[✔] Does the mail provider answer?" in screen_text(app)
        await pilot.press("home", "space")
        await pilot.pause()
        assert link.posted()[1:] == [done(WHICH, "open")]
        assert pane(app).cursor == WHICH


async def test_x_says_it_did_not_help_and_goes_on_until_only_telling_is_left():
    steps = {step: stepped() for step in (WHICH, LOGS, MAIL)}
    link = following.link(walked(steps=steps))
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p")
        assert pane(app).cursor == SCALE
        for step, after in ((SCALE, RESTART), (RESTART, RETRY), (RETRY, LEAD)):
            assert pane(app).cursor == step
            await pressed(pilot, app, "x")
            assert link.posted()[-1] == done(step, "no help")
            assert pane(app).cursor == after
        assert "Nothing is left to try: escalate" in notices(app)
        await pressed(pilot, app, "x")
        assert "x is for a mitigation" in notices(app)
        assert len(link.posted()) == 3


@pytest.mark.parametrize("key", ["space", "x", "F"])
async def test_a_key_that_is_held_does_one_thing(key):
    """Half a second after the first the terminal repeats it, thirty times a second."""
    pool = walked("pool-exhausted", "Connection pool exhausted")
    link = following.link(pool, walked())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p")
        await pressed(pilot, app, *{"x": ["down"] * 3, "F": ["end"]}.get(key, ()))
        app.clock.seconds += 1.0
        for wait in (0.0, 0.5, *[0.033] * 40):
            app.clock.seconds += wait
            await pilot.press(key)
        await pilot.pause()
        assert len(link.posted()) == 1
        assert "held down does one thing" in notices(app)
        await pressed(pilot, app, "home", "s")
        await until_async(lambda: len(link.posted()) == 2)


async def test_a_follow_up_that_is_on_its_way_is_not_made_again():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "end")
        link.gone = True
        await pressed(pilot, app, "enter", "enter", "F")
        assert [one.body for one in app.outgoing] == [FollowUp(text=ALERT, sort="prevent")]
        assert "It is a follow-up already" in notices(app)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (following.QUEUE.steps[3:4], "it names nobody to tell"),
        ((*following.QUEUE.steps[3:4], following.QUEUE.steps[6]), "or passed over"),
    ],
)
async def test_nobody_is_said_to_have_been_told_who_was_not(steps, words):
    queue = replace(following.QUEUE, steps=steps)
    walk = walked(steps={LEAD: stepped("skipped")})
    link = following.link(walk, books=following.shelf(playbooks=(queue,)))
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "home", "x")
        assert words in notices(app)


async def test_ones_own_tick_is_taken_back_at_once():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "space")
        steps = {**half_way().steps, MAIL: stepped("done", 0)}
        await told(pilot, app, incidents.timeline(following.incident(walked(steps=steps))))
        await pressed(pilot, app, "up", "up", "space")
        assert link.posted() == [done(MAIL), done(MAIL, "open")]


@pytest.mark.parametrize(("by", "seconds"), [("ben", 1.0), ("ana", 1.0), ("ben", -0.4)])
async def test_a_tick_that_comes_right_behind_anothers_does_not_take_it_back(by, seconds):
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p")
        assert pane(app).cursor == MAIL
        steps = {**half_way().steps, MAIL: stepped("done", seconds / 60, by=by)}
        await told(pilot, app, incidents.timeline(following.incident(walked(steps=steps))))
        assert pane(app).cursor == MAIL
        await pressed(pilot, app, "space")
        assert link.posted() == []
        assert "has just done that elsewhere" in notices(app)
        app.clock.time += timedelta(seconds=3)
        app.screen.tick(app.clock.now())
        await pressed(pilot, app, "space")
        assert link.posted() == [done(MAIL, "open")]


async def test_s_passes_over_and_l_leaves_so_that_it_can_be_begun_again():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "s")
        assert link.posted() == [done(MAIL, "skipped")]
        await pilot.press("E")
        await pilot.pause()
        assert link.posted()[-1].state == "left"
        assert not pane(app).display
        assert app.focused is None
        assert "p begins it again" in notices(app)


async def test_a_watch_begins_with_space_and_counts_down():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "end", "k", "k", "space")
        assert link.posted() == [done(SMALL, "watch")]
        steps = {SMALL: stepped("watch", 5)}
        one = incidents.timeline(following.incident(walked(steps=steps)))
        await told(pilot, app, one)
        assert "10:00 left to watch" in screen_text(app)


async def test_enter_goes_to_a_page_that_has_the_panel_and_into_it():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "home", "enter")
        await until_async(lambda: app.focused_panel is not None)
        assert app.focused_panel.heading == "Queues"
        assert app.pages.label.startswith("2/")
        await pilot.press("p", "p")
        await pilot.pause()
        assert pane(app).has_focus


async def test_a_panel_that_no_page_has_is_said():
    link = following.link(half_way())
    pages = (LocalPage("overview", ("health",)),)
    async with room(link, pages=pages).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "home", "enter")
        assert "No page shows the panel queues: name it under [[pages]]" in notices(app)


async def test_enter_runs_a_check_once_and_o_shows_all_it_said():
    gate = {}
    link = following.link(walked(), told=following.incident(walked(), checked={}))
    ordinary = link.request

    async def request(asked):
        if isinstance(asked, RunCheck):
            import asyncio

            gate["open"] = asyncio.Event()
            link.asked.append(asked)
            await gate["open"].wait()
            return link.result
        return await ordinary(asked)

    link.request = request
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "down", "enter")
        await pressed(pilot, app, "enter")
        assert "» running" in screen_text(app)
        assert "It is running already" in notices(app)
        (asked,) = link.of(RunCheck)
        assert (asked.check, asked.probe, asked.playbook, asked.step) == (
            "worker_logs", "", "queue-backlog", LOGS,
        )  # fmt: skip
        assert asked.incident == "INC-20260304-001"
        gate["open"].set()
        await until_async(lambda: "44 errors in 10 min" in screen_text(app))
        await pilot.press("o")
        await pilot.pause()
        assert isinstance(app.screen, TextScreen)
        assert "41 x SMTP 421 try again later" in screen_text(app)


async def test_a_source_is_asked_and_what_is_refused_is_said():
    refused = Answer(ref=0, ok=False, message="there is no source mail")
    link = following.link(half_way(), result=refused)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "enter")
        assert link.of(RunCheck)[0].probe == "mail"
        await until_async(lambda: "not run: there is no source mail" in screen_text(app))
        link.gone = True
        await pressed(pilot, app, "enter")
        await until_async(lambda: "no answer: the engine is not there" in screen_text(app))


async def test_a_check_that_ran_and_could_not_be_written_down_is_not_called_not_run():
    words = "Worker logs NOT OK: 44 errors\nthe disk is full"
    result = Answer(ref=0, ok=False, message=words, waits=True, ran=following.CHECKED)
    link = following.link(walked(), told=following.incident(walked(), checked={}), result=result)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "down", "enter")
        await until_async(lambda: "Worker logs NOT OK" in screen_text(app))
        assert "not run" not in screen_text(app)


async def test_another_configuration_is_asked_for_its_playbooks():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p")
        newer = replace(following.QUEUE.steps[2], text="Is the mail provider there at all?")
        queue = replace(following.QUEUE, steps=(newer, *following.QUEUE.steps[3:]))
        link.books = following.shelf(playbooks=(queue,))
        await told(pilot, app, incidents.board())
        await until_async(lambda: "Is the mail provider there at all?" in screen_text(app))
        assert WHICH not in screen_text(app)
        assert pane(app).cursor == newer.text
        link.books = following.shelf(playbooks=(following.POOL,))
        await told(pilot, app, incidents.board())
        await until_async(
            lambda: "has no such playbook any more" in " ".join(screen_text(app).split())
        )
        await pressed(pilot, app, "space", "x", "enter", "down", "o")
        assert link.posted() == []
        await pressed(pilot, app, "E")
        assert link.posted()[-1].state == "left"


async def test_the_output_of_somebody_elses_check_is_in_its_entry():
    entry = incidents.entry(5, following.CHECKED, 2)
    one = incidents.timeline(following.incident(half_way(), number=5))
    link = following.PlaybookLink(replace(one, entries=(*incidents.ENTRIES, entry)))
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "up", "o")
        assert isinstance(app.screen, TextScreen)
        assert "3 x timed out after 30 s" in screen_text(app)


async def test_an_action_goes_its_usual_way_and_no_quicker():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "down", "enter")
        assert isinstance(app.screen, ConfirmScreen)
        await until_async(lambda: link.of(PlanAction))
        asked = link.of(PlanAction)[0]
        assert (asked.action, asked.values) == ("scale", {"workers": "4"})
        for _ in range(5):
            await pilot.press("enter")
            await pilot.pause()
        assert link.of(RunAction) == []


async def test_an_action_whose_value_nobody_knows_asks_for_it():
    kill = replace(following.POOL.steps[1], action="restart_app")
    pool = replace(following.POOL, steps=(kill,))
    link = following.link(
        walked("pool-exhausted", "Connection pool exhausted"),
        books=following.shelf(playbooks=(pool,)),
    )
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "enter")
        assert isinstance(app.screen, ValuesScreen)


async def test_what_is_not_set_up_says_what_it_needs():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "down", "down", "enter")
        assert pane(app).cursor == RESTART
        assert "It still needs [actions.restart_worker]" in notices(app)


async def test_telling_shows_how_to_reach_them_on_top():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", *["down"] * 4, "enter")
        assert pane(app).cursor == LEAD
        assert isinstance(app.screen, ContactsScreen)
        shown = screen_text(app)
        assert shown.index("To be told now") < shown.index("+49 171 7654321")
        assert shown.index("+49 171 7654321") < shown.index("Escalation")
        copied = []
        app.copy_to_clipboard = copied.append
        await pilot.press("y")
        await pilot.pause()
        assert copied
        assert copied[0].startswith("Ben Okafor")


@pytest.mark.parametrize("key", ["enter", "F"])
async def test_what_prevents_it_becomes_a_follow_up_once(key):
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "end", key)
        assert link.posted() == [FollowUp(text=ALERT, sort="prevent")]
        item = FollowUpSeen(item=4, text=ALERT)
        one = following.incident(half_way(), follow_ups=(item,))
        await told(pilot, app, incidents.timeline(one))
        await pressed(pilot, app, key)
        assert len(link.posted()) == 1
        assert "follow-up #4 already" in notices(app)


async def test_brackets_turn_to_another_that_is_followed_else_to_another_page():
    pool = walked("pool-exhausted", "Connection pool exhausted")
    link = following.link(half_way(), pool)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p")
        assert "Playbook 2/2 ── Connection pool e… · 0 of 2" in screen_text(app)
        await pilot.press("]")
        await pilot.pause()
        assert "Playbook 1/2 ── Queue backed up · 3 of 11" in screen_text(app)
        assert "[ ] another" in screen_text(app)
        assert app.pages.label.startswith("1/")
    async with room(following.link(half_way())).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "]")
        assert app.pages.label.startswith("2/")
        assert pane(app).has_focus


async def test_escape_goes_back_to_the_panels_and_tab_comes_again():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p", "escape")
        assert app.focused is None
        assert "Tab, or p p, goes to it" in screen_text(app)
        await pilot.press("tab", "tab")
        await pilot.pause()
        assert pane(app).has_focus


async def test_without_an_engine_ticks_wait_as_notes_do():
    link = following.link(half_way())
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "p", "p")
        link.gone = True
        app.post_message(LinkLost("its process ended"))
        await pilot.pause()
        await pilot.press("space")
        await pilot.pause()
        assert [one.body for one in app.outgoing] == [done(MAIL)]
        assert "[.] Does the mail provider answer?" in screen_text(app)


# --- its place ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(120, 40), (200, 50), (80, 24), (60, 15), (100, 34)])
async def test_panels_playbook_scribe_and_footer_are_all_there(size):
    link = following.link(half_way())
    async with room(link).run_test(size=size) as pilot:
        app = await opened(pilot, "p", "p")
        shown = screen_text(app)
        for words in (
            "1 Health",
            "Queue backed up",
            "▸ [ ]",
            "Enter asks mail now",
            "/ a command",
            "? help",
        ):
            assert words in shown, words
        panels = app.screen.query_one("#panels")
        assert panels.size.height >= 4
        assert panels.size.width >= 60


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_on_a_small_terminal_what_has_the_keys_is_high(size):
    link = following.link(half_way())
    async with room(link).run_test(size=size) as pilot:
        app = await opened(pilot, "p", "p")
        high = pane(app).size.height
        await pilot.press("T")
        await pilot.pause()
        await pilot.pause()
        log = app.screen.focused
        assert log.heading == "Timeline"
        assert log.size.height >= 5
        assert pane(app).size.height < high
        await pilot.press("p", "p")
        await pilot.pause()
        await pilot.pause()
        assert pane(app).size.height == high


async def test_every_sign_is_ascii_where_only_that_is_safe():
    link = following.link(half_way(), proposals=(SECOND,))
    async with room(link, look=Look(unicode=False)).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "p", "p")
        assert screen_text(app).isascii()
        assert "[!] Mitigate: Scale the workers up  NO HELP" in screen_text(app)
        await pilot.press("p")
        await pilot.pause()
        assert screen_text(app).isascii()


async def test_with_another_incident_the_cursor_is_on_its_own_first_open_step():
    first = following.incident(half_way())
    other = following.incident(walked(), id="INC-20260304-002", number=2)
    told_both = replace(incidents.timeline(first), incidents=(first, other))
    link = following.PlaybookLink(told_both)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot)
        app.chosen = first.id
        await pilot.pause()
        await opened(pilot, "p", "p")
        assert pane(app).cursor == MAIL
        app.chosen = other.id
        await pilot.pause()
        await pilot.pause()
        assert pane(app).cursor == WHICH


async def test_none_is_declared_beside_one_that_is_open_where_a_resolved_one_is_shown():
    over = following.incident(resolved=NOON, id="INC-20260304-002", number=2)
    both = replace(incidents.timeline(over), incidents=(following.incident(), over))
    link = following.PlaybookLink(both, proposals=BOTH)
    async with room(link).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot)
        app.chosen = over.id
        await opened(pilot, "p", "f")
        assert isinstance(app.screen, RoomScreen)
        assert "INC-20260304-002 is resolved; o chooses the one that is open" in notices(app)
