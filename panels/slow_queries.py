"""Queries at work for long, transactions left open, who waits for whom; and where time goes."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from panels import blocks, query_sheets, rows, session_details
from panels.databases import (
    Entry,
    blockers,
    doing,
    entries,
    figure_for,
    held_up_by,
    key_of,
    lasting,
    level_for,
    one_line,
    postgres,
    quiet,
    seen_now,
    style_for,
    who,
    who_and_user,
    worst_of,
)
from panels.missing import missing
from warroom.console.look import fit, shown_level, style_of
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.table import TablePanel
from warroom.console.table.drawn import cut
from warroom.measure.postgres import PostgresSeen
from warroom.severity import OK
from warroom.text import safe, short_duration
from warroom.wire import SourceView

GAP = "  "
DETAILS = 8
"""Lines that must be free under the rows before the details of one are shown there."""
LASTS, DOING, NAMES = 7, 26, 28
"""Cells of a duration; of what a session does and of who it is, at the most."""
WIDE, WIDER = 100, 140
"""Cells from which it is said how long one waits, and whose an application's session is."""


class SlowQueriesPanel(TablePanel):
    """One row for each session worth a look: those that hold others up, then the longest."""

    kinds = ("postgres",)
    heading = "Slow queries"
    sheets = query_sheets.NAMES
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
        return query_sheets.sheet(view, name)

    @staticmethod
    def top(view: PanelView, name: str, width: int) -> list[Content]:
        lines = _notes(view, width)
        return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]

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


def title(view: PanelView) -> Content:
    """``3 slow or blocked · longest 4 min``; that there are none only when all is seen."""
    found = [seen for _, seen in postgres(view)]
    count = sum(len(seen.sessions) + seen.hidden for seen in found)
    level = [] if seen_now(view) else worst_of(view)
    between = [(f" {view.look.dot} ", ".dim")] if level else []
    if count:
        words = [(f"{count} slow or blocked", ".dim")]
        return Content.assemble(*words, *_longest(view), *between, *level)
    if not found or not seen_now(view):
        return Content.assemble(*level)
    return Content.assemble(("none", ".dim"))


def _longest(view: PanelView) -> list[tuple[str, str]]:
    found = entries(view)
    if not found:
        return []
    entry = max(found, key=lambda entry: lasting(entry.session) or 0.0)
    lasts = lasting(entry.session) or 0.0
    style = style_for(view, entry.source, figure_for(entry.session), lasts)
    return [(f" {view.look.dot} ", ".dim"), (f"longest {short_duration(lasts)}", style)]


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """Rows, as many as there is room for, and under them what is not well."""
    if not view.sources:
        told = [Content.assemble((words, ".dim")) for words in _empty(view)][:height]
        return [line.truncate(width, ellipsis=view.look.unicode) for line in told]
    found, notes = entries(view), _notes(view, width)
    if not found:
        words = _nothing(view)
        told = Content.assemble((words, ".dim")).wrap(max(width, 1)) if words else []
        lines = [*notes[: max(height - len(told), 1)], *told]
    else:
        lines = _rows(view, found, notes, width, height)
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines][:height]


