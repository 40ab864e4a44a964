"""What changed before a trouble: of one that is back, too, though the past calls it the same."""

from datetime import UTC, datetime, timedelta

from warroom.measure.change import Change
from warroom.measure.past import Noticed, Onset, Past, Step
from warroom.playbooks.changes import change_before
from warroom.playbooks.playbook import Symptom
from warroom.playbooks.sight import Sight
from warroom.severity import OK, SEV

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
DEPLOYED = Symptom(change="deployment", within=60.0)
SIGHTS = (
    Sight(name="shop", kind="prometheus", state="UP", level="SEV2", polls=9),
    Sight(name="releases", kind="command", state="UP", level=OK, polls=9),
)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def past(*steps: Step) -> Past:
    """A trouble that began at noon and lasts, and a deployment four minutes later."""
    onset = Onset(source="shop", signal="shop.error_rate", rule="errors", level="SEV2", at=NOON)
    change = Noticed("releases", Change(after(240), "deploy 1.43.0", "deployment"))
    return Past(onsets=(onset,), changes=(change,), levels=steps)


def step(seconds: float, before: str, level: str, source: str = "shop") -> Step:
    return Step(source=source, at=after(seconds), before=before, level=level)


def found(seen: Past) -> bool:
    return change_before(DEPLOYED, SIGHTS, seen, SEV, after(300)) is not None


def test_a_trouble_that_was_over_and_is_back_came_after_what_went_out_meanwhile() -> None:
    well = step(120, "SEV2", OK)
    assert found(past(step(4, OK, "SEV2"), well, step(250, OK, "SEV3")))


def test_one_that_lasted_all_along_did_not_come_from_it() -> None:
    assert not found(past(step(4, OK, "SEV3"), step(250, "SEV3", "SEV2")))
    assert not found(past(step(4, OK, "SEV3"), step(250, "SEV3", "CAN'T SEE")))


def test_nor_did_one_of_a_source_that_is_well_again() -> None:
    assert not found(past(step(4, OK, "SEV2"), step(250, OK, "SEV2", source="releases")))
