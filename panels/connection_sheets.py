"""The pages of the expanded panel ``connections``. Pure."""

from collections.abc import Callable
from datetime import UTC

from textual.content import Content

from panels import rows
from panels.databases import doing, key_of, one_line, poolers, postgres, style_for, who
from panels.lock_tree import tree
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.text import safe, short_duration, short_figure

GROUPS, LOCKS, POOLS = "groups", "locks", "pools"
REPLICATION, CHANGES, CHECKS = "replication", "changes", "checks"
NAMES = (GROUPS, LOCKS, POOLS, REPLICATION, CHANGES, CHECKS)


def pages(view: PanelView) -> tuple[str, ...]:
    """Those that have something to show, and the first two."""
    found = [seen for _, seen in postgres(view)]
    has = {
        GROUPS: True,
        LOCKS: True,
        POOLS: any(True for _ in poolers(view)),
        REPLICATION: any(s.replicas or s.slots or s.identity.role == "replica" for s in found),
        CHANGES: any(seen.changes for seen in found),
        CHECKS: any(seen.tables for seen in found),
    }
    return tuple(name for name in NAMES if has[name])


def sheet(view: PanelView, name: str) -> Sheet:
    """The page with this name."""
    makers: dict[str, Callable[[PanelView], Sheet]] = {
        GROUPS: _groups,
        LOCKS: _locks,
        POOLS: _pools,
        REPLICATION: _replication,
        CHANGES: _changes,
        CHECKS: _checks,
    }
    return makers[name](view)


def details(view: PanelView, key: str, width: int) -> list[Content]:
    """All columns of a row of a team's own query, one to a line; who answers, for others."""
    for source, seen in postgres(view):
        for at, table in enumerate(seen.tables):
            for number, row in enumerate(table.rows):
                if key == f"{source.name}.check:{at}:{number}":
                    named = zip(table.columns, row, strict=False)
                    words = (f"{safe(name, 60)}: {safe(value)}" for name, value in named)
                    return [part for line in words for part in Content(line).fold(max(width, 1))]
    found = next((pair for pair in postgres(view) if key.startswith(f"{pair[0].name}.")), None)
    if found is None:
        return []
    who_answers = found[1].identity
    started = who_answers.started_at
    since = f", started {started.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z" if started else ""
    system = who_answers.system_identifier
    lines = [
        f"{who_answers.role} {safe(who_answers.address, 60)}, PostgreSQL "
        f"{safe(who_answers.version, 40)}{since}",
        f"signed in to {safe(who_answers.database, 60)} as {safe(who_answers.user, 60)}"
        + (f"; cluster {safe(system, 40)}" if system else ""),
    ]
    if found[1].environment:
        lines.append(f"it calls itself {safe(found[1].environment, 40)}")
    return [Content.assemble((view.look.plain(line), ".dim")) for line in lines]


_GROUP = (
    Column(title="count", width=6, align=">"),
    Column(title="state", width=20),
    Column(title="oldest", width=8, align=">"),
    Column(title="application", width=14, grows=True),
    Column(title="user", width=12, rank=1, grows=True),
    Column(title="database", width=12, rank=2, grows=True),
    Column(title="server", width=12, rank=3),
)


def _groups(view: PanelView) -> Sheet:
    found = []
    for source, seen in postgres(view):
        quiet = ".dim" if rows.is_dark(source) else ""
        for group in seen.groups:
            idle = group.state.startswith("idle in transaction")
            figure = "idle_in_transaction_age" if idle else ""
            style = style_for(view, source, figure, group.oldest) if figure else quiet
            cells = (
                Cell(str(group.count), float(group.count), quiet),
                Cell(safe(group.state, 40) or "not shown", style=quiet),
                Cell(_seconds(group.oldest), group.oldest, style or quiet),
                Cell(safe(group.application, 100), style=quiet),
                Cell(safe(group.user, 100), style=quiet),
                Cell(safe(group.database, 100), style=quiet),
                Cell(safe(source.title, 40), style=quiet),
            )
            parts = (group.application, group.user, group.database, group.state)
            name = "/".join(part.replace("/", "//") for part in parts)
            found.append(Row(key=f"{source.name}.group:{name}", cells=cells))
    found.sort(key=lambda row: -float(row.cells[0].sort or 0.0))
    return Sheet(name=GROUPS, columns=_GROUP, rows=tuple(found), empty="No connection is seen.")


_LOCK = (
    Column(title="waits", width=8, align=">"),
    Column(title="pid", width=14),
    Column(title="holds", width=5, align=">", rank=1),
    Column(title="doing", width=12, rank=2),
    Column(title="in tx", width=8, align=">", rank=4),
    Column(title="who", width=16),
    Column(title="on", width=18, rank=5),
    Column(title="query", width=20, grows=True),
)


def _locks(view: PanelView) -> Sheet:
    found = []
    for source, seen in postgres(view):
        quiet = ".dim" if rows.is_dark(source) else ""
        for node in tree(seen.sessions):
            hook = f"{view.look.hook} " if node.depth else ""
            called = "  " * min(node.depth, 4) + hook + node.called
            session = node.session
            if session is None:
                key = f"{source.name}.pid:{node.pid}"
                cells: tuple[Cell, ...] = (
                    Cell("", None),
                    Cell(called, float(node.pid), quiet),
                    Cell(str(node.behind), float(node.behind), quiet),
                    Cell("not shown", style=quiet),
                )
                found.append(Row(key=key, cells=cells))
                continue
            waits = style_for(view, source, "lock_wait", session.waiting)
            cells = (
                Cell(_seconds(session.waiting), session.waiting, waits or quiet),
                Cell(called, float(session.pid), quiet),
                Cell(str(node.behind or ""), float(node.behind), quiet),
                Cell(doing(session), style=quiet),
                Cell(_seconds(session.in_transaction), session.in_transaction, quiet),
                Cell(who(session), style=quiet),
                Cell(safe(session.wait, 60), style=quiet),
                Cell(one_line(session.query), style=quiet),
            )
            found.append(Row(key=key_of(source, session), cells=cells, more=session.query))
    return Sheet(name=LOCKS, columns=_LOCK, rows=tuple(found), empty="Nobody waits for a lock.")


