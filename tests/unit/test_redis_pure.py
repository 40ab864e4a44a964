"""Addresses, ``INFO``, rates and changes of Redis, without a server."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from warroom.connect.redis.address import place, sentinel
from warroom.measure.redis import RedisServer
from warroom.measure.rule import Rule
from warroom.severity import SEV
from warroom.sources.redis import RedisSettings, RedisSource, changes, server, starter
from warroom.sources.redis.counters import NAMES, Counters
from warroom.sources.redis.info import Info

NOW = datetime(2026, 3, 4, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dsn", "wanted"),
    [
        ("redis://r.example", ("r.example", 6379, "", 0, "", "", False)),
        ("rediss://ana:a%40b@r.example:7000/5", ("r.example", 7000, "", 5, "ana", "a@b", True)),
        ("redis://:word@[fd00::7]:1/0", ("fd00::7", 1, "", 0, "", "word", False)),
        ("valkeys://r.example?db=2", ("r.example", 6379, "", 2, "", "", True)),
        ("unix:///run/redis%20a.sock?db=1", ("", 0, "/run/redis a.sock", 1, "", "", False)),
    ],
)
def test_addresses(dsn: str, wanted: tuple[object, ...]) -> None:
    found = place(dsn)
    password = found.password.reveal() if found.password is not None else ""
    assert (*found[:5], password, found.tls) == wanted


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://x:hunter2@y/0",
        "redis://:hunter2@host:port/0",
        "redis://:hunter2@/0",
        "redis://:hunter2@host/one",
        "redis://:hunter2@host/99999999",
        "redis://:hunter2@[::/0",
        "unix://hunter2",
        "hunter2",
    ],
)
def test_no_error_repeats_the_address(dsn: str) -> None:
    with pytest.raises(ValueError, match=r"dsn|address|socket") as raised:
        place(dsn)
    assert "hunter2" not in str(raised.value)


def test_sentinels_addresses() -> None:
    assert sentinel("10.0.0.7") == ("10.0.0.7", 26379)
    assert sentinel("[fd00::7]:5000") == ("fd00::7", 5000)
    for wrong in ("", "a b:x", "host:99999", "host/0", "u@host"):
        with pytest.raises(ValueError, match="Sentinel"):
            sentinel(wrong)


def settings(**more: object) -> RedisSettings:
    return RedisSettings.model_validate({"kind": "redis", "dsn": "redis://r.example", **more})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"dsn": "redis://:word@r.example"}, "a password does not stand in the file"),
        ({"dsn": {"env": "X"}, "password": {"env": "Y"}}, "password goes with a dsn in clear"),
        ({"sentinels": ["x"], "address": "10.0.0.7"}, "address has no effect with sentinels"),
        ({"client_key": "/k"}, "of no use without client_cert"),
        ({"queues": [{"name": "a", "kind": "rq"}] * 2}, "two queues called a"),
        ({"queues": [{"name": "a", "kind": "rq", "group": "g"}]}, "is an option of stream"),
        ({"queues": [{"name": "A b", "kind": "rq"}]}, "a queue's name is of a-z"),
        ({"queues": [{"name": f"q{n}", "kind": "rq"} for n in range(40)]}, "make two sources"),
    ],
)
def test_what_a_configuration_cannot_say(more: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        settings(**more)


def test_a_queue_that_is_stuck_is_a_rule_of_its_own() -> None:
    queues = [
        {"name": "emails", "kind": "rq", "stuck_after": "2min"},
        {"name": "quiet", "kind": "rq", "stuck": "none"},
        {"name": "low", "kind": "rq", "stuck": "SEV4"},
    ]
    down, emails, low = RedisSource.rules("jobs", settings(queues=queues), SEV)
    assert isinstance(down, Rule)
    assert (emails.signal, emails.levels[0][0], emails.levels[0][1].words()) == (
        "jobs.emails.stuck",
        "SEV2",
        "at least 120",
    )
    assert low.levels[0][0] == "SEV4"
    lists = [{"name": "bare", "kind": "list"}, {"name": "told", "kind": "list", "time": "at"}]
    assert [rule.signal for rule in RedisSource.rules("jobs", settings(queues=lists), SEV)] == [
        *("jobs.up", "jobs.told.stuck"),
    ]
    wrong = settings(queues=[{"name": "a", "kind": "rq", "stuck": "SEV9"}])
    with pytest.raises(ValueError, match="stuck of a: SEV9 is no step of the scale"):
        RedisSource.rules("jobs", wrong, SEV)


def test_every_queue_has_its_figures_under_its_name() -> None:
    found = RedisSource.signals("jobs", settings(queues=[{"name": "emails", "kind": "rq"}]))
    assert found["jobs.emails.depth"] == "jobs"
    assert next(iter(found)) == "jobs.ping"


def test_the_starter_leaves_the_address_in_the_environment() -> None:
    class Found:
        environ = {"REDIS_URL": "rediss://:hunter2@r.example:6380"}

    tables = starter.tables(Found())
    assert tables["redis"]["dsn"] == {"env": "REDIS_URL"}
    assert "hunter2" not in str(tables)
    Found.environ = {"REDIS_URL": "http://["}
    assert starter.tables(Found()) == {}


@given(st.text())
def test_info_is_read_whatever_it_says(text: str) -> None:
    info = Info.read(text)
    told = server.described(info, {}, address="a", database=0, now=0.0)
    assert server.figures(info, told, {})["memory"] is None or info.count("used_memory") is not None
    assert all(isinstance(words, str) for words in server.faults(info, told, None))


def test_info_that_lies_is_not_known() -> None:
    info = Info.read("used_memory:-1\r\nmaxmemory:1e9\r\nuptime_in_seconds:99999999999999999\r\n")
    told = server.described(info, {}, address="a", database=0, now=1e9)
    assert (told.memory, told.max_memory, told.started_at) == (None, None, None)


def test_what_info_does_not_say_is_not_known() -> None:
    info = Info.read("redis_version:7.0.0\r\n")
    told = server.described(info, {}, address="a", database=0, now=0.0)
    found = server.figures(info, told, {})
    assert (told.role, found["primary"], found["keys"], found["link_up"]) == ("", None, None, None)
    for text, keys in (("# Keyspace\n", 0), ("# Keyspace\ndb0:keys=x\n", None)):
        told = server.described(Info.read(text), {}, address="a", database=0, now=0.0)
        assert told.keys == keys
    replica = Info.read("role:slave\r\n")
    told = server.described(replica, {}, address="a", database=0, now=0.0)
    assert server.figures(replica, told, {})["link_up"] is None
    assert server.faults(replica, told, None) == ()


RISES = st.lists(
    st.tuples(
        st.floats(0.001, 10),
        st.integers(0, 1000),
        st.integers(0, 1000),
        st.sampled_from(["a", "a", "a", "b"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=30,
)


@given(RISES)
def test_rates_are_never_negative_and_of_nobody_elses_run(
    steps: list[tuple[float, int, int, str, bool]],
) -> None:
    counters, now, total = Counters(), 0.0, dict.fromkeys(NAMES, 0)
    for seconds, rise, own, run, reset in steps:
        now += seconds
        total = {name: (0 if reset else value) + rise for name, value in total.items()}
        rates = counters.begin(now, run, total)
        assert all(value is None or value >= 0 for value in rates.values())
        assert rates["hit_rate"] is None or rates["hit_rate"] <= 100
        total = {name: value + own for name, value in total.items()}
        counters.end(now, total)


def test_rates_are_of_the_time_between_polls() -> None:
    counters = Counters()
    begun = dict.fromkeys(NAMES, 100)
    assert counters.begin(0.0, "a", begun)["evictions"] is None
    counters.end(1.0, dict.fromkeys(NAMES, 1_000))  # all of that was ours
    rates = counters.begin(11.0, "a", dict.fromkeys(NAMES, 1_050))
    assert rates == {"evictions": 5, "operations": 4.7, "rejected": 300, "hit_rate": 50}
    counters.end(12.0, dict.fromkeys(NAMES, 1_050))
    assert counters.begin(100.0, "a", dict.fromkeys(NAMES, 1_050))["evictions"] == 0
    assert counters.begin(101.0, "b", dict.fromkeys(NAMES, 9))["evictions"] is None


def test_what_has_changed_of_a_server() -> None:
    before = RedisServer(address="a:1", run_id="1", version="7.0.1", role="primary")
    restarted = RedisServer(
        address="a:1", run_id="2", version="7.0.2", role="primary", started_at=NOW
    )
    told = [(c.at, c.what) for c in changes.of_server(before, restarted, NOW)]
    assert told == [(NOW, "the server was started"), (NOW, "server version 7.0.1 → 7.0.2")]
    moved = RedisServer(address="b:1", run_id="3", version="7.0.1", role="replica", primary="c:1")
    assert [c.what for c in changes.of_server(before, moved, NOW)] == [
        "connected to a:1 → b:1",
        "primary → replica",
        "another server answers",
    ]
    found = changes.of_settings({"save": "", "timeout": "0"}, {"timeout": "9"}, NOW)
    assert [c.what for c in found] == ["save (empty) → (not there)", "timeout 0 → 9"]
