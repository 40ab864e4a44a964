"""A table to try manners on, in a console without an engine."""

import contextlib

from textual.content import Content

from tests.ui import boards
from tests.ui.consoles import ScriptedLink, StillClock
from warroom.config.local import LocalConfig, LocalConsole, LocalPage, LocalRoom
from warroom.console.app import Console
from warroom.console.look import Look
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.console.table import TablePanel

COLUMNS = (
    Column(title="name", width=10, grows=True),
    Column(title="ms", width=8, align=">"),
    Column(title="where", width=12, rank=1),
)


def row(name, ms=None, where="here", more=""):
    text = "–" if ms is None else f"{ms:g}"
    return Row(key=f"web.row:{name}", cells=(Cell(name), Cell(text, ms), Cell(where)), more=more)


class Rows(TablePanel):
    """One row for each signal of the sources it finds."""

    heading = "rows"
    kinds = ("http",)
    sheets = ("signals", "others")
    inspectable = ("row:",)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return [Content(f"{len(view.sources)} sources")]

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        if name == "others":
            return Sheet(name=name, columns=COLUMNS, empty="there are no others")
        rows = tuple(
            row(signal.name.partition(".")[2], signal.value, where=source.name, more="SELECT\n1")
            for source in view.sources
            for signal in source.signals
        )
        return Sheet(name=name, columns=COLUMNS, rows=rows)

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        head = view.look.plain(f"all about {key}")
        return [Content(head), *(Content(f"line {n}") for n in range(60))]


def given(*rows, columns=COLUMNS):
    """A panel that shows these rows, whatever the board says."""

    class Given(Rows):
        @staticmethod
        def sheet(view, name):
            return Sheet(name=name, columns=columns, rows=rows)

    return Given


class Types:
    def __init__(self, panel):
        self.panel = panel

    def of_page(self, written):
        return [self.panel]


def console(board, link=None, granted="act", look=None, panel=Rows):
    local = LocalConfig(
        path=None,
        room=LocalRoom(name="shop", environment="production"),
        console=LocalConsole(),
        keys={},
        pages=(LocalPage("overview", ("rows",)),),
    )
    made = link or ScriptedLink(boards.welcome(granted), board)
    return Console(
        local,
        lambda: made,
        lambda: Types(panel),
        StillClock(),
        look=look or Look(),
        report=repr,
    )


def board(**latencies):
    return boards.shop(boards.up("web", **latencies))


@contextlib.asynccontextmanager
async def expanded(size=(100, 30), **options):
    app = console(options.pop("board", None) or board(), **options)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("1", "z")
        await pilot.pause()
        yield app, pilot


def text(app):
    panel = app.selected_panel
    return "\n".join(line.plain for line in panel.draw(*panel.size))


def shown(app):
    return [key.partition("row:")[2] for key in app.selected_panel._names()]


def said(app):
    """The short words that are on the screen."""
    return [notice.message for notice in app._notifications]


async def typed(pilot, words):
    await pilot.press(
        *[
            {
                "!": "exclamation_mark",
                "_": "underscore",
                "/": "slash",
                "(": "left_parenthesis",
                "|": "vertical_line",
            }.get(c, c)
            for c in words
        ]
    )
    await pilot.pause()
