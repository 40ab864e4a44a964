"""What people say, completed and judged before it is written down."""

from datetime import datetime, timedelta

import msgspec
import pytest

from tests.unit.incidents import NOON, PROCEDURES, SEV, Telling
from warroom.errors import IncidentError
from warroom.incident.assessment import Assessment
from warroom.incident.entries import (
    Cause,
    Correction,
    Decision,
    FollowUp,
    Impact,
    Mark,
    Milestone,
    Nag,
    Note,
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
)
from warroom.incident.settle import Settled, settled
from warroom.severity import P


def refused(telling: Telling, body) -> tuple[str, str]:
    with pytest.raises(IncidentError) as caught:
        telling.settle(body)
    return str(caught.value), caught.value.hint


# --- level, status, phase -----------------------------------------------------------------


@pytest.mark.parametrize("spelled", ["SEV1", "sev1", "SEV-1", "sev 1", "1"])
def test_a_level_in_any_spelling_is_the_teams(spelled):
    done = Telling("SEV3").settle(Severity(level=spelled, reason="all down"))
    assert done.body == Severity(level="SEV1", reason="all down", before="SEV3")


def test_a_bare_number_is_the_level_that_bears_it():
    done = settled(
        Telling("").incident, Severity(level="1"), PROCEDURES, P, happened=NOON, now=NOON
    )
    assert done.body == Severity(level="P1")


def test_another_level_needs_a_reason_and_the_first_does_not():
    words = refused(Telling("SEV3"), Severity(level="SEV1", reason=" "))
    assert words == ("why is it SEV1 and no longer SEV3?", "say the reason too")
    assert Telling("").settle(Severity(level="SEV1")).body == Severity(level="SEV1")


def test_the_same_level_again_needs_something_to_say():
    assert refused(Telling("SEV3"), Severity(level="SEV3"))[0] == "it is SEV3 already"
    Telling("SEV3").settle(Severity(level="SEV3", assessment=Assessment(impact="slowness")))


def test_an_unknown_level_names_the_nearest():
    words = refused(Telling(), Severity(level="SEV9", reason="x"))
    assert words[0] == "SEV9 is not a level here"
    assert "one of: SEV1, SEV2, SEV3, SEV4" in words[1]


def test_a_status_enters_its_phase():
    telling = Telling()
    done = telling.say(Status(status="monitoring", text="looks good"))
    assert done == Settled(
        Status(status="Monitoring", before="Investigating", text="looks good"),
        also=(Phase(phase="recover", before="detect"),),
    )
    assert (telling.incident.status, telling.incident.phase) == ("Monitoring", "recover")


def test_any_move_is_allowed_also_back():
    telling = Telling()
    for name in ("Monitoring", "Investigating", "Mitigating", "Identified"):
        telling.say(Status(status=name))
        assert telling.incident.status == name


def test_the_phase_it_is_in_already_is_not_entered_again():
    telling = Telling()
    telling.say(Status(status="Identified"))
    assert telling.settle(Status(status="Mitigating")).also == ()


def test_the_final_status_is_reached_by_resolving():
    words = refused(Telling(), Status(status="resolved"))
    assert words == ("Resolved is no mere status", "resolve with /resolve")


def test_a_resolved_incident_is_reopened_first():
    telling = Telling()
    telling.write(Resolved(status="Resolved"))
    assert "is resolved" in refused(telling, Status(status="Monitoring"))[0]
    done = telling.say(Reopened(reason="it is back"))
    assert done.body == Reopened(reason="it is back", status="Investigating")
    assert telling.incident.open
    assert refused(telling, Reopened(reason="x"))[0] == "INC-1 is open"