_POOL = (
    Column(title="waiting", width=7, align=">"),
    Column(title="longest", width=8, align=">"),
    Column(title="active", width=6, align=">"),
    Column(title="servers", width=9, align=">"),
    Column(title="idle", width=5, align=">"),
    Column(title="mode", width=12, rank=2),
    Column(title="state", width=8, rank=3),
    Column(title="pool", width=20, grows=True),
)


def _pools(view: PanelView) -> Sheet:
    found = []
    for source, seen in poolers(view):
        quiet = ".dim" if rows.is_dark(source) else ""
        for pool in seen.pools:
            busy = pool.servers_active + pool.servers_used
            size = f"/{pool.size}" if pool.size is not None else ""
            waits = style_for(view, source, "clients_waiting", float(pool.clients_waiting))
            late = style_for(view, source, "longest_wait", pool.longest_wait)
            cells = (
                Cell(str(pool.clients_waiting), float(pool.clients_waiting), waits or quiet),
                Cell(_seconds(pool.longest_wait), pool.longest_wait, late or quiet),
                Cell(str(pool.clients_active), float(pool.clients_active), quiet),
                Cell(f"{busy}{size}", float(busy), quiet),
                Cell(str(pool.servers_idle), float(pool.servers_idle), quiet),
                Cell(safe(pool.mode, 40), style=quiet),
                Cell("paused" if pool.paused else "disabled" if pool.disabled else "", style=quiet),
                Cell(f"{safe(pool.database, 60)}/{safe(pool.user, 60)}", style=quiet),
            )
            found.append(Row(key=f"{source.name}.{pool.key}", cells=cells))
    return Sheet(name=POOLS, columns=_POOL, rows=tuple(found), empty="There is no pool.")


_STREAM = (
    Column(title="behind", width=9, align=">"),
    Column(title="bytes", width=10, align=">"),
    Column(title="what", width=8),
    Column(title="state", width=14),
    Column(title="name", width=20, grows=True),
    Column(title="server", width=12, rank=1),
)


def _replication(view: PanelView) -> Sheet:
    found = []
    for source, seen in postgres(view):
        quiet = ".dim" if rows.is_dark(source) else ""
        server = Cell(safe(source.title, 40), style=quiet)
        for number, replica in enumerate(seen.replicas):
            late = style_for(view, source, "replication_lag", replica.lag)
            cells = (
                Cell(_seconds(replica.lag), replica.lag, late or quiet),
                Cell(short_figure(replica.lag_bytes, "B"), replica.lag_bytes, quiet),
                Cell("replica", style=quiet),
                Cell(f"{safe(replica.state, 20)} {safe(replica.sync, 10)}".strip(), style=quiet),
                Cell(safe(replica.name, 100), style=quiet),
                server,
            )
            found.append(Row(key=f"{source.name}.replica:{replica.name}:{number}", cells=cells))
        for slot in seen.slots:
            kept = style_for(view, source, "slot_retained", slot.retained)
            state = "active" if slot.active else "INACTIVE"
            cells = (
                Cell("", None),
                Cell(short_figure(slot.retained, "B"), slot.retained, kept or quiet),
                Cell("slot", style=quiet),
                Cell(f"{state} {safe(slot.status, 20)}".strip(), style=quiet),
                Cell(safe(slot.name, 100), style=quiet),
                server,
            )
            found.append(Row(key=f"{source.name}.slot:{slot.name}", cells=cells))
    empty = "Nobody streams from here, and nothing is kept for anybody."
    return Sheet(name=REPLICATION, columns=_STREAM, rows=tuple(found), empty=empty)


_CHANGE = (
    Column(title="at (UTC)", width=19),
    Column(title="what", width=30, grows=True),
    Column(title="server", width=12, rank=1),
)


def _changes(view: PanelView) -> Sheet:
    found = []
    for source, seen in postgres(view):
        for number, change in enumerate(seen.changes):
            cells = (
                Cell(f"{change.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", change.at.timestamp()),
                Cell(safe(change.what, 300)),
                Cell(safe(source.title, 40)),
            )
            key = f"{source.name}.change:{change.at.isoformat()}:{number}"
            found.append(Row(key=key, cells=cells))
    found.sort(key=lambda row: -float(row.cells[0].sort or 0.0))
    return Sheet(name=CHANGES, columns=_CHANGE, rows=tuple(found), empty="Nothing has changed.")


_CHECK = (
    Column(title="query", width=20),
    Column(title="row", width=30, grows=True),
    Column(title="server", width=12, rank=1),
)


def _checks(view: PanelView) -> Sheet:
    found = []
    for source, seen in postgres(view):
        for at, table in enumerate(seen.tables):
            for number, row in enumerate(table.rows):
                named = zip(table.columns, row, strict=False)
                words = "  ".join(f"{safe(name, 40)}={safe(value, 200)}" for name, value in named)
                cells = (Cell(safe(table.title, 60)), Cell(words), Cell(safe(source.title, 40)))
                found.append(Row(key=f"{source.name}.check:{at}:{number}", cells=cells))
    return Sheet(name=CHECKS, columns=_CHECK, rows=tuple(found), empty="The queries gave no row.")


def _seconds(value: float | None) -> str:
    return "" if value is None else short_duration(value)
