"""Sources of a stranger's kind: state, figures, tables and text, whatever they are about."""

from textual.content import Content

from panels import blocks, generic_lines, generic_seen, generic_sheets
from panels.databases import worst_of
from warroom.console.look import is_well
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.state import RoomState
from warroom.console.table import TablePanel
from warroom.wire import SourceView

CONTENTS = 3
"""Lines that must be free under the blocks before tables and text are shown there."""


class GenericPanel(TablePanel):
    """A block of lines for each source, then the tables and the text of one."""

    heading = "Generic"

    @classmethod
    def wanted(cls, state: RoomState) -> tuple[SourceView, ...]:
        return generic_seen.wanted(state)

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @classmethod
    def pages(cls, view: PanelView) -> tuple[str, ...]:
        return generic_sheets.names(view)

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return generic_sheets.sheet(view, name)

    @staticmethod
    def top(view: PanelView, name: str, width: int) -> list[Content]:
        return top(view, width, max(view.height // 3, 2))

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        return generic_sheets.details(view, key, width)


def title(view: PanelView) -> Content:
    """``2 of 3 well``, and the worst level where there is one."""
    if not view.sources:
        return Content("")
    well = sum(is_well(source) for source in view.sources)
    between = (f" {view.look.dot} ", ".dim")
    parts = [piece for part in worst_of(view) for piece in (between, part)]
    return Content.assemble((f"{well} of {len(view.sources)} well", ".dim"), *parts)


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """The blocks' lines, the least of them left out where there is not room for all; then what
    the source under the cursor has seen."""
    if not view.sources:
        found = Content.assemble((_empty(view), ".dim")).wrap(max(width, 1))[:height]
    elif len(view.sources) > height:
        found = blocks.crowded(view, lambda s: generic_lines.head(view, s), height)
    else:
        found = [line.content for line in blocks.fitted(_blocks(view, width), height)]
        room = height - len(found) - 1
        shown = generic_lines.contents(view, _chosen(view), width, room)
        if room >= CONTENTS and shown:
            found += [Content(""), *shown]
    return [line.truncate(width, ellipsis=view.look.unicode) for line in found]


def top(view: PanelView, width: int, height: int) -> list[Content]:
    """What is said over the pages: each source's level, and why."""
    if len(view.sources) > height or not view.sources:
        return body(view, width, height)
    kept = [line for line in _blocks(view, width) if line.what != generic_lines.FIGURES]
    return [line.content for line in blocks.fitted(kept, height)]


def _blocks(view: PanelView, width: int) -> list[blocks.Line]:
    return [
        blocks.Line(what, blocks.rank(view, source), content)
        for source in view.sources
        for what, content in generic_lines.lines(view, source, width)
    ]


def _chosen(view: PanelView) -> SourceView:
    """The source under the cursor; where that is on none, the worst."""
    worst = max(view.sources, key=lambda source: blocks.rank(view, source))
    return next((s for s in view.sources if s.name == view.cursor), worst)


def _empty(view: PanelView) -> str:
    if view.state.room is None:
        return "Waiting for the engine."
    if view.only:
        return "These sources are of kinds that have panels of their own."
    return "No source is of a kind without a panel of its own."
