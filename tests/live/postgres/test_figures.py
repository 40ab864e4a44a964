"""Each figure against the sessions the test itself opened, or the test's own SQL."""

import asyncio
import time
from contextlib import AsyncExitStack

import pytest

from panels.lock_tree import tree
from tests.live.held import Shifted, figures, polled, truth, whose
from tests.live.postgres.servers import MOST, RESERVED, Server
from tests.live.postgres.watching import seen, watching

CLIENTS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"


async def settled(admin, expected=1):
    """Sessions that earlier tests let go of are gone."""
    async with asyncio.timeout(10):
        while await admin.fetchval(CLIENTS) > expected:
            await asyncio.sleep(0.02)


@truth(
    "connections",
    "connections_used",
    "active",
    "idle",
    "idle_in_transaction",
    "idle_in_transaction_age",
    "long_queries",
    "longest_query",
    "longest_transaction",
    "waiting",
    "up",
    "unanswered",
    "poll_time",
    "primary",
    "autovacuum_workers",
)
async def test_connections_by_what_they_do(server: Server) -> None:
    async with AsyncExitStack() as stack:
        admin = await stack.enter_async_context(server.session("postgres"))
        await settled(admin)
        source = await stack.enter_async_context(watching(server.dsn(), long_query="300ms"))
        quiet = figures(await source.sample())
        assert quiet["connections"] == await admin.fetchval(CLIENTS) == 2
        assert quiet["idle"] == 1
        assert quiet["active"] == quiet["long_queries"] == quiet["longest_query"] == 0
        assert quiet["idle_in_transaction"] == quiet["waiting"] == quiet["lock_wait"] == 0
        assert (quiet["up"], quiet["unanswered"], quiet["primary"]) == (1, 0, 1)

        sessions = [await stack.enter_async_context(server.session("web")) for _ in range(6)]
        begun = time.monotonic()
        for session in sessions[:2]:
            await session.execute("BEGIN; SELECT 1")
        idled = time.monotonic()
        sleeping = asyncio.create_task(sessions[2].execute("SELECT /* long */ pg_sleep(60)"))
        started = time.monotonic()
        sample = await polled(source, lambda s: figures(s)["long_queries"] == 1)
        before = time.monotonic()
        sample = await source.sample()
        took = (time.monotonic() - before) * 1000
        now, found = time.monotonic(), figures(sample)
        assert found["connections"] == await admin.fetchval(CLIENTS) == 8
        assert found["connections_used"] == pytest.approx(800 / (MOST - RESERVED))
        assert (found["active"], found["idle"]) == (1, 4)
        assert found["idle_in_transaction"] == 2
        assert found["idle_in_transaction_age"] == pytest.approx(now - idled, abs=0.5)
        assert found["longest_query"] == pytest.approx(now - started, abs=0.5)
        assert found["longest_transaction"] == pytest.approx(now - begun, abs=0.5)
        assert 0 < (found["poll_time"] or 0) <= took
        workers = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
        if await admin.fetchval(workers) == 0:
            assert found["autovacuum_workers"] in (0, 1)

        (one,) = [s for s in seen(sample).sessions if "long" in s.query]
        row = (
            "SELECT pid, backend_start FROM pg_stat_activity WHERE query LIKE '%/* long */ pg_sl%'"
        )
        facts = await admin.fetchrow(row + " AND pid <> pg_backend_pid()")
        assert (one.pid, one.started) == (facts["pid"], facts["backend_start"])
        assert (one.application, one.user, one.state) == ("web", "app", "active")
        assert one.wait == "Timeout: PgSleep"
        groups = {(g.application, g.state): g.count for g in seen(sample).groups}
        assert groups["web", "idle in transaction"] == 2
        assert groups["web", "idle"] == 3
        assert groups["warroom", "active"] == 1
        assert not [s for s in seen(sample).sessions if s.application == "warroom"]
        sleeping.cancel()
        await asyncio.gather(sleeping, return_exceptions=True)


@truth("waiting", "lock_wait")
async def test_sessions_that_block_each_other_three_deep(server: Server) -> None:
    async with AsyncExitStack() as stack:
        admin = await stack.enter_async_context(server.session("postgres"))
        source = await stack.enter_async_context(watching(server.dsn()))
        names = ("root", "middle", "last")
        root, middle, last = [await stack.enter_async_context(server.session(n)) for n in names]
        pids = {n: s.get_server_pid() for n, s in zip(names, (root, middle, last), strict=True)}
        await root.execute("BEGIN; UPDATE products SET name = 'a' WHERE id = 1")
        await middle.execute("BEGIN; UPDATE products SET name = 'b' WHERE id = 2")
        tasks = [
            asyncio.create_task(middle.execute("UPDATE products SET name = 'b' WHERE id = 1")),
            asyncio.create_task(last.execute("UPDATE products SET name = 'c' WHERE id = 2")),
        ]
        begun = time.monotonic()
        sample = await polled(source, lambda s: figures(s)["waiting"] == 2)
        await polled(source, lambda s: (figures(s)["lock_wait"] or 0) > 0.4)
        sample = await source.sample()
        found, by = figures(sample), {s.pid: s for s in seen(sample).sessions}
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        assert found["waiting"] == await admin.fetchval(waits) == 2
        assert found["lock_wait"] == pytest.approx(time.monotonic() - begun, abs=0.6)
        for name in names:
            blocked_by = await admin.fetchval("SELECT pg_blocking_pids($1)", pids[name])
            assert by[pids[name]].blocked_by == tuple(blocked_by), name
        assert [by[pids[n]].blocks for n in names] == [2, 1, 0]
        assert [(n.depth, n.pid) for n in tree(seen(sample).sessions)] == [
            (at, pids[n]) for at, n in enumerate(names)
        ]
        await root.execute("ROLLBACK")
        await tasks[0]
        await middle.execute("ROLLBACK")
        await tasks[1]
        await polled(source, lambda s: figures(s)["waiting"] == 0)


