"""Actions under a person's keys: opened, looked at, confirmed, followed, taken back."""

import pytest
from textual import events

from tests.ui import acting
from tests.ui.acting import ActingLink, SlowLink
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.incidents import HOSTILE
from tests.ui.test_console import notices, screen_text, started
from tests.waiting import until_async
from warroom.config.local import LocalPage
from warroom.console.acting.confirm import Confirm
from warroom.console.commands.actions import ask_values
from warroom.console.messages import EngineSaid, LinkLost
from warroom.console.screens.acted import ActedScreen
from warroom.console.screens.actions import ActionsScreen
from warroom.console.screens.confirm import ConfirmScreen
from warroom.console.screens.room import RoomScreen
from warroom.console.screens.run import RunScreen
from warroom.console.screens.values import ValuesScreen
from warroom.incident.acting.kinds import ActionView, Parameter
from warroom.wire import Acting, Arm, CancelRun, KeepOn, PlanAction, RunAction, TickStep

WIDE = (120, 40)
PAGES = (LocalPage("db", ("slow_queries",)),)


def room(**more):
    link = ActingLink(**more)
    return console(link=link, pages=PAGES), link


async def shown(app, kind):
    await until_async(lambda: isinstance(app.screen, kind))


async def until_shown(app, words):
    await until_async(lambda: words in screen_text(app))


async def planned(pilot, key):
    """The last look at the action of that key, its first moment over."""
    app = await started(pilot)
    await pilot.press("a", key)
    await shown(app, ConfirmScreen)
    await until_async(lambda: app.screen.plan is not None)
    app.clock.seconds += 1
    return app


async def typed(pilot, words):
    for letter in words:
        await pilot.press(letter)


async def settled(pilot):
    pilot.app.clock.seconds += 1
    await pilot.pause()


# --- the menu -----------------------------------------------------------------------------


async def test_a_opens_the_actions_by_their_headings_with_what_they_move():
    app, _ = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("a")
        await shown(app, ActionsScreen)
        text = screen_text(app)
        assert "Platform" in text
        assert " r  Roll back the release" in text
        assert "shop.latency_p95 falls within 60 s" in text
        assert "severe" in text


async def test_a_stray_letter_runs_nothing_and_enter_shows_a_plan_only():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("r", "t", "l", "1")
        assert not link.of(PlanAction)
        await pilot.press("a", "enter")
        await shown(app, ConfirmScreen)
        await until_async(lambda: bool(link.of(PlanAction)))
        assert not link.of(RunAction)


async def test_the_row_under_the_cursor_is_offered_first_and_given_along():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await until_shown(app, "LOCK")
        await pilot.press("1", "down")
        cursor = app.selected_panel.cursor
        await pilot.press("a")
        await until_shown(app, "This row")
        await pilot.press("t")
        await until_async(lambda: bool(link.of(PlanAction)))
        key = cursor.partition(".")[2]
        assert key.startswith("session:")
        assert link.of(PlanAction)[0].values == {"session": key}


async def test_without_a_row_a_session_is_asked_for_among_those_there_are():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("a", "t")
        await shown(app, ValuesScreen)
        await pilot.press("right", "enter")
        await until_async(lambda: bool(link.of(PlanAction)))
        assert link.of(PlanAction)[0].values["session"].startswith("session:")


async def test_another_session_does_not_take_the_place_of_one_that_is_gone():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await until_shown(app, "LOCK")
        ask_values(app, acting.action("kill"), {"session": "session:1:gone"})
        await until_shown(app, "what it was is not there now: choose")
        await pilot.press("enter")
        await until_shown(app, "session is missing")
        assert not link.of(PlanAction)


async def test_a_missing_value_is_asked_for_and_a_default_is_not():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("a", "d")
        await shown(app, ValuesScreen)
        await pilot.press("enter")
        await until_shown(app, "version is missing")
        await typed(pilot, "1.42")
        await pilot.press("enter")
        await until_async(lambda: bool(link.of(PlanAction)))
        assert link.of(PlanAction)[0].values == {"version": "1.42"}
        await pilot.press("escape", "a", "s")
        await until_async(lambda: len(link.of(PlanAction)) == 2)
        assert link.of(PlanAction)[1].values == {}


