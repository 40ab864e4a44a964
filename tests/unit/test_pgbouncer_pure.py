"""What is made of the admin console's rows, by version; its address; words for what it says."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.unit.fakes import FakeClock
from warroom.connect.pgbouncer import Row, SaidError, place, words
from warroom.connect.refused import RefusedError
from warroom.errors import ProbeError
from warroom.measure.postgres import PgbouncerSeen
from warroom.sources.pgbouncer import PgbouncerSettings
from warroom.sources.pgbouncer.figures import UNITS
from warroom.sources.pgbouncer.looked import MOST_POOLS, Looked
from warroom.sources.pgbouncer.reader import RARELY, Reader
from warroom.sources.pgbouncer.rows import CONSOLE
from warroom.text import safe

OLD_POOLS = (
    "database user cl_active cl_waiting cl_cancel_req sv_active sv_idle sv_used sv_tested"
    " sv_login maxwait maxwait_us pool_mode"
)
POOLS = (
    "database user cl_active cl_waiting cl_active_cancel_req cl_waiting_cancel_req sv_active"
    " sv_active_cancel sv_being_canceled sv_idle sv_used sv_tested sv_login maxwait maxwait_us"
    " pool_mode"
)
DATABASES = (
    "name host port database force_user pool_size min_pool_size reserve_pool pool_mode"
    " max_connections current_connections paused disabled"
)
NEW_DATABASES = (
    "name host port database force_user pool_size min_pool_size reserve_pool_size server_lifetime"
    " pool_mode load_balance_hosts max_connections current_connections max_client_connections"
    " current_client_connections paused disabled"
)
VERSIONS = {
    "1.16": (OLD_POOLS, DATABASES.replace(" min_pool_size", ""), "name pool_mode", False),
    "1.18": (POOLS, DATABASES, "name pool_mode", False),
    "1.24": (
        POOLS + " load_balance_hosts",
        NEW_DATABASES,
        "name pool_size reserve_pool_size pool_mode max_user_connections",
        True,
    ),
}
"""The columns of SHOW POOLS, DATABASES and USERS, as the documentation has them; the newest has
a user's own pool size, too, and SHOW STATE."""


def row(columns: str, **values: object) -> Row:
    """A row with ``columns``: those without a value are 0, as the console has them, or NULL."""
    texts = {"user", "host", "database", "name", "force_user", "load_balance_hosts"}
    default = {name: None if name in texts or "mode" in name else "0" for name in columns.split()}
    given = {name: str(value) for name, value in values.items() if name in default}
    return {**default, **given}


