"""Figures as panels show them: the level each is at, its value and its limits in words. Pure."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from panels import marks, rows
from warroom.console.look import Look, style_of
from warroom.console.panel import PanelView
from warroom.measure.history import columns, per_column, round_up, sparkline
from warroom.measure.snapshot import PrometheusSeen
from warroom.severity import MAINTENANCE, OK, UNSEEN, Level
from warroom.text import safe, short_figure
from warroom.wire import Limit, SignalView, SourceView

NO_LEVEL: Level = ""
"""The level of a figure that no rule judges: it is neither well nor not."""
COMPARED = {">": "over", ">=": "at least", "<": "under", "<=": "at most", "==": "is", "!=": "not"}


@dataclass(frozen=True)
class Figure:
    """One figure of one source."""

    source: SourceView
    signal: SignalView

    @property
    def name(self) -> str:
        """The signal's whole name, which is its row's too."""
        return self.signal.name

    @property
    def short(self) -> str:
        """Its name within its source, safe to show."""
        return safe(self.signal.name.partition(".")[2], 40)

    @property
    def unit(self) -> str:
        """Its unit, where the name does not say it already: 8 connections are ``8``."""
        return "" if self.signal.unit == self.short else self.signal.unit

    @property
    def value(self) -> float | None:
        """As it is, or was when it could be seen last; None when it is not known."""
        return rows.last_value(self.source, self.signal)


def figures(
    sources: Iterable[SourceView], wanted: Callable[[str], bool] = lambda name: True
) -> tuple[Figure, ...]:
    """Those whose name within their source is wanted, in the configuration's order."""
    return tuple(
        Figure(source, signal)
        for source in sources
        for signal in source.signals
        if wanted(signal.name.partition(".")[2])
    )


def is_quiet(view: PanelView, source: SourceView) -> bool:
    """Whether its figures are of a while ago, and are to look it."""
    return rows.is_dark(source) or view.stale(source)


def level_of(view: PanelView, figure: Figure) -> Level:
    """What the figure's own rules say; it is not OK while it cannot be seen, and a red that
    goes dark stays red. Without an engine nothing is known of now."""
    signal, source = figure.signal, figure.source
    if view.state.link.state == "lost":
        return UNSEEN
    if signal.level != OK:
        return signal.level
    if source.on_request and source.level == OK and signal.value is None:
        return NO_LEVEL  # nobody has asked, or long ago
    if rows.is_dark(source):
        return UNSEEN
    if source.state == "MAINTENANCE":
        return MAINTENANCE
    if not signal.limits:
        return NO_LEVEL
    return UNSEEN if signal.value is None else OK


def signed(view: PanelView, level: Level) -> tuple[str, str]:
    """A level's sign and style; of a figure that nobody judges, a dot."""
    if level == NO_LEVEL:
        return view.look.dot, ".dim"
    return view.look.sign(level, view.state.scale), style_of(level, view.state.scale)


def level_words(level: Level) -> str:
    """A level as a row says it; nothing for one that nobody judges."""
    return "MAINT" if level == MAINTENANCE else level


def rank(view: PanelView, level: Level) -> int:
    """How much attention it wants; least, what nobody judges."""
    return -1 if level == NO_LEVEL else view.state.scale.rank(level)


def worst_first(view: PanelView, limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """A figure's limits, of all its rules, the worst level first."""
    return tuple(sorted(limits, key=lambda limit: -view.state.scale.rank(limit.level)))


def broken(limits: Iterable[Limit], value: float | None) -> Limit | None:
    """The first of the limits that this value is beyond."""
    if value is None:
        return None
    return next((limit for limit in limits if limit.threshold.holds(value)), None)


def worst_of(limits: Sequence[Limit]) -> Callable[[Sequence[float]], float]:
    """What chooses one of several values to stand for them, ``limits`` being the worst first:
    the one furthest beyond the worst limit that any is beyond. None being beyond any, it is
    the highest, or the lowest where every limit is a floor."""
    thresholds = [limit.threshold for limit in limits]
    floors = [threshold.op in ("<", "<=") for threshold in thresholds]
    otherwise = min if floors and all(floors) else max

    def worst(values: Sequence[float]) -> float:
        for threshold in thresholds:
            beyond = [value for value in values if threshold.holds(value)]
            if beyond:
                return max(beyond, key=lambda value: abs(value - threshold.limit))
        return otherwise(values)

    return worst


def calm(value: float | None, unit: str, limits: Iterable[Limit] = ()) -> str:
    """The figure in as few digits as say enough, so that it seldom moves.

    Two digits, but sizes and whole counts as they are; a share of nearly 100 % is not
    rounded up to it, and none is rounded across a limit of its own.
    """
    if value is None:
        return short_figure(None, unit)
    if not math.isfinite(value):
        return exact(value, unit)
    rounded = _rounded(value, unit)
    if any(limit.threshold.holds(rounded) != limit.threshold.holds(value) for limit in limits):
        rounded = value
    if unit == "%" and 0 < abs(rounded) < 0.01:
        return "<0.01 %" if rounded > 0 else ">-0.01 %"
    return short_figure(rounded, unit)


def exact(value: float | None, unit: str) -> str:
    """The figure with all its digits; ``inf`` is one that nothing can hold."""
    return short_figure(value, unit)


def _rounded(value: float, unit: str) -> float:
    if unit == "%" and 90 <= value < 100:
        return min(round(value, 1), 99.9)
    counted = unit not in ("%", "ms", "s") and value.is_integer() and abs(value) < 10_000
    lasting = unit in ("ms", "s") and abs(value) >= (99_500 if unit == "ms" else 99.5)
    if unit == "B" or counted or lasting:  # minutes are few enough digits
        return value
    digits = 2 if abs(value) < 100 or unit in ("ms", "s") else 3
    rounded = float(f"{value:.{digits}g}")
    return rounded if math.isfinite(rounded) else value


def text_of(figure: Figure, look: Look) -> str:
    """The figure with its unit; ``–`` for one that is not known."""
    signal = figure.signal
    return look.plain(safe(calm(figure.value, figure.unit, signal.limits), 40))


def limit_words(limit: Limit, unit: str) -> str:
    """``over 500 ms``."""
    word = COMPARED.get(limit.threshold.op, limit.threshold.op)
    return safe(f"{word} {short_figure(limit.threshold.limit, unit)}", 40)


def trend_of(view: PanelView, figure: Figure, width: int) -> str:
    """Its past in one line, each cell some polls' worst value, the newest on the right."""
    signal, source = figure.signal, figure.source
    worst = worst_of(worst_first(view, signal.limits))
    per = per_column(source.interval)
    cells = columns(signal.trend, source.polls, per, worst)
    values = [cell.value for cell in cells]
    highest = max((value for value in values if value is not None), default=0.0)
    top = 100.0 if signal.unit == "%" and highest > 50 else round_up(highest)
    drawn = sparkline(values, width, bars=view.look.bars, top=top)
    return marks.on_line(drawn, source, per, view.look)


def unknown(view: PanelView, source: SourceView, found: Iterable[Figure]) -> str:
    """Which of a source's figures are not known although it was seen, and what is said of
    that; empty when all are."""
    if rows.is_dark(source):
        return ""
    names = [figure.short for figure in found if figure.signal.value is None]
    if not names:
        return ""
    seen = source.snapshot.seen if source.snapshot is not None else None
    notes = seen.notes if isinstance(seen, PrometheusSeen) else ()
    said = f" ({'; '.join(safe(words, 120) for words in notes)})" if notes else ""
    listed = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"not known: {listed}{said}"
