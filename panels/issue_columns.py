"""One row of the panel ``tracker`` for each issue: as wide as these rows need it. Pure."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from panels.databases import quiet, style_for
from panels.issues import Entry, ago, counted, per_minute, title_of
from warroom.console.look import fit
from warroom.console.panel import PanelView
from warroom.text import safe

GAP = "  "
WIDE, WIDER = 64, 100
"""Cells from which one reads when an issue was seen last; how many it has hit, and where."""
RATE, COUNT, AGO, NAMES, CULPRIT = 6, 6, 10, 12, 28
_SHORT = {"REGRESSED": "REGR"}


class Columns:
    """The rows' columns: as wide as these rows need them."""

    def __init__(self, view: PanelView, shown: Sequence[Entry], width: int) -> None:
        self._view = view
        self._wide, self._wider = width >= WIDE, width >= WIDER
        self._marks = max(cell_len(self._mark(entry)) for entry in shown)
        titles = [view.look.plain(title_of(source)) for source in view.sources]
        least = len("tracker") if self._wide else 1
        longest = max(map(cell_len, titles), default=0)
        self._names = min(max(longest, least), NAMES) if len(titles) > 1 else 0

    def heading(self) -> Content:
        """What stands in the columns."""
        cells = ["", *([f"{'':<{self._marks}}"] if self._marks else []), f"{'/min':>{RATE}}"]
        if self._wider:
            cells += [f"{'events':>{COUNT}}", f"{'users':>{COUNT}}"]
        if self._wide:
            cells.append(f"{'last seen':<{AGO}}")
        if self._names:
            cells.append(fit("tracker", self._names, "<", self._view.look.end))
        cells += [f"{'in':<{CULPRIT}}"] if self._wider else []
        return Content.assemble((GAP.join([*cells, "issue"]), ".dim"))

    def row(self, entry: Entry) -> Content:
        """The line of one issue."""
        view, issue, source = self._view, entry.issue, entry.source
        look = view.look
        here = view.focused and entry.key == view.cursor
        plain = quiet(view, source)
        parts: list[tuple[str, str]] = [(f"{look.pointer} " if here else "  ", ".accent")]
        if self._marks:
            signal = source.signal(entry.mark_figure)
            marked = style_for(view, source, entry.mark_figure, signal.value if signal else None)
            words = fit(self._mark(entry), self._marks, "<", look.end)
            parts += [(words, plain or marked or ".strong"), (GAP, "")]
        rate = style_for(view, source, "worst_issue_per_minute", issue.per_minute)
        parts += [(fit(per_minute(issue.per_minute, look.dash), RATE, ">"), rate or plain)]
        for words, align, cells in self._more(entry):
            parts += [(GAP, ""), (fit(look.plain(words), cells, align, look.end), plain)]
        return Content.assemble(
            *parts, (GAP, ""), (look.plain(safe(issue.title, 300)), ".strong" * here or plain)
        )

    def _more(self, entry: Entry) -> list[tuple[str, str, int]]:
        view, issue, source = self._view, entry.issue, entry.source
        found = []
        if self._wider:
            found += [(counted(n, view.look.dash), ">", COUNT) for n in (issue.events, issue.users)]
        if self._wide:
            found.append((ago(view, source, issue.last_seen), "<", AGO))
        if self._names:
            found.append((title_of(source), "<", self._names))
        if self._wider:
            found.append((safe(issue.culprit, 100), "<", CULPRIT))
        return found

    def _mark(self, entry: Entry) -> str:
        return entry.mark if self._wide else _SHORT.get(entry.mark, entry.mark)
