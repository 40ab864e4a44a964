"""Everything known of one figure, for the expanded panels: words, and its past as a large
graph. Pure."""

from collections.abc import Iterable
from datetime import UTC

from textual.content import Content

from panels import graph, rows
from panels.figures import (
    Figure,
    broken,
    calm,
    exact,
    level_of,
    level_words,
    limit_words,
    signed,
    text_of,
    unknown,
    worst_first,
)
from warroom.console.look import style_of
from warroom.console.panel import PanelView
from warroom.severity import OK
from warroom.text import safe
from warroom.wire import Limit

NAME = 10
"""Cells of the names on the left."""


def lines(view: PanelView, figure: Figure, width: int, height: int) -> list[Content]:
    """What it is, why it is not well, its limits, its range, and its graph in what is left."""
    look = view.look
    found = [_head(view, figure, width), *_words(view, figure, width)]
    room = height - len(found)
    if room >= graph.LOWEST:
        found += graph.lines(view, figure, width, room, axis=room >= graph.LOWEST + 2)
    return [line.truncate(width, ellipsis=look.unicode) for line in found[: max(height, 0)]]


def _head(view: PanelView, figure: Figure, width: int) -> Content:
    look = view.look
    sign, style = signed(view, level_of(view, figure))
    level = level_words(level_of(view, figure))
    rule = look.box[1]
    name = look.plain(safe(figure.source.title, 40))
    short = look.plain(figure.short)
    head = Content.assemble(
        (f"{rule}{rule} ", ".frame"),
        (f"{name} {short}", ".strong"),
        ("  ", ""),
        (f"{sign} {level}".rstrip(), style),
        (" ", ""),
    )
    return Content.assemble(head, (rule * max(width - head.cell_length, 0), ".frame"))


def _words(view: PanelView, figure: Figure, width: int) -> Iterable[Content]:
    look, signal, source = view.look, figure.signal, figure.source
    for name, words in _said(view, figure):
        for at, part in enumerate(rows.wrapped(words, max(width - NAME - 2, 20), 3, look)):
            yield _line("" if at else name, part)
    for at, limit in enumerate(worst_first(view, signal.limits)):
        yield _line("" if at else "limits", _limit(view, figure, limit))
    known = [value for value in signal.trend if value is not None]
    if known:
        ends = (("min", min(known)), ("avg", sum(known) / len(known)), ("max", max(known)))
        parts = [f"{name} {calm(value, signal.unit)}" for name, value in ends]
        unseen = len(signal.trend) - len(known)
        if unseen:
            parts.append(f"{unseen} of {len(signal.trend)} polls saw nothing")
        yield _line("range", look.plain(safe(f" {look.dot} ".join(parts), 200)))
    if source.snapshot is not None and view.expanded:
        taken = source.snapshot.taken_at.astimezone(UTC)
        yield _line("taken", f"{taken:%Y-%m-%d %H:%M:%S}Z")


def _said(view: PanelView, figure: Figure) -> Iterable[tuple[str, str]]:
    signal, source = figure.signal, figure.source
    of = f" ({safe(signal.of, 60)})" if signal.of else ""
    # In a room it moves as seldom as its row; expanded, every digit is wanted.
    now = exact(figure.value, signal.unit) if view.expanded else text_of(figure, view.look)
    yield "now", safe(now, 60) + of
    own, reason = safe(signal.cause, 300), rows.reason(view, source)
    if signal.level != OK and own and own not in reason:
        yield "why", own
    if reason:
        yield ("why" if own and own in reason else "source"), reason
    missing = unknown(view, source, [figure])
    if missing:
        yield "unknown", missing


def _limit(view: PanelView, figure: Figure, limit: Limit) -> Content:
    look = view.look
    beyond = broken((limit,), figure.value) is not None
    sign, style = signed(view, limit.level)
    words = f"{limit_words(limit, figure.signal.unit)}  {safe(limit.rule, 60)}"
    now = ("  it is now", style_of(limit.level, view.state.scale)) if beyond else ("", "")
    return Content.assemble((f"{sign} {safe(limit.level, 8)}", style), f" {look.plain(words)}", now)


def _line(name: str, part: str | Content) -> Content:
    return Content.assemble((f"  {name:<{NAME}}", ".dim"), part)
