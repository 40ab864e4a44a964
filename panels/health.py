"""Health endpoints: which answer as they should, how fast, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from panels import health_details, marks, rows
from panels.missing import missing
from warroom.console.look import (
    Look,
    fit,
    is_unasked,
    is_well,
    label,
    shown_level,
    sign_of,
    style_of,
)
from warroom.console.panel import Panel, PanelView
from warroom.measure.history import sparkline
from warroom.measure.snapshot import HttpSeen
from warroom.severity import OK, UNSEEN
from warroom.text import safe, short_figure
from warroom.wire import SourceView

DETAILS = 16
"""Lines that must be free under the rows before the details of one are shown there."""
STATUS, LATENCY = 6, 9
"""Cells of a status and of a latency, with a blank or a bracket after each."""
NARROW, SHORTEST = 40, 7
"""Columns under which a latency gives way, and the cells it keeps: without its unit it tells
nothing."""


class HealthPanel(Panel):
    """One row for each ``http`` source; a second line under each that is not well."""

    kinds = ("http",)
    heading = "Health"

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def rows(view: PanelView) -> tuple[str, ...]:
        return tuple(source.name for source in arranged(view)[0])


def title(view: PanelView) -> Content:
    """``3 of 4 up``, and the worst level where there is one.

    What is only asked on request is no part of the count: nobody looks at it.
    """
    asked = [source for source in view.sources if not source.on_request]
    if not asked:
        return Content("")
    up = sum(source.state == "UP" for source in asked)
    worst = view.state.scale.worst(shown_level(source) for source in asked)
    words = Content.assemble((f"{up} of {len(asked)} up", ".dim" if up == len(asked) else ""))
    if worst == OK:
        return words
    style = style_of(worst, view.state.scale)
    return Content.assemble(words, f" {view.look.dot} ", (worst, style))


def arranged(view: PanelView) -> tuple[tuple[SourceView, ...], bool]:
    """The sources in the order they are drawn, and whether they all fit, with their reasons.

    In the configuration's order, since people find a row by its place; when there are more
    than fit, the worst come first.
    """
    if view.expanded:
        fits = len(view.sources) < _most(view.height)
    else:
        fits = sum(2 if rows.reason(view, s) else 1 for s in view.sources) <= view.height
    if fits:
        return view.sources, True
    return tuple(sorted(view.sources, key=lambda source: -_urgency(view, source))), False


def _most(height: int) -> int:
    """Lines of the table over the details of one."""
    return max(4, height // 2)


def _urgency(view: PanelView, source: SourceView) -> float:
    if is_unasked(source):
        return -1.0
    rank = view.state.scale.rank(shown_level(source))
    return rank + 0.5 if source.state == "DOWN" else rank


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """The panel's lines."""
    if not view.sources:
        return [Content.assemble((words, ".dim")) for words in _empty(view)]
    columns = Columns.of(view, width)
    draw = _expanded if view.expanded else _table
    lines = draw(view, columns, width, height)[:height]
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]


def _empty(view: PanelView) -> tuple[str, ...]:
    return missing(
        view,
        "No health endpoint is configured.",
        "[sources.web]",
        'kind = "http"',
        'url = "https://www.example.com/health"',
    )


