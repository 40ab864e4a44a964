"""What went bad first, and what had changed before: the last half hour in order."""

from textual.content import Content

from panels import onset_line, onset_sheets, onset_strip
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.state import RoomState
from warroom.console.table import TablePanel
from warroom.wire import SourceView


class OnsetPanel(TablePanel):
    """The troubles in the order of their first bad poll, under what changed around them."""

    heading = "Onset"
    sheets = onset_sheets.NAMES

    @classmethod
    def wanted(cls, state: RoomState) -> tuple[SourceView, ...]:
        return state.sources

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def rows(view: PanelView) -> tuple[str, ...]:
        lasting = (o for o in onset_line.troubles(view) if o.until is None and o.source)
        return tuple(dict.fromkeys(onset.signal or onset.source for onset in lasting))

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return onset_sheets.sheet(view, name)

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        return onset_sheets.details(view, key, width)


def title(view: PanelView) -> Content:
    """When the first of what lasts began."""
    if view.state.room is None:
        return Content("")
    if view.state.link.state == "lost":
        return Content.assemble(("not seen any more", ".unseen"))
    first = onset_line.first(view)
    if first is not None:
        return Content.assemble((f"first red {onset_line.clock(view, first.at)}Z", ".strong"))
    dark = any(onset.until is None for onset in onset_line.troubles(view))
    return Content.assemble(("not all is seen", ".unseen") if dark else ("no trouble", ".dim"))


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """The strip of changes, as far as the line of onsets leaves room for it."""
    if view.state.room is None:
        return [Content.assemble(("Waiting for the engine.", ".dim"))]
    line = onset_line.lines(view, width, max(height - 1, 1))
    strip = onset_strip.lines(view, width, height - len(line))
    gap = [Content("")] if strip and height > len(line) + len(strip) else []
    found = [*strip, *gap, *line]
    return [each.truncate(width, ellipsis=view.look.unicode) for each in found[:height]]
