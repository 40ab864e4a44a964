"""What a console writes beside its frames, as bytes: calls, the clipboard, the title it has not."""

import base64
import re
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed
from textual.geometry import Size

from tests import hostile
from tests.ui import boards
from tests.ui.consoles import console
from tests.ui.test_console import started
from tests.ui.walking import mixed
from tests.unit.test_paste_guard import seen as read_back
from warroom.config.local import LocalConsole
from warroom.console.driver import BasicDriver
from warroom.console.look import Look
from warroom.console.scribe.guard import END, START
from warroom.console.table.clipboard import copy_text
from warroom.text import safe_lines
from warroom.wire import SourceView

NOTICE = re.compile(r"\x1b\]9;(?!\d+;)([^\x00-\x1f\x7f-\x9f]*)\x07")
"""A text, and none of the numbers by which some terminals are told to do something."""
COPY = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/]*=*)\x07")
MANY = 100_000


@asynccontextmanager
async def listening(**more):
    """A console, and all that it writes but frames."""
    app = console(boards.shop(), **more)
    app.local = replace(app.local, console=LocalConsole(theme="dark", call="osc9"))
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        written = []
        app._driver.write = written.append
        yield app, pilot, written


def called(app, written, text):
    """A source gets worse, whose every word this is."""
    del written[:]
    for level, title, cause in ((text, text, text), ("SEV1", text, ""), ("4", ";1;", text)):
        app.call_out(changed(A_SOURCE, level=level, title=title, cause=cause))
    assert len(written) == 3
    for data in written:
        said = NOTICE.fullmatch(data)
        assert said, data
        assert safe_lines(said[1]) == said[1]
        assert len(said[1]) <= 10 * 120 + 1  # an escape has ten letters
        assert app.look.unicode or data.isascii()


def copied(app, written, text):
    """A text is handed to the clipboard, and comes back from it by a paste."""
    for copy in (lambda: copy_text(app, text), lambda: app.copy_to_clipboard(text)):
        del written[:]
        copy()
        (data,) = written
        came = base64.b64decode(COPY.fullmatch(data)[1], validate=True).decode("utf-8")
        assert safe_lines(came.replace("\t", "")) == came.replace("\t", ""), ascii(came)
        assert app.clipboard == came
        assert read_back(f"{START}{came}{END}q") == (["q"], [came])


A_SOURCE: SourceView = boards.shop().sources[0]


@pytest.mark.parametrize("look", [Look(), Look(unicode=False)], ids=["unicode", "ascii"])
async def test_no_call_and_no_copy_is_more_than_its_words(look):
    async with listening(look=look) as (app, _, written):
        for text in (*hostile.CORPUS, hostile.HUGE[1]):
            called(app, written, text)
            copied(app, written, text)


async def test_any_text_at_all():
    async with listening() as (app, _, written):

        @settings(max_examples=60, suppress_health_check=list(HealthCheck))
        @given(st.one_of(hostile.TEXTS.map(lambda text: text[:5_000]), st.text()))
        def tried(text):
            called(app, written, text)
            copied(app, written, text)

        tried()


@pytest.mark.long
@pytest.mark.trap(
    17,
    "100,000 such strings as the words of a notification (OSC 9) and of what is copied (OSC 52),"
    " and pasted back",
    "the terminal was told one notice, one text to keep, no title and nothing else; not one key",
)
async def test_a_hundred_thousand_strings(measured):
    async with listening() as (app, _, written):
        for seed in range(MANY):
            text = mixed(seed)("x")
            called(app, written, text)
            copied(app, written, text)
    measured(f"{MANY} strings, 5 sequences each")


async def test_what_is_marked_in_a_field_and_copied_is_harmless():
    """Textual's own way to the clipboard, which asks nobody."""
    async with listening() as (app, pilot, written):
        await pilot.press("i")
        field = app.focused
        field.value = "a\x1b[2J\ud800\u202eb"
        field.selection = type(field.selection)(0, len(field.value))
        await pilot.press("ctrl+c")
        data = next(one for one in written if COPY.fullmatch(one))
        assert base64.b64decode(COPY.fullmatch(data)[1]).decode() == "a␛[2J\\ud800\\u202eb"


async def test_what_has_no_clipboard_is_sent_nothing_from_a_field_either():
    look = Look(no_clipboard="the Linux console has no clipboard")
    async with listening(look=look) as (app, pilot, written):
        await pilot.press("i")
        field = app.focused
        field.value = "words"
        field.selection = type(field.selection)(0, 5)
        await pilot.press("ctrl+c")
        assert not any("]52" in one for one in written)
        assert app.clipboard == "words", "within the console it is copied"


async def test_no_title_is_ever_written():
    async with listening() as (app, pilot, written):
        app.title = app.sub_title = "\x1b]2;x\x07"
        for keys in ("?", "escape", "d", "escape", "a", "escape", "y", "2", "1"):
            await pilot.press(keys)
        await pilot.resize_terminal(*Size(100, 30))
        assert not re.search(r"\x1b\][012];|\x1bk", "".join(written))


def test_a_terminal_that_would_print_a_notice_rings():
    """TERM=linux, vt100 and their like."""
    shown = []
    driver = BasicDriver.__new__(BasicDriver)
    driver._mouse = False
    driver.display = SimpleNamespace(write=shown.append)
    driver.write("\x1b]9;SEV1 web: down\x07")
    assert shown == ["\x07"]
