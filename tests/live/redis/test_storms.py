"""The server stands still, is loading, busy, cut off, hostile, or another one: TRAPS 11, 15."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import redis

from tests.ending import ended
from tests.live.bad_server import refused_port
from tests.live.held import Shifted, answered, failure, figures, polled, truth
from tests.live.postgres.proxy import Proxy
from tests.live.redis.servers import Server
from tests.live.redis.watching import seen, watching
from warroom.connect.network import Network
from warroom.errors import ProbeError

SCRIPT = "while true do end"


@pytest.mark.trap(11, "Redis stopped with SIGSTOP", "cannot be seen by the deadline")
@truth("unanswered")
async def test_a_server_that_stands_still(redis7: Server) -> None:
    async with Proxy(redis7.port).running() as proxy:
        dsn = f"redis://127.0.0.1:{proxy.port}/0"
        async with (
            watching(dsn, timeout="500ms") as source,
            watching(redis7.url, timeout="500ms") as never,
        ):
            await source.sample()
            redis7.freeze()
            try:
                begun = time.monotonic()
                error = await failure(source)
                assert time.monotonic() - begun < 2
                assert "no answer within 500 ms" in str(error)
                assert "stopped" in error.hint
                found = {s.name: s.value for s in source.after_failure(error)}
                assert (found["redis.unanswered"], found["redis.up"]) == (1, None)
                for _ in range(3):
                    error = await failure(source)
                assert "not signed in" in str(error)
                assert proxy.came <= 1 + 4  # one try for each poll, no storm
                assert (await failure(never)).phase == "first byte"
                begun = time.monotonic()
                await never.close()
                await source.close()
                assert time.monotonic() - begun < 2
            finally:
                redis7.resume()
            await polled(source, lambda s: figures(s)["up"] == 1)


async def test_packets_that_are_dropped_and_connections_that_are_cut(redis6: Server) -> None:
    async with (
        Proxy(redis6.port).running() as proxy,
        watching(f"redis://127.0.0.1:{proxy.port}/0", timeout="700ms") as source,
    ):
        await source.sample()
        proxy.delay = 0.01
        assert (figures(await source.sample())["ping"] or 0) > 20
        proxy.delay = 0.0
        proxy.cut()
        assert figures(await source.sample())["up"] == 1  # opened anew, once, in the same poll
        assert proxy.came == 2
        proxy.drop()
        begun = time.monotonic()
        assert "no answer within 700 ms" in str(await failure(source))
        assert time.monotonic() - begun < 2
        proxy.passing.set()
        await polled(source, lambda s: figures(s)["up"] == 1)


async def test_nobody_is_there_and_a_name_that_hangs(redis7: Server) -> None:
    async with watching(f"redis://127.0.0.1:{refused_port()}/0") as source:
        error = await failure(source)
        assert (error.phase, "refused" in str(error)) == ("connect", True)
    release = threading.Event()

    def lookup(host: str) -> tuple[str, ...]:
        if host == "hangs.example":
            release.wait(30)
        return ("127.0.0.1",)

    network = Network(lookup)
    try:
        async with (
            watching(f"redis://hangs.example:{redis7.port}", network=network, timeout="2s") as s,
            watching(f"redis://other.example:{redis7.port}", network=network) as other,
            watching(
                f"redis://hangs.example:{redis7.port}", network=network, address="127.0.0.1"
            ) as pinned,
        ):
            error = await failure(s)
            assert (error.phase, "no answer from DNS" in str(error)) == ("dns", True)
            assert figures(await other.sample())["up"] == 1
            assert figures(await pinned.sample())["up"] == 1
    finally:
        release.set()


async def test_a_server_busy_with_a_script(another: Callable[..., Server]) -> None:
    server = another(7, **{"busy-reply-threshold": "100"})
    server.start()
    async with watching(server.url, timeout="1s") as source:
        await source.sample()
        with server.client(socket_timeout=30) as app:

            def busy() -> None:
                with suppress(redis.RedisError):
                    app.eval(SCRIPT, 0)

            thread = threading.Thread(target=busy)
            thread.start()
            try:
                sample = await answered(source, lambda s: bool(seen(s).faults))
                assert seen(sample).faults[0].startswith("BUSY Redis is busy running a script")
                assert (figures(sample)["up"], figures(sample)["memory"]) == (0, None)
            finally:
                with server.client() as admin:
                    admin.script_kill()
                await asyncio.to_thread(thread.join)
        await polled(source, lambda s: figures(s)["up"] == 1)


async def test_a_server_that_loads_its_data(another: Callable[..., Server]) -> None:
    server = another(7, **{"enable-debug-command": "yes"})
    server.start()
    with server.client(socket_timeout=30) as app:
        app.execute_command("DEBUG", "POPULATE", 1_000)
        app.save()
    server.stop()
    # Each key takes 1 ms, and now and then it answers: one second.
    slowly = {"key-load-delay": "1000", "loading-process-events-interval-bytes": "1024"}
    server.options |= slowly
    server.launch()
    async with watching(server.url, {"name": "jobs", "kind": "list"}) as source:
        sample = await answered(source, lambda s: bool(seen(s).faults))
        assert seen(sample).faults[0].startswith("it is loading its data")
        found = figures(sample)
        assert (found["up"], found["ping"], found["jobs.depth"]) == (0, None, None)
        assert seen(sample).blind == ()
        sample = await answered(source, lambda s: figures(s)["up"] == 1)
        assert figures(sample)["keys"] == 1_000


async def test_by_sentinels_to_the_primary_whoever_it_is(another: Callable[..., Server]) -> None:
    first, second = another(7), another(7)
    first.start()
    second.start()
    with second.client() as admin:
        admin.replicaof("127.0.0.1", first.port)
        sentinel = another(7, primary=first)
        sentinel.start()
        nobody = f"127.0.0.1:{refused_port()}"
        sentinels = (nobody, f"127.0.0.1:{sentinel.port}")
        with sentinel.client() as chief:
            async with (
                watching("redis://shop/0", sentinels=sentinels) as source,
                watching("redis://shoe/0", sentinels=sentinels[1:]) as wrong,
                watching(f"redis://127.0.0.1:{sentinel.port}") as sentinel_itself,
            ):
                sample = await source.sample()
                assert seen(sample).server.address == f"127.0.0.1:{first.port}"
                await polled(source, lambda _: len(chief.sentinel_slaves("shop")) == 1)
                first.stop()
                sample = await answered(
                    source, lambda s: seen(s).server.address.endswith(str(second.port))
                )
                told = [change.what for change in seen(sample).changes]
                assert f"connected to 127.0.0.1:{first.port} → 127.0.0.1:{second.port}" in told
                assert "another server answers" in told
                error = await failure(wrong)
                assert "it knows no primary called shoe" in str(error)
                error = await failure(sentinel_itself)
                assert (error.phase, "is a Sentinel" in str(error)) == ("set-up", True)
                assert f'sentinels = ["127.0.0.1:{sentinel.port}"]' in error.hint


async def test_a_primary_that_the_sentinels_do_not_name_any_more_is_left(
    another: Callable[..., Server],
) -> None:
    """Cut off from them, it goes on as a primary, with our connection open."""
    first, second = another(7), another(7)
    first.start()
    second.start()
    sentinel = another(7, primary=first)
    sentinel.start()
    clock = Shifted()
    named = {"sentinels": [f"127.0.0.1:{sentinel.port}"], "clock": clock}
    with sentinel.client() as chief:
        async with watching("redis://shop/0", **named) as source:
            assert seen(await source.sample()).server.address.endswith(str(first.port))
            chief.sentinel_remove("shop")
            chief.sentinel_monitor("shop", "127.0.0.1", second.port, 1)
            clock.ahead += 11
            sample = await source.sample()
            assert seen(sample).server.address.endswith(str(second.port))
            assert "another server answers" in [change.what for change in seen(sample).changes]
            sentinel.stop()
            clock.ahead += 11
            sample = await source.sample()  # nobody tells otherwise
            assert figures(sample)["up"] == 1
            assert "no Sentinel tells who the primary is" in seen(sample).notes[0]
            assert "connection refused" in seen(sample).notes[0]


async def test_a_node_of_a_cluster_is_refused_in_clear_words(
    another: Callable[..., Server],
) -> None:
    server = another(7, **{"cluster-enabled": "yes", "cluster-port": str(refused_port())})
    server.start()
    async with watching(server.url) as source:
        error = await failure(source)
    assert error.phase == "set-up"
    assert "is one node of a cluster, and keys of the others would be missed" in str(error)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "not Redis' protocol"),
        (b"$99999999\r\n" + b"x" * (9 << 20), "far more came"),
        (b"*1\r\n" * 5_000 + b":1\r\n", ""),
        (b"+" + b"x" * 200_000 + b"\r\n", "not Redis' protocol"),
        (b"-DENIED Redis is running in protected mode. More words\r\n" * 3, "protected mode"),
        (b":1\r\n*0\r\n$-1\r\n" * 40, ""),
        (b"$3\r\n\x1b[2\r\n" * 40, ""),
        (b"-\x1b]52;c;aGk=\x07 [b]\r\n" * 40, ""),
    ],
    ids=["http", "flood", "deep", "long", "protected", "shapes", "cut", "errors"],
)
async def test_what_is_no_redis_server(said: bytes, words: str) -> None:
    """Every poll ends in words, or in a snapshot of nothing; the loop stays free."""
    async with _saying(said) as port, watching(f"redis://127.0.0.1:{port}", timeout="1s") as s:
        told = ""
        try:
            sample = await s.sample()
        except ProbeError as error:
            told = str(error)
        else:
            assert figures(sample)["memory"] is None
        assert words in told


@asynccontextmanager
async def _saying(said: bytes) -> AsyncIterator[int]:
    """Whoever connects is told this, at once."""

    serving: list[asyncio.Task[None] | None] = []
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())
        writers.append(writer)
        with suppress(OSError):
            writer.write(said)
            await writer.drain()
            while await reader.read(65_536):
                pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, family=socket.AF_INET)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await ended(server)
        for writer in writers:
            writer.transport.abort()
        await asyncio.gather(*(task for task in serving if task), return_exceptions=True)
