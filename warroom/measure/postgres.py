"""What is seen of a PostgreSQL server, and of a PgBouncer in front of one.

Names of states, wait events and columns are the server's own (PostgreSQL documentation,
"The Cumulative Statistics System"; PgBouncer documentation, "Admin console").
"""

from datetime import datetime
from typing import ClassVar, Literal

import msgspec

from warroom.measure.sight import Sight
from warroom.measure.table import Table
from warroom.sharing.kinds import Host, Ident, Person, Sql


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Which server answered, in its own words.

    ``system_identifier`` is the same for a primary and its replicas, and for no other
    cluster; empty where it may not be read. ``address`` is what we are connected to.
    """

    database: str
    user: Person
    system_identifier: Ident = ""
    version: str = ""
    role: Literal["primary", "replica"] = "primary"
    address: Host = ""
    started_at: datetime | None = None


class Ceiling(msgspec.Struct, frozen=True):
    """How many connections there are (ours included) where only so many may be.

    ``usable`` is what is left for ordinary users: ``max_connections`` less ``reserved``. A
    database or a role can have a ceiling of its own; ``label`` says which one it is.
    """

    label: str
    used: int
    usable: int
    reserved: int = 0

    @property
    def share(self) -> float:
        """Percent of the usable; over 100 when the reserved ones are used too."""
        return 100 * self.used / self.usable if self.usable > 0 else 100.0


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Client connections alike. ``oldest`` is for how many seconds the one that has been in
    this state longest has been in it; ``state`` is empty where it may not be read."""

    application: str
    user: Person
    database: str
    state: str
    count: int
    oldest: float | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One server process worth a look: at work for long, idle in a transaction for long,
    waiting for a lock, or holding one that others wait for.

    ``pid`` and ``started`` (backend_start) together are its identity: a pid comes again.
    All durations are seconds: ``running`` of its present query, or since it became idle;
    ``in_transaction``; ``waiting`` for a lock, None when it waits for none. ``wait`` is
    ``Lock: relation`` and the like, empty when it waits for nothing. ``blocked_by`` are the
    pids it waits for; 0 is a prepared transaction. ``blocks`` counts those that wait for it,
    directly or behind others.
    """

    LINES: ClassVar[frozenset[str]] = frozenset({"query"})

    pid: int
    started: datetime
    database: str = ""
    user: Person = ""
    application: str = ""
    client: Host = ""
    backend: Ident = "client backend"
    state: Ident = ""
    wait: Ident = ""
    running: float | None = None
    in_transaction: float | None = None
    waiting: float | None = None
    blocked_by: tuple[int, ...] = ()
    blocks: int = 0
    query: Sql = ""
    query_id: Ident = ""

    @property
    def key(self) -> str:
        """Its identity as text: ``session:4711:2026-03-04T14:07:10.123456+00:00``."""
        return f"session:{self.pid}:{self.started.isoformat(timespec='microseconds')}"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One normalised statement over the last span (pg_stat_statements).

    ``calls`` and ``rows`` are per second, ``mean`` is milliseconds a call, ``load`` the
    milliseconds of execution in a second: 1000 keep one process busy.
    """

    LINES: ClassVar[frozenset[str]] = frozenset({"query"})

    query_id: Ident
    user: Person
    query: Sql
    calls: float
    mean: float
    load: float
    rows: float = 0.0

    @property
    def key(self) -> str:
        return f"statement:{self.query_id}:{self.user}"


class Statements(msgspec.Struct, frozen=True, kw_only=True):
    """The statements that took most time over the last ``span`` seconds, most first.

    ``taken_at`` is when the later reading was made. ``advice`` says what to type when there
    is nothing to read from; empty otherwise.
    """

    top: tuple[Statement, ...] = ()
    span: float | None = None
    taken_at: datetime | None = None
    advice: str = ""


class Replica(msgspec.Struct, frozen=True, kw_only=True):
    """One that streams from this server: how far it is behind, in seconds and bytes."""

    name: Host
    state: Ident = ""
    sync: Ident = ""
    lag: float | None = None
    lag_bytes: float | None = None


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A replication slot; ``retained`` are the bytes of WAL the server keeps for it."""

    name: str
    kind: str = ""
    active: bool = False
    retained: float | None = None
    status: str = ""


class PostgresSeen(Sight, frozen=True, tag="postgres", kw_only=True):
    """One poll of a PostgreSQL server. Our own session is counted in ``ceilings`` and
    ``groups``, for it takes a place, and in no list of ``sessions`` or ``statements``.

    ``sessions`` are the longest at work first; ``hidden`` counts those that are left out
    because there are too many.
    """

    identity: Identity
    ceilings: tuple[Ceiling, ...] = ()
    groups: tuple[Group, ...] = ()
    sessions: tuple[Session, ...] = ()
    hidden: int = 0
    long_query: float = 1.0
    statements: Statements = Statements()
    replicas: tuple[Replica, ...] = ()
    slots: tuple[Slot, ...] = ()
    tables: tuple[Table, ...] = ()


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """One pool of a PgBouncer: its clients, and the server connections they share.

    ``longest_wait`` is for how many seconds the first client in line has waited. ``size``
    is the most server connections the pool may open, None where that is not known.
    """

    database: str
    user: Person
    mode: Ident = ""
    clients_active: int = 0
    clients_waiting: int = 0
    servers_active: int = 0
    servers_idle: int = 0
    servers_used: int = 0
    size: int | None = None
    longest_wait: float = 0.0
    paused: bool = False
    disabled: bool = False

    @property
    def key(self) -> str:
        return f"pool:{self.database}:{self.user}"


class PgbouncerSeen(Sight, frozen=True, tag="pgbouncer", kw_only=True):
    """One poll of a PgBouncer's admin console, the worst pool first.

    ``clients`` are all client connections, ``most_clients`` is ``max_client_conn``.
    """

    version: str = ""
    address: Host = ""
    pools: tuple[Pool, ...] = ()
    clients: int = 0
    most_clients: int | None = None
