"""Sessions that are ended, and queries that are cancelled: those that were shown, and no others."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.live.acting import Play, hand, played
from tests.live.pgbouncer.servers import Pooler, folder
from tests.live.postgres.cutting import Cutting
from tests.live.postgres.proxy import Proxy
from tests.live.postgres.servers import MOST, RESERVED, Server
from warroom.actions.hand import Hand, Work
from warroom.errors import ActionError

LAST_PID = Path("/proc/sys/kernel/ns_last_pid")
OLDER = {"seconds": "0"}
SLEEP = "SELECT pg_sleep(60)"


def older(server: Server, user: str = "app", *, port: int = 0, **identity: str) -> Hand:
    parameters = {"seconds": {"type": "integer"}}
    table = {"kind": "sql", "builtin": "terminate_older", "parameters": parameters}
    return hand({"dsn": server.dsn(user, port=port)}, table, **identity)


def one(server: Server, builtin: str, user: str = "app") -> Hand:
    parameters = {"session": {"type": "row", "source": "it"}}
    table = {"kind": "sql", "builtin": builtin, "parameters": parameters}
    return hand({"dsn": server.dsn(user)}, table)


class Slow:
    """A session that is at work on something long."""

    def __init__(self, connection: Any, task: "asyncio.Task[str]", started: Any) -> None:
        self.connection, self.task = connection, task
        self.pid: int = connection.get_server_pid()
        self.key = f"session:{self.pid}:{started.isoformat(timespec='microseconds')}"

    async def stop(self, admin: Any) -> None:
        """Its query ends, and it is idle: all else of it is as it was."""
        await admin.fetch("SELECT pg_cancel_backend($1)", self.pid)
        await seen(admin, self.pid, "idle")
        await asyncio.wait({self.task})

    async def ended(self) -> str:
        """By which error its query ended."""
        await asyncio.wait({self.task}, timeout=5)
        return type(self.task.exception()).__name__

    @property
    def lives(self) -> bool:
        return not self.task.done() and not self.connection.is_closed()


@asynccontextmanager
async def slow(
    server: Server, query: str = SLEEP, user: str = "app", **more: Any
) -> AsyncIterator[Slow]:
    async with AsyncExitStack() as stack:
        if more:
            made = await asyncpg.connect(
                host="127.0.0.1",
                port=server.port,
                user=user,
                database="postgres",
                ssl=False,
                **more,
            )
            stack.callback(made.terminate)
        else:
            made = await stack.enter_async_context(server.session("shop", user))
        found = await at_work(server, made, query)
        try:
            yield found
        finally:
            await end(server, found)


async def end(server: Server, session: Slow) -> None:
    """Gone from the server too: one that sleeps does not look whether its client is there."""
    session.connection.terminate()
    async with server.session("postgres") as admin:
        await admin.fetch("SELECT pg_terminate_backend($1)", session.pid)
        await seen(admin, session.pid, None)


async def at_work(server: Server, connection: Any, query: str = SLEEP) -> Slow:
    task = asyncio.create_task(connection.execute(query))
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    async with server.session("postgres") as admin:
        row = await seen(admin, connection.get_server_pid(), "active")
    return Slow(connection, task, row["backend_start"])


async def seen(admin: Any, pid: int, state: str | None) -> Any:
    """The server's row of a session as soon as it is in that state, None for gone."""
    ends = time.monotonic() + 10
    while True:
        row = await admin.fetchrow("SELECT * FROM pg_stat_activity WHERE pid = $1", pid)
        if (row["state"] if row else None) == state:
            return row
        assert time.monotonic() < ends, row
        await asyncio.sleep(0.02)


async def ours(server: Server) -> int:
    """Connections that are ours, when all that go have gone."""
    async with server.session("postgres") as admin:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'warroom'"
        ends = time.monotonic() + 3
        while (found := int(await admin.fetchval(asked))) and time.monotonic() < ends:
            await asyncio.sleep(0.02)
        return found


def pids(work: Work) -> set[int]:
    return {int(each.identity.split()[1].rstrip(",")) for each in work.step.targets or ()}


