"""What an error tracker holds: new issues, those that came back, and which come most often."""

from collections.abc import Sequence

from textual.content import Content

from panels import blocks, issue_sheets, rows
from panels.databases import seen_now, worst_of
from panels.issue_columns import Columns
from panels.issues import Entry, summary, title_of, trackers, urgent
from panels.missing import missing
from warroom.console.look import shown_level
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.table import TablePanel
from warroom.console.table.drawn import cut
from warroom.measure.tracker import SentrySeen
from warroom.text import safe
from warroom.wire import SourceView

DETAILS = 8
"""Lines that must be free under the rows before the details of one are shown there."""


class TrackerPanel(TablePanel):
    """One row for each issue: those that are new or have come back, then the most frequent."""

    kinds = ("sentry",)
    heading = "Error tracker"
    sheets = issue_sheets.NAMES
    inspectable = ("issue:",)

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def rows(view: PanelView) -> tuple[str, ...]:
        found = tuple(entry.key for entry in urgent(view))
        return found or tuple(source.name for source in view.sources)

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return issue_sheets.sheet(view, name)

    @staticmethod
    def top(view: PanelView, name: str, width: int) -> list[Content]:
        lines = _notes(view, width)
        return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        return issue_sheets.details(view, key, width)


def title(view: PanelView) -> Content:
    """``12.4 events/min, 2 new, 1 regressed``, of each tracker; and the worst level where not
    all is seen."""
    parts: list[tuple[str, str]] = []
    several = len(view.sources) > 1
    for source, _ in trackers(view):
        parts += [(f" {view.look.dot} ", ".dim")] if parts else []
        parts += [(f"{view.look.plain(title_of(source))}: ", ".dim")] if several else []
        parts += summary(view, source)
    level = [] if seen_now(view) else worst_of(view)
    between = [(f" {view.look.dot} ", ".dim")] if level and parts else []
    return Content.assemble(*level, *between, *parts)


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """Rows, as many as there is room for, and under them what is not well."""
    if not view.sources:
        told = [Content.assemble((words, ".dim")) for words in _empty(view)][:height]
        return [line.truncate(width, ellipsis=view.look.unicode) for line in told]
    found, notes = urgent(view), _notes(view, width)
    if not found:
        words = _nothing(view)
        told = Content.assemble((words, ".dim")).wrap(max(width, 1)) if words else []
        lines = [*notes[: max(height - len(told), 1)], *told]
    else:
        lines = _rows(view, found, notes, width, height)
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines][:height]


def _rows(
    view: PanelView, found: Sequence[Entry], notes: Sequence[Content], width: int, height: int
) -> list[Content]:
    room = max(height - min(len(notes), max(height // 3, 1)), 1)
    fits = len(found) <= room
    at = next((n for n, entry in enumerate(found) if entry.key == view.cursor), 0)
    shown = found if fits else rows.window(found, at, max(room - 1, 1))
    columns = Columns(view, shown, width)
    heading = fits and len(shown) + len(notes) < height
    lines = [columns.heading()] if heading else []
    lines += [columns.row(entry) for entry in shown]
    if not fits and room > 1:
        lines.append(Content.assemble((f"  and {len(found) - len(shown)} more", ".dim")))
    lines += notes
    spare = height - len(lines) - 1
    if spare >= DETAILS:
        told = issue_sheets.details(view, found[at].key, width)
        lines += [Content(""), *cut(told, spare, "expand the panel")]
    return lines


def _empty(view: PanelView) -> tuple[str, ...]:
    return missing(
        view,
        "No error tracker is configured.",
        "[sources.tracker]",
        'kind = "sentry"',
        'organization = "acme"',
        'project = "web"',
        'bearer = { env = "SENTRY_TOKEN" }',
    )


def _nothing(view: PanelView) -> str:
    """That there are no issues: a claim that only one who sees everything may make."""
    seen = [seen for source, seen in trackers(view) if not rows.is_dark(source)]
    if not seen:
        return ""
    if not seen_now(view) or any(each.more for each in seen):
        return "No issue is seen, but not all can be seen."
    return "No unresolved issue."


def _notes(view: PanelView, width: int) -> list[Content]:
    """Why each tracker is not well, and what of it is not shown; the worst first."""
    found: list[Content] = []
    rank = view.state.scale.rank
    for source in sorted(view.sources, key=lambda each: -rank(shown_level(each))):
        if words := _note(view, source):
            found += blocks.beside(view, source, words, width)
    return found


def _note(view: PanelView, source: SourceView) -> str:
    seen = source.snapshot.seen if source.snapshot is not None else None
    parts = [rows.reason(view, source)]
    if isinstance(seen, SentrySeen) and not rows.is_dark(source):
        parts += [safe(words, 300) for words in seen.notes]
        if seen.hidden:
            parts.append(f"{seen.hidden} issues more are not listed")
    return f" {view.look.dot} ".join(part for part in parts if part)
