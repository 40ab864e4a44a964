"""A page of figures, each with its level and its limits: what expanded panels share. Pure."""

from panels.databases import quiet
from panels.figures import Figure, exact, level_words, limit_words, signed, worst_first
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row
from warroom.severity import Level
from warroom.text import safe


def columns(place: str) -> tuple[Column, ...]:
    """The page's columns; the last one, called ``place``, says whose the figure is."""
    return (
        Column(title="level", width=11),
        Column(title="figure", width=16),
        Column(title="value", width=18, align=">"),
        Column(title="limits", width=20, rank=2, grows=True),
        Column(title=place, width=12, rank=1),
    )


def row(view: PanelView, figure: Figure, level: Level) -> Row:
    """One figure at that level."""
    source, signal, plain = figure.source, figure.signal, quiet(view, figure.source)
    sign, style = signed(view, level)
    limits = "; ".join(
        f"{safe(limit.level, 20)} {limit_words(limit, signal.unit)}"
        for limit in worst_first(view, signal.limits)
    )
    bad = style if view.state.scale.index(level) is not None else ""
    cells = (
        Cell(f"{sign} {level_words(level)}".rstrip(), view.state.scale.rank(level), style),
        Cell(figure.short, style=plain),
        Cell(safe(exact(figure.value, signal.unit), 40), figure.value, plain or bad),
        Cell(limits, style=plain or ".dim"),
        Cell(safe(source.title, 40), style=plain),
    )
    return Row(key=figure.name, cells=cells)
