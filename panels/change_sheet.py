"""A page of what has changed of servers, the newest first. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC

from panels.databases import empty
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.change import Change
from warroom.text import safe
from warroom.wire import SourceView

_COLUMNS = (
    Column(title="at (UTC)", width=19),
    Column(title="what", width=30, grows=True),
    Column(title="server", width=12, rank=1),
)


def keyed(source: SourceView, changes: Iterable[Change]) -> Iterable[tuple[str, Change]]:
    """Each change with the key of its row, which stays when others come."""
    met: Counter[str] = Counter()
    for change in changes:
        named = f"{change.at.isoformat()}:{change.what}"
        met[named] += 1
        yield f"{source.name}.change:{met[named]}:{named}", change


def sheet(
    view: PanelView, name: str, found: Iterable[tuple[SourceView, tuple[Change, ...]]]
) -> Sheet:
    """The page with this name, of these sources' changes."""
    lines = [
        _row(key, source, change)
        for source, changes in found
        for key, change in keyed(source, changes)
    ]
    lines.sort(key=lambda row: -float(row.cells[0].sort or 0.0))
    words = empty(view, "Nothing has changed.")
    return Sheet(name=name, columns=_COLUMNS, rows=tuple(lines), empty=words)


def _row(key: str, source: SourceView, change: Change) -> Row:
    cells = (
        Cell(f"{change.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", change.at.timestamp()),
        Cell(safe(change.what, 300)),
        Cell(safe(source.title, 40)),
    )
    return Row(key=key, cells=cells)
