"""What we do to a server, as the server itself counts it (TRAPS 12)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.live.held import Shifted, figures
from tests.live.postgres.servers import Server
from tests.live.postgres.watching import seen, watching
from warroom.sources.postgres import PostgresSource

POLLS = 40
OURS = "application_name = 'warroom'"


class Sampler:
    """Looks at our sessions all the while, from a session of its own."""

    def __init__(self, admin: Any) -> None:
        self._admin = admin
        self.most = 0
        self.idle_in_transaction = 0.0
        self.looks = 0

    async def run(self) -> None:
        look = (
            "SELECT state, extract(epoch FROM clock_timestamp() - state_change)::float8 AS age "
            f"FROM pg_stat_activity WHERE {OURS}"
        )
        while True:
            rows = await self._admin.fetch(look)
            self.looks += 1
            self.most = max(self.most, len(rows))
            for row in rows:
                if (row["state"] or "").startswith("idle in transaction"):
                    self.idle_in_transaction = max(self.idle_in_transaction, row["age"])
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def in_trouble(server: Server, clock: Shifted) -> AsyncIterator[PostgresSource]:
    """A source that watches a server where somebody waits: that is when it is looked at."""
    async with (
        server.session("root") as root,
        server.session("waits") as waits,
        watching(server.dsn(), clock=clock) as source,
    ):
        await root.execute("BEGIN; LOCK products")
        waiting = asyncio.create_task(waits.execute("SELECT * FROM products"))
        for _ in range(2):
            await source.sample()
        yield source
        await root.execute("ROLLBACK")
        await waiting


SPENT = (
    "SELECT query, calls, total_exec_time FROM pg_stat_statements WHERE userid = 'monitor'::regrole"
)


@pytest.mark.alone
async def test_what_a_poll_costs_the_server(pg15: Server) -> None:
    clock = Shifted()
    async with pg15.session("postgres") as admin, in_trouble(pg15, clock) as source:
        times: list[float] = []
        for _ in range(POLLS):
            await admin.execute("SELECT pg_stat_statements_reset()")
            clock.ahead += 5
            await source.sample()
            times.append(sum(row["total_exec_time"] for row in await admin.fetch(SPENT)))
        times.sort()
        p95 = times[int(0.95 * len(times))]
        assert p95 <= 5, f"p95 of server time per poll: {p95:.2f} ms of {times}"


@pytest.mark.long
@pytest.mark.trap(
    12,
    "40 polls of a PostgreSQL where somebody waits, looked at by itself all the while",
    "one connection by its name, only SET LOCAL, never idle in a transaction, ourselves left out",
)
async def test_what_a_poll_leaves_at_the_server(pg15: Server) -> None:
    clock = Shifted()
    async with (
        pg15.session("postgres") as admin,
        pg15.session("postgres") as looker,
        in_trouble(pg15, clock) as source,
    ):
        await admin.execute("SELECT pg_stat_statements_reset()")
        sampler = Sampler(looker)
        watch = asyncio.create_task(sampler.run())
        for _ in range(POLLS):
            clock.ahead += 5
            sample = await source.sample()
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
        assert sampler.looks > POLLS
        assert sampler.most == 1
        assert sampler.idle_in_transaction < 1
        state = f"SELECT state FROM pg_stat_activity WHERE {OURS}"
        assert await admin.fetchval(state) == "idle"
        assert figures(sample)["waiting"] == 1
        assert not [s for s in seen(sample).sessions if s.application == "warroom"]
        rows = await admin.fetch(SPENT)
        assert all("warroom" in row["query"] for row in rows), [r["query"] for r in rows]
        # No setting of ours outlives its transaction.
        plain = [r["query"] for r in rows if r["query"].upper().startswith("SET ")]
        assert all(query.upper().startswith("SET LOCAL ") for query in plain)
        assert sum(r["calls"] for r in rows if "pg_blocking_pids" in r["query"]) == POLLS


@pytest.mark.trap(12, "a poll where nothing waits", "pg_blocking_pids is not called")
async def test_locks_are_looked_into_only_when_something_waits(pg15: Server) -> None:
    """The function's own calls, by the server's count of functions that are run."""
    explain = "EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) "
    from warroom.sources.postgres.texts import Texts

    text = Texts().get("sessions", 150_000).replace("$1", "1.0").replace("$2", "200")
    async with pg15.session("postgres") as admin:
        plan = "\n".join(row[0] for row in await admin.fetch(explain + text))
    # The function is called for the rows of this scan, and there is none.
    waiters = plan.split("CTE waiters")[1].split("->")[1]
    assert "actual rows=0" in waiters, plan
    (locks,) = [line for line in plan.split("\n") if "pg_lock_status" in line]
    assert "never executed" in locks, plan
