"""What is still on: folded from what was switched on, kept and switched off."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.incidents import ANA, BOB, NOON
from warroom.engine.actions.log import ActionLog
from warroom.incident.acting.bodies import ActionFinished, ActionStarted, StillOn, Switched
from warroom.incident.acting.kinds import OutcomeWord
from warroom.incident.acting.still_on import On, after, still_on
from warroom.incident.actor import Actor
from warroom.incident.entries import Body, Entry


def entry(body: Body, seq: int = 1, actor: Actor = ANA, at: datetime = NOON) -> Entry:
    return Entry(
        seq=seq,
        incident="INC-1",
        number=seq,
        happened=at,
        written=at,
        actor=actor,
        body=body,
    )


def ended(
    outcome: OutcomeWord = "succeeded", on: Switched | None = None, *off: str, **more: Any
) -> ActionFinished:
    known: dict[str, Any] = {"run": "r1", "action": "scale", "title": "Scale", **more}
    return ActionFinished(outcome=outcome, on=on, off=off, **known)


def scaled(was: str, to: str, **more: Any) -> Switched:
    return Switched(name="workers", undo="scale", values={"n": was}, detail=f"{was} → {to}", **more)


def folded(*bodies: Body) -> tuple[On, ...]:
    return still_on(
        entry(body, seq, ANA if seq % 2 else BOB, NOON + timedelta(minutes=seq))
        for seq, body in enumerate(bodies, 1)
    )


FLAG = Switched(name="read-only", undo="writes_back")


def test_a_toggle_is_on_until_it_is_off() -> None:
    (on,) = folded(ended(on=FLAG))
    assert (on.name, on.by, on.undo, on.incident) == ("read-only", "ana", "writes_back", "INC-1")
    assert on.since == NOON + timedelta(minutes=1)
    assert folded(ended(on=FLAG), ended("succeeded", None, "read-only")) == ()


def test_scaled_again_it_is_on_since_the_first_time_and_from_what_it_was_then() -> None:
    first, again = ended(on=scaled("1", "4")), ended(on=scaled("4", "8"))
    (on,) = folded(first, again)
    assert (on.detail, on.values) == ("1 → 8", {"n": "1"})
    assert on.since == NOON + timedelta(minutes=1)
    assert on.by == "bob"
    assert folded(first, again, ended("succeeded", None, "workers")) == ()


def test_what_another_action_takes_back_has_that_ones_values() -> None:
    """The same thing switched on by another way has another way back: its own values."""
    other = Switched(name="workers", undo="platform_reset", values={"to": "blue"})
    (on,) = folded(ended(on=scaled("1", "4")), ended(on=other))
    assert (on.undo, on.values) == ("platform_reset", {"to": "blue"})


def test_what_may_be_on_is_on_and_says_so() -> None:
    (on,) = folded(ended("unknown", scaled("1", "4 perhaps")))
    assert on.detail == "1 → 4 perhaps"


def test_who_did_it_is_named_not_who_wrote_it_down() -> None:
    (on,) = folded(ended("unknown", Switched(name="read-only", by="carla")))
    assert on.by == "carla"


def test_kept_on_purpose_it_is_on_with_the_reason_and_not_overdue() -> None:
    until = NOON + timedelta(minutes=10)
    switched = ended(on=scaled("1", "4", until=until))
    (on,) = folded(switched)
    assert not on.overdue(until - timedelta(seconds=1))
    assert on.overdue(until)
    (on,) = folded(switched, StillOn(name="workers", state="kept", text="over the weekend"))
    assert (on.kept, on.keeper) == ("over the weekend", "bob")
    assert not on.overdue(until + timedelta(days=3))
    (on,) = folded(switched, StillOn(name="workers", state="kept"))
    assert on.kept  # a word without a reason is a word
    (on,) = folded(
        switched, StillOn(name="workers", state="kept"), ended(on=scaled("4", "8", until=until))
    )
    assert (on.kept, on.overdue(until)) == ("", True)  # what is done anew is kept anew


def test_switched_off_by_hand_it_is_off() -> None:
    assert folded(ended(on=FLAG), StillOn(name="read-only", state="off", text="by kubectl")) == ()
    assert len(folded(ended(on=FLAG), StillOn(name="another", state="off"))) == 1


NAMES = st.sampled_from(["a", "b", "c"])
BODIES = st.one_of(
    st.builds(
        ended,
        st.sampled_from(["succeeded", "unknown", "timed out"]),
        st.none() | st.builds(Switched, name=NAMES, detail=st.sampled_from(["", "1 → 2", "x"])),
    ),
    NAMES.map(lambda name: ended("succeeded", None, name)),
    st.builds(StillOn, name=NAMES, state=st.sampled_from(["kept", "off"]), text=st.text()),
    st.just(ended("failed")),
)


@given(st.lists(BODIES, max_size=25))
def test_each_is_on_once_and_only_what_was_switched_on_after_it_was_off(bodies: list[Body]) -> None:
    wanted: set[str] = set()
    on: tuple[On, ...] = ()
    for seq, body in enumerate(bodies, 1):
        on = after(on, entry(body, seq))
        if isinstance(body, ActionFinished):
            wanted -= set(body.off)
            wanted |= {body.on.name} if body.on else set()
        elif isinstance(body, StillOn) and body.state == "off":
            wanted.discard(body.name)
        names = [one.name for one in on]
        assert len(set(names)) == len(names)
        assert set(names) == wanted
    assert on == still_on(entry(body, seq) for seq, body in enumerate(bodies, 1))


# --- as the engine keeps it ---------------------------------------------------------------


def begun(run: str = "r1") -> ActionStarted:
    return ActionStarted(run=run, action="scale", title="Scale", danger="mild", digest="d")


def test_the_log_takes_each_entry_once_in_order() -> None:
    log = ActionLog()
    first, second = entry(begun()), entry(ended(on=FLAG), 2)
    assert log.take([first])
    assert [one.seq for one in log.begun] == [1]
    assert log.take([first, second])
    assert not log.take([first, second])
    assert log.begun == ()
    assert log.ended("scale") == NOON
    assert [one.name for one in log.on] == ["read-only"]


def test_the_log_knows_a_run_by_the_name_it_was_asked_for() -> None:
    log = ActionLog()
    log.take([replace(entry(begun()), once="o1"), entry(ended(), 2)])
    asked, end = log.asked("o1"), log.end("r1")
    assert asked is not None
    assert end is not None
    assert (asked.seq, end.outcome) == (1, "succeeded")
    assert log.asked("") is None
    assert log.asked("o2") is None
