"""The gate before resolving: what must be so, and in words what is missing."""

from datetime import timedelta

import msgspec

from tests.unit.incidents import NOON, PROCEDURES, Telling
from warroom.incident.entries import Milestone, Tick
from warroom.incident.gate import NOTHING, Condition, Facts, conditions
from warroom.incident.procedures import Checklist, Gate, Item

SMALL = msgspec.structs.replace(
    PROCEDURES,
    checklists=(
        Checklist(name="recover", items=(Item(text="healthy"), Item(text="quiet")), recovery=True),
        Checklist(name="only worst", items=(Item(text="x"),), levels=("SEV1",), recovery=True),
        Checklist(name="deploy", items=(Item(text="y"),), alone=True, recovery=True),
    ),
    gate=Gate(well_for=300.0, checks=("smoke",)),
)


def ask(telling: Telling, **facts: object) -> list[Condition]:
    found = conditions(telling.incident, telling.procedures, Facts(**facts), telling.now)  # type: ignore[arg-type]
    return list(found)


def test_the_recovery_list_says_what_is_missing():
    telling = Telling(procedures=SMALL)
    telling.say(Tick(checklist="recover", item="healthy"))
    assert ask(telling)[0] == Condition(
        name="checklist recover", met=False, words="1 of 2 done: missing quiet"
    )
    telling.say(Tick(checklist="recover", item="quiet"))
    assert ask(telling)[0] == Condition(name="checklist recover", met=True, words="2 of 2 done")


def test_the_lists_of_other_levels_and_of_deployments_are_not_asked_for():
    names = [condition.name for condition in ask(Telling(procedures=SMALL))]
    assert names == ["checklist recover", "all signals OK", "smoke is well after the declaration"]
    worst = [condition.name for condition in ask(Telling("SEV1", SMALL))]
    assert worst[:2] == ["checklist recover", "checklist only worst"]


def test_a_team_may_ask_for_no_list():
    gate = msgspec.structs.replace(SMALL, gate=Gate(recovery=False))
    assert [condition.name for condition in ask(Telling(procedures=gate))] == ["all signals OK"]


def signals(**facts: object) -> Condition:
    return ask(Telling(procedures=SMALL), **facts)[1]


def test_the_signals_must_be_well_for_a_while():
    name = "all signals OK"
    assert signals(worst="api is SEV2") == Condition(name=name, met=False, words="api is SEV2")
    two = signals(well_since=NOON - timedelta(minutes=2))
    assert two == Condition(name=name, met=False, words="OK for 2 of 5 min")
    five = signals(well_since=NOON - timedelta(minutes=5))
    assert five == Condition(name=name, met=True, words="OK for 5 min and more")
    ahead = signals(well_since=NOON + timedelta(minutes=9))
    assert ahead == Condition(name=name, met=False, words="OK for 0 of 5 min")


def test_a_signal_that_is_bad_by_now_is_not_outvoted_by_the_past():
    assert not signals(well_since=NOON - timedelta(hours=1), worst="api is SEV2").met


def test_a_room_that_watches_nothing_has_nothing_against_it():
    assert signals(well_since=NOON - timedelta(days=9), worst=NOTHING).met


def smoke(telling: Telling, at: object) -> Condition:
    return ask(telling, passed={"smoke": at})[2]


def test_a_check_must_have_passed_after_the_fix():
    telling = Telling(procedures=SMALL)
    telling.pass_(10)
    telling.say(Milestone(name="mitigation deployed"))
    telling.pass_(5)
    before = smoke(telling, NOON + timedelta(minutes=9))
    assert before == Condition(
        name="smoke is well after the fix",
        met=False,
        words="last seen well at 12:09Z, before the fix of 12:10Z",
    )
    assert smoke(telling, NOON + timedelta(minutes=10)).met
    assert smoke(telling, None).words == "smoke is not seen to be well"


def test_without_a_fix_a_check_must_have_passed_after_the_declaration():
    telling = Telling(procedures=SMALL)
    assert not smoke(telling, NOON - timedelta(seconds=1)).met
    assert smoke(telling, NOON).met
    assert not ask(telling)[2].met
