"""Strangers' panels that are wrong in every way: each says so, and the console goes on."""

from textual.content import Content

from tests.ui import boards
from tests.ui.consoles import console
from tests.ui.test_console import screen_text, started
from warroom.config.local import LocalPage
from warroom.console.panel import Panel
from warroom.console.panels import PanelTypes
from warroom.console.screens.expanded import ExpandedScreen


class Good(Panel):
    heading = "Good"

    @classmethod
    def wanted(cls, state):
        return state.sources

    @staticmethod
    def body(view, width, height):
        return [Content("as it should be")]


class Strings(Good):
    body = staticmethod(lambda view, width, height: ["a", "b"])


class NoLines(Good):
    body = staticmethod(lambda view, width, height: None)


class Ends(Good):
    @staticmethod
    def body(view, width, height):
        raise SystemExit(3)


class NoRows(Good):
    rows = staticmethod(lambda view: None)


class NoWish(Good):
    kinds = None
    wanted = classmethod(lambda cls, state: [1 / 0])


class Moves(Good):
    """Shows what it was told, without ``safe``."""

    body = staticmethod(lambda view, width, height: [Content("up\x1b[2J\ndown\x9b")])


class NeverExpands(Good):
    def __init__(self, *, look, number=0, only=()):
        super().__init__(look=look, number=number, only=only)


PANELS = {
    kind.__name__: kind for kind in (Strings, NoLines, Ends, NoRows, NoWish, Moves, NeverExpands)
}


class Types(PanelTypes):
    def load(self, name):
        return PANELS.get(name) or super().load(name)


async def test_what_a_panel_gives_instead_of_lines_is_named_and_the_rest_goes_on():
    pages = (LocalPage("all", (*PANELS, "health")),)
    app = console(boards.outage(), pages=pages, panels=Types)
    async with app.run_test(size=(120, 60)) as pilot:
        await started(pilot)
        shown = screen_text(app)
        assert "This panel failed: AttributeError: 'str' object" in shown
        assert "This panel failed: SystemExit: 3" in shown
        assert shown.count("This panel failed") == 4
        assert shown.count("as it should be") == 2
        (line,) = [line for line in shown.splitlines() if "up␛[2J␊down\\u009b" in line]
        assert line.endswith("│")
        assert "\x1b" not in shown
        await pilot.press("4", "down", "c", "down", "up")
        await pilot.pause()
        (line,) = [line for line in screen_text(app).splitlines() if "NoWish" in line]
        assert "failed: ZeroDivisionError: division by zero" in line
        await pilot.press("w")
        await pilot.pause()
        assert app.focused.number == 8
        await pilot.press("7", "z")
        await pilot.pause()
        assert isinstance(app.screen, ExpandedScreen)
        assert "It cannot be expanded: TypeError" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "as it should be" in screen_text(app)