async def test_values_that_have_defaults_can_be_others():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, "s")
        assert "F2 other values" in screen_text(app)
        await pilot.press("f2")
        await shown(app, ValuesScreen)
        await pilot.press("backspace", "7", "enter")
        await until_async(lambda: len(link.of(PlanAction)) == 2)
        assert link.of(PlanAction)[1].values == {"workers": "7"}
        assert not link.of(RunAction)


async def test_a_letter_that_means_one_choice_goes_on_to_the_plan():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("a", "f", "s")
        await pilot.pause()
        assert not link.of(PlanAction)
        await pilot.press("e")
        await until_async(lambda: bool(link.of(PlanAction)))
        assert link.of(PlanAction)[0].values == {"flag": "export"}


def with_parameters(*parameters):
    return ActionView(name="much", title="Much", kind="command", key="m", parameters=parameters)


async def test_a_parameters_title_is_no_markup():
    title = "[/b] [@click=app.quit]"
    app, _ = room(actions=(with_parameters(Parameter(name="x", title=title)),))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("a", "m")
        await until_shown(app, "[/b] [@click=app.qu")


async def test_the_value_under_the_cursor_and_what_is_wrong_are_seen_on_a_small_screen():
    many = tuple(Parameter(name=f"value{n}") for n in range(20))
    app, _ = room(actions=(with_parameters(*many),))
    async with app.run_test(size=(60, 15)) as pilot:
        app = await started(pilot)
        await pilot.press("a", "m")
        await shown(app, ValuesScreen)
        await pilot.press(*["down"] * 17)
        await until_shown(app, "value17")
        await pilot.press("enter")
        await until_shown(app, "value0 is missing")
        await until_shown(app, "value1 ")


async def test_what_can_be_done_may_come_after_the_menu():
    app, _ = room(actions=())
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("a")
        await until_shown(app, "No action is configured")
        app.post_message(EngineSaid((Acting(actions=acting.ACTIONS, whole=True),)))
        await until_shown(app, "Maintenance off")


# --- the last look ------------------------------------------------------------------------


async def test_it_shows_all_that_would_run_and_on_what():
    app, _ = room()
    async with app.run_test(size=WIDE) as pilot:
        await planned(pilot, "r")
        text = screen_text(app)
        for words in (
            *("MODERATE", "production", "proven by db, cache", "as deploy on jump-1"),
            *("vercel rollback shop-4f21c0 --yes", "1.42.0 deployed 12 min ago"),
            *("Deploy a release (deploy)", "shop.latency_p95 falls within 60 s", "seen 1.4 s ago"),
            *('type "back"', "[ Cancel ]", "SHA-256", acting.plan("rollback").digest[:12]),
        ):
            assert words in text


async def test_a_moderate_one_wants_its_word_then_tab_and_space():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        await planned(pilot, "r")
        await typed(pilot, "back")
        await settled(pilot)
        assert not link.of(RunAction)
        await pilot.press("tab", "space")
        await until_async(lambda: bool(link.of(RunAction)))
        request = link.of(RunAction)[0]
        assert (request.digest, request.phrase) == (acting.plan("rollback").digest, "back")
        await shown(app, RunScreen)


async def test_a_severe_one_wants_the_environment_and_a_mild_one_y():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        await planned(pilot, "l")
        await typed(pilot, "flush")
        await pilot.press("tab", "space")
        assert not link.of(RunAction)
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        await planned(pilot, "l")
        await typed(pilot, "production")
        await settled(pilot)
        await pilot.press("tab", "space")
        await until_async(lambda: bool(link.of(RunAction)))
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        await planned(pilot, "1")
        await pilot.press("y")
        await until_async(lambda: bool(link.of(RunAction)))
        assert link.of(RunAction)[0].phrase == ""


@pytest.mark.trap(
    1, "Enter in every kind of last look", "never yes, and Cancel is marked as what has the keys"
)
@pytest.mark.parametrize("key", ["r", "l", "1"])
async def test_enter_is_never_yes(key):
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, key)
        line = app.screen.query_one(Confirm)
        await typed(pilot, line.phrase)
        await settled(pilot)
        await pilot.press("tab", "enter", "enter", "enter")
        assert not link.of(RunAction)
        await pilot.press("tab", "enter")
        await shown(app, RoomScreen)
        assert not link.of(RunAction)


