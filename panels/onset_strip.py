"""What changed around the first red, or lately. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from rich.cells import cell_len
from textual.content import Content

from panels import marks, onset_line
from warroom.console.look import fit
from warroom.console.panel import PanelView
from warroom.measure.past import KEPT, MARKED, Noticed, Onset
from warroom.text import safe, short_duration

LEAST = 18
"""Cells for what changed, before its time gives way to it."""


def changes(view: PanelView) -> tuple[Noticed, ...]:
    """Those of the sources the panel is about, oldest first; one that several sources noticed
    stands once."""
    names = {source.name for source in view.sources}
    found: dict[tuple[str, str], Noticed] = {}
    for noticed in view.state.past.changes:
        if noticed.source in names:
            minute = f"{noticed.change.at:%Y%m%d%H%M}"
            found.setdefault((noticed.change.what, minute), noticed)
    return tuple(found.values())


def lines(view: PanelView, width: int, height: int) -> list[Content]:
    """The changes that may have to do with the first red, in the order of time; when nothing
    is red, the newest."""
    found = changes(view)
    if height <= 0 or not found:
        return []
    red = _red(view, found)
    chosen = found[-height:] if red is None else _nearest(found, red, height)
    return [_line(view, noticed, red, width) for noticed in chosen]


def _red(view: PanelView, found: Sequence[Noticed]) -> Onset | None:
    """The first red; but not one so much older than all that changed that nothing of it can
    have to do with it: a small trouble of last week must not hide what broke now."""
    reach = min(noticed.change.at for noticed in found) - timedelta(seconds=KEPT)
    return next((red for red in onset_line.reds(view) if red.at >= reach), None)


def _nearest(found: Sequence[Noticed], red: Onset, most: int) -> Sequence[Noticed]:
    """Deployments before other changes, what came before the red before what came after it,
    and of these the nearest."""

    def distance(noticed: Noticed) -> tuple[bool, bool, float]:
        change, apart = noticed.change, ahead(noticed, red)
        return apart < 0, change.kind not in MARKED, abs(apart)

    chosen = set(sorted(found, key=distance)[:most])
    return [noticed for noticed in found if noticed in chosen]


def ahead(noticed: Noticed, red: Onset) -> float:
    """By how many seconds the change came before the red; negative when after."""
    return (red.at - noticed.change.at).total_seconds()


def apart(noticed: Noticed, red: Onset) -> str:
    """``12 min before``; empty when it is too far for that."""
    seconds = ahead(noticed, red)
    if abs(seconds) > KEPT:
        return ""
    return f"{short_duration(abs(seconds))} {'before' if seconds >= 0 else 'after'}"


def _called(view: PanelView, red: Onset) -> str:
    if red == onset_line.first(view):
        return "the first red"
    return fit(onset_line.called(view, red), 24, "<", view.look.end).rstrip()


def _line(view: PanelView, noticed: Noticed, red: Onset | None, width: int) -> Content:
    change, look = noticed.change, view.look
    marked = change.kind in MARKED
    source = view.state.named(noticed.source)
    title = look.plain(safe(source.title if source is not None else noticed.source, 40))
    said = apart(noticed, red) if red is not None else title
    which = f" {_called(view, red)}" if red is not None and said else ""
    words = look.plain(safe(change.what, 200))
    sign, at = marks.sign(look) if marked else " ", f"{onset_line.clock(view, change.at)} "
    room = width - 2 - len(at) - cell_len(said) - cell_len(which) - 2
    # What changed is what gives way last: two deployments must not read the same.
    if room < min(LEAST, cell_len(words)):
        room, which = room + cell_len(which), ""
    if room < min(LEAST, cell_len(words)) and red is not None and said:
        room, at = room + len(at), ""
    said += which
    shown = fit(words, max(min(room, cell_len(words)), 1), "<", look.end)
    tail = f"  {said}" if said else ""
    near = red is not None and marked and ahead(noticed, red) >= 0
    return Content.assemble(
        (f"{sign} {at}", ".dim"),
        (shown, ".strong" if marked else ""),
        (tail, ".strong" if near else ".dim"),
    )
