"""One digest for what is shown, what runs and what is journalled."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.incidents import NOON
from warroom.incident.acting.bodies import ActionStarted
from warroom.incident.acting.plan import Plan, PlanStep, Target

STEP = PlanStep(
    action="kill",
    title="End a session",
    lines=("SELECT pg_terminate_backend(4711)",),
    targets=(Target("4711 since 12:00", "shop@10.0.0.1"),),
    reach="1 session of 41",
    rights="as operator",
    proof="shop on db-1",
    age=1.5,
    deadline=10,
    undo="",
    notes=("it rolls back",),
)
PLAN = Plan(
    action="kill",
    title="End a session",
    danger="severe",
    environment="production",
    steps=(STEP,),
    values={"session": "4711"},
    incident="INC-1",
)


def entry_of(plan: Plan) -> ActionStarted:
    return ActionStarted(
        run="r1",
        action=plan.action,
        title=plan.title,
        danger=plan.danger,
        digest=plan.digest,
        steps=plan.steps,
        values=plan.values,
        environment=plan.environment,
    )


CHANGES: list[dict[str, Any]] = [
    {"action": "kill2"},
    {"danger": "mild"},
    {"environment": "staging"},
    {"values": {"session": "4712"}},
    {"values": {}},
    {"incident": ""},
    {"steps": ()},
    {"steps": (STEP, STEP)},
    {"steps": (replace(STEP, lines=("SELECT pg_terminate_backend(4712)",)),)},
    {"steps": (replace(STEP, lines=(*STEP.lines, "")),)},
    {"steps": (replace(STEP, targets=None),)},
    {"steps": (replace(STEP, targets=(Target("4711 since 12:01", "shop@10.0.0.1"),)),)},
    {"steps": (replace(STEP, reach="41 sessions of 41"),)},
    {"steps": (replace(STEP, rights="as postgres"),)},
    {"steps": (replace(STEP, proof="shop on db-2"),)},
    {"steps": (replace(STEP, deadline=11.0),)},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_whatever_is_done_is_in_it(change: dict[str, Any]) -> None:
    assert replace(PLAN, **change).reckoned != PLAN.reckoned


def test_how_old_a_reading_is_and_when_it_was_made_are_not() -> None:
    later = replace(PLAN, made=NOON, expires_s=3.0, steps=(replace(STEP, age=9.0),), blocked="no")
    assert later.reckoned == PLAN.reckoned
    assert len(PLAN.reckoned) == 64


def test_lines_of_one_step_are_not_those_of_the_next() -> None:
    one = replace(PLAN, steps=(replace(STEP, lines=("a", "b")), replace(STEP, lines=("c",))))
    two = replace(PLAN, steps=(replace(STEP, lines=("a",)), replace(STEP, lines=("b", "c"))))
    assert one.reckoned != two.reckoned


TEXTS = st.text(max_size=20)
STEPS = st.builds(
    PlanStep,
    action=TEXTS,
    title=TEXTS,
    lines=st.lists(TEXTS, max_size=3).map(tuple),
    targets=st.none() | st.lists(st.builds(Target, TEXTS, TEXTS), max_size=3).map(tuple),
    reach=TEXTS,
    age=st.none() | st.floats(0, 100),
)
PLANS = st.builds(
    Plan,
    action=TEXTS,
    title=TEXTS,
    danger=st.sampled_from(["mild", "moderate", "severe"]),
    environment=TEXTS,
    steps=st.lists(STEPS, max_size=3).map(tuple),
    values=st.dictionaries(TEXTS, TEXTS, max_size=3),
    incident=TEXTS,
)


@given(PLANS)
def test_it_is_reckoned_again_from_the_wire_and_from_the_entry_alone(plan: Plan) -> None:
    plan = replace(plan, digest=plan.reckoned)
    over_the_wire = msgspec.json.decode(msgspec.json.encode(plan), type=Plan)
    assert over_the_wire.reckoned == plan.digest
    kept = msgspec.json.decode(msgspec.json.encode(entry_of(plan)), type=ActionStarted)
    assert kept.digest_in(plan.incident) == kept.digest == plan.digest
    assert kept.lines == plan.lines
    assert len(kept.targets) == len(plan.targets)
    assert kept.reach == plan.reach


@given(PLANS, st.randoms())
def test_the_order_in_which_values_were_given_is_nothing(plan: Plan, chance: Any) -> None:
    pairs = list(plan.values.items())
    chance.shuffle(pairs)
    assert replace(plan, values=dict(pairs)).reckoned == plan.reckoned


def test_an_entry_that_was_changed_shows() -> None:
    kept = entry_of(replace(PLAN, digest=PLAN.reckoned))
    assert kept.digest_in("INC-1") == kept.digest
    assert kept.digest_in("INC-2") != kept.digest
    assert replace(kept, environment="staging").digest_in("INC-1") != kept.digest
