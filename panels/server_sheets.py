"""Pages about the servers themselves: who streams from them, what has changed, what the
team's own queries gave. Pure."""

from collections import Counter

from panels import change_sheet
from panels.databases import empty, postgres, quiet, seconds, style_for
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.postgres import PostgresSeen, Replica, Slot
from warroom.text import safe, short_figure
from warroom.wire import SourceView

_STREAM = (
    Column(title="behind", width=9, align=">"),
    Column(title="bytes", width=10, align=">"),
    Column(title="what", width=8),
    Column(title="state", width=18),
    Column(title="name", width=20, grows=True),
    Column(title="server", width=12, rank=1),
)


def replication(view: PanelView, name: str) -> Sheet:
    """How far each replica is behind, and what is kept for it."""
    found: list[Row] = []
    for source, seen in postgres(view):
        if seen.identity.role == "replica":
            found.append(_itself(view, source, seen))
        met: Counter[str] = Counter()
        for replica in seen.replicas:
            met[replica.name] += 1  # a name may be theirs all
            found.append(_replica(view, source, replica, met[replica.name]))
        found += [_slot(view, source, slot) for slot in seen.slots]
    words = empty(view, "Nobody streams from here, and nothing is kept for anybody.")
    return Sheet(name=name, columns=_STREAM, rows=tuple(found), empty=words)


def _itself(view: PanelView, source: SourceView, seen: PostgresSeen) -> Row:
    known = {name: source.signal(name) for name in ("replication_lag", "replication_lag_bytes")}
    lag, size = (signal.value if signal is not None else None for signal in known.values())
    named = safe(seen.identity.address, 60)
    cells = _cells(view, source, lag, size, ("itself", "follows", named))
    return Row(key=f"{source.name}.itself", cells=cells)


def _replica(view: PanelView, source: SourceView, replica: Replica, number: int) -> Row:
    state = f"{safe(replica.state, 20)} {safe(replica.sync, 10)}".strip()
    words = ("replica", state, safe(replica.name, 100))
    cells = _cells(view, source, replica.lag, replica.lag_bytes, words)
    return Row(key=f"{source.name}.replica:{number}:{replica.name}", cells=cells)


def _cells(
    view: PanelView,
    source: SourceView,
    lag: float | None,
    size: float | None,
    words: tuple[str, ...],
) -> tuple[Cell, ...]:
    plain = quiet(view, source)
    late = style_for(view, source, "replication_lag", lag)
    large = style_for(view, source, "replication_lag_bytes", size)
    return (
        Cell(seconds(lag) or view.look.dash, lag, late or plain),
        Cell(short_figure(size, "B"), size, large or plain),
        *(Cell(text, style=plain) for text in words),
        Cell(safe(source.title, 40), style=plain),
    )


def _slot(view: PanelView, source: SourceView, slot: Slot) -> Row:
    plain = quiet(view, source)
    kept = style_for(view, source, "slot_retained", slot.retained)
    state = f"{'active' if slot.active else 'INACTIVE'} {safe(slot.status, 20)}".strip()
    words = ("slot", state, safe(slot.name, 100), safe(source.title, 40))
    cells = (
        Cell("", None),
        Cell(short_figure(slot.retained, "B"), slot.retained, kept or plain),
        *(Cell(text, style=plain) for text in words),
    )
    return Row(key=f"{source.name}.slot:{slot.name}", cells=cells)


def changes(view: PanelView, name: str) -> Sheet:
    """What of the servers is not as it was, the newest first."""
    found = ((source, seen.changes) for source, seen in postgres(view))
    return change_sheet.sheet(view, name, found)


_CHECK = (
    Column(title="query", width=20),
    Column(title="row", width=30, grows=True),
    Column(title="server", width=12, rank=1),
)


def checks(view: PanelView, name: str) -> Sheet:
    """The rows of the team's own queries."""
    found = []
    for source, seen in postgres(view):
        plain = quiet(view, source)
        for at, table in enumerate(seen.tables):
            for number, row in enumerate(table.rows):
                named = zip(table.columns, row, strict=False)
                words = "  ".join(f"{safe(name, 40)}={safe(value, 200)}" for name, value in named)
                texts = (safe(table.title, 60), words, safe(source.title, 40))
                cells = tuple(Cell(text, style=plain) for text in texts)
                found.append(Row(key=f"{source.name}.check:{at}:{number}", cells=cells))
    words = empty(view, "The queries gave no row.")
    return Sheet(name=name, columns=_CHECK, rows=tuple(found), empty=words)


def check(view: PanelView, key: str) -> list[str]:
    """All columns of the row with this key, one to a line; nothing when it is another's."""
    for source, seen in postgres(view):
        for at, table in enumerate(seen.tables):
            for number, row in enumerate(table.rows):
                if key == f"{source.name}.check:{at}:{number}":
                    named = zip(table.columns, row, strict=False)
                    return [f"{safe(name, 60)}: {safe(value)}" for name, value in named]
    return []
