"""How entries read: every kind, on any terminal, corrected and withdrawn."""

from datetime import date, timedelta
from typing import get_args

import pytest
from rich.cells import cell_len

from tests.unit.incidents import BOB, NOON, Telling
from warroom.incident.acting.bodies import (
    ActionFinished,
    ActionStarted,
    ActionVerdict,
    StillOn,
    Switched,
)
from warroom.incident.acting.plan import PlanStep, Target
from warroom.incident.entries import (
    Body,
    Cause,
    Correction,
    Decision,
    Declared,
    Due,
    FollowUp,
    Impact,
    Link,
    Mark,
    Milestone,
    Nag,
    Note,
    Observed,
    Phase,
    Reopened,
    Report,
    Resolved,
    Role,
    Seen,
    SetLink,
    Severity,
    StartList,
    Status,
    Task,
    Tick,
    Title,
    Update,
    kind_of,
)
from warroom.incident.following import Checked, Followed, PlaybookStep
from warroom.incident.outward import Delivery, Evidence, EvidenceFile, Message
from warroom.incident.words import Told, told

SOON = NOON + timedelta(minutes=3)
TEXTS: list[tuple[Body, str]] = [
    (
        ActionStarted(
            run="r1", action="roll", title="Roll back", danger="moderate", digest="ab" * 32,
            steps=(
                PlanStep(
                    action="roll", title="Roll back", lines=("vercel rollback web --yes",),
                    targets=(Target("releases:v1", "v1"),), reach="v1",
                ),
            ),
            environment="production",
        ),
        "Roll back in production, v1\nvercel rollback web --yes\non releases:v1: v1\n"
        "SHA-256 abababababab",
    ),
    (
        ActionFinished(
            run="r1", action="scale", title="Scale", outcome="succeeded", text="exit 0",
            seconds=2.0, refused=("pid 7 is gone",), output=("done",), off=("read-only",),
            on=Switched(name="workers", detail="1 → 4", until=SOON),
        ),
        "Scale SUCCEEDED after 2.0 s: exit 0\nleft alone: pid 7 is gone\n"
        "on now: workers (1 → 4), until 12:03Z\noff again: read-only\ndone",
    ),
    (
        ActionVerdict(
            run="r1", action="scale", title="Scale", verdict="HELPED", text="drain 0 → 38 jobs/s"
        ),
        "Scale HELPED: drain 0 → 38 jobs/s",
    ),
    (StillOn(name="workers", state="kept", text="sale"), "workers is kept on: sale"),
    (
        Followed(playbook="queue-backlog", title="Queue backed up", evidence=("depth 12,400", "0")),
        "Queue backed up is followed\ndepth 12,400\n0",
    ),
    (Followed(playbook="mail", state="left", text="it was DNS"), "mail is left: it was DNS"),
    (PlaybookStep(playbook="mail", step="Look"), "mail: Look, done"),
    (
        PlaybookStep(playbook="mail", step="Restart", state="no help", text="same errors"),
        "mail: Restart, done, DID NOT HELP: same errors",
    ),
    (PlaybookStep(playbook="mail", step="Look", state="open"), "mail: Look, open again"),
    (PlaybookStep(playbook="mail", step="Look", state="skipped"), "mail: Look, passed over"),
    (
        Checked(check="dig", title="Ask DNS", ok=False, text="exit 9", seconds=2.0, output=("a",)),
        "Ask DNS NOT OK after 2.0 s: exit 9\na",
    ),
    (Checked(check="dig", title="Ask DNS", ok=True, text="exit 0"), "Ask DNS OK: exit 0"),
    (Checked(check="q", title="Slow queries", text="3 rows"), "Slow queries: 3 rows"),
    (StillOn(name="workers", state="off"), "workers is off, switched off by hand"),
    (Note(text="two\nlines"), "two\nlines"),
    (Decision(text="we roll back"), "we roll back"),
    (Severity(level="SEV1", before="SEV2", reason="it spreads"), "SEV2 to SEV1: it spreads"),
    (Severity(level="SEV1"), "SEV1"),
    (Status(status="Monitoring", before="Mitigating"), "Mitigating to Monitoring"),
    (Phase(phase="recover"), "recover"),
    (Milestone(name="acknowledged", odd="it is late"), "acknowledged (it is late)"),
    (Role(role="commander", person="bob", before="ana", brief="all is said"),
     "commander: bob, from ana: all is said"),
    (Role(role="scribe", person="", before="ana"), "scribe: nobody, ana gave it up"),
    (Impact(services=("web", "api"), users=1200, share=40.0, money="$5k", data_loss=False,
            exposed=True, text="many"),
     "services web, api; 1,200 users; 40 % of users; money $5k; no data lost; DATA EXPOSED; many"),
    (Cause(text="bad deploy", trigger="x", blast_radius="y"),
     "bad deploy; trigger: x; blast radius: y"),
    (Report(count=12, via="support", text="cannot pay"), "12 reports via support: cannot pay"),
    (Report(), "1 report"),
    (Task(task=3, who="bob", text="find it", due=SOON), "3 bob, until 12:03Z: find it"),
    (Task(task=3, who="bob", text="find it", state="done"), "3 bob, done: find it"),
    (FollowUp(item=1, text="alert", owner="ana", due=date(2026, 12, 1), sort="detect",
              ticket="T-1"),
     "1 @ana due 2026-12-01 #detect T-1: alert"),
    (Mark(entry=4), "entry 4"),
    (Mark(entry=4, key=False), "entry 4 is none any more"),
    (Correction(entry=2, text="so"), "entry 2 should read: so"),
    (Correction(entry=2, text=""), "entry 2 is withdrawn"),
    (Correction(entry=2, at=SOON), "entry 2 happened 12:03Z"),
    (Tick(checklist="recover", item="Smoke tests pass"), "recover: Smoke tests pass, done"),
    (Tick(checklist="d", item="w", state="watch", until=SOON), "d: w, being watched until 12:03Z"),
    (StartList(checklist="recover"), "recover begun"),
    (SetLink(name="thread", address="https://x"), "thread: https://x"),
    (SetLink(name="thread", address=""), "thread is taken away"),
    (Title(title="all is down"), "all is down"),
    (Update(text="we look", next=SOON + timedelta(days=1)),
     "we look\nnext update 2026-11-28 12:03Z"),
    (Due(name="review", state="dropped", text="too small"), "review: dropped: too small"),
    (Message(purpose="update", text="we look\ninto it", subject="Payments", receivers=("chat",),
             next=SOON, odd=("no level",), override="now"),
     "update to chat\nPayments\nwe look\ninto it\nnext update 12:03Z\n"
     "in spite of: no level; since: now"),
    (Delivery(message=7, receiver="chat", state="unknown", text="cut off"),
     "entry 7 UNKNOWN whether it came to chat: cut off"),
    (Evidence(files=(EvidenceFile(name="signals.jsonl", size=12345, sha256="ab"),), text="saved"),
     "saved\nsignals.jsonl, 12,345 bytes, SHA-256 ab"),
    (Seen(nag="commander", text="nobody is commander"), "nobody is commander"),
    (Reopened(reason="it is back", status="Investigating"), "Investigating: it is back"),
    (Declared(title="down", started=NOON - timedelta(minutes=9), level="SEV1",
              status="Investigating", links=(Link("a", "b"),)),
     "down (SEV1, Investigating, began 11:51Z)"),
    (Declared(title="down", started=NOON), "down (no level yet, began 12:00Z)"),
    (Observed(what="level", text="api SEV2"), "api SEV2"),
    (Nag(key="k", text="escalate", who=("lead: Ana, pager 1", "legal: none")),
     "escalate\nlead: Ana, pager 1\nlegal: none"),
    (Resolved(how="rollback", text="to v41", status="Resolved", unmet=("1 of 2",), override="ok"),
     "rollback: to v41\nnot met: 1 of 2\nall the same, since: ok"),
    (Resolved(status="Resolved"), "Resolved"),
]  # fmt: skip