@dataclass(frozen=True)
class Columns:
    """Widths in cells of a row's parts; 0 leaves a part out."""

    label: int
    gap: int
    title: int
    latency: int
    p95: int
    availability: int
    trend: int

    @classmethod
    def of(cls, view: PanelView, width: int) -> "Columns":
        label_width = max(9, *(len(label(source)) for source in view.sources))
        longest = max(len("endpoint"), *(len(safe(s.title, 40)) for s in view.sources))
        titles = min(longest, max(8, width // 5))
        gap, latency = 2, LATENCY
        if width < NARROW:
            gap = 1
            latency = max(width - 4 - label_width - gap - titles - STATUS, SHORTEST)
        p95 = 11 if width >= 62 else 0
        availability = 9 if width >= 92 else 0
        # pointer 2, sign 2
        used = 2 + 2 + label_width + gap + titles + STATUS + latency + p95 + availability
        return cls(
            label_width,
            gap,
            titles,
            latency,
            p95,
            availability,
            max(0, min(width - used - 1, 120 if width >= 150 else 60)),
        )


def _table(view: PanelView, columns: Columns, width: int, height: int) -> list[Content]:
    """Rows with their reasons; when they do not all fit, the worst come first."""
    order, fits = arranged(view)
    if not fits:
        return _crowded(view, order, columns, width, height)
    lines = [line for source in order for line in _block(view, source, columns, width)]
    head = [_heading(columns)] if len(lines) < height else []
    spare = height - len(head) - len(lines) - 1
    details = health_details.lines(view, _chosen(view), width, spare) if spare >= DETAILS else []
    return [*head, *lines, *([Content("")] if details else []), *details[:spare]]


def _crowded(
    view: PanelView, order: tuple[SourceView, ...], columns: Columns, width: int, height: int
) -> list[Content]:
    """Too many lines: the rows that are not well, then their reasons, then the others; the
    cursor's is among them, and those that are hidden are counted."""
    at = next((i for i, source in enumerate(order) if source.name == view.cursor), 0)
    said = {s.name for s in order if _is_bad(s) and rows.reason(view, s)}
    room = height if len(order) + len(said) <= height else max(height - 1, 1)
    for count in range(min(room, len(order)), 0, -1):
        shown = rows.window(order, at, count)
        reasons = sum(source.name in said for source in shown)
        if count + reasons <= room or all(_is_bad(source) for source in shown):
            break
    spare = room - len(shown)
    lines: list[Content] = []
    for source in shown:
        block = _block(view, source, columns, width)
        extra = min(len(block) - 1, spare) if source.name in said else 0
        spare -= extra
        lines.extend(block[: 1 + extra])
    return [*lines, *_hidden(order, shown)]


def _is_bad(source: SourceView) -> bool:
    return not (is_well(source) or is_unasked(source))


def _hidden(order: Sequence[SourceView], shown: Sequence[SourceView]) -> list[Content]:
    """A line that counts those that are not shown, if there are any."""
    hidden = [source for source in order if source not in shown]
    if not hidden:
        return []
    unasked = sum(is_unasked(source) for source in hidden)
    return [rows.hidden(len(hidden), sum(map(_is_bad, hidden)), unasked=unasked)]


def _heading(columns: Columns) -> Content:
    parts = [
        " " * 4,
        fit("state", columns.label),
        " " * columns.gap,
        fit("endpoint", columns.title),
    ]
    parts += [fit("code ", STATUS, ">"), fit("latency ", columns.latency, ">")]
    parts.append(fit("p95 ", columns.p95, ">") if columns.p95 else "")
    parts.append(fit("avail. ", columns.availability, ">") if columns.availability else "")
    parts.append(
        " " + fit("latency, newest right", columns.trend, ">") if columns.trend > 24 else ""
    )
    return Content.assemble(("".join(parts), ".dim"))


def _block(view: PanelView, source: SourceView, columns: Columns, width: int) -> list[Content]:
    lines = [_row(view, source, columns)]
    reason = rows.reason(view, source)
    if reason:
        lines.append(rows.note(reason, width, view.look, quiet=source.level == OK))
    return lines


def _row(view: PanelView, source: SourceView, columns: Columns) -> Content:
    look, scale = view.look, view.state.scale
    level = shown_level(source)
    style = ".strong" if level == OK and source.state == "DOWN" else style_of(level, scale)
    style = ".dim" if is_unasked(source) else style
    here = view.focused and source.name == view.cursor
    stale = view.stale(source) or source.state == "CAN'T SEE"
    quiet = ".dim" if stale else ""
    seen = source.snapshot.seen if source.snapshot else None
    status = str(seen.status or look.dash) if isinstance(seen, HttpSeen) else look.dash
    was = rows.is_dark(source) or (source.on_request and source.state == "CAN'T SEE")
    figures = {
        signal.name.partition(".")[2]: (rows.last_value(source, signal), signal.unit)
        for signal in source.signals
    }
    parts: list[tuple[str, str] | str] = [
        (f"{look.pointer} " if here else "  ", ".accent"),
        (f"{sign_of(source, look, scale)} ", style),
        (fit(label(source), columns.label), ".dim" if is_well(source) else style),
        " " * columns.gap,
        (
            fit(look.plain(safe(source.title, 40)), columns.title, "<", look.end),
            ".strong" if here else quiet,
        ),
        (fit(_bracketed(status, look, was), STATUS, ">"), quiet),
        (_figure(figures, "latency", columns.latency, look, was), quiet),
    ]
    if columns.p95:
        parts.append((_figure(figures, "latency_p95", columns.p95, look, was), quiet or ".dim"))
    if columns.availability:
        share = _figure(figures, "availability", columns.availability, look, was)
        parts.append((share, quiet or ".dim"))
    if columns.trend:
        drawn = sparkline(source.trend, columns.trend, bars=look.bars)
        trend = marks.on_line(drawn, source, 1, look)
        parts += [" ", (trend, ".dim" if level in (OK, UNSEEN) or stale else "")]
    return Content.assemble(*parts)


def _figure(
    figures: Mapping[str, tuple[float | None, str]], name: str, width: int, look: Look, was: bool
) -> str:
    text = look.plain(short_figure(*figures.get(name, (None, ""))))
    return fit(_bracketed(text, look, was), width, ">")


def _bracketed(text: str, look: Look, was: bool) -> str:
    """A figure that was, and is not known to be so now, in brackets; else a blank after it."""
    return f"({text})" if was and text != look.dash else f"{text} "


def _chosen(view: PanelView) -> SourceView:
    """The source under the cursor, or the first."""
    return next((s for s in view.sources if s.name == view.cursor), view.sources[0])


def _expanded(view: PanelView, columns: Columns, width: int, height: int) -> list[Content]:
    """The rows, then the details of the one under the cursor; of too many the worst come
    first, and the others are counted."""
    chosen = _chosen(view)
    order, fits = arranged(view)
    shown: Sequence[SourceView] = order
    if not fits:
        shown = rows.window(order, order.index(chosen), _most(height) - 2)
    table = [_heading(columns), *(_row(view, source, columns) for source in shown)]
    table += _hidden(order, shown)
    details = health_details.lines(view, chosen, width, height - len(table) - 1)
    return [*table, Content(""), *details][:height]
