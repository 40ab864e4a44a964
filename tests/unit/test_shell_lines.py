"""What the shell's commands print and read, as pure functions: hostile text, long text, times."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.incidents import BOB, NOON, Telling
from warroom.cli.asking import NotDoneError
from warroom.cli.choosing import is_named, to_read, to_write
from warroom.cli.incident_lines import (
    condition_lines,
    declared_lines,
    entry_lines,
    incident_lines,
    stamp,
    summary_line,
)
from warroom.cli.moment import moment
from warroom.cli.note_text import CUT, MOST, clean, from_bytes, notes
from warroom.cli.printing import out_json
from warroom.errors import UsageError
from warroom.incident.acting.bodies import (
    ActionFinished,
    ActionStarted,
    ActionVerdict,
    StillOn,
    Switched,
)
from warroom.incident.acting.plan import PlanStep, Target
from warroom.incident.bounds import LONGEST
from warroom.incident.entries import (
    Body,
    Cause,
    Correction,
    Decision,
    Due,
    FollowUp,
    Impact,
    Link,
    Mark,
    Milestone,
    Nag,
    Note,
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
    kind_of,
)
from warroom.incident.following import Checked, Followed, PlaybookStep
from warroom.incident.gate import Condition
from warroom.incident.incident import Summary, summary
from warroom.incident.order import in_order
from warroom.incident.outward import Delivery, Evidence, EvidenceFile, Message
from warroom.severity import SEV, Scale, Step

EVIL = "a\x1b[31m\x1b]0;x\x07[red]b\u202e\x9b2J\x00\ufeff"
HOSTILE: tuple[Body, ...] = (
    ActionStarted(
        run=EVIL,
        action=EVIL,
        title=EVIL,
        danger="severe",
        digest=EVIL,
        steps=(PlanStep(action=EVIL, title=EVIL, lines=(EVIL,), targets=(Target(EVIL, EVIL),)),),
        values={EVIL: EVIL},
        environment=EVIL,
        proof=EVIL,
    ),
    ActionFinished(
        run=EVIL,
        action=EVIL,
        title=EVIL,
        outcome="unknown",
        text=EVIL,
        refused=(EVIL,),
        output=(EVIL,),
        on=Switched(name=EVIL, undo=EVIL, detail=EVIL),
        off=(EVIL,),
    ),
    ActionVerdict(run=EVIL, action=EVIL, title=EVIL, verdict="WORSE", text=EVIL),
    StillOn(name=EVIL, state="kept", text=EVIL),
    Followed(playbook=EVIL, title=EVIL, evidence=(EVIL,), text=EVIL),
    PlaybookStep(playbook=EVIL, step=EVIL, text=EVIL),
    Checked(check=EVIL, title=EVIL, text=EVIL, output=(EVIL,), playbook=EVIL, step=EVIL),
    Note(text=f"{EVIL}\r\n2026-01-01 00:00:00Z    9  note  root: forged"),
    Decision(text=EVIL),
    Severity(level="SEV1", reason=EVIL),
    Status(status=EVIL, text=EVIL),
    Milestone(name=EVIL, text=EVIL),
    Role(role=EVIL, person=EVIL, brief=EVIL),
    Impact(services=(EVIL,), features=(EVIL,), regions=(EVIL,), money=EVIL, text=EVIL),
    Cause(text=EVIL, trigger=EVIL, safeguards=EVIL, blast_radius=EVIL),
    Report(count=3, via=EVIL, text=EVIL),
    Task(task=1, who=EVIL, text=EVIL, due=NOON),
    FollowUp(item=1, text=EVIL, owner=EVIL, due=date(2026, 12, 1), sort=EVIL, ticket=EVIL),
    Tick(checklist=EVIL, item=EVIL),
    SetLink(name=EVIL, address=EVIL),
    Title(title=EVIL),
    Update(text=EVIL, audience=EVIL, next=NOON),
    Nag(key="k", text=EVIL, who=(EVIL,)),
    Correction(entry=2, text=EVIL),
    Mark(entry=2),
    Resolved(how=EVIL, text=EVIL, status=EVIL, unmet=(EVIL,), override=EVIL),
    Reopened(reason=EVIL),
    Due(name=EVIL, state="dropped", text=EVIL),
    Message(
        purpose="update", text=EVIL, receivers=(EVIL,), subject=EVIL, odd=(EVIL,), override=EVIL
    ),
    Delivery(message=2, receiver=EVIL, state="failed", text=EVIL),
    Evidence(files=(EvidenceFile(name=EVIL, size=3, sha256=EVIL),), text=EVIL),
    Resolved(how=EVIL, text=EVIL, status=EVIL, unmet=(EVIL,), override=EVIL),
)


def hostile() -> Telling:
    actor = msgspec.structs.replace(BOB, claimed=EVIL)
    telling = Telling(title=EVIL, channel=EVIL, links=(Link(name=EVIL, address=EVIL),))
    telling.write(*HOSTILE, actor=actor)
    return telling


def is_safe(line: str) -> bool:
    controls = any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line)
    return not controls and not set(line) & set("\u202e\u2066\u200b\ufeff")


# --- what is printed ------------------------------------------------------------------------


@pytest.mark.parametrize("unicode", [True, False])
def test_no_entry_can_do_anything_to_a_terminal_or_look_like_another(unicode):
    telling = hostile()
    for entry in telling.entries:
        first, *others = entry_lines(entry, telling.incident, unicode=unicode)
        assert all(map(is_safe, (first, *others)))
        assert first.startswith(stamp(entry.happened))
        assert all(line.startswith("      ") for line in others)
    assert {kind_of(entry.body) for entry in telling.entries} <= {
        kind_of(body) for body in (*HOSTILE, telling.entries[0].body)
    }


def test_an_incident_tells_all_that_was_said_and_nothing_is_obeyed():
    incident = hostile().incident
    lines = incident_lines(incident, NOON + timedelta(hours=1))
    assert all(map(is_safe, lines))
    said = {line.split("  ")[0].split(" ")[0] for line in lines}
    for name in ("level", "role", "impact", "services", "money", "cause", "trigger", "task"):
        assert name in said
    for name in ("follow-up", "link", "milestone", "reports", "resolved", "how", "not"):
        assert name in said
    assert is_safe(summary_line(summary(incident), NOON))


def test_a_quiet_incident_is_told_in_few_lines():
    telling = Telling()
    lines = incident_lines(telling.incident, NOON + timedelta(minutes=25))
    assert lines[0] == "INC-1  checkout is down"
    assert any(line.startswith("started") and line.endswith("25 min") for line in lines)
    assert len(lines) < 10


def test_what_was_declared_says_what_to_do_at_once():
    telling = Telling(level="SEV1", channel="#incident-x", links=(Link("bridge", "https://m.x"),))
    lines = declared_lines(telling.incident, SEV)
    assert lines[:3] == ["INC-1", "#incident-x", "bridge: https://m.x"]
    assert "answer within 15 min" in lines
    assert "at once: page on-call" in lines
    without = declared_lines(Telling(level="").incident, SEV)
    assert without[-1] == "no level yet; one of: SEV1, SEV2, SEV3, SEV4"
    evil = Scale((Step(name="SEV1", meaning=EVIL, told=(EVIL,), first=(EVIL,)),))
    assert all(map(is_safe, declared_lines(telling.incident, evil)))


def test_conditions_say_whether_they_are_met():
    found = (
        Condition(name="all signals OK", met=True, words="OK"),
        Condition(name=EVIL, met=False, words=EVIL),
    )
    first, second = condition_lines(found)
    assert first == "met      all signals OK: OK"
    assert second.startswith("NOT MET  a")
    assert is_safe(second)


def test_entries_stand_as_they_happened_and_as_it_is_known_by_now():
    telling = Telling()
    telling.pass_(10)
    telling.write(Note(text="two"))
    telling.write(Note(text="one"), happened=NOON + timedelta(minutes=1))
    telling.write(Correction(entry=2, at=NOON - timedelta(minutes=5)))
    assert [e.number for e in in_order(telling.entries, telling.incident.corrections)] == [
        2,
        1,
        3,
        4,
    ]


def test_a_late_entry_says_so_and_a_key_event_is_marked():
    telling = Telling()
    telling.pass_(10)
    telling.write(Note(text="late"), happened=NOON)
    telling.write(Mark(entry=2))
    (line,) = entry_lines(telling.entries[1], telling.incident, unicode=False)
    assert line == (
        "2026-11-27 12:00:00Z    2*. note      ana: late (written 2026-11-27 12:10:00Z)"
    )


def test_json_is_ascii_and_lossless(capsys):
    out_json({"text": "\x9b\u202e\x7f\x1b ö 😀", 7: (1, 2)}, indent=None)
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert not set(printed) & {"\x1b", "\x7f"}
    assert msgspec.json.decode(printed) == {"text": "\x9b\u202e\x7f\x1b ö 😀", "7": [1, 2]}


# --- what is read ---------------------------------------------------------------------------


@given(st.binary(max_size=400), st.integers(1, 3_000))
def test_whatever_is_piped_fits_into_notes(piece, times):
    data = (piece * times)[: MOST + 1]
    found = from_bytes(data)
    assert found.cut or len(data) <= MOST
    for text in found.texts:
        assert 0 < len(text) <= LONGEST
        assert all(is_safe(line) for line in text.split("\n"))


@given(st.lists(st.text("abc ", max_size=300), max_size=400))
def test_nothing_is_lost_in_the_splitting(lines):
    text = "\n".join(lines)
    found = notes(text)
    parts = [part.split("\n", 1)[1] if len(found.texts) > 1 else part for part in found.texts]
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert not found.cut


def test_a_line_without_an_end_is_split_all_the_same():
    found = notes("x" * 50_000)
    assert [text.count("x") for text in found.texts] == [15_900, 15_900, 15_900, 2_300]
    assert found.texts[1].startswith("(part 2 of 4)\n")


def test_what_is_cut_is_said_in_the_last_note():
    found = from_bytes(b"\xc3\xa4" * MOST)
    assert found.cut
    assert found.texts[-1].endswith(CUT)
    assert notes("\t" * MOST + "x").cut


def test_clean_text_keeps_its_lines():
    assert clean("\n\na\r\n\tb\rc  \n\n") == "a\n    b\nc"
    assert clean("\ud800") == "\\ud800"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("11:50", -10), ("-10m", -10), (" 11:50z ", -10), ("2026-11-27T12:55:00+01:00", -5)],
)
def test_moments(text, minutes):
    assert moment(text, NOON, "--at") == NOON + timedelta(minutes=minutes)
    assert moment("yesterday 23:50", NOON, "--at") == datetime(2026, 11, 26, 23, 50, tzinfo=UTC)
    assert moment("", NOON, "--at") is None


@pytest.mark.parametrize(
    "text", ["soon", "10m", "12:05 x", "2026-11-27T12:00+1", "2999-01-01 00:00", "25:00", EVIL]
)
def test_what_is_no_moment_is_refused_with_the_option(text):
    with pytest.raises(UsageError, match="--at") as caught:
        moment(text, NOON, "--at")
    assert is_safe(str(caught.value))


def one(name: str, minutes: int, *, over: bool = False) -> Summary:
    at = NOON + timedelta(minutes=minutes)
    return Summary(
        id=name,
        title=EVIL,
        level="SEV1",
        status="x",
        started=at,
        declared=at,
        resolved=at if over else None,
    )


def test_which_incident_is_meant():
    open_one, older = one("INC-20261127-002", 2), one("INC-20261127-001", 1, over=True)
    assert to_write((open_one, older), "") == open_one
    assert to_write((open_one, older), "inc-20261127-001") == older
    assert to_read((older,), "") == older
    for known, name in (((older,), ""), ((), "x"), ((open_one, one("b", 0)), ""), ((), "")):
        with pytest.raises(NotDoneError) as caught:
            to_write(known, name)
        assert all(is_safe(line) for line in caught.value.explain().split("\n"))
    with pytest.raises(NotDoneError, match="no incident yet"):
        to_read((), "")


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("INC-20261127-001", True),
        ("inc20261127001", True),
        ("INC-20261127-010", True),
        ("rollback", False),
        ("3f2c", False),
        ("incident", False),
    ],
)
def test_what_looks_like_an_id_is_not_taken_for_words(word, named):
    assert is_named((one("INC-20261127-001", 1),), word) is named


def test_every_kind_of_entry_was_tried():
    tried = {type(body) for body in HOSTILE}
    missing = {kind.__name__ for kind in get_args(Body)} - {kind.__name__ for kind in tried}
    assert missing <= {"Declared", "Observed", "Phase", "StartList", "Seen"}
