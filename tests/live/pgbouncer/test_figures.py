"""Every figure against what the test did itself, or the server counts: good, bad, unseeable."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.certificates import Authority
from tests.live.held import failure, figures, polled, truth, whose
from tests.live.pgbouncer.servers import Pooler, sessions
from tests.live.pgbouncer.watching import seen, watching
from tests.live.postgres.servers import Server
from warroom.sources.pgbouncer import PgbouncerSettings, PgbouncerSource


@contextlib.asynccontextmanager
async def busy(pooler: Pooler) -> AsyncIterator[tuple[list[Any], "asyncio.Task[Any]"]]:
    """Two clients in transactions, which fill the pool of ``app``, and one that waits; what
    the two hold, and the task of the third."""
    async with pooler.client() as one, pooler.client() as two, pooler.client() as three:
        held = [one.transaction(), two.transaction()]
        for transaction in held:
            await transaction.start()
        await asyncio.gather(one.fetchval("SELECT 1"), two.fetchval("SELECT 1"))
        waiting = asyncio.create_task(three.fetchval("SELECT 3"))
        try:
            yield held, waiting
        finally:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)


@truth("clients_waiting", "longest_wait", "clients_active", "clients", "clients_used")
@truth("servers_active", "servers_idle", "servers_used", "paused", "up", "unanswered", "poll_time")
async def test_a_pooler_at_rest(pooler: Pooler, tmp_path: Path) -> None:
    async with watching(pooler.dsn, tmp_path) as source:
        begun = time.monotonic()
        sample = await source.sample()
        took = (time.monotonic() - begun) * 1000
    found = figures(sample)
    poll_time = found.pop("poll_time")
    assert poll_time is not None
    assert 0 < poll_time < took
    rest = dict.fromkeys(found, 0.0) | {"up": 1.0, "clients": 1.0, "clients_used": 10.0}
    assert found == rest  # we are the one client of the ten there may be
    assert seen(sample).pools == ()
    assert seen(sample).version.startswith("PgBouncer 1.")
    assert seen(sample).address == f"127.0.0.1:{pooler.port}"
    assert (seen(sample).faults, seen(sample).blind, seen(sample).notes) == ((), (), ())


@truth("clients_waiting", "longest_wait", "clients_active", "clients", "clients_used")
@truth("servers_active", "servers_idle", "servers_used")
async def test_a_full_pool_and_one_that_waits(
    pooler: Pooler, database: Server, tmp_path: Path
) -> None:
    async with watching(pooler.dsn, tmp_path) as source:
        begun = time.monotonic()
        async with busy(pooler) as (held, waiting):
            sample = await polled(source, lambda s: (figures(s)["longest_wait"] or 0) > 0.3)
            found = figures(sample)
            assert 0.3 < (found["longest_wait"] or 0) < time.monotonic() - begun
            assert await sessions(database, "shop") == found["servers_active"] == 2
            expected = {"clients_waiting": 1, "clients_active": 2, "servers_idle": 0}
            assert expected.items() <= found.items()
            assert (found["clients"], found["clients_used"]) == (4, 40)
            assert (found["servers_used"], whose(sample, "servers_used")) == (100, "app/postgres")
            assert whose(sample, "longest_wait") == "app/postgres"
            (pool,) = seen(sample).pools
            assert (pool.clients_active, pool.clients_waiting, pool.size) == (2, 1, 2)
            assert (pool.mode, pool.servers_active) == ("transaction", 2)

            await held[0].rollback()
            assert await waiting == 3
            await held[1].rollback()
            found = figures(await polled(source, lambda s: figures(s)["servers_active"] == 0))
            assert (found["clients_waiting"], found["longest_wait"]) == (0, 0)
            assert (found["clients_active"], found["servers_idle"]) == (3, 2)


async def test_the_worst_pool_comes_first(idle_pooler: Pooler, tmp_path: Path) -> None:
    pooler = idle_pooler
    pooler.databases.append(f"quiet = {pooler.behind}")
    pooler.start()
    async with watching(pooler.dsn, tmp_path) as source, pooler.client("quiet") as client:
        await client.fetchval("SELECT 1")
        async with busy(pooler):
            sample = await polled(source, lambda s: figures(s)["clients_waiting"] == 1)
    assert [pool.database for pool in seen(sample).pools] == ["app", "quiet"]


@truth("paused")
async def test_a_paused_database_is_a_note_and_no_fault(pooler: Pooler, tmp_path: Path) -> None:
    async with watching(pooler.dsn, tmp_path) as source, pooler.client() as client:
        await client.fetchval("SELECT 1")
        await pooler.command("PAUSE app")
        waiting = asyncio.create_task(client.fetchval("SELECT 2"))
        sample = await polled(source, lambda s: figures(s)["clients_waiting"] == 1)
        assert (figures(sample)["paused"], figures(sample)["up"]) == (1, 1)
        assert seen(sample).notes == ("paused: app; RESUME lets it go on",)
        assert seen(sample).pools[0].paused
        await pooler.command("RESUME app")
        assert await waiting == 2
        sample = await source.sample()
        assert (figures(sample)["paused"], seen(sample).notes) == (0, ())
        await pooler.command("DISABLE app")
        assert seen(await source.sample()).notes[0].startswith("disabled: app")


@truth("paused")
async def test_all_paused_at_once_is_not_taken_for_nothing(pooler: Pooler, tmp_path: Path) -> None:
    """1.18 does not tell of it; since there is SHOW STATE it is told."""
    async with watching(pooler.dsn, tmp_path) as source, pooler.client() as client:
        await client.fetchval("SELECT 1")
        await pooler.command("PAUSE")
        waiting = asyncio.create_task(client.fetchval("SELECT 2"))
        sample = await polled(source, lambda s: figures(s)["clients_waiting"] == 1)
        assert figures(sample)["paused"] in (None, 1)
        assert "paused" in seen(sample).notes[0]
        await pooler.command("RESUME")
        assert await waiting == 2
        assert figures(await source.sample())["paused"] == 0


@truth("clients", "clients_used", "up")
async def test_max_client_conn_is_full(pooler: Pooler, tmp_path: Path) -> None:
    """The connection that is held goes on reporting; the console lets a new one in, too."""
    async with contextlib.AsyncExitStack() as stack:
        source = await stack.enter_async_context(watching(pooler.dsn, tmp_path))
        await source.sample()
        for _ in range(9):
            await stack.enter_async_context(pooler.client())
        with pytest.raises(Exception, match="no more connections allowed"):
            await stack.enter_async_context(pooler.client())
        found = figures(await source.sample())
        assert (found["clients"], found["clients_used"], found["up"]) == (10, 100, 1)
        other = await stack.enter_async_context(watching(pooler.dsn, tmp_path))
        assert figures(await other.sample())["clients_used"] == 110
        await pooler.command("SET max_client_conn = 40")
        async with watching(pooler.dsn, tmp_path) as fresh:
            assert figures(await fresh.sample())["clients_used"] == 30


@truth("up")
async def test_a_pooler_that_says_no_is_down(idle_pooler: Pooler, tmp_path: Path) -> None:
    """Its certificate is for another name: it answered, and cannot be believed."""
    authority = Authority(idle_pooler.home)
    pair = authority.issue("elsewhere.example")
    idle_pooler.settings |= {
        "client_tls_sslmode": "require",
        "client_tls_cert_file": pair.cert,
        "client_tls_key_file": pair.key,
    }
    idle_pooler.start()
    wanted = f"?sslmode=verify-full&sslrootcert={authority.file}"
    here = f"postgresql://watch@elsewhere.example:{idle_pooler.port}/pgbouncer{wanted}"
    async with watching(here, tmp_path, address="127.0.0.1") as source:
        assert figures(await source.sample())["up"] == 1
    async with watching(idle_pooler.dsn + wanted, tmp_path) as source:
        sample = await source.sample()
    assert figures(sample) == dict.fromkeys(figures(sample)) | {"up": 0, "unanswered": 0}
    (fault,) = seen(sample).faults
    assert fault.startswith("tls: ")
    assert "does not match host name" in fault


@truth("unanswered")
@truth("clients_waiting", "longest_wait", "clients_active", "clients", "clients_used")
@truth("servers_active", "servers_idle", "servers_used", "paused", "up", "poll_time")
async def test_what_cannot_be_seen_is_not_known(pooler: Pooler, tmp_path: Path) -> None:
    async with watching(pooler.dsn, tmp_path) as source:
        await source.sample()
        pooler.stop()
        for polls in (1.0, 2.0):
            error = await failure(source)
            assert error.phase == "connect"
            found = {s.name.partition(".")[2]: s.value for s in source.after_failure(error)}
            assert found == dict.fromkeys(found) | {"unanswered": polls}
        pooler.start()
        assert figures(await source.sample())["unanswered"] == 0


def test_every_figure_has_its_truth() -> None:
    settings = PgbouncerSettings.model_validate({"kind": "pgbouncer", "dsn": "postgresql://db"})
    declared = PgbouncerSource.signals("pooler", settings)
    tests = [test for name, test in vars(sys.modules[__name__]).items() if name[:5] == "test_"]
    shown = {name for test in tests for name in getattr(test, "shows", ())}
    assert {f"pooler.{name}" for name in shown} == set(declared)
    assert next(iter(declared)) == "pooler.clients_waiting"
