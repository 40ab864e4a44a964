"""The pages of the expanded panel ``tracker``, and all that is known of one issue. Pure."""

from textual.content import Content

from panels.databases import empty, quiet, style_for
from panels.issues import (
    Entry,
    ago,
    counted,
    entries,
    moment,
    newest,
    per_minute,
    seconds,
    title_of,
    trackers,
)
from panels.queue_details import told
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.text import safe

FREQUENT, NEWEST = "most frequent", "newest"
NAMES = (FREQUENT, NEWEST)

_TRACKER = Column(title="tracker", width=10)
_COLUMNS = (
    Column(title="state", width=9),
    Column(title="/min", width=7, align=">"),
    Column(title="events", width=7, align=">", rank=2),
    Column(title="users", width=6, align=">", rank=3),
    Column(title="last seen", width=10, rank=1),
    Column(title="first seen", width=10, rank=4),
    Column(title="level", width=8, rank=6),
    Column(title="issue", width=20, grows=True),
    Column(title="in", width=16, grows=True, rank=5),
)


def sheet(view: PanelView, name: str) -> Sheet:
    """The page with this name."""
    order = newest(view) if name == NEWEST else entries(view)
    whole = not any(seen.more for _, seen in trackers(view))
    words = empty(view, "No unresolved issue.") if whole else "No issue was read."
    columns = (_TRACKER, *_COLUMNS) if len(view.sources) > 1 else _COLUMNS
    found = tuple(_row(view, entry) for entry in order)
    return Sheet(name=name, columns=columns, rows=found, empty=words)


def _row(view: PanelView, entry: Entry) -> Row:
    issue, source, dash = entry.issue, entry.source, view.look.dash
    plain = quiet(view, source)
    signal = source.signal(entry.mark_figure)
    marked = style_for(view, source, entry.mark_figure, signal.value if signal else None)
    rate = style_for(view, source, "worst_issue_per_minute", issue.per_minute)
    cells = (
        Cell(entry.mark, style=plain or marked or ".strong"),
        Cell(per_minute(issue.per_minute, dash), issue.per_minute, rate or plain),
        Cell(counted(issue.events, dash), _number(issue.events), plain),
        Cell(counted(issue.users, dash), _number(issue.users), plain),
        Cell(ago(view, source, issue.last_seen), seconds(issue.last_seen), plain),
        Cell(ago(view, source, issue.first_seen), seconds(issue.first_seen), plain),
        Cell(safe(issue.level, 20), style=plain),
        Cell(safe(issue.title, 300), style=plain),
        Cell(safe(issue.culprit, 200), style=plain),
    )
    whose = (Cell(title_of(source), style=plain),) if len(view.sources) > 1 else ()
    return Row(key=entry.key, cells=(*whose, *cells), more=f"{issue.name} {issue.url}")


def _number(count: int | None) -> float | None:
    return None if count is None else float(count)


def details(view: PanelView, key: str, width: int) -> list[Content]:
    """All that is known of the issue with this key."""
    found = next((entry for entry in entries(view) if entry.key == key), None)
    if found is None:
        return []
    issue, source = found.issue, found.source
    project = next(seen.project for each, seen in trackers(view) if each.name == source.name)
    rate = "not known" if issue.per_minute is None else per_minute(issue.per_minute, "")
    known = (
        ("issue", safe(issue.title, 1_000)),
        ("name", safe(issue.name, 100)),
        ("in", safe(issue.culprit, 400)),
        ("level", safe(issue.level, 40)),
        ("state", found.mark),
        ("events/min", rate),
        ("events", "" if issue.events is None else str(issue.events)),
        ("users", "" if issue.users is None else str(issue.users)),
        ("first seen", moment(view, source, issue.first_seen)),
        ("last seen", moment(view, source, issue.last_seen)),
        ("tracker", f"{title_of(source)}, project {safe(project, 200)}"),
        ("address", safe(issue.url, 400)),
    )
    return told(view, known, width)
