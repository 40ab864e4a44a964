"""What checks show, and what they may ask: tables, replies, bursts, commands that read."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from warroom.checks.burst import Shot, good, summed
from warroom.checks.lines import HEAD, MOST, TAIL, bounded, listed, shown
from warroom.checks.redis import drawn
from warroom.checks.tables import table
from warroom.config.checks_facts import check_views
from warroom.config.checks_settings import KINDS, BurstCheck, CheckSettings
from warroom.config.redis_reads import reads
from warroom.connect.output import Output
from warroom.connect.queues.talk import ErrorReply
from warroom.measure.snapshot import Phases


def settings(kind: str, **more: object) -> CheckSettings:
    context = {"folder": "/etc"}
    return KINDS[kind].model_validate({"kind": kind, **more}, context=context)


# --- lines ----------------------------------------------------------------------------------


def test_few_lines_are_all_shown_and_of_many_the_first_and_the_last():
    assert bounded(["a", "b"]) == ("a", "b")
    most = [str(number) for number in range(HEAD + TAIL)]
    assert bounded(most) == tuple(most)
    found = bounded([str(number) for number in range(1_000)])
    assert found[:HEAD] == tuple(most[:HEAD])
    assert found[HEAD] == "… 900 lines left out …"
    assert found[-1] == "999"


@given(st.lists(st.text(max_size=400), max_size=300))
@example(["x" * 400] * 90)
@example(["x" * 400] * 1_000)
def test_no_entry_becomes_too_long(lines):
    found = listed(lines, str)
    assert sum(map(len, found)) + len(found) <= MOST + 40
    assert all(len(line) <= 300 for line in found)
    assert all(char >= " " for line in found for char in line)


def test_a_flood_of_output_says_how_much_is_left_out():
    output = Output(str, lambda: None)
    output.hear(b"".join(b"%d\n" % number for number in range(500)))
    output.close()
    found = shown(output)
    assert found[:2] == ("0", "1")
    assert found[HEAD] == f"… {500 - HEAD - TAIL} lines left out …"
    assert found[-1] == "499"


# --- tables ---------------------------------------------------------------------------------


def test_rows_stand_in_columns_numbers_to_the_right():
    when = datetime(2026, 11, 27, 12, 0, 1, 999, tzinfo=UTC)
    rows = [("shop", 7, Decimal("1.50"), None, True), ("日本", 4711, None, when, False)]
    assert table(["user", "count", "share", "at", "ok"], rows, str) == [
        "user  count  share  at                         ok",
        "----  -----  -----  -------------------------  -----",
        "shop      7   1.50  NULL                       true",
        "日本   4711   NULL  2026-11-27 12:00:01+00:00  false",
    ]
    assert table(["user"], [], str) == ["user", "----"]


@given(st.lists(st.tuples(st.text(max_size=90), st.binary(max_size=90)), max_size=5))
def test_no_value_breaks_a_table(rows):
    lines = table(["a\x1b[2J", "b\n"], rows, str)
    assert len(lines) == len(rows) + 2
    assert all(char >= " " for line in lines for char in line)


def test_a_secret_is_out_before_its_value_is_cut():
    line = table(["x"], [("y" * 55 + "hunter2",)], lambda text: text.replace("hunter2", "***"))[-1]
    assert "hunt" not in line


# --- Redis ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ("INFO", "memory"), ("info",), ("MEMORY", "DOCTOR"), ("slowlog", "get", "10"),
        ("LLEN", "emails"), ("LRANGE", "emails", "0", "99"), ("LRANGE", "emails", "-10", "-1"),
        ("CONFIG", "GET", "maxmemory", "maxmemory-policy"), ("GET", "flag"), ("CLIENT", "LIST"),
    ],
)  # fmt: skip
def test_what_only_reads_may_be_sent(command):
    assert reads(command) == command
    assert settings("redis", source="cache", command=command)


@pytest.mark.parametrize(
    "command",
    [
        ("SET", "a", "b"), ("KEYS", "*"), ("MONITOR",), ("SMEMBERS", "x"), ("FLUSHALL",), ("EVAL",),
        ("MEMORY", "PURGE"), ("MEMORY",), ("SLOWLOG", "RESET"), ("CLIENT", "KILL", "x"), ("",),
        ("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "GET", "*"), ("CONFIG", "GET"),
        ("CONFIG", "GET", "requirepass"), ("CONFIG", "GET", "maxmemory", "masterauth"),
        ("LRANGE", "x", "0", "-1"), ("LRANGE", "x", "0", "100"), ("LRANGE", "x"),
        ("LATENCY", "RESET"), ("ACL", "LIST"), ("GETDEL", "x"), ("GETSET", "x", "y"), ("DEBUG",),
        ("INFO\r\nFLUSHALL",), ("SORT", "x", "STORE", "y"), ("SHUTDOWN",), ("HGETALL", "x"),
    ],
)  # fmt: skip
def test_nothing_else_may(command):
    with pytest.raises(ValidationError):
        settings("redis", source="cache", command=command)


def test_a_reply_is_drawn_with_what_is_in_it():
    nested = [b"a", [1, None, [b"x\ny"]], ErrorReply("ERR no")]
    assert list(drawn(nested)) == [
        "1) a",
        "2) 1) 1",
        "  2) nothing",
        "  3) 1) x",
        "      y",
        "3) ERR no",
    ]
    deep: list[object] = []
    for _ in range(50):
        deep = [deep]
    assert len(list(drawn(deep))) == 1  # type: ignore[arg-type]


# --- bursts ---------------------------------------------------------------------------------


def burst(**more: object) -> BurstCheck:
    found = settings("burst", url="https://shop.example/?key=s3cret", **more)
    assert isinstance(found, BurstCheck)
    return found


def shots(*seconds: float, status: int = 200) -> list[Shot]:
    return [Shot(status, Phases(total=each)) for each in seconds]


def test_a_burst_is_told_in_a_line():
    all_well = shots(0.01, 0.02, 0.03)
    assert summed(all_well, burst(count=3)) == (
        "3 of 3 answered: 200 ×3; median 20 ms, p95 30 ms, slowest 30 ms"
    )
    mixed = [*shots(0.1), *shots(2.0, status=503), Shot(None, trouble="refused", phase="connect")]
    assert summed(mixed, burst(count=5, slow="1s")) == (
        "2 of 5 answered: 200 ×1, 503 ×1; median 100 ms, p95 2.0 s, slowest 2.0 s; "
        "1 over 1.0 s; failed in connect ×1; 2 not sent within 30 s"
    )
    assert summed([], burst(count=1)) == "0 of 1 answered; 1 not sent within 30 s"


@pytest.mark.parametrize(
    ("made", "more", "is_good"),
    [
        (shots(0.1, 0.1), {}, True),
        (shots(0.1), {}, False),
        (shots(0.1, 0.1, status=503), {}, False),
        (shots(0.1, 0.1, status=503), {"expect": 503}, True),
        (shots(0.1, 3.0), {"slow": "2s"}, False),
        ([*shots(0.1), Shot(200, Phases(total=0.1), "cut short", "body")], {}, False),
    ],
)
def test_a_burst_is_good_when_all_of_it_is(made, more, is_good):
    assert good(made, burst(count=2, **more)) is is_good


# --- what everybody may know -----------------------------------------------------------------


def test_what_a_check_does_is_said_without_secrets():
    made = {
        "burst": burst(title="Send a few"),
        "dig": settings("command", argv=["dig", "-u", "https://ana:hunter2@x/?k=v", "a b"]),
        "slow": settings("sql", source="db", sql="SELECT\n  1"),
        "memory": settings("redis", source="cache", command=["INFO", "memory"]),
        "logs": settings("logs", file="app.log"),
        "worker": settings("logs", argv=["journalctl", "-u", "worker"]),
    }
    found = {view.name: view for view in check_views(made, lambda text: text)}
    assert (found["burst"].title, found["burst"].what) == (
        "Send a few", "10 × GET https://shop.example/?key=*** every 1.0 s",
    )  # fmt: skip
    assert found["dig"].what == "dig -u 'https://ana:***@x/?k=***' 'a b'"
    assert found["slow"].what == "on db: SELECT 1"
    assert found["memory"].what == "on cache: INFO memory"
    assert found["logs"].what.endswith("of /etc/app.log")
    assert found["worker"].what.endswith("of journalctl -u worker")


@pytest.mark.parametrize("more", [{}, {"argv": ["x"], "file": "y"}])
def test_logs_are_of_a_file_or_of_a_program(more):
    with pytest.raises(ValidationError, match="give argv"):
        settings("logs", **more)