@pytest.mark.trap(1, "the right keys within the first 400 ms", "none counted")
async def test_nothing_counts_in_the_first_moment():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, "1")
        app.screen.query_one(Confirm).ask("")
        await pilot.press("y", "y", "tab", "space", "enter")
        assert not link.of(RunAction)
        assert isinstance(app.screen, ConfirmScreen)


async def test_a_burst_that_types_everything_runs_nothing():
    """Typed ahead, or pasted where the terminal does not mark it: Space comes too soon."""
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, "r")
        await pilot.press(*"back", "tab", "space", "space", "space")
        assert not link.of(RunAction)
        assert isinstance(app.screen, ConfirmScreen)


@pytest.mark.trap(1, "an action's key held down from the menu on", "nothing ran")
@pytest.mark.parametrize("gap", [0.033, 0.1])
async def test_a_key_that_is_held_from_the_menu_on_runs_nothing(gap):
    """The action's own key may be y, and a key that is held outlasts the first moment."""
    same = ActionView(name="maintenance_on", title="On", kind="http", key="y", danger="mild")
    app, link = room(actions=(same,))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("a", "y")
        await shown(app, ConfirmScreen)
        await until_async(lambda: app.screen.plan is not None)
        app.clock.seconds += 0.6  # until a keyboard repeats
        for _ in range(20):
            await pilot.press("y")
            app.clock.seconds += gap
        await pilot.pause(0.3)
        assert not link.of(RunAction)
        app.clock.seconds += 1
        await pilot.press("y")
        await until_async(lambda: bool(link.of(RunAction)))


@pytest.mark.trap(1, "the right words pasted", "none counted")
async def test_it_is_deaf_to_a_paste():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, "r")
        app.screen.query_one(Confirm).post_message(events.Paste("back"))
        await pilot.pause()
        assert app.screen.query_one(Confirm).typed == ""
        await pilot.press("tab", "space")
        assert not link.of(RunAction)


async def test_a_wrong_letter_is_said_and_taken_back():
    app, _ = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, "r")
        await typed(pilot, "bx")
        await until_shown(app, "that is not it: Backspace")
        await pilot.press("backspace")
        await typed(pilot, "ack")
        await until_shown(app, "now Tab to Run, and Space")
        await pilot.press("tab", "backspace")
        assert not app.screen.query_one(Confirm).at_yes


async def test_a_phrase_of_several_words_can_be_typed():
    app, link = room(plans={"flush": acting.plan("flush", phrase="eu prod", environment="eu prod")})
    async with app.run_test(size=WIDE) as pilot:
        await planned(pilot, "l")
        await pilot.press(*"eu", "space", *"prod")
        await settled(pilot)
        await pilot.press("tab", "space")
        await until_async(lambda: bool(link.of(RunAction)))


async def test_a_blocked_plan_cannot_be_confirmed():
    blocked = acting.plan("rollback", blocked="the environment is in doubt: it says staging",
                          proof="MISMATCH")  # fmt: skip
    app, link = room(plans={"rollback": blocked})
    async with app.run_test(size=WIDE) as pilot:
        await planned(pilot, "r")
        assert "the environment is in doubt" in screen_text(app)
        await typed(pilot, "back")
        await settled(pilot)
        await pilot.press("tab", "space")
        assert not link.of(RunAction)


async def test_what_cannot_be_planned_says_why():
    app, link = room(plans={"rollback": "no query is active for over 5 seconds"})
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("a", "r")
        await until_shown(app, "no query is active")
        app.clock.seconds += 1
        await typed(pilot, "back")
        await pilot.press("tab", "space")
        assert not link.of(RunAction)


async def test_a_refusal_is_said_and_not_tried_again():
    app, link = room(refuse="ana runs it since 3 s: X shows it")
    async with app.run_test(size=WIDE) as pilot:
        await planned(pilot, "1")
        await pilot.press("y")
        await until_shown(app, "NOT RUN: ana runs it since 3 s")
        app.clock.seconds += 1
        await pilot.press("y")
        assert len(link.of(RunAction)) == 1


async def test_nobody_finds_it_standing_there_an_hour_later():
    app, link = room(plans={"maintenance_on": acting.plan("maintenance_on", expires_s=0.1)})
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, "1")
        await shown(app, RoomScreen)
        await until_async(lambda: "nobody answered for a minute" in notices(app))
        assert not link.of(RunAction)


