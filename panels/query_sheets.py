"""The pages of the expanded panel ``slow_queries``: what runs, and where time goes. Pure."""

from collections.abc import Iterator

from panels import rows
from panels.databases import (
    Entry,
    empty,
    entries,
    figure_for,
    held_up_by,
    lasting,
    one_line,
    postgres,
    quiet,
    seconds,
    style_for,
    who,
)
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.postgres import Statement, Statements
from warroom.text import safe, short_duration, short_figure, stepped_age
from warroom.wire import SourceView

RUNNING, STATEMENTS = "running", "statements"
NAMES = (RUNNING, STATEMENTS)

_RUNNING = (
    Column(title="for", width=8, align=">"),
    Column(title="doing", width=16),
    Column(title="pid", width=8, align=">"),
    Column(title="who", width=16),
    Column(title="holds", width=5, align=">", rank=3),
    Column(title="wait", width=18, rank=4),
    Column(title="in tx", width=8, align=">", rank=5),
    Column(title="user", width=12, rank=2),
    Column(title="database", width=12, rank=6),
    Column(title="from", width=15, rank=7),
    Column(title="query", width=24, grows=True),
)


def sheet(view: PanelView, name: str) -> Sheet:
    """The page with this name."""
    return _running(view) if name == RUNNING else _statements(view)


def _running(view: PanelView) -> Sheet:
    found = tuple(_session(view, entry) for entry in entries(view))
    words = empty(view, "No query is slow, no transaction idle, and nobody waits for a lock.")
    return Sheet(name=RUNNING, columns=_RUNNING, rows=found, empty=words)


def _session(view: PanelView, entry: Entry) -> Row:
    session, source = entry.session, entry.source
    plain, last = quiet(view, source), lasting(session)
    style = style_for(view, source, figure_for(session), last)
    waits = style_for(view, source, "lock_wait", session.waiting)
    inside = session.in_transaction
    open_too_long = style_for(view, source, "longest_transaction", inside)
    cells = (
        Cell(seconds(last), last, style or plain),
        Cell(held_up_by(session), style=waits or plain),
        Cell(str(session.pid), float(session.pid), plain),
        Cell(who(session), style=plain),
        Cell(str(session.blocks or ""), float(session.blocks), plain),
        Cell(safe(session.wait, 60), style=plain),
        Cell(seconds(inside), inside, open_too_long or plain),
        Cell(safe(session.user, 60), style=plain),
        Cell(safe(session.database, 60), style=plain),
        Cell(safe(session.client, 60), style=plain),
        Cell(one_line(session.query), style=plain),
    )
    return Row(key=entry.key, cells=cells, more=session.query)


_STATEMENTS = (
    Column(title="ms/s", width=8, align=">"),
    Column(title="calls/s", width=8, align=">"),
    Column(title="mean", width=8, align=">"),
    Column(title="rows/s", width=8, align=">", rank=2),
    Column(title="user", width=12, rank=1),
    Column(title="query", width=20, grows=True),
)


def _statements(view: PanelView) -> Sheet:
    found = [
        _statement(view, source, one)
        for source, seen in postgres(view)
        for one in seen.statements.top
    ]
    found.sort(key=lambda row: -float(row.cells[0].sort or 0.0))
    note = f" {view.look.dot} ".join(_notes(view))
    read = any(seen.statements.span is not None for _, seen in postgres(view))
    words = empty(view, "No statement was executed.") if read else "No statement has been read."
    return Sheet(
        name=STATEMENTS, columns=_STATEMENTS, rows=tuple(found), empty=words, note=note
    )  # fmt: skip


def _notes(view: PanelView) -> Iterator[str]:
    """Over which span each server's statements are, and when they were read, or why not."""
    for source, seen in postgres(view):
        yield f"{safe(source.title, 40)}: {_told(view, source, seen.statements)}"


def _told(view: PanelView, source: SourceView, said: Statements) -> str:
    if said.advice:
        return safe(said.advice, 300)
    if said.span is None:
        return "what took time is known after two readings"
    if said.taken_at is None or source.snapshot is None:
        return f"over {short_duration(said.span)}"
    passed = (source.snapshot.taken_at - said.taken_at).total_seconds() + (view.age(source) or 0.0)
    read = f", read {stepped_age(max(passed, 0.0))} ago"
    dark = ", cannot be seen now" if rows.is_dark(source) else ""
    return f"over {short_duration(said.span)}{read}{dark}"


def _statement(view: PanelView, source: SourceView, one: Statement) -> Row:
    plain = quiet(view, source)
    figures = (
        (short_figure(one.load, ""), one.load),
        (short_figure(one.calls, ""), one.calls),
        (short_figure(one.mean, "ms"), one.mean),
        (short_figure(one.rows, ""), one.rows),
    )
    texts = (safe(one.user, 60), one_line(one.query))
    cells = (
        *(Cell(words, value, plain) for words, value in figures),
        *(Cell(words, style=plain) for words in texts),
    )
    return Row(key=f"{source.name}.{one.key}", cells=cells, more=one.query)
