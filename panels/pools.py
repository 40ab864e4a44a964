"""The pools of a PgBouncer: as lines, as a page, and all of one. Pure."""

from collections.abc import Iterator

from textual.content import Content

from panels.databases import empty, poolers, quiet, seconds, style_for
from panels.session_details import facts
from warroom.console.look import fit
from warroom.console.panel import PanelView
from warroom.console.sheet import Cell, Column, Row, Sheet
from warroom.measure.postgres import PgbouncerSeen, Pool
from warroom.text import safe, short_duration
from warroom.wire import SourceView

NAME = 30
"""Cells of a pool's name at the most."""
COLUMNS = (
    Column(title="waiting", width=7, align=">"),
    Column(title="longest", width=8, align=">"),
    Column(title="active", width=6, align=">"),
    Column(title="servers", width=9, align=">"),
    Column(title="idle", width=5, align=">"),
    Column(title="state", width=8),
    Column(title="mode", width=12, rank=1),
    Column(title="pool", width=20, grows=True),
)


def counted(view: PanelView, source: SourceView, seen: PgbouncerSeen) -> tuple[str, str]:
    """``37 of 100 clients · 14 waiting · 3 pools``, and its style."""
    dot = view.look.dot
    most = f" of {seen.most_clients}" if seen.most_clients is not None else ""
    waiting = sum(pool.clients_waiting for pool in seen.pools)
    used = f"{seen.clients:>{len(str(seen.most_clients or 0))}}"
    words = f"{used}{most} clients {dot} {waiting:>2} waiting {dot} {_pools(len(seen.pools))}"
    return words, style_for(view, source, "clients_waiting", float(waiting))


def _pools(count: int) -> str:
    return f"{count} pool" + "s" * (count != 1)


def lines(view: PanelView, source: SourceView, seen: PgbouncerSeen) -> Iterator[Content]:
    """A line for each pool: ``app/web: 20 active, 14 waiting 3.2 s, servers 10 of 10``."""
    look = view.look
    served = max((len(str(pool.clients_active)) for pool in seen.pools), default=1)
    queued = max((len(str(pool.clients_waiting)) for pool in seen.pools), default=1)
    for pool in seen.pools:
        waits = style_for(view, source, "clients_waiting", float(pool.clients_waiting))
        late = style_for(view, source, "longest_wait", pool.longest_wait)
        state = f"{_state(pool)} " if _state(pool) else ""
        longest = f" {short_duration(pool.longest_wait)}" if pool.longest_wait else ""
        of = f" of {pool.size}" if pool.size is not None else ""
        name = fit(look.plain(_name(pool)), NAME, "<", look.end).rstrip()
        rest = f", servers {pool.servers_active}{of}, {idle(pool)} idle, {safe(pool.mode, 20)}"
        yield Content.assemble(
            (state, quiet(view, source) or ".strong"),
            (f"{name}: {pool.clients_active:>{served}} active, ", quiet(view, source)),
            (f"{pool.clients_waiting:>{queued}} waiting{longest}", waits or late),
            (look.plain(rest), quiet(view, source)),
        )


def idle(pool: Pool) -> int:
    """Server connections that do nothing: to PgBouncer, ``used`` are those that have been idle
    for so long that they are tried before they are given to a client."""
    return pool.servers_idle + pool.servers_used


def sheet(view: PanelView, name: str) -> Sheet:
    """The page of all pools."""
    found = [
        _row(view, source, pool)
        for source, seen in poolers(view)
        for pool in seen.pools
    ]  # fmt: skip
    return Sheet(
        name=name, columns=COLUMNS, rows=tuple(found), empty=empty(view, "There is no pool.")
    )


def _row(view: PanelView, source: SourceView, pool: Pool) -> Row:
    plain = quiet(view, source)
    of = f"/{pool.size}" if pool.size is not None else ""
    waits = style_for(view, source, "clients_waiting", float(pool.clients_waiting))
    late = style_for(view, source, "longest_wait", pool.longest_wait)
    cells = (
        Cell(str(pool.clients_waiting), float(pool.clients_waiting), waits),
        Cell(seconds(pool.longest_wait), pool.longest_wait, late),
        Cell(str(pool.clients_active), float(pool.clients_active), plain),
        Cell(f"{pool.servers_active}{of}", float(pool.servers_active), plain),
        Cell(str(idle(pool)), float(idle(pool)), plain),
        Cell(_state(pool), style=plain or ".strong"),
        Cell(safe(pool.mode, 40), style=plain),
        Cell(_name(pool), style=plain),
    )
    return Row(key=f"{source.name}.{pool.key}", cells=cells)


def details(view: PanelView, key: str) -> list[Content]:
    """All of the pool with this key; nothing when it is no pool's."""
    for source, seen in poolers(view):
        for pool in seen.pools:
            if key == f"{source.name}.{pool.key}":
                return facts(view, _facts(source, seen, pool))
    return []


def _facts(source: SourceView, seen: PgbouncerSeen, pool: Pool) -> tuple[tuple[str, str], ...]:
    of = f", of {pool.size} at the most" if pool.size is not None else ""
    servers = f"{pool.servers_active} active, {idle(pool)} idle{of}"
    return (
        ("pool", f"{safe(pool.user, 60)} on {safe(pool.database, 60)}"),
        ("mode", safe(pool.mode, 40)),
        ("state", _state(pool).lower()),
        ("clients", f"{pool.clients_active} active, {pool.clients_waiting} waiting"),
        ("longest wait", short_duration(pool.longest_wait) if pool.longest_wait else ""),
        ("servers", servers),
        ("pooler", f"{safe(source.title, 40)}, PgBouncer {safe(seen.version, 40)}"),
        ("at", safe(seen.address, 60)),
    )


def _name(pool: Pool) -> str:
    return f"{safe(pool.database, 60)}/{safe(pool.user, 60)}"


def _state(pool: Pool) -> str:
    return "PAUSED" if pool.paused else "DISABLED" if pool.disabled else ""
