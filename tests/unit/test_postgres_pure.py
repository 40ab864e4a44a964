"""What is made of PostgreSQL's rows: counters, sessions, statements, settings; all pure."""

from datetime import UTC, datetime

import pytest

from warroom.connect.dsn import database_address, hosts_of
from warroom.connect.query_text import masked
from warroom.connect.transaction import begin
from warroom.sources.postgres import changes, statements
from warroom.sources.postgres.counters import Counters
from warroom.sources.postgres.sessions import blocked_behind
from warroom.sources.postgres.statements import Read
from warroom.sources.postgres.texts import Texts

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
EPOCH = ("7", NOON, None)


def row(**values: int) -> dict[str, int]:
    names = ("commits", "rollbacks", "hit", "read", "deadlocks", "temp_bytes")
    return {name: values.get(name, 0) for name in names}


def test_rates_take_two_readings_and_are_never_negative() -> None:
    counters = Counters()
    assert counters.take(0.0, EPOCH, row(commits=100)) == {}
    known = counters.take(5.0, EPOCH, row(commits=110, hit=30, read=10))
    assert known["commits"] == (2.0, "")
    assert known["cache_hit"] == (75.0, "")
    assert counters.take(10.0, EPOCH, row(commits=3)) == {}
    assert counters.take(15.0, ("8", NOON, None), row(commits=900)) == {}


def test_no_block_was_read_is_no_hit_rate() -> None:
    counters = Counters()
    counters.take(0.0, EPOCH, row())
    assert counters.take(5.0, EPOCH, row())["cache_hit"] == (None, "")


def test_deadlocks_are_counted_over_a_minute() -> None:
    counters = Counters()
    for second in range(0, 61, 5):
        known = counters.take(float(second), EPOCH, row(deadlocks=1 if second >= 30 else 0))
    assert known["deadlocks"] == (1.0, "")
    for second in range(65, 131, 5):
        known = counters.take(float(second), EPOCH, row(deadlocks=1))
    assert known["deadlocks"] == (0.0, "")


def test_who_waits_behind_whom_ends_also_in_a_circle() -> None:
    behind = blocked_behind({2: (1,), 3: (2,), 4: (3, 1)})
    assert behind[1] == {2, 3, 4}
    assert behind[2] == {3, 4}
    assert blocked_behind({1: (2,), 2: (1,)})[1] == {2}


@pytest.mark.parametrize(
    "query",
    [
        "ALTER ROLE app PASSWORD 'hunter2'",
        "alter user app with password E'hunter2' login",
        "CREATE ROLE a PASSWORD 'hunter2 cut off",
    ],
)
def test_a_password_that_is_set_is_not_shown(query: str) -> None:
    assert "hunter2" not in masked(query)
    assert "***" in masked(query)


def test_statements_that_were_reset_in_between_count_what_is_left() -> None:
    def read(at: float, **calls: float) -> Read:
        rows = [
            {"query_id": key, "user": "app", "calls": n, "total": 10 * n, "rows": n}
            for key, n in calls.items()
        ]
        return Read.of(at, rows)

    added = read(30.0, a=5, b=12, c=3).since(read(0.0, a=20, b=10))
    assert {key[0]: sums.calls for key, sums in added.items()} == {"a": 5, "b": 2, "c": 3}
    figures = statements.figures(added, frozenset({"b"}), 10.0)
    assert figures == {"statements": (0.8, ""), "statement_mean": (10.0, "")}


def test_settings_that_changed_are_told_but_not_what_may_be_secret() -> None:
    before = {"max_connections": "100", "primary_conninfo": "password=x"}
    after = {"max_connections": "200", "primary_conninfo": "password=y", "work_mem": "8 MB"}
    told = [change.what for change in changes.of_settings(before, after, NOON)]
    assert told == [
        "max_connections 100 → 200",
        "primary_conninfo changed",
        "work_mem built-in value → 8 MB",
    ]


def test_limits_are_set_for_the_transaction_only() -> None:
    parts = begin(2.0).split("; ")
    assert parts[0].startswith("BEGIN TRANSACTION READ ONLY")
    assert all(part.startswith("SET LOCAL ") for part in parts[1:])
    assert all("warroom" in part for part in parts)


def test_every_text_is_marked_as_ours_and_there_is_one_for_the_oldest_server() -> None:
    texts = Texts()
    for name in texts.names:
        assert f"/* warroom {name} */" in texts.get(name, 130_000)
        assert texts.get(name, 990_000)
    assert "waitstart" not in texts.get("sessions", 130_011)
    assert "waitstart" in texts.get("sessions", 180_000)


def test_an_address_with_a_password_is_refused_and_hosts_are_found() -> None:
    for wrong in ("postgresql://u:p@h/db", "postgresql://u@h/db?password=p", "mysql://h/db"):
        with pytest.raises(ValueError, match="write"):
            database_address(wrong)
    assert hosts_of("postgresql://u@a:1,b/db") == [("a", 1), ("b", None)]
    assert hosts_of("postgresql:///db?host=/tmp&port=5") == [("/tmp", 5)]
    assert hosts_of("postgresql://u@[::1]:6/db") == [("::1", 6)]
    assert hosts_of("postgresql:///db") == []
