"""The pages of the expanded panel ``connections``. Pure."""

from collections.abc import Callable
from datetime import UTC

from textual.content import Content

from panels import pools, server_sheets
from panels.databases import (
    doing,
    empty,
    key_of,
    one_line,
    poolers,
    postgres,
    quiet,
    seconds,
    style_for,
    who,
)
from panels.lock_tree import Node, tree
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.postgres import Group, PostgresSeen
from warroom.text import safe
from warroom.wire import SourceView

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
    makers: dict[str, Callable[[PanelView, str], Sheet]] = {
        GROUPS: _groups,
        LOCKS: _locks,
        POOLS: pools.sheet,
        REPLICATION: server_sheets.replication,
        CHANGES: server_sheets.changes,
        CHECKS: server_sheets.checks,
    }
    return makers[name](view, name)


def details(view: PanelView, key: str, width: int) -> list[Content]:
    """All columns of a row of a team's own query, one to a line; who answers, for others."""
    found = server_sheets.check(view, key)
    if not found:
        source = next((p for p in postgres(view) if key.startswith(f"{p[0].name}.")), None)
        found = _identity(source[1]) if source is not None else []
    lines = (Content.assemble((view.look.plain(line), ".dim")) for line in found)
    return [part for line in lines for part in line.fold(max(width, 1))]


def _identity(seen: PostgresSeen) -> list[str]:
    """Who answers."""
    who_answers = seen.identity
    started = who_answers.started_at
    since = f", started {started.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z" if started else ""
    system = who_answers.system_identifier
    lines = [
        f"{who_answers.role} {safe(who_answers.address, 60)}, PostgreSQL "
        f"{safe(who_answers.version, 40)}{since}",
        f"signed in to {safe(who_answers.database, 60)} as {safe(who_answers.user, 60)}"
        + (f"; cluster {safe(system, 40)}" if system else ""),
    ]
    if seen.environment:
        lines.append(f"it calls itself {safe(seen.environment, 40)}")
    return lines


_GROUP = (
    Column(title="count", width=6, align=">"),
    Column(title="state", width=20),
    Column(title="oldest", width=8, align=">"),
    Column(title="application", width=14, grows=True),
    Column(title="user", width=12, rank=1, grows=True),
    Column(title="database", width=12, rank=2, grows=True),
    Column(title="server", width=12, rank=3),
)


def _groups(view: PanelView, name: str) -> Sheet:
    found = [
        _group(view, source, group) for source, seen in postgres(view) for group in seen.groups
    ]
    found.sort(key=lambda row: -float(row.cells[0].sort or 0.0))
    words = empty(view, "No connection is seen.")
    return Sheet(name=name, columns=_GROUP, rows=tuple(found), empty=words)


def _group(view: PanelView, source: SourceView, group: Group) -> Row:
    plain = quiet(view, source)
    idle = group.state.startswith("idle in transaction")
    style = style_for(view, source, "idle_in_transaction_age", group.oldest) if idle else plain
    state = safe(group.state, 40).replace("idle in transaction", "idle in tx")
    cells = (
        Cell(str(group.count), float(group.count), plain),
        Cell(state or "not shown", style=plain),
        Cell(seconds(group.oldest), group.oldest, style),
        Cell(safe(group.application, 100), style=plain),
        Cell(safe(group.user, 100), style=plain),
        Cell(safe(group.database, 100), style=plain),
        Cell(safe(source.title, 40), style=plain),
    )
    parts = (group.application, group.user, group.database, group.state)
    # What parts them is told from the same character in a name.
    named = "/".join(part.replace("\\", "\\\\").replace("/", "\\/") for part in parts)
    return Row(key=f"{source.name}.group:{named}", cells=cells, more=group.state)


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


def _locks(view: PanelView, name: str) -> Sheet:
    found = [
        _lock(view, source, node)
        for source, seen in postgres(view)
        for node in tree(seen.sessions)
    ]  # fmt: skip
    words = empty(view, "Nobody waits for a lock.")
    return Sheet(name=name, columns=_LOCK, rows=tuple(found), empty=words)


def _lock(view: PanelView, source: SourceView, node: Node) -> Row:
    plain = quiet(view, source)
    session = node.session
    hook = f"{view.look.hook} " if node.depth else ""
    called = "  " * min(node.depth, 4) + hook + (str(node.pid) if node.pid else "prepared")
    if session is None:
        unseen: tuple[Cell, ...] = (
            Cell("", None),
            Cell(called, float(node.pid), plain),
            Cell(str(node.behind), float(node.behind), plain),
            Cell("transaction" if node.pid == 0 else "not shown", style=plain),
        )
        return Row(key=f"{source.name}.pid:{node.pid}", cells=unseen)
    waits = style_for(view, source, "lock_wait", session.waiting)
    cells = (
        Cell(seconds(session.waiting), session.waiting, waits or plain),
        Cell(called, float(session.pid), plain),
        Cell(str(node.behind or ""), float(node.behind), plain),
        Cell(doing(session), style=plain),
        Cell(seconds(session.in_transaction), session.in_transaction, plain),
        Cell(who(session), style=plain),
        Cell(safe(session.wait, 60), style=plain),
        Cell(one_line(session.query), style=plain),
    )
    return Row(key=key_of(source, session), cells=cells, more=session.query)