async def test_it_lists_the_active_clients_of_this_database_over_n_and_nobody_else(
    server: Server,
) -> None:
    replication = {"server_settings": {"replication": "database"}}
    async with AsyncExitStack() as stack:
        admin = await stack.enter_async_context(server.session("postgres"))
        await admin.execute("CREATE DATABASE elsewhere")
        old = await stack.enter_async_context(slow(server))
        there = {"host": "127.0.0.1", "port": server.port, "user": "app", "ssl": False}
        other = await asyncpg.connect(**there, database="elsewhere")
        stack.push_async_callback(end, server, await at_work(server, other))
        named = {"server_settings": {"application_name": "warroom"}}
        await stack.enter_async_context(slow(server, **named))
        walsender = await stack.enter_async_context(slow(server, **replication))
        assert (await seen(admin, walsender.pid, "active"))["backend_type"] == "walsender"
        waits = await stack.enter_async_context(server.session("shop"))
        await waits.execute("BEGIN")
        await waits.fetch(SLEEP.replace("60", "0"))
        await asyncio.sleep(1.05)
        young = await stack.enter_async_context(slow(server))
        idle = await stack.enter_async_context(slow(server))
        await idle.stop(admin)
        work = await older(server).plan({"seconds": "1"})
        assert pids(work) == {old.pid}
        assert pids(await older(server).plan(OLDER)) == {old.pid, young.pid}
        # old, idle in transaction, young, idle, and the administrator's own.
        assert work.step.reach == "terminate 1 session of 5"
        assert "as app in postgres at 127.0.0.1" in work.step.rights
        with pytest.raises(ActionError, match="no query is active for over 3600 seconds"):
            await older(server).plan({"seconds": "3600"})
        result = await played(work)
        assert (result.outcome, result.touched) == ("succeeded", 1)
        assert await old.ended() in ("AdminShutdownError", "ConnectionDoesNotExistError")
        assert young.lives
        assert walsender.lives
    async with server.session("postgres") as admin:
        await admin.execute("DROP DATABASE elsewhere WITH (FORCE)")


async def test_it_ends_the_idle_sessions_of_one_application_and_one_that_wakes_is_left_alone(
    pg18: Server,
) -> None:
    parameters = {"seconds": {"type": "integer"}, "application": {}}
    table = {"kind": "sql", "builtin": "terminate_idle", "parameters": parameters}
    made = hand({"dsn": pg18.dsn("app")}, table)
    wanted = {"seconds": "0", "application": "leaking"}
    async with AsyncExitStack() as stack:
        session = pg18.session
        leaks = [await stack.enter_async_context(session("leaking")) for _ in range(3)]
        await leaks[1].execute("BEGIN")
        for leak in leaks:
            await leak.fetch("SELECT 1")
        works = await stack.enter_async_context(session("leaking"))
        busy = await at_work(pg18, works)
        stack.push_async_callback(end, pg18, busy)
        other = await stack.enter_async_context(session("other"))
        await other.fetch("SELECT 1")
        with pytest.raises(ActionError, match="no session is idle for over 3600 seconds"):
            await made.plan({**wanted, "seconds": "3600"})
        work = await made.plan(wanted)
        assert pids(work) == {leak.get_server_pid() for leak in leaks}
        result = await played(work, lambda: leaks[2].fetch("SELECT 2"))
        assert (result.outcome, result.touched) == ("succeeded", 2)
        assert result.text == "2 sessions terminated; 1 left alone, gone or changed since"
        assert await leaks[2].fetchval("SELECT 3") == 3
        assert await other.fetchval("SELECT 4") == 4
        assert busy.lives


CHURN = """
CREATE TABLE churn WITH (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
    autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0)
AS SELECT generate_series(1, 200000) AS n; DELETE FROM churn;
"""
VACUUMS = (
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
    " AND datname = current_database() AND query ~ 'churn'"
)


async def test_autovacuum_is_left_alone(pg18: Server) -> None:
    async with pg18.session("postgres") as admin, slow(pg18) as client:
        await admin.execute(CHURN)
        try:
            ends = time.monotonic() + 15
            while (worker := await admin.fetchval(VACUUMS)) is None:
                assert time.monotonic() < ends
                await asyncio.sleep(0.05)
            work = await older(pg18).plan(OLDER)
            assert pids(work) == {client.pid}
            assert (await played(work)).touched == 1
            assert await admin.fetchval(VACUUMS) == worker
        finally:
            await admin.execute("DROP TABLE churn")


