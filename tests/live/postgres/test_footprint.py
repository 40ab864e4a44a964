"""What we do to a server, as the server itself counts it (TRAPS 12)."""

import asyncio
import contextlib
from typing import Any

import pytest

from tests.live.held import Shifted, figures
from tests.live.postgres.servers import Server
from tests.live.postgres.watching import seen, watching

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


@pytest.mark.alone
async def test_what_a_poll_costs_the_server_and_what_it_leaves(pg15: Server) -> None:
    clock = Shifted()
    spent = (
        "SELECT query, calls, total_exec_time FROM pg_stat_statements "
        "WHERE userid = 'monitor'::regrole"
    )
    async with (
        pg15.session("postgres") as admin,
        pg15.session("postgres") as looker,
        pg15.session("root") as root,
        pg15.session("waits") as waits,
        watching(pg15.dsn(), clock=clock) as source,
    ):
        # A server in trouble: that is when it is looked at.
        await root.execute("BEGIN; LOCK products")
        waiting = asyncio.create_task(waits.execute("SELECT * FROM products"))
        for _ in range(2):
            await source.sample()
        times: list[float] = []
        for _ in range(POLLS):
            await admin.execute("SELECT pg_stat_statements_reset()")
            clock.ahead += 5
            sample = await source.sample()
            rows = await admin.fetch(spent)
            times.append(sum(row["total_exec_time"] for row in rows))
            assert all("warroom" in row["query"] for row in rows), [r["query"] for r in rows]
            # No setting of ours outlives its transaction.
            plain = [r["query"] for r in rows if r["query"].upper().startswith("SET ")]
            assert all(query.upper().startswith("SET LOCAL ") for query in plain)
            blocking = sum(r["calls"] for r in rows if "pg_blocking_pids" in r["query"])
            assert blocking == 1
        times.sort()
        p95 = times[int(0.95 * len(times))]
        assert p95 <= 5, f"p95 of server time per poll: {p95:.2f} ms of {times}"
        # Apart from the above: the sampler asks without a pause, which is a load of its own.
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
        await root.execute("ROLLBACK")
        await waiting


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
