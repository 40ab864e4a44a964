"""A figure over time: columns of worst values, its rules' lines through them, axes. Pure.

A column stands for about ten seconds of polls and only the newest one moves, so that a
graph on a slow line costs little: measured at 120x40 on a screen full of it, 555 B/s, where
one that moves by a column at every poll cost 3,351, and textual-plot 30,582.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from rich.cells import cell_len
from textual.content import Content

from panels import axes, marks
from panels.figures import (
    Figure,
    broken,
    exact,
    is_quiet,
    limit_words,
    signed,
    worst_first,
    worst_of,
)
from warroom.console.look import Look, fit, style_of
from warroom.console.panel import PanelView
from warroom.measure.history import CAPACITY, GAP, Column, columns, per_column
from warroom.text import safe, short_duration, stepped_age
from warroom.wire import Limit, SourceView

LOWEST = 3
"""Rows under which a graph says nothing."""
WIDE = 84
"""Cells from which the names of the lines stand beside the graph, and not under it."""
LONGEST = 36
"""Cells of such a name at the most."""
HANGING, ASCII_HANGING = "▔▀█", "'\"@"
"""The end of a bar that hangs from zero: a sliver, half a cell, a whole one."""

Styled = tuple[str, str]
NOTHING: Mapping[int, Styled] = MappingProxyType({})


@dataclass(frozen=True)
class Plot:
    """Everything measured out. ``marks`` are the rules' lines by the row they run in, rows
    being counted from the bottom; ``cells`` is how wide each column is, those that have no
    polls yet included, with ``left`` cells before them; ``zero`` is how many rows are below
    zero, whence the bars grow; ``deployed`` are the columns that begin with other code."""

    columns: tuple[Column, ...]
    limits: tuple[Limit, ...]
    marks: dict[int, Limit]
    bottom: float
    top: float
    rows: int
    left: int
    cells: tuple[int, ...]
    zero: int = 0
    deployed: frozenset[int] = frozenset()

    def row_of(self, value: float) -> int:
        """The row a value ends in."""
        return max(0, self.filled(value, 1) - 1)

    def filled(self, value: float, steps: int) -> int:
        """How many steps a value fills, ``steps`` in each row."""
        share = (value - self.bottom) / (self.top - self.bottom)
        if math.isnan(share):  # a scale too large for floats
            return 0
        return math.ceil(min(max(share, 0.0), 1.0) * self.rows * steps)


def lines(
    view: PanelView, figure: Figure, width: int, height: int, *, axis: bool = True
) -> list[Content]:
    """At most ``height`` lines, none for a figure without a past. Without ``axis`` there is
    only what is drawn between the axes."""
    if not figure.signal.trend:
        return []
    limits = worst_first(view, figure.signal.limits)
    under = axis and width < WIDE and bool(limits) and height >= LOWEST + 3
    rows = height - (2 if axis else 0) - under
    if rows < 1:
        return []
    if axis and rows > 4:
        rows -= rows % 2  # the label half-way up is then at a round value
    plot = _measured(view, figure, limits, width, rows, axis=axis)
    found = [_row(view, figure, plot, row, wide=width >= WIDE) for row in range(rows - 1, -1, -1)]
    if axis:
        found += [_baseline(view, figure, plot), _times(view, figure, plot)]
    if under:
        found.append(Content.assemble(" " * plot.left, *_names(view, figure, limits)))
    return [line.truncate(width, ellipsis=view.look.unicode) for line in found]


def _measured(
    view: PanelView, figure: Figure, limits: tuple[Limit, ...], width: int, rows: int, *, axis: bool
) -> Plot:
    signal, per = figure.signal, per_column(figure.source.interval)
    found = columns(signal.trend, figure.source.polls, per, worst_of(limits))
    known = [c.value for c in found if c.value is not None and math.isfinite(c.value)]
    bottom, top, zero = axes.ends(signal.unit, known, limits, rows)
    middle = axes.middle(bottom, top, zero, rows)[1]
    ticks = [_tick(view.look, signal.unit, value) for value in (top, middle, bottom)]
    left = max(map(cell_len, ticks)) + 2 if axis else 0
    right = max((len(limit.level) + 5 for limit in limits), default=1)
    if width >= WIDE:
        named = [sum(cell_len(text) for text, _ in _named(view, figure, limit)) for limit in limits]
        right = min(max(named, default=0) + 3, LONGEST)
    room = max(width - left - right, 1)
    count = max(max(CAPACITY, len(signal.trend)) // per, 1)
    count = min(count, room)
    cells = tuple((at + 1) * room // count - at * room // count for at in range(count))
    deployed = frozenset(count - 1 - back for back in marks.from_right(figure.source, per))
    plot = Plot(tuple(found[-count:]), limits, {}, bottom, top, rows, left, cells, zero, deployed)
    for limit in reversed(limits):  # the worst last: it takes the row that two would have
        if bottom < limit.threshold.limit <= top:
            plot.marks[plot.row_of(limit.threshold.limit)] = limit
    return plot


def _tick(look: Look, unit: str, value: float) -> str:
    return look.plain(safe(exact(value, unit), 20))


def _row(view: PanelView, figure: Figure, plot: Plot, row: int, *, wide: bool) -> Content:
    look = view.look
    parts: list[Styled] = []
    if plot.left:
        half, between = axes.middle(plot.bottom, plot.top, plot.zero, plot.rows)
        labelled = row == plot.rows - 1 or (plot.rows > 4 and row == half)
        at = plot.top if row == plot.rows - 1 else between
        tick = _tick(look, figure.signal.unit, at) if labelled else ""
        foot = look.axis[1 if tick else 0]
        parts.append((f"{fit(tick, plot.left - 2, '>')} {foot}", ".dim"))
    drawn = [_cell(view, figure, plot, column, row) for column in plot.columns]
    empty = [_line(view, plot, row)] * (len(plot.cells) - len(drawn))
    parts += _run([*empty, *drawn], plot.cells, _above(view, plot, row))
    limit, beyond = plot.marks.get(row), ""
    if limit is None and row == plot.rows - 1:
        # A line that is far above what is drawn is at least named.
        over = [limit for limit in plot.limits if limit.threshold.limit > plot.top]
        limit, beyond = (over[-1], "↑ " if look.unicode else "^ ") if over else (None, "")
    if limit is not None:
        tag = _named(view, figure, limit)
        parts += [(f" {beyond}", ".dim"), *(tag if wide else tag[:1])]
    return Content.assemble(*parts)


def _above(view: PanelView, plot: Plot, row: int) -> dict[int, Styled]:
    """The marks of deployments that stand in this row: above the bars."""
    missing = len(plot.cells) - len(plot.columns)

    def value(at: int) -> float | None:
        return plot.columns[at - missing].value if at >= missing else None

    free = (
        at
        for at in plot.deployed
        if 0 <= at < len(plot.cells)
        and (row == plot.rows - 1 or (known := value(at)) is None or plot.row_of(known) < row)
    )
    return {at: (marks.sign(view.look), ".accent") for at in free}


def _run(
    drawn: Sequence[Styled], cells: Sequence[int], over: Mapping[int, Styled] = NOTHING
) -> Iterable[Styled]:
    """Each character as often as its column is wide, equal ones joined; what is ``over`` a
    column takes the place of its first."""
    every: list[Styled] = []
    for at, (one, width) in enumerate(zip(drawn, cells, strict=True)):
        every += [over.get(at, one), *[one] * (width - 1)] if width else []
    for (char, style), run in groupby(every):
        yield char * len(list(run)), style


def _line(view: PanelView, plot: Plot, row: int) -> Styled:
    """What is drawn where no value is: the rule's line, or nothing."""
    limit = plot.marks.get(row)
    if limit is None:
        return GAP, ""
    return view.look.box[1] if view.look.unicode else "~", style_of(limit.level, view.state.scale)


