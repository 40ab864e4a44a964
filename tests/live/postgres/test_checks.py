"""Checks that ask a database: one query, in a transaction that can only read, bounded."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.live.checks.running import CANARY, Checking
from tests.live.postgres.servers import Server
from tests.live.postgres.test_actions_sessions import ours
from warroom.errors import ProbeError

SLEEPERS = """SELECT count(*) FROM pg_stat_activity
    WHERE application_name = 'warroom' AND state = 'active' AND query LIKE '%pg_sleep%'"""


@pytest.fixture
async def carts(pg18: Server) -> AsyncIterator[Server]:
    """A server with a few carts; nothing of ours may be left on it."""
    async with pg18.session("postgres") as admin:
        await admin.execute(
            "DROP TABLE IF EXISTS carts; CREATE TABLE carts (id int, owner text);"
            "INSERT INTO carts SELECT n, 'owner ' || n FROM generate_series(1, 300) AS n;"
            "GRANT ALL ON carts TO shop;"
        )
    yield pg18
    assert await ours(pg18) == 0


def ask(folder: Path, server: Server, sql: str, more: str = "", user: str = "app") -> Checking:
    table = f"kind = 'sql'\nsource = 'db'\nsql = '''{sql}'''\n{more}"
    return Checking(folder, table, f'kind = "postgres"\ndsn = "{server.dsn(user)}"')


async def count(server: Server) -> int:
    async with server.session("postgres") as admin:
        found: int = await admin.fetchval("SELECT count(*) FROM carts")
    return found


async def test_rows_are_told_as_a_small_table(carts: Server, tmp_path: Path) -> None:
    sql = "SELECT id, owner, now() - now() AS age FROM carts ORDER BY id LIMIT 2"
    found = await ask(tmp_path, carts, sql).run()
    assert (found.ok, found.text) == (None, "2 rows")
    assert found.lines == (
        "id  owner    age",
        "--  -------  -------",
        " 1  owner 1  0:00:00",
        " 2  owner 2  0:00:00",
    )
    assert (await ask(tmp_path, carts, "EXPLAIN SELECT 1").run()).text == "1 row"
    assert (await ask(tmp_path, carts, "SELECT 1 WHERE false").run()).text == "0 rows"


async def test_no_more_rows_come_than_are_shown(carts: Server, tmp_path: Path) -> None:
    found = await ask(tmp_path, carts, "TABLE carts ORDER BY id", "rows = 5").run()
    assert found.text == "more than 5 rows: the first 5"
    assert len(found.lines) == 7
    endless = "SELECT generate_series(1, 1000000000) AS n, repeat('x', 5000) AS x"
    checking = ask(tmp_path, carts, endless, 'rows = 200\ndeadline = "5s"')
    found = await checking.run()
    assert found.text == "more than 200 rows: the first 200"
    assert sum(map(len, found.lines)) < 15_000


@pytest.mark.parametrize("sql", [
    "SELECT repeat('x', 60000000) AS huge",
    "SELECT repeat('x', 300000) AS large FROM generate_series(1, 200)",
])  # fmt: skip
async def test_a_value_too_large_is_not_taken(carts: Server, tmp_path: Path, sql: str) -> None:
    checking = ask(tmp_path, carts, sql, "rows = 200")
    with pytest.raises(ProbeError, match="more came than the 4 MiB") as caught:
        await checking.run()
    assert "left(column, 200)" in caught.value.hint


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (
            "WITH gone AS (DELETE FROM carts RETURNING *) SELECT * FROM gone",
            "read-only transaction",
        ),
        ("SELECT 1; DELETE FROM carts", "multiple commands"),
        ("EXPLAIN ANALYZE DELETE FROM carts", "read-only transaction"),
        ("SELECT * FROM nowhere", "does not exist"),
        ("SELECT nextval('serial')", "does not exist"),
    ],
)
async def test_what_does_not_only_read_is_refused(
    carts: Server, tmp_path: Path, sql: str, words: str
) -> None:
    found = await ask(tmp_path, carts, sql).run()
    assert found.ok is False
    assert words in found.text
    assert await count(carts) == 300


async def test_one_that_takes_too_long_is_ended_by_the_server(
    carts: Server, tmp_path: Path
) -> None:
    checking = ask(tmp_path, carts, "SELECT pg_sleep(60)", 'deadline = "1s"')
    found = await checking.run()
    assert found.ok is False
    assert "statement timeout" in found.text
    assert checking.took < 2


async def test_a_session_that_is_ended_is_no_refusal(carts: Server, tmp_path: Path) -> None:
    task = asyncio.create_task(ask(tmp_path, carts, "SELECT pg_sleep(20)").run())
    end = SLEEPERS.replace("count(*)", "pg_terminate_backend(pid)")
    async with carts.session("postgres") as admin, asyncio.timeout(10):
        while not task.done():  # one that is found first may be another test's, on its way out
            await admin.execute(f"{end} AND pid <> pg_backend_pid()")
            await asyncio.sleep(0.01)
    with pytest.raises(ProbeError, match=r"db: .*terminat"):
        await task


async def test_it_waits_for_no_lock(carts: Server, tmp_path: Path) -> None:
    async with carts.session("postgres") as admin, admin.transaction():
        await admin.execute("LOCK TABLE carts IN ACCESS EXCLUSIVE MODE")
        checking = ask(tmp_path, carts, "SELECT count(*) FROM carts")
        found = await checking.run()
    assert "lock timeout" in found.text
    assert checking.took < 3


async def test_cancelled_it_leaves_no_session(carts: Server, tmp_path: Path) -> None:
    task = asyncio.create_task(ask(tmp_path, carts, "SELECT pg_sleep(20)").run())
    async with carts.session("postgres") as admin, asyncio.timeout(5):
        while not await admin.fetchval(SLEEPERS):
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        while await admin.fetchval(SLEEPERS):
            await asyncio.sleep(0.01)


async def test_several_of_one_source_come_one_after_the_other(
    carts: Server, tmp_path: Path
) -> None:
    checking = ask(tmp_path, carts, "SELECT pg_sleep(0.2)")
    most = 0
    tasks = [asyncio.create_task(checking.run()) for _ in range(3)]
    async with carts.session("postgres") as admin:
        while not all(task.done() for task in tasks):
            most = max(most, await admin.fetchval(SLEEPERS))
    assert most == 1
    assert {task.result().text for task in tasks} == {"1 row"}


async def test_a_password_and_what_repeats_it_is_told_nobody(carts: Server, tmp_path: Path) -> None:
    table = f"kind = 'sql'\nsource = 'db'\nsql = '''SELECT '{CANARY}' AS said'''\n"
    source = f'kind = "postgres"\ndsn = "{carts.dsn()}"\npassword = {{ file = "pass" }}'
    found = await Checking(tmp_path, table, source, **{"pass": CANARY}).run()
    assert found.lines[-1] == "***"
    assert CANARY not in repr(found)


async def test_a_server_that_is_not_there_is_said(carts: Server, tmp_path: Path) -> None:
    source = 'kind = "postgres"\ndsn = "postgresql://app@127.0.0.1:1/x?sslmode=disable"'
    with pytest.raises(ProbeError, match="refused"):
        await Checking(tmp_path, "kind = 'sql'\nsource = 'db'\nsql = 'SELECT 1'", source).run()


@pytest.mark.parametrize("version", [15])
async def test_an_older_server_is_asked_the_same_way(
    pg15: Server, tmp_path: Path, version: int
) -> None:
    found = await ask(tmp_path, pg15, "SELECT 1 AS one").run()
    assert found.lines == ("one", "---", "  1")
