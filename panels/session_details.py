"""All that is known of one session, or of one statement. Pure."""

from datetime import UTC

from textual.content import Content

from panels.databases import doing
from warroom.console.panel import PanelView
from warroom.measure.postgres import Session, Statement
from warroom.text import safe, short_duration, short_figure
from warroom.wire import SourceView

LABEL = 14


def session(view: PanelView, source: SourceView, found: Session, width: int) -> list[Content]:
    """Who, since when, for whom it waits, and the whole of its query."""
    waits = ", ".join(
        "a prepared transaction" if pid == 0 else str(pid) for pid in found.blocked_by
    )
    known = (
        ("pid", f"{found.pid}, backend started {found.started.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"),
        (
            "who",
            f"{safe(found.user, 60)} on {safe(found.database, 60)} of {safe(source.title, 40)}",
        ),
        ("application", safe(found.application, 100)),
        ("from", safe(found.client, 100)),
        ("state", _state(found)),
        ("transaction", _lasting(found.in_transaction)),
        ("waits on", safe(found.wait, 100)),
        ("waits behind", f"{waits}, for {short_duration(found.waiting or 0.0)}" if waits else ""),
        ("holds up", f"{found.blocks} other{'s' if found.blocks > 1 else ''}" * bool(found.blocks)),
    )
    return [*facts(view, known), *_query(view, found.query, width)]


def statement(view: PanelView, source: SourceView, found: Statement, width: int) -> list[Content]:
    """Its figures, and the whole of its text."""
    known = (
        ("who", f"{safe(found.user, 60)} of {safe(source.title, 40)}"),
        ("time", f"{found.load:.3g} ms in a second: {found.load / 10:.2g} % of one process"),
        ("calls", short_figure(found.calls, "calls/s")),
        ("mean", short_figure(found.mean, "ms")),
        ("rows", short_figure(found.rows, "rows/s")),
        ("query id", safe(found.query_id, 40)),
    )
    return [*facts(view, known), *_query(view, found.query, width)]


def facts(view: PanelView, known: tuple[tuple[str, str], ...]) -> list[Content]:
    """A line for each that is known, by its name."""
    return [
        Content.assemble((f"{name:<{LABEL}}", ".dim"), view.look.plain(words))
        for name, words in known
        if words
    ]


def _state(found: Session) -> str:
    state = safe(found.state, 60) or doing(found)
    return f"{state} for {short_duration(found.running)}" if found.running is not None else state


def _lasting(seconds: float | None) -> str:
    return f"open for {short_duration(seconds)}" if seconds is not None else ""


def _query(view: PanelView, query: str, width: int) -> list[Content]:
    if not query.strip():
        return []
    lines = [Content(view.look.plain(safe(line))) for line in query.rstrip().split("\n")]
    folded = [part for line in lines for part in (line.fold(max(width, 1)) or [line])]
    return [Content(""), *folded]
