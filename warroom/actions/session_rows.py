"""The client sessions of a database as they are at one moment, and who of them is meant."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from warroom.actions.postgres_line import BROKEN, CONNECTS, Line, Who, sql
from warroom.connect.query_text import masked
from warroom.connect.wording import outside
from warroom.errors import ActionError
from warroom.text import safe, short_duration

LISTED = 200
"""Sessions that a plan lists, and touches, at the most."""
LIMITS = "SET LOCAL statement_timeout = 5000; SET LOCAL lock_timeout = 2000"


class Found(NamedTuple):
    """One session, as it was when it was listed."""

    pid: int
    backend_start: datetime
    query_start: datetime | None
    state: str | None
    words: str

    @property
    def told(self) -> tuple[int, datetime, datetime | None, str | None]:
        """What the statement that tells it off compares."""
        return self.pid, self.backend_start, self.query_start, self.state

    @property
    def identity(self) -> str:
        return f"pid {self.pid}, backend_start {self.backend_start.isoformat()}"


class Among(NamedTuple):
    """How many client sessions the database has; ``unseen`` are others' that are not shown."""

    clients: int
    unseen: int


def unseen(among: Among, who: Who) -> tuple[str, ...]:
    """What is to be known where the role does not see all of them."""
    if not among.unseen:
        return ()
    role = safe(who.role, 60)
    return (
        f"{sessions(among.unseen)} of others cannot be seen by {role}: "
        f"GRANT pg_read_all_stats TO {role}",
    )


def none(values: Mapping[str, str], among: Among, who: Who, *, idle: bool = False) -> ActionError:
    """Why there is nothing to be done."""
    for unit in ("minutes", "seconds"):
        if unit in values:
            what = "session is idle" if idle else "query is active"
            words = f"no {what} for over {values[unit]} {unit}"
            break
    else:
        words = f"that session is gone, or is no client of {safe(who.database, 60)}"
    if hidden := unseen(among, who):
        return ActionError(f"{words}, as far as can be seen", hidden[0])
    return ActionError(words, "nothing is to be done")


async def listed(
    line: Line, values: Mapping[str, str], *, idle: bool = False
) -> tuple[tuple[Found, ...], Among]:
    """The sessions that are meant, and how many there are in all: one, all that are active for so
    long, or ``idle``. Raises ``ActionError``."""
    pid, started = _session(values.get("session", ""))
    seconds = _seconds(values)
    name, first = ("idle_sessions", values.get("application", "")) if idle else ("sessions", pid)
    try:
        async with asyncio.timeout(CONNECTS):
            async with transaction(line):
                rows = await line.fetch(sql(name), first, seconds)
                among = await line.fetchrow(sql("count_sessions"))
    except TimeoutError:
        raise ActionError("the sessions could not be read within 5 s") from None
    except (asyncpg.PostgresError, *BROKEN) as error:
        raise ActionError(f"the sessions could not be read: {outside(str(error))}") from error
    if len(rows) > LISTED:
        raise ActionError(f"more than {LISTED} sessions: too many to be looked through")
    if started is not None:
        rows = [row for row in rows if row["backend_start"] == started]
    return tuple(map(_found, rows)), Among(*among)


def _seconds(values: Mapping[str, str]) -> float:
    """For how long a query must be active, or a session idle. Raises ``ActionError``."""
    for unit, long in (("seconds", 1), ("minutes", 60)):
        if unit in values:
            if not values[unit].isdecimal():
                raise ActionError(f"{unit}: {safe(values[unit], 40)} is no whole number of {unit}")
            return float(values[unit]) * long
    return 0.0


@asynccontextmanager
async def transaction(line: Line) -> AsyncIterator[None]:
    """One transaction with limits of its own; undone when something is raised in it."""
    await line.execute("BEGIN")
    try:
        await line.execute(LIMITS)
        yield
    except asyncpg.PostgresError:
        # What is raised counts, not that a connection in the middle of it cannot be tidied up.
        # One that was cancelled is not tidied up but ended: its server may never answer again.
        with contextlib.suppress(asyncpg.PostgresError, *BROKEN):
            await line.execute("ROLLBACK")
        raise
    await line.execute("COMMIT")


def _session(key: str) -> tuple[int, datetime | None]:
    """The pid and backend_start in a session's key (``session:4711:…``); 0 for none."""
    if not key:
        return 0, None
    try:
        what, pid, started = key.split(":", 2)
        if what == "session":
            return int(pid), datetime.fromisoformat(started)
    except ValueError:
        pass
    raise ActionError(f"{safe(key, 80)} is no session", "choose one of those that are shown")


def _found(row: Any) -> Found:
    running = "" if row["running"] is None else f" for {short_duration(row['running'])}"
    # The query comes last: how long it is must not hide who it is.
    words = (
        f"pid {row['pid']} {row['role'] or '?'}@{row['client']} {row['application'] or '-'}"
        f" {row['state'] or '?'}{running}: {' '.join(masked(row['query'] or '').split())}"
    )
    facts = row["pid"], row["backend_start"], row["query_start"], row["state"]
    return Found(*facts, safe(words, 240))


def sessions(count: int) -> str:
    """So many of them, in words."""
    return f"{count} session" + ("" if count == 1 else "s")
