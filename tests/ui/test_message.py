"""Messages under a person's keys: drafted, changed, looked through, confirmed, followed."""

import asyncio

import pytest

from tests.ui import boards, incidents, messages
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.incidents import HOSTILE
from tests.ui.messages import FINDING, NEXT, TEXT, seen
from tests.ui.test_console import notices, screen_text, started
from tests.waiting import until_async
from warroom.console.abilities import clipboard_of
from warroom.console.look import Look
from warroom.console.message.text import MessageText
from warroom.console.messages import EngineSaid
from warroom.console.screens.message import MessageScreen
from warroom.console.screens.outbox import OutboxScreen
from warroom.console.screens.room import RoomScreen
from warroom.console.screens.send import SendScreen
from warroom.console.screens.sure import SureScreen
from warroom.console.screens.text import TextScreen
from warroom.incident.drafted import Drafted
from warroom.incident.promise import moved, read_next
from warroom.wire import CheckMessage, GetDraft, Redeliver, SendMessage, Timeline

WIDE = (120, 40)


async def until_shown(app, words):
    await until_async(lambda: words in screen_text(app))


async def opened(pilot, *keys):
    app = await started(pilot)
    await pilot.press(*keys)
    await pilot.pause()
    return app


def hear(pilot, app):
    """The first moment is over: from now on an answer counts."""
    app.clock.seconds += 1


# --- drafted ------------------------------------------------------------------------------


async def test_u_drafts_what_comes_next_and_says_to_whom_it_goes():
    link = messages.link(seen(chat="sent"))
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands against sending it")
        shown = screen_text(app)
        assert [one.purpose for one in link.of(GetDraft)] == ["update"]
        assert "Update 2 on INC-20260304-001" in shown
        assert "1 [x] #incidents" in shown
        assert "2 [x] team" in shown
        assert "status page" not in shown
        assert f"{NEXT:%H:%M}Z, in 17m" in shown


@pytest.mark.parametrize(
    ("told", "purpose"), [((), "first"), ((seen(chat="sent"),), "update")], ids=["first", "update"]
)
async def test_the_first_is_the_first_notice(told, purpose):
    link = messages.link(*told)
    async with console(link=link).run_test(size=WIDE) as pilot:
        await opened(pilot, "u")
        await until_async(lambda: [one.purpose for one in link.of(GetDraft)] == [purpose])


async def test_left_and_right_go_through_the_messages():
    link = messages.link(seen(chat="sent"))
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u", "right", "right", "right")
        await until_async(lambda: link.of(GetDraft)[-1].purpose == "status")
        await until_shown(app, "1 [x] team")
        assert "2 [ ] status page        PUBLIC POST status.example" in screen_text(app)


async def test_a_template_that_failed_is_named():
    draft = Drafted(purpose="update", text="x", problem="update.j2:3: unknown variable causee")
    async with console(link=messages.link(draft=draft)).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "update.j2:3: unknown variable causee")


async def test_without_receivers_it_says_what_can_be_done():
    async with console(link=messages.link(receivers=())).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "No receiver is configured")
        await pilot.press("s")
        assert "y copies it" in screen_text(app)


async def test_what_happened_since_is_said():
    link = messages.link(seen(chat="sent"))
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        one = incidents.incident(messages=(seen(chat="sent"),), number=6, last=6)
        app.post_message(EngineSaid((Timeline(incidents=(one,)),)))
        await until_shown(app, "2 new entries since: r drafts it anew")


# --- changed ------------------------------------------------------------------------------


async def test_what_is_typed_is_looked_through_and_kept():
    link = messages.link(seen(chat="sent"))
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        await pilot.press("e", *"By the way: ")
        await until_async(lambda: link.of(CheckMessage)[-1].text.startswith("By the way: Update"))
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, RoomScreen)
        await pilot.press("u")
        await until_shown(app, "This was begun and not sent; r drafts it anew")
        assert "By the way: Update 2" in screen_text(app)
        await pilot.press("r", "r")
        await until_async(lambda: "By the way" not in screen_text(app))


async def test_what_was_only_looked_at_was_not_begun():
    link = messages.link(seen(chat="sent"))
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        await pilot.press("escape", "u")
        await until_shown(app, "nothing stands")
        assert app.desk.kept.halves == ()
        assert "This was begun" not in screen_text(app)
        await pilot.press("e", "x", "backspace", "escape")
        await pilot.pause()
        assert len(app.desk.kept.halves) == 1


