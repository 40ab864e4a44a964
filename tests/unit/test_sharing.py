"""What a shared screen is told: no planted value is in it, and everything else is."""

import asyncio
import shlex

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.planted import (
    ADDRESSES,
    HOSTS,
    LITERALS,
    MAILS,
    PEOPLE,
    PHONES,
    SECRETS,
    TEXT,
    TOKENS,
    struct,
    structs_in,
)
from warroom.config.masker import Masker
from warroom.engine.lens import Lens
from warroom.errors import ConfigError
from warroom.incident.actor import Actor
from warroom.sharing.allow import Allow, address_of, checked
from warroom.sharing.mask import Mask
from warroom.sharing.telling import hush
from warroom.sharing.walk import Twins
from warroom.wire import Board, EngineMessage, RoomView, SourceView, encode
from warroom.zone import IN_UTC, Zone

STRUCTS = sorted(structs_in(EngineMessage), key=lambda kind: f"{kind.__module__}.{kind.__name__}")


def knowing():
    """A mask that has met the planted people and machines."""
    mask = Mask()
    for person in PEOPLE:
        mask.string("person", person)
    for phone in PHONES:
        mask.string("phone", phone)
    mask.string("host", HOSTS[1])
    return mask


@pytest.mark.parametrize("kind", STRUCTS, ids=lambda kind: kind.__name__)
def test_no_planted_value_is_in_the_bytes_of_any_message(kind):
    message = struct(kind)
    twin = Twins(knowing()).of(message)
    line = encode(twin).decode().casefold()
    assert [secret for secret in SECRETS if secret.casefold() in line] == []
    back = msgspec.json.decode(encode(twin), type=kind)
    assert type(back) is kind
    assert Twins(knowing()).of(back) == back  # masked once is masked


def test_a_name_is_masked_in_text_that_came_before_the_field_that_tells_whose_it_is():
    class Said(msgspec.Struct, frozen=True):
        text: str
        by: Actor

    actor = Actor(name="plantedperson")
    twin = Twins(Mask()).of(Said("plantedperson has seen it", actor))
    assert twin.text == "<user-1> has seen it"
    assert twin.by.name == "<user-1>"


def test_a_zone_in_what_documents_are_made_from_stays():
    class Made(msgspec.Struct, frozen=True):
        zone: Zone
        text: str

    assert Twins(Mask()).of(Made(IN_UTC, "a.example")) == Made(IN_UTC, "<host-1>")