def read(body: Body) -> Told:
    telling = Telling()
    telling.write(Note(text="db is down"), body)
    return told(telling.entries[-1], telling.incident)


@pytest.mark.parametrize(("body", "text"), TEXTS)
def test_every_kind_reads_as_words(body, text):
    assert read(body).text == text


def test_every_kind_is_among_them_and_tells_itself_without_colour():
    kinds = {kind_of(body): read(body) for body, _ in TEXTS}
    assert set(kinds) == {cls.__struct_config__.tag for cls in get_args(Body)}
    signs = [found.sign for found in kinds.values()]
    assert len(set(signs)) == len(signs)
    plain = [found.ascii_sign for found in kinds.values()]
    assert len(set(plain)) == len(plain)
    words = [found.word for found in kinds.values()]
    assert len(set(words)) == len(words)
    assert all(len(sign) == 1 for sign in signs)
    assert all(len(sign) == 1 and sign.isascii() and sign.isprintable() for sign in plain)
    assert all(0 < len(word) <= 9 for word in words)


def test_signs_have_one_cell():
    assert all(cell_len(read(body).sign) == 1 for body, _ in TEXTS)


def test_what_the_watch_wrote_is_automatic_and_dimmed():
    assert read(Observed(what="level", text="x")).automatic
    assert read(Observed(what="level", text="x")).style == ".dim"
    assert not read(Observed(what="acknowledged", text="ana saw it")).automatic
    assert not read(Note(text="x")).automatic


def test_a_corrected_entry_says_by_whom_and_how_it_read():
    telling = Telling()
    telling.say(Note(text="db is down"))
    telling.say(Correction(entry=2, text="redis is down"), actor=BOB)
    found = told(telling.entries[1], telling.incident)
    assert found.text == (
        "redis is down\n(corrected by bob (deploy) in entry 3; it read: db is down)"
    )
    assert told(telling.entries[1]).text == "db is down"


def test_a_withdrawn_entry_stays_readable():
    telling = Telling()
    telling.say(Note(text="db is down"))
    telling.say(Correction(entry=2, text=""))
    found = told(telling.entries[1], telling.incident)
    assert (found.text, found.style) == ("(withdrawn by ana in entry 3) db is down", ".dim")


def test_a_corrected_time_says_both():
    telling = Telling()
    telling.pass_(10)
    telling.say(Note(text="db is down"))
    telling.say(Correction(entry=2, at=NOON))
    text = told(telling.entries[1], telling.incident).text
    assert text == "db is down (happened 12:00Z, not 12:10Z: corrected by ana in entry 3)"
