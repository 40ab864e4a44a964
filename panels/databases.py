"""What the panels of databases share: what was seen, and a source's row. Pure."""

import re
from collections.abc import Iterator

from panels import rows
from panels.figures import broken, worst_first
from warroom.console.look import is_well, label, shown_level, sign_of, style_of
from warroom.console.panel import PanelView
from warroom.measure.postgres import PgbouncerSeen, PostgresSeen, Session
from warroom.severity import UNSEEN
from warroom.text import safe, short_duration
from warroom.wire import Limit, SourceView

_COMMENT = re.compile(r"\A(?:\s*(?:--[^\n]*\n|/\*.*?\*/))+\s*", re.DOTALL)


def postgres(view: PanelView) -> Iterator[tuple[SourceView, PostgresSeen]]:
    """The PostgreSQL servers that have been seen, with what was seen last."""
    for source in view.sources:
        seen = source.snapshot.seen if source.snapshot is not None else None
        if isinstance(seen, PostgresSeen):
            yield source, seen


def poolers(view: PanelView) -> Iterator[tuple[SourceView, PgbouncerSeen]]:
    """The poolers that have been seen, with what was seen last."""
    for source in view.sources:
        seen = source.snapshot.seen if source.snapshot is not None else None
        if isinstance(seen, PgbouncerSeen):
            yield source, seen


def limits_of(view: PanelView, source: SourceView, figure: str) -> tuple[Limit, ...]:
    """The limits of one of its figures, the worst level first."""
    signal = source.signal(figure)
    return worst_first(view, signal.limits) if signal is not None else ()


def style_for(view: PanelView, source: SourceView, figure: str, value: float | None) -> str:
    """The style of the level that ``value`` would be at by the rules of ``figure``; none for
    what no rule minds, dim for what is of a while ago."""
    if rows.is_dark(source):
        return ".dim"
    limit = broken(limits_of(view, source, figure), value)
    return style_of(limit.level, view.state.scale) if limit is not None else ""


def headed(view: PanelView, source: SourceView, titles: int) -> list[tuple[str, str]]:
    """The beginning of a source's row: cursor, sign, level, title."""
    look, scale = view.look, view.state.scale
    level = UNSEEN if view.state.link.state == "lost" else shown_level(source)
    style = style_of(level, scale)
    here = view.focused and source.name == view.cursor
    title = look.plain(safe(source.title, 40))
    words = label(source)
    return [
        (f"{look.pointer} " if here else "  ", ".accent"),
        (f"{sign_of(source, look, scale)} ", style),
        (f"{words:<9} ", ".dim" if is_well(source) else style),
        (f"{title:<{titles}}  ", ".strong" if here else ".dim" if rows.is_dark(source) else ""),
    ]


def one_line(text: str) -> str:
    """A query on one line, its white space folded; a comment in front of it left out."""
    return safe(" ".join((_COMMENT.sub("", text, count=1) or text).split()), 1_000)


def lasting(session: Session) -> float | None:
    """For how long it is at what it is at: its query, or its transaction while it idles in
    one, in seconds."""
    if session.state.startswith("idle in transaction"):
        return session.in_transaction
    return session.running


def figure_for(session: Session) -> str:
    """The figure by whose rules its length is judged."""
    if session.state.startswith("idle in transaction"):
        return "longest_transaction"
    return "longest_query"


def doing(session: Session) -> str:
    """What it does: ``waits 3.0 s``, ``active``, ``in transaction``."""
    if session.waiting is not None:
        return f"waits {short_duration(session.waiting)}"
    if session.state.startswith("idle in transaction"):
        return "idle in tx" + (" (aborted)" if "aborted" in session.state else "")
    if session.backend == "autovacuum worker":
        return "autovacuum"
    return safe(session.state, 30) or safe(session.backend, 30)


def who(session: Session) -> str:
    """Its application, else its user."""
    return safe(session.application or session.user or session.backend, 40)


def key_of(source: SourceView, session: Session) -> str:
    """The name of its row."""
    return f"{source.name}.{session.key}"
