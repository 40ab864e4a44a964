"""A statement of the team's own: its values are bound, it runs whole or not at all, and once."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.live.acting import Play, hand, played
from tests.live.postgres.cutting import COMMIT, Cutting, How
from tests.live.postgres.servers import Server
from tests.live.postgres.test_actions_sessions import ours
from warroom.actions.hand import Hand, Result
from warroom.errors import ActionError

TABLE = """
DROP TABLE IF EXISTS flags, parts;
CREATE TABLE flags (id int PRIMARY KEY, name text, rate numeric, on_ bool, many bigint, real float8,
    at timestamptz, CHECK (rate < 1000));
INSERT INTO flags SELECT n, 'flag ' || n, n, false, n, n FROM generate_series(1, 5) AS n;
CREATE TABLE parts (flag int REFERENCES flags DEFERRABLE INITIALLY DEFERRED);
GRANT ALL ON flags, parts TO shop;
"""
FRESH = [(n, f"flag {n}", Decimal(n), False) for n in range(1, 6)]


@pytest.fixture
async def flags(pg18: Server) -> AsyncIterator[Server]:
    """A server with five flags; nothing of ours may be left on it."""
    async with pg18.session("postgres") as admin:
        await admin.execute(TABLE)
    yield pg18
    assert await ours(pg18) == 0


def act(server: Server, sql: str, port: int = 0, user: str = "app", **more: Any) -> Hand:
    found = more.pop("takes", ())
    parameters = {name: {"longest": 4000} for name in found}
    table = {"kind": "sql", "sql": sql, "parameters": parameters, **more}
    return hand({"dsn": server.dsn(user, port=port)}, table)


async def rows(server: Server) -> list[Any]:
    async with server.session("postgres") as admin:
        found = await admin.fetch("SELECT id, name, rate, on_ FROM flags ORDER BY id")
    return [tuple(row) for row in found]


async def ran(made: Hand, **values: str) -> Result:
    return await played(await made.plan(values))


DROP = "'; DROP TABLE flags; --"
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)


async def test_any_text_arrives_as_it_is(flags: Server) -> None:
    made = act(flags, "UPDATE flags SET name = {name} WHERE id = 1", takes=["name"])
    for name in (DROP, "{name}", "$1", "\\'", "NULL", "%s", "", " \n\t", "\x1b[2J"):
        result = await ran(made, name=name)
        assert (result.outcome, result.touched) == ("succeeded", 1)
        assert (await rows(flags))[0][1] == name


@pytest.mark.trap(4, "any text in a statement's values", "equal, and one statement")
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=texts)
def test_any_text_at_all_arrives_as_it_is(pg18: Server, name: str) -> None:
    async def arrives() -> None:
        async with pg18.session("postgres") as admin:
            await admin.execute("CREATE TABLE IF NOT EXISTS said (words text); TRUNCATE said")
            made = act(pg18, "INSERT INTO said VALUES ({name})", takes=["name"])
            assert (await ran(made, name=name)).outcome == "succeeded"
            assert await admin.fetchval("SELECT words FROM said") == name

    asyncio.run(arrives())


EVERY = (
    "UPDATE flags SET rate = {rate}, on_ = {on_}, many = {many}, real = {real},"
    " at = {at}::text::timestamptz WHERE id = {id}"
)
RIGHT = {"rate": "1.50", "on_": "Yes", "many": "-7", "real": "2.5", "at": "2026-01-01Z", "id": "2"}
WRONG = [
    ("rate", "1,5", "is no numeric"),
    ("rate", "1e999999999", "is no numeric"),
    ("rate", "NaN", "is no numeric"),
    ("on_", "ture", "is no bool"),
    ("on_", "", "is no bool"),
    ("many", "1_000", "is no int8"),
    ("many", "x", "is no int8"),
    ("many", "9" * 20, "int64"),
    ("id", "3000000000", "int32"),
    ("real", "inf", "is no float8"),
    ("at", "soon", "invalid input syntax for type timestamp"),
]


async def test_values_are_of_the_types_that_the_server_wants(flags: Server) -> None:
    made = act(flags, EVERY, takes=RIGHT)
    assert (await ran(made, **RIGHT)).touched == 1
    assert (await rows(flags))[1] == (2, "flag 2", Decimal("1.50"), True)
    assert (await ran(made, **(RIGHT | {"on_": "off"}))).touched == 1
    assert (await rows(flags))[1][3] is False


async def test_values_of_other_types_are_refused_before_anything_is_changed(flags: Server) -> None:
    made = act(flags, EVERY, takes=RIGHT)
    for name, value, why in WRONG:
        result = await ran(made, **(RIGHT | {name: value}))
        assert (result.outcome, result.touched) == ("failed", 0), (name, value)
        assert why in result.text
    untyped = act(flags, "UPDATE flags SET at = {at}", takes=["at"])
    assert "wants it as timestamptz" in (await ran(untyped, at="2026-01-01Z")).text
    assert await rows(flags) == FRESH


async def test_it_is_one_statement_whatever_is_written(flags: Server) -> None:
    for sql in (
        "DELETE FROM flags WHERE id = 1; UPDATE flags SET rate = 0 WHERE id = 2",
        "UPDATE flags SET rate = 0; COMMIT",
    ):
        result = await ran(act(flags, sql, most=1))
        assert (result.outcome, result.touched) == ("failed", 0)
        assert "multiple commands" in result.text
    assert await rows(flags) == FRESH


async def test_least_and_most_undo_it(flags: Server) -> None:
    sql = "UPDATE flags SET on_ = true WHERE id > 2"
    for limits, words in (({"least": 4}, "4 is the least"), ({"most": 2}, "2 is the most")):
        result = await ran(act(flags, sql, **limits))
        assert (result.outcome, result.touched) == ("failed", 0)
        assert result.text == f"undone: 3 rows changed, {words}"
    assert await rows(flags) == FRESH
    result = await ran(act(flags, sql, least=3, most=3))
    assert (result.outcome, result.touched, result.text) == ("succeeded", 3, "3 rows changed")


async def test_over_its_time_the_server_undoes_it(flags: Server) -> None:
    slow = "UPDATE flags SET on_ = pg_sleep(9) IS NOT NULL"
    begun = time.monotonic()
    result = await ran(act(flags, slow, deadline="1s"))
    assert time.monotonic() - begun < 3
    assert (result.outcome, result.touched) == ("timed out", 0)
    assert "statement timeout" in result.text
    async with flags.session("shop") as holder:
        await holder.execute("BEGIN; LOCK TABLE flags")
        result = await ran(act(flags, "UPDATE flags SET on_ = true", deadline="1s"))
        assert (result.outcome, result.touched) == ("timed out", 0)
    assert await rows(flags) == FRESH


LIST = "SELECT id, rate FROM flags WHERE id >= {low} ORDER BY id"
EACH = "UPDATE flags SET on_ = true, name = {name} WHERE id = {row_id}"


def each(server: Server, sql: str = EACH, targets: str = LIST, **more: Any) -> Hand:
    return act(server, sql, targets=targets, takes=["low", "name"], **more)


async def test_rows_changed_or_gone_by_then_are_left_alone_and_new_ones_too(
    flags: Server,
) -> None:
    work = await each(flags).plan({"low": "2", "name": "new"})
    assert [one.identity for one in work.step.targets or ()] == ["id 2", "id 3", "id 4", "id 5"]
    assert work.step.reach == "4 rows"
    async with flags.session("postgres") as admin:
        await admin.execute("UPDATE flags SET rate = 99 WHERE id = 3")
        await admin.execute("DELETE FROM flags WHERE id = 4")
        await admin.execute("INSERT INTO flags VALUES (6, 'late', 6, false)")
    play = Play()
    result = await play.run(work)
    assert (result.outcome, result.touched) == ("succeeded", 2)
    assert result.refused == ("id 3, rate 3", "id 4, rate 4")
    assert "left alone: id 4, rate 4" in play.output.text
    now = [(row[0], row[3]) for row in await rows(flags)]
    assert now == [(1, False), (2, True), (3, False), (5, True), (6, False)]
    assert (await played(await each(flags).plan({"low": "6", "name": "x"}))).touched == 1


async def test_a_row_that_changes_between_the_look_and_the_statement_is_not_touched(
    flags: Server,
) -> None:
    work = await each(flags).plan({"low": "3", "name": "new"})
    async with flags.session("shop") as other, flags.session("postgres") as admin:
        await other.execute("BEGIN; UPDATE flags SET rate = 99 WHERE id = 4")
        task = asyncio.create_task(played(work))
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        ends = time.monotonic() + 10
        while not await admin.fetchval(waits):
            assert time.monotonic() < ends
            await asyncio.sleep(0.02)
        await other.execute("COMMIT")
        result = await task
    assert (result.outcome, result.touched) == ("failed", 0)
    assert "could not serialize access due to concurrent update" in result.text
    changed = (4, "flag 4", Decimal(99), False)
    assert await rows(flags) == [*FRESH[:3], changed, FRESH[4]]


async def test_an_error_at_one_of_several_rows_undoes_all(flags: Server) -> None:
    sql = "UPDATE flags SET rate = 10 / (4 - {row_id}), name = {name} WHERE id = {row_id}"
    result = await ran(each(flags, sql), low="2", name="x")
    assert (result.outcome, result.touched) == ("failed", 0)
    assert "division by zero" in result.text
    result = await ran(each(flags, most=2), low="2", name="x")
    assert result.text == "undone: 4 rows changed, 2 is the most"
    assert await rows(flags) == FRESH


async def test_rows_that_do_not_tell_themselves_apart_are_no_targets(flags: Server) -> None:
    values = {"low": "2", "name": "x"}
    for targets, why in (
        ("SELECT on_ FROM flags WHERE id >= {low}", "two of the rows are alike"),
        ("SELECT id, rate AS id FROM flags WHERE id >= {low}", "have the same name"),
        ("SELECT rate FROM flags WHERE id >= {low}", "{row_id} is no value"),
        ("SELECT id FROM flags WHERE id > {low} + 9", "no row is to be changed"),
        ("SELECT generate_series({low}, 999999999) AS id", "over 200 rows"),
        ("DELETE FROM flags WHERE id >= {low} RETURNING id", "could not be listed"),
    ):
        with pytest.raises(ActionError) as raised:
            await each(flags, targets=targets).plan(values)
        assert why in str(raised.value)
    assert await rows(flags) == FRESH


UPDATE = "UPDATE flags SET rate = rate + 1 WHERE id = 1"


@pytest.mark.trap(
    6, "the connection cut around COMMIT", "unknown where nobody can know, undone before it"
)
@pytest.mark.parametrize("how", ["end", "reset"])
@pytest.mark.parametrize("when", ["in the statement", "before COMMIT", "after COMMIT"])
async def test_a_connection_that_is_cut(flags: Server, how: How, when: str) -> None:
    at = (lambda data: b"rate + 1" in data) if when == "in the statement" else COMMIT.__eq__
    async with Cutting(flags.port, at, when != "before COMMIT", how).running() as proxy:
        work = await act(flags, UPDATE, proxy.port).plan({})
        proxy.armed = True
        result = await played(work)
        assert proxy.sent == 1
    lost = when != "in the statement"
    assert result.outcome == ("unknown" if lost else "failed"), result
    assert result.touched == (None if lost else 0)
    assert ("nobody knows" if lost else "nothing was changed") in result.text
    async with flags.session("postgres") as admin:
        # What the server was still at is over when the row can be locked.
        rate = await admin.fetchval("SELECT rate FROM flags WHERE id = 1 FOR UPDATE")
    assert rate == (2 if when == "after COMMIT" else 1)


@pytest.mark.parametrize("kind", ["deferred", "killed"])
async def test_what_the_server_says_to_commit(
    flags: Server, kind: Literal["deferred", "killed"]
) -> None:
    sql = "INSERT INTO parts VALUES (77)" if kind == "deferred" else "INSERT INTO parts VALUES (1)"
    if kind == "killed":
        async with flags.session("postgres") as admin:
            await admin.execute(
                "CREATE OR REPLACE FUNCTION dies() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';"
                "CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON parts DEFERRABLE INITIALLY DEFERRED"
                " FOR EACH ROW EXECUTE FUNCTION dies()"
            )
    result = await ran(act(flags, sql))
    if kind == "deferred":
        assert (result.outcome, result.touched) == ("failed", 0)
        assert "violates foreign key" in result.text
    else:
        # It went during COMMIT: by its words alone nobody knows.
        assert (result.outcome, result.touched) == ("unknown", None)
    async with flags.session("postgres") as admin:
        assert await admin.fetchval("SELECT count(*) FROM parts") == 0


async def test_stopped_before_commit_it_changes_nothing(flags: Server) -> None:
    slow = "UPDATE flags SET on_ = pg_sleep(0.2) IS NOT NULL"
    work = await act(flags, slow).plan({})
    task = asyncio.create_task(played(work))
    async with flags.session("postgres") as admin:
        at_work = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        while not (pid := await admin.fetchval(at_work)):
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        result = work.cut("cancelled")
        assert (result.outcome, result.touched) == ("cancelled", 0)
        # It is over at the server as well, and not only when its time is over.
        ends = time.monotonic() + 0.9
        while await admin.fetchval("SELECT 1 FROM pg_stat_activity WHERE pid = $1", pid):
            assert time.monotonic() < ends
            await asyncio.sleep(0.02)
    assert await rows(flags) == FRESH


async def test_a_server_that_stands_still_in_the_statement_holds_nobody_up(flags: Server) -> None:
    work = await act(flags, UPDATE).plan({})
    stopped: list[int] = []

    async def stands_still() -> None:
        async with flags.session("postgres") as admin:
            named = "SELECT pid FROM pg_stat_activity WHERE application_name = 'warroom'"
            stopped.append(await admin.fetchval(named))
        os.kill(stopped[0], signal.SIGSTOP)

    begun = time.monotonic()
    try:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await played(work, stands_still)
        assert time.monotonic() - begun < 2
        assert work.cut("timed out").outcome == "timed out"
    finally:
        os.kill(stopped[0], signal.SIGCONT)
    async with flags.session("postgres") as admin:
        rate = await admin.fetchval("SELECT rate FROM flags WHERE id = 1 FOR UPDATE")
    assert rate == 1


async def test_what_came_is_known_although_it_is_stopped_in_its_farewell(
    flags: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = await act(flags, UPDATE).plan({})

    async def long(connection: Any) -> None:
        connection.terminate()
        await asyncio.sleep(0.3)

    monkeypatch.setattr("warroom.actions.postgres_line.farewell", long)
    task = asyncio.create_task(played(work))
    while (await rows(flags))[0][2] == 1:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.cut("cancelled").outcome == "succeeded"
    assert (await rows(flags))[0][2] == 2
    await asyncio.sleep(0.3)  # the farewell is over: no task is left


async def test_without_the_right_it_failed_with_the_servers_words(flags: Server) -> None:
    made = act(flags, UPDATE, user="plain")
    result = await ran(made)
    assert (result.outcome, result.touched) == ("failed", 0)
    assert "permission denied for table flags" in result.text


async def test_what_is_shown_is_the_statement_and_its_values_apart(flags: Server) -> None:
    made = act(flags, "UPDATE flags SET name = {name} WHERE id = 1", takes=["name"])
    work = await made.plan({"name": "\x1b[2J" + DROP})
    lines = ("UPDATE flags SET name = $1 WHERE id = 1", f"$1 = {chr(27) + '[2J' + DROP!r}")
    assert work.step.lines == lines
    assert work.step.rights.startswith("as app in postgres at 127.0.0.1:")
    assert await rows(flags) == FRESH