@truth("commits", "rollbacks", "temp_bytes", "cache_hit", "deadlocks")
async def test_counters_between_two_polls(server: Server) -> None:
    counters = (
        "SELECT xact_commit, xact_rollback, temp_bytes, blks_hit, blks_read, deadlocks "
        "FROM pg_stat_database WHERE datname = current_database()"
    )
    async with AsyncExitStack() as stack:
        admin = await stack.enter_async_context(server.session("postgres"))
        source = await stack.enter_async_context(watching(server.dsn()))
        app, other = [await stack.enter_async_context(server.session()) for _ in range(2)]

        async def flushed() -> None:
            for session in (app, other):
                await session.execute("SELECT pg_stat_force_next_flush()")

        await flushed()
        assert figures(await source.sample())["commits"] is None  # one reading is no rate
        await source.sample()
        begun, before = time.monotonic(), await admin.fetchrow(counters)
        for _ in range(60):
            await app.execute("INSERT INTO products VALUES (1, 'x') ON CONFLICT DO NOTHING")
        for _ in range(30):
            await app.execute("BEGIN; SELECT 1; ROLLBACK")
        await app.execute("SET work_mem = '64kB'")
        await app.execute("SELECT * FROM generate_series(1, 100000) AS n ORDER BY random()")
        await deadlock(app, other)
        await flushed()
        sample = await source.sample()
        span, after = time.monotonic() - begun, await admin.fetchrow(counters)
        rose = {name: after[name] - before[name] for name in before.keys()}  # noqa: SIM118
        found = figures(sample)
        assert rose["temp_bytes"] > 100_000
        assert rose["deadlocks"] == 1
        # Nobody else writes temporary files: they tell how long the source's own span was, which
        # reaches from the midst of one look to that of the next.
        own = rose["temp_bytes"] / found["temp_bytes"]
        assert own == pytest.approx(span, rel=1)
        # The admin's own and what autovacuum does come on top, at the edges of the span.
        assert found["commits"] * own == pytest.approx(rose["xact_commit"], abs=12)
        assert found["rollbacks"] * own == pytest.approx(31, abs=4)
        assert found["deadlocks"] == 1
        share = 100 * rose["blks_hit"] / (rose["blks_hit"] + rose["blks_read"])
        assert found["cache_hit"] == pytest.approx(share, abs=3)


@truth("rollbacks")
async def test_our_own_transactions_each_rolled_back_are_left_out(pg15: Server) -> None:
    async with watching(pg15.dsn()) as source:
        clock = asyncio.get_running_loop().time
        rates: list[float] = []
        for _ in range(4):
            begun = clock()
            rates.append(figures(await source.sample())["rollbacks"] or 0.0)
            while clock() - begun < 1.1:  # the server counts what a session did once a second
                await asyncio.sleep(0.05)
        assert rates == [0, 0, 0, 0]


async def deadlock(one, two) -> None:
    await one.execute("BEGIN; UPDATE products SET name = 'a' WHERE id = 11")
    await two.execute("BEGIN; SET LOCAL deadlock_timeout = '50ms'")
    await two.execute("UPDATE products SET name = 'b' WHERE id = 12")
    waits = asyncio.create_task(one.execute("UPDATE products SET name = 'a' WHERE id = 12"))
    await asyncio.gather(
        two.execute("UPDATE products SET name = 'b' WHERE id = 11"), return_exceptions=True
    )
    await two.execute("ROLLBACK")
    await asyncio.gather(waits, return_exceptions=True)
    await one.execute("COMMIT")