async def slowly(pilot, link, key="1"):
    """A mild action, said yes to: the answer is on its way."""
    app = await planned(pilot, key)
    await pilot.press("y")
    await until_async(lambda: bool(link.of(RunAction)))
    return app


async def test_a_reply_that_is_lost_is_not_called_not_run():
    link = SlowLink(lost=True)
    app = console(link=link, pages=PAGES)
    async with app.run_test(size=WIDE) as pilot:
        app = await slowly(pilot, link)
        link.gate.set()
        await until_shown(app, "NOBODY KNOWS whether it runs: the engine is gone")
        assert "NOT RUN" not in screen_text(app)
        app.clock.seconds += 1
        await pilot.press("y")
        assert len(link.of(RunAction)) == 1


async def test_nothing_is_sent_where_no_engine_is():
    app, link = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, "1")
        app.post_message(LinkLost("gone"))
        await until_async(lambda: app.room.link.state == "lost")
        await pilot.press("y")
        await until_shown(app, "NOT RUN: the engine is not there")
        assert not link.of(RunAction)


async def test_esc_after_yes_does_not_look_like_no():
    link = SlowLink()
    app = console(link=link, pages=PAGES)
    async with app.run_test(size=WIDE) as pilot:
        app = await slowly(pilot, link)
        await pilot.press("escape")
        await shown(app, RoomScreen)
        await until_async(lambda: "Esc does not take it back" in notices(app))
        link.gate.set()
        await until_async(lambda: "Maintenance on was begun: X shows it" in notices(app))


async def test_a_refusal_is_told_whoever_left():
    link = SlowLink(lost=True)
    app = console(link=link, pages=PAGES)
    async with app.run_test(size=WIDE) as pilot:
        app = await slowly(pilot, link)
        await pilot.press("escape")
        link.gate.set()
        await until_async(lambda: "Maintenance on: NOBODY KNOWS" in notices(app))


async def test_a_yes_that_was_under_way_already_counts_no_second_time():
    app, link = room(refuse="ana runs it since 3 s: X shows it")
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, "1")
        await pilot.press("y")
        await until_shown(app, "NOT RUN")
        app.screen.query_one(Confirm).post_message(Confirm.Given(yes=True))
        await pilot.pause()
        assert len(link.of(RunAction)) == 1


async def test_a_no_and_an_esc_in_one_moment_leave_one_screen():
    # The button's word comes after Esc has been typed: it took the room away too.
    app, _ = room()
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, "1")
        screen = app.screen
        screen.dismiss(None)
        screen.answered(Confirm.Given(yes=False))
        await pilot.pause()
        assert isinstance(app.screen, RoomScreen)
        assert app.is_running


async def test_what_was_asked_for_is_not_called_unanswered_when_its_minute_is_over():
    link = SlowLink(lost=True)
    app = console(link=link, pages=PAGES)
    async with app.run_test(size=WIDE) as pilot:
        app = await slowly(pilot, link)
        link.gate.set()
        await until_shown(app, "NOBODY KNOWS")
        app.screen._expire()
        assert isinstance(app.screen, ConfirmScreen)
        assert "nobody answered" not in notices(app)


async def test_its_frame_says_what_the_plan_is_of_and_how_dangerous():
    """The configuration may be another one since the menu was drawn."""
    newer = acting.plan(
        "maintenance_on", title="Drop the shop", danger="severe", phrase="production"
    )
    app, _ = room(plans={"maintenance_on": newer})
    async with app.run_test(size=WIDE) as pilot:
        app = await planned(pilot, "1")
        await until_shown(app, "Drop the shop - SEVERE")
        assert app.screen.query_one("#confirm").has_class("-severe")


# --- the safety catch ---------------------------------------------------------------------


async def test_a_locked_console_says_so_and_is_armed_by_its_key():
    app, link = room(locked=True)
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await until_shown(app, "LOCKED, L arms")
        await pilot.press("a")
        await until_shown(app, "This console is locked: L arms it for 15 minutes")
        await pilot.press("escape", "L")
        await until_async(lambda: [one.on for one in link.of(Arm)] == [True])
        armed = Acting(actions=acting.ACTIONS, whole=True, locked=True, armed=840.0)
        app.post_message(EngineSaid((armed,)))
        await until_shown(app, "ARMED 14m")
        await pilot.press("L")
        await until_async(lambda: [one.on for one in link.of(Arm)] == [True, False])


