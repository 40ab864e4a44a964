"""A playbook that is followed: begun, walked, left, begun again; refused kindly."""

import msgspec
import pytest

from tests.unit.incidents import ANA, BOB, NOON, PROCEDURES, SEV, Telling
from warroom.errors import IncidentError
from warroom.incident.entries import Resolved
from warroom.incident.followed import CheckSeen, FollowedSeen, StepSeen
from warroom.incident.following import Checked, Followed, PlaybookStep
from warroom.incident.settle import settled

BEGUN = Followed(playbook="mail", title="Mail fails", evidence=("bounce rate 40 %",))
STEP = PlaybookStep(playbook="mail", step="Read the vendor's page")


def refused(telling: Telling, body: Followed | PlaybookStep) -> str:
    with pytest.raises(IncidentError) as caught:
        telling.settle(body)
    return str(caught.value)


def test_it_is_followed_walked_and_left():
    telling = Telling()
    telling.say(BEGUN)
    telling.pass_(2)
    telling.say(msgspec.structs.replace(STEP, state="no help", text="all green"), actor=BOB)
    assert telling.incident.playbooks == (
        FollowedSeen(
            name="mail",
            title="Mail fails",
            at=NOON,
            by="ana",
            evidence=("bounce rate 40 %",),
            steps={
                STEP.step: StepSeen(state="no help", by="bob", at=telling.now, text="all green")
            },
        ),
    )
    telling.say(Followed(playbook="mail", state="left"))
    assert telling.incident.playbooks[0].left == telling.now


def test_one_that_was_left_is_begun_again_with_what_was_done_of_it():
    telling = Telling()
    for body in (BEGUN, STEP, Followed(playbook="outage", title="Outage")):
        telling.say(body)
    telling.say(Followed(playbook="mail", state="left"))
    telling.pass_(5)
    telling.say(BEGUN, actor=BOB)
    outage, mail = telling.incident.playbooks
    assert (outage.name, mail.name, mail.by, mail.at) == ("outage", "mail", "bob", telling.now)
    assert mail.left is None
    assert mail.steps[STEP.step].state == "done"


def test_what_cannot_be_followed_is_refused_and_said_why():
    telling = Telling()
    assert refused(telling, Followed(playbook="mail", state="left")) == "nobody follows mail here"
    assert refused(telling, STEP) == "nobody follows mail here"
    telling.say(BEGUN)
    telling.say(STEP)
    words = refused(telling, BEGUN)
    assert words == "Mail fails is followed already, since 12:00Z, by ana"
    assert refused(telling, STEP) == "that step is done already, by ana"
    telling.say(msgspec.structs.replace(STEP, text="looked once more"))
    untouched = PlaybookStep(playbook="mail", step="Restart", state="open")
    assert refused(telling, untouched) == "that step is open already"
    telling.say(Followed(playbook="mail", state="left"))
    assert refused(telling, STEP) == "nobody follows mail here"


def test_nothing_is_begun_in_one_that_is_over_but_steps_are_still_ticked():
    telling = Telling()
    telling.say(BEGUN)
    telling.write(Resolved(how="rollback"))
    telling.say(STEP)
    assert refused(telling, Followed(playbook="outage")) == "INC-1 is resolved"


@pytest.mark.parametrize("body", [BEGUN, STEP])
def test_without_an_incident_it_is_to_be_declared_first(body):
    with pytest.raises(IncidentError) as caught:
        settled(None, body, PROCEDURES, SEV, happened=NOON, now=NOON)
    assert caught.value.hint == "declare one: warroom declare, or d"


@pytest.mark.parametrize(
    "body",
    [
        msgspec.structs.replace(BEGUN, evidence=("x" * 501,)),
        msgspec.structs.replace(BEGUN, evidence=("x",) * 101),
        msgspec.structs.replace(BEGUN, title="x" * 201),
        msgspec.structs.replace(STEP, text="x" * 16_001),
    ],
)
def test_it_has_bounds(body):
    with pytest.raises(IncidentError):
        Telling().settle(body)


def test_the_newest_run_of_a_check_is_what_the_incident_knows():
    telling = Telling()
    telling.write(Checked(check="dig", title="Ask DNS", ok=False, text="exit 9"), actor=BOB)
    telling.pass_(1)
    telling.write(Checked(check="dig", title="Ask DNS", ok=True, text="exit 0"), actor=ANA)
    telling.write(Checked(check="probe api", title="api", text="UP"))
    assert telling.incident.checked == {
        "dig": CheckSeen(at=telling.now, by="ana", entry=3, ok=True, text="exit 0"),
        "probe api": CheckSeen(at=telling.now, by="ana", entry=4, text="UP"),
    }
