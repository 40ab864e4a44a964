"""Playbooks in an engine: proposed while they fit, written down once, told once, never run."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.unit.incidents import BOB
from tests.unit.playbook_engines import GONE, SLOW, PlaybookRoom
from warroom.errors import IncidentError
from warroom.incident.entries import Observed
from warroom.incident.following import Followed, PlaybookStep


@pytest.fixture
def room(tmp_path: Path) -> Iterator[PlaybookRoom]:
    made = PlaybookRoom(tmp_path)
    yield made
    made.close()


def proposed(room: PlaybookRoom, incident: str) -> list[Observed]:
    bodies = room.bodies(incident)
    return [b for b in bodies if isinstance(b, Observed) and b.what == "proposed"]


# --- proposed -----------------------------------------------------------------------------


def test_one_that_fits_is_proposed_until_it_does_not(room):
    room.poll(100.0)
    room.look()
    assert room.fitting == []
    room.slow()
    (found,) = room.board.proposals
    assert (found.playbook, found.title) == ("performance", "It is slow")
    assert "3.0 s over 2.0 s" in found.evidence[0]
    for _ in range(2):
        room.poll(100.0)
        room.look()
    assert room.fitting == []
    assert not any(check.runs for check in room.checks.values())


def test_another_one_takes_its_place(room):
    room.slow()
    for _ in range(2):
        room.lose()
    room.look()
    assert "outage" in room.fitting


def test_consoles_are_told_of_what_changed_and_of_nothing_else(room):
    room.look()
    assert room.times_told() == 0
    room.slow()
    assert room.times_told() == 1
    for _ in range(8):
        room.look()  # four seconds: the words say the same
    assert room.times_told() == 1
    for _ in range(16):
        room.look()  # and now they say for how long
    assert room.times_told() == 2
    before = len(room.news)
    room.look()
    assert len(room.news) == before


def test_what_fits_is_looked_at_once_a_second_for_many_polls(room, monkeypatch):
    counted = itertools.count()
    look = room.playbooks._look
    monkeypatch.setattr(room.playbooks, "_look", lambda: (next(counted), look()))
    room.slow()
    before = next(counted)
    for _ in range(10):
        room.look(0.1)
    assert next(counted) - before <= 2


# --- written down -------------------------------------------------------------------------


def test_it_is_written_once_for_each_incident_however_it_flaps(room):
    first = room.declare()
    for _ in range(3):
        room.slow()
        for _ in range(2):
            room.poll(100.0)
            room.look()
    (entry,) = proposed(room, first)
    assert entry.text.startswith("playbook It is slow fits: api: latency_p95 3.0 s over 2.0 s")
    assert room.live(first).proposed == ("performance",)
    second = room.declare("again")
    room.slow()
    room.look()
    assert len(proposed(room, first)) == len(proposed(room, second)) == 1


def test_of_many_that_fit_the_best_three_are_written(tmp_path):
    books = [msgspec.structs.replace(SLOW, name=f"slow-{n}", title=f"Slow {n}") for n in range(9)]
    room = PlaybookRoom(tmp_path, *books)
    name = room.declare()
    room.slow()
    assert len(room.fitting) == 9
    assert [one.playbook for one in proposed(room, name)] == room.fitting[:3]
    room.close()


def test_another_engine_does_not_write_it_again(room):
    name = room.declare()
    room.slow()
    room.restart()
    room.slow()
    assert len(proposed(room, name)) == 1


def test_nothing_is_written_of_one_that_is_followed_or_without_an_incident(room):
    room.slow()
    name = room.declare()
    room.post(name, Followed(playbook="performance"))
    room.look()
    assert proposed(room, name) == []


# --- followed -----------------------------------------------------------------------------


def test_following_takes_the_rooms_spelling_and_what_holds_now(room):
    room.slow()
    name = room.declare()
    room.post(name, Followed(playbook="Performance"))
    (followed,) = room.live(name).playbooks
    assert (followed.name, followed.title, followed.by) == ("performance", "It is slow", "ana")
    assert followed.evidence == room.board.proposals[0].evidence
    room.post(name, PlaybookStep(playbook="performance", step="restart it", state="no help"), BOB)
    (followed,) = room.live(name).playbooks
    assert followed.steps["Restart it"].state == "no help"
    assert room.kept(name) == room.live(name)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (Followed(playbook="performence"), "did you mean performance?"),
        (PlaybookStep(playbook="nothing", step="x"), "one of: performance, outage"),
        (PlaybookStep(playbook="performance", step="Restart them"), "did you mean Restart it?"),
    ],
)
def test_what_is_not_on_the_shelf_is_refused_and_the_nearest_named(room, body, words):
    name = room.declare()
    room.post(name, Followed(playbook="performance"))
    with pytest.raises(IncidentError) as caught:
        room.post(name, body)
    assert words in caught.value.hint


def test_one_that_a_reload_took_away_can_still_be_left(room):
    name = room.declare()
    room.post(name, Followed(playbook="performance"))
    room.reload(GONE)
    room.post(name, Followed(playbook="performance", state="left"))
    assert room.live(name).playbooks[0].left is not None


def test_what_was_written_is_not_refused_when_it_is_sent_again(room):
    name = room.declare()
    room.post(name, Followed(playbook="performance"), once="mine")
    room.reload(GONE)
    again = room.post(name, Followed(playbook="performance"), once="mine")
    assert again.ok


# --- the shelf, and reloads ---------------------------------------------------------------


def test_the_shelf_has_all_of_them_and_how_they_stand(room):
    room.slow()
    shelf = room.playbooks.shelf()
    assert shelf.playbooks == (SLOW, GONE)
    assert shelf.proposals == room.board.proposals
    assert [one.holds for one in shelf.seen["performance"]] == ["holds"]
    assert [one.holds for one in shelf.seen["outage"]] == ["no"]
    dig, burst = shelf.checks
    assert (dig.name, dig.title, dig.kind, dig.what) == (
        "dig", "Ask DNS", "command", "dig shop.example",
    )  # fmt: skip
    assert (burst.title, burst.deadline) == ("burst", 2.0)


def test_a_reload_keeps_what_held(room):
    room.slow()
    since = room.board.proposals[0].since
    other = msgspec.structs.replace(SLOW, title="Slow as treacle")
    room.reload(other)
    (found,) = room.board.proposals
    assert (found.title, found.since) == ("Slow as treacle", since)
    room.reload()
    assert room.fitting == []


def test_a_symptom_that_a_reload_changed_begins_anew(room):
    room.slow()
    (symptom,) = SLOW.symptoms
    other: Any = msgspec.structs.replace(symptom, weight=5)
    room.reload(msgspec.structs.replace(SLOW, symptoms=(other,)))
    assert room.fitting == []
    room.slow()
    assert room.fitting == ["performance"]
