"""The scribe line under a person's keys: nothing typed is lost, nothing pasted is obeyed."""

import asyncio
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual import events
from textual.widgets import Input

from tests.ui import boards
from tests.ui.scribing import (
    EngineLink,
    entry,
    full,
    gone,
    incident,
    refused,
    room,
    settled,
    written,
)
from tests.ui.test_console import notices, screen_text
from tests.waiting import until_async
from warroom.console.look import Look
from warroom.console.screens.expanded import ExpandedScreen
from warroom.console.screens.room import RoomScreen
from warroom.console.scribe.kept import Kept
from warroom.console.scribe.line import ScribeLine
from warroom.incident.bounds import LONGEST
from warroom.incident.entries import Decision, Note
from warroom.wire import Timeline


def line(app):
    return app.screen.query_one(ScribeLine)


def field(app):
    return line(app).query_one(Input)


def rows(app):
    return screen_text(app).splitlines()


def above(app):
    """The rows over the line, but for the mark of who has the keys."""
    return [row.replace("▸", " ") for row in rows(app)[:-2]]


def paste(app, text):
    """As the driver hands a paste on."""
    app.post_message(events.Paste(text))


async def test_the_line_is_there_and_says_what_it_is_for():
    async with room().run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        assert rows(app)[-2].startswith(" i writes a note, / a command")
    link = EngineLink()
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        assert "i writes a note, d declares an incident" in rows(app)[-2]


async def test_i_writes_a_note_and_escape_keeps_the_draft():
    link = EngineLink(incident())
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("1", "i", *"pool is", "space", *"full", "escape")
        assert not line(app).writing
        assert "pool is full" in rows(app)[-2]
        assert link.posts == []
        await pilot.press("i", "!", "enter")
        await settled(pilot)
        assert link.texts == ["pool is full!"]
        assert link.posts[0].incident == "INC-1"
        assert field(app).value == ""
        assert line(app).writing  # a scribe goes on


async def test_keys_that_follow_at_once_are_the_lines():
    """One read of the terminal may bring all of it: none of it is a command."""
    async with room().run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("1")
        for key in "iqzk":
            app.post_message(events.Key(key, key))
        await settled(pilot)
        assert field(app).value == "qzk"
        assert isinstance(app.screen, RoomScreen)


async def test_what_is_typed_ahead_keeps_its_order():
    """A stalled link brings many keys at once; each must find what those before it left."""
    link = EngineLink(incident())
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        keys = ["i", *"x", "ctrl+u", *"/dec", "tab", *"go", "enter", *"twx", "backspace"]
        for key in [*keys, *"oo", "enter", *"half"]:
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until_async(lambda: field(app).value == "half")
        await settled(pilot)
        assert [one.body for one in link.posts] == [Decision(text="go"), Note(text="twoo")]


async def test_escape_gives_the_keys_back_to_the_panel():
    async with room().run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("1")
        panel = app.focused
        await pilot.press("i", "x", "escape")
        assert app.focused is panel


async def test_while_it_is_written_the_hint_has_the_footers_row():
    async with room().run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        before = above(app)
        assert "help" in rows(app)[-1]
        await pilot.press("i")
        await settled(pilot)
        assert rows(app)[-1].startswith("   Enter writes it")
        assert above(app) == before  # nothing on the screen has moved
        await pilot.press("escape")
        await settled(pilot)
        assert "help" in rows(app)[-1]


async def test_a_wrong_command_is_no_note():
    link = EngineLink(incident())
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"/sttus x", "enter")
        await settled(pilot)
        assert link.posts == []
        assert field(app).value == "/sttus x"
        assert "sttus" in rows(app)[-1]
        assert "/status" in rows(app)[-1]


@pytest.mark.parametrize("key", ["tab", "right"])
async def test_a_completion_is_shown_and_taken(key):
    async with room().run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"/stat")
        await settled(pilot)
        assert "/status" in rows(app)[-2]
        await pilot.press(key)
        assert field(app).value.startswith("/status")
        assert line(app).writing


async def test_up_and_down_go_through_what_was_posted_and_lose_nothing():
    async with room().run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"one", "enter", *"two", "enter", *"half")
        await pilot.press("up")
        assert field(app).value == "two"
        await pilot.press("up", "up")
        assert field(app).value == "one"
        assert "half" in app.desk.kept.history  # a killed console has it still
        await pilot.press("down", "down")
        assert field(app).value == "half"
        await pilot.press("down")
        assert field(app).value == ""