@pytest.mark.parametrize(
    ("body", "words", "near"),
    [
        (Status(status="Monitering"), "Monitering is not a status here", "Monitoring"),
        (Phase(phase="detekt"), "detekt is not a phase here", "detect"),
        (Role(role="comander", person="x"), "comander is not a role here", "commander"),
        (Milestone(name="aknowledged"), "aknowledged is not a milestone here", "acknowledged"),
        (Tick(checklist="recovr", item="x"), "recovr is not a checklist here", "recover"),
        (
            Tick(checklist="recover", item="Smoke test passes"),
            "Smoke test passes is not an item of that list here",
            "Smoke tests pass",
        ),
        (FollowUp(text="x", sort="prevnt"), "prevnt is not a kind of follow-up here", "prevent"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(body, words, near):
    said, hint = refused(Telling(), body)
    assert said == words
    assert hint.startswith(f"did you mean {near}?")


# --- milestones and roles -----------------------------------------------------------------


def test_a_milestone_out_of_order_is_recorded_and_told():
    telling = Telling()
    telling.pass_(10)
    telling.say(Milestone(name="mitigation deployed"))
    telling.pass_(5)
    done = telling.say(Milestone(name="cause identified"))
    odd = "cause identified at 12:15Z is after mitigation deployed, which was reached at 12:10Z"
    assert (done.warning, done.body) == (odd, Milestone(name="cause identified", odd=odd))
    assert "cause identified" in telling.incident.milestones


def test_a_milestone_entered_later_with_its_time_is_in_order():
    telling = Telling()
    telling.pass_(10)
    telling.say(Milestone(name="mitigation deployed"))
    earlier = NOON + timedelta(minutes=8)
    assert telling.say(Milestone(name="cause identified"), happened=earlier).warning == ""
    late = telling.settle(Milestone(name="service restored"), happened=NOON + timedelta(minutes=9))
    assert late.warning.startswith("service restored at 12:09Z is before mitigation deployed")


def test_a_milestone_before_the_incident_began_is_odd():
    done = Telling().settle(Milestone(name="acknowledged"), happened=NOON - timedelta(days=1))
    assert "before the incident began" in done.warning


def test_a_milestone_reached_again_gets_the_new_time_and_says_so():
    telling = Telling()
    telling.say(Milestone(name="acknowledged"))
    telling.pass_(1)
    done = telling.say(Milestone(name="acknowledged"))
    assert done.warning == "it was reached at 12:00Z; the new time counts"
    assert telling.incident.milestones["acknowledged"] == telling.now


def test_the_first_commander_reaches_the_milestone():
    telling = Telling()
    done = telling.say(Role(role="Commander", person=" ana "))
    assert done.body == Role(role="commander", person="ana")
    assert done.also == (Milestone(name="commander assigned"),)
    done = telling.say(Role(role="commander", person="bob", brief="you know all"))
    assert (done.body.before, done.also) == ("ana", ())
    assert telling.incident.roles["commander"].brief == "you know all"


def test_a_role_that_nobody_holds_cannot_be_given_up():
    assert refused(Telling(), Role(role="scribe", person=""))[0] == "nobody is scribe"
    telling = Telling()
    telling.say(Role(role="scribe", person="ana"))
    assert refused(telling, Role(role="scribe", person="ana"))[0] == "ana is scribe already"
    telling.say(Role(role="scribe", person=""))
    assert telling.incident.roles == {}


@pytest.mark.parametrize("first", ["commander", "technical lead"])
def test_who_leads_and_fixes_is_warned(first):
    telling = Telling()
    second = {"commander": "technical lead", "technical lead": "commander"}[first]
    telling.say(Role(role=first, person="ana"))
    assert telling.say(Role(role=second, person="ana")).warning == (
        f"ana is {first} too: who leads must not fix"
    )


# --- tasks, follow-ups, checklists --------------------------------------------------------


def test_tasks_are_numbered_and_what_is_not_said_of_them_stays():
    telling = Telling()
    due = NOON + timedelta(minutes=3)
    assert telling.say(Task(who="bob", text="find it", due=due)).body.task == 1
    assert telling.say(Task(who="eve", text="ask them")).body.task == 2
    done = telling.say(Task(task=1, state="done", text="it was the index")).body
    assert done == Task(
        task=1, who="bob", text="find it; done: it was the index", due=due, state="done"
    )
    assert refused(telling, Task(task=1, state="done"))[0] == "task 1 is done already, by ana"
    assert refused(telling, Task(task=7, state="done")) == ("there is no task 7", "open are: 2")


def test_a_task_that_gets_more_time_is_open_again():
    telling = Telling()
    telling.say(Task(who="nobody we know", text="find it"))
    telling.say(Task(task=1, state="dropped"))
    done = telling.say(Task(task=1, due=NOON + timedelta(minutes=9)))
    assert done.warning == "it was dropped; it is open again"
    assert telling.incident.tasks[0].state == "open"


def test_follow_ups_are_numbered_and_what_is_not_said_of_them_stays():
    telling = Telling()
    telling.say(FollowUp(text="alert on it", owner="ana", sort="Detect"))
    done = telling.say(FollowUp(item=1, ticket="SHOP-1", state="done")).body
    assert done == FollowUp(
        item=1, text="alert on it", owner="ana", sort="detect", ticket="SHOP-1", state="done"
    )
    assert refused(telling, FollowUp(item=2, state="done"))[0] == "there is no follow-up 2"


def test_a_watch_gets_its_end_and_an_early_tick_a_warning():
    telling = Telling()
    item = "Watch error rate, logs and alerts"
    watch = telling.say(Tick(checklist="after a deployment", item=item.upper(), state="watch"))
    assert watch.body.until == NOON + timedelta(minutes=30)
    assert watch.body.item == item
    done = telling.say(Tick(checklist="after a deployment", item=item))
    assert done.warning == "its watch would have ended at 12:30Z"
    assert refused(telling, Tick(checklist="recover", item="Smoke tests pass", state="watch"))[
        0
    ] == ("Smoke tests pass is not watched")


def test_a_list_begun_anew_is_open():
    telling = Telling()
    telling.say(Tick(checklist="recover", item="Smoke tests pass"))
    telling.say(StartList(checklist="Recover"))
    assert telling.incident.ticks["recover"] == {}


def of_the_room(body) -> Settled:
    return settled(None, body, PROCEDURES, SEV, happened=NOON, now=NOON)


def test_deployment_lists_need_no_incident():
    done = of_the_room(Tick(checklist="During a deployment", item="traffic is low"))
    assert done.body == Tick(checklist="during a deployment", item="Traffic is low")
    assert of_the_room(StartList(checklist="after a deployment")).body.checklist
    watch = Tick(checklist="after a deployment", item="watch error", state="watch")
    assert of_the_room(watch).body.until == NOON + timedelta(minutes=30)


@pytest.mark.parametrize(
    "body", [Note(text="x"), Tick(checklist="recover", item="Smoke tests pass")]
)
def test_nothing_else_goes_without_an_incident(body):
    with pytest.raises(IncidentError):
        of_the_room(body)


# --- what is said -------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, -1, 2, 10**18])
def test_marks_and_corrections_name_an_entry_there_is(number):
    words = (f"there is no entry {number}", "its entries are 1 to 1")
    assert refused(Telling(), Mark(entry=number)) == words
    assert refused(Telling(), Correction(entry=number, text="x")) == words


@pytest.mark.parametrize(
    "body",
    [
        Note(text=" \n"),
        Decision(text=""),
        Impact(),
        Impact(share=101),
        Impact(share=float("nan")),
        Impact(users=-1),
        Cause(),
        Cause(text=" "),
        Report(count=0),
        Task(who="bob"),
        Task(text="x"),
        FollowUp(owner="ana"),
        Correction(entry=1),
        Correction(entry=1, at=NOON + timedelta(seconds=1)),
        SetLink(name="", address="https://x"),
        SetLink(name="thread", address=""),
        SetLink(name="thread", address="not one word"),
        Title(title="  "),
        Update(text=""),
        Update(text="x", next=NOON),
        Update(text="x", next=datetime(2027, 1, 1)),  # noqa: DTZ001 - it has no zone
        Seen(nag="nobody said this"),
        Reopened(reason="x"),
        Severity(level="SEV2", assessment=Assessment(money=float("inf"))),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(body):
    assert refused(Telling(), body)[0]


def test_a_text_that_is_too_long_is_refused_whole():
    words, hint = refused(Telling(), Note(text="x" * 16_001))
    assert words == "the text has 16,001 characters; 16,000 is the most"
    assert hint
    assert Telling().settle(Note(text="x" * 16_000)).body.text == "x" * 16_000
    assert refused(Telling(), Role(role="scribe", person="x" * 201))
    assert refused(Telling(), Impact(services=("x",) * 101))


def test_text_comes_through_as_it_is():
    text = "  \x1b[2J[b]{x}\n\ttwo \N{RIGHT-TO-LEFT OVERRIDE}lines  "
    assert Telling().settle(Note(text=text)).body.text == text


def test_a_link_is_changed_by_its_name_and_taken_away():
    telling = Telling()
    telling.say(SetLink(name="Thread", address="https://a.example"))
    telling.say(SetLink(name="thread", address="https://b.example"))
    assert [(link.name, link.address) for link in telling.incident.links] == [
        ("Thread", "https://b.example")
    ]
    telling.say(SetLink(name="thread", address=""))
    assert telling.incident.links == ()


def test_a_reminder_is_seen_once_and_the_entry_says_which():
    telling = Telling()
    telling.write(Nag(key="commander", text="nobody is commander"))
    assert telling.say(Seen(nag="commander")).body.text == "nobody is commander"
    assert refused(telling, Seen(nag="commander"))[0] == "ana has seen it already"


def test_a_title_stays_on_one_line():
    assert Telling().settle(Title(title=" a\n b ")).body == Title(title="a b")


def test_a_team_without_phases_or_milestones_lives_too():
    bare = msgspec.structs.replace(PROCEDURES, phases=(), milestones=())
    telling = Telling(procedures=bare)
    assert telling.settle(Status(status="Monitoring")).also == ()
    assert telling.settle(Role(role="commander", person="ana")).also == ()
    assert "there are none here" in refused(telling, Phase(phase="x"))[1]
