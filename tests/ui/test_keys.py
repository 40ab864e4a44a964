"""Keys: each by its id, told by help, remapped everywhere; leaving is asked about; Esc closes."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

import panels
import warroom.console
from tests.ui import acting, boards, incidents, messages
from tests.ui.consoles import console
from tests.ui.test_console import notices, screen_text, started
from tests.waiting import until_async
from warroom.config.key_ids import LOCAL, ids
from warroom.config.keys import KEYS, key_words
from warroom.console.acting.run_rows import on_words
from warroom.console.incident.work import follow_up_rows
from warroom.console.look import Look
from warroom.console.message.rows import receiver_rows
from warroom.console.messages import EngineSaid
from warroom.console.screens.acknowledge import AcknowledgeScreen
from warroom.console.screens.choose import ChooseScreen
from warroom.console.screens.confirm import ConfirmScreen
from warroom.console.screens.correct import CorrectScreen
from warroom.console.screens.declare import DeclareScreen
from warroom.console.screens.declared import DeclaredScreen
from warroom.console.screens.handover import HandoverScreen
from warroom.console.screens.help import HelpScreen, help_rows
from warroom.console.screens.leave import LeaveScreen
from warroom.console.screens.message import MessageScreen
from warroom.console.screens.palette import PaletteScreen
from warroom.console.screens.playbooks import PlaybookScreen
from warroom.console.screens.resolve import ResolveScreen
from warroom.console.screens.room import RoomScreen
from warroom.console.screens.run import RunScreen
from warroom.console.screens.send import SendScreen
from warroom.console.screens.sure import SureScreen
from warroom.console.screens.text import TextScreen
from warroom.console.screens.values import ValuesScreen
from warroom.incident.entries import Note
from warroom.incident.incident import FollowUpSeen
from warroom.severity import SEV
from warroom.wire import Acting, CheckMessage

TOLD = incidents.timeline()
OPEN = TOLD.incidents[0]


def everything() -> Iterator[type[DOMNode]]:
    """Every widget and screen of the console and its panels, found by importing all of it."""
    for package in (warroom.console, panels):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name != "warroom.console.__main__":
                importlib.import_module(found.name)
    waiting, seen = [DOMNode], set()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in seen:
                seen.add(kind)
                waiting.append(kind)
                if kind.__module__.startswith(("warroom.", "panels.")):
                    yield kind


def test_every_binding_has_an_id_and_the_keys_of_that_id():
    own = [(kind, one) for kind in everything() for one in vars(kind).get("BINDINGS", ())]
    assert len(own) > 60
    for kind, binding in own:
        default = LOCAL[binding.id].keys if binding.id in LOCAL else KEYS.get(binding.id)
        assert default == binding.key, f"{kind.__name__}: {binding}"


def test_help_tells_every_key():
    app = console()
    shown = "\n".join(row.content.plain for row in help_rows(app.commands, {}, Look(), SEV))
    for name, key in LOCAL.items():
        numbered = name.startswith(("room.panel_", "draft.to_"))
        words = "1-9" if numbered else f"  {key_words(key.keys, every=True)}"
        assert words in shown, name
        assert numbered or f" {key.does}" in shown, name
    keys = dict.fromkeys(ids(), "f9")
    again = [row.content.plain for row in help_rows(app.commands, keys, Look(), SEV)]
    assert sum("  F9" in line for line in again) > 80


def test_what_stands_in_a_dialogs_frame_is_a_key_there_is():
    """``{run.end}`` in the words of a dialog's frame is an id; a letter for a key is none."""
    app = console(keys={"run.end": "f9", "pane.tick": "nonsense", "dialog.escape": "x"})
    assert app.worded("{run.end} ends it, {run.undo} back") == "F9 ends it, u back"
    assert app.keys == {"run.end": "f9"}


def test_words_in_lists_and_panels_name_the_keys_there_are():
    given = {"dialog.copy": "f8", "work.done": "f9", "acted": "f10", "still_on.undo": "f7"}
    look = console(keys=given).look
    assert "F8 copies it" in receiver_rows((), (), look, 80)[0].content.plain
    todo = FollowUpSeen(item=1, text="x")
    assert "F9 done, x drop" in next(iter(follow_up_rows((todo,), look))).content.plain
    over = acting.on(until=acting.NOON, proposes=True)
    assert "take it back? F10, F7" in on_words(over, acting.NOON, look)[0]


def posted(link, kind):
    return link.of(kind)