class Told:
    """An admin console that says what it is told to; ``asked`` is what was asked of it."""

    peer = "10.0.0.8:6432"

    def __init__(self, answers: Mapping[str, list[Row]]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []

    async def show(self, what: str) -> list[Row]:
        self.asked.append(what)
        if what not in self.answers:
            raise SaidError(f"invalid command 'SHOW {what}', use SHOW HELP;", "08P01")
        return self.answers[what]

    def close(self) -> None: ...


def console(version: str = "1.18", *pools: Mapping[str, object], **answers: Any) -> Told:
    """A console of ``version`` with two databases, ``app`` and ``jobs``, and these pools."""
    in_pools, in_databases, in_users, tells_state = VERSIONS[version]
    ours = {"database": CONSOLE, "user": CONSOLE, "cl_active": 1}
    found = {
        "POOLS": [row(in_pools, **each) for each in (*pools, ours)],
        "LISTS": [{"list": "used_clients", "items": "8"}, {"list": "pools", "items": "3"}],
        "DATABASES": [
            row(in_databases, name="app", pool_size=4, max_connections=0),
            row(in_databases, name="jobs", pool_size=20, max_connections=10),
            row(in_databases, name=CONSOLE, pool_size=2),
        ],
        "CONFIG": [{"key": "max_client_conn", "value": "40", "default": "100"}],
        "USERS": [row(in_users, name="batch", pool_size="        5"), row(in_users, name="app")],
        "VERSION": [{"version": f"PgBouncer {version}.0"}],
    }
    if tells_state:
        state = {"active": "yes", "paused": "no", "suspended": "no"}
        found["STATE"] = [{"key": key, "value": value} for key, value in state.items()]
    return Told(found | answers)


async def looked(told: Told) -> Looked:
    return await Reader(FakeClock()).read(told)


APP = {
    "database": "app",
    "user": "app",
    "cl_active": 3,
    "cl_waiting": 2,
    "sv_active": 2,
    "sv_idle": 0,
    "sv_login": 1,
    "maxwait": 1,
    "maxwait_us": 250_000,
    "pool_mode": "transaction",
}
JOBS = {"database": "jobs", "user": "batch", "cl_active": 1, "sv_active": 1, "sv_idle": 3}


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_version_gives_the_same_figures(version: str) -> None:
    found = await looked(console(version, JOBS, APP))
    assert found.known() == {
        "clients_waiting": (2.0, ""),
        "longest_wait": (1.25, "app/app"),
        "clients_active": (4.0, ""),
        "clients": (8.0, ""),
        "clients_used": (20.0, ""),
        "servers_active": (3.0, ""),
        "servers_idle": (3.0, ""),
        # 4 of 5 that the user batch may have of its own; where there is no such thing, 3 of 4.
        "servers_used": (80.0, "jobs/batch") if version == "1.24" else (75.0, "app/app"),
        "paused": (0.0, ""),
        "up": (1.0, ""),
    }
    assert {*found.known(), "unanswered", "poll_time"} == {*UNITS}
    seen = found.seen()
    assert (seen.version, seen.blind, seen.notes) == (f"PgBouncer {version}.0", (), ())
    assert [pool.key for pool in seen.pools] == ["pool:app:app", "pool:jobs:batch"]
    assert seen.pools[0].longest_wait == 1.25
    assert seen.pools[1].size == (5 if version == "1.24" else 10)


@pytest.mark.parametrize("odd", [None, "", "many", "1e3", "-4", "9" * 40])
async def test_what_is_no_count_is_not_known_and_never_zero(odd: str | None) -> None:
    told = console("1.18", APP)
    told.answers["POOLS"] = [{**each, "cl_waiting": odd} for each in told.answers["POOLS"]]
    told.answers["LISTS"] = [{"list": "used_clients", "items": odd}]
    told.answers["CONFIG"] = [{"key": "max_client_conn", "value": odd}]
    found = await looked(told)
    for figure in ("clients_waiting", "clients", "clients_used"):
        assert found.known()[figure] == (None, "")
    assert found.known()["clients_active"] == (3.0, "")
    shows = [words.partition(":")[0] for words in found.blind]
    assert shows == ["SHOW LISTS", "SHOW POOLS", "SHOW CONFIG"]


async def test_a_part_that_fails_is_named_and_takes_its_figures_only() -> None:
    told = console("1.18", APP, DATABASES=[{"name": "app"}])
    found = await looked(told)
    assert found.blind == ("SHOW DATABASES: no column paused in the answer",)
    assert found.known()["paused"] == found.known()["servers_used"] == (None, "")
    assert found.known()["clients_waiting"] == (2.0, "")


@pytest.mark.parametrize("answer", [[], [{"name": "x"}], None])
async def test_what_is_no_admin_console_is_no_quiet_pooler(answer: Any) -> None:
    told = console("1.18")
    told.answers.pop("POOLS")
    if answer is not None:
        told.answers["POOLS"] = answer
    with pytest.raises(ProbeError, match="no admin console of PgBouncer") as caught:
        await looked(told)
    assert caught.value.phase == "answer"


async def test_a_ceiling_for_all_pools_of_a_database_counts_too() -> None:
    told = console("1.18", JOBS)
    told.answers["DATABASES"][1] = row(
        DATABASES, name="jobs", pool_size=20, max_connections=10, current_connections=9
    )
    assert (await looked(told)).known()["servers_used"] == (90.0, "jobs")


async def test_a_clock_set_back_makes_no_negative_wait() -> None:
    told = console("1.18", {**APP, "maxwait": -3, "maxwait_us": -10})
    assert (await looked(told)).known()["longest_wait"] == (0.0, "")


@pytest.mark.parametrize("how", ["paused", "suspended"])
async def test_all_paused_at_once_is_told_by_show_state(how: str) -> None:
    told = console("1.24", APP, STATE=[{"key": how, "value": "yes"}])
    found = await looked(told)
    assert found.known()["paused"] == (2.0, "")
    assert found.known()["up"] == (1.0, "")
    assert all(pool.paused for pool in found.seen().pools)
    assert found.seen().notes == (f"all databases are {how}: RESUME lets them go on",)
    assert found.seen().faults == ()


async def test_without_show_state_who_waits_for_nothing_may_be_paused() -> None:
    stuck = {**APP, "sv_active": 0, "sv_login": 0}
    old, new = [await looked(console(version, stuck)) for version in ("1.18", "1.24")]
    assert (old.known()["paused"], new.known()["paused"]) == ((None, ""), (0.0, ""))
    (told,) = old.seen().notes
    assert "app/app; all is paused, or its server takes none" in told
    assert "all is paused" not in new.seen().notes[0]


async def test_paused_and_disabled_databases_are_named() -> None:
    told = console("1.18", {**APP, "sv_active": 0, "sv_login": 0})
    told.answers["DATABASES"][0] = row(DATABASES, name="app", pool_size=4, paused=1, disabled=1)
    found = await looked(told)
    assert found.known()["paused"] == (1.0, "")
    assert [words.partition(";")[0] for words in found.seen().notes] == [
        "paused: app",
        "disabled: app",
    ]
    assert (found.seen().pools[0].paused, found.seen().pools[0].disabled) == (True, True)


async def test_the_worst_pools_come_first_and_the_rest_is_counted() -> None:
    pools = [{"database": "app", "user": f"u{n}", "maxwait": n % 7} for n in range(MOST_POOLS + 3)]
    seen = (await looked(console("1.18", *pools, APP))).seen()
    assert [pool.user for pool in seen.pools[:2]] == ["app", "u6"]
    assert len(seen.pools) == MOST_POOLS
    assert seen.notes == ("4 more pools are not listed",)


async def test_settings_are_read_seldom_and_anew_behind_a_new_connection() -> None:
    clock, told = FakeClock(), console("1.18", APP)
    reader = Reader(clock)
    for seconds in (0, 5, RARELY - 6):
        clock.pass_(seconds)
        await reader.read(told)
    assert [told.asked.count(what) for what in ("CONFIG", "USERS", "STATE")] == [1, 1, 1]
    assert told.asked.count("POOLS") == 3
    told.answers["CONFIG"] = [{"key": "max_client_conn", "value": "16"}]
    clock.pass_(2)
    assert (await reader.read(told)).known()["clients_used"] == (50.0, "")
    newer = console("1.24", APP)
    assert (await reader.read(newer)).version == "PgBouncer 1.24.0"
    assert "STATE" in newer.asked


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80).filter(CONSOLE.__ne__)


