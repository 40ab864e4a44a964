"""Contacts, checklists and the whole incident: read and changed by keys."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.ui import incidents
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.incidents import HOSTILE, ago
from tests.ui.test_console import notices, screen_text, started
from tests.waiting import until_async
from warroom.console.look import Look
from warroom.console.messages import EngineSaid, LinkLost
from warroom.console.screens.checklists import ChecklistsScreen
from warroom.console.screens.contacts import ContactsScreen
from warroom.console.screens.handover import HandoverScreen
from warroom.console.screens.incident import IncidentScreen
from warroom.console.screens.room import RoomScreen
from warroom.incident.entries import FollowUp, Link, Role, StartList, Task, Tick
from warroom.incident.incident import Lists, Resolved, Ticked
from warroom.incident.procedures import Checklist, Contact, Item
from warroom.wire import Answer, Post, Timeline

TOLD = incidents.timeline(lists=incidents.lists())
ID = "INC-20260304-001"


async def until_shown(app, words):
    await until_async(lambda: words in screen_text(app))


async def opened(pilot, *keys):
    app = await started(pilot)
    await pilot.press(*keys)
    await pilot.pause()
    return app


def posted(link):
    return [request.body for request in link.of(Post)]


# --- contacts -----------------------------------------------------------------------------


async def test_contacts_tell_who_is_due_and_every_way_to_them():
    async with console(link=incidents.link(TOLD)).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "@")
        shown = screen_text(app)
        for words in (
            "SEV1/SEV2 at once        DUE",
            "pager shop-primary   phone +49 170 1234567   chat @ana   mail ana@shop.example",
            "SEV1 after 30 min        in 17 min, 14:25:07Z",
            "not for SEV1: team lead",
            "on data lost             not so: team lead, leadership",
            "no way to reach them is in the file",
            "page https://status.hosting.example",
        ):
            assert words in shown


async def test_a_rung_that_somebody_has_seen_to_is_not_due_any_more():
    key = "escalation:on-call::0s:SEV1"
    seen = incidents.reminder(key=key, seen="ben")
    told = incidents.timeline(incidents.incident(reminders={key: seen}))
    async with console(link=incidents.link(told)).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "@")
        assert "SEV1/SEV2 at once        seen by ben" in screen_text(app)
        assert "DUE" not in screen_text(app)


async def test_contacts_are_read_with_the_engine_gone():
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        app.post_message(LinkLost("its process ended"))
        await pilot.pause()
        await pilot.press("@")
        await pilot.pause()
        assert "+49 170 1234567" in screen_text(app)
        assert "DUE" in screen_text(app)


async def test_slash_finds_and_escape_lets_go_of_it_first():
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "@", "slash", *"hosting")
        shown = screen_text(app)
        assert "support@hosting.example" in shown
        assert "Ana Lopez" not in shown
        await pilot.press(*"xx")
        await pilot.pause()
        assert "Nothing has hostingxx in it" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Ana Lopez" in screen_text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, RoomScreen)


async def test_y_copies_the_ways_to_the_one_under_the_cursor():
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "@", "y")
        assert app.clipboard == (
            "Ana Lopez, on-call\npager: shop-primary\nphone: +49 170 1234567\n"
            "chat: @ana\nmail: ana@shop.example"
        )
        await pilot.press("slash", *"payments", "enter", "y")
        assert app.clipboard == "Payments\nphone: +1 555 0100\npage: https://status.pay.example"


async def test_no_contacts_say_where_they_are_written():
    link = incidents.link(procedures=incidents.procedures(contacts=()))
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "@")
        assert "Write [[contacts]]" in screen_text(app)
        assert isinstance(app.screen, ContactsScreen)


# --- checklists ---------------------------------------------------------------------------


async def test_the_lists_for_this_phase_come_first_then_others_then_deployments():
    async with console(link=incidents.link(TOLD)).run_test(size=(120, 70)) as pilot:
        app = await opened(pilot, "v")
        shown = screen_text(app)
        named = ("mitigate  1 of 5", "detect  0 of 4", "after  0 of 6", "before a deployment")
        order = [shown.index(words) for words in named]
        assert order == sorted(order)
        assert "mitigate  1 of 5 · now" in shown
        assert "[✔] Stop the bleeding  ben 14:05:10Z" in shown
        assert "begun 13:55:10Z" in shown
        assert "20:00 left  ana 13:57:10Z" in shown


async def test_space_ticks_and_unticks_and_waits_for_the_engine():
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "v", "down", "space", "space")
        await until_async(lambda: link.of(Post))
        assert posted(link) == [Tick(checklist="mitigate", item="The fix is really deployed")]
        assert link.of(Post)[0].incident == ID
        assert "[.] The fix is really deployed" in screen_text(app)
        done = {"The fix is really deployed": Ticked(state="done", by="ana", at=NOON)}
        told = incidents.incident(number=5, ticks={"mitigate": done})
        app.post_message(EngineSaid((Timeline(incidents=(told,)),)))
        await until_shown(app, "[✔] The fix is really deployed  ana 14:07:10Z")
        await pilot.press("space")
        await until_async(lambda: len(link.of(Post)) == 2)
        assert posted(link)[1] == Tick(
            checklist="mitigate", item="The fix is really deployed", state="open"
        )


async def test_a_tick_that_is_refused_is_open_again_and_said():
    link = incidents.link(TOLD, answer=lambda r: Answer(ref=0, ok=False, message="disk full"))
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "v", "down", "space")
        await until_async(lambda: "disk full" in notices(app))
        await until_shown(app, "[ ] The fix is really deployed")


async def test_a_deployments_list_is_ticked_with_no_incident_and_watched():
    link = incidents.link(Timeline(whole=True))
    async with console(link=link).run_test(size=(80, 40)) as pilot:
        app = await opened(pilot, "v")
        assert screen_text(app).splitlines()[1].startswith("│   before a deployment  0 of 6")
        await pilot.press("space", *["down"] * 12, "space")
        await until_async(lambda: len(link.of(Post)) == 2)
        first, second = link.of(Post)
        assert (first.incident, first.body.item) == ("", "Tests pass")
        assert second.body == Tick(
            checklist="after a deployment",
            item="Watch error rate, logs and alerts",
            state="watch",
            until=NOON + timedelta(minutes=30),
        )


async def test_what_was_watched_long_enough_is_to_be_ticked():
    link = incidents.link(Timeline(whole=True, lists=incidents.lists()))
    async with console(link=link).run_test(size=(80, 40)) as pilot:
        app = await opened(pilot, "v")
        assert "[◔] Watch error rate" in screen_text(app)
        app.clock.time = NOON + timedelta(minutes=20, seconds=1)
        await until_shown(app, "[?] Watch error rate")
        assert "the watch is over: was all well?" in screen_text(app)
        assert "after a deployment  1 of 5" in screen_text(app)
        await pilot.press(*["down"] * 12, "space")
        await until_async(lambda: link.of(Post))
        assert posted(link)[0].state == "done"


async def test_n_begins_a_list_anew_that_belongs_to_no_incident_and_no_other():
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "v", "n")
        assert "Only a list that belongs to no incident" in notices(app)
        await pilot.press("end", "n")
        await until_async(lambda: link.of(Post))
        (asked,) = link.of(Post)
        assert (asked.incident, asked.body) == ("", StartList(checklist="after a deployment"))


async def test_an_incidents_list_wants_an_incident():
    async with console(link=incidents.link()).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "v", "end", "space")
        assert "after is for an incident, and none is open: d declares one" in notices(app)
        assert isinstance(app.screen, ChecklistsScreen)


async def test_without_an_engine_lists_are_read_and_not_ticked():
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        app.post_message(LinkLost("its process ended"))
        await pilot.pause()
        await pilot.press("v", "space")
        await pilot.pause()
        assert "[✔] Stop the bleeding" in screen_text(app)
        assert "The engine is not there" in notices(app)
        assert link.of(Post) == []


# --- the whole incident -------------------------------------------------------------------


async def test_a_role_that_somebody_holds_is_reached_through_them():
    roles = {**incidents.incident().roles}
    roles["team lead"] = replace(roles["commander"], person="Chidi Rao")
    roles["leadership"] = replace(roles["commander"], person="eve")
    told = incidents.timeline(incidents.incident(roles=roles))
    async with console(link=incidents.link(told)).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "@")
        lines = screen_text(app).splitlines()
        at = next(n for n, line in enumerate(lines) if "SEV1 after 30 min" in line)
        assert "Chidi Rao  security" in lines[at + 1]
        assert "pager shop-security" in lines[at + 1]
        at = next(n for n, line in enumerate(lines) if "SEV1 after 1 h" in line)
        assert "eve  leadership" in lines[at + 1]
        assert "no way to reach them" in lines[at + 1]


async def test_what_is_known_stands_beside_what_is_to_be_done_where_there_is_room():
    async with console(link=incidents.link(TOLD)).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot, "I")
        lines = screen_text(app).splitlines()
        assert any("Roles" in line and "Impact" in line for line in lines)
        assert "more lines" not in screen_text(app)
        await pilot.press("end", "y")
        assert app.clipboard == "https://tickets.shop.example/INC-20260304-001"


async def test_everything_about_the_incident_stands_on_its_screen():
    async with console(link=incidents.link(TOLD)).run_test(size=(100, 80)) as pilot:
        app = await opened(pilot, "I")
        shown = screen_text(app)
        for words in (
            "✖ SEV1  Mitigating · mitigate  open 12 min",
            "13:55:07Z  12 min ago",
            "SEV2 13:58:10Z → SEV1 14:00:10Z",
            "ben  since 14:01:10Z: pool is at its limit",
            "OVER 2 min  chidi",
            "1:20  ben            find the slow query",
            "$12,000 an hour",
            "Connection leak in 1.4.3",
            "13:58:10Z  after 3 min",
            "Roll back to 1.4.2",
            "alert on the pool before it is full  ben, by 2026-03-11, detect",
            "https://status.shop.example",
            "ana, ben",
        ):
            assert words in shown


async def test_a_countdown_goes_on_while_it_is_shown():
    async with console(link=incidents.link(TOLD)).run_test(size=(120, 80)) as pilot:
        app = await opened(pilot, "I")
        app.clock.time = NOON + timedelta(seconds=21)
        await until_shown(app, "0:59  ben")
        app.clock.time = NOON + timedelta(seconds=140)
        await until_shown(app, "OVER 1 min  ben")


TASK = Task(task=1, who="ben", text="find the slow query", due=NOON + timedelta(seconds=80))


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("d", replace(TASK, state="done")),
        ("x", replace(TASK, state="dropped")),
        ("m", replace(TASK, due=NOON + timedelta(seconds=380))),
    ],
)
async def test_the_task_under_the_cursor_is_done_dropped_or_gets_more_time(key, body):
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "I", key)
        assert "Move the cursor onto a task" in notices(app)
        await pilot.press(*["down"] * 6, key)
        await until_async(lambda: link.of(Post))
        assert posted(link) == [body]


async def test_a_follow_up_is_done_by_a_key():
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "I")
        rows = app.screen.query_one("RowsView")
        rows.cursor = "todo:1"
        await pilot.press("d")
        await until_async(lambda: link.of(Post))
        (body,) = posted(link)
        assert isinstance(body, FollowUp)
        assert (body.item, body.state, body.owner) == (1, "done", "ben")


async def test_r_hands_the_role_under_the_cursor_over():
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "I", "down", "down", "r")
        assert isinstance(app.screen, HandoverScreen)
        assert "ben has it, and hands it over" in screen_text(app)
        await pilot.press("enter")
        assert "To whom?" in screen_text(app)
        await pilot.press(*"me", "tab", *"pool", "enter")
        await until_async(lambda: link.of(Post))
        assert posted(link) == [Role(role="technical lead", person="ana", brief="pool")]
        assert isinstance(app.screen, IncidentScreen)


async def test_without_roles_in_the_file_there_is_none_to_assign():
    told = incidents.timeline(incidents.incident(roles={}))
    link = incidents.link(told, procedures=incidents.procedures(roles=()))
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "I", "r")
        assert isinstance(app.screen, IncidentScreen)
        assert "The file names no roles" in notices(app)


async def test_a_known_name_is_offered_and_right_takes_it():
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "I", "down", "r", "b", "e")
        field = app.screen.query_one("#person")
        await until_async(lambda: field._suggestion == "ben")
        await pilot.press("right", "enter")
        await until_async(lambda: link.of(Post))
        assert posted(link) == [Role(role="commander", person="ben")]


async def test_a_role_can_be_chosen_and_given_up():
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "I", "r")
        assert app.screen.query_one("#role").value == "communications lead"
        assert "nobody has it yet" in screen_text(app)
        await pilot.press("up", "c", "tab", *"nobody", "enter")
        await until_async(lambda: link.of(Post))
        assert posted(link) == [Role(role="commander", person="")]


async def test_without_an_engine_it_is_read_and_not_changed():
    link = incidents.link(TOLD)
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        app.post_message(LinkLost("its process ended"))
        await pilot.pause()
        await pilot.press("I", *["down"] * 6, "d", "r")
        await pilot.pause()
        assert isinstance(app.screen, IncidentScreen)
        assert "The engine is not there" in notices(app)
        assert link.of(Post) == []


async def test_y_copies_a_link_or_all_of_it():
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "I", "y")
        assert app.clipboard == "#incident-2026-03-04-checkout-fails-for-all"
        await pilot.press("down", "y")
        assert "Connection leak in 1.4.3" in app.clipboard
        await pilot.press("end", "y")
        assert app.clipboard == "https://tickets.shop.example/INC-20260304-001"


async def test_one_that_is_over_says_how_and_what_was_not_met():
    ended = Resolved(how="rollback", text="1.4.2 runs", unmet=("recovery",), override="vendor said")
    told = incidents.timeline(incidents.incident(resolved=ago(1), resolution=ended))
    async with console(link=incidents.link(told)).run_test(size=(120, 80)) as pilot:
        app = await started(pilot)
        app.chosen = ID
        await pilot.press("I")
        await pilot.pause()
        shown = screen_text(app)
        for words in ("lasted 11 min", "rollback", "1.4.2 runs", "recovery", "vendor said"):
            assert words in shown


# --- small, plain and hostile -------------------------------------------------------------


@pytest.mark.parametrize("key", ["@", "v", "I", "o", "m"])
async def test_each_screen_is_ascii_on_the_smallest_terminal_and_scrolls_to_its_end(key):
    link = incidents.link(TOLD)
    async with console(link=link, look=Look(unicode=False)).run_test(size=(60, 15)) as pilot:
        app = await opened(pilot, key)
        lines = screen_text(app).splitlines()
        assert screen_text(app).isascii()
        assert len(lines) == 15
        assert {len(line) for line in lines} == {60}
        await pilot.press("end", "pagedown")
        await pilot.pause()
        assert "more lines" not in screen_text(app)


async def test_hostile_words_in_every_field_are_shown_and_obeyed_by_nobody():
    one = incidents.incident(
        title=HOSTILE,
        status=HOSTILE,
        phase=HOSTILE,
        channel=HOSTILE,
        links=(Link(HOSTILE, HOSTILE),),
        roles={HOSTILE: replace(incidents.incident().roles["commander"], person=HOSTILE)},
        cause=replace(incidents.incident().cause, text=HOSTILE, trigger=HOSTILE),
        tasks=(replace(incidents.incident().tasks[0], who=HOSTILE, text=HOSTILE),),
        follow_ups=(replace(incidents.incident().follow_ups[0], text=HOSTILE, owner=HOSTILE),),
        people=(HOSTILE,),
        ticks={HOSTILE: {HOSTILE: Ticked(state="done", by=HOSTILE, at=ago(1))}},
    )
    known = incidents.procedures(
        contacts=(Contact(name=HOSTILE, role="on-call", phone=HOSTILE, mail=HOSTILE),),
        checklists=(Checklist(name=HOSTILE, items=(Item(text=HOSTILE),)),),
    )
    for key in "@vI":
        link = incidents.link(incidents.timeline(one), procedures=known)
        async with console(link=link).run_test(size=(120, 60)) as pilot:
            app = await opened(pilot, key)
            shown = screen_text(app)
            assert "[b]␛[2J" in shown
            assert "\x1b" not in shown
            assert "\u202e" not in shown
            await pilot.press("y")
            assert "\x1b" not in app.clipboard


async def test_lists_that_nobody_has_begun_are_all_open():
    link = incidents.link(Timeline(whole=True, lists=Lists()))
    async with console(link=link).run_test(size=(80, 40)) as pilot:
        app = await opened(pilot, "v")
        assert "✔" not in screen_text(app)