def _rows(
    view: PanelView,
    found: Sequence[Entry],
    notes: Sequence[Content],
    width: int,
    height: int,
) -> list[Content]:
    room = max(height - min(len(notes), max(height // 3, 1)), 1)
    fits = len(found) <= room
    at = next((n for n, entry in enumerate(found) if entry.key == view.cursor), 0)
    shown = found if fits else rows.window(found, at, max(room - 1, 1))
    columns = _Columns(view, shown, width)
    heading = fits and len(shown) + len(notes) < height
    lines = [columns.heading()] if heading else []
    lines += [columns.row(entry) for entry in shown]
    if not fits and room > 1:
        lines.append(Content.assemble((f"  and {len(found) - len(shown)} more", ".dim")))
    lines += notes
    spare = height - len(lines) - 1
    if spare >= DETAILS:
        chosen = found[at]
        told = session_details.session(view, chosen.source, chosen.session, width)
        lines += [Content(""), *cut(told, spare, "expand the panel")]
    return lines


def _empty(view: PanelView) -> tuple[str, ...]:
    return missing(
        view,
        "No database is configured.",
        "[sources.db]",
        'kind = "postgres"',
        'dsn = { env = "DATABASE_URL" }',
    )


def _nothing(view: PanelView) -> str:
    """That nothing is slow: a claim that only one who sees everything may make."""
    seen = [seen for source, seen in postgres(view) if not rows.is_dark(source)]
    if not seen:
        return ""
    long = short_duration(min(s.long_query for s in seen))
    if not seen_now(view):
        return f"Nothing over {long} is seen, but not all can be seen."
    return f"No query or idle transaction over {long}, no wait for a lock."


def _notes(view: PanelView, width: int) -> list[Content]:
    """Why each source is not well, and what of it is not shown; the worst first."""
    found: list[Content] = []
    rank = view.state.scale.rank
    for source in sorted(view.sources, key=lambda each: -rank(shown_level(each))):
        words = _note(view, source)
        if not words:
            continue
        found += blocks.beside(view, source, words, width)
    return found


def _note(view: PanelView, source: SourceView) -> str:
    seen = source.snapshot.seen if source.snapshot is not None else None
    parts = [rows.reason(view, source)]
    if isinstance(seen, PostgresSeen) and not rows.is_dark(source):
        parts += [safe(words, 200) for words in seen.notes]
        if seen.hidden:
            parts.append(f"{seen.hidden} sessions more are not listed")
    return f" {view.look.dot} ".join(part for part in parts if part)


class _Columns:
    """The rows' columns: as wide as these rows need them."""

    def __init__(self, view: PanelView, shown: Sequence[Entry], width: int) -> None:
        self._view = view
        self._wide, self._wider = width >= WIDE, width >= WIDER
        self._several = len(view.sources) > 1
        does = max(cell_len(self._does(entry)) for entry in shown)
        called = max(cell_len(self._called(entry)) for entry in shown)
        self._doing = min(max(does, len("idle in tx")), DOING)
        self._names = min(max(called, len("pid and who")), NAMES)

    def heading(self) -> Content:
        does, names = f"{'doing':<{self._doing}}", f"{'pid and who':<{self._names}}"
        words = f"{'for':>{4 + LASTS}}{GAP}{does}{GAP}{names}{GAP}query"
        return Content.assemble((words, ".dim"))

    def row(self, entry: Entry) -> Content:
        view, session, source = self._view, entry.session, entry.source
        look, scale = view.look, view.state.scale
        here = view.focused and entry.key == view.cursor
        plain, last = quiet(view, source), lasting(session)
        level = level_for(view, source, session)
        sign = (look.sign(level, scale), plain or style_of(level, scale)) if level != OK else " "
        lasts = style_for(view, source, figure_for(session), last)
        waits = style_for(view, source, "lock_wait", session.waiting)
        holds = f"holds up {session.blocks}{GAP}" if session.blocks else ""
        called = fit(self._called(entry), self._names, "<", look.end)
        return Content.assemble(
            (f"{look.pointer} " if here else "  ", ".accent"),
            sign,
            " ",
            (fit(look.dash if last is None else short_duration(last), LASTS, ">"), lasts or plain),
            GAP,
            (fit(self._does(entry), self._doing, "<", look.end), waits or plain),
            GAP,
            (called, ".strong" * here or plain),
            GAP,
            (holds, plain or ".strong"),
            (look.plain(one_line(session.query)), plain),
        )

    def _does(self, entry: Entry) -> str:
        session = entry.session
        words = held_up_by(session)
        if self._wide and session.waiting is not None and session.blocked_by:
            words = f"{doing(session)} on {blockers(session)}"
        return self._view.look.plain(words)

    def _called(self, entry: Entry) -> str:
        whose = who_and_user(entry.session) if self._wider else who(entry.session)
        own = f"{entry.session.pid} {whose}"
        named = f"{safe(entry.source.title, 12)} {own}" if self._several else own
        return self._view.look.plain(named)
