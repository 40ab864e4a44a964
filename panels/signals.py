"""Every figure of every source, with its limit and its past: the generic panel."""

from rich.cells import cell_len
from textual.content import Content

from panels import table
from panels.figures import (
    Figure,
    broken,
    figures,
    is_quiet,
    level_of,
    limit_words,
    rank,
    trend_of,
    worst_first,
)
from warroom.console.look import fit, style_of
from warroom.console.panel import Panel, PanelView
from warroom.console.state import RoomState
from warroom.measure.history import CAPACITY, per_column
from warroom.text import safe
from warroom.wire import SourceView

DULL = ("status", "up", "unanswered")
"""Figures that say little beside the others of their source: they stand last."""
LEAST = 12
"""Cells of a past under which it says too little for what it costs when it moves."""
LIMIT = 26
"""Cells of a limit: ``over 500 ms → SEV3``."""


class SignalsPanel(Panel):
    """One row for each figure."""

    heading = "Signals"

    @classmethod
    def wanted(cls, state: RoomState) -> tuple[SourceView, ...]:
        return state.sources

    @staticmethod
    def title(view: PanelView) -> Content:
        return table.title(view, _figures(view))

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def rows(view: PanelView) -> tuple[str, ...]:
        return tuple(f.name for f in table.arranged(view, _figures(view), view.height)[0])


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """The panel's lines."""
    found = _figures(view)
    if not found:
        return [Content.assemble((_empty(view), ".dim"))]
    return table.body(view, found, _heading, _tail, width, height)


def _heading(width: int) -> str:
    limit, width = ("limit", width - LIMIT) if width >= LIMIT + LEAST else ("", width)
    past = "past, newest right"[: 18 if width >= 18 else 4] if width >= LEAST else ""
    return f"{limit:<{LIMIT}}{past}" if limit else past


def _empty(view: PanelView) -> str:
    if view.state.room is None:
        return "Waiting for the engine."
    return "No source is configured." if not view.only else "These sources have no figures."


def _figures(view: PanelView) -> tuple[Figure, ...]:
    """All, source by source, the dull ones last in each."""
    found = []
    for source in view.sources:
        mine = figures((source,))
        found += sorted(mine, key=lambda figure: figure.short in DULL)
    return tuple(found)


def _tail(view: PanelView, figure: Figure, width: int) -> list[tuple[str, str]]:
    """The limit where there is room for both, and the figure's past."""
    parts: list[tuple[str, str]] = []
    if width >= LIMIT + LEAST:
        parts.append(_limit(view, figure))
        width -= LIMIT
    columns = min(CAPACITY // per_column(figure.source.interval), width)
    if columns < LEAST:
        return parts
    trend = trend_of(view, figure, columns)
    quiet = is_quiet(view, figure.source) or rank(view, level_of(view, figure)) <= 0
    return [*parts, (trend, ".dim" if quiet else "")]


def _limit(view: PanelView, figure: Figure) -> tuple[str, str]:
    """The limit it is beyond, or the first it would come to."""
    limits = worst_first(view, figure.signal.limits)
    if not limits:
        return " " * LIMIT, ""
    beyond = broken(limits, figure.value)
    limit = beyond or limits[-1]
    look = view.look
    arrow = "→" if look.unicode else "->"
    level = look.plain(f" {arrow} {safe(limit.level, 8)}")
    # The unit gives way; of the level nothing does, it is what the row is looked at for.
    words = look.plain(limit_words(limit, figure.signal.unit))
    words = fit(words, min(cell_len(words), LIMIT - 1 - cell_len(level)), "<", look.end)
    quiet = beyond is None or is_quiet(view, figure.source)
    style = ".dim" if quiet else style_of(limit.level, view.state.scale)
    return fit(words + level, LIMIT), style