async def reused(server: Server, pid: int) -> Any:
    """A connection whose backend has the pid that another one had; None when something else has
    got it meanwhile, and keeps it."""
    for _ in range(300):
        LAST_PID.write_text(str(pid - 1))
        made = await asyncpg.connect(server.dsn("app"))
        if made.get_server_pid() == pid:
            return made
        made.terminate()
    return None


@pytest.mark.trap(
    2, "a session gone and its pid another's between the last look and yes", "left alone and named"
)
@pytest.mark.skipif(not os.access(LAST_PID, os.W_OK), reason="the next pid cannot be chosen here")
@pytest.mark.parametrize("builtin", ["terminate_older", "terminate_query", "cancel_query"])
async def test_a_pid_that_is_another_sessions_by_then_is_left_alone_and_named(
    pg18: Server, builtin: str
) -> None:
    for _ in range(5):
        if await left_alone_and_named(pg18, builtin):
            return
    raise AssertionError("no pid came again")


async def left_alone_and_named(pg18: Server, builtin: str) -> bool:
    """Whether it could be looked at: the pid came again."""
    async with slow(pg18) as first, slow(pg18) as second:
        made = older(pg18) if builtin == "terminate_older" else one(pg18, builtin)
        values = OLDER if builtin == "terminate_older" else {"session": first.key}
        work = await made.plan(values)
        await end(pg18, first)
        connection = await reused(pg18, first.pid)
        if connection is None:
            return False
        heir = await at_work(pg18, connection)
        try:
            play = Play()
            result = await play.run(work)
            assert f"pid {first.pid} app@127.0.0.1" in result.refused[0]
            assert f"pid {first.pid}: left alone" in play.output.text
            assert heir.lives
            assert second.lives == (builtin != "terminate_older")
            assert result.outcome == ("succeeded" if builtin == "terminate_older" else "failed")
            assert result.touched == (builtin == "terminate_older")
        finally:
            await end(pg18, heir)
    return True


@pytest.mark.trap(2, "two sessions of one pid", "told apart by backend_start, in one statement")
async def test_backend_start_alone_tells_two_sessions_of_one_pid_apart(pg16: Server) -> None:
    async with slow(pg16) as heir:
        work: Any = await older(pg16).plan(OLDER)
        (found,) = work._found
        # As it is frozen of a session that had this pid, and all else, a moment before it.
        before = found.backend_start - timedelta(microseconds=1)
        work._found = (found._replace(backend_start=before),)
        result = await played(work)
        assert (result.outcome, result.touched, len(result.refused)) == ("failed", 0, 1)
        assert heir.lives
        former = f"session:{heir.pid}:{before.isoformat()}"
        with pytest.raises(ActionError, match="that session is gone"):
            await one(pg16, "terminate_query").plan({"session": former})


@pytest.mark.parametrize("builtin", ["terminate_older", "terminate_query", "cancel_query"])
async def test_a_session_at_something_else_by_then_is_left_alone_and_named(
    pg15: Server, builtin: str
) -> None:
    async with slow(pg15) as moved_on, slow(pg15) as idle, slow(pg15) as gone:
        made = older(pg15) if builtin == "terminate_older" else one(pg15, builtin)
        sessions = (moved_on, idle, gone)
        values = [{"session": session.key} for session in sessions]
        works = [await made.plan(v) for v in ([OLDER] if builtin == "terminate_older" else values)]
        async with pg15.session("postgres") as admin:
            await moved_on.stop(admin)
            again = await at_work(pg15, moved_on.connection)
            await idle.stop(admin)
        await end(pg15, gone)
        async with slow(pg15) as late:
            results = [await played(work) for work in works]
            assert late.lives
        assert [each.outcome for each in results] == ["failed"] * len(works)
        named = [words for each in results for words in each.refused]
        assert [int(words.split()[1]) for words in named] == [s.pid for s in sessions]
        assert again.lives
        assert await idle.connection.fetchval("SELECT 7") == 7