async def test_a_read_only_console_says_why_nothing_can_be_run():
    app, _ = room(granted="note", refused="this room is read-only: [room] read_only")
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("a")
        await until_shown(app, "This console may note and not act: this room is read-only")
        assert "read-only" in screen_text(app).splitlines()[0]


# --- a run --------------------------------------------------------------------------------


async def test_a_run_shows_what_it_says_and_x_ends_it():
    going = acting.run(head=acting.OUTPUT)
    app, link = room(runs=(going,))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await until_shown(app, "» running Roll back the release by ana, 48s left")
        await pilot.press("X")
        await shown(app, ActedScreen)
        await pilot.press("enter")
        await shown(app, RunScreen)
        await until_shown(app, "step 7 of 9: shifting traffic")
        await pilot.press("x")
        assert not link.of(CancelRun)  # the first moment
        app.clock.seconds += 1
        await pilot.press("x")
        await until_async(lambda: [one.run for one in link.of(CancelRun)] == ["rollback-1"])


async def test_esc_leaves_it_running():
    app, link = room(runs=(acting.run(),))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("X", "enter")
        await shown(app, RunScreen)
        await pilot.press("escape")
        await shown(app, RoomScreen)
        assert not link.of(CancelRun)


async def test_a_step_by_hand_waits_for_its_person():
    app, link = room(runs=(acting.run(state="waiting", step="2 of 3: Promote"),))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await until_shown(app, "WAITS FOR YOU")
        await pilot.press("X", "enter")
        await until_shown(app, "Do it by hand, then press d")
        app.clock.seconds += 1
        await pilot.press("d")
        await until_async(lambda: [one.done for one in link.of(TickStep)] == [True])


async def test_a_d_that_is_held_answers_for_one_step_only():
    app, link = room(runs=(acting.run(state="waiting", step="2 of 4: Promote"),))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("X", "enter")
        await until_shown(app, "Do it by hand, then press d")
        app.clock.seconds += 1
        await pilot.press("d")
        following = acting.run(state="waiting", step="3 of 4: Tell them", seq=2)
        app.post_message(EngineSaid((Acting(runs=(following,)),)))
        await until_shown(app, "3 of 4")
        for _ in range(30):
            app.clock.seconds += 0.5
            await pilot.press("d")
        assert len(link.of(TickStep)) == 1
        app.clock.seconds += 1
        await pilot.press("d")
        await until_async(lambda: len(link.of(TickStep)) == 2)


async def test_worse_offers_the_way_back_by_the_same_last_look():
    app, link = room(runs=(acting.ended(**acting.WORSE, undo_values={"version": "1.43"}),))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await until_shown(app, "WORSE Roll back the release shop.error_rate 4.1 % → 38 %")
        await pilot.press("X", "enter")
        await until_shown(app, "u takes it back")
        app.clock.seconds += 1
        await pilot.press("u")
        await shown(app, ConfirmScreen)
        await until_async(lambda: bool(link.of(PlanAction)))
        request = link.of(PlanAction)[0]
        assert (request.action, request.values) == ("deploy", {"version": "1.43"})
        assert not link.of(RunAction)


async def test_a_run_that_moves_on_is_followed():
    app, _ = room(runs=(acting.run(),))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("X", "enter")
        await shown(app, RunScreen)
        more = acting.ended(seq=2, watching="shop.latency_p95 2.4 s → 1.1 s")
        app.post_message(EngineSaid((Acting(runs=(more,)),)))
        await until_shown(app, "SUCCEEDED after 3.2 s")
        await until_shown(app, "watching shop.latency_p95 2.4 s → 1.1 s")
        app.post_message(EngineSaid((Acting(runs=(acting.ended(seq=3, **acting.HELPED),)),)))
        await until_shown(app, "HELPED")


async def test_what_is_read_of_the_output_stays_where_it_is():
    long = tuple(f"line {n}" for n in range(40))
    app, _ = room(runs=(acting.run(head=long),))
    async with app.run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("X", "enter")
        await until_shown(app, "line 39")
        await pilot.press("home", *["pageup"] * 8)
        await until_shown(app, "line 0 ")
        app.post_message(EngineSaid((Acting(runs=(acting.run(head=long, seq=2),)),)))
        await until_async(lambda: app.room.acts.runs[0].seq == 2)
        await pilot.pause()
        assert "line 0 " in screen_text(app)