async def test_letters_are_commands_until_the_text_has_the_keys():
    async with console(link=messages.link()).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        await pilot.press("x", "q", "w")
        assert app.screen.query_one(MessageText).text.startswith("Update 2")
        await pilot.press("1")
        assert "1 [ ] #incidents" in screen_text(app)
        await pilot.press("1")
        assert "1 [x] #incidents" in screen_text(app)


async def test_another_time_stands_in_the_text_too():
    link = messages.link()
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        await pilot.press("n", "home", "ctrl+k", *"20m")
        later = f"{NOON.hour}:{NOON.minute + 20:02}Z"
        await until_shown(app, f"Next update: {later}")
        await until_async(lambda: f"{link.of(CheckMessage)[-1].next:%H:%M}Z" == later)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("next 14:25Z", "next 14:40Z"),
        ("14:25Z and 14:25Z", "14:25Z and 14:25Z"),
        ("no time", "no time"),
    ],
)
def test_only_a_time_that_stands_there_once_is_moved(text, after):
    assert moved(text, NEXT, NEXT.replace(minute=40), NOON) == after


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None),
        ("14:30", (4, 14, 30)),
        ("14:30Z", (4, 14, 30)),
        ("13:00", (5, 13, 0)),
        ("20m", (4, 14, 27)),
        ("in 2h", (4, 16, 7)),
        ("2026-03-06 01:00", (6, 1, 0)),
    ],
)
def test_when_people_are_told_again_is_read(text, found):
    at = read_next(text, NOON)
    assert at is None or (at.day, at.hour, at.minute) == found  # type: ignore[union-attr]
    assert (at is None) == (found is None)


@pytest.mark.parametrize("text", ["soon", "25:00", "2026-03-01 12:00", "2026-13-01 12:00", "900h"])
def test_what_is_no_time_ahead_is_said(text):
    assert isinstance(read_next(text, NOON), str)


async def test_a_time_that_is_none_is_not_sent():
    async with console(link=messages.link()).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u", "n", "home", "ctrl+k", *"soon", "escape", "s")
        await until_shown(app, "'soon' is no time")
        assert isinstance(app.screen, MessageScreen)


async def test_what_is_pasted_and_drafted_moves_colours_and_copies_nothing():
    draft = Drafted(purpose="update", text=f"{HOSTILE}\n{HOSTILE}", subject=HOSTILE)
    async with console(link=messages.link(draft=draft)).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "[b]␛[2J")
        text = app.screen.query_one(MessageText).text
        assert "\x1b" not in text
        assert text.count("\n") == 1


# --- confirmed ----------------------------------------------------------------------------


async def test_s_shows_what_goes_to_whom_and_only_tab_and_space_send_it():
    link = messages.link(seen(chat="sent"))
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        await pilot.press("s")
        await until_shown(app, "SHA-256")
        shown = screen_text(app)
        assert "#incidents  chat at chat.example" in shown
        assert "Update 2 on INC-20260304-001" in shown
        hear(pilot, app)
        await pilot.press("tab", "enter", "enter", "enter")
        assert not link.of(SendMessage)
        await pilot.press("space")
        await until_async(lambda: isinstance(app.screen, RoomScreen))
        (sent,) = link.of(SendMessage)
        assert (sent.text, sent.receivers, sent.next) == (TEXT, ("chat", "team"), NEXT)
        assert sent.digest == messages.checked(sent).digest
        assert "Written down as entry 6" in notices(app)


async def test_enter_held_and_keys_typed_ahead_send_nothing():
    link = messages.link()
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        await pilot.press("s", "tab", "space", *["enter"] * 20)
        await pilot.pause()
        assert not link.of(SendMessage)
        assert isinstance(app.screen, SendScreen)
        hear(pilot, app)
        await pilot.press("left", "enter")
        await until_async(lambda: isinstance(app.screen, MessageScreen))
        assert not link.of(SendMessage)


