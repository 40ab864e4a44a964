"""Boards of databases to draw, made by hand: what a picture shows is known."""

from datetime import timedelta

from msgspec.structs import replace

from tests.ui.boards import NOON, limit, room
from warroom.measure.change import Change
from warroom.measure.postgres import (
    Ceiling,
    Group,
    Identity,
    PgbouncerSeen,
    Pool,
    PostgresSeen,
    Replica,
    Session,
    Slot,
    Statement,
    Statements,
)
from warroom.measure.snapshot import Failure, Signal, Snapshot
from warroom.measure.table import Table
from warroom.severity import OK, UNSEEN
from warroom.wire import Board, SignalView, SourceView

BOOTED = NOON - timedelta(days=12)
WHO = Identity(
    database="shop",
    user="monitor",
    system_identifier="7412345678901234567",
    version="16.3",
    address="10.0.0.9:5432",
    started_at=BOOTED,
)
POSTGRES_LIMITS = {
    "connections_used": (
        limit("SEV1", "> 95", "connections"),
        limit("SEV2", "> 80", "connections"),
    ),
    "longest_query": (limit("SEV3", "> 30", "long query"),),
    "longest_transaction": (limit("SEV3", "> 60", "open transaction"),),
    "lock_wait": (limit("SEV2", "> 10", "lock wait"),),
    "idle_in_transaction_age": (limit("SEV3", "> 60", "idle transaction"),),
    "replication_lag": (limit("SEV2", "> 30", "lag"),),
    "slot_retained": (limit("SEV3", "> 1000000000", "slot"),),
}
POOLER_LIMITS = {
    "clients_waiting": (limit("SEV2", "> 10", "pool"),),
    "longest_wait": (limit("SEV2", "> 2", "pool wait"),),
}

LONG_SQL = "UPDATE products\n   SET stock = stock - 1\n WHERE id = 4711\n   AND stock > 0"
REPORT_SQL = "SELECT o.id, sum(l.price)\n  FROM orders o JOIN lines l USING (order_id)\n GROUP BY 1"


def group(application, state, count, oldest=None, *, user="shop", database="shop"):
    return Group(
        application=application,
        user=user,
        database=database,
        state=state,
        count=count,
        oldest=oldest,
    )


def session(pid, **more):
    known = dict(
        pid=pid,
        started=NOON - timedelta(minutes=30, microseconds=pid),
        database="shop",
        user="shop",
        application="web",
        client="10.0.1.4",
        state="active",
        running=2.0,
        in_transaction=2.0,
        query="SELECT 1",
        query_id=str(pid),
    )
    return Session(**{**known, **more})


def waits(pid, *blockers, waiting=12.0, **more):
    """A session that waits for a lock."""
    known = dict(blocked_by=blockers, wait="Lock: transactionid")
    lasts = dict.fromkeys(("waiting", "running", "in_transaction"), waiting)
    return session(pid, **{**known, **lasts, **more})


CALM_GROUPS = (
    group("web", "idle", 7, 40.0),
    group("worker", "idle", 3, 600.0),
    group("web", "active", 2, 0.1),
    group("warroom", "active", 1, 0.0, user="monitor"),
)
BUSY_GROUPS = (
    group("web", "active", 18, 252.0),
    group("web", "idle", 8, 31.0),
    group("worker", "idle in transaction", 6, 252.0),
    group("worker", "active", 4, 9.0),
    group("psql", "idle in transaction (aborted)", 1, 20.0, user="ana"),
    group("warroom", "active", 1, 0.0, user="monitor"),
)
THREE_DEEP = (
    session(
        4711,
        application="psql",
        user="ana",
        client="10.0.2.9",
        state="idle in transaction",
        running=240.0,
        in_transaction=252.0,
        blocks=3,
        query=LONG_SQL,
    ),
    waits(4720, 4711, waiting=231.0, blocks=2, application="worker", query=LONG_SQL),
    waits(4731, 4720, waiting=40.0, blocks=1, query="LOCK TABLE products"),
    waits(4742, 4731, waiting=3.0, query="SELECT * FROM products"),
    session(4800, running=95.0, in_transaction=95.0, application="report", query=REPORT_SQL),
)
TOP = (
    Statement(
        query_id="77",
        user="shop",
        query="SELECT *\n  FROM products\n WHERE id = $1",
        calls=120.0,
        mean=3.4,
        load=408.0,
        rows=120.0,
    ),
    Statement(
        query_id="78", user="worker", query="DELETE FROM jobs", calls=0.5, mean=90.0, load=45
    ),
)
READ = Statements(top=TOP, span=30.0, taken_at=NOON - timedelta(seconds=12))


def source(name, kind, seen, figures, limits, **more):
    signals = tuple(
        SignalView(name=f"{name}.{figure}", value=value, limits=limits.get(figure, ()))
        for figure, value in figures.items()
    )
    known = dict(
        name=name,
        title=name,
        kind=kind,
        interval=5.0,
        state="UP",
        level=OK,
        snapshot=Snapshot(
            taken_at=NOON,
            took=0.012,
            seen=seen,
            signals=tuple(Signal(s.name, s.value) for s in signals),
        ),
        age=0.0,
        signals=signals,
        polls=120,
        poll_p95=0.012,
    )
    return SourceView(**{**known, **more})


def database(name="db", *, seen=None, **more):
    """A PostgreSQL server, in good state if nothing else is said."""
    known = dict(
        identity=WHO,
        ceilings=(Ceiling("max_connections", 13, 97, 3),),
        groups=CALM_GROUPS,
        statements=READ,
    )
    shown = PostgresSeen(**{**known, **(seen or {})})
    nearest = max((c.share for c in shown.ceilings), default=None)
    figures = {"connections_used": nearest, **dict.fromkeys(list(POSTGRES_LIMITS)[1:])}
    return source(name, "postgres", shown, figures, POSTGRES_LIMITS, **more)