@given(database=NAMES, user=NAMES)
def test_hostile_names_stay_names(database: str, user: str) -> None:
    stuck = {**APP, "database": database, "user": user, "sv_active": 0, "sv_login": 0}
    told = console("1.18", stuck)
    told.answers["DATABASES"].append(row(DATABASES, name=database, pool_size=4, disabled=1))
    found = asyncio.run(looked(told))
    seen = found.seen()
    assert (seen.pools[0].database, seen.pools[0].user) == (database, user)
    assert found.known()["longest_wait"] == (1.25, f"{database}/{user}")
    assert all(safe(note, 10_000) == note for note in seen.notes)
    assert msgspec.json.decode(msgspec.json.encode(seen), type=PgbouncerSeen) == seen


@pytest.mark.parametrize(
    ("dsn", "where"),
    [
        ("postgresql://u@db/pgbouncer", ("db", 6432, None)),
        ("postgres://u@db:7000", ("db", 7000, None)),
        ("postgresql://[fd00::7]:6433/", ("fd00::7", 6433, None)),
        ("postgresql://u@/pgbouncer?host=/run/pg&port=6000", ("/run/pg", 6000, None)),
        ("postgresql://u@%2Frun%2Fpg", ("/run/pg", 6432, None)),
        ("postgresql://db?hostaddr=10.0.0.7&dbname=pgbouncer", ("db", 6432, "10.0.0.7")),
    ],
)
def test_a_console_is_at_one_place(dsn: str, where: tuple[str, int, str | None]) -> None:
    assert place(dsn) == where


