"""The scribe's grammar: what each line means, and that nothing is posted by mistake."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.incidents import NOON, PROCEDURES, Telling
from warroom.incident.entries import (
    Cause,
    Correction,
    Decision,
    FollowUp,
    Impact,
    Mark,
    Milestone,
    Note,
    Phase,
    Reopened,
    Report,
    Resolved,
    Role,
    SetLink,
    Severity,
    Status,
    Task,
    Tick,
    Title,
    Update,
)
from warroom.incident.procedures import RoleKind
from warroom.incident.scribe import (
    Ask,
    Posting,
    ScribeContext,
    Wrong,
    complete,
    hint,
    parse,
    resolution,
)
from warroom.incident.scribe.commands import NAMES

BERLIN = ZoneInfo("Europe/Berlin")


def context(**more) -> ScribeContext:
    telling = Telling("SEV3")
    telling.say(Task(who="bob", text="find it", due=NOON + timedelta(minutes=4)))
    telling.say(Task(who="eve", text="ask them"))
    telling.say(Task(task=2, state="done"))
    telling.now = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
    return telling.context(**more)


HERE = context()
NOWHERE = context(incident=None)


def body(line: str, where: ScribeContext = HERE):
    found = parse(line, where)
    assert isinstance(found, Posting), found
    return found.body


def wrong(line: str, where: ScribeContext = HERE) -> Wrong:
    found = parse(line, where)
    assert isinstance(found, Wrong), found
    return found


MEANINGS = [
    ("db is slow", Note(text="db is slow")),
    ("two\nlines", Note(text="two\nlines")),
    ("and/or", Note(text="and/or")),
    ("/note db is slow", Note(text="db is slow")),
    ("//etc/hosts is wrong", Note(text="/etc/hosts is wrong")),
    ("//sev is a command", Note(text="/sev is a command")),
    ("/sev SEV1 all is down", Severity(level="SEV1", reason="all is down")),
    ("/sev sev-1 all is down", Severity(level="SEV1", reason="all is down")),
    ("/sev SEV 1 all is down", Severity(level="SEV1", reason="all is down")),
    ("/SEV 1 all is down", Severity(level="SEV1", reason="all is down")),
    ("/sev SEV3", Severity(level="SEV3")),
    ("/status Monitoring", Status(status="Monitoring")),
    ("/status mon looks good", Status(status="Monitoring", text="looks good")),
    ("/phase recover", Phase(phase="recover")),
    ("/role commander me", Role(role="commander", person="ana")),
    ("/role technical lead bob", Role(role="technical lead", person="bob")),
    ("/role tech @bob you know it", Role(role="technical lead", person="bob", brief="you know it")),
    ("/role tech -", Role(role="technical lead", person="")),
    ("/role scribe -", Role(role="scribe", person="")),
    ("/role scribe EVE", Role(role="scribe", person="eve")),
    (
        "/impact users 1,200 share 40% services web,api regions eu money $5k data-loss no "
        "exposed yes nobody can pay",
        Impact(
            users=1200,
            share=40.0,
            services=("web", "api"),
            regions=("eu",),
            money="$5k",
            data_loss=False,
            exposed=True,
            text="nobody can pay",
        ),
    ),
    ("/impact users 1.2k", Impact(users=1200)),
    ("/impact share 12.5 % features pay, search", Impact(share=12.5, features=("pay", "search"))),
    ("/impact services - data-loss: no", Impact(services=(), data_loss=False)),
    ("/impact nobody can pay", Impact(text="nobody can pay")),
    ("/cause the deploy", Cause(text="the deploy")),
    (
        "/cause the deploy trigger: v42 safeguards: no canary radius: all of eu",
        Cause(text="the deploy", trigger="v42", safeguards="no canary", blast_radius="all of eu"),
    ),
    ("/cause radius: eu", Cause(blast_radius="eu")),
    ("/decision we roll back", Decision(text="we roll back")),
    (
        "/task bob 3m find the slow query",
        Task(who="bob", text="find the slow query", due=NOON + timedelta(minutes=33)),
    ),
    ("/task me look", Task(who="ana", text="look")),
    ("/done 1", Task(task=1, state="done")),
    ("/done", Task(task=1, state="done")),
    ("/done #1 it was the index", Task(task=1, state="done", text="it was the index")),
    ("/more 1 5m", Task(task=1, due=NOON + timedelta(minutes=35))),
    ("/drop 1 no use", Task(task=1, state="dropped", text="no use")),
    (
        "/todo alert on depth @bob due 2026-12-01 #prevent SHOP-12",
        FollowUp(
            text="alert on depth",
            owner="bob",
            due=date(2026, 12, 1),
            sort="prevent",
            ticket="SHOP-12",
        ),
    ),
    ("TODO @me alert due tomorrow", FollowUp(text="alert", owner="ana", due=date(2026, 11, 28))),
    ("TODO: alert due to load", FollowUp(text="alert due to load")),
    ("TODO alert due friday", FollowUp(text="alert", due=date(2026, 12, 4))),
    ("todo is a word", Note(text="todo is a word")),
    ("TODOS are many", Note(text="TODOS are many")),
    ("/key 2", Mark(entry=2)),
    ("/key 2 no", Mark(entry=2, key=False)),
    ("/report 12 support cannot pay", Report(count=12, via="support", text="cannot pay")),
    ("/report twitter", Report(count=1, via="twitter")),
    ("/report 3 via support: it hangs", Report(count=3, via="support", text="it hangs")),
    ("/update we look", Update(text="we look")),
    ("/update next 30m we look", Update(text="we look", next=NOON + timedelta(hours=1))),
    ("/update next we look", Update(text="next we look")),
    ("/link thread https://x", SetLink(name="thread", address="https://x")),
    ("/link status page https://x", SetLink(name="status page", address="https://x")),
    ("/link thread -", SetLink(name="thread", address="")),
    ("/title  all  is down", Title(title="all is down")),
    ("/milestone cause identified", Milestone(name="cause identified")),
    ("/milestone ack by phone", Milestone(name="acknowledged", text="by phone")),
    ("/fix 2 it was redis", Correction(entry=2, text="it was redis")),
    ("/fix 2 -", Correction(entry=2, text="")),
    ("/tick smoke tests", Tick(checklist="recover", item="Smoke tests pass")),
    ("/decision one\ntwo", Decision(text="one\ntwo")),
    ("  /sev SEV3", Severity(level="SEV3")),
]


@pytest.mark.parametrize(("line", "meaning"), MEANINGS)
def test_lines_and_what_they_mean(line, meaning):
    assert body(line) == meaning


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("/declare all is down", Ask("declare", "all is down")),
        ("/resolve rollback to v41", Ask("resolve", "rollback to v41")),
        ("/help", Ask("help")),
        ("/milestone", Ask("milestone")),
    ],
)
def test_some_commands_ask_on(line, asked):
    assert parse(line, HERE) == asked


@pytest.mark.parametrize(
    ("line", "words", "at"),
    [
        ("", "nothing to write", 0),
        (" \n ", "nothing to write", 0),
        ("/", "no command", 0),
        ("/svev SEV1", "did you mean /sev?", 0),
        ("/severity SEV1", "did you mean /sev?", 0),
        ("/close", "did you mean /resolve?", 0),
        ("0001-01-01 00:00Z x", "too long ago", 0),
        ("/sev", "level is missing", 4),
        ("/sev SEV7 x", "SEV7 is no level here", 5),
        ("/sev SEV1", "why SEV1, and no longer SEV3?", 9),
        ("/status Resolved", "resolve with /resolve", 8),
        ("/status moonitoring", "did you mean Monitoring?", 8),
        ("/role commander", "who is commander?", 15),
        ("/role comander me", "did you mean commander?", 6),
        ("/impact", "what is hit?", 7),
        ("/impact users many", "write a number", 14),
        ("/impact share 140%", "0 to 100", 14),
        ("/impact exposed perhaps", "yes or no?", 16),
        ("/impact users", "how much", 8),
        ("/cause trigger:", "what was it?", 7),
        ("/task bob", "text is missing", 9),
        ("/task", "who does it?", 5),
        ("/done 7", "there is no task 7; open are: 1", 6),
        ("/done x", "x is no number", 6),
        ("/more 1", "how much more?", 7),
        ("/more 1 soon", "how much more?", 8),
        ("/key", "which entry?", 4),
        ("/key 99", "its entries are 1 to 4", 5),
        ("/fix 2", "how should entry 2 read?", 6),
        ("/report", "from where?", 7),
        ("/report 3 via", "from where?", 10),
        ("/update next 30m", "text is missing", 16),
        ("/update next 30x foo", "write a span", 13),
        ("/link thread", "address is missing", 6),
        ("/milestone aknowledged", "did you mean acknowledged?", 11),
        ("/tick Smok test", "did you mean Smoke tests pass?", 6),
        ("/reopen x", "is open", 8),
        ("/todo fix #prevnt", "did you mean prevent?", 6),
        ("/todo fix due 2026-13-01", "write the day as", 10),
        ("/at", "when was it?", 3),
        ("/at noon x", "noon is no time", 4),
        ("12:05", "what happened then?", 5),
        ("/at 12:05 /at 12:06 x", "one time is enough", 10),
        ("12:05 /svev x", "did you mean /sev?", 6),
        ("12:05 /declare x", "takes no time", 6),
        ("2026-11-28 10:00 x", "is in the future", 0),
        ("2026-02-30 10:00 x", "there is no 2026-02-30 10:00", 0),
    ],
)
def test_what_is_wrong_is_said_and_where(line, words, at):
    found = wrong(line)
    assert words in found.words
    assert found.at == at


@pytest.mark.parametrize(
    "line",
    ["/var/log/x: killed\nnext line", "/etc", "/ sev", "/sevSEV1", "/sev/x", "\n/bad", "/Sev: x"],
)
def test_a_slash_is_never_a_note_by_mistake(line):
    assert "type //" in wrong(line).words
    assert body("/" + line.lstrip()) == Note(text=line.lstrip())


def test_a_text_that_is_too_long_is_not_lost_but_refused():
    assert "16,001 characters" in wrong("x" * 16_001).words
    assert body("x" * 16_000).text == "x" * 16_000


def test_a_half_character_is_kept_as_what_it_is():
    found = body("a\udc80b")
    assert found.text == "a\\udc80b"
    msgspec.json.encode(found)


# --- times --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "happened", "text"),
    [
        ("12:05 it fell", "2026-11-27 12:05", "it fell"),
        ("12:05:30 it fell", "2026-11-27 12:05:30", "it fell"),
        ("12:05Z it fell", "2026-11-27 12:05", "it fell"),
        ("12:30 now", "2026-11-27 12:30", "now"),
        ("12:31 a minute ahead", "2026-11-26 12:31", "a minute ahead"),
        ("-5m it fell", "2026-11-27 12:25", "it fell"),
        ("-1h30m it fell", "2026-11-27 11:00", "it fell"),
        ("-2d it fell", "2026-11-25 12:30", "it fell"),
        ("yesterday 23:50 it fell", "2026-11-26 23:50", "it fell"),
        ("2026-11-20 23:50 it fell", "2026-11-20 23:50", "it fell"),
        ("2026-11-20T23:50Z it fell", "2026-11-20 23:50", "it fell"),
        ("/at 12:05 it fell", "2026-11-27 12:05", "it fell"),
        ("/at -5m //x", "2026-11-27 12:25", "/x"),
        ("12:05 first\nsecond", "2026-11-27 12:05", "first\nsecond"),
    ],
)
def test_a_time_at_the_beginning_says_when(line, happened, text):
    found = parse(line, HERE)
    assert isinstance(found, Posting)
    assert found.happened == datetime.fromisoformat(happened).replace(tzinfo=UTC)
    assert found.body == Note(text=text)


@pytest.mark.parametrize(
    "line",
    [
        "90:10 is the split",
        "12:05:33.123 ERROR pool",
        "-5 degrees",
        "- a list",
        "-5x",
        "-99999d x",
        "12:5 x",
        "12:60 x",
        "yesterday it fell",
        "2026-11-20 was bad",
    ],
)
def test_what_is_no_time_stays_in_the_note(line):
    found = parse(line, HERE)
    assert found == Posting(Note(text=line), None, line)


@pytest.mark.parametrize("line", ["12:05 /sev SEV1 down", "/at 12:05 /sev SEV1 down"])
def test_a_command_may_have_a_time_before_it(line):
    found = parse(line, HERE)
    assert isinstance(found, Posting)
    assert found.body == Severity(level="SEV1", reason="down")
    assert found.happened == NOON + timedelta(minutes=5)


def at(line: str, now: str) -> str:
    where = context(now=datetime.fromisoformat(now).astimezone(UTC), zone=BERLIN)
    found = parse(line, where)
    assert isinstance(found, Posting)
    assert found.happened is not None
    assert found.happened <= where.now
    return f"{found.happened:%Y-%m-%d %H:%MZ}"


@pytest.mark.parametrize(
    ("line", "now", "happened"),
    [
        ("12:05 x", "2026-11-27T12:30Z", "2026-11-27 11:05Z"),
        ("13:31 x", "2026-11-27T12:30Z", "2026-11-26 12:31Z"),
        ("00:10 x", "2026-11-27T23:30Z", "2026-11-27 23:10Z"),
        ("yesterday 00:10 x", "2026-11-27T23:30Z", "2026-11-26 23:10Z"),
        # 2026-10-25: at 3:00 summer time it is 2:00 again
        ("02:30 x", "2026-10-25T00:45Z", "2026-10-25 00:30Z"),
        ("02:30 x", "2026-10-25T01:45Z", "2026-10-25 01:30Z"),
        ("02:30 x", "2026-10-25T01:15Z", "2026-10-25 00:30Z"),
        # 2026-03-29: after 1:59 comes 3:00; half past two never was
        ("02:30 x", "2026-03-29T02:00Z", "2026-03-29 01:30Z"),
        ("03:10 x", "2026-03-29T01:20Z", "2026-03-29 01:10Z"),
    ],
)
def test_local_times_hold_when_the_clocks_change(line, now, happened):
    assert at(line, now) == happened


def test_more_time_counts_from_the_end_of_what_is_left():
    where = context(now=NOON + timedelta(minutes=1))
    assert body("/more 1 5m", where).due == NOON + timedelta(minutes=9)


# --- names of several words, other teams ---------------------------------------------------


def test_a_role_whose_name_begins_like_another():
    roles = (RoleKind(name="lead"), RoleKind(name="lead scribe"))
    where = context(procedures=msgspec.structs.replace(PROCEDURES, roles=roles))
    assert body("/role lead scribe bob", where) == Role(role="lead scribe", person="bob")
    assert body("/role lead bob", where) == Role(role="lead", person="bob")


def test_how_it_was_resolved_comes_first():
    assert resolution("rollback to v41", PROCEDURES) == ("rollback", "to v41")
    assert resolution("feature flag", PROCEDURES) == ("feature flag", "")
    assert resolution("it went away", PROCEDURES) == ("", "it went away")


def test_without_an_incident_lines_still_mean_something():
    assert body("/sev SEV1", NOWHERE) == Severity(level="SEV1")
    assert body("/key 99", NOWHERE) == Mark(entry=99)
    assert "which task?" in wrong("/done", NOWHERE).words


def test_a_resolved_incident_may_be_reopened():
    telling = Telling()
    telling.write(Resolved(status="Resolved"))
    assert body("/reopen it is back", telling.context()) == Reopened(reason="it is back")


def test_a_watch_is_begun_by_the_first_tick_and_done_by_the_second():
    telling = Telling()
    line = "/tick watch error rate"
    assert body(line, telling.context()).state == "watch"
    telling.say(body(line, telling.context()))
    assert body(line, telling.context()).state == "done"


def test_known_people_may_have_names_of_several_words():
    assert body("/role scribe security team you write") == Role(
        role="scribe", person="Security team", brief="you write"
    )
    assert body("/task @Security team look").who == "Security team"
    assert body("/task security look").who == "security"


# --- while typing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "wholes"),
    [
        ("/se", ("/sev ",)),
        ("/st", ("/status ",)),
        ("/sev ", ("/sev SEV1 ", "/sev SEV2 ", "/sev SEV3 ", "/sev SEV4 ")),
        ("/sev sev", ("/sev sev1 ", "/sev sev2 ", "/sev sev3 ", "/sev sev4 ")),
        ("/status mo", ("/status monitoring",)),
        ("/phase re", ("/phase respond", "/phase recover")),
        ("/role t", ("/role technical lead ",)),
        ("/role scribe b", ("/role scribe bob",)),
        ("/task e", ("/task eve ",)),
        ("/done ", ("/done 1",)),
        ("/milestone c", ("/milestone commander assigned", "/milestone cause identified")),
        ("/resolve r", ("/resolve rollback ",)),
        ("/tick smo", ("/tick smoke tests pass",)),
        ("/impact users 3 sh", ("/impact users 3 share ",)),
        ("/at 12:05 /se", ("/at 12:05 /sev ",)),
        ("12:05 /se", ("12:05 /sev ",)),
        ("TODO x #p", ("TODO x #prevent ",)),
        ("TODO x @b", ("TODO x @bob ",)),
        ("a note", ()),
        ("//se", ()),
        ("/nothing ", ()),
        ("", ()),
    ],
)
def test_completion_goes_on_from_what_is_typed(line, wholes):
    assert complete(line, HERE) == wholes


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "a note, or / for commands"),
        ("db is slow", "Enter writes: note"),
        ("12:05 db is slow", "Enter writes: note at 12:05Z"),
        ("12:45 db is slow", "Enter writes: note at 2026-11-26 12:45Z"),
        ("/s", "/sev /status"),
        ("/sev", "/sev LEVEL REASON: another level, and why"),
        ("/sev ", "/sev LEVEL REASON: SEV1, SEV2, SEV3, SEV4"),
        ("/sev SEV1 ", "why SEV1, and no longer SEV3? /sev LEVEL REASON"),
        ("/sev SEV1 down", "Enter writes: severity: SEV1: down"),
        ("/status mo", "/status STATUS [TEXT]: monitoring"),
        ("/role commander me", "Enter writes: role: commander: ana"),
        ("/resolve", "Enter: it is over"),
    ],
)
def test_the_hint_says_what_comes_next(line, told):
    assert hint(line, HERE) == told


def test_without_an_incident_the_hint_says_what_to_do():
    assert hint("db is slow", NOWHERE) == "no incident is open to write it into: /declare TITLE"
    assert hint("/declare db is slow", NOWHERE) == "Enter: a new incident"


# --- whatever is typed --------------------------------------------------------------------

WORDS = st.sampled_from(
    [f"/{name}" for name in NAMES]
    + ["//", "/", "12:05", "-5m", "yesterday", "2026-11-27", "TODO", "@bob", "#prevent", "due"]
    + ["SEV1", "Monitoring", "commander", "me", "-", "users", "40%", "yes", "next", "30m", "7"]
    + ["trigger:", "\n", "smoke", "\udc80", "\x00", "25:61", "99999999999999999999", "--", ","]
)
LINES = st.one_of(
    st.text(),
    st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=8).map(" ".join),
    st.text().map(lambda rest: f"/{rest}"),
)
WHERE = [HERE, NOWHERE, context(zone=BERLIN), context(me="")]


@given(LINES, st.sampled_from(WHERE))
def test_whatever_is_typed_is_understood_or_refused_in_words(line, where):
    found = parse(line, where)
    assert isinstance(found, Posting | Ask | Wrong)
    if isinstance(found, Posting):
        msgspec.json.encode(found)
        assert found.text_shown
        assert found.happened is None or found.happened <= where.now
    if isinstance(found, Wrong):
        assert found.words
    assert hint(line, where)
    assert all(whole.startswith(line) and whole != line for whole in complete(line, where))


@given(LINES, st.sampled_from(["", " ", "\n", "12:05 ", "/at -5m ", "-5m "]))
def test_a_line_with_a_slash_is_never_posted_as_a_note(rest, before):
    found = parse(f"{before}/{rest}", HERE)
    if isinstance(found, Posting) and isinstance(found.body, Note):
        assert rest.startswith("/") or rest.split(maxsplit=1)[0].casefold() == "at"


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_two_slashes_post_anything(text):
    found = parse(f"//{text}", HERE)
    assert isinstance(found, Posting)
    readable = text.encode("utf-8", "backslashreplace").decode()
    assert found.body == Note(text=f"/{readable}")