@pytest.mark.parametrize(
    "text",
    [
        "room.toml:67: sources.alias.kind: there is no source kind redi",
        "pid:12345 line:1200 size:4096, a lookup table on disk",
        "auth: ok, cookie: none, server = down, secret: yes; it is down",
        "app.latency_p95 is 312 ms, over 200 for 2 polls",
        "v2.4.1 at 14:07:10Z, 2026-03-04T14:07:10.123456+00:00 took 2.1 s, 3.5 GiB, 12 %",
        "INC-20261127-001 is open; 5 of 10 done; #incident-2026-11-27-payments",
        "PostgreSQL 16.4, Redis 7.2.4, nginx/1.25.3, Python/3.11",
        "views in orders.ts line 31; java.lang.NullPointerException; warroom.toml",
        "GET /api/v1/checkout gave 503 twice, e.g. at 3 a.m.",
        "shards 1:2:3, ratio 4:1, std::string, 127.0.0.1:5432, [::1]:6379, localhost:80",
        "commit 1a2b3c4 by deploy-17; connections_used_by_app_2",
        "don't select it from here to there",
    ],
)
def test_times_versions_figures_and_our_own_names_stay(text):
    mask = Mask()
    mask.string("name", "app.latency_p95")
    assert mask.text(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ('server at "db1" (10.0.0.1), port 5432', 'server at "<host-1>" (<addr-1>), port 5432'),
        ("https://ana:pw@db1:8443/a?t=1#x", "https://<user-1>:<token-1>@<host-1>:8443/a?t=<token-2>#<token-3>"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer <token-1>"),
        ('{"password": "my pass word"}', '{"password": "<token-1>"}'),
        ("Key (email)=(a@b.example) already exists.", "Key (email)=(?) already exists."),
        ("/home/ana/app.log", "/home/<user-1>/app.log"),
        ("fe80::1: timed out", "<addr-1>: timed out"),
        ("00:11:22:33:44:55", "<addr-1>"),
        ("redis://db9,db10:6379/0", "redis://<host-1>,<host-2>:6379/0"),
        ("dead:beef.example.com", "dead:<host-1>"),
        (
            "psql -c " + shlex.quote("select a from t where b = 'x y'"),
            "psql -c 'select a from t where b = ??",
        ),
        ("alice@mail.exam…", "…"),
        ("DB_PASSWORD=hunter2 PGPASSWORD=x1", "DB_PASSWORD=<token-1> PGPASSWORD=<token-2>"),
        ("DATABASE_URL=postgres://a1:b2@db1/x", "DATABASE_URL=postgres://<user-1>:<token-1>@<host-1>/x"),
        ("X-Api-Key: abc123, clientSecret=q", "X-Api-Key: <token-1>, clientSecret=<token-2>"),
        ("Cookie: a=1; sid=2", "Cookie: <token-1>"),
        ("Authorization: token abc", "Authorization: token <token-1>"),
        ("key xoxb-1234-abcdef, glpat-ABCDEFGHij", "key <token-1>, <token-2>"),
        ("CN=db1.example.com,O=x", "CN=<host-1>,O=x"),
        ('{"user": "ana", "host":"db1"}', '{"user": "<user-1>", "host":"<host-1>"}'),
        (r'{\"user\":\"ana\"}', r'{\"user\":\"<user-1>\"}'),
        ('could not translate host name "db7" to', 'could not translate host name "<host-1>" to'),
        ("lookup db7 on 10.0.0.2:53", "lookup <host-1> on <addr-1>:53"),
        ("connecting to db7:6379. No.", "connecting to <host-1>:6379. No."),
        ("psql -h db1 -U ana", "psql -h <host-1> -U <user-1>"),
        ("db1.Example.Com, ip-10-1-2-3", "<host-1>, <host-2>"),
        ("C:\\Users\\ana\\x ~ana/x", "C:\\Users\\<user-1>\\x ~<user-1>/x"),
        ("root@[10.0.0.1]", "<mail-1>"),
        ("update orders␊set a = 'x'", "update orders␊set a = ?"),
        ("update only o set a = 'x'", "update only o set a = ?"),
        ("where a = 'x' and b = 3", "where a = ? and b = ?"),
        ("select 'x'", "select ?"),
        ("parameters: $1 = 'x'", "parameters: $1 = ?"),
        ("Failing row contains (1, x, ana).", "Failing row contains (?)."),
        ('invalid input value for enum a: "x"', 'invalid input value for enum a: "?"'),
        (f"https://h1/{'T' * 24}", "https://<host-1>/<token-1>"),
    ],
)  # fmt: skip
def test_what_gives_a_value_away(text, seen):
    assert Mask().text(text) == seen


@pytest.mark.parametrize(
    ("sql", "seen"),
    [
        ("SELECT 'a''b', 3 FROM public.orders", "SELECT ?, ? FROM public.orders"),
        ("SELECT E'it\\'s', $1, orders2", "SELECT ?, $1, orders2"),
        ("SELECT $x$ it's $$ $x$ FROM t", "SELECT ? FROM t"),
        ("SELECT 1 /* a /* b */ c */ FROM t -- d\nWHERE x", "SELECT ? /*?*/ FROM t /*?*/\nWHERE x"),
        ("SELECT 'cut off by the ser", "SELECT ?"),
        ("SELECT 'C:\\', 'planted'", "SELECT ?"),
        ("SELECT \"Order\", N'x' FROM t LIMIT 1e3", 'SELECT "Order", ? FROM t LIMIT ?'),
    ],
)
def test_sql_keeps_its_names_and_loses_its_values(sql, seen):
    mask = Mask()
    assert mask.string("sql", sql) == seen
    assert mask.string("sql", seen) == seen


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("SET mail = 'plantedliteral'", "SET mail = ?"),
        ("  AND n = 4711911", "  AND n = ?"),
        ('$1 = "it\'s plantedliteral"', "$1 = ?"),
        ("kubectl scale deploy/web --replicas=3", "kubectl scale deploy/web --replicas=3"),
    ],
)
def test_of_what_is_run_each_line_loses_its_values(line, seen):
    assert Mask().string("line", line) == seen


def test_of_a_plan_the_figures_stay():
    plan = (
        "Seq Scan on orders o  (cost=0.00..431.00 rows=1 width=8)\n"
        "  Filter: ((o.email = 'plantedliteral'::text) AND (n = 4711911))"
    )
    assert Mask().string("explained", plan) == (
        "Seq Scan on orders o  (cost=0.00..431.00 rows=1 width=8)\n"
        "  Filter: ((o.email = ?::text) AND (n = ?))"
    )


