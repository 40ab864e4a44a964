"""Incidents through the engine's own parts, on a real journal."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.incident_rooms import ANA, IncidentRoom
from warroom.errors import IncidentError
from warroom.incident.actor import Actor
from warroom.incident.assessment import Assessment
from warroom.incident.entries import (
    Declared,
    Milestone,
    Nag,
    Note,
    Observed,
    Reopened,
    Resolved,
    Role,
    Severity,
    Status,
    Task,
)
from warroom.incident.procedures import Procedures, RoleKind, Rung, StatusStep
from warroom.severity import Scale, Step


@pytest.fixture
def room(tmp_path: Path) -> Iterator[IncidentRoom]:
    made = IncidentRoom(tmp_path)
    yield made
    made.close()


def test_declaring_looks_back_half_an_hour(room: IncidentRoom) -> None:
    room.poll(100)
    room.poll(3000)
    first_red = room.clock.now()
    room.clock.pass_(120)
    name = room.declare()
    declared, *before = room.bodies(name)
    assert isinstance(declared, Declared)
    assert (declared.title, declared.board) == ("checkout is down", "SEV2")
    assert name == "INC-20260301-001"
    assert all(isinstance(body, Observed) for body in before)
    assert any("api slow" in body.text for body in before)
    entries = room.incidents.book.newest(name)
    assert min(entry.happened for entry in entries) == first_red
    assert {entry.written for entry in entries} == {room.clock.now()}


def test_afterwards_what_the_watch_sees_comes_in_by_itself(room: IncidentRoom) -> None:
    room.poll(100)
    one, two = room.declare("one"), room.declare("two")
    room.poll(3000)
    room.settle()
    for name in (one, two):
        seen = [body.text for body in room.bodies(name) if isinstance(body, Observed)]
        assert any(text.startswith("api OK → SEV2") for text in seen)


def test_a_level_comes_from_the_assessment_and_the_time_it_has_been_down(
    room: IncidentRoom,
) -> None:
    said = Assessment(impact="core feature down", share=30)
    assert room.live(room.declare(assessment=said)).level == "SEV2"
    long_ago = room.clock.now() - timedelta(hours=2)
    late = room.live(room.declare(assessment=said, started=long_ago))
    assert (late.level, late.started) == ("SEV1", long_ago)
    assert room.live(room.declare(assessment=said, level="SEV4")).level == "SEV4"
    with pytest.raises(IncidentError, match="SEV9 is no level here"):
        room.declare(level="SEV9")
    with pytest.raises(IncidentError, match="in the future"):
        room.declare(started=room.clock.now() + timedelta(minutes=1))
    with pytest.raises(IncidentError, match="needs a title"):
        room.declare("  ")


def test_who_takes_a_role_at_once_reaches_its_milestone(room: IncidentRoom) -> None:
    name = room.declare(roles={"commander": "ana"})
    incident = room.live(name)
    assert incident.roles["commander"].person == "ana"
    assert "commander assigned" in incident.milestones


def test_sent_twice_it_is_written_once(room: IncidentRoom) -> None:
    name = room.declare(once="same")
    assert room.declare("another title", once="same") == name
    first = room.post(name, Note(text="hello"), once="n")
    again = room.post(name, Note(text="hello"), once="n")
    assert again.entry == first.entry
    room.restart()
    assert room.post(name, Note(text="hello"), once="n").entry == first.entry
    assert sum(isinstance(body, Note) for body in room.bodies(name)) == 1


def test_nobody_commands_is_said_once_two_minutes_after(room: IncidentRoom) -> None:
    name = room.declare(level="SEV2")
    for _ in range(10):
        room.look(30)
    room.restart()
    room.look(30)
    nags = [b for b in room.bodies(name) if isinstance(b, Nag) and "commander" in b.key]
    assert len(nags) == 1


def test_it_is_resolved_when_all_is_well_or_with_a_reason(room: IncidentRoom) -> None:
    room.poll(3000)
    name = room.declare(level="SEV2")
    refused = room.resolve(name)
    assert not refused.ok
    assert any(not condition.met for condition in refused.conditions)
    assert room.live(name).open
    asked = room.resolve(name, only_ask=True)
    assert asked.ok
    assert asked.conditions == refused.conditions
    done = room.resolve(name, how="rollback", text="rolled back", override="only the demo is red")
    assert done.ok
    incident = room.live(name)
    assert not incident.open
    assert incident.status == "Resolved"
    assert isinstance(incident.resolution, Resolved)
    assert incident.resolution.override == "only the demo is red"
    assert incident.resolution.unmet
    with pytest.raises(IncidentError, match="resolved already"):
        room.resolve(name)
    room.post(name, Note(text="afterwards"))
    room.post(name, Reopened(reason="it is back"))
    assert room.live(name).open


def test_one_that_was_resolved_long_ago_is_read_again_when_somebody_writes(
    room: IncidentRoom,
) -> None:
    name = room.declare()
    room.resolve(name, override="it was a drill")
    room.look(3600)
    assert room.incidents.book.incident(name) is not None, "something is still due"
    room.look(40 * 86_400)
    room.look()
    room.look()
    room.look(3600)
    assert room.incidents.book.incident(name) is None
    room.post(name, Note(text="the post-mortem is written"))
    assert room.live(name).number == room.kept(name).number
    room.restart()
    room.post(name, Note(text="and read"))
    assert room.kept(name) == room.live(name)
    room.clock.pass_(60)
    second = room.declare("another")
    assert room.all() == [second, name]


def test_an_incident_outlives_the_engine(room: IncidentRoom) -> None:
    name = room.declare(level="SEV1")
    room.post(name, Status(status="identified"))
    room.post(name, Task(who="bob", text="find the slow query", due=None))
    room.post(name, Severity(level="SEV2", reason="only some"))
    room.post(name, Role(role="commander", person="ana"))
    before = room.live(name)
    assert before.status == "Identified"
    room.restart()
    after = room.live(name)
    changed = {"number": 0, "last": 0}
    assert type(before)(**{**_fields(before), **changed}) == type(after)(
        **{**_fields(after), **changed}
    )
    assert after == room.kept(name)
    engine = [b.text for b in room.bodies(name) if isinstance(b, Observed) and b.what == "engine"]
    assert len(engine) == 2


def _fields(incident: object) -> dict[str, object]:
    from msgspec.structs import asdict

    return asdict(incident)  # type: ignore[arg-type]


def test_who_wrote_it_is_who_the_kernel_says_with_the_claimed_name_beside(
    room: IncidentRoom,
) -> None:
    name = room.declare()
    bob = Actor(name="deploy", uid=1001, attested=True, claimed="bob")
    answer = room.post(name, Note(text="mine"), actor=bob)
    assert answer.entry is not None
    assert answer.entry.actor == bob
    assert bob.shown == "bob (deploy)"
    assert room.live(name).people == ("ana", "bob")


def test_an_order_that_is_odd_is_written_and_said(room: IncidentRoom) -> None:
    name = room.declare(started=room.clock.now() - timedelta(minutes=30))
    room.post(name, Milestone(name="service restored"))
    early = room.clock.now()
    room.clock.pass_(60)
    answer = room.post(name, Milestone(name="cause identified"))
    assert answer.message
    assert room.live(name).milestones["service restored"] == early


def test_another_configuration_in_the_middle_changes_no_incident(room: IncidentRoom) -> None:
    name = room.declare(level="SEV1", roles={"commander": "ana"})
    room.post(name, Status(status="Mitigating"))
    before = room.live(name)
    scale = Scale((Step(name="red", response=60.0), Step(name="yellow")))
    other = Procedures(
        statuses=(StatusStep(name="Open"), StatusStep(name="Closed", final=True)),
        roles=(RoleKind(name="boss", leads=True),),
        escalation=(Rung(name="boss", tell=("boss",), levels=("red",), after=0.0),),
    )
    room.config.scale, room.config.procedures = scale, other
    room.incidents.configure(room.config)
    room.board.configure(room.config, {"api": {"api.latency_p95": "ms"}}, {"api"})
    for _ in range(5):
        room.look(60)
    after = room.live(name)
    assert (after.level, after.status, after.roles) == (before.level, before.status, before.roles)
    assert {b.key for b in room.bodies(name) if isinstance(b, Nag)} >= {"commander"}  # nobody is
    room.post(name, Status(status="open"))
    room.post(name, Severity(level="red", reason="as it is called now"))
    room.look(1)
    assert room.live(name).level == "red"
    assert room.resolve(name, override="a drill").ok
    assert room.live(name).status == "Closed"
    assert room.kept(name) == room.live(name)


def test_a_clock_that_is_set_makes_nothing_well_for_longer(room: IncidentRoom) -> None:
    room.poll(100)
    name = room.declare()
    room.look(1)
    room.clock.step(3600)
    room.board.check()
    room.look(1)
    (well,) = [c for c in room.resolve(name, only_ask=True).conditions if "signals" in c.name]
    assert not well.met


def test_what_cannot_be_is_refused_in_words(room: IncidentRoom) -> None:
    name = room.declare()
    for body, words in (
        (Status(status="Identfied"), "Identified"),
        (Severity(level="SEV7", reason="worse"), "SEV"),
        (Role(role="comander", person="ana"), "commander"),
    ):
        with pytest.raises(IncidentError) as refused:
            room.post(name, body)
        assert words in refused.value.explain()
    with pytest.raises(IncidentError, match="there is no incident"):
        room.post("INC-0", Note(text="x"))
    assert room.post(name, Note(text="still here"), actor=ANA).ok


@pytest.mark.parametrize("by", [3600, -3600])
def test_a_clock_that_is_set_is_written_down_once_and_moves_nothing(room, by):
    name = room.declare()
    promised = room.clock.now() + timedelta(minutes=30)
    said = Task(text="roll back", who="ana", due=promised)
    room.look()
    room.post(name, said)
    room.clock.step(by)
    for _ in range(5):
        room.look(1.0)
    room.post(name, Note(text="after it"))
    told = [one for one in room.bodies(name) if isinstance(one, Observed)]
    steps = [one.text for one in told if "stepped" in one.text]
    assert len(steps) == 1
    assert steps[0].startswith(f"this machine's clock stepped by {by:+} s")
    incident = room.kept(name)
    assert incident.tasks[0].due == promised
    assert room.live(name) == incident
    numbers = [entry.number for entry in room.incidents.book.newest(name)]
    assert numbers == sorted(numbers)