async def test_a_quiet_line_sends_nothing(monkeypatch):
    async with room().run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        sent = []
        monkeypatch.setattr(type(app), "is_headless", False)
        app._driver.write = sent.append
        await pilot.press("i", *"half")
        await settled(pilot)
        await until_async(lambda: sent)
        app._tick()
        await settled(pilot)
        sent.clear()
        app._tick()
        await settled(pilot)
        assert sent == []
        await pilot.press("!")
        assert sent  # and it would have been seen


async def test_with_no_incident_the_words_stay_and_the_line_says_what_to_do():
    link = EngineLink()
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"all red")
        assert "No incident is open" in rows(app)[-1]
        await pilot.press("enter")
        await settled(pilot)
        assert link.posts == []
        assert field(app).value == "all red"
        assert "/declare TITLE, or Esc and d" in rows(app)[-1]


async def test_who_may_only_watch_is_told_so():
    link = EngineLink(incident(), granted="watch")
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", "enter")
        await settled(pilot)
        assert link.posts == []
        assert not app.watching.scribe.writing
        assert any("may only watch" in note.message for note in app._notifications)


async def test_words_begun_for_one_incident_do_not_slip_into_another():
    link = EngineLink(incident())
    async with room(link=link).run_test(size=(120, 30)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"cause found")
        app.chosen = "INC-2"
        link.say(Timeline(incidents=(incident("INC-2"),)))
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert link.posts == []
        assert "Begun for INC-1, but INC-2 is shown now" in rows(app)[-1]
        await pilot.press("enter")
        await settled(pilot)
        assert [one.incident for one in link.posts] == ["INC-2"]


# pastes ------------------------------------------------------------------------------------

TRACE = (
    'Traceback (most recent call last):\r\n  File "shop.py", line 3\r\n\tqqq\x1b[2J\r\nKeyError\r\n'
)


async def test_a_paste_of_several_lines_is_one_entry():
    link = EngineLink(incident())
    async with room(link=link).run_test(size=(120, 30)) as pilot:
        app = await settled(pilot)
        await pilot.press("i")
        paste(app, TRACE)
        await settled(pilot)
        assert link.posts == []
        assert "line 3␊␉qqq␛[2J␊KeyError" in rows(app)[-2]
        await pilot.press("enter")
        await settled(pilot)
        assert link.texts == [
            'Traceback (most recent call last):\n  File "shop.py", line 3\n\tqqq␛[2J\nKeyError'
        ]


@pytest.mark.parametrize("keys", [("1",), ("escape",), ("1", "z")])
async def test_a_paste_onto_a_panel_or_nothing_is_a_draft(keys):
    link = EngineLink(incident())
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press(*keys)
        screen = app.screen
        paste(app, "qqq\nz?\nR")
        await settled(pilot)
        assert app.screen is screen
        assert link.asked == []
        assert field(app).value == "qqq␊z?␊R"
        assert line(app).writing


async def test_behind_a_long_paste_the_cursor_is_in_sight():
    async with room().run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        paste(app, "x" * 200 + "\nthe end")
        await settled(pilot)
        assert rows(app)[-2].rstrip().endswith("x␊the end")
        assert "2 lines, 208 characters" in rows(app)[-1]
        await pilot.press("!")
        assert rows(app)[-2].rstrip().endswith("the end!")


async def test_of_several_incidents_the_line_says_which():
    link = EngineLink(incident(), incident("INC-2", roles={}))
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        app.chosen = "INC-2"
        await pilot.press("i", "x")
        assert "into INC-2" in rows(app)[-1]


@pytest.mark.trap(21, "the same pasted onto a dialog", "it lands nowhere")
async def test_a_paste_onto_a_dialog_is_not_the_lines():
    async with room().run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("question_mark")
        paste(app, "q\nq")
        await settled(pilot)
        assert app.desk.kept.text == ""


async def test_of_a_paste_too_long_is_said_how_much_was_taken():
    async with room().run_test(size=(120, 30)) as pilot:
        app = await settled(pilot)
        paste(app, "x" * 40_000)
        await settled(pilot)
        assert len(field(app).value) == LONGEST
        assert "16,000 of 40,000 characters were taken" in rows(app)[-1]


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=300) | st.binary(max_size=300).map(lambda b: b.decode("latin-1")))
async def test_nothing_of_a_hostile_text_is_obeyed(text):
    link = EngineLink(incident())
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        before = above(app)
        paste(app, text)
        await settled(pilot)
        kinds = {unicodedata.category(sign) for sign in screen_text(app).replace("\n", "")}
        assert not kinds & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        assert above(app) == before
        assert app.is_running
        assert link.asked == []


