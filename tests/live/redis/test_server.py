"""Every figure of the server itself held against what is known of it by other means."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest
import redis

from tests.live.held import Shifted, figures, polled, truth
from tests.live.redis.servers import Server
from tests.live.redis.watching import seen, watching


@truth("memory", "memory_used", "keys", "clients", "clients_used", "primary", "replicas", "up")
async def test_memory_keys_and_clients(another: Callable[..., Server]) -> None:
    server = another(7, maxclients="50")
    server.start()
    with ExitStack() as stack:
        admin = stack.enter_context(server.client())
        admin.config_set("maxmemory", 8 << 20)
        admin.mset({f"key:{number}": "x" * 1_000 for number in range(700)})
        async with watching(server.url) as source:
            for _ in range(20):
                stack.enter_context(server.client()).ping()
            sample = await source.sample()
            found, told = figures(sample), admin.info()
    assert found["keys"] == 700 == seen(sample).server.keys
    assert found["memory"] == pytest.approx(told["used_memory"], rel=0.1)
    assert found["memory_used"] == pytest.approx(100 * told["used_memory"] / (8 << 20), rel=0.1)
    assert found["clients"] == 22  # the 20, the admin, and ourselves
    assert found["clients_used"] == pytest.approx(44)
    assert (found["primary"], found["replicas"], found["up"]) == (1, 0, 1)
    assert (seen(sample).server.max_memory, seen(sample).server.policy) == (8 << 20, "noeviction")


@truth("hit_rate", "operations", "ping", "poll_time", "commands")
async def test_rates_are_others_and_not_ours(unshared: Server) -> None:
    clock = Shifted()
    queues = [{"name": f"q{n}", "kind": "list"} for n in range(10)]
    with unshared.client() as app:
        app.set("there", 1)
        async with watching(unshared.url, *queues, clock=clock) as source:
            await source.sample()
            # Nobody does anything: all hits and misses there are would be ours.
            clock.ahead += 10
            quiet = figures(await source.sample())
            assert quiet["hit_rate"] is None
            assert quiet["operations"] == pytest.approx(0, abs=0.11)  # a slow PING is repeated
            for _ in range(30):
                app.get("there")
            for _ in range(10):
                app.get("not there")
            clock.ahead += 10
            found = figures(await source.sample())
            assert found["hit_rate"] == 75
            assert found["operations"] == pytest.approx(40 / 20, abs=0.11)
            assert 0 < found["ping"] <= found["poll_time"] < 3_000  # type: ignore[operator]
            before = app.info("commandstats")
            sample = await source.sample()
            after = app.info("commandstats")
    calls = {name: after[name]["calls"] - before.get(name, {"calls": 0})["calls"] for name in after}
    told = {name: calls for name, calls in calls.items() if calls}
    told["cmdstat_info"] = told.pop("cmdstat_info") - 1  # the test's own
    assert figures(sample)["commands"] == sum(told.values())
    assert f"{sum(told.values())} commands a poll: INFO 2, " in seen(sample).load


@truth("evictions")
async def test_evictions(server: Server) -> None:
    clock = Shifted()
    with server.client() as app:
        app.config_set("maxmemory-policy", "allkeys-lru")
        try:
            async with watching(server.url, clock=clock) as source:
                assert figures(await source.sample())["evictions"] is None
                app.config_set("maxmemory", app.info("memory")["used_memory"] + (1 << 20))
                for number in range(300):
                    app.set(f"big:{number}", "x" * 10_000)
                clock.ahead += 10
                found = figures(await source.sample())
                gone = app.info("stats")["evicted_keys"]
                assert gone > 50
                assert found["evictions"] == pytest.approx(gone / 10, rel=0.05)
        finally:
            app.config_set("maxmemory", 0)
            app.config_set("maxmemory-policy", "noeviction")


@truth("blocked_clients")
async def test_blocked_clients(server: Server) -> None:
    with server.client() as waiting, server.client() as app:
        threads = [threading.Thread(target=waiting.blpop, args=("empty", 30)) for _ in range(3)]
        for thread in threads:
            thread.start()
        async with watching(server.url) as source:
            await polled(source, lambda s: figures(s)["blocked_clients"] == 3)
            app.rpush("empty", 1, 2, 3)
            await asyncio.gather(*(asyncio.to_thread(thread.join) for thread in threads))
            await polled(source, lambda s: figures(s)["blocked_clients"] == 0)


@truth("rejected", "clients_used", "up", "unanswered")
async def test_a_server_that_is_really_full(another: Callable[..., Server]) -> None:
    server = another(7, maxclients="10")
    server.start()
    clock = Shifted()
    with ExitStack() as stack:
        async with watching(server.url, clock=clock) as held, watching(server.url) as late:
            await held.sample()
            for _ in range(9):
                stack.enter_context(server.client()).ping()
            with pytest.raises(redis.ConnectionError):
                stack.enter_context(server.client()).ping()
            # The connection that was opened before the storm goes on reporting.
            clock.ahead += 30
            found = figures(await held.sample())
            assert (found["up"], found["clients"], found["clients_used"]) == (1, 10, 100)
            assert found["rejected"] == pytest.approx(2, rel=0.01)  # one in 30 s
            # One that comes only now is told no, which is a finding and no blindness.
            sample = await late.sample()
            found = figures(sample)
            assert (found["up"], found["clients_used"], found["unanswered"]) == (0, 100, 0)
            assert "max number of clients reached" in seen(sample).faults[0]
            stack.close()
            await polled(late, lambda s: figures(s)["up"] == 1)


@truth("link_up", "replication_lag", "replicas", "primary")
async def test_a_replica_and_its_link(another: Callable[..., Server]) -> None:
    first, second = another(6), another(7)
    first.start()
    second.start()
    clock = Shifted()
    with first.client() as app, second.client() as admin:
        async with (
            watching(first.url) as primary,
            watching(second.url, clock=clock) as replica,
        ):
            assert figures(await replica.sample())["link_up"] is None
            admin.replicaof("127.0.0.1", first.port)
            sample = await polled(replica, lambda s: figures(s)["link_up"] == 1)
            assert figures(sample)["primary"] == 0
            assert seen(sample).server.primary == f"127.0.0.1:{first.port}"
            assert "primary → replica" in [change.what for change in seen(sample).changes]
            sample = await polled(primary, lambda s: figures(s)["replicas"] == 1)
            await polled(primary, lambda s: figures(s)["replication_lag"] == 0)
            second.freeze()
            try:
                app.set("big", "x" * 100_000)
                sample = await primary.sample()
                assert figures(sample)["replication_lag"] >= 100_000  # type: ignore[operator]
            finally:
                second.resume()
            await polled(primary, lambda s: figures(s)["replication_lag"] == 0)
            first.stop()
            sample = await polled(replica, lambda s: figures(s)["link_up"] == 0)
            assert figures(sample)["up"] == 0
            assert "the link to its primary 127.0.0.1:" in seen(sample).faults[0]
            admin.replicaof("NO", "ONE")
            sample = await polled(replica, lambda s: figures(s)["primary"] == 1)
            assert seen(sample).changes[-1].what == "replica → primary"


async def test_a_restart_another_setting_and_another_version_are_changes(
    another: Callable[..., Server],
) -> None:
    server = another(7)
    server.start()
    clock = Shifted()
    async with watching(server.url, clock=clock) as source:
        before = seen(await source.sample()).server
        with server.client() as admin:
            admin.config_set("maxmemory", 1 << 30)
            admin.config_set("maxmemory-policy", "allkeys-lru")
        clock.ahead += 61
        told = [change.what for change in seen(await source.sample()).changes]
        assert told == [
            "maxmemory 0 → 1073741824",
            "maxmemory-policy noeviction → allkeys-lru",
        ]
        server.stop()
        server.start()
        sample = await polled(source, lambda s: seen(s).server.run_id != before.run_id)
        change = seen(sample).changes[-1]
        assert change.what == "the server was started"
        started = seen(sample).server.started_at
        assert started is not None
        assert change.at == started
        assert figures(sample)["operations"] is None  # it counts anew


async def test_what_refuses_writes_is_down(another: Callable[..., Server]) -> None:
    server = another(7)
    server.start()
    with server.client() as admin:
        admin.config_set("maxmemory", 1 << 16)
        async with watching(server.url) as source:
            sample = await source.sample()
            assert "writes are refused" in seen(sample).faults[0]
            assert figures(sample)["up"] == 0
            with pytest.raises(redis.OutOfMemoryError):
                admin.set("x", 1)
            admin.config_set("maxmemory", 0)
            # A save that cannot be written: the folder is gone.
            (server.home / "dump.rdb").mkdir()
            with suppress(redis.ResponseError):
                admin.bgsave()
            sample = await polled(source, lambda s: bool(seen(s).faults))
            assert "the last save failed" in seen(sample).faults[0]
            admin.config_set("stop-writes-on-bgsave-error", "no")
        async with watching(server.url) as source:
            sample = await source.sample()
            assert seen(sample).faults == ()
            assert seen(sample).notes == ("the last save failed",)
