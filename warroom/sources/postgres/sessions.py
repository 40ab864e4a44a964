"""Rows of ``sessions`` as sessions: pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from warroom.connect.query_text import masked
from warroom.measure.postgres import Session


def sessions(rows: Iterable[Mapping[str, Any]]) -> tuple[Session, ...]:
    """The sessions, the longest at work first, each with how many wait for it."""
    found = [_session(row) for row in rows]
    behind = blocked_behind({session.pid: session.blocked_by for session in found})
    counted = (
        Session(**{**_fields(session), "blocks": len(behind.get(session.pid, ()))})
        for session in found
    )
    return tuple(sorted(counted, key=_urgency, reverse=True))


def blocked_behind(blocked_by: Mapping[int, tuple[int, ...]]) -> dict[int, frozenset[int]]:
    """Who waits for each blocker, directly or behind others; itself is never counted."""
    direct: dict[int, set[int]] = {}
    for pid, blockers in blocked_by.items():
        for blocker in blockers:
            direct.setdefault(blocker, set()).add(pid)
    found = {}
    for blocker in direct:
        seen: set[int] = set()
        left = [blocker]
        while left:
            for waiter in direct.get(left.pop(), ()):
                if waiter not in seen and waiter != blocker:
                    seen.add(waiter)
                    left.append(waiter)
        found[blocker] = frozenset(seen)
    return found


def _session(row: Mapping[str, Any]) -> Session:
    return Session(
        pid=row["pid"],
        started=row["backend_start"],
        database=row["database"],
        user=row["user"],
        application=row["application"],
        client=row["client"],
        backend=row["backend"],
        state=row["state"],
        wait=row["wait"],
        running=_seconds(row["running"]),
        in_transaction=_seconds(row["in_transaction"]),
        waiting=_seconds(row["waiting"]),
        blocked_by=tuple(dict.fromkeys(row["blocked_by"])),
        query=masked(row["query"] or ""),
        query_id=row["query_id"],
    )


def _fields(session: Session) -> dict[str, Any]:
    return {name: getattr(session, name) for name in session.__struct_fields__}


def _seconds(value: float | None) -> float | None:
    """Two readings of the server's clock may stand the wrong way round by a moment."""
    return None if value is None else max(value, 0.0)


def _urgency(session: Session) -> float:
    return max(session.running or 0.0, session.in_transaction or 0.0)