async def test_a_query_is_cancelled_and_its_session_stays(server: Server) -> None:
    async with slow(server) as busy, server.session("postgres") as admin:
        work = await one(server, "cancel_query").plan({"session": busy.key})
        assert work.step.reach.startswith("cancel the query of 1 session of ")
        result = await played(work)
        assert (result.outcome, result.text) == ("succeeded", "1 session cancelled")
        assert await busy.ended() == "QueryCanceledError"
        await seen(admin, busy.pid, "idle")
        # Of what is at no query there is none to cancel: the server would say true all the same.
        with pytest.raises(ActionError, match="is idle: there is no query to cancel"):
            await one(server, "cancel_query").plan({"session": busy.key})
        assert (await played(work)).outcome == "failed"


@pytest.mark.trap(3, "a role without the right to end a session", "failed with the server's words")
async def test_without_the_right_to_it_failed_with_the_servers_words_and_the_rest_is_done(
    server: Server,
) -> None:
    async with slow(server, user="shop") as theirs, slow(server) as superusers:
        async with server.session("postgres") as admin:
            await admin.execute("GRANT pg_monitor, pg_signal_backend TO plain")
            try:
                work = await older(server, "plain").plan(OLDER)
                assert pids(work) == {theirs.pid, superusers.pid}
                play = Play()
                result = await play.run(work)
            finally:
                await admin.execute("REVOKE pg_monitor, pg_signal_backend FROM plain")
        assert (result.outcome, result.touched) == ("failed", 1)
        words = r"must be a superuser|permission denied to terminate process"
        assert f"pid {superusers.pid}: " in result.text
        assert re.search(words, result.text)
        assert f"pid {superusers.pid}: REFUSED" in play.output.text
        assert superusers.lives
        assert await theirs.ended() != "NoneType"


async def test_who_may_not_see_the_sessions_is_not_told_that_there_are_none(
    server: Server,
) -> None:
    async with slow(server) as hidden:
        with pytest.raises(ActionError, match="as far as can be seen") as raised:
            await older(server, "plain").plan(OLDER)
        assert "GRANT pg_read_all_stats TO plain" in raised.value.hint
        with pytest.raises(ActionError, match="as far as can be seen"):
            await one(server, "cancel_query", "plain").plan({"session": hidden.key})
        async with slow(server, user="plain") as own:
            work = await older(server, "plain").plan(OLDER)
            assert pids(work) == {own.pid}
            assert "cannot be seen by plain" in work.step.notes[0]


@pytest.mark.long
@pytest.mark.trap(3, "pg_terminate_backend answers false; a session that stays", "failed, in words")
async def test_a_server_that_says_false_and_one_that_stays(pg18: Server) -> None:
    async with pg18.session("postgres") as admin, slow(pg18) as stays:
        await admin.execute(
            "CREATE ROLE hoarse LOGIN SUPERUSER; CREATE SCHEMA hoarse;"
            "ALTER ROLE hoarse SET search_path = hoarse, pg_catalog;"
            "CREATE FUNCTION hoarse.pg_terminate_backend(int) RETURNS bool RETURN false"
        )
        try:
            result = await played(await older(pg18, "hoarse").plan(OLDER))
        finally:
            await admin.execute("DROP SCHEMA hoarse CASCADE; DROP ROLE hoarse")
        assert (result.outcome, result.touched) == ("failed", 0)
        assert f"pid {stays.pid}: the server said false" in result.text
        assert stays.lives
        for builtin in ("cancel_query", "terminate_query"):
            work = await one(pg18, builtin).plan({"session": stays.key})
            os.kill(stays.pid, signal.SIGSTOP)
            begun = time.monotonic()
            try:
                result = await played(work)
            finally:
                os.kill(stays.pid, signal.SIGCONT)
            assert 2 <= time.monotonic() - begun < 4
            assert (result.outcome, result.touched) == ("failed", 0)
            assert "1 session still there after 2 s" in result.text
            await seen(admin, stays.pid, "idle" if builtin == "cancel_query" else None)
            if builtin == "cancel_query":
                stays = await at_work(pg18, stays.connection)