@truth("size", "growth", "wraparound")
async def test_size_growth_and_the_age_of_the_oldest_transaction(server: Server) -> None:
    ages = "SELECT max(greatest(age(datfrozenxid), mxid_age(datminmxid))) FROM pg_database"
    clock = Shifted()
    async with server.session("postgres") as admin, watching(server.dsn(), clock=clock) as source:
        first = figures(await source.sample())
        size = await admin.fetchval("SELECT pg_database_size(current_database())")
        assert first["size"] == pytest.approx(size, rel=0.05)
        assert first["growth"] is None
        assert first["wraparound"] == pytest.approx(
            100 * await admin.fetchval(ages) / 2**31, abs=1e-5
        )
        await admin.execute(
            "CREATE TABLE big AS SELECT repeat('x', 1000) FROM generate_series(1, 9000)"
        )
        for _ in range(300):
            await admin.execute("SELECT txid_current()")
        clock.ahead += 120
        later = figures(await source.sample())
        grown = await admin.fetchval("SELECT pg_database_size(current_database())")
        assert grown > size + 5_000_000
        assert later["size"] == pytest.approx(grown, rel=0.02)
        assert later["growth"] == pytest.approx((grown - size) * 30, rel=0.1)
        assert later["wraparound"] == pytest.approx(
            100 * await admin.fetchval(ages) / 2**31, abs=1e-5
        )
        assert (later["wraparound"] or 0) > (first["wraparound"] or 0)
        await admin.execute("DROP TABLE big")


@truth("autovacuum_workers")
async def test_an_autovacuum_that_works_for_long(pg16: Server) -> None:
    async with pg16.session("postgres") as admin, watching(pg16.dsn()) as source:
        await admin.execute(
            "CREATE TABLE dusty WITH (autovacuum_vacuum_threshold = 1,"
            " autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 100,"
            " autovacuum_vacuum_cost_limit = 1) AS SELECT n FROM generate_series(1, 20000) AS n"
        )
        await admin.execute("DELETE FROM dusty WHERE n > 10")
        await admin.execute("SELECT pg_stat_force_next_flush()")
        workers = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
        async with asyncio.timeout(30):
            # Others, short ones, come and go every second: asked before and after.
            before = after = found = 0
            while not (1 <= before == found == after):
                before = await admin.fetchval(workers)
                found = figures(await source.sample())["autovacuum_workers"] or 0
                after = await admin.fetchval(workers)
        await admin.execute("DROP TABLE dusty")


@truth("statements", "statement_mean")
async def test_statements_against_pg_stat_statements_itself(pg15: Server) -> None:
    clock = Shifted()
    mine = (
        "SELECT calls, total_exec_time FROM pg_stat_statements "
        "WHERE query LIKE '%slow one%' AND query NOT LIKE '%pg_stat%'"
    )
    async with pg15.session("postgres") as admin, watching(pg15.dsn(), clock=clock) as source:
        await admin.execute("SELECT pg_stat_statements_reset()")
        sample = await source.sample()
        assert seen(sample).statements.advice == ""
        assert figures(sample)["statements"] is None
        async with pg15.session() as app:
            for number in range(40):
                await app.execute(f"SELECT /* slow one */ pg_sleep(0.01), {number}")
        clock.ahead += 31
        sample = await source.sample()
        said, row = seen(sample).statements, await admin.fetchrow(mine)
        assert row["calls"] == 40
        assert said.span == pytest.approx(31, abs=3)
        (top,) = [s for s in said.top if "slow one" in s.query]
        assert top is said.top[0]
        assert (top.user, "$1" in top.query) == ("app", True)
        assert top.calls == pytest.approx(40 / said.span, rel=0.01)
        assert top.mean == pytest.approx(row["total_exec_time"] / 40, rel=0.01)
        assert top.load == pytest.approx(row["total_exec_time"] / said.span, rel=0.01)
        assert not [s for s in said.top if "warroom" in s.query]
        found = figures(sample)
        assert found["statements"] * said.span == pytest.approx(40, abs=8)  # and the admin's
        assert found["statement_mean"] == pytest.approx(row["total_exec_time"] / 42, rel=0.25)
        # A reset is no negative rate.
        await admin.execute("SELECT pg_stat_statements_reset()")
        async with pg15.session() as app:
            await app.execute("SELECT /* slow one */ pg_sleep(0.01), 7")
        clock.ahead += 31
        sample = await source.sample()
        assert all(s.calls >= 0 and s.load >= 0 for s in seen(sample).statements.top)


async def test_without_the_extension_it_says_how_to_get_it(pg16: Server) -> None:
    async with watching(pg16.dsn()) as source:
        sample = await source.sample()
        assert "CREATE EXTENSION pg_stat_statements" in seen(sample).statements.advice
        assert figures(sample)["statements"] is None
        assert seen(sample).blind == ()


async def test_a_role_and_a_database_may_have_a_ceiling_of_their_own(pg18: Server) -> None:
    async with AsyncExitStack() as stack:
        admin = await stack.enter_async_context(pg18.session("postgres"))
        await admin.execute("ALTER ROLE shop CONNECTION LIMIT 4")
        for _ in range(3):
            await stack.enter_async_context(pg18.session("cart", user="shop"))
        async with watching(pg18.dsn()) as source:
            sample = await source.sample()
        assert figures(sample)["connections_used"] == 75
        assert "shop" in whose(sample, "connections_used")
        await admin.execute("ALTER ROLE shop CONNECTION LIMIT -1")