@pytest.mark.parametrize(
    ("keys", "pressed"),
    [
        ({"list.down": "ctrl+n"}, "ctrl+n"),
        ({}, "j"),
        ({}, "down"),
        ({}, "ctrl+d"),
        ({}, "G"),
        ({}, "end"),
        ({}, "pagedown"),
    ],
)
async def test_one_moves_in_panels_and_in_lists_by_the_same_keys(keys, pressed):
    link = incidents.link(TOLD)
    async with console(link=link, keys=keys).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "g")
        panel = app.focused_panel
        first = panel.cursor
        await pilot.press(pressed)
        assert panel.cursor != first
        await pilot.press("g")
        assert panel.cursor == first
        await pilot.press("at", "g")
        rows = app.screen.query_one("RowsView")
        first = rows.cursor
        await pilot.press(pressed)
        assert rows.cursor != first
        if keys:
            second = rows.cursor
            await pilot.press("j", "down")
            assert rows.cursor == second


async def test_a_remapped_key_of_a_dialog_works_and_is_what_its_frame_says():
    keys = {"dialog.copy": "c", "dialog.find": "f3", "dialog.close": "Q"}
    async with console(link=incidents.link(TOLD), keys=keys).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("at")
        assert "F3 finds, c copies, Esc closes" in screen_text(app)
        await pilot.press("slash")
        assert not app.screen.query_one("#wanted").display
        await pilot.press("f3")
        assert app.screen.query_one("#wanted").display
        await pilot.press("escape", "q")
        assert not isinstance(app.screen, RoomScreen)
        await pilot.press("Q")
        assert isinstance(app.screen, RoomScreen)


async def test_the_scribes_own_keys_are_remapped_too():
    keys = {"writing.complete": "ctrl+o"}
    async with console(link=incidents.link(TOLD), keys=keys).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("i", *"/deci", "ctrl+o")
        assert app.screen.scribe.query_one(Input).value == "/decision "
        await pilot.press("ctrl+u", "x", "tab")
        assert app.screen.scribe.query_one(Input).value == "x"


async def test_f1_tells_the_keys_of_a_dialog_and_a_question_mark_where_none_is_typed():
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 30)) as pilot:
        app = await started(pilot)
        await pilot.press("U", "question_mark")
        assert isinstance(app.screen, HelpScreen)
        shown = screen_text(app)
        assert "Send it again" in shown
        assert "The row below" in shown
        assert "Roll" not in shown
        await pilot.press("f1", "escape", "d", *"what?", "f1")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        assert app.screen.query_one("#title", Input).value == "what?"


async def test_the_key_of_the_palette_is_typed_where_something_is_typed():
    keys = {"room.palette": "colon"}
    async with console(link=incidents.link(TOLD), keys=keys).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("i", "a", "colon", "b")
        assert app.screen.scribe.query_one(Input).value == "a:b"
        await pilot.press("escape", "colon")
        assert isinstance(app.screen, PaletteScreen)


# --- leaving ------------------------------------------------------------------------------


async def said(app, *parts):
    app.post_message(EngineSaid(parts))


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_without_an_incident_one_leaves_at_once(key):
    async with console(boards.outage()).run_test() as pilot:
        app = await started(pilot)
        await pilot.press(key)
        await pilot.pause()
        assert not app.is_running or app._exit


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_with_an_incident_open_leaving_asks_and_enter_is_no(key):
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press(key)
        shown = screen_text(app)
        assert isinstance(app.screen, LeaveScreen)
        assert "INC-20260304-001 SEV1 stays open, is watched" in shown
        assert "goes on watching" in shown
        app.clock.seconds += 1
        await pilot.press("enter")
        assert isinstance(app.screen, RoomScreen)
        await pilot.press(key, "escape")
        assert isinstance(app.screen, RoomScreen)
        await pilot.press(key)
        app.clock.seconds += 1
        await pilot.press("tab", "space")
        await pilot.pause()
        assert app._exit


async def test_ctrl_q_again_leaves_but_not_when_it_is_held():
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("U", "ctrl+q")
        # Keyboards wait up to a second before they say a held key again.
        for seconds in (1.0, *(0.03,) * 20):
            app.clock.seconds += seconds
            await pilot.press("ctrl+q")
        assert isinstance(app.screen, LeaveScreen)
        assert not app._exit
        app.clock.seconds += 1.5
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert app._exit


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Acting(runs=(acting.run(),)), "Roll back the release; it goes on"),
        (Acting(on=(acting.on(),)), "workers; it stays on"),
    ],
)
async def test_leaving_asks_while_an_action_runs_or_something_is_on(state, words):
    async with console(boards.outage()).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await said(app, state)
        await pilot.pause()
        await pilot.press("q")
        assert words in screen_text(app)


