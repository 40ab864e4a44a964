"""The clocks of an incident: from when, until when, and what stops them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.unit.incidents import NOON, SEV, Telling, again
from warroom.incident.clocks import Clocks, clocks
from warroom.incident.entries import Milestone, Resolved, Role, Severity, Update
from warroom.incident.fold import fold
from warroom.incident.incident import Incident
from warroom.incident.nags import due


def read(telling: Telling) -> Clocks:
    return clocks(telling.incident, telling.procedures, SEV, telling.now)


def test_time_counts_from_the_start_and_the_answer_from_the_declaration():
    telling = Telling(started=NOON - timedelta(minutes=20))
    telling.pass_(10)
    assert read(telling).since == 30 * 60
    assert read(telling).response == 20 * 60


def test_an_answer_that_is_late_is_negative():
    telling = Telling("SEV1")
    telling.pass_(16)
    assert read(telling).response == -60


@pytest.mark.parametrize(
    "said", [Milestone(name="acknowledged"), Role(role="commander", person="ana")]
)
def test_an_answer_stops_its_clock(said):
    telling = Telling()
    telling.say(said)
    assert read(telling).response is None


def test_a_commander_who_gives_the_role_up_had_answered():
    telling = Telling()
    telling.say(Role(role="commander", person="ana"))
    telling.say(Role(role="commander", person=""))
    assert read(telling).response is None


def test_without_a_level_nothing_is_due_but_time_counts():
    telling = Telling("")
    telling.pass_(1)
    assert read(telling) == Clocks(since=60.0)


def test_the_next_update_is_the_one_promised_or_the_cadence():
    telling = Telling("SEV1")
    telling.pass_(5)
    assert read(telling).update == 10 * 60  # every 15 minutes, from the declaration
    telling.say(Update(text="we look"))
    assert read(telling).update == 15 * 60
    telling.say(Update(text="we look", next=telling.now + timedelta(hours=1)))
    assert read(telling).update == 60 * 60


def test_an_update_told_of_later_does_not_undo_the_newest():
    telling = Telling("SEV1")
    telling.pass_(10)
    telling.say(Update(text="newest"))
    telling.say(Update(text="forgotten"), happened=NOON + timedelta(minutes=2))
    assert read(telling).update == 15 * 60


def test_levels_that_nobody_waits_for_have_no_update():
    assert read(Telling("SEV4")).update is None


def test_the_next_escalation_is_the_earliest_rung_not_told_yet():
    telling = Telling("SEV1")
    telling.pass_(1)
    assert (read(telling).escalation, read(telling).rung) == (-60, "on-call")
    telling.write(*due(telling.incident, telling.procedures, SEV, telling.now))
    assert (read(telling).escalation, read(telling).rung) == (29 * 60, "team lead")


def test_a_resolved_incident_says_how_long_it_lasted_and_nothing_is_due():
    telling = Telling("SEV1")
    telling.pass_(30)
    telling.write(Resolved(status="Resolved"))
    telling.pass_(600)
    assert read(telling) == Clocks(since=30 * 60.0)


@pytest.mark.trap(14, "the clock set back while an incident is open", "no negative time")
def test_a_clock_that_is_set_back_makes_no_negative_time():
    telling = Telling("SEV1")
    telling.now = NOON - timedelta(hours=3)
    assert read(telling).since == 0


def test_the_night_the_clocks_change_has_an_hour_more():
    berlin = ZoneInfo("Europe/Berlin")
    begun = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    telling = Telling("SEV1", started=begun)
    telling.now = begun
    telling.say(Update(text="we look", next=datetime(2026, 10, 25, 3, 30, tzinfo=berlin)))
    assert read(telling).update == 2 * 3600
    telling.now = datetime(2026, 10, 25, 3, 30, tzinfo=berlin)
    assert read(telling).since == 2 * 3600
    assert clocks(again_of(telling), telling.procedures, SEV, telling.now) == read(telling)


def again_of(telling: Telling) -> Incident:
    found = fold(again(telling.entries))
    assert found is not None
    return found


def test_a_worse_level_has_its_own_time_to_answer():
    telling = Telling("SEV3")
    telling.pass_(20)
    telling.say(Severity(level="SEV1", reason="it spreads"))
    assert read(telling).response == -5 * 60


def test_a_team_without_response_times_has_no_such_clock():
    scale = msgspec.structs.replace(
        SEV, steps=tuple(msgspec.structs.replace(step, response=None) for step in SEV.steps)
    )
    telling = Telling("SEV1")
    assert clocks(telling.incident, telling.procedures, scale, telling.now).response is None
