"""The supplier's price import: every price, in batches, with the products locked meanwhile.

It waits for the supplier's feed with the lock in its hand. Ended from outside
(`pg_terminate_backend`, SIGTERM) it stays away; when the server went away it comes again.
"""

import asyncio
import logging
from pathlib import Path

import asyncpg

from warroom.demo.outside.run import run
from warroom.demo.settings import Settings
from warroom.demo.shop.store import DATABASE_FAILED

NAME = "price-import"
"""Its `application_name`."""
SQL = Path(__file__).parent / "sql" / "price_import.sql"
RETRY_S = 0.5
SERVER_SETTINGS = {
    "application_name": NAME,
    # PostgreSQL 14 and newer: a server process whose client is gone ends, also in mid-query.
    "client_connection_check_interval": "500ms",
}

log = logging.getLogger(__name__)


async def main(settings: Settings) -> None:
    """Import until ended."""
    while True:
        try:
            await _import(settings.database)
        except DATABASE_FAILED as error:
            if _ended_on_purpose(error):
                log.error("the import was ended: %s", error)
                return
            log.info("the import begins again, for the database went away: %r", error)
        await asyncio.sleep(RETRY_S)


def _ended_on_purpose(error: BaseException) -> bool:
    """Whether somebody ended or cancelled it; asyncpg has what the server said as the cause."""
    said = (error, error.__cause__)
    return any(
        isinstance(one, asyncpg.AdminShutdownError | asyncpg.QueryCanceledError) for one in said
    )


async def _import(database: str) -> None:
    connection = await asyncpg.connect(database, timeout=2, server_settings=SERVER_SETTINGS)
    try:
        await connection.execute(SQL.read_text())
    finally:
        connection.terminate()


if __name__ == "__main__":
    run(main)
