"""The server is full, stands still, is cut off, or another one: TRAPS 11 and 16."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

import asyncpg
import pytest

from tests.live.held import failure, figures, polled, truth, whose
from tests.live.postgres.proxy import Proxy
from tests.live.postgres.servers import MOST, RESERVED, Server
from tests.live.postgres.watching import seen, watching
from warroom.connect.network import Network
from warroom.severity import SEV
from warroom.sources.postgres import PostgresSource


@pytest.mark.trap(
    11, "max_connections used up", "the open connection still reports, a late one says so"
)
@truth("connections_used", "up", "unanswered")
async def test_a_server_that_is_really_full(another: Callable[..., Server]) -> None:
    server = another(16)
    await server.made()
    async with AsyncExitStack() as stack:
        held = await stack.enter_async_context(watching(server.dsn()))
        await held.sample()
        with pytest.raises(asyncpg.TooManyConnectionsError):
            for _ in range(MOST):
                await stack.enter_async_context(server.session("shop", user="shop"))
        # The connection that was opened before the storm goes on reporting.
        sample = await held.sample()
        found = figures(sample)
        assert (found["up"], found["connections"]) == (1, MOST - RESERVED)
        assert found["connections_used"] == 100
        # One that comes only now is told no, which is a finding and no blindness.
        late = await stack.enter_async_context(watching(server.dsn()))
        sample = await late.sample()
        found = figures(sample)
        assert (found["up"], found["connections_used"], found["unanswered"]) == (0, 100, 0)
        assert "too many connections" in seen(sample).faults[0]
        (rule,) = PostgresSource.rules("db", late._settings, SEV)
        assert (rule.signal, rule.levels[0][0]) == ("db.up", "SEV1")
        # Those that are reserved are used too: over all that ordinary ones may have.
        for _ in range(RESERVED):
            await stack.enter_async_context(server.session("postgres"))
        assert figures(await held.sample())["connections_used"] == pytest.approx(
            100 * MOST / (MOST - RESERVED)
        )
        assert whose(await held.sample(), "connections_used")
    async with watching(server.dsn()) as late:
        await polled(late, lambda s: figures(s)["up"] == 1)


@pytest.mark.trap(
    11,
    "PostgreSQL stopped with SIGSTOP",
    "cannot be seen by the deadline, one try for each poll, closed within 2 s",
)
@truth("unanswered")
async def test_a_server_that_stands_still(pg15: Server) -> None:
    async with Proxy(pg15.port).running() as proxy:
        dsn = pg15.dsn(port=proxy.port)
        async with (
            watching(dsn, timeout="500ms") as source,
            watching(pg15.dsn(), timeout="500ms") as never,
        ):
            await source.sample()
            pg15.suspend()
            try:
                begun = time.monotonic()
                error = await failure(source)
                assert time.monotonic() - begun < 1.5
                assert error.phase in ("answer", "first byte")
                assert "no answer within 500 ms" in str(error)
                assert "stopped" in error.hint
                found = {s.name: s.value for s in source.after_failure(error)}
                assert found["db.unanswered"] == 1
                assert found["db.up"] is None
                for _ in range(3):
                    error = await failure(source)
                    source.after_failure(error)
                assert "not signed in" in str(error)
                assert proxy.came <= 1 + 4  # one try for each poll, no storm
                assert (await failure(never)).phase == "first byte"
                begun = time.monotonic()
                await never.close()
                await source.close()
                assert time.monotonic() - begun < 2
            finally:
                pg15.resume()
            await polled(source, lambda s: figures(s)["up"] == 1)


@pytest.mark.trap(
    11,
    "packets dropped and a connection cut",
    "cannot be seen by the deadline, seen again afterwards",
)
async def test_packets_that_are_dropped_delayed_and_cut(pg15: Server) -> None:
    async with (
        Proxy(pg15.port).running() as proxy,
        watching(pg15.dsn(port=proxy.port), timeout="700ms") as source,
    ):
        await source.sample()
        proxy.delay = 0.01
        assert (figures(await source.sample())["poll_time"] or 0) > 100
        proxy.delay = 0.0
        proxy.cut()
        sample = await source.sample()  # opened anew, once, within the same poll
        assert figures(sample)["up"] == 1
        assert proxy.came == 2
        proxy.drop()
        begun = time.monotonic()
        error = await failure(source)
        assert time.monotonic() - begun < 1.7
        assert "BEGIN asked" in str(error)
        proxy.passing.set()
        await polled(source, lambda s: figures(s)["up"] == 1)


async def test_nobody_is_there() -> None:
    async with watching("postgresql://monitor@127.0.0.1:1/x?sslmode=disable") as source:
        error = await failure(source)
        assert (error.phase, "refused" in str(error)) == ("connect", True)


async def test_a_name_that_hangs_costs_the_deadline_and_an_open_connection_reports(
    pg16: Server,
) -> None:
    hangs = threading.Event()
    done = threading.Event()

    def look_up(host: str) -> tuple[str, ...]:
        if hangs.is_set():
            done.wait(20)
        return ("127.0.0.1",)

    dsn = pg16.dsn().replace("127.0.0.1", "db.example")
    network = Network(look_up)
    try:
        async with (
            watching(dsn, network=network, timeout="600ms") as held,
            watching(dsn, network=network, timeout="600ms") as late,
        ):
            await held.sample()
            hangs.set()
            assert figures(await held.sample())["up"] == 1
            begun = time.monotonic()
            error = await failure(late)
            assert time.monotonic() - begun < 1.6
            assert error.phase == "dns"
            assert "db.example" in str(error)
    finally:
        done.set()


async def test_a_peer_that_is_gone_without_a_word_is_noticed_by_keepalive(pg18: Server) -> None:
    async with watching(pg18.dsn()) as source:
        await source.sample()
        sock = source._line._connection._transport.get_extra_info("socket")  # type: ignore[union-attr]
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        idle = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
        every = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL)
        assert idle + every * sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) <= 30


async def test_a_session_that_is_killed_is_opened_anew(pg18: Server) -> None:
    async with watching(pg18.dsn()) as source, pg18.session("postgres") as admin:
        await source.sample()
        kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1"
        assert await admin.fetchval(kill, "warroom") is True
        assert figures(await source.sample())["up"] == 1


async def test_two_sources_at_once_and_a_cancelled_poll_leave_nothing(pg18: Server) -> None:
    ours = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'warroom'"
    async with pg18.session("postgres") as admin:
        async with watching(pg18.dsn()) as source:
            for _ in range(5):
                task = asyncio.create_task(source.sample())
                await asyncio.sleep(0.002)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            await source.sample()
        async with asyncio.timeout(5):
            while await admin.fetchval(ours):
                await asyncio.sleep(0.02)