async def test_over_two_hundred_are_too_many(another: Callable[..., Server]) -> None:
    server = another(16, max_connections="215")
    await server.made()
    async with AsyncExitStack() as stack:
        for _ in range(201):
            made = await stack.enter_async_context(server.session("shop"))
            task = asyncio.create_task(made.execute(SLEEP))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        with pytest.raises(ActionError, match="more than 200 sessions"):
            await older(server).plan(OLDER)


HOSTILE = (
    "SELECT pg_sleep(60) /* [b]x[/] [@click=app.quit] \x1b[2J\x1b]52;c;AA\x07\n\r\u202e\u200b */"
)


async def test_an_outside_text_is_shown_and_not_obeyed_and_a_password_not_shown(
    pg18: Server,
) -> None:
    name = {"server_settings": {"application_name": "\x1b[31m[b]shop\n"}}
    secret = "SELECT pg_sleep(60) -- ALTER ROLE app PASSWORD 'sesame'"
    async with slow(pg18, HOSTILE, **name), slow(pg18, secret):
        work = await older(pg18).plan(OLDER)
        shown = [each.words for each in work.step.targets or ()]
        assert not [char for words in shown for char in words if not char.isprintable()]
        assert "[b]x[/] [@click=app.quit]" in "".join(shown)
        assert "sesame" not in str(work.step)
        play = Play()
        result = await play.run(work)
        assert result.touched == 2
        assert "sesame" not in play.output.text


async def test_no_key_and_no_number_are_refused_in_words(pg18: Server) -> None:
    for key in ("4711", "session:x:y", "job:1:2026-01-01T00:00:00+00:00", "session:1"):
        with pytest.raises(ActionError, match="is no session"):
            await one(pg18, "terminate_query").plan({"session": key})
    for seconds in ("-5", "soon", "nan", ""):
        with pytest.raises(ActionError, match="no whole number of seconds"):
            await older(pg18).plan({"seconds": seconds})


async def test_another_database_than_expected_is_refused_and_says_why(server: Server) -> None:
    async with server.session("postgres") as admin, slow(server) as client:
        system = await admin.fetchval("SELECT system_identifier::text FROM pg_control_system()")
        right = {"database": "postgres", "system_identifier": system}
        work = await older(server, **right).plan(OLDER)
        for wrong in ({"database": "shop"}, {"system_identifier": "4711"}):
            (name, value), *_ = wrong.items()
            with pytest.raises(ActionError, match=f"{name} is .*, expected {value}"):
                await older(server, **(right | wrong)).plan(OLDER)
        await admin.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        try:
            # Nobody may read it: it works where nothing is expected, and is no proof elsewhere.
            await admin.execute("GRANT pg_read_all_stats TO shop")
            assert pids(await older(server, "shop").plan(OLDER)) == {client.pid}
            with pytest.raises(ActionError, match="does not say what it is") as raised:
                await older(server, "shop", **right).plan(OLDER)
            assert "pg_control_system" in raised.value.hint
        finally:
            await admin.execute("GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC")
            await admin.execute("REVOKE pg_read_all_stats FROM shop")
        assert (await played(work)).outcome == "succeeded"
    assert await ours(server) == 0


@pytest.mark.trap(16, "another cluster behind the same address", "refused")
async def test_another_cluster_behind_the_same_address_is_refused(
    pg16: Server, pg18: Server
) -> None:
    async with slow(pg16) as client, slow(pg18) as namesake, Proxy(pg16.port).running() as proxy:
        work = await older(pg16, port=proxy.port).plan(OLDER)
        proxy._port = pg18.port
        play = Play()
        result = await play.run(work)
        assert (result.outcome, play.began) == ("failed", 0)
        assert "not what was shown" in result.text
        assert client.lives
        assert namesake.lives


async def test_no_place_for_one_more_is_said_and_nothing_is_done(
    another: Callable[..., Server],
) -> None:
    server = another(18)
    await server.made()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(slow(server, user="shop"))
        work = await older(server, "monitor").plan(OLDER)
        for _ in range(MOST - RESERVED - 1):
            await stack.enter_async_context(server.session("shop", user="shop"))
        with pytest.raises(ActionError, match="cannot be reached: too many connections"):
            await older(server, "monitor").plan(OLDER)
        play = Play()
        result = await play.run(work)
        assert (result.outcome, result.touched, play.began) == ("failed", 0, 0)
        assert "nothing was done: it cannot be reached: too many connections" in result.text
        assert client.lives


