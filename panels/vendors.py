"""Vendors, by what their own status pages say: is it us, or is it them?"""

from textual.content import Content

from panels import blocks, rows, vendor_details, vendor_rows, vendor_sheets
from panels.databases import worst_of
from panels.missing import missing
from warroom.console.look import is_well, shown_level
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.table import TablePanel
from warroom.console.table.drawn import cut
from warroom.severity import OK
from warroom.wire import SourceView

DETAILS = 8
"""Lines that must be free under the rows before the details of one are shown there."""


class VendorsPanel(TablePanel):
    """One row for each vendor, and under it what its page says is wrong."""

    kinds = ("statuspage",)
    heading = "Vendors"
    sheets = vendor_sheets.NAMES

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def rows(view: PanelView) -> tuple[str, ...]:
        return tuple(source.name for source in _arranged(view, view.height))

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return vendor_sheets.sheet(view, name)

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        return vendor_details.details(view, key, width)


def title(view: PanelView) -> Content:
    """``3 of 4 OK``, and the worst level where there is one."""
    if not view.sources:
        return Content("")
    well = sum(map(is_well, view.sources))
    words = (f"{well} of {len(view.sources)} OK", ".dim" if well == len(view.sources) else "")
    worst = worst_of(view)
    between = [(f" {view.look.dot} ", ".dim")] if worst else []
    return Content.assemble(words, *between, *worst)


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """The rows in the configuration's order; of too many the worst come first, and the others
    are counted. Where there is room, all of the one under the cursor."""
    if not view.sources:
        lines = [Content.assemble((words, ".dim")) for words in _empty(view)]
    elif len(view.sources) > height:
        lines = _crowded(view, width, height)
    else:
        lines = vendor_rows.lines(view, view.sources, width, height)
        chosen = next((s for s in view.sources if s.name == view.cursor), view.sources[0])
        room = height - len(lines) - 1
        if room >= DETAILS:
            told = vendor_details.vendor(view, chosen, width)
            lines += [Content(""), *cut(told, room, "expand the panel")]
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines[:height]]


def _arranged(view: PanelView, height: int) -> tuple[SourceView, ...]:
    """In the configuration's order, for people find a row by its place; the worst first where
    there are more than lines."""
    if len(view.sources) <= height:
        return view.sources
    return tuple(sorted(view.sources, key=lambda source: -blocks.rank(view, source)))


def _crowded(view: PanelView, width: int, height: int) -> list[Content]:
    order = _arranged(view, height)
    at = next((n for n, source in enumerate(order) if source.name == view.cursor), 0)
    room = max(height - 1, 1)
    shown = rows.window(order, at, room)
    left = [source for source in order if source not in shown]
    bad = sum(shown_level(source) != OK for source in left)
    return [*vendor_rows.lines(view, shown, width, room), rows.hidden(len(left), bad)]


def _empty(view: PanelView) -> tuple[str, ...]:
    return missing(
        view,
        "No status page is configured.",
        "[sources.vercel]",
        'kind = "statuspage"',
        'vendor = "vercel"',
    )
