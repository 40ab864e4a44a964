"""Reminders: when each comes due, once, whom it names, and how long it stands."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.incidents import NOON, PROCEDURES, SEV, Telling
from warroom.incident.assessment import Assessment
from warroom.incident.dues import due_dates
from warroom.incident.entries import (
    Due,
    Impact,
    Nag,
    Note,
    Resolved,
    Role,
    Seen,
    Severity,
    Task,
    Tick,
    Update,
)
from warroom.incident.nags import due, standing
from warroom.incident.procedures import Rung


def come(telling: Telling) -> dict[str, Nag]:
    """What comes due now, written down as the engine does; by key."""
    nags = due(telling.incident, telling.procedures, SEV, telling.now)
    telling.write(*nags)
    return {nag.key: nag for nag in nags}


def stand(telling: Telling) -> list[str]:
    found = standing(telling.incident, telling.procedures, SEV, telling.now)
    return [reminder.key for reminder in found]


def test_no_commander_is_said_after_the_grace_and_once():
    telling = Telling("SEV3")
    telling.pass_(1.99)
    assert come(telling) == {}
    telling.pass_(0.01)
    assert come(telling)["commander"].text == "nobody is commander: /role commander me"
    telling.pass_(5)
    assert come(telling) == {}
    assert stand(telling) == ["commander"]
    telling.say(Role(role="commander", person="ana"))
    assert stand(telling) == []


def test_no_level_is_said_after_the_grace():
    telling = Telling("")
    telling.pass_(2)
    assert set(come(telling)) == {"commander", "severity"}


def test_an_overdue_answer_is_said_once_a_level():
    telling = Telling("SEV2", msgspec.structs.replace(PROCEDURES, escalation=(), roles=()))
    telling.pass_(29)
    assert come(telling) == {}
    telling.pass_(1)
    assert list(come(telling)) == ["response:SEV2", f"update:{NOON + timedelta(minutes=30):%FT%TZ}"]
    telling.say(Severity(level="SEV1", reason="worse"))
    assert come(telling)["response:SEV1"].who == (
        "on-call: no contact is configured",
        "team lead: Ana, pager +49 1, phone +49 2",
        "leadership: no contact is configured",
    )


def test_each_missed_update_is_said_once():
    telling = Telling("SEV1")
    seen = []
    for _ in range(3):
        telling.pass_(16)
        seen += [key for key in come(telling) if key.startswith("update:")]
        seen += [key for key in come(telling) if key.startswith("update:")]
        telling.say(Update(text="we look"))
    assert seen == [
        "update:2026-11-27T12:15:00Z",
        "update:2026-11-27T12:31:00Z",
        "update:2026-11-27T12:47:00Z",
    ]


def test_a_rung_names_whom_to_tell_and_how():
    telling = Telling("SEV1")
    assert come(telling)["escalation:on-call::0s:SEV1"].who == (
        "on-call: no contact is configured",
    )
    telling.pass_(30)
    assert come(telling)["escalation:team lead::1800s:SEV1"].who == (
        "team lead: Ana, pager +49 1, phone +49 2",
    )


@pytest.mark.parametrize(
    ("said", "rung"),
    [
        (Impact(exposed=True), "breach"),
        (Impact(data_loss=True), "data lost"),
        (Impact(legal=True), "legal"),
        (
            Severity(level="SEV2", assessment=Assessment(security=True)),
            "security",
        ),
    ],
)
def test_a_condition_makes_its_rung_fire_at_any_level(said, rung):
    telling = Telling("SEV2")
    come(telling)
    telling.say(said)
    assert [key.split(":")[1] for key in come(telling)] == [rung]


def test_a_breach_tells_everybody_the_contacts_have():
    telling = Telling("SEV4")
    telling.say(Impact(exposed=True))
    assert next(nag.who for nag in come(telling).values()) == (
        "security: Security team, mail security@shop.example",
        "legal: no way to reach them is configured",
        "leadership: no contact is configured",
    )


def test_a_breach_is_suspected_until_somebody_says_that_there_was_none():
    telling = Telling("SEV2")
    come(telling)
    telling.say(Severity(level="SEV2", assessment=Assessment(security=True, data=True)))
    assert any(":breach:" in key for key in come(telling))
    telling.say(Impact(exposed=False))
    assert not any(":breach:" in key for key in stand(telling))


def test_with_a_time_and_a_condition_both_are_needed():
    rung = Rung(name="CEO", tell=("CEO",), after=3600.0, when="data exposed")
    telling = Telling("SEV4", msgspec.structs.replace(PROCEDURES, escalation=(rung,), roles=()))
    telling.say(Impact(exposed=True))
    assert come(telling) == {}
    telling.pass_(60)
    assert list(come(telling)) == ["escalation:CEO:data exposed:3600s"]


def test_a_better_level_tells_nobody_again():
    telling = Telling("SEV1")
    come(telling)
    telling.say(Severity(level="SEV2", reason="less"))
    assert come(telling) == {}
    telling.say(Severity(level="SEV1", reason="more"))
    assert come(telling) == {}


def test_a_worse_level_tells_again():
    telling = Telling("SEV2")
    come(telling)
    telling.say(Severity(level="SEV1", reason="more"))
    assert list(come(telling)) == ["escalation:on-call::0s:SEV1"]


def test_time_may_make_the_matrix_say_a_worse_level():
    telling = Telling("SEV2", assessment=Assessment(impact="core feature down", share=10))
    telling.pass_(60)
    assert not any(key.startswith("matrix") for key in come(telling))
    telling.pass_(0.1)
    found = come(telling)["matrix:SEV1"]
    assert found.text == (
        "the matrix now says SEV1 (core feature down, down over 1 h), the incident is SEV2: "
        "/sev SEV1 WHY"
    )


def test_what_the_matrix_said_when_the_level_was_chosen_is_not_said_again():
    telling = Telling("SEV3", assessment=Assessment(impact="outage"))
    telling.pass_(300)
    assert not any(key.startswith("matrix") for key in come(telling))


def test_a_tasks_time_is_up_once_for_each_time_it_was_given():
    telling = Telling("SEV4")
    telling.say(Task(who="bob", text="look", due=NOON + timedelta(minutes=1)))
    telling.pass_(1)
    assert list(come(telling)) == ["task:1:2026-11-27T12:01:00Z"]
    telling.say(Task(task=1, due=telling.now + timedelta(minutes=5)))
    assert stand(telling) == []
    telling.pass_(5)
    assert "task:1:2026-11-27T12:06:00Z" in come(telling)
    telling.say(Task(task=1, state="done"))
    assert stand(telling) == ["commander"]


def test_a_task_says_how_to_reach_who_has_it():
    telling = Telling("SEV4")
    telling.say(Task(who="ana", text="look", due=NOON))
    assert next(iter(come(telling).values())).who == ("ana: pager +49 1, phone +49 2",)


def test_who_holds_a_role_is_told_for_it():
    telling = Telling("SEV1")
    rung = Rung(name="lead", tell=("technical lead",), after=0.0)
    telling.procedures = msgspec.structs.replace(PROCEDURES, escalation=(rung,))
    telling.say(Role(role="technical lead", person="Ana"))
    assert come(telling)["escalation:lead::0s"].who == (
        "technical lead: Ana, pager +49 1, phone +49 2",
    )
    telling.say(Role(role="technical lead", person="bob"))
    found = due(telling.incident, telling.procedures, SEV, telling.now)
    assert found == ()


def test_a_watch_that_ended_is_said():
    telling = Telling("SEV4")
    item = "Watch error rate, logs and alerts"
    telling.say(Role(role="commander", person="ana"))
    telling.say(Tick(checklist="after a deployment", item=item, state="watch"))
    telling.pass_(29)
    assert come(telling) == {}
    telling.pass_(1)
    assert [key.split(":")[0] for key in come(telling)] == ["watch"]
    telling.say(Tick(checklist="after a deployment", item=item))
    assert stand(telling) == []


def test_a_commander_who_fixes_is_said_once_a_person():
    telling = Telling("SEV4")
    telling.say(Role(role="commander", person="ana"))
    warned = telling.say(Role(role="technical lead", person="Ana")).warning
    assert warned == "Ana is commander too: who leads must not fix"
    assert list(come(telling)) == ["both:ana:technical lead"]
    telling.say(Role(role="technical lead", person="bob"))
    assert stand(telling) == []


def test_what_somebody_has_seen_does_not_stand():
    telling = Telling("SEV3")
    telling.pass_(2)
    come(telling)
    telling.say(Seen(nag="commander"))
    assert stand(telling) == []
    assert telling.incident.reminders["commander"].seen == "ana"


def test_a_resolved_incident_reminds_of_what_is_due_and_of_nothing_else():
    telling = Telling("SEV1")
    telling.pass_(2)
    come(telling)
    telling.write(Resolved(status="Resolved"))
    telling.pass_(60)
    assert come(telling) == {}
    assert stand(telling) == []
    telling.pass_(70)
    assert list(come(telling)) == ["due:channel archived:2026-11-27T14:02:00Z"]
    assert come(telling) == {}
    telling.say(Due(name="channel archived"))
    assert stand(telling) == []
    telling.pass_(10 * 24 * 60)
    names = [key.split(":")[1] for key in come(telling)]
    assert names == ["first timeline", "post-mortem", "review"]
    telling.say(Due(name="review", state="dropped", text="it was small"))
    assert [key.split(":")[1] for key in stand(telling)] == ["first timeline", "post-mortem"]
    telling.say(Due(name="review", state="open"))
    assert len(stand(telling)) == 3


def test_who_was_calmed_before_its_end_is_reviewed_all_the_same():
    telling = Telling("SEV1")
    telling.say(Severity(level="SEV3", reason="it is calm"))
    telling.write(Resolved(status="Resolved"))
    names = [due.name for due in due_dates(telling.incident, PROCEDURES)]
    assert names == ["channel archived", "first timeline", "post-mortem", "review"]
    small = Telling("SEV3")
    assert due_dates(small.incident, PROCEDURES) == ()
    small.write(Resolved(status="Resolved"))
    assert len(due_dates(small.incident, PROCEDURES)) == 2


def test_a_clock_that_is_set_back_reminds_of_nothing_new():
    telling = Telling("SEV2")
    come(telling)
    telling.now = NOON - timedelta(days=2)
    assert come(telling) == {}


@given(st.lists(st.integers(-90, 400), max_size=12), st.sampled_from(["", *SEV.names]))
def test_whatever_time_does_no_reminder_comes_twice(steps, level):
    telling = Telling(level, assessment=Assessment(impact="core degraded", data=True))
    telling.say(Task(who="bob", text="look", due=NOON + timedelta(minutes=3)))
    keys: list[str] = []
    for step in steps:
        telling.pass_(step)
        telling.write(Note(text="meanwhile"))
        keys += come(telling)
    assert len(keys) == len(set(keys))
    assert set(keys) == set(telling.incident.reminders)