async def test_a_signal_never_asks():
    async with console(link=incidents.link(TOLD)).run_test() as pilot:
        app = await started(pilot)
        app.leave_from_thread(143)
        await until_async(lambda: app._exit)


# --- every screen closes with Esc ---------------------------------------------------------

ASKED = CheckMessage(
    ref=0, incident=OPEN.id, purpose="update", text="x", subject="", next=None, receivers=()
)
ONE = incidents.entry(1, Note(text="half past"))
WAYS = {
    AcknowledgeScreen: lambda: AcknowledgeScreen(boards.outage().sources[0], Look()),
    ChooseScreen: lambda: ChooseScreen("One of", [("a", Content("a")), ("b", Content("b"))]),
    ConfirmScreen: lambda: ConfirmScreen(acting.ACTIONS[0], {}, ""),
    CorrectScreen: lambda: CorrectScreen(ONE, None, Look(), console().clock),
    DeclareScreen: DeclareScreen,
    DeclaredScreen: lambda: DeclaredScreen(OPEN),
    HandoverScreen: lambda: HandoverScreen(OPEN),
    LeaveScreen: LeaveScreen,
    MessageScreen: lambda: MessageScreen(OPEN),
    PlaybookScreen: lambda: PlaybookScreen("queue-backlog"),
    ResolveScreen: lambda: ResolveScreen(OPEN),
    RunScreen: lambda: RunScreen("r1"),
    SendScreen: lambda: SendScreen(OPEN, ASKED),
    SureScreen: lambda: SureScreen("Sure?", (), "Yes"),
    TextScreen: lambda: TextScreen("t", [Content("x")], "x"),
    ValuesScreen: lambda: ValuesScreen(acting.ACTIONS[1], {}),
}
"""How to make those that no key of the room opens by itself."""
KEYED = {
    "ActedScreen": "X", "ActionsScreen": "a", "BriefScreen": "B", "ChecklistsScreen": "v",
    "ContactsScreen": "at", "ExpandedScreen": "z", "HelpScreen": "question_mark",
    "IncidentScreen": "I", "IncidentsScreen": "o", "MilestonesScreen": "m", "OutboxScreen": "U",
    "PaletteScreen": "ctrl+p", "PlaybooksScreen": "p",
}  # fmt: skip
BASES = {
    "Watching",
    "RoomScreen",
    "Modal",
    "Dialog",
    "Remembered",
    "Searched",
    "Fresh",
    "MessageForm",
}


def screens():
    return {kind for kind in everything() if issubclass(kind, Screen)}


def test_every_screen_is_among_those_that_are_closed():
    known = {kind.__name__ for kind in WAYS} | set(KEYED) | BASES
    assert {kind.__name__ for kind in screens()} == known


@pytest.mark.long
async def test_every_screen_closes_with_one_escape():
    link = messages.link(messages.seen(chat="sent"))
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1")
        before = app.focused
        for name, key in KEYED.items():
            await pilot.press(key)
            assert type(app.screen).__name__ == name, (name, notices(app))
            await pilot.press("escape")
            assert isinstance(app.screen, RoomScreen), name
            assert app.focused is before, name
        for kind, make in WAYS.items():
            app.push_screen(make())
            await pilot.pause()
            assert isinstance(app.screen, kind)
            await pilot.press("escape")
            assert isinstance(app.screen, RoomScreen), kind
            assert app.focused is before, kind


async def test_a_form_is_held_while_it_is_typed_and_not_once_it_was_left_empty():
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 30)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "K", *"half")
        assert [one["reason"] for one in app.desk.kept.forms.values()] == ["half"]
        await pilot.press("ctrl+u")
        assert not app.desk.kept.forms


@pytest.mark.parametrize(
    ("key", "field"),
    [
        pytest.param("d", "title", marks=pytest.mark.long),
        pytest.param("D", "words", marks=pytest.mark.long),
        ("K", "reason"),
    ],
)
async def test_what_was_typed_into_a_form_is_there_when_it_is_opened_again(key, field):
    async with console(link=incidents.link(TOLD)).run_test(size=(80, 30)) as pilot:
        app = await started(pilot)
        await pilot.press("1", key, *"half", "escape")
        assert isinstance(app.screen, RoomScreen)
        await pilot.press(key)
        assert app.screen.query_one(f"#{field}", Input).value == "half"
        assert "begun before, and not sent" in screen_text(app)
        await pilot.press("ctrl+u", "escape", key)
        assert app.screen.query_one(f"#{field}", Input).value == ""