def locked(name="db", **more):
    """Three deep behind a transaction that somebody left open, and near its ceiling."""
    known = {
        "level": "SEV2",
        "cause": "lock wait: lock_wait 4 min, over 10 s",
        "since": NOON - timedelta(seconds=200),
        "seen": {
            "ceilings": (Ceiling("max_connections", 38, 47, 3),),
            "groups": BUSY_GROUPS,
            "sessions": THREE_DEEP,
        },
    }
    known["seen"].update(more.pop("seen", {}))
    return database(name, **{**known, **more})


def full(name="db", **more):
    """All that are usable are used, and one of the reserved."""
    known = {
        "level": "SEV1",
        "cause": "connections: connections_used 103 %, over 95 %",
        "since": NOON - timedelta(seconds=40),
        "seen": {
            "ceilings": (
                Ceiling("max_connections", 38, 37, 3),
                Ceiling("role worker", 10, 12),
                Ceiling("database shop", 38, 400),
            ),
            "groups": BUSY_GROUPS,
        },
    }
    return database(name, **{**known, **more})


def unseen(name="db", **more):
    """It stands still: what was seen last is 45 s old."""
    known = {
        "state": "CAN'T SEE",
        "level": UNSEEN,
        "cause": "no answer within 3.0 s: connected, request sent, no first byte",
        "failure": Failure("first byte", "no answer within 3.0 s", "is it stopped?"),
        "age": 45.0,
    }
    return locked(name, **{**known, "since": None, **more})


def never(name="db", kind="postgres", **more):
    """Nothing was ever seen of it."""
    known = {
        "cause": "connection refused",
        "failure": Failure("connect", "connection refused", "is it running?"),
        "age": None,
        "snapshot": None,
    }
    return SourceView(name=name, title=name, kind=kind, interval=5.0, **{**known, **more})


GRANT = "24 sessions of other users: GRANT pg_monitor TO monitor;"
SIZE = "size may not be read: permission denied; type GRANT CONNECT ON DATABASE shop TO monitor;"


def plain_role(name="db", **more):
    """Seen by a role that may not see what others do."""
    return database(
        name,
        state="CAN'T SEE",
        level=UNSEEN,
        cause=f"cannot see {GRANT}",
        seen={
            "groups": (group("warroom", "active", 1, 0.0, user="monitor"), group("", "", 24)),
            "ceilings": (Ceiling("max_connections", 25, 97, 3),),
            "blind": (GRANT,),
            "notes": (SIZE,),
            "statements": Statements(
                advice="for statements by time: shared_preload_libraries = "
                "'pg_stat_statements', restart, then in shop: CREATE EXTENSION pg_stat_statements;"
            ),
        },
        **more,
    )


def replica(name="standby", **more):
    alone = "a replica to which nobody sends: its lag is the age of what it has"
    who = replace(WHO, role="replica", address="10.0.0.10:5432")
    return database(name, seen={"identity": who, "notes": (alone,)}, **more)


def primary(name="db", **more):
    """One with everything that a database can have."""
    return database(
        name,
        seen={
            "replicas": (
                Replica(name="standby", state="streaming", sync="async", lag=41.0, lag_bytes=9e6),
                Replica(name="backup", state="streaming", sync="sync", lag=0.2, lag_bytes=0.0),
            ),
            "slots": (Slot(name="forgotten", kind="logical", retained=4e9, status="extended"),),
            "changes": (
                Change(NOON - timedelta(minutes=9), "max_connections: 100, was 200"),
                Change(BOOTED, "it was started"),
            ),
            "tables": (Table("pending migrations", ("id", "name"), (("7", "add index"),)),),
            "environment": "production",
        },
        **more,
    )


def pool(database="shop", user="web", **more):
    known = dict(mode="transaction", clients_active=10, servers_active=4, servers_idle=6, size=10)
    return Pool(database=database, user=user, **{**known, **more})


def pooler(name="bouncer", *, pools=None, **more):
    """A PgBouncer, in good state if nothing else is said."""
    seen = PgbouncerSeen(
        version="1.22.1",
        address="10.0.0.9:6432",
        pools=pools or (pool(), pool(user="worker", clients_active=2)),
        clients=more.pop("clients", 12),
        most_clients=100,
        notes=more.pop("notes", ()),
    )
    waiting = float(sum(each.clients_waiting for each in seen.pools))
    longest = max(each.longest_wait for each in seen.pools)
    figures = {"clients_waiting": waiting, "longest_wait": longest}
    return source(name, "pgbouncer", seen, figures, POOLER_LIMITS, **more)


def waiting_pooler(name="bouncer", **more):
    """One pool has no server left for its clients, another one is paused."""
    known = {
        "level": "SEV2",
        "cause": "pool: clients_waiting 14, over 10",
        "since": NOON - timedelta(seconds=20),
        "clients": 37,
        "pools": (
            pool(
                clients_active=20,
                clients_waiting=14,
                servers_active=10,
                servers_idle=0,
                longest_wait=3.2,
            ),
            pool("jobs", "worker", paused=True, clients_active=0, servers_active=0, servers_idle=0),
            pool("old", "web", disabled=True, size=None),
        ),
        "notes": ("paused: jobs; RESUME lets it go on",),
    }
    return pooler(name, **{**known, **more})


def of(*sources):
    """A room with these sources."""
    bad = next((s for s in sources if s.level != OK), None)
    return Board(
        room=room(bad.level, bad.name, bad.cause) if bad else room(),
        sources=sources,
    )
