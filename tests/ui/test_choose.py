"""A list to choose from, on the smallest screen: a line each, and the cursor always in sight."""

from textual.content import Content

from tests.ui import boards
from tests.ui.consoles import console
from tests.ui.test_console import screen_text, started
from warroom.cli.demo import _line
from warroom.console.look import Look
from warroom.console.screens.choose import ChooseScreen
from warroom.demo.control import FaultState

CHOICES = [
    (f"c{n}", Content(f"choice-{n:02} with more words than sixty columns have room for {n:02}"))
    for n in range(18)
]


async def test_each_choice_has_one_line_and_the_list_scrolls_with_its_cursor():
    for look in (Look(), Look(unicode=False)):
        async with console(boards.good(), look=look).run_test(size=(60, 15)) as pilot:
            app = await started(pilot)
            app.push_screen(ChooseScreen("Things", CHOICES))
            await pilot.pause()
            shown = screen_text(app).splitlines()
            rows = [line for line in shown if "choice-" in line]
            assert len(rows) >= 11
            assert [f"choice-{n:02}" in line for n, line in enumerate(rows)] == [True] * len(rows)
            assert sum("words" in line for line in shown) == len(rows)
            assert "Enter chooses" in screen_text(app)
            await pilot.press("end")
            await pilot.pause()
            assert "choice-17" in screen_text(app)
            if not look.unicode:
                assert screen_text(app).isascii()


def test_a_fault_that_is_on_stands_out_without_colour():
    on, off = (_line(FaultState("slow", "Slow pages", state)) for state in (True, False))
    assert on.plain == "=> ON   slow           Slow pages"
    assert off.plain == "   off  slow           Slow pages"
    assert [str(span.style) for span in on.spans] == ["bold"]
