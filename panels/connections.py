"""Connections against how many there may be, who holds them, and who waits for whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from panels import ceiling, connection_sheets, rows, session_details
from panels.databases import (
    doing,
    headed,
    key_of,
    lasting,
    one_line,
    poolers,
    postgres,
    style_for,
    who,
)
from panels.lock_tree import Node, tree
from warroom.console.look import style_of
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.table import TablePanel
from warroom.measure.postgres import PgbouncerSeen, Pool, PostgresSeen
from warroom.severity import OK
from warroom.text import safe, short_duration
from warroom.wire import SourceView

LEAST_BAR, LONGEST_BAR = 10, 60
INDENT = "    "


class ConnectionsPanel(TablePanel):
    """A block of lines for each database and pooler, as many of them as there is room for."""

    kinds = ("postgres", "pgbouncer")
    heading = "Connections"
    sheets = connection_sheets.NAMES
    inspectable = ("session:",)

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @classmethod
    def pages(cls, view: PanelView) -> tuple[str, ...]:
        return connection_sheets.pages(view)

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return connection_sheets.sheet(view, name)

    @staticmethod
    def top(view: PanelView, name: str, width: int) -> list[Content]:
        return _fitted(view, _blocks(view, width), max(view.height // 3, 2))

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        for source, seen in postgres(view):
            for session in seen.sessions:
                if key == key_of(source, session):
                    return session_details.session(view, source, session, width)
        for source, pooler in poolers(view):
            for pool in pooler.pools:
                if key == f"{source.name}.{pool.key}":
                    return session_details.pool(view, pool)
        return connection_sheets.details(view, key, width)


@dataclass(frozen=True)
class Line:
    """One line of a block; the smaller ``after``, the later it is left out."""

    after: int
    content: Content


def title(view: PanelView) -> Content:
    """``38 of 37``, of the server that is nearest to its ceiling."""
    found = [(source, seen) for source, seen in postgres(view) if seen.ceilings]
    if not found:
        return Content("")
    source, seen = max(found, key=lambda pair: max(c.share for c in pair[1].ceilings))
    words, style = ceiling.counted(view, source, seen)
    worst = max((s.level for s in view.sources), key=view.state.scale.rank)
    parts: list[tuple[str, str]] = [(words, style or ".dim")]
    if worst != OK:
        parts += [(f" {view.look.dot} ", ".dim"), (worst, style_of(worst, view.state.scale))]
    return Content.assemble(*parts)


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """The blocks' lines, the least of them left out first."""
    if not view.sources:
        told = [Content.assemble((words, ".dim")) for words in _empty(view)][:height]
        return [line.truncate(width, ellipsis=view.look.unicode) for line in told]
    lines = _fitted(view, _blocks(view, width), height)
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]


def _empty(view: PanelView) -> tuple[str, ...]:
    if view.state.room is None:
        return ("Waiting for the engine.",)
    return (
        "No database is configured.",
        'Add one to the file:  [sources.db]  kind = "postgres"  dsn = { env = "DATABASE_URL" }',
    )


def _fitted(view: PanelView, lines: list[Line], height: int) -> list[Content]:
    if len(lines) > height:
        order = sorted(range(len(lines)), key=lambda at: (lines[at].after, at))
        kept = set(order[:height])
        lines = [line for at, line in enumerate(lines) if at in kept]
    return [line.content for line in lines]


def _blocks(view: PanelView, width: int) -> list[Line]:
    titles = max((len(view.look.plain(safe(s.title, 40))) for s in view.sources), default=0)
    titles = min(titles, 20)
    found: list[Line] = []
    for source in view.sources:
        seen = source.snapshot.seen if source.snapshot is not None else None
        if isinstance(seen, PostgresSeen):
            found += _database(view, source, seen, titles, width)
        elif isinstance(seen, PgbouncerSeen):
            found += _pooler(view, source, seen, titles, width)
        else:
            found.append(Line(0, Content.assemble(*headed(view, source, titles))))
            found += _reason(view, source, width)
    return found


def _reason(view: PanelView, source: SourceView, width: int) -> Iterator[Line]:
    words = rows.reason(view, source)
    if words:
        quiet = ".dim" if source.level == OK else ""
        lines = rows.wrapped(words, width - len(INDENT) - 2, 3, view.look)
        for at, line in enumerate(lines):
            hook = f"{INDENT}{view.look.hook} " if at == 0 else f"{INDENT}  "
            yield Line(1 if at == 0 else 6, Content.assemble((hook, ".dim"), line.stylize(quiet)))
    seen = source.snapshot.seen if source.snapshot is not None else None
    if seen is not None and not rows.is_dark(source):
        for words in seen.notes:
            yield Line(6, rows.note(safe(words, 300), width, view.look))


