"""Behind a PgBouncer in transaction mode, which lends one session to one after the other."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from tests.live.held import figures, polled
from tests.live.pgbouncer.servers import Pooler, folder
from tests.live.postgres.servers import Server
from tests.live.postgres.watching import seen, watching

WATCHED = (
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "search_path",
    "default_transaction_read_only",
    "client_min_messages",
    "transaction_read_only",
)


@pytest.fixture
def pooler(pg18: Server) -> Iterator[Pooler]:
    with folder() as home:
        made = Pooler(home, pg18)
        where = f"host=127.0.0.1 port={pg18.port} dbname=postgres user=app"
        made.databases = [f"app = {where} pool_size=1"]
        made.settings |= {"auth_type": "any", "max_client_conn": "50"}
        made.start()
        try:
            yield made
        finally:
            made.stop()


async def settings(connection: asyncpg.Connection) -> dict[str, str]:
    return {name: await connection.fetchval(f"SHOW {name}") for name in WATCHED}


@pytest.mark.trap(
    12,
    "polls through PgBouncer in transaction mode",
    "no setting reaches the application's sessions",
)
async def test_the_applications_settings_behind_it_stay_untouched(
    pooler: Pooler, pg18: Server
) -> None:
    dsn = f"postgresql://app@127.0.0.1:{pooler.port}/app?sslmode=disable"
    query = {"name": "products", "sql": "SELECT count(*) FROM products", "every": "1ms"}
    async with pooler.client() as app, watching(dsn, queries=[query], long_query="20ms") as source:
        await app.execute("SET statement_timeout = '77s'")
        before, pid = await settings(app), await app.fetchval("SELECT pg_backend_pid()")
        assert before["statement_timeout"] == "77s"
        for _ in range(25):
            sample = await source.sample()
            # The one session there is is ours for a moment, and then the application's again.
            assert await app.fetchval("SELECT pg_backend_pid()") == pid
        assert figures(sample)["products"] == 100
        assert await settings(app) == before
        async with pg18.session("slow") as slow:
            task = asyncio.create_task(slow.execute("SELECT id, pg_sleep(9) FROM products"))
            sample = await polled(
                source, lambda s: any("pg_sleep(9)" in x.query for x in seen(s).sessions)
            )
            key = next(s.key for s in seen(sample).sessions if "pg_sleep(9)" in s.query)
            assert "Seq Scan on products" in await source.inspect(key)
            with pytest.raises(Exception, match="read-only"):
                await breaks(dsn)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert await settings(app) == before


async def breaks(dsn: str) -> None:
    """A query that fails, plans that fail: the limits end with their transaction all the same."""
    query = {"name": "bad", "sql": "WITH x AS (DELETE FROM products RETURNING 1) TABLE x"}
    async with watching(dsn, queries=[query]) as source:
        sample = await source.sample()
        raise AssertionError(seen(sample).blind[0])


async def test_a_pool_that_is_busy_is_no_answer_and_not_a_second_connection(
    pooler: Pooler,
) -> None:
    dsn = f"postgresql://app@127.0.0.1:{pooler.port}/app?sslmode=disable"
    async with pooler.client() as app, watching(dsn, timeout="500ms") as source:
        await source.sample()
        await app.execute("BEGIN")
        with pytest.raises(Exception, match="no answer within 500 ms"):
            await source.sample()
        await app.execute("ROLLBACK")
        await polled(source, lambda s: figures(s)["up"] == 1)
