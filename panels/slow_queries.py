"""Queries at work for long, transactions left open, who waits for whom; and where time goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from panels import rows, session_details
from panels.databases import doing, figure_for, key_of, lasting, one_line, postgres, style_for, who
from warroom.console.look import fit
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.console.table import TablePanel
from warroom.console.table.drawn import cut
from warroom.measure.postgres import PostgresSeen, Session
from warroom.severity import OK
from warroom.text import safe, short_duration, short_figure, stepped_age
from warroom.wire import SourceView

RUNNING, STATEMENTS = "running", "statements"
GAP = "  "
DETAILS = 8
"""Lines that must be free under the rows before the details of one are shown there."""
LASTS, DOING = 8, 12
"""Cells of a duration, and of what a session does."""


class SlowQueriesPanel(TablePanel):
    """One row for each session worth a look, the longest at work first."""

    kinds = ("postgres",)
    heading = "Slow queries"
    sheets = (RUNNING, STATEMENTS)
    inspectable = ("session:", "statement:")

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def rows(view: PanelView) -> tuple[str, ...]:
        found = tuple(entry.key for entry in entries(view))
        return found or tuple(source.name for source in view.sources)

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return _running(view) if name == RUNNING else _statements(view)

    @staticmethod
    def top(view: PanelView, name: str, width: int) -> list[Content]:
        return _notes(view, width)

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        for source, seen in postgres(view):
            for session in seen.sessions:
                if key == key_of(source, session):
                    return session_details.session(view, source, session, width)
            for statement in seen.statements.top:
                if key == f"{source.name}.{statement.key}":
                    return session_details.statement(view, source, statement, width)
        return []


@dataclass(frozen=True)
class Entry:
    """One session of one server."""

    source: SourceView
    session: Session

    @property
    def key(self) -> str:
        return key_of(self.source, self.session)


def entries(view: PanelView) -> tuple[Entry, ...]:
    """All sessions that are listed, those that hold others up first, then the longest."""
    found = [Entry(source, s) for source, seen in postgres(view) for s in seen.sessions]
    return tuple(sorted(found, key=_urgency))


def _urgency(entry: Entry) -> tuple[int, float]:
    return -entry.session.blocks, -(lasting(entry.session) or 0.0)


def title(view: PanelView) -> Content:
    """``3 slow or blocked · longest 4 m 12 s``."""
    found = [seen for _, seen in postgres(view)]
    if not found:
        return Content("")
    count = sum(len(seen.sessions) + seen.hidden for seen in found)
    if not count:
        return Content.assemble(("none", ".dim"))
    longest = max((lasting(e.session) or 0.0 for e in entries(view)), default=0.0)
    words = f"{count} slow or blocked {view.look.dot} "
    return Content.assemble((words, ".dim"), f"longest {short_duration(longest)}")


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """Rows, as many as there is room for, and under them what is not well."""
    if not view.sources:
        words = [Content.assemble((words, ".dim")) for words in _empty(view)][:height]
        return [line.truncate(width, ellipsis=view.look.unicode) for line in words]
    found = entries(view)
    notes = _notes(view, width)
    if not found:
        quiet = _nothing(view)
        words = [*notes, *Content.assemble((quiet, ".dim")).wrap(max(width, 1))][:height]
        return [line.truncate(width, ellipsis=view.look.unicode) for line in words]
    room = max(height - min(len(notes), max(height // 3, 1)), 1)
    fits = len(found) <= room
    at = next((n for n, entry in enumerate(found) if entry.key == view.cursor), 0)
    shown: Sequence[Entry] = found if fits else rows.window(found, at, max(room - 1, 1))
    several = len(view.sources) > 1
    names = _names(view, shown, several)
    head = [_titles(names, width)] if len(shown) + len(notes) < height and fits else []
    lines = [*head, *(_row(view, entry, names, several, width) for entry in shown)]
    if not fits and room > 1:
        lines.append(Content.assemble((f"  and {len(found) - len(shown)} more", ".dim")))
    lines += notes
    spare = height - len(lines) - 1
    if spare >= DETAILS:
        chosen = found[at]
        told = session_details.session(view, chosen.source, chosen.session, width)
        lines += [Content(""), *cut(told, spare, "z")]
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines][:height]


def _empty(view: PanelView) -> tuple[str, ...]:
    if view.state.room is None:
        return ("Waiting for the engine.",)
    return (
        "No database is configured.",
        'Add one to the file:  [sources.db]  kind = "postgres"  dsn = { env = "DATABASE_URL" }',
    )


def _nothing(view: PanelView) -> str:
    # Of one that cannot be seen, or not all of it, nobody knows that there is nothing.
    seen = [pair for pair in postgres(view) if not (rows.is_dark(pair[0]) or pair[1].blind)]
    if not seen or len(seen) < len(view.sources) or view.state.link.state == "lost":
        return ""
    long = min(s.long_query for _, s in seen)
    return f"No query over {short_duration(long)}, no idle transaction, no wait for a lock."


def _notes(view: PanelView, width: int) -> list[Content]:
    """Why each source is not well, and what of it is not shown."""
    found = []
    for source in view.sources:
        seen = source.snapshot.seen if source.snapshot is not None else None
        parts = [rows.reason(view, source)]
        if isinstance(seen, PostgresSeen) and not rows.is_dark(source):
            parts += [safe(words, 200) for words in seen.notes]
            if seen.hidden:
                parts.append(f"{seen.hidden} sessions more are not listed")
        words = f" {view.look.dot} ".join(part for part in parts if part)
        if words:
            named = f"{safe(source.title, 40)}: {words}" if len(view.sources) > 1 else words
            quiet = ".dim" if source.level == OK else ""
            hook = f"    {view.look.hook} "
            for at, line in enumerate(rows.wrapped(named, width - len(hook), 3, view.look)):
                indent = hook if at == 0 else " " * len(hook)
                found.append(Content.assemble((indent, ".dim"), line.stylize(quiet)))
    return found


def _names(view: PanelView, shown: Sequence[Entry], several: bool) -> int:
    longest = max(len(_called(entry, several)) for entry in shown)
    return min(max(longest, 14), 28)


def _called(entry: Entry, several: bool) -> str:
    own = f"{entry.session.pid} {who(entry.session)}"
    return f"{safe(entry.source.title, 12)} {own}" if several else own


def _titles(names: int, width: int) -> Content:
    words = f"    {'for':>{LASTS}}{GAP}{'doing':<{DOING}}{GAP}{'pid and who':<{names}}{GAP}query"
    return Content.assemble((words[:width], ".dim"))


def _row(view: PanelView, entry: Entry, names: int, several: bool, width: int) -> Content:
    look, session, source = view.look, entry.session, entry.source
    here = view.focused and entry.key == view.cursor
    last = lasting(session)
    style = style_for(view, source, figure_for(session), last)
    waits = style_for(view, source, "lock_wait", session.waiting) or style
    quiet = ".dim" if rows.is_dark(source) or view.stale(source) else ""
    words = look.dash if last is None else short_duration(last)
    mark = f"{look.hook} " if session.blocked_by else (f"{session.blocks:<2}"[:2])
    mark = mark if session.blocked_by or session.blocks else "  "
    return Content.assemble(
        (f"{look.pointer} " if here else "  ", ".accent"),
        (look.plain(mark), ".strong" if session.blocks else ".dim"),
        (fit(words, LASTS, ">"), style or quiet),
        GAP,
        (fit(look.plain(doing(session)), DOING, "<", look.end), waits or quiet),
        GAP,
        (fit(look.plain(_called(entry, several)), names, "<", look.end), ".strong" * here or quiet),
        GAP,
        (look.plain(one_line(session.query)), quiet),
    )


_RUNNING = (
    Column(title="for", width=8, align=">"),
    Column(title="doing", width=12),
    Column(title="pid", width=8, align=">"),
    Column(title="who", width=16),
    Column(title="behind", width=8, align=">", rank=2),
    Column(title="holds", width=5, align=">", rank=3),
    Column(title="wait", width=18, rank=4),
    Column(title="in tx", width=8, align=">", rank=5),
    Column(title="user", width=12, rank=6),
    Column(title="from", width=15, rank=7),
    Column(title="query", width=36, grows=True),
)


def _running(view: PanelView) -> Sheet:
    found = tuple(_running_row(view, entry) for entry in entries(view))
    return Sheet(
        name=RUNNING, columns=_RUNNING, rows=found, empty=_nothing(view) or "Nothing seen."
    )


def _running_row(view: PanelView, entry: Entry) -> Row:
    session, source = entry.session, entry.source
    last = lasting(session)
    style = style_for(view, source, figure_for(session), last)
    waits = style_for(view, source, "lock_wait", session.waiting)
    quiet = ".dim" if rows.is_dark(source) else ""
    inside = session.in_transaction
    cells = (
        Cell(_seconds(last), last, style or quiet),
        Cell(doing(session), style=waits or quiet),
        Cell(str(session.pid), float(session.pid), quiet),
        Cell(who(session), style=quiet),
        Cell(",".join(map(str, session.blocked_by)), style=quiet),
        Cell(str(session.blocks or ""), float(session.blocks), quiet),
        Cell(safe(session.wait, 60), style=quiet),
        Cell(_seconds(inside), inside, quiet),
        Cell(safe(session.user, 60), style=quiet),
        Cell(safe(session.client, 60), style=quiet),
        Cell(one_line(session.query), style=quiet),
    )
    return Row(key=entry.key, cells=cells, more=session.query)


def _seconds(value: float | None) -> str:
    return "" if value is None else short_duration(value)


_STATEMENTS = (
    Column(title="ms/s", width=8, align=">"),
    Column(title="calls/s", width=8, align=">"),
    Column(title="mean", width=8, align=">"),
    Column(title="rows/s", width=8, align=">", rank=2),
    Column(title="user", width=12, rank=1),
    Column(title="query", width=20, grows=True),
)


def _statements(view: PanelView) -> Sheet:
    found: list[Row] = []
    notes: list[str] = []
    for source, seen in postgres(view):
        said = seen.statements
        name = safe(source.title, 40)
        if said.advice:
            notes.append(f"{name}: {safe(said.advice, 300)}")
        elif said.span is None:
            notes.append(f"{name}: what took time is known after two readings")
        else:
            age = ""
            if said.taken_at is not None and source.snapshot is not None:
                seconds = (source.snapshot.taken_at - said.taken_at).total_seconds()
                seconds += view.age(source) or 0.0
                age = f", read {stepped_age(max(seconds, 0.0))} ago"
            notes.append(f"{name}: over {short_duration(said.span)}{age}")
        for one in said.top:
            found.append(
                Row(
                    key=f"{source.name}.{one.key}",
                    cells=(
                        Cell(f"{one.load:.3g}", one.load),
                        Cell(f"{one.calls:.3g}", one.calls),
                        Cell(short_figure(one.mean, "ms"), one.mean),
                        Cell(f"{one.rows:.3g}", one.rows),
                        Cell(safe(one.user, 60)),
                        Cell(one_line(one.query)),
                    ),
                    more=one.query,
                )
            )
    found.sort(key=lambda row: -float(row.cells[0].sort or 0.0))
    note = f" {view.look.dot} ".join(notes)
    empty = "No statement was executed." if not notes else "Nothing to show."
    return Sheet(name=STATEMENTS, columns=_STATEMENTS, rows=tuple(found), empty=empty, note=note)
