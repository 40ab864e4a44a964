"""The linter: what it finds, where, and what it leaves alone."""

import time
from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.incidents import NOON, PROCEDURES, SEV, Telling
from tests.unit.recorded import telling
from tests.unit.test_comms_draft import OURS, case
from warroom.comms.draft import draft
from warroom.comms.lint import Linted, lint
from warroom.comms.lint_words import LintFacts
from warroom.incident.entries import Impact, Resolved
from warroom.incident.outward import PURPOSES

FACTS = LintFacts(
    hosts=frozenset({"db-7.shop.example", "10.1.2.3", "api.shop.example", "shop_db_1", "jobs"}),
    internal=("*.corp.shop.example",),
    people=frozenset({"ana", "Okafor", "Mark", "deploy", "root", "bo7"}),
    public_hosts=frozenset({"www.shop.example", "api.shop.example", "shop.example"}),
)
LATER = NOON + timedelta(minutes=15)


def found(text: str, purpose="status", *, public=True, told: Telling | None = None, **more):
    known = dict(
        text=text,
        subject="",
        purpose=purpose,
        public=public,
        incident=(told or Telling(level="SEV1")).incident,
        procedures=PROCEDURES,
        scale=SEV,
        now=NOON,
        next=LATER,
        facts=FACTS,
    )
    return lint(Linted(**{**known, **more}))


def rules(text: str, purpose="status", **more) -> list[str]:
    return [one.rule for one in found(f"{text}\nNext update: 12:15Z", purpose, **more)]


@pytest.mark.parametrize(
    "word",
    [
        "db-7.shop.example", "DB-7.shop.example:5432", "10.1.2.3", "10.0.0.9:6379", "192.168.1.1",
        "172.16.4.4", "127.0.0.1", "[fd00::7]", "fe80::1", "localhost", "queue.internal",
        "redis.prod.svc.cluster.local", "printer.lan", "git.corp.shop.example",
        "http://db-7.shop.example/x", "ip-10-1-2-3.ec2.internal", "shop_db_1", "redis:6379",
        "queue-1:6379", "db.vendor.example:5432", "http://jobs/x",
    ],
)  # fmt: skip
def test_internal_hosts_are_found_in_public_text(word):
    (one,) = [f for f in found(f"we look\nat {word} now\n12:15") if f.rule == "host"]
    assert one.line == 2
    assert f"at {word} now"[one.start : one.end].strip("[]") in word
    assert rules(f"at {word} now", public=False) == []


@pytest.mark.parametrize(
    "word",
    [
        "www.shop.example", "api.shop.example", "https://shop.example/status", "e.g.", "1.42.0",
        "v1.4.3", "12:30", "12:30:15", "8.8.8.8", "index.html", "2026-11-27", "and/or", "80 %",
        "config.toml", "10.000", "::", "a:b", "3.5", "U.S.", "internal", "local", "3:2",
        "1.2.3.4.5", "2001:4860:4860::8888", "Jobs", "jobs:", "std::abs", "0.9.1.2", "users:12000",
        "error:500", "2026-11-27T12:30:15Z", "_www.shop.example_",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_hosts(word):
    assert rules(f"we look at {word} now") == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Thanks to Okafor for it", "Okafor"),
        ("ana is at it", "ana"),
        ("Ana is at it", "Ana"),
        ("we told Mark so", "Mark"),
        ("ask bo7", "bo7"),
        ("write to @dora", "@dora"),
        ("write to dora.w@mail.example", "dora.w@mail.example"),
    ],
)
def test_people_are_found_in_public_text(text, word):
    hits = [f for f in found(f"{text}\n12:15") if f.rule == "person"]
    assert hits
    assert word.strip("@") in text[hits[0].start : hits[0].end].strip("@ ")
    assert rules(text, public=False) == []


@pytest.mark.parametrize("text", ["Host:db.internal", "at api:db-7.shop.example", "_git.lan_ is"])
def test_a_host_is_found_whatever_stands_before_it(text):
    assert rules(text) == ["host"]


def test_an_address_with_its_port_is_found():
    (one,) = found("at [fd00::7]:5432 now\n12:15Z")
    assert "fd00::7" in one.text


@pytest.mark.parametrize(
    "text",
    [
        "our Security team is at it",
        "Customer support knows",
        "the Database is well",
        "an hour",
        "An",
    ],
)
def test_teams_and_short_words_are_no_people(text):
    people = frozenset({"Security", "Customer", "Customer support", "Database", "an"})
    assert rules(text, facts=LintFacts(people=people)) == []


@pytest.mark.parametrize(
    "text",
    [
        "mark the date", "Mark my words", "banana", "the deploy failed", "a root cause",
        "we will tell", "Analysis goes on", "write to help@shop.example", "manana",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_people(text):
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Cause: [cause?]", "unfilled"),
        ("Cause: {{ cause }}", "unfilled"),
        ("TBD by then", "unfilled"),
        ("sent by <your name>", "unfilled"),
        ("password=hunter22", "secret"),
        ("Password: hunter22", "secret"),
        ("see https://u:pw1234@x.example/", "secret"),
        ("Authorization: Bearer abcdef", "secret"),
        ("key AKIAABCDEFGHIJKLMNOP", "secret"),
        ("xoxb-1234567890-abc", "secret"),
        ("ghp_abcdefghijklmnopqrstuvwx", "secret"),
        ("redis://:hunter22@cache.example/0", "secret"),
        ('{"password": "hunter22"}', "secret"),
        ("AWS_SECRET_ACCESS_KEY=hunter22", "secret"),
        ("sk_live_abcdefghijklmnop", "secret"),
        ("hooks.slack.com/services/T1/B1/abc", "secret"),
    ],
)
def test_blanks_and_secrets_are_found_inside_too(text, rule):
    for public in (False, True):
        assert rule in rules(text, "update", public=public)