def _database(
    view: PanelView, source: SourceView, seen: PostgresSeen, titles: int, width: int
) -> Iterator[Line]:
    head = headed(view, source, titles)
    count, style = ceiling.counted(view, source, seen)
    used = sum(len(words) for words, _ in head)
    room = min(width - used - len(count) - 2, LONGEST_BAR)
    bar = ceiling.bar(view, source, seen, room) if room >= LEAST_BAR else []
    gap = [("  ", "")] if bar else []
    quiet = ".dim" if rows.is_dark(source) else ""
    yield Line(0, Content.assemble(*head, *bar, *gap, (count, style or quiet)))
    yield from _reason(view, source, width)
    legend = ceiling.legend(view, source, seen)
    role = "" if seen.identity.role == "primary" else f"{seen.identity.role}  "
    yield Line(4, Content.assemble((INDENT + role, ".dim"), *legend))
    near = ceiling.also_near(seen)
    if near:
        yield Line(3, Content.assemble((f"{INDENT}near its own limit: {near}", ".level-2")))
    apps = view.look.plain(ceiling.by_application(view.look, seen))
    if apps:
        words = Content.assemble((f"{INDENT}{apps}", ".dim"))
        yield Line(5, words.truncate(width, ellipsis=view.look.unicode))
    nodes = tree(seen.sessions)
    if nodes:
        yield Line(8, Content(""))
    yield from _locks(view, source, nodes)
    if len(seen.groups) > 1 and not view.expanded:
        yield Line(9, Content(""))
        for row in ceiling.applications(seen, width - len(INDENT)):
            yield Line(9, Content.assemble((INDENT + view.look.plain(row), ".dim")))


def _locks(view: PanelView, source: SourceView, nodes: tuple[Node, ...]) -> Iterator[Line]:
    for node in nodes:
        yield Line(2 if node.depth == 0 else 3 + node.depth, _node(view, source, node))


def _node(view: PanelView, source: SourceView, node: Node) -> Content:
    look, session = view.look, node.session
    quiet = ".dim" if rows.is_dark(source) else ""
    hook = f"{look.hook} " if node.depth else ""
    indent = INDENT + "  " * min(node.depth, 8)
    parts: list[tuple[str, str]] = [(indent + hook, ".dim"), (node.called, quiet or ".strong")]
    if session is None:
        what = "" if node.pid == 0 else ", which is not shown"
        return Content.assemble(*parts, (f"{what} holds up {node.behind}", quiet))
    parts.append((f" {look.plain(who(session))}", quiet))
    waits = style_for(view, source, "lock_wait", session.waiting)
    long = lasting(session)
    does = doing(session)
    if session.waiting is None and long is not None:
        does += f" {short_duration(long)}"
    parts.append((f"  {does}", waits or quiet))
    if node.depth == 0 or node.behind:
        parts.append((f"  holds up {node.behind}", quiet or ".level-1" * (node.depth == 0)))
    if len(node.others) > 1:
        parts.append((f"  behind {len(node.others)}", quiet))
    parts.append((f"  {look.plain(one_line(session.query))}", ".dim"))
    return Content.assemble(*parts)


def _pooler(
    view: PanelView, source: SourceView, seen: PgbouncerSeen, titles: int, width: int
) -> Iterator[Line]:
    quiet = ".dim" if rows.is_dark(source) else ""
    most = f" of {seen.most_clients}" if seen.most_clients is not None else ""
    waiting = sum(pool.clients_waiting for pool in seen.pools)
    words = f"{seen.clients}{most} clients {view.look.dot} {waiting} waiting"
    style = style_for(view, source, "clients_waiting", float(waiting))
    yield Line(
        0, Content.assemble(*headed(view, source, titles), (view.look.plain(words), style or quiet))
    )
    yield from _reason(view, source, width)
    for at, pool in enumerate(seen.pools):
        yield Line(2 if at == 0 else 5, Content.assemble((INDENT + _pool(pool), quiet)))


def _pool(pool: Pool) -> str:
    name = f"{safe(pool.database, 30)}/{safe(pool.user, 30)}"
    waits = f" {short_duration(pool.longest_wait)}" if pool.longest_wait else ""
    size = f" of {pool.size}" if pool.size is not None else ""
    busy = pool.servers_active + pool.servers_used
    state = "  PAUSED" if pool.paused else "  DISABLED" if pool.disabled else ""
    clients = f"{pool.clients_active} active, {pool.clients_waiting} waiting{waits}"
    return f"{name}: {clients}, servers {busy}{size}{state}"