async def test_against_the_linter_it_needs_a_reason():
    link = messages.link(findings=(FINDING,))
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "line 4: db-7.internal is an internal host")
        await pilot.press("s")
        await until_shown(app, "Reason")
        hear(pilot, app)
        await pilot.press("tab", "space")
        await until_shown(app, "A reason is needed")
        assert not link.of(SendMessage)
        await pilot.press(*"it is public", "shift+tab", "shift+tab", "tab")
        await pilot.pause()
        app.screen.query_one("#answers").focus()
        await pilot.press("space")
        await until_async(lambda: link.of(SendMessage))
        assert link.of(SendMessage)[0].override == "it is public"


async def test_a_refusal_is_shown_and_nothing_is_lost():
    link = messages.link(refuse="this is not the message that was shown")
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        await pilot.press("s")
        await until_shown(app, "SHA-256")
        hear(pilot, app)
        await pilot.press("tab", "space")
        await until_shown(app, "this is not the message that was shown")
        await pilot.press("escape")
        assert "Update 2" in screen_text(app)


async def test_what_is_sent_behind_a_dialog_that_was_left_is_begun_no_more():
    link, hold = messages.link(), asyncio.Event()
    send = link.request

    async def slow(request):
        if isinstance(request, SendMessage):
            await hold.wait()
        return await send(request)

    link.request = slow
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await pilot.press("e", "x", "escape")
        await until_shown(app, "nothing stands")
        assert app.desk.kept.halves
        await pilot.press("s")
        await until_shown(app, "SHA-256")
        hear(pilot, app)
        await pilot.press("tab", "space")
        await until_shown(app, "writing it down")
        await pilot.press("escape", "escape")
        assert app.desk.kept.halves
        hold.set()
        await until_async(lambda: "on its way" in notices(app))
        assert app.desk.kept.halves == ()


async def test_confirmed_twice_it_bears_one_name():
    link = messages.link(refuse="the engine is busy")
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        for _ in range(2):
            await until_shown(app, "nothing stands")
            await pilot.press("s")
            await until_shown(app, "SHA-256")
            hear(pilot, app)
            await pilot.press("tab", "space")
            await until_shown(app, "the engine is busy")
            await pilot.press("escape")
        first, second = link.of(SendMessage)
        assert first.once == second.once


@pytest.mark.parametrize("granted", ["watch", "note"])
async def test_who_may_not_act_sends_nothing(granted):
    link = messages.link(granted=granted)
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        await pilot.press("s")
        await until_shown(app, "may only watch" if granted == "watch" else "may note")
        assert isinstance(app.screen, MessageScreen)


@pytest.mark.parametrize("size", [(120, 40), (70, 24)])
@pytest.mark.parametrize("granted", ["watch", "note"])
async def test_who_may_not_act_is_shown_no_key_that_sends(granted, size):
    link = messages.link(seen(chat="waiting"), granted=granted)
    async with console(link=link).run_test(size=size) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        for _ in range(2):
            shown = screen_text(app)
            frame = shown.splitlines()[-1]
            assert "e edit" in frame
            assert "y copy" in frame
            assert "send" not in frame
            assert "1-9" not in frame
            assert "  [x] #incidents" in shown
            assert "1 [x]" not in shown
            await pilot.press("e", "escape")
        await pilot.press("2")
        assert "[x] team" in screen_text(app)
        await pilot.press("question_mark")
        assert "what would go to whom" not in screen_text(app)
        assert "To receiver 1" not in screen_text(app)
        await pilot.press("escape", "escape", "U")
        await until_shown(app, "WAITS")
        assert "again" not in screen_text(app).splitlines()[-1]


async def test_the_keys_come_once_it_may_send():
    link = messages.link(granted="note")
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        assert "s send" not in screen_text(app)
        app.post_message(EngineSaid((boards.welcome("act"),)))
        await until_shown(app, "s send")
        await until_shown(app, "1 [x] #incidents")


# --- taken along by hand ------------------------------------------------------------------


async def test_y_copies_it_and_has_it_noted():
    link = messages.link()
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        await pilot.press("y")
        await until_shown(app, "Note that it was copied: first notice")
        assert app.clipboard == TEXT
        hear(pilot, app)
        await pilot.press("tab", "space")
        await until_async(lambda: link.of(SendMessage))
        assert link.of(SendMessage)[0].receivers == ("clipboard",)