def test_of_a_secret_nothing_is_said_that_would_be_recorded():
    for text in ("see https://u:hunter22@x.example/", "sk-hunter2222222222222", "token=hunter22"):
        (one,) = found(text, "acknowledge", next=None, public=False)
        assert "hun" not in one.text


@pytest.mark.parametrize(
    "text", ["a [1] b", "x < y and y > z", "a token of thanks", "todos", "Password: reset"]
)
def test_near_misses_of_blanks_and_secrets(text):
    assert rules(text, "update", public=False) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("it is SEV5 now", "SEV5 is no level here"),
        ("it is SEV2 now", "the incident is SEV1"),
        ("it is SEV-1 now", "SEV-1 is no level here"),
        ("it is SEV12 now", "SEV12 is no level here"),
        ("it is sev2 now", "the incident is SEV1"),
    ],
)
def test_levels_that_are_none_or_not_this_one(text, words):
    (one,) = found(f"{text} 12:15", "update", public=False)
    assert words in one.text


@pytest.mark.parametrize("text", ["it is SEV1 now", "P4 printers", "the S3 bucket", "SEVERAL"])
def test_levels_that_are_right_and_words_that_are_none(text):
    assert rules(text, "update", public=False) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"next": None}, "promises a next update, and none is"),
        ({"next": NOON - timedelta(minutes=1)}, "now past"),
        ({"next": NOON + timedelta(minutes=20)}, "the text does not say when: 12:20Z"),
    ],
)
def test_a_next_update_is_promised_in_time_and_said(more, words):
    (one,) = found("we look. 12:15Z", "update", public=False, **more)
    assert words in one.text


def test_a_time_that_came_in_another_zone_is_the_same_time():
    east = LATER.astimezone(timezone(timedelta(hours=2)))
    assert found("we look. 12:15Z", "update", public=False, next=east) == ()


def test_where_nothing_is_asked_nothing_need_be_promised():
    assert found("we look", "update", told=Telling(level="SEV3"), next=None, public=False) == ()
    assert found("we look", "acknowledge", next=None, public=False) == ()


@pytest.mark.parametrize(
    ("lost", "text", "words"),
    [
        (None, "It is over.", "does not say whether data was lost"),
        (False, "It is over. No data was lost.", ""),
        (False, "It is over. We did not lose any data.", ""),
        (True, "It is over. Some data was lost.", ""),
        (True, "It is over. No data was lost.", "the impact says it was"),
        (False, "Some data was lost.", "the impact says it was not"),
        (None, "No data was lost.", "nobody has noted so"),
        (True, "No user data was lost.", "the impact says it was"),
        (True, "Data loss: none", "the impact says it was"),
        (False, "Data loss: none", ""),
        (False, "We lost no orders.", ""),
        (False, "There was no loss of customer data.", ""),
        (False, "We haven\u2019t lost any data.", ""),
        (True, "Data: data was lost\nAction items: none yet", ""),
        (True, "Some carts\u2019 data was lost. No payment data was lost.", ""),
        (False, "The data centre lost power.", "does not say whether"),
        (False, "Some lost access to their data.", "does not say whether"),
        (True, "We do not know whether data was lost.", "does not say whether"),
    ],
)
def test_a_resolution_says_whether_data_was_lost_and_what_is_so(lost, text, words):
    told = Telling(level="SEV1")
    if lost is not None:
        told.write(Impact(data_loss=lost))
    told.write(Resolved(status="Resolved"))
    hits = found(text, "resolution", told=told, public=False, next=None)
    assert [one.rule for one in hits] == (["data loss"] if words else [])
    assert not words or words in hits[0].text


def test_nothing_and_too_much():
    assert [one.rule for one in found("  \n", "acknowledge")] == ["empty"]
    assert "length" in [one.rule for one in found("x " * 9000, "acknowledge")]


@pytest.mark.parametrize("purpose", [p for p in PURPOSES if p != "customers"])
def test_our_own_texts_are_clean_once_all_is_known(purpose):
    over = purpose == "resolution"
    told = telling(resolved=over)
    told.say(Impact(text="payments fail for some"))
    made = draft(case(told), purpose, OURS)
    clean = found(
        made.text,
        purpose,
        subject=made.subject,
        told=told,
        public=purpose == "status",
        next=made.next,
        now=told.now,
    )
    assert clean == ()


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=300), purpose=st.sampled_from(PURPOSES))
def test_whatever_is_written_it_is_read_and_every_place_is_in_its_line(text, purpose):
    lines = text.split("\n")
    for one in found(text, purpose):
        assert 0 <= one.start <= one.end
        if one.line:
            assert one.end <= len(lines[one.line - 1])
        assert one.text.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "a." * 8000, "a:" * 8000, "[" * 16000, "@a " * 5000, "\n" * 16000, "\u00e9.a " * 4000,
        "::a " * 4000, "\U0001f600a " * 5000,
    ],
    ids=range(8),
)  # fmt: skip
def test_a_hostile_text_is_read_to_its_end(text):
    """In time that goes with its length, however many lines and words it has: 20 to 50 ms, and
    ten times that where the machine is busy."""
    begun = time.process_time()
    assert len(found(text, "status")) <= 20
    assert time.process_time() - begun < 0.5
