"""What one poll of the admin console found, and what is made of it: pools, figures, words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from warroom.measure.postgres import PgbouncerSeen, Pool
from warroom.sources.known import Figure
from warroom.sources.pgbouncer import notes
from warroom.sources.pgbouncer.figures import share, total, worst
from warroom.sources.pgbouncer.rows import DatabaseRow, PoolRow

MOST_POOLS = 200


@dataclass(frozen=True)
class Looked:
    """``databases``, ``clients`` and ``most_clients`` are None where they could not be read.
    ``halted`` is ``paused`` or ``suspended`` when all of the pooler is, empty when it is not,
    and None where it does not tell. ``sizes`` are the pool sizes of users of their own."""

    address: str = ""
    version: str = ""
    pools: tuple[PoolRow, ...] = ()
    databases: dict[str, DatabaseRow] | None = None
    clients: int | None = None
    most_clients: int | None = None
    halted: str | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)
    blind: tuple[str, ...] = ()

    def seen(self) -> PgbouncerSeen:
        listed = sorted(self.pools, key=self._badness, reverse=True)
        hidden = len(listed) - MOST_POOLS
        paused = {database.name for database in self._listed() if database.paused}
        stuck = [pool for pool in self._waiting_for_none() if pool.database not in paused]
        return PgbouncerSeen(
            version=self.version,
            address=self.address,
            pools=tuple(map(self._pool, listed[:MOST_POOLS])),
            clients=self.clients or 0,
            most_clients=self.most_clients,
            blind=self.blind,
            notes=(
                *notes.held(self.halted, self._listed()),
                *notes.stuck([] if self.halted else stuck, told=self.halted is not None),
                *([f"{hidden} more pools are not listed"] if hidden > 0 else []),
            ),
        )

    def known(self) -> dict[str, Figure]:
        """All that one poll says, but for how long it took."""
        return {
            "clients_waiting": total(pool.clients_waiting for pool in self.pools),
            "longest_wait": worst((pool.waited, pool.label) for pool in self.pools),
            "clients_active": total(pool.clients_active for pool in self.pools),
            "clients": total([self.clients]),
            "clients_used": (share(self.clients, self.most_clients), ""),
            "servers_active": total(pool.servers_active for pool in self.pools),
            "servers_idle": total(pool.servers_idle for pool in self.pools),
            "servers_used": worst([*self._pool_shares(), *self._database_shares()]),
            "paused": (self._paused(), ""),
            "up": (1.0, ""),
        }

    def _listed(self) -> Iterable[DatabaseRow]:
        return (self.databases or {}).values()

    def _size(self, pool: PoolRow) -> int | None:
        """The most server connections it may have: the user's own size comes before the
        database's (``pool_pool_size`` of PgBouncer), and the database's ceiling over both."""
        database = (self.databases or {}).get(pool.database)
        if database is None:
            return None
        size = self.sizes.get(pool.user, database.size)
        return min((each for each in (size, database.most) if each is not None), default=None)

    def _pool(self, row: PoolRow) -> Pool:
        database = (self.databases or {}).get(row.database)
        return Pool(
            database=row.database,
            user=row.user,
            mode=row.mode,
            clients_active=row.clients_active or 0,
            clients_waiting=row.clients_waiting or 0,
            servers_active=row.servers_active or 0,
            servers_idle=row.servers_idle or 0,
            servers_used=row.servers_used or 0,
            size=self._size(row),
            longest_wait=row.waited or 0.0,
            paused=bool(self.halted) or (database is not None and database.paused),
            disabled=database is not None and database.disabled,
        )

    def _badness(self, row: PoolRow) -> tuple[float, ...]:
        used = share(row.servers, self._size(row)) or 0.0
        return (row.clients_waiting or 0, row.waited or 0.0, used)

    def _pool_shares(self) -> Iterable[tuple[float | None, str]]:
        """A pool without a server connection is empty, whatever its size."""
        for pool in self.pools:
            used = 0.0 if pool.servers == 0 else share(pool.servers, self._size(pool))
            yield used, pool.label

    def _database_shares(self) -> Iterable[tuple[float | None, str]]:
        """Of those that have a ceiling for all their pools together."""
        for database in self._listed():
            if database.most is not None:
                yield share(database.servers, database.most), database.name

    def _paused(self) -> float | None:
        """How many databases are paused. Before SHOW STATE the pooler does not tell when all
        are; it may be so when somebody waits and there is no server connection at all."""
        if self.databases is None:
            return None
        if self.halted:
            return float(len(self.databases))
        paused = sum(database.paused for database in self.databases.values())
        if self.halted is None and not paused and self._waiting_for_none():
            return None
        return float(paused)

    def _waiting_for_none(self) -> list[PoolRow]:
        if any(pool.servers != 0 for pool in self.pools):
            return []
        return [pool for pool in self.pools if pool.clients_waiting]