async def test_without_a_clipboard_it_is_shown_bare_and_noted_all_the_same():
    link = messages.link()
    look = Look(no_clipboard="GNU screen hands no clipboard on")
    async with console(link=link, look=look).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "nothing stands")
        await pilot.press("y")
        await until_async(lambda: isinstance(app.screen, TextScreen))
        assert "Not copied: GNU screen hands no clipboard on" in notices(app)
        assert app.clipboard == ""
        await pilot.press("escape")
        await until_shown(app, "Note that it was copied")


@pytest.mark.parametrize(
    ("environ", "cannot", "depends"),
    [
        ({"TERM": "linux"}, True, False),
        ({"TERM": "screen", "STY": "1.pts"}, True, False),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7200"}, True, False),
        ({"TERM": "screen-256color", "TMUX": "/x"}, False, True),
        ({"TERM": "xterm-256color"}, False, False),
    ],
)
def test_which_terminal_has_a_clipboard(environ, cannot, depends):
    words, hint = clipboard_of(environ)
    assert (bool(words), bool(hint)) == (cannot, depends)


# --- followed -----------------------------------------------------------------------------


async def test_the_line_says_that_a_message_waits():
    link = messages.link(seen(chat="waiting", team="unknown"))
    for size in ((80, 24), WIDE):
        async with console(link=link).run_test(size=size) as pilot:
            app = await started(pilot)
            await until_shown(app, "OUTBOX 1 waits, 1?")


async def test_the_outbox_tells_what_came_of_each_and_why():
    link = messages.link(seen(chat="waiting", team="unknown", status="sent"))
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "U")
        shown = screen_text(app)
        assert "first notice by ana: SEV1: Checkout fails for all" in shown
        assert "WAITS #incidents" in shown
        assert "UNKNOWN team" in shown
        assert "the connection broke after it was sent" in shown
        assert "✔ sent status page" in shown


async def test_what_may_have_come_is_sent_again_only_when_it_is_meant():
    link = messages.link(seen(chat="waiting", team="unknown"))
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "U", "down", "down", "s")
        assert isinstance(app.screen, SureScreen)
        assert "It may have come to team already" in screen_text(app)
        hear(pilot, app)
        await pilot.press("enter")
        assert isinstance(app.screen, OutboxScreen)
        assert not link.of(Redeliver)
        await pilot.press("s")
        hear(pilot, app)
        await pilot.press("tab", "space")
        await until_async(lambda: link.of(Redeliver))
        asked = link.of(Redeliver)[0]
        assert (asked.message, asked.receiver, asked.what) == (5, "team", "send")


async def test_what_waits_is_hurried_given_up_or_copied():
    link = messages.link(seen(chat="waiting"))
    async with console(link=link).run_test(size=WIDE) as pilot:
        app = await opened(pilot, "U", "down", "s")
        await until_async(lambda: [one.what for one in link.of(Redeliver)] == ["send"])
        await pilot.press("c")
        await until_async(lambda: [one.what for one in link.of(Redeliver)] == ["send", "copied"])
        assert app.clipboard == TEXT
        await pilot.press("x")
        hear(pilot, app)
        await pilot.press("tab", "space")
        await until_async(lambda: link.of(Redeliver)[-1].what == "drop")


async def test_the_outbox_of_a_quiet_room():
    async with console(link=messages.link()).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "U", "s", "enter")
        assert "No message was sent yet: u drafts one" in screen_text(app)


async def test_a_brief_is_two_lines_and_follows():
    link = messages.link()
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, "B")
        await until_shown(app, "Checkout fails for all since 14:55Z, SEV1.")
        app.post_message(EngineSaid((Timeline(incidents=(incidents.incident(number=9),)),)))
        await until_async(lambda: len(link.of(GetDraft)) == 2)
        await pilot.press("y")
        assert app.clipboard.startswith("Checkout fails")


@pytest.mark.parametrize("size", [(60, 15), (80, 24), WIDE])
async def test_all_of_it_fits_in_ascii_too(size):
    link = messages.link(seen(chat="unknown"), findings=(FINDING,))
    async with console(link=link, look=Look(unicode=False)).run_test(size=size) as pilot:
        app = await opened(pilot, "u")
        await until_shown(app, "internal host")
        assert "Update 2 on" in screen_text(app)
        assert screen_text(app).isascii()
        await pilot.press("escape", "U")
        assert "? UNKNOWN" in screen_text(app)
        assert screen_text(app).isascii()