async def test_without_an_engine_nothing_is_called_running():
    app, _ = room(runs=(acting.run(),))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("X", "enter")
        await until_shown(app, "at most 48s more")
        app.post_message(LinkLost("gone"))
        await until_shown(app, "? NO WORD OF IT  by ana")
        assert "at most" not in screen_text(app)
        await pilot.press("escape")
        await until_shown(app, "? NO WORD OF IT Roll back the release by ana")


async def test_a_run_that_did_not_begin_after_all_is_let_go():
    app, _ = room(runs=(acting.run(),))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await until_shown(app, "» running Roll back the release")
        app.post_message(EngineSaid((Acting(shown=()),)))
        await until_async(lambda: "» running" not in screen_text(app))
        assert app.room.acts.runs == ()


# --- still on -----------------------------------------------------------------------------


async def test_what_is_on_stands_in_the_strip_and_is_taken_back_or_kept():
    app, link = room(on=(acting.on(),))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await until_shown(app, "ON workers 1 → 4, 1h28m left")
        await pilot.press("X")
        await until_shown(app, "since 13:35Z by ana")
        await pilot.press("k", "s")
        await pilot.press("enter")
        await until_shown(app, "A reason is needed")
        await typed(pilot, "sale")
        await pilot.press("enter")
        await until_async(lambda: bool(link.of(KeepOn)))
        kept = link.of(KeepOn)[0]
        assert (kept.name, kept.reason, kept.off) == ("workers", "sale", False)
        await pilot.press("u")
        await until_async(lambda: bool(link.of(PlanAction)))
        request = link.of(PlanAction)[0]
        assert (request.action, request.values) == ("scale", {"workers": "1"})


async def test_a_reason_is_recorded_for_what_it_was_asked_for():
    """What is on may be another under the cursor by the time the reason is typed."""
    two = (acting.on("cache"), acting.on())
    app, link = room(on=two)
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("X", "down", "o")
        await until_shown(app, "Why workers is off already; Enter records it")
        app.post_message(EngineSaid((Acting(on=two[:1]),)))
        await until_async(lambda: len(app.room.acts.on) == 1)
        await pilot.pause()
        await typed(pilot, "done")
        await pilot.press("enter")
        await until_async(lambda: bool(link.of(KeepOn)))
        assert link.of(KeepOn)[0].name == "workers"


@pytest.mark.parametrize("row", ["on", "run"])
async def test_a_way_back_that_is_no_longer_configured_is_said(row):
    what = {"on": (acting.on(undo="none"),)} if row == "on" else {"runs": (acting.ended(undo="x"),)}
    app, link = room(**what)
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("X", *(["enter"] if row == "run" else []))
        await shown(app, RunScreen if row == "run" else ActedScreen)
        app.clock.seconds += 1
        await pilot.press("u")
        await until_async(lambda: "no longer configured" in notices(app))
        assert not link.of(PlanAction)


async def test_a_way_back_that_is_proposed_stands_in_the_strip_when_its_time_is_over():
    late = acting.on("maintenance", detail="", until=NOON, proposes=True, undo="maintenance_off")
    app, _ = room(on=(late,))
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await until_shown(app, "ON maintenance OVERDUE: take it back? X, u")


async def test_nothing_outside_is_obeyed():
    app, _ = room(
        plans={"evil": acting.plan("evil", blocked=HOSTILE, proof=HOSTILE)},
        runs=(acting.ended("evil", text=HOSTILE, head=(HOSTILE,), refused=(HOSTILE,),
                           verdict="WORSE", verdict_text=HOSTILE, by=HOSTILE, step=HOSTILE),),
        on=(acting.on(HOSTILE, detail=HOSTILE, by=HOSTILE, kept=HOSTILE, keeper=HOSTILE),),
    )  # fmt: skip
    async with app.run_test(size=WIDE) as pilot:
        app = await started(pilot)
        await pilot.press("a", "e")
        await shown(app, ConfirmScreen)
        await until_async(lambda: app.screen.plan is not None)
        await pilot.pause()
        assert "\x1b[2J" not in screen_text(app)
        await pilot.press("escape", "X", "down", "enter")
        await shown(app, RunScreen)
        await pilot.pause()
        assert "\x1b[2J" not in screen_text(app)
