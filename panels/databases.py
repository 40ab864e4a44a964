"""What the panels of databases share: what was seen, and a source's row. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len

from panels import rows
from panels.figures import broken, is_quiet, worst_first
from warroom.console.look import fit, is_well, label, shown_level, sign_of, style_of
from warroom.console.panel import PanelView
from warroom.measure.postgres import PgbouncerSeen, PostgresSeen, Session
from warroom.severity import OK, Level
from warroom.text import safe, short_duration
from warroom.wire import Limit, SourceView

_COMMENT = re.compile(r"\A(?:\s*(?:--[^\n]*\n|/\*.*?\*/))+\s*", re.DOTALL)
LEVEL, TITLE = 9, 20
"""Cells of a source's level, at the least, and of its title, at the most."""


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


def quiet(view: PanelView, source: SourceView) -> str:
    """The style of what is of a while ago; none for what is seen now."""
    return ".dim" if is_quiet(view, source) else ""


def style_for(view: PanelView, source: SourceView, figure: str, value: float | None) -> str:
    """The style of the level that ``value`` would be at by the rules of ``figure``; none for
    what no rule minds, dim for what is of a while ago."""
    if is_quiet(view, source):
        return ".dim"
    limit = broken(limits_of(view, source, figure), value)
    return style_of(limit.level, view.state.scale) if limit is not None else ""


def level_for(view: PanelView, source: SourceView, session: Session) -> Level:
    """The worst level that a session would be at by the rules on its length and its wait; OK
    for one that no rule minds."""
    asked = ((figure_for(session), lasting(session)), ("lock_wait", session.waiting))
    limits = (broken(limits_of(view, source, figure), value) for figure, value in asked)
    return view.state.scale.worst(limit.level for limit in limits if limit is not None)


def seen_now(view: PanelView) -> bool:
    """Whether all of every source is seen: only then does an empty list say that all is well."""
    return all(
        not rows.is_dark(source)
        and source.snapshot is not None
        and source.snapshot.seen is not None
        and not source.snapshot.seen.blind
        and not source.snapshot.seen.faults
        for source in view.sources
    )


def empty(view: PanelView, words: str) -> str:
    """What it means that there is nothing to list: ``words`` only when all is seen."""
    return words if seen_now(view) else "None is seen, and not all can be seen now."


def worst_of(view: PanelView) -> list[tuple[str, str]]:
    """The worst level of all the sources, to stand in the frame; nothing when all are well."""
    worst = view.state.scale.worst(shown_level(source) for source in view.sources)
    return [] if worst == OK else [(worst, style_of(worst, view.state.scale))]


def headed(view: PanelView, source: SourceView) -> list[tuple[str, str]]:
    """The beginning of a source's row: cursor, sign, level, title."""
    look, scale = view.look, view.state.scale
    style = style_of(shown_level(source), scale)
    here = view.focused and source.name == view.cursor
    titles = [look.plain(safe(each.title, 40)) for each in view.sources]
    level = max(LEVEL, *(cell_len(label(each)) for each in view.sources))
    title = min(max(map(cell_len, titles)), TITLE)
    name = fit(look.plain(safe(source.title, 40)), title, "<", look.end)
    return [
        (f"{look.pointer} " if here else "  ", ".accent"),
        (f"{sign_of(source, look, scale)} ", style),
        (f"{fit(label(source), level)} ", ".dim" if is_well(source) else style),
        (f"{name}  ", ".strong" if here else quiet(view, source)),
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
    """What it does: ``waits 3.0 s``, ``active``, ``idle in tx``."""
    if session.waiting is not None:
        return f"waits {short_duration(session.waiting)}"
    if session.state.startswith("idle in transaction"):
        return "idle in tx" + (" (aborted)" if "aborted" in session.state else "")
    if session.backend == "autovacuum worker":
        return "autovacuum"
    return safe(session.state, 30) or safe(session.backend, 30)


def blockers(session: Session) -> str:
    """For whom it waits: ``4711``, ``4711 +1``; empty when for nobody."""
    if not session.blocked_by:
        return ""
    first, others = session.blocked_by[0], len(session.blocked_by) - 1
    return (str(first) if first else "prepared") + (f" +{others}" if others else "")


def held_up_by(session: Session) -> str:
    """What it does, and what keeps it: ``behind 4711``, ``IO: DataFileRead``, ``active``."""
    if session.blocked_by:
        return f"behind {blockers(session)}"
    if session.waiting is not None:
        return safe(session.wait, 60) or "waits for a lock"
    if session.state == "active" and session.wait:
        return safe(session.wait, 60)
    return doing(session)


def who(session: Session) -> str:
    """Its application, else its user."""
    return safe(session.application or session.user or session.backend, 40)


def who_and_user(session: Session) -> str:
    """Its application and its user: whom to ask what it is."""
    application, user = who(session), safe(session.user, 40)
    return f"{application} {user}" if session.application and user != application else application


def seconds(value: float | None) -> str:
    """A span as a cell shows it; empty when it is not known."""
    return "" if value is None else short_duration(value)


def key_of(source: SourceView, session: Session) -> str:
    """The name of its row."""
    return f"{source.name}.{session.key}"


@dataclass(frozen=True)
class Entry:
    """One session of one server."""

    source: SourceView
    session: Session

    @property
    def key(self) -> str:
        """The name of its row."""
        return key_of(self.source, self.session)


def entries(view: PanelView) -> tuple[Entry, ...]:
    """All sessions that are listed, those that hold others up first, then the longest."""
    found = [Entry(source, s) for source, seen in postgres(view) for s in seen.sessions]
    return tuple(sorted(found, key=_urgency))


def _urgency(entry: Entry) -> tuple[int, float]:
    return -entry.session.blocks, -(lasting(entry.session) or 0.0)
