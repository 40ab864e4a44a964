"""The rows of vendors, and what is said under them: pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from panels import blocks, rows, vendor_facts
from panels.cells import told_apart
from panels.databases import quiet
from warroom.console.look import fit, is_well, shown_level, sign_of, style_of
from warroom.console.panel import PanelView
from warroom.severity import OK
from warroom.text import safe
from warroom.wire import SourceView

GAP = "  "
STATE, SHORTEST, LONGEST = 7, 8, 20
"""Cells of a state at the least; of a name, at the least and at the most."""
SAYS, SEEN = 11, 6
REST = 40
"""Cells from which what troubles a vendor stands in its row; else it hangs under it."""
SAID = 4
"""Lines under one row at the most."""


@dataclass(frozen=True)
class Columns:
    """Cells of each part; 0 leaves one out."""

    state: int
    names: dict[str, str]
    says: int
    seen: int
    rest: int

    @classmethod
    def of(cls, view: PanelView, width: int) -> "Columns":
        """As wide as these vendors need them, in that many cells."""
        state = max(STATE, *(cell_len(vendor_facts.state(each)) for each in view.sources))
        titles = {s.name: view.look.plain(safe(s.title, 40)) for s in view.sources}
        says = max(SAYS, *(cell_len(vendor_facts.says(view, each)) for each in view.sources))
        left = width - 2 - 2 - state - len(GAP) - len(GAP) - says
        longest = min(max(map(cell_len, titles.values())), LONGEST)
        name = max(min(longest, left), SHORTEST)
        left -= name
        says = max(says + min(left, 0), 1)
        seen = SEEN if left >= len(GAP) + SEEN else 0
        left -= (len(GAP) + seen) if seen else 0
        rest = left - len(GAP)
        names = told_apart({k: ("", text) for k, text in titles.items()}, name, view.look.end)
        return cls(state, names, says, seen, rest if rest >= REST else 0)

    def heading(self) -> Content:
        """What each column is."""
        name = max(map(cell_len, self.names.values()))
        parts = [" " * 4, " " * self.state, GAP, fit("vendor", name), GAP, fit("says", self.says)]
        parts += [GAP, fit("seen", self.seen, ">")] if self.seen else []
        parts += [GAP, "trouble, newest incident"] if self.rest else []
        return Content.assemble(("".join(parts), ".dim"))

    def row(self, view: PanelView, source: SourceView) -> Content:
        """The vendor's row."""
        look, scale, old = view.look, view.state.scale, quiet(view, source)
        style = style_of(shown_level(source), scale)
        here = view.focused and source.name == view.cursor
        says = look.plain(vendor_facts.says(view, source))
        parts: list[tuple[str, str]] = [
            (f"{look.pointer} " if here else "  ", ".accent"),
            (f"{sign_of(source, look, scale)} ", style),
            (fit(vendor_facts.state(source), self.state), ".dim" if is_well(source) else style),
            (f"{GAP}{self.names[source.name]}{GAP}", ".strong" if here else old),
            (fit(says, self.says, "<", look.end), vendor_facts.says_style(view, source)),
        ]
        if self.seen:
            parts.append((f"{GAP}{fit(vendor_facts.seen_ago(view, source), self.seen, '>')}", old))
        if self.rest:
            words = look.plain(f" {look.dot} ".join(vendor_facts.troubles(source)))
            parts.append((f"{GAP}{words}", ".dim" if old or source.level == OK else ""))
        return Content.assemble(*parts)


def lines(view: PanelView, shown: Sequence[SourceView], width: int, room: int) -> list[Content]:
    """The rows with what is said under them, in at most so many lines; those that want most
    attention are said most of."""
    columns, spare = Columns.of(view, width), room - len(shown)
    order = sorted(shown, key=lambda each: -blocks.rank(view, each))
    wanted = {each.name: len(_under(view, each, columns, width, SAID)) for each in order}
    given = dict.fromkeys(wanted, 0)
    for at in range(SAID):  # a line for each before a second one for any
        for name in (name for name, most in wanted.items() if most > at and spare > 0):
            given[name] += 1
            spare -= 1
    found = [columns.heading()] if spare > 0 else []
    for source in shown:
        under = _under(view, source, columns, width, given[source.name])
        found += [columns.row(view, source), *under]
    return found


def _under(
    view: PanelView, source: SourceView, columns: Columns, width: int, most: int
) -> list[Content]:
    """What its row has no room for, and why it is not well; why it is not seen comes first."""
    trouble = "" if columns.rest else f" {view.look.dot} ".join(vendor_facts.troubles(source))
    told = [trouble, rows.reason(view, source)]
    found: list[Content] = []
    for words in reversed(told) if source.state == "CAN'T SEE" else told:
        lines = min(blocks.LONGEST, most - len(found))
        if words and lines > 0:
            found += blocks.hung(view, words, width, lines, quiet=source.level == OK)
    return found
