"""What machines and servers have left: memory, processor, disk, connections."""

import re

from textual.content import Content

from panels import table
from panels.breakdowns import bar
from panels.figures import Figure, broken, figures, is_quiet, trend_of, worst_first
from warroom.console.look import style_of
from warroom.console.panel import Panel, PanelView
from warroom.console.state import RoomState
from warroom.measure.history import CAPACITY, per_column
from warroom.wire import SourceView

KINDS = ("memory", "cpu", "disk", "connections", "open_files", "load", "swap", "threads")
"""A figure whose name begins so is one of a resource."""
_RESOURCE = re.compile("|".join(KINDS))


class ResourcesPanel(Panel):
    """One row for each figure of a resource, whatever source it comes from."""

    heading = "Resources"

    @classmethod
    def wanted(cls, state: RoomState) -> tuple[SourceView, ...]:
        return tuple(source for source in state.sources if figures((source,), is_resource))

    @staticmethod
    def title(view: PanelView) -> Content:
        return table.title(view, figures(view.sources, is_resource))

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def rows(view: PanelView) -> tuple[str, ...]:
        found = figures(view.sources, is_resource)
        return tuple(figure.name for figure in table.arranged(view, found, view.height)[0])


def is_resource(name: str) -> bool:
    """Whether a figure of this name is one of a resource."""
    return _RESOURCE.match(name) is not None


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """The panel's lines."""
    found = figures(view.sources, is_resource)
    if not found:
        return [Content.assemble((words, ".dim")) for words in _empty(view)]
    return table.body(view, found, _heading, _tail, width, height)


def _heading(width: int) -> str:
    return f"{'of 100 %':<26}past" if width >= 50 else ""


def _empty(view: PanelView) -> tuple[str, ...]:
    if view.state.room is None:
        return ("Waiting for the engine.",)
    return (
        f"No figure {'of these sources ' if view.only else ''}is one of a resource.",
        f"Those count whose names begin with {', '.join(KINDS)}.",
    )


def _tail(view: PanelView, figure: Figure, width: int) -> list[tuple[str, str]]:
    """A gauge for a share, and the figure's past."""
    cells = 24 if width >= 50 else min(16, width)
    parts = gauge(view, figure, cells) if cells >= 6 else []
    past = min(width - cells - 2, CAPACITY // per_column(figure.source.interval))
    if past >= 8:
        parts += [("  ", ""), (trend_of(view, figure, past), ".dim")]
    return parts


def gauge(view: PanelView, figure: Figure, width: int) -> list[tuple[str, str]]:
    """How full it is, of 100 %, with a mark where the worst limit stands; blank for a figure
    that is no share, or is not known."""
    look, value = view.look, figure.value
    if figure.signal.unit != "%" or value is None:
        return [(" " * width, "")]
    limits = worst_first(view, figure.signal.limits)
    quiet = is_quiet(view, figure.source)
    beyond = broken(limits, value)
    bad = style_of(beyond.level, view.state.scale) if beyond and not quiet else ".dim"
    at = None if beyond is None else beyond.threshold.limit / 100
    if beyond is not None and beyond.threshold.op in ("<", "<="):
        at = 0.0  # under a floor: all that is left tells it
    parts = bar(value / 100, width, look, ".dim" if quiet else ".bar", at, bad)
    drawn = sum(len(text) for text, _ in parts)
    parts.append((look.gauge[2] * (width - drawn), ".frame"))
    if not limits:
        return parts
    mark = (look.gauge[3], ".strong" if beyond is None or quiet else bad)
    return _marked(parts, limits[0].threshold.limit / 100 * width, mark)


def _marked(
    parts: list[tuple[str, str]], at: float, mark: tuple[str, str]
) -> list[tuple[str, str]]:
    """With the cell at ``at`` replaced by the mark."""
    cell = int(at)
    found: list[tuple[str, str]] = []
    start = 0
    for text, style in parts:
        end = start + len(text)
        if start <= cell < end:
            cut = cell - start
            found += [(text[:cut], style), mark, (text[cut + 1 :], style)]
        else:
            found.append((text, style))
        start = end
    return found