async def test_where_only_ascii_is_safe_the_line_is_ascii():
    async with room(look=Look(unicode=False)).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        paste(app, "größe…\nzwei")
        await settled(pilot)
        assert screen_text(app).isascii()
        assert app.desk.kept.text == "größe…\nzwei"


# on its way --------------------------------------------------------------------------------


async def test_it_is_outgoing_until_it_is_durable():
    link = EngineLink(incident())
    answer = asyncio.Future()
    link.answer = lambda request: wait(answer)

    async def wait(future):
        return await future

    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"found it", "enter")
        await settled(pilot)
        (one,) = app.outgoing
        assert (one.body, one.shown, one.incident) == (Note(text="found it"), "found it", "INC-1")
        assert one.once == link.posts[0].once
        link.say(Timeline(entries=(entry(link.posts[0]),)))
        await settled(pilot)
        assert app.outgoing == ()
        answer.set_result(written(link.posts[0]))
        await settled(pilot)
        assert app.outgoing == ()
        assert len(link.posts) == 1


async def test_without_an_engine_it_waits_and_is_sent_again_by_the_same_name():
    link = EngineLink(incident())
    link.answer = gone
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"one", "enter", *"two", "enter")
        await settled(pilot)
        assert "2 not saved yet" in rows(app)[-2]
        link.answer = written
        link.say(boards.welcome())
        await until_async(lambda: not app.outgoing)
        assert link.texts[-2:] == ["one", "two"]
        assert len({one.once for one in link.posts}) == 2
        # It is told when it was typed, not when it was sent.
        assert link.posts[0].happened is None
        assert link.posts[-2].happened == boards.NOON
        await settled(pilot)
        assert "not saved" not in rows(app)[-2]


async def test_who_leaves_before_all_is_saved_is_told():
    link = EngineLink(incident())
    link.answer = gone
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        app.desk.adopt(Kept(), lambda kept: None)
        await pilot.press("i", *"one", "enter", "escape", "ctrl+q")
        await settled(pilot)
        assert "1 entry NOT SAVED YET" in screen_text(app)
        app.clock.seconds += 2
        await pilot.press("ctrl+q")
        await settled(pilot)
        assert "1 entry is not saved yet" in app.last_words


async def test_what_a_full_disk_keeps_waiting_is_said_and_not_sent_twice():
    link = EngineLink(incident())
    link.answer = full
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"hm", "enter")
        await settled(pilot)
        assert "1 not saved yet" in rows(app)[-2]
        assert "the disk is full" in notices(app)
        assert app.outgoing[0].reason == "the disk is full"
        link.say(Timeline(entries=(entry(link.posts[0]),)))
        await settled(pilot)
        assert app.outgoing == ()
        assert len(link.posts) == 1


async def test_what_is_refused_comes_back_with_the_reason():
    link = EngineLink(incident())
    link.answer = refused
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"/decision roll back", "enter")
        await settled(pilot)
        assert app.outgoing == ()
        assert field(app).value == "/decision roll back"
        assert "the incident is over" in notices(app)


async def test_what_is_refused_does_not_overwrite_what_is_typed_by_then():
    link = EngineLink(incident())
    release = asyncio.Event()

    async def later(request):
        await release.wait()
        return refused(request)

    link.answer = later
    async with room(link=link).run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"/decision roll back", "enter", *"next")
        release.set()
        await settled(pilot)
        assert field(app).value == "next"
        await pilot.press("up")
        assert field(app).value == "/decision roll back"


async def test_an_expanded_panel_has_the_same_line():
    async with room().run_test(size=(80, 24)) as pilot:
        app = await settled(pilot)
        await pilot.press("i", *"half", "escape", "1", "z")
        await settled(pilot)
        assert isinstance(app.screen, ExpandedScreen)
        assert field(app).value == "half"
        await pilot.press("i", *" done", "escape", "escape")
        await settled(pilot)
        assert isinstance(app.screen, RoomScreen)
        assert field(app).value == "half done"
