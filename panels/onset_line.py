"""Troubles in one line, in the order of their first bad poll. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from textual.content import Content

from warroom.console.look import style_of
from warroom.console.panel import PanelView
from warroom.measure.past import Onset
from warroom.text import safe, short_duration

Styled = tuple[str, str]
PLAIN = timedelta(hours=12)
"""How far away a time may be that stands there without its day."""


def troubles(view: PanelView) -> tuple[Onset, ...]:
    """Those of the sources the panel is about, and the room's own."""
    names = {source.name for source in view.sources}
    return tuple(o for o in view.state.past.onsets if not o.source or o.source in names)


def first(view: PanelView) -> Onset | None:
    """The first bad figure of those that are still bad."""
    return next(iter(reds(view)), None)


def reds(view: PanelView) -> tuple[Onset, ...]:
    """The figures that are still bad."""
    return tuple(o for o in troubles(view) if o.until is None and o.signal)


def clock(view: PanelView, at: datetime) -> str:
    """``14:02:07``; with its day where that is not plain: ``11-24 14:02``."""
    seen = [s.snapshot.taken_at for s in view.state.sources if s.snapshot is not None]
    plain = abs(max(seen, default=at) - at) < PLAIN
    return f"{at:%H:%M:%S}" if plain else f"{at:%m-%d %H:%M}"


def called(view: PanelView, onset: Onset) -> str:
    """The rule that blames it; or what cannot be seen."""
    if onset.rule:
        return view.look.plain(safe(onset.rule, 60))
    if not onset.source:
        return "room cut off"
    source = view.state.named(onset.source)
    title = source.title if source is not None else onset.source
    return view.look.plain(f"{safe(title, 40)} not seen")


def lines(view: PanelView, width: int, height: int) -> list[Content]:
    """``connections 14:02:07 → api p95 14:02:19``, in as many lines as it needs; the last one
    counts those there is no room for."""
    found = troubles(view)
    if not found:
        return [Content.assemble(("No trouble in the last 30 min.", ".dim"))]
    shown, left = _packed(view, found, width, height)
    lasting = tuple(onset for onset in found if onset.until is None)
    if left and lasting:  # what is over gives way to what lasts
        shown, left = _packed(view, lasting, width, height)
    return [*shown[:-1], _ended(view, shown[-1], len(left), width)] if left else shown


def _packed(
    view: PanelView, found: Sequence[Onset], width: int, height: int
) -> tuple[list[Content], Sequence[Onset]]:
    """As many of them as so many lines hold, and those that are left."""
    arrow = " → " if view.look.unicode else " -> "
    shown: list[Content] = []
    for at, onset in enumerate(found):
        piece = Content.assemble(*_piece(view, onset))
        joined = Content.assemble(shown[-1], (arrow, ".dim"), piece) if shown else piece
        if shown and joined.cell_length <= width:
            shown[-1] = joined
        elif len(shown) < height:
            shown.append(Content.assemble((arrow.lstrip(), ".dim"), piece) if shown else piece)
        else:
            return shown, found[at:]
    return shown, ()


def _piece(view: PanelView, onset: Onset) -> Sequence[Styled]:
    scale, look = view.state.scale, view.look
    name, at = called(view, onset), f" {clock(view, onset.at)}"
    if onset.until is not None:
        lasted = short_duration((onset.until - onset.at).total_seconds())
        return ((f"{name}{at} (over after {lasted})", ".dim"),)
    style = style_of(onset.level, scale)
    here = view.focused and view.cursor in (onset.signal, onset.source)
    return (
        (f"{look.sign(onset.level, scale)} ", style),
        (name, ".accent" if here else style),
        (at, ".strong"),
    )


def _ended(view: PanelView, line: Content, left: int, width: int) -> Content:
    """The last line, with how many are not shown; that is never what is cut."""
    words = f" and {left} more"
    return Content.assemble(
        line.truncate(max(width - len(words), 0), ellipsis=view.look.unicode), (words, ".dim")
    )
