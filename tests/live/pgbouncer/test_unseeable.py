"""A pooler that cannot be asked, or is no pooler: said in time, in words, leaving nothing."""

import asyncio
import contextlib
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from tests.ending import ended
from tests.live.bad_server import refused_port
from tests.live.held import failure, figures, polled
from tests.live.pgbouncer.servers import USERS, Pooler
from tests.live.pgbouncer.watching import seen, watching
from tests.live.postgres.servers import Server
from tests.live.probing import loop_watched, until
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.sources.pgbouncer import PgbouncerSource

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def served(peer: Peer) -> AsyncIterator[str]:
    """The address of something that listens, and is no pooler."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await peer(reader, writer)
        except OSError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield f"postgresql://watch@127.0.0.1:{port}/pgbouncer?sslmode=disable"
    finally:
        await ended(server)
        await server.wait_closed()


def connections(port: int) -> int:
    """How many TCP connections of this process go to ``port``."""
    ours = psutil.Process().net_connections("tcp")
    return sum(bool(each.raddr) and each.raddr.port == port for each in ours)


async def closed_in_time(source: PgbouncerSource) -> None:
    begun = time.monotonic()
    await source.close()
    assert time.monotonic() - begun < 2


async def test_a_stopped_pooler_is_said_in_time_and_seen_again(
    pooler: Pooler, tmp_path: Path
) -> None:
    async with watching(pooler.dsn, tmp_path, timeout="700ms") as source:
        await source.sample()
        pooler.signal(signal.SIGSTOP)
        async with loop_watched():
            begun = time.monotonic()
            held = await failure(source)
            assert connections(pooler.port) == 0
            fresh = await failure(source)
            assert time.monotonic() - begun < 4
        assert str(held) == "no answer within 700 ms: signed in, query sent"
        assert "not signed in" in str(fresh)
        assert (held.phase, fresh.phase) == ("answer", "first byte")
        assert [each.value for each in source.after_failure(held) if each.value] == [1]
        assert connections(pooler.port) == 0
        pooler.signal(signal.SIGCONT)
        found = await source.sample()
        assert figures(found)["unanswered"] == 0
        pooler.signal(signal.SIGSTOP)
        await closed_in_time(source)
        assert connections(pooler.port) == 0


async def test_a_pooler_that_was_started_again_costs_no_poll(
    pooler: Pooler, tmp_path: Path
) -> None:
    async with watching(pooler.dsn, tmp_path) as source:
        await source.sample()
        pooler.stop()
        pooler.start()
        assert figures(await source.sample())["up"] == 1
        assert connections(pooler.port) == 1
        pooler.stop()
        error = await failure(source)
        assert str(error) == f"connection refused by 127.0.0.1:{pooler.port}"
        assert error.hint == "is it running, on that port?"


async def test_a_wrong_password_is_not_repeated(pooler: Pooler, tmp_path: Path) -> None:
    masker = Masker()
    async with watching(pooler.dsn, tmp_path, word="hunter2-wrong", masker=masker) as source:
        error = await failure(source)
        assert error.phase == "set-up"
        assert "authentication failed" in str(error)
        assert "hunter2" not in error.explain() + repr(error.__cause__)
        assert masker.mask("hunter2-wrong") == "***"
        # It was changed meanwhile: the file is read again.
        (tmp_path / "word").write_text(USERS["watch"])
        assert figures(await source.sample())["up"] == 1
    assert "hunter2" not in pooler.log.read_text()


async def test_who_may_not_ask_is_told_what_to_add(pooler: Pooler, tmp_path: Path) -> None:
    dsn = pooler.dsn.replace("watch@", "app@")
    async with watching(dsn, tmp_path, word=USERS["app"]) as source:
        error = await failure(source)
    assert (error.phase, error.hint) == ("set-up", "add app to stats_users in pgbouncer.ini")


async def test_it_asks_under_its_name_what_stats_users_may(pooler: Pooler, tmp_path: Path) -> None:
    async with watching(pooler.dsn, tmp_path) as source:
        assert seen(await source.sample()).blind == ()
        clients = await pooler.command("SHOW CLIENTS")
    ours = [each for each in clients if each["application_name"] == "warroom"]
    assert [(each["user"], each["database"]) for each in ours] == [("watch", "pgbouncer")]
    assert "admin access needed" not in pooler.log.read_text()


async def test_without_psycopg_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("console", "conninfo"):
        monkeypatch.delitem(sys.modules, f"warroom.connect.pgbouncer.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    async with watching("postgresql://watch@127.0.0.1/pgbouncer", tmp_path) as source:
        error = await failure(source)
    assert (error.phase, str(error)) == ("set-up", "psycopg is not installed")
    assert error.hint == "pip install 'warroom[pgbouncer]'"


async def test_a_postgresql_is_no_pooler(database: Server, tmp_path: Path) -> None:
    dsn = f"postgresql://postgres@127.0.0.1:{database.port}/pgbouncer"
    async with watching(dsn, tmp_path) as source:
        error = await failure(source)
    assert error.phase == "set-up"
    assert error.hint == "is this PgBouncer's own port, and not PostgreSQL's?"


async def test_a_dns_that_hangs_costs_the_deadline_and_no_more(
    pooler: Pooler, tmp_path: Path
) -> None:
    def hanging(host: str) -> tuple[str, ...]:
        time.sleep(2)
        return ()

    dsn = pooler.dsn.replace("127.0.0.1", "pooler.example")
    network = Network(hanging)
    async with watching(dsn, tmp_path, timeout="300ms", network=network) as source:
        error = await failure(source)
        assert error.phase == "dns"
        assert str(error).startswith("no answer from DNS for pooler.example within ")
    async with watching(dsn, tmp_path, address="127.0.0.1", network=network) as source:
        assert figures(await source.sample())["up"] == 1


async def test_the_next_address_is_tried(pooler: Pooler, tmp_path: Path) -> None:
    dsn = pooler.dsn.replace("127.0.0.1", "pooler.example")
    network = Network(lambda host: ("127.0.0.77", "127.0.0.1"))
    async with watching(dsn, tmp_path, network=network) as source:
        assert seen(await source.sample()).address == f"127.0.0.1:{pooler.port}"
    network = Network(lambda host: ("127.0.0.77", "127.0.0.78"))
    async with watching(dsn, tmp_path, network=network) as source:
        refused = "; ".join(f"connection refused by 127.0.0.{n}:{pooler.port}" for n in (77, 78))
        assert str(await failure(source)) == refused


async def test_a_cancelled_attempt_leaves_no_connection(tmp_path: Path) -> None:
    ended = asyncio.Event()
    came = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        await reader.read()
        ended.set()

    async with served(silent) as dsn, watching(dsn, tmp_path, timeout="10s") as source:
        task = asyncio.create_task(source.sample())
        await asyncio.wait_for(came.wait(), 5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.wait_for(ended.wait(), 2)


OK = b"R\0\0\0\x08\0\0\0\0" + b"Z\0\0\0\x05I"
"""AuthenticationOk and ReadyForQuery (PostgreSQL documentation, "Message Formats")."""


@pytest.mark.parametrize(
    ("first", "then", "phase"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", "first byte"),
        (b"", b"", "first byte"),
        (OK, b"G\0\0\0\x07\0\0\0", "answer"),  # CopyInResponse, which has no end
        (OK, b"T\xff\xff\xff\xff", "answer"),
        (OK, b"", "answer"),
    ],
    ids=["a web server", "hangs up", "copy", "length", "hangs up later"],
)
async def test_what_is_no_pooler_is_found_out(
    first: bytes, then: bytes, phase: str, tmp_path: Path
) -> None:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000)
        writer.write(first)
        if first == OK:
            await reader.read(1_000)
            writer.write(then)
        await writer.drain()

    async with served(peer) as dsn, watching(dsn, tmp_path) as source, loop_watched():
        error = await asyncio.wait_for(failure(source), 5)
    assert error.phase == phase


async def test_nobody_listens(tmp_path: Path) -> None:
    async with watching(f"postgresql://127.0.0.1:{refused_port()}", tmp_path) as source:
        assert (await failure(source)).phase == "connect"


async def test_packets_that_are_dropped(tmp_path: Path) -> None:
    """A listener whose queue is full answers no SYN."""
    with socket.socket() as listener, contextlib.ExitStack() as queue:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        where = listener.getsockname()
        for _ in range(4):
            knock = queue.enter_context(socket.socket())
            knock.setblocking(False)
            knock.connect_ex(where)
        async with watching(
            f"postgresql://127.0.0.1:{where[1]}", tmp_path, timeout="400ms"
        ) as source:
            error = await failure(source)
    assert error.phase == "connect"
    assert str(error).startswith(f"no connection to 127.0.0.1:{where[1]} within")


async def test_a_socket_and_a_password_file(
    pooler: Pooler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As libpq does; what the engine's environment says of PostgreSQL does not get in the way."""
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.99")
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=1")
    words = tmp_path / "pgpass"
    words.write_text(f"*:{pooler.port}:pgbouncer:watch:{USERS['watch']}\n")
    words.chmod(0o600)
    dsn = f"postgresql://watch@/?host={pooler.home}&port={pooler.port}&passfile={words}"
    async with watching(dsn, tmp_path, word=None) as source:
        sample = await source.sample()
    assert figures(sample)["up"] == 1
    assert seen(sample).address == f"{pooler.home}/.s.PGSQL.{pooler.port}"


async def test_a_database_with_a_hostile_name(idle_pooler: Pooler, tmp_path: Path) -> None:
    name = "[b]\x1b[2J\u202e"
    idle_pooler.databases.append(f"* = {idle_pooler.behind}")
    idle_pooler.start()
    async with watching(idle_pooler.dsn, tmp_path) as source:
        async with idle_pooler.client(name) as client:
            await client.fetchval("SELECT 1")
            sample = await polled(source, lambda s: figures(s)["servers_idle"] == 1)
        assert seen(sample).pools[0].database == name
        await idle_pooler.command(f'PAUSE "{name}"')
        notes = seen(await source.sample()).notes
    assert notes == ("paused: [b]␛[2J\\u202e; RESUME lets it go on",)


async def test_quick_polls_open_one_connection(pooler: Pooler, tmp_path: Path) -> None:
    async with watching(pooler.dsn, tmp_path) as source, loop_watched():
        for _ in range(20):
            await source.sample()
        assert connections(pooler.port) == 1
    await until(lambda: connections(pooler.port) == 0)
    assert pooler.log.read_text().count("user=watch") == 1
