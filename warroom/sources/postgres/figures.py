"""The figures of a ``postgres`` source: their names, units, and what each one is made of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from warroom.measure.postgres import Ceiling, Replica, Session, Slot
from warroom.sources.known import NOT_KNOWN, Figure
from warroom.sources.postgres.backends import CLIENT, Backends

UNITS: dict[str, str] = {
    "connections_used": "%",
    "connections": "connections",
    "active": "connections",
    "idle": "connections",
    "idle_in_transaction": "connections",
    "idle_in_transaction_age": "s",
    "waiting": "connections",
    "lock_wait": "s",
    "long_queries": "queries",
    "longest_query": "s",
    "longest_transaction": "s",
    "commits": "commits/s",
    "rollbacks": "rollbacks/s",
    "deadlocks": "deadlocks/min",
    "temp_bytes": "B/s",
    "cache_hit": "%",
    "size": "B",
    "growth": "B/h",
    "replicas": "replicas",
    "replication_lag": "s",
    "replication_lag_bytes": "B",
    "slots_inactive": "slots",
    "slot_retained": "B",
    "autovacuum_workers": "workers",
    "wraparound": "%",
    "primary": "",
    "statements": "calls/s",
    "statement_mean": "ms",
    "up": "",
    "unanswered": "polls",
    "poll_time": "ms",
}
"""Every figure that a ``postgres`` source has, with its unit; the first one is the trend."""

WRAPAROUND = 2.0**31
"""Transactions after which an old row would seem to be in the future."""


def connections(ceilings: Iterable[Ceiling]) -> dict[str, Figure]:
    """How near the connections are to whichever ceiling is nearest."""
    listed = list(ceilings)
    nearest = max(listed, key=lambda ceiling: ceiling.share)
    return {
        "connections": (float(listed[0].used), ""),
        "connections_used": (nearest.share, nearest.label),
    }


def clients(backends: Backends) -> dict[str, Figure]:
    """What the clients do, as far as all of them can be seen."""
    known: dict[str, Figure] = {"autovacuum_workers": (backends.autovacuum_workers, "")}
    if backends.hidden:
        return known
    return known | {
        "active": (backends.count("active"), ""),
        "idle": (backends.count("idle"), ""),
        "idle_in_transaction": (backends.count("idle in transaction"), ""),
        "idle_in_transaction_age": (backends.oldest("idle in transaction"), ""),
        "waiting": (backends.waiting, ""),
        "long_queries": (backends.long, ""),
    }


def longest(backends: Backends, sessions: Iterable[Session]) -> dict[str, Figure]:
    """The longest of the clients' queries, transactions and waits, and whose they are."""
    listed = [session for session in sessions if session.backend == CLIENT]
    waits = {s.waiting: s for s in listed if s.waiting is not None}
    running = {s.running: s for s in listed if s.state == "active" and s.running is not None}
    inside = {s.in_transaction: s for s in listed if s.in_transaction is not None}
    return {
        "lock_wait": (max(waits, default=0.0), _named(waits)),
        "longest_query": (backends.longest_query, _named(running)),
        "longest_transaction": (backends.longest_transaction, _named(inside)),
    }


def _named(sessions: Mapping[float, Session]) -> str:
    """The longest one: its pid, and what it calls itself."""
    if not sessions:
        return ""
    longest = sessions[max(sessions)]
    return f"{longest.pid} {longest.application or longest.user}".rstrip()


def replicas(streams: Sequence[Replica]) -> dict[str, Figure]:
    """The one that is furthest behind. With none, nothing is; one whose lag is not known makes
    it not known how far the furthest is."""
    return {
        "replicas": (float(len(streams)), ""),
        "replication_lag": _worst((replica.lag, replica.name) for replica in streams),
        "replication_lag_bytes": _worst((replica.lag_bytes, replica.name) for replica in streams),
    }


def slots(kept: Sequence[Slot]) -> dict[str, Figure]:
    """The one that keeps most WAL; those that keep none yet have nothing to say."""
    retained = [(slot.retained, slot.name) for slot in kept if slot.retained is not None]
    return {
        "slots_inactive": (float(sum(not slot.active for slot in kept)), ""),
        "slot_retained": _worst(retained),
    }


def _worst(found: Iterable[tuple[float | None, str]]) -> Figure:
    listed = list(found)
    known = [(value, name) for value, name in listed if value is not None]
    if len(known) < len(listed):
        return NOT_KNOWN
    return max(known, default=(0.0, ""))


def is_level(row: Mapping[str, Any] | None) -> bool:
    """Whether a replica has replayed all that it was sent, by somebody who still sends."""
    return row is not None and bool(row["receiving"] and row["level"])


def standby(row: Mapping[str, Any] | None, level_ago: float | None) -> dict[str, Figure]:
    """How far a replica is behind, at the most; ``level_ago`` is how many seconds ago it was
    last seen to be level.

    The age of the newest transaction that was replayed says too much where the primary had
    been quiet. When nobody sends, what it has may be all there is or hours old: then that age
    is all that is known.
    """
    if row is None:
        return {"replication_lag": NOT_KNOWN, "replication_lag_bytes": NOT_KNOWN}
    ages = [row["replayed_ago"], level_ago if row["receiving"] else None]
    lag = 0.0 if is_level(row) else min((age for age in ages if age is not None), default=None)
    return {"replication_lag": (lag, ""), "replication_lag_bytes": (row["behind"], "")}