@pytest.mark.long
async def test_a_server_that_stands_still_holds_nobody_up(pg18: Server) -> None:
    async with slow(pg18) as client:
        work = await older(pg18).plan(OLDER)

        async def stands_still() -> None:
            pg18.suspend()

        begun = time.monotonic()
        try:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await played(work, stands_still)
            # As when the deadline is over, or a person says stop: it is gone at once.
            assert time.monotonic() - begun < 2.5
            assert work.cut("timed out").outcome == "timed out"
            with pytest.raises(ActionError, match="cannot be reached"):
                await older(pg18).plan(OLDER)
            assert time.monotonic() - begun < 8.5
        finally:
            pg18.resume()
        assert client.lives
    assert await ours(pg18) == 0


async def test_one_that_stands_still_at_the_word_itself_holds_nobody_up(pg18: Server) -> None:
    def told(data: bytes) -> bool:
        return b"pg_terminate_backend" in data

    async with slow(pg18) as client, Cutting(pg18.port, told, False, "silent").running() as proxy:
        work = await older(pg18, port=proxy.port).plan(OLDER)
        proxy.armed = True
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await played(work)
        assert time.monotonic() - begun < 2
        assert proxy.sent == 1
        assert work.cut("timed out").text == "1 session had been told already"
        assert client.lives
    assert await ours(pg18) == 0


async def test_its_connection_is_short_named_and_idle_in_no_transaction(pg18: Server) -> None:
    states = "SELECT state, backend_xmin FROM pg_stat_activity WHERE application_name = 'warroom'"
    found: list[Any] = []
    async with slow(pg18), slow(pg18) as second, pg18.session("postgres") as admin:

        async def look() -> None:
            found.extend(await admin.fetch(states))

        work = await older(pg18).plan(OLDER)
        assert await ours(pg18) == 0
        os.kill(second.pid, signal.SIGSTOP)
        task = asyncio.create_task(played(work))
        try:
            ends = time.monotonic() + 1.5
            while time.monotonic() < ends:
                await look()
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        finally:
            os.kill(second.pid, signal.SIGCONT)
        assert len(found) > 20
        # Between two statements it is for a moment; and while it connects it has no state yet.
        idle = [row for row in found if (row["state"] or "").startswith("idle in")]
        assert len(idle) <= 3
        assert work.cut("cancelled").text == "2 sessions had been told already"
        assert work.cut("cancelled").touched == 2
    assert await ours(pg18) == 0


async def test_through_a_pooler_that_lends_for_a_transaction(pg18: Server) -> None:
    with folder() as home:
        pooler = Pooler(home, pg18)
        where = f"host=127.0.0.1 port={pg18.port} dbname=postgres user=app"
        pooler.databases = [f"app = {where} pool_size=1"]
        pooler.settings |= {"auth_type": "any"}
        pooler.start()
        try:
            dsn = f"postgresql://app@127.0.0.1:{pooler.port}/app?sslmode=disable"
            table = {"kind": "sql", "builtin": "terminate_older"}
            parameters = {"parameters": {"seconds": {"type": "integer"}}}
            update = {"kind": "sql", "sql": "UPDATE products SET name = {n} WHERE id = 3"}
            named = {"parameters": {"n": {}}}
            async with pooler.client() as app, slow(pg18) as direct:
                await app.execute("SET statement_timeout = '77s'")
                work = await hand({"dsn": dsn}, table | parameters).plan(OLDER)
                assert pids(work) == {direct.pid}
                assert (await played(work)).outcome == "succeeded"
                for _ in range(2):
                    work = await hand({"dsn": dsn}, update | named).plan({"n": "product 3"})
                    result = await played(work)
                    assert (result.outcome, result.touched) == ("succeeded", 1), result
                # Nothing of ours stays in the session that others are lent.
                assert await app.fetchval("SHOW statement_timeout") == "77s"
                left = "SELECT count(*) FROM pg_prepared_statements WHERE name <> ''"
                assert await app.fetchval(left) == 0
        finally:
            pooler.stop()
