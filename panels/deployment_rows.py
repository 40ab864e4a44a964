"""The rows of deployments and of checks, in as many cells as there are. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from panels.command_facts import Deployed, ago, clock, name, seen_of, signed, since, state, words
from panels.databases import headed, quiet, style_for
from warroom.console.look import fit
from warroom.console.panel import PanelView
from warroom.text import safe
from warroom.wire import SourceView

TIME, AGO = 6, 6
NARROW, WIDE = 46, 76
"""Cells from which on it is said how long ago it was; and by whom."""
SHORTEST = 9
"""Cells of a deployment's name at the least."""


@dataclass(frozen=True)
class Columns:
    """Cells of each part; 0 leaves one out."""

    ago: int
    name: int
    state: int
    by: int
    source: int

    @classmethod
    def of(cls, view: PanelView, found: Sequence[Deployed], width: int) -> "Columns":
        """As wide as these deployments need them, in that many cells."""
        several = len({each.source.name for each in found}) > 1
        narrow = width < NARROW
        spent = 2 + 2 + TIME + 1
        back = 0 if narrow else AGO
        named = _longest((_source(view, e) for e in found), 6 if narrow else 14) if several else 0
        named = max(named, len("source")) if named and not narrow else named
        most = (7 if several else 8) if narrow else 12
        stated = _longest((state(view, each.item) for each in found), most)
        by = _longest((_by(view, each) for each in found), 14) if width >= WIDE else 0
        left = width - spent - sum(cells + 1 for cells in (back, named, stated, by) if cells)
        return cls(back, max(left, SHORTEST), stated, by, named)

    def heading(self) -> Content:
        """What each column is."""
        parts = [" " * 4, fit("UTC", TIME)]
        parts += [" ", fit("ago", self.ago, ">")] if self.ago else []
        for title, cells in (("source", self.source), ("deployment", self.name)):
            parts += [" ", fit(title, cells)] if cells else []
        for title, cells in (("state", self.state), ("by", self.by)):
            parts += [" ", fit(title, cells)] if cells else []
        return Content.assemble(("".join(parts), ".dim"))

    def row(self, view: PanelView, found: Deployed) -> Content:
        """One deployment."""
        look = view.look
        sign, style = signed(view, found)
        here = view.focused and found.key == view.cursor
        plain = quiet(view, found.source)
        passed = since(view, found)
        loud = style if found.item.outcome == "failed" and found.decides else plain
        parts: list[tuple[str, str]] = [
            (f"{look.pointer} " if here else "  ", ".accent"),
            (f"{sign} ", style),
            (fit(clock(found, passed, look.dash), TIME), plain),
        ]
        if self.ago:
            parts.append((f" {fit(ago(passed, look.dash), self.ago, '>')}", plain or ".dim"))
        if self.source:
            parts.append((f" {fit(_source(view, found), self.source, '<', look.end)}", plain))
        words = f" {fit(name(view, found.item), self.name, '<', look.end)}"
        parts.append((words, ".strong" if here else loud))
        if self.state:
            words = fit(state(view, found.item), self.state, "<", look.end)
            parts.append((f" {words}", loud or ".dim"))
        if self.by:
            parts.append((f" {fit(_by(view, found), self.by, '<', look.end)}", plain or ".dim"))
        return Content.assemble(*parts)


def _longest(texts: Iterable[str], most: int) -> int:
    return min(max(map(cell_len, texts), default=0), most)


def _source(view: PanelView, found: Deployed) -> str:
    return view.look.plain(safe(found.source.title, 40))


def _by(view: PanelView, found: Deployed) -> str:
    return view.look.plain(safe(found.item.by, 40))


def check(view: PanelView, source: SourceView) -> Content:
    """A check or a number: its level, and what it says."""
    seen = seen_of(source)
    number = seen.number if seen is not None else None
    loud = style_for(view, source, "value", number)
    text = view.look.plain(words(source))
    return Content.assemble(*headed(view, source), (text, loud or quiet(view, source) or ".dim"))
