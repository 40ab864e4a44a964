"""On a grey screen every level is told all the same: by its sign, its name, or a word for it."""

import re
from itertools import groupby

import pytest
from msgspec.structs import replace

from tests.ui import acting, boards, databases, following, incidents, redis_boards, timelines
from tests.ui import vendor_boards as vendors
from tests.ui.consoles import console
from tests.ui.name_boards import ending, expired
from tests.ui.test_console import started
from tests.ui.trackers import calm, failing
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.console.panel import Panel
from warroom.console.themes.palette import DARK
from warroom.wire import Acting, Answer, GetPlaybooks, PlanAction

PAGES = (
    LocalPage("web", ("health", "errors", "onset", "timeline")),
    LocalPage("figures", ("signals", "resources", "generic", "deployments")),
    LocalPage("stores", ("connections", "slow_queries", "queues", "redis")),
    LocalPage("others", ("vendors", "tracker", "names", "health")),
)
SHOWN = {
    "level-0": (0, "SEV1"),
    "level-1": (1, "SEV2"),
    "level-2": (2, "SEV3"),
    "level-3": (3, "SEV4"),
    "unseen": (4, "CAN'T SEE"),
    "maintenance": (5, "MAINT"),
    "ok": (6, "UP"),
}
"""The colours of levels, which of the signs is theirs, and their word."""
COLOURS = {DARK.full[name]: told for name, told in SHOWN.items()}
SIGNS = {True: "✖▲◆●?■✔", False: "X!*o?M+"}
SAY_IT = re.compile(
    r"OVERDUE|\bDUE\b|EXPIRED|WORSE|severe|moderate|mild|DOWN|maintenance|not well|not seen|hidden"
    r"|NEW|\bON\b|holds|done"
    r"|^[▚▓▒]+$|^[!%=]+$"
)
"""What is coloured as a level is, and no level of a source: words that say it themselves, and the
parts of a gauge, each of a shade of its own."""
LEAVES = {"quit", "stop", "restart"}


def good():
    return replace(boards.good(), sources=(*boards.good().sources, calm(), vendors.vendor()))


def bad():
    more = (
        databases.locked(), databases.full("db2"), databases.unseen("db3"), redis_boards.bad(),
        redis_boards.full(), redis_boards.unseen("far"), vendors.bad(), vendors.moving(),
        failing(), boards.failing(), expired(), replace(ending(), name="end"),
    )  # fmt: skip
    return replace(boards.outage(), sources=(*boards.outage().sources, *more))


def link(board):
    def say(request):
        said = Answer(ref=0, ok=True, message="done")
        if isinstance(request, PlanAction):
            return replace(said, plan=acting.plan(request.action))
        return replace(said, shelf=following.shelf()) if isinstance(request, GetPlaybooks) else said

    timeline = timelines.timeline()
    runs = (acting.run(), acting.ended(run="ended-1", verdict="WORSE", verdict_text="it rises"))
    told = Acting(actions=acting.ACTIONS, runs=runs, on=(acting.on(),), whole=True)
    procedures = timelines.board(boards.outage()).procedures
    board = replace(board, procedures=procedures, proposals=(following.proposal(),))
    return incidents.AnsweringLink(boards.welcome(), board, timeline, told, answer=say)


def coloured(strip):
    """Runs of cells (start, text, level) in the colour of a level, as ink or as ground."""
    cells = []
    for text, style, _ in strip:
        found = [colour for colour in (style and style.bgcolor, style and style.color) if colour]
        hexes = [colour.get_truecolor().hex for colour in found]
        level = next((COLOURS[one] for one in hexes if one in COLOURS), None)
        cells += [(char, level) for char in text]
    at = 0
    for level, alike in groupby(cells, key=lambda cell: cell[1]):
        text = "".join(char for char, _ in alike)
        if level is not None and text.strip():
            yield at, text, level
        at += len(text)


def told_without_colour(app, when):
    """How many runs were looked at; fails at one whose level only a colour tells."""
    strips = app.screen._compositor.render_strips()
    rows = ["".join(segment.text for segment in strip) for strip in strips]
    regions = [panel.region for panel in app.screen.query(Panel)]
    looked = 0
    for y, strip in enumerate(strips):
        for x, text, (at, _) in coloured(strip):
            around = [rows[y]]
            for region in regions:
                if region.contains(x, y):
                    # A row by itself or by the panel's title; that one by what is below it.
                    shown = [row[region.x : region.right] for row in rows[region.y : region.bottom]]
                    around = shown if y == region.y else [shown[y - region.y], shown[0]]
            # A row that stands for something worse says that.
            words_for = [one for n, one in SHOWN.values() if n == at or n <= at <= 3]
            signs = SIGNS[app.look.unicode]
            words_for += [signs[n] for n, _ in SHOWN.values() if n == at or n <= at <= 3]
            told = any(one in words for one in words_for for words in around)
            assert told or SAY_IT.search(around[0]) or "…" in text, (when, text, around)
            looked += 1
    return looked


async def walk(board, size, *, unicode, commands):
    looked = 0
    app = console(link=link(board), pages=PAGES, look=Look(unicode=unicode))
    async with app.run_test(size=size) as pilot:
        await started(pilot)
        for page in PAGES:
            looked += told_without_colour(app, page.name)
            await pilot.press("]")
            await pilot.pause()
        for command in [one for one in app.commands if commands and one.id not in LEAVES]:
            app.action_command(command.id)
            await pilot.pause()
            looked += told_without_colour(app, command.id)
            for _ in range(6):
                if app.watching is not None and app.focused_panel is not None:
                    break
                await pilot.press("escape")
        app.leave()
    return looked


@pytest.mark.long
@pytest.mark.parametrize("size", [(60, 15), (120, 40)])
@pytest.mark.parametrize("unicode", [True, False])
async def test_every_level_is_told_by_a_sign_or_a_word(size, unicode):
    assert await walk(bad(), size, unicode=unicode, commands=unicode) > 30
    assert await walk(good(), size, unicode=unicode, commands=False) > 0