@pytest.mark.parametrize(
    ("dsn", "why"),
    [
        ("postgresql://u@db/shop", "shop is not PgBouncer's admin console"),
        ("postgresql://u@db?dbname=shop", "shop is not PgBouncer's admin console"),
        ("postgresql:///pgbouncer", "names no host"),
        ("postgresql://a,b/pgbouncer", "several hosts"),
        ("postgresql://u@db?service=pool", "no service"),
        ("postgresql://db?hostaddr=db.example", "hostaddr"),
        ("postgresql://u:hunter2@[db/pgbouncer", "cannot be read"),
        ("postgresql://u:hunter2\u2100@db/pgbouncer", "cannot be read"),
    ],
)
def test_any_other_address_is_refused_without_its_password(dsn: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as caught:
        place(dsn)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({}, "dsn"),
        ({"dsn": "postgresql://u@db/shop"}, "admin console"),
        ({"dsn": "postgresql://u:hunter2@db"}, "a password does not stand in the file"),
        ({"dsn": {"env": "URL"}, "password": {"env": "P"}}, "password goes with a dsn in clear"),
    ],
)
def test_settings_that_cannot_be_meant(table: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        PgbouncerSettings.model_validate({"kind": "pgbouncer", **table})


AT = 'connection to server at "10.0.0.8", port 6432 failed: '


@pytest.mark.parametrize(
    ("text", "phase", "kind", "says"),
    [
        (AT + "FATAL:  not allowed\n", "first byte", "set-up", "watch may not use the admin"),
        (AT + "FATAL:  password authentication failed\n", "first byte", "set-up", "password"),
        (AT + "FATAL:  no such user: watch\n", "first byte", "set-up", "no such user"),
        (AT + 'FATAL:  role "watch" does not exist\n', "first byte", "set-up", "does not exist"),
        (AT + "fe_sendauth: no password supplied\n", "first byte", "set-up", "no password"),
        (
            AT + "Connection refused\n\tIs the server …?\n",
            "connect",
            "connect",
            "connection refused by 10.",
        ),
        (AT + "SSL error: wrong version number\n", "first byte", "tls", "wrong version number"),
        (AT + "server closed the connection unexpectedly\n", "first byte", "first byte", "lost"),
        ('invalid integer value "x" for …', "set-up", "set-up", "dsn cannot be used"),
        (AT + "FATAL:  SSL required\n", "first byte", "set-up", "SSL required"),
        (AT + "FATAL:  unsupported startup parameter: x\n", "first byte", "set-up", "startup"),
        (AT + "FATAL:  no more connections allowed\n", "first byte", "full", "too many"),
        (AT + "FATAL:  the pooler is shutting down\n", "first byte", "down", "shutting down"),
        (
            AT + "SSL error: certificate verify failed\n",
            "first byte",
            "down",
            "tls: SSL error: cert",
        ),
    ],
)
def test_what_libpq_complains_of_in_words(text: str, phase: str, kind: str, says: str) -> None:
    error = words.failed(text, phase, "10.0.0.8:6432", "watch")
    found = error.phase if isinstance(error, ProbeError) else "full" if error.full else "down"
    assert found == kind
    assert says in str(error)


def test_who_may_not_ask_is_told_what_to_add() -> None:
    error = words.failed(AT + "FATAL:  not allowed", "first byte", "p", "watch")
    assert isinstance(error, ProbeError)
    assert error.hint == "add watch to stats_users in pgbouncer.ini"


@given(st.text(), st.sampled_from(["set-up", "connect", "first byte"]), st.text())
def test_whatever_it_says_stays_words(text: str, phase: str, user: str) -> None:
    for prefix in ("", AT, AT + "FATAL:  "):
        error = words.failed(prefix + text, phase, "peer", user)
        assert isinstance(error, (ProbeError, RefusedError))
        assert safe(str(error), 10_000) == str(error)


def test_a_room_without_a_pooler_needs_no_psycopg() -> None:
    """The kind is there for every room; the extra is not."""
    look = "import sys, warroom.sources.pgbouncer; sys.exit('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], timeout=60).returncode == 0
