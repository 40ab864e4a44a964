"""A real replica: how far it is behind, and who is asked after a failover."""

import asyncio
from collections.abc import Callable

import pytest

from tests.live.held import answered, figures, polled, truth, whose
from tests.live.postgres.servers import Server
from tests.live.postgres.watching import seen, watching
from warroom.demo import account


async def replica_of(primary: Server, replica: Server, slot: str) -> None:
    arguments = ["-D", str(replica.data), "-h", "127.0.0.1", "-p", str(primary.port)]
    more = ["-U", "postgres", "-R", "-S", slot, "--checkpoint=fast", "--no-sync"]
    await asyncio.to_thread(replica.run, "pg_basebackup", *arguments, *more)
    conf = replica.data / "postgresql.auto.conf"
    conf.write_text(
        conf.read_text().replace(
            "primary_conninfo = '", "primary_conninfo = 'application_name=second "
        )
    )
    if (owner := account.for_servers()) is not None:
        owner.own(conf)
    await asyncio.to_thread(replica.start)


@truth(
    "replicas",
    "replication_lag",
    "replication_lag_bytes",
    "slots_inactive",
    "slot_retained",
    "primary",
)
async def test_a_replica_falls_behind_catches_up_and_takes_over(
    another: Callable[..., Server],
) -> None:
    primary, replica = another(16), another(16)
    await primary.made()
    async with primary.session("postgres") as admin:
        await admin.execute("SELECT pg_create_physical_replication_slot('second', true)")
        await admin.execute("SELECT pg_create_physical_replication_slot('spare', true)")
        alone = await admin.fetchrow(_SLOTS)
        async with watching(primary.dsn()) as source:
            found = figures(await source.sample())
            assert (found["replicas"], found["slots_inactive"]) == (0, 2)
            assert found["replication_lag"] == found["replication_lag_bytes"] == 0
            assert found["slot_retained"] == pytest.approx(float(alone["kept"]), abs=2_000)
        await replica_of(primary, replica, "second")
        both = f"127.0.0.1:{primary.port},127.0.0.1:{replica.port}"
        query = "sslmode=disable&target_session_attrs=read-write"
        async with (
            watching(primary.dsn()) as source,
            watching(replica.dsn()) as second,
            watching(f"postgresql://monitor@{both}/postgres?{query}") as either,
        ):
            sample = await polled(source, lambda s: figures(s)["replication_lag_bytes"] == 0)
            assert figures(sample)["replicas"] == 1
            assert seen(sample).replicas[0].name == "second"
            assert (figures(sample)["slots_inactive"], figures(sample)["primary"]) == (1, 1)
            await polled(second, lambda s: figures(s)["replication_lag"] == 0)
            # Replay stands still: what is written now is how far it is behind.
            async with replica.session("postgres") as there:
                await there.execute("SELECT pg_wal_replay_pause()")
                await second.sample()
                paused = asyncio.get_running_loop().time()
                await admin.execute(
                    "CREATE TABLE much AS SELECT repeat('x', 99) FROM generate_series(1, 20000)"
                )
                behind = float(await admin.fetchval(_BEHIND))
                assert behind > 1_000_000
                sample = await polled(
                    source, lambda s: (figures(s)["replication_lag_bytes"] or 0) >= behind * 0.9
                )
                assert figures(sample)["replication_lag_bytes"] == pytest.approx(
                    float(await admin.fetchval(_BEHIND)), rel=0.05
                )
                assert whose(sample, "replication_lag_bytes") == "second"
                sample = await polled(source, lambda s: (figures(s)["replication_lag"] or 0) > 0.3)
                told = await polled(second, lambda s: (figures(s)["replication_lag"] or 0) > 0.3)
                lag = asyncio.get_running_loop().time() - paused
                assert figures(told)["primary"] == 0
                assert seen(told).identity.role == "replica"
                assert figures(told)["replication_lag"] == pytest.approx(lag, abs=0.5)
                assert (figures(told)["replication_lag_bytes"] or 0) > 1_000_000
                await there.execute("SELECT pg_wal_replay_resume()")
            await polled(second, lambda s: figures(s)["replication_lag_bytes"] == 0)
            # The failover: the primary is gone, the replica takes over.
            assert seen(await either.sample()).identity.address.endswith(str(primary.port))
            await asyncio.to_thread(primary.stop)
            async with replica.session("postgres") as there:
                await there.execute("SELECT pg_promote()")
            sample = await answered(either, lambda s: figures(s)["up"] == 1, 20)
            assert seen(sample).identity.address.endswith(str(replica.port))
            words = " ".join(change.what for change in seen(sample).changes)
            assert "connected to" in words
            told = await polled(second, lambda s: figures(s)["primary"] == 1)
            assert any("replica → primary" in c.what for c in seen(told).changes)
            assert figures(told)["up"] == 1


async def test_changes_of_settings_are_noticed(pg18: Server) -> None:
    async with pg18.session("postgres") as admin, watching(pg18.dsn()) as source:
        assert seen(await source.sample()).changes == ()
        await admin.execute("ALTER SYSTEM SET work_mem = '5MB'")
        await admin.execute("SELECT pg_reload_conf()")
        sample = await polled(source, lambda s: bool(seen(s).changes))
        assert [c.what for c in seen(sample).changes] == ["work_mem built-in value → 5120 kB"]
        await admin.execute("ALTER SYSTEM RESET work_mem")
        await admin.execute("SELECT pg_reload_conf()")


_SLOTS = (
    "SELECT max(coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)) AS kept "
    "FROM pg_replication_slots"
)
_BEHIND = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) FROM pg_stat_replication"