def _cell(view: PanelView, figure: Figure, plot: Plot, column: Column, row: int) -> Styled:
    if column.value is None:
        return _line(view, plot, row)
    char = _bar(view.look, plot, column.value, row)
    if char == GAP:
        return _line(view, plot, row)
    style = ".dim"
    if not is_quiet(view, figure.source):
        beyond = broken([at for at in plot.limits if _reaches(plot, at, row)], column.value)
        style = style_of(beyond.level, view.state.scale) if beyond else ".bar"
    return char, style


def _bar(look: Look, plot: Plot, value: float, row: int) -> str:
    """What of a value's bar stands in this row. A known value is at least a sliver, so that
    nothing and zero look different."""
    bars = look.bars
    steps = len(bars)
    if plot.zero and (value < 0 or plot.zero == plot.rows):
        ends = HANGING if look.unicode else ASCII_HANGING
        high = min(plot.zero * steps - 1, plot.filled(value, steps))
        filled = (row + 1) * steps - high
        if row >= plot.zero or filled <= 0:
            return GAP
        return ends[min((filled + 1) // 4, 2)]
    filled = max(plot.zero * steps + 1, plot.filled(value, steps)) - row * steps
    return GAP if row < plot.zero or filled <= 0 else bars[min(filled, steps) - 1]


def _reaches(plot: Plot, limit: Limit, row: int) -> bool:
    """Whether a bar beyond the limit is coloured in this row: above a ceiling; all of it
    under a floor, or where it is not as it should be."""
    return limit.threshold.op not in (">", ">=") or row >= plot.row_of(limit.threshold.limit)


def _named(view: PanelView, figure: Figure, limit: Limit) -> tuple[Styled, Styled]:
    """A line's tag, and the rest of its name: ``▲ SEV2`` `` over 0.5 %  orders fail``."""
    look = view.look
    sign, style = signed(view, limit.level)
    words = f" {limit_words(limit, figure.signal.unit)}  {safe(limit.rule, 60)}"
    return (f"{sign} {look.plain(safe(limit.level, 8))}", style), (look.plain(words), ".dim")


def _names(view: PanelView, figure: Figure, limits: Iterable[Limit]) -> Iterable[Styled]:
    """All lines' names in one line; lines of the same rule share it."""
    for at, (rule, mine) in enumerate(groupby(limits, key=lambda limit: limit.rule)):
        yield "    " if at else "", ""
        for limit in mine:
            yield _named(view, figure, limit)[0]
            yield view.look.plain(f" {limit_words(limit, figure.signal.unit)}  "), ".dim"
        yield view.look.plain(safe(rule, 60)), ".dim"


def _baseline(view: PanelView, figure: Figure, plot: Plot) -> Content:
    """The time axis; a ``?`` stands where a poll saw nothing."""
    look = view.look
    tick = _tick(look, figure.signal.unit, plot.bottom)
    parts: list[Styled] = [(f"{fit(tick, plot.left - 2, '>')} {look.axis[2]}", ".dim")]
    seen, missed = (look.box[1], ".dim"), ("?", ".unseen")
    drawn = [seen if column.whole else missed for column in plot.columns]
    every = [seen] * (len(plot.cells) - len(drawn)) + drawn
    foot = {at: (marks.sign(look), ".accent") for at in plot.deployed}
    return Content.assemble(*parts, *_run(every, plot.cells, foot))


def _deployed(view: PanelView, source: SourceView) -> str:
    """What the newest mark stands for."""
    look = view.look
    return look.plain(f"{marks.sign(look)} {safe(source.marks[-1].what, 60)}")


def _times(view: PanelView, figure: Figure, plot: Plot) -> Content:
    source = figure.source
    span = len(plot.cells) * per_column(source.interval) * source.interval
    # Polls that were skipped or put off reach further back than their number says.
    more = "over " if source.skipped or source.failures else ""
    since = view.now - view.state.received.get(source.name, view.now)
    newest = "now" if since <= 1.5 * source.interval + 1 else f"{stepped_age(since)} ago"
    cells = sum(plot.cells)
    left, middle = f"{more}{short_duration(span)} ago", f"{more}{short_duration(span / 2)} ago"
    if source.marks and plot.deployed & set(range(len(plot.cells))):
        room = max(cells - len(left) - len(newest) - 2, 1)
        middle = fit(_deployed(view, source), room, "<", view.look.end).rstrip()
        left = f"{left} {middle:^{room}}"
    elif cells >= 4 * len(middle) and since <= 1.5 * source.interval + 1:
        left = f"{left:<{cells // 2 - len(middle) // 2}}{middle}"
    return Content.assemble(
        (f"{'':>{plot.left}}{left}{newest:>{max(cells - len(left), 4)}}", ".dim")
    )
