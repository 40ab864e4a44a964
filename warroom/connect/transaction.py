"""The one way queries are sent: inside a transaction that cannot write, wait, or be forgotten.

Every limit is ``SET LOCAL``: a pooler that lends a session for a transaction would give a
``SET`` on to the application's next one.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from warroom.connect.postgres import Connection
from warroom.errors import ProbeError

MARK = "/* warroom */"
"""Stands in every statement of ours, so that it is known for ours in any of the server's lists."""
ROLLBACK = f"ROLLBACK {MARK}"
LOCK_LIMIT = 0.5
"""Seconds to wait for a lock on a catalog: somebody who changes it must not wait for us."""
AFTERWARDS = 1.0
"""Seconds, beside the limit, after which the server ends a transaction we have forgotten."""


@dataclass
class Tally:
    """Transactions of ours that were rolled back: the server counts them too, among all others'."""

    rollbacks: int = 0


async def roll_back(connection: Connection, tally: Tally) -> None:
    """End the transaction."""
    tally.rollbacks += 1
    await connection.execute(ROLLBACK)


def begin(seconds: float, *, catalog_only: bool = True) -> str:
    """Begin, in one message; ``seconds`` is what one statement may take.

    Should we be stopped in the middle, the server ends the transaction by itself
    (``idle_in_transaction_session_timeout``). ``catalog_only`` keeps functions and operators
    that somebody has put into another schema from being taken for the built-in ones.
    """
    limits = {
        "statement_timeout": seconds,
        "lock_timeout": min(LOCK_LIMIT, seconds),
        "idle_in_transaction_session_timeout": seconds + AFTERWARDS,
    }
    parts = ["BEGIN TRANSACTION READ ONLY"]
    parts += [f"SET LOCAL {name} = {max(int(v * 1000), 1)}" for name, v in limits.items()]
    if catalog_only:
        parts.append("SET LOCAL search_path = pg_catalog, pg_temp")
    return "; ".join(f"{part} {MARK}" for part in parts)


def check_limits(row: Mapping[str, Any], seconds: float) -> None:
    """Whether what ``begin`` set is in force, as the transaction itself reads it. Raises
    ProbeError ``answer``: nothing more is asked of a server that does not keep to it."""
    wanted = (
        ("transaction_read_only", row["read_only"], "on"),
        ("statement_timeout", row["statement_timeout"], seconds),
        ("lock_timeout", row["lock_timeout"], min(LOCK_LIMIT, seconds)),
    )
    for name, found, meant in wanted:
        same = abs(found - meant) < 0.002 if isinstance(meant, float) else found == meant
        if not same:
            words = f"{name} is {found} and not {meant}, as it was set for this transaction"
            raise ProbeError("answer", words, "is there a pooler that does not keep transactions?")


@asynccontextmanager
async def read_only(connection: Connection, seconds: float, tally: Tally) -> AsyncIterator[None]:
    """One transaction for a query of somebody else's, with the search path of the role.

    When it is left by cancelling or a broken connection nothing more is sent: the connection
    is of no use then, and must be let go.
    """
    await connection.execute(begin(seconds, catalog_only=False))
    try:
        yield
    except asyncpg.PostgresError as error:
        if not lost(error):
            await roll_back(connection, tally)
        raise
    await roll_back(connection, tally)


def lost(error: asyncpg.PostgresError) -> bool:
    """Whether the session is gone with this error (class 57P, and 08 of connections)."""
    code = error.sqlstate or ""
    return code.startswith(("57P", "08")) or code == "25P03"
