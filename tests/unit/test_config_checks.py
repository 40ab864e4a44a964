"""Checks in the file: what they come to, and what is said of mistakes."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.config.document import parse
from warroom.config.load import Config, validate
from warroom.config.redis_reads import reads
from warroom.config.schema import schema
from warroom.errors import ConfigError
from warroom.sources.registry import discover

KINDS = discover()
HEAD = 'version = 1\n[room]\nname = "shop"\n'
REST = """
[sources.db]
kind = "postgres"
dsn = "postgres://h/d"
[sources.cache]
kind = "redis"
dsn = "redis://h/0"
"""


def made(text: str, mode: int = 0o600) -> Config:
    return validate(parse(Path("/etc/w/c.toml"), (HEAD + text + REST).encode(), mode), KINDS)


def told(text: str, mode: int = 0o600) -> str:
    with pytest.raises(ConfigError) as caught:
        made(text, mode)
    return "\n".join(str(one) for one in caught.value.problems)


def check(kind: str, lines: str) -> str:
    return f'[checks.x]\nkind = "{kind}"\n{lines}\n'


BURST = 'url = "https://shop.example/"\n'


def test_every_kind_is_read_and_a_title_is_made_of_the_name() -> None:
    config = made(
        '[checks.worker_logs-2]\nkind = "logs"\nfile = "log/worker.log"\n'
        '[checks.smoke]\nkind = "command"\nargv = ["a"]\nenv = { A = "b" }\ntitle = "Smoke it"\n'
        '[checks.slow]\nkind = "sql"\nsource = "db"\nsql = "-- a\\n (select 1)"\n'
        '[checks.memory]\nkind = "redis"\nsource = "cache"\ncommand = ["info", "memory"]\n'
        '[checks.burst]\nkind = "burst"\nurl = "https://shop.example/"\n'
    )
    titles = [(name, one.kind, one.title) for name, one in config.checks.items()]
    assert titles == [
        ("worker_logs-2", "logs", "worker logs 2"),
        ("smoke", "command", "Smoke it"),
        ("slow", "sql", "slow"),
        ("memory", "redis", "memory"),
        ("burst", "burst", "burst"),
    ]
    assert getattr(config.checks["worker_logs-2"], "file", "") == "/etc/w/log/worker.log"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[checks]]\n", "checks: must be a table (write [checks.NAME] above each)"),
        ("[checks]\nx = 3\n", "/etc/w/c.toml:5: checks.x: must be a table (write [checks.x])"),
        ("[checks.X]\nkind = 'sql'\n", "/etc/w/c.toml:4: checks.X: is no name for a check"),
        ("[checks.x]\nargv = ['a']\n", "checks.x: has no kind (write kind = …; there are: command"),
        (check("brust", BURST), "c.toml:5: checks.x.kind: brust is no kind of check (did you mean"),
        ("".join(f"[checks.c{n}]\n" for n in range(101)), "checks: 101 are too many; 100 is the"),
        (check("sql", 'source = "dbb"\nsql = "SELECT 1"'),
         "c.toml:6: checks.x.source: there is no source dbb (did you mean db?)"),
        (check("sql", 'source = "cache"\nsql = "SELECT 1"'),
         "checks.x.source: cache is of kind redis, this needs one of kind postgres"),
        (check("sql", 'source = "dbb"\nsl = "SELECT 1"'), "there is no source dbb (did you mean"),
        (check("sql", 'source = "db"\nsql = "DELETE FROM a"'), "checks.x.sql: begins with none of"),
        (check("redis", 'source = "db"\ncommand = ["PING"]'), "this needs one of kind redis"),
        (check("redis", 'source = "cache"\ncommand = ["KEYS", "*"]'),
         "c.toml:7: checks.x.command: KEYS is not among what a check may send"),
        (check("command", "argv = []"), "checks.x.argv: must have at least 1 entry"),
        (check("command", "argv = ['a']\nenv = { 'A=B' = 'c' }"), "'A=B' is no name of a variable"),
        (check("command", "argv = ['a']\nstatuses = [256]"), "statuses[0]: must be at most 255"),
        (check("command", "argv = ['a']\ndeadline = '10min'"), "deadline: must be at most 5min"),
        (check("logs", ""), "checks.x: give argv, the program that prints them, or file"),
        (check("logs", "argv = ['a']\nfile = 'b'"), "checks.x: give argv, the program that prints"),
        (check("logs", "file = 'b'\ncwd = '/'"), "checks.x: cwd and env go with argv"),
        (check("logs", "file = 'b'\npattern = '('"), "pattern: not a regular expression (RE2)"),
        (check("burst", BURST + "method = 'POST'"), "method: must be one of GET, HEAD"),
        (check("burst", "url = 'shop'"), "checks.x.url: "),
        (check("burst", BURST + "count = 31"),
         "checks.x: the last of 31 requests 1s apart is not sent within the deadline of 30s; "),
        (check("burst", BURST + "bearer = 'abc'"), "bearer: a secret is not written into the file"),
        (check("burst", BURST + "expect = 99"), "expect: must be at least 100"),
        (check("burst", BURST + "headers.Authorization = { env = 'A' }\nbearer = { env = 'T' }"),
         "checks.x: bearer is the header Authorization"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(text: str, words: str) -> None:
    assert words in told(text)


def test_a_burst_may_take_all_of_its_deadline() -> None:
    assert made(check("burst", BURST + "count = 30")).checks["x"].deadline == 30
    assert made(check("burst", BURST + 'count = 60\ndeadline = "60s"'))


@pytest.mark.parametrize(
    "call",
    [
        "pg_terminate_backend(pid)", "pg_catalog.pg_cancel_backend (pid)", 'PG_Reload_Conf()',
        '"pg_terminate_backend" /* all */ -- of them\n (pid)', "dblink_exec('a', 'b')",
        "dblink('a', 'b')", "lo_export(1, '/tmp/x')", "pg_advisory_lock(1)", "pg_promote()",
        "pg_stat_reset()", "pg_stat_statements_reset()", "pg_switch_wal()", "pg_wal_replay_pause()",
        "pg_logical_slot_get_changes('a', NULL, NULL)", "pg_drop_replication_slot('a')",
        "set_config('a.b', 'c', false)", "pg_file_write('a', 'b', true)", "pg_backup_start('a')",
    ],
)  # fmt: skip
def test_a_query_that_does_more_than_read_is_refused(call: str) -> None:
    sql = f'sql = """SELECT {call.replace(chr(34), chr(92) + chr(34))} FROM a"""'
    assert "which does more than read" in told(check("sql", f'source = "db"\n{sql}'))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT query FROM a WHERE query LIKE '%pg_terminate_backend%'",
        "SELECT pg_stat_get_activity(1), pg_size_pretty(2), pg_blocking_pids(3)",
        "SELECT my_dblink(1), lo_open, pg_start FROM a",
        "SELECT dblink" + "/* */" * 1400,
        "SELECT dblink" + "/*" * 3000,
    ],
    ids=lambda sql: sql[:24],
)
def test_what_only_reads_is_taken(sql: str) -> None:
    assert made(check("sql", f'source = "db"\nsql = """{sql}"""')).checks


@pytest.mark.parametrize(
    "line",
    [
        'headers = { X-Token = "hunter2hunter2" }',
        'headers = { X-Thing = "Bearer hunter2hunter2" }',
        'url = "https://u:hunter2@shop.example/"',
    ],
)
def test_a_secret_in_clear_is_for_its_owner_alone(line: str) -> None:
    text = check("burst", line if line.startswith("url") else BURST + line)
    if not line.startswith("url"):  # an address with a password in it is none for a check
        assert [one.reveal() for one in made(text).clear] == ["hunter2hunter2"]
    assert "holds a secret in clear" in told(text, 0o644)


def test_the_schema_tells_checks_apart_by_their_kind() -> None:
    whole = schema(KINDS)
    one = whole["properties"]["checks"]["additionalProperties"]
    assert set(one["discriminator"]["mapping"]) == {"command", "sql", "redis", "burst", "logs"}
    burst = whole["$defs"]["BurstCheck"]["properties"]
    assert burst["kind"]["const"] == "burst"
    assert burst["gap"]["default"] == "1s"


# --- what a check may send to Redis -------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "PING", "ping", "INFO", "INFO memory stats", "DBSIZE", "MEMORY USAGE k",
        "MEMORY USAGE k SAMPLES 100", "MEMORY STATS", "memory doctor", "CLIENT LIST", "SLOWLOG GET",
        "SLOWLOG GET 100", "SLOWLOG LEN", "LLEN k", "LRANGE k 0 99", "LRANGE k -100 -1", "ZCARD k",
        "ZCOUNT k -inf +inf", "ZRANGE k 0 9 REV WITHSCORES", "XLEN k", "XINFO STREAM k",
        "XINFO GROUPS k", "XINFO CONSUMERS k g", "XPENDING k g", "XPENDING k g - + 100",
        "XPENDING k g - + 10 c", "HLEN k", "HGET k f", "HMGET k f g", "GET k", "GETRANGE k 0 65535",
        "STRLEN k", "SCARD k", "SISMEMBER k m", "TTL k", "PTTL k", "TYPE k", "EXISTS k l",
        "LATENCY LATEST", "CONFIG GET maxmemory maxmemory-policy", "LINDEX k -1",
    ],
)  # fmt: skip
def test_what_reads_and_costs_little_may_be_sent(command: str) -> None:
    parts = tuple(command.split())
    assert reads(parts) == parts


@pytest.mark.parametrize(
    "command",
    [
        "KEYS *", "SMEMBERS k", "MONITOR", "SCRIPT LOAD x", "EVAL x 0", "EVALSHA x 0", "FLUSHALL",
        "SET k v", "DEL k", "HGETALL k", "SCAN 0", "SUBSCRIBE c", "DEBUG SLEEP 1", "SHUTDOWN",
        "CONFIG SET a b", "CONFIG GET *", "CONFIG GET requirepass", "CONFIG GET masterauth",
        "CONFIG GET tls-key-file", "CONFIG", "CONFIG REWRITE", "CLIENT KILL x", "CLIENT",
        "SLOWLOG RESET", "SLOWLOG GET -1", "SLOWLOG GET 101", "SLOWLOG GET x", "MEMORY PURGE",
        "MEMORY USAGE k SAMPLES 0", "MEMORY USAGE k SAMPLE 5", "MEMORY USAGE k SAMPLES",
        "LRANGE k 0 -1", "LRANGE k 0 100", "LRANGE k 0 x", "LRANGE k 0", "LRANGE k 20000 20001",
        "ZRANGE k 0 -1", "ZRANGE k 0 9 BYSCORE", "ZRANGE k (1 (2", "XPENDING k g - +",
        "XPENDING k g - + 101", "XPENDING k g IDLE 1 - +", "XINFO STREAM k FULL", "XREAD k",
        "GETRANGE k 0 -1", "GETRANGE k 0 65536", "LINDEX k 100000", "PING a b", "DBSIZE x",
        "LATENCY RESET", "ACL LIST", "ACL GETUSER x", "OBJECT", "GETDEL k", "GETSET k v", "MIGRATE",
    ],
)  # fmt: skip
def test_nothing_else_may(command: str) -> None:
    with pytest.raises(ValueError, match=r"takes|among|reaches"):
        reads(tuple(command.split()))


def test_the_nearest_is_named() -> None:
    with pytest.raises(ValueError, match=r"MEMORY STAT is not among .* did you mean MEMORY STATS"):
        reads(("memory", "stat"))


@given(st.lists(st.text(max_size=12), min_size=1, max_size=10))
def test_whatever_is_written_it_is_taken_as_it_is_or_refused(parts: list[str]) -> None:
    with contextlib.suppress(ValueError):
        assert reads(tuple(parts)) == tuple(parts)