def test_what_is_allowed_is_seen_and_nothing_else():
    mask = Mask(Allow(["*.example.com", "alice", "10.0.0.0/8", "oncall@example.com"]))
    text = "Alice on A.Example.COM (10.1.2.3, 11.1.2.3) wrote oncall@example.com, bob@example.com"
    seen = "Alice on A.Example.COM (10.1.2.3, <addr-1>) wrote oncall@example.com, <mail-1>"
    mask.string("person", "alice")
    assert mask.text(text) == seen
    mask.allow(["alice"])
    assert mask.text("alice on a.example.com") == "alice on <host-1>"


@pytest.mark.parametrize("entry", ["*", "", " a", "10.0.0.0/99", "*.*"])
def test_a_list_that_allows_everything_or_nothing_is_refused(entry):
    with pytest.raises(ValueError):  # noqa: PT011
        checked(entry)


def test_beyond_the_bound_there_is_no_number_and_nothing_grows():
    mask = Mask(most=2)
    assert mask.text("a1.example b1.example c1.example") == "<host-1> <host-2> <host>"


def test_what_is_typed_is_taken_for_what_it_stands_for_and_is_json_still():
    mask = Mask()
    person = 'O"Neil \\ Söhne'
    written = mask.string("person", person)
    line = msgspec.json.encode({"text": f"ask {written} or <user-9>"})
    assert msgspec.json.decode(mask.real(line)) == {"text": f"ask {person} or <user-9>"}


def test_a_stand_in_that_somebody_has_written_is_nobodys():
    mask = Mask()
    assert mask.text("what is <host-1>?") == "what is <host-1>?"
    assert mask.text("a.example.org") == "<host-2>"


def label():
    return st.from_regex(r"[a-z][a-z0-9]{1,8}", fullmatch=True)


def host():
    return st.tuples(label(), label(), st.sampled_from(["internal", "example", "com", "io"])).map(
        ".".join
    )


def secret():
    return st.one_of(
        host(),
        st.ip_addresses().map(str),
        st.tuples(label(), host()).map("@".join),
        st.uuids().map(str),
        st.from_regex(r"(sk_live_|ghp_|AKIA)([a-z][0-9]){8,12}", fullmatch=True),
    )


AROUND = st.sampled_from([" ", ", ", ": ", " (", ") ", "; ", '" ', ' "', " [", "] ", "\n", " - "])


@given(st.lists(st.tuples(AROUND, secret(), AROUND), min_size=1, max_size=5))
def test_whatever_stands_around_it_a_value_is_masked_once_and_can_be_put_back(parts):
    mask = Mask()
    text = "".join("".join(part) for part in parts)
    seen = mask.text(text)
    allowed = Allow()
    for _, value, _ in parts:
        address = address_of(value)
        if address is None or not allowed.address(address):
            assert value not in seen
    assert mask.text(seen) == seen
    assert mask.real(seen.encode()).decode() == text


@given(st.lists(secret(), min_size=2, max_size=20, unique=True))
def test_two_values_never_have_the_same_stand_in(values):
    mask = Mask()
    seen = [mask.text(value) for value in values]
    assert len(set(seen)) == len(values)


def test_all_of_the_sample_is_told_by_patterns_or_known_names():
    seen = knowing().text(TEXT)
    for one in (*ADDRESSES, *MAILS, *TOKENS, *LITERALS):
        assert one not in seen


@given(st.text(alphabet="ab1:.-_@/='\"$%<>(+ \n", max_size=400))
def test_no_text_holds_it_up_or_is_masked_twice(text):
    mask = Mask()
    seen = mask.text(text)
    assert mask.text(seen) == seen


def test_a_word_that_text_alone_calls_somebody_is_not_masked_elsewhere():
    mask = Mask()
    seen = mask.text('{"role": "primary", "server": "nginx"} on api:8080')
    assert seen == '{"role": "<user-1>", "server": "<host-1>"} on <host-2>:8080'
    assert mask.text("the primary of nginx and the api") == "the primary of nginx and the api"


async def test_a_large_board_lets_the_loop_go_between_its_sources_and_keeps_their_order():
    lens = Lens(Masker())
    views = tuple(struct(SourceView) for _ in range(20))
    views = tuple(msgspec.structs.replace(one, name=f"s{n}") for n, one in enumerate(views))
    board = Board(room=struct(RoomView), sources=views)
    turns = 0

    async def other():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    (seen,) = await lens.through([board])
    task.cancel()
    assert turns >= len(views)
    assert [one.name for one in seen.sources] == [one.name for one in views]
    assert seen == lens.of(board)


def test_what_goes_wrong_before_there_is_an_engine_is_masked_too():
    error = ConfigError((), "see /home/ana/room.toml")
    error.args = ("cannot resolve db1.example.com for alice on box",)
    hush(error, host="box", person="alice")
    assert (
        error.explain() == "cannot resolve <host> for <user> on <host>\nsee /home/<user>/room.toml"
    )
