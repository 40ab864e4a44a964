"""The rows of the admin console, read by the names of their columns, strictly.

Columns come and go with the versions (PgBouncer documentation, "Admin console"): 1.16 has
``cl_cancel_req``, 1.18 ``cl_active_cancel_req`` and ``sv_being_canceled``, 1.24
``load_balance_hosts``, and the newest a user's own ``pool_size``. One that is not there, or
holds no number, makes its figure not known; it is never taken for zero.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CONSOLE = "pgbouncer"
"""The console's own pool and database: we are in it, and no application can be."""
_NUMBER = re.compile(r" *(-?[0-9]{1,15})\Z")
_MICRO = 1_000_000

Row = Mapping[str, str | None]


def number(row: Row, column: str) -> int | None:
    """The whole number in ``column``; None for anything else."""
    match = _NUMBER.match(row.get(column) or "")
    return int(match[1]) if match else None


def count(row: Row, column: str) -> int | None:
    """As ``number``, but never less than zero."""
    found = number(row, column)
    return found if found is None or found >= 0 else None


@dataclass(frozen=True)
class PoolRow:
    """One row of ``SHOW POOLS``. ``servers`` are its server connections in whatever state, as
    the pooler itself counts them against the pool's size; ``waited`` is seconds."""

    database: str
    user: str
    mode: str
    clients_active: int | None
    clients_waiting: int | None
    servers_active: int | None
    servers_idle: int | None
    servers_used: int | None
    servers: int | None
    waited: float | None

    @property
    def label(self) -> str:
        return f"{self.database}/{self.user}"

    @property
    def figures(self) -> tuple[float | None, ...]:
        """What every version counts."""
        clients = (self.clients_active, self.clients_waiting)
        return (*clients, self.servers_active, self.servers_idle, self.servers, self.waited)


@dataclass(frozen=True)
class DatabaseRow:
    """One row of ``SHOW DATABASES``. ``size`` is of each of its pools, ``most`` of all of them
    together; None where there is no such limit."""

    name: str
    size: int | None
    most: int | None
    servers: int | None
    paused: bool
    disabled: bool


def pools(rows: Iterable[Row]) -> list[PoolRow]:
    """All but the console's own."""
    return [_pool(row) for row in rows if row.get("database") not in (None, CONSOLE)]


def _pool(row: Row) -> PoolRow:
    servers = [count(row, column) for column in row if column.startswith("sv_")]
    known = [each for each in servers if each is not None]
    return PoolRow(
        database=row.get("database") or "",
        user=row.get("user") or "",
        mode=row.get("pool_mode") or "",
        clients_active=count(row, "cl_active"),
        clients_waiting=count(row, "cl_waiting"),
        servers_active=count(row, "sv_active"),
        servers_idle=count(row, "sv_idle"),
        servers_used=count(row, "sv_used"),
        servers=sum(known) if known and len(known) == len(servers) else None,
        waited=_waited(row),
    )


def _waited(row: Row) -> float | None:
    """``maxwait`` with its microseconds (since 1.8). The pooler's clock may be set meanwhile:
    what would be less than nothing is nothing."""
    seconds = number(row, "maxwait")
    if seconds is None:
        return None
    return max(seconds + (number(row, "maxwait_us") or 0) / _MICRO, 0.0)


def databases(rows: Iterable[Row]) -> dict[str, DatabaseRow]:
    """All but the console's own, by name."""
    found = [_database(row) for row in rows if row.get("name") not in (None, CONSOLE)]
    return {each.name: each for each in found}


def _database(row: Row) -> DatabaseRow:
    return DatabaseRow(
        name=row.get("name") or "",
        size=count(row, "pool_size") or None,
        most=count(row, "max_connections") or None,  # 0 is "as many as you like"
        servers=count(row, "current_connections"),
        paused=number(row, "paused") == 1,
        disabled=number(row, "disabled") == 1,
    )


def pairs(rows: Iterable[Row], key: str, value: str) -> dict[str, str]:
    """What has one thing in a row: ``SHOW LISTS``, ``CONFIG``, ``STATE``."""
    return {row[key] or "": row[value] or "" for row in rows if key in row and value in row}


def sizes_of_users(rows: Iterable[Row]) -> dict[str, int]:
    """The pool sizes that users were given of their own, in versions that have such."""
    sizes = ((row.get("name") or "", count(row, "pool_size")) for row in rows)
    return {name: size for name, size in sizes if size}
