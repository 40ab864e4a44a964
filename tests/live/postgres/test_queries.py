"""The team's own questions, and a plan on request."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.live.held import figures, polled
from tests.live.postgres.servers import Server
from tests.live.postgres.watching import seen, watching
from warroom.config.settings import RoomSettings
from warroom.engine.entry import Entry
from warroom.engine.poll import Poll
from warroom.engine.room_view import room_view
from warroom.errors import ProbeError
from warroom.severity import SEV
from warroom.sources.postgres import PostgresSource

QUERIES = [
    {"name": "products", "sql": "SELECT count(*) FROM products", "unit": "products"},
    {"name": "span", "sql": "SELECT interval '90 s'", "unit": "s"},
    {"name": "listed", "sql": "TABLE products", "gives": "rows", "title": "Products"},
    {"name": "writes", "sql": "WITH gone AS (DELETE FROM products RETURNING 1) TABLE gone"},
    {"name": "two", "sql": "SELECT 1; SELECT 2"},
    {"name": "text", "sql": "SELECT 'many'"},
    {"name": "none", "sql": "SELECT 1 WHERE false"},
    {"name": "secret", "sql": "SELECT count(*) FROM pg_authid"},
    {"name": "unknown", "sql": "SELECT NULL::int"},
]


async def test_each_is_answered_or_says_why_not(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "pending.sql"
    file.write_text("-- of the team\nSELECT name FROM products WHERE id > 98 ORDER BY id;\n")
    more = [
        {"name": "pending", "file": "pending.sql", "gives": "rows"},
        {"name": "lost", "file": "lost.sql"},
    ]
    environment = "SELECT current_setting('server_version_num')"
    async with watching(
        server.dsn(), tmp_path, queries=[*QUERIES, *more], environment=environment
    ) as source:
        sample = await source.sample()
    found, told = figures(sample), seen(sample)
    assert (found["products"], found["span"], found["listed"]) == (100, 90, 100)
    assert found["pending"] == 2
    assert [table.rows for table in told.tables if table.title == "pending"] == [
        (("product 99",), ("product 100",))
    ]
    for name, words in {
        "writes": "read-only transaction",
        "two": "multiple commands",
        "text": "text, and a figure is a number",
        "none": "no row",
        "lost": "lost.sql cannot be read",
    }.items():
        assert found[name] is None
        assert any(w.startswith(f"{name}: ") and words in w for w in told.blind), told.blind
    assert found["secret"] is found["unknown"] is None
    assert any("secret may not be asked" in w and "TO monitor;" in w for w in told.notes)
    assert told.environment.startswith(str(server.version))
    assert found["up"] == 1


@pytest.mark.parametrize(("named", "proof"), [("staging", "mismatch"), ("production", "proven")])
async def test_the_database_itself_says_where_it_is(pg18: Server, named: str, proof: str) -> None:
    room = RoomSettings(name="shop", environment="production")
    async with watching(pg18.dsn(), environment=f"SELECT '{named}'") as source:
        sample = await source.sample()
        entry = Entry("db", source._settings, {}, (), 0.0)
        poll = Poll(datetime.now(UTC), 0.01, seen=sample.seen, signals=sample.signals)
        entry.take(poll, 0, 1.0, SEV)
        view = room_view(room, (entry,), SEV, (), "", lambda at: datetime.now(UTC))
    assert (view.proof, view.environment_seen) == (proof, named)


async def test_a_slow_one_is_cut_off_and_the_rest_of_the_poll_stands(pg16: Server) -> None:
    slow = {"name": "slow", "sql": "SELECT pg_sleep(30)::text::int"}
    async with watching(pg16.dsn(), timeout="1s", queries=[slow]) as source:
        sample = await source.sample()
        assert figures(sample)["connections"] is not None
        assert any("took too long" in words for words in seen(sample).blind)
        # And it is not asked again at once.
        assert (figures(await source.sample())["poll_time"] or 0) < 400


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sql": "DELETE FROM products"}, "begins with SELECT"),
        ({"sql": "SELECT 1", "file": "x.sql"}, "not both"),
        ({}, "one of them is needed"),
        ({"sql": "SELECT 1", "name": "connections"}, "call it something else"),
    ],
)
def test_what_cannot_be_meant_is_a_problem_of_the_file(changed: dict, words: str) -> None:
    table = {"kind": "postgres", "dsn": "postgresql://a@b/c"}
    query = {"name": "mine", **changed}
    with pytest.raises(ValueError, match=words):
        PostgresSource.Settings.model_validate({**table, "queries": [query]})


async def key_of(source: PostgresSource, part: str) -> str:
    sample = await polled(source, lambda s: any(part in x.query for x in seen(s).sessions))
    return next(s.key for s in seen(sample).sessions if part in s.query)


async def asked(source: PostgresSource, key: str) -> ProbeError:
    with pytest.raises(ProbeError) as refused:
        await source.inspect(key)
    return refused.value


async def test_a_session_s_query_is_planned_and_never_run(server: Server) -> None:
    async with (
        server.session("root") as root,
        server.session("waits") as waits,
        server.session("postgres") as admin,
        watching(server.dsn()) as source,
    ):
        await source.sample()
        await root.execute("BEGIN; UPDATE products SET name = 'z' WHERE id = 50")
        update = "UPDATE products SET name = 'planned' WHERE id = 50"
        task = asyncio.create_task(waits.execute(update))
        key = await key_of(source, "planned")
        plan = await source.inspect(key)
        assert "Update on products" in plan
        assert "Index Cond: (id = 50)" in plan or "Filter: (id = 50)" in plan
        assert "nothing was run" in plan
        # The session that holds them up sits in its transaction: its last query is planned too.
        await root.execute("SELECT name FROM products WHERE id = 50 ORDER BY name")
        await asyncio.sleep(0)
        rooted = next(s for s in seen(await source.sample()).sessions if s.application == "root")
        assert "products" in await source.inspect(rooted.key)
        await root.execute("ROLLBACK")
        await task
        names = "SELECT name FROM products WHERE id = 50"
        assert await admin.fetchval(names) == "planned"
        await admin.execute("UPDATE products SET name = 'product 50' WHERE id = 50")


async def test_what_cannot_be_planned_says_why(server: Server) -> None:
    async with (
        server.session("prepared") as prepared,
        server.session("tool") as tool,
        server.session("postgres") as admin,
        watching(server.dsn(), long_query="50ms") as source,
    ):
        await source.sample()
        task = asyncio.create_task(
            prepared.fetch("SELECT pg_sleep(60), $1::int FROM products WHERE id = $1", 7)
        )
        key = await key_of(source, "$1::int")
        if server.version < 16:
            error = await asked(source, key)
            assert "parameters" in str(error)
        else:
            plan = await source.inspect(key)
            assert "a generic plan" in plan
            assert "id = $1" in plan
        other = asyncio.create_task(tool.execute("DO 'BEGIN PERFORM pg_sleep(60); END'"))
        assert "DO is nothing" in str(await asked(source, await key_of(source, "DO '")))
        for session, running in ((prepared, task), (tool, other)):
            await admin.execute("SELECT pg_terminate_backend($1)", session.get_server_pid())
            await asyncio.gather(running, return_exceptions=True)
        await polled(source, lambda s: not any("$1::int" in x.query for x in seen(s).sessions))
        assert "has ended" in str(await asked(source, key))
        for wrong in ("session:x", "session:1:y", "statement:1", "pool:a", ""):
            assert (await asked(source, wrong)).phase == "answer"
        # All the while the polls went on over the same connection.
        assert figures(await source.sample())["up"] == 1


async def test_a_plan_wants_the_rights_of_the_query_and_the_whole_of_it(pg18: Server) -> None:
    long = "SELECT pg_sleep(60), '" + "x" * 2000 + "'"
    async with (
        pg18.session("a") as one,
        pg18.session("b") as two,
        pg18.session("postgres") as admin,
    ):
        await admin.execute("CREATE TABLE IF NOT EXISTS private AS SELECT 1 AS n")
        tasks = [
            asyncio.create_task(one.execute("SELECT pg_sleep(60) FROM private")),
            asyncio.create_task(two.execute(long)),
        ]
        async with watching(pg18.dsn(), long_query="50ms") as source:
            error = await asked(source, await key_of(source, "private"))
            assert "permission denied for table private" in str(error)
            assert "GRANT SELECT" in error.hint
            error = await asked(source, await key_of(source, "xxxx"))
            assert "1kB" in str(error)
        async with watching(pg18.dsn("plain"), long_query="50ms") as source:
            await source.sample()
        for session in (one, two):
            await admin.execute("SELECT pg_terminate_backend($1)", session.get_server_pid())
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_statement_is_planned_where_the_server_can(pg15: Server) -> None:
    async with pg15.session() as app, watching(pg15.dsn(), statements="1ms") as source:
        await source.sample()
        await app.execute("SELECT name FROM products WHERE id = 3 /* told */")
        sample = await polled(source, lambda s: bool(seen(s).statements.top))
        key = seen(sample).statements.top[0].key
        error = await asked(source, key)
        assert "parameters" in str(error) or "has a plan" in str(error)


@pytest.mark.trap(17, "hostile text in a query and an application's name", "shown")
@pytest.mark.parametrize(
    "name",
    ["[b", "[/]", "[@click=app.quit]x[/]", "\x1b[2J", "\x1b]52;c;eA==\x07", "a\u202eb", "\u200b"],
)
async def test_hostile_names_and_texts_come_out_visible(pg16: Server, name: str) -> None:
    from warroom.engine.clean import clean

    async with pg16.session("postgres") as admin, watching(pg16.dsn()) as source:
        quoted = name.replace('"', '""')
        await admin.execute(f'CREATE ROLE "{quoted}" LOGIN SUPERUSER')
        try:
            async with pg16.session(name, user=name) as app:
                await app.execute(f'BEGIN; SELECT 1 AS "{quoted}"')
                await app.execute(f"LOCK products /* {name} */")
                sample = await polled(source, lambda s: any(g.user == name for g in seen(s).groups))
                shown = clean(seen(sample), str)
                words = [g.user + g.application for g in shown.groups]
                words += [s.query + s.user for s in shown.sessions]
                for text in words:
                    assert all(ord(c) >= 32 or c == "\n" for c in text)
                    assert not {"\x1b", "\u202e", "\u200b"} & set(text)
        finally:
            await admin.execute(f'DROP ROLE "{quoted}"')
