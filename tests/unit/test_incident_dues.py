"""What is due after an incident: reminded of once, over restarts, until it is done."""

import shlex
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.unit.incident_rooms import ANA, IncidentRoom
from tests.unit.incidents import NOON, PROCEDURES, Telling
from warroom.cli.incident_lines import due_lines, incident_lines
from warroom.errors import IncidentError
from warroom.incident.dues import due_dates, overdue, undone
from warroom.incident.entries import Draft, Due, Nag, Note, Reopened, Resolved
from warroom.incident.incident import summary
from warroom.incident.nags import due as nags_due
from warroom.incident.nags import standing
from warroom.incident.procedures import DueStep
from warroom.incident.scribe import Posting, parse
from warroom.incident.scribe.types import Wrong
from warroom.severity import SEV

DAY = 86_400.0


@pytest.fixture
def room(tmp_path: Path) -> Iterator[IncidentRoom]:
    found = IncidentRoom(tmp_path)
    yield found
    found.close()


def reminded(room: IncidentRoom, name: str) -> list[str]:
    keys = [body.key for body in room.bodies(name) if isinstance(body, Nag)]
    return [key.split(":")[1] for key in keys if key.startswith("due:")]


def test_each_is_reminded_of_once_over_restarts(room):
    name = room.declare(level="SEV1")
    room.resolve(name, override="drill")
    room.look(3600)
    assert reminded(room, name) == []
    room.look(2 * 3600)
    assert reminded(room, name) == ["channel archived"]
    room.restart()
    room.look(3600)
    assert reminded(room, name) == ["channel archived"]
    room.post(name, Due(name="first timeline"))
    room.look(DAY)
    assert reminded(room, name) == ["channel archived"]
    room.restart()
    room.look(DAY)
    assert reminded(room, name) == ["channel archived", "post-mortem"]
    for due in ("channel archived", "post-mortem", "review"):
        room.post(name, Due(name=due))
    room.look(3600)
    assert room.incidents.book.incident(name) is None, "nothing is left to be done"
    room.restart()
    assert room.incidents.book.incident(name) is None


def test_reopened_nothing_is_due_and_then_from_its_new_end(room):
    name = room.declare(level="SEV1")
    room.resolve(name, override="drill")
    room.look(3600)
    room.post(name, Reopened(reason="it is back"))
    room.look(3 * 3600)
    assert reminded(room, name) == []
    room.resolve(name, override="drill")
    room.look(3600)
    assert reminded(room, name) == []
    room.look(3601)
    assert reminded(room, name) == ["channel archived"]


def test_many_old_incidents_are_not_read_at_the_start(room):
    names = []
    for _ in range(5):
        names.append(room.declare(level="SEV1"))
        room.resolve(names[-1], override="drill")
        room.clock.pass_(100 * DAY)
    fresh = room.declare(level="SEV1")
    room.resolve(fresh, override="drill")
    room.restart()
    assert [one.id for one in room.incidents.book.shown] == [fresh]


def test_who_dropped_it_says_why_and_what_is_not_due_is_refused():
    told = Telling(level="SEV1")
    told.write(Resolved(status="Resolved"))
    with pytest.raises(IncidentError, match="why is review dropped"):
        told.say(Due(name="review", state="dropped"))
    with pytest.raises(IncidentError, match="revue is not a thing that is due"):
        told.say(Due(name="revue"))
    told.say(Due(name="REVIEW", state="dropped", text="it was small"))
    with pytest.raises(IncidentError, match="dropped already"):
        told.say(Due(name="review", state="dropped", text=" "))
    assert [due.name for due in undone(told.incident, PROCEDURES)] == [
        "channel archived", "first timeline", "post-mortem",
    ]  # fmt: skip


def test_a_line_knows_as_much_as_the_incident():
    told = Telling(level="SEV1")
    told.write(Resolved(status="Resolved"))
    told.say(Due(name="review"))
    assert due_dates(summary(told.incident), PROCEDURES) == due_dates(told.incident, PROCEDURES)


def test_due_dates_as_lines():
    told = Telling(level="SEV1")
    told.write(Resolved(status="Resolved"))
    found = undone(told.incident, PROCEDURES)
    first, *_, last = due_lines(found, NOON + timedelta(hours=5))
    assert first.split() == [
        *("due", "2026-11-27", "14:00:00Z", "channel", "archived", "OVERDUE", "by", "3", "h", "00"),
    ]  # fmt: skip
    assert last.endswith("review  in 7 d") or "review  in 6 d" in last
    assert overdue(found[0], NOON) == -7200.0


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("/due post-mortem", Due(name="post-mortem")),
        ("/due post-mortem done", Due(name="post-mortem")),
        ("/due first timeline in the wiki", Due(name="first timeline", text="in the wiki")),
        ("/due review open", Due(name="review", state="open")),
        (
            "/due review open it was not held after all",
            Due(name="review", state="open", text="it was not held after all"),
        ),
        ("/due review drop too small", Due(name="review", state="dropped", text="too small")),
    ],
)
def test_the_scribe_says_that_it_is_done(line, body):
    found = parse(line, Telling().context())
    assert isinstance(found, Posting)
    assert found.body == body


@pytest.mark.parametrize("line", ["/due", "/due revue", "/due review drop", "/due review dropped "])
def test_the_scribe_says_what_is_wrong(line):
    assert isinstance(parse(line, Telling().context()), Wrong)


def test_an_old_incident_that_is_written_into_reminds_of_nothing(room):
    name = room.declare(level="SEV1")
    room.resolve(name, override="drill")
    room.clock.pass_(40 * DAY)
    room.restart()
    assert room.incidents.book.incident(name) is None
    room.post(name, Note(text="found in a drawer: the provider's letter"))
    room.look()
    assert room.incidents.book.incident(name) is not None
    assert reminded(room, name) == []


def test_two_weeks_after_the_last_nobody_is_reminded_any_more(room):
    name = room.declare(level="SEV1")
    room.resolve(name, override="drill")
    room.look(8 * DAY)
    found = room.live(name)

    def stands(days: float) -> int:
        now = room.clock.now() + timedelta(days=days)
        return len(standing(found, PROCEDURES, SEV, now))

    assert [stands(0), stands(12.9), stands(13.1)] == [4, 4, 0]


def test_what_is_being_written_is_not_forgotten(room):
    name = room.declare(level="SEV1")
    room.resolve(name, override="drill")
    room.clock.pass_(40 * DAY)
    room.restart()

    async def work() -> None:
        await room.incidents.ahead(name)
        note = Draft(incident=name, happened=room.clock.now(), actor=ANA, body=Note(text="late"))
        room.incidents.keeper.keep([note])
        room.incidents.look()

    room.run(work())
    room.settle()
    assert room.bodies(name)[-1] == Note(text="late")


def test_what_is_due_later_than_two_months_is_known_after_a_restart(room):
    late = DueStep(name="insurance", within=100 * DAY)
    procedures = replace(room.config.procedures, dues=(*room.config.procedures.dues, late))
    room.config.procedures = procedures
    room.incidents.configure(room.config)
    name = room.declare(level="SEV1")
    room.resolve(name, override="drill")
    room.clock.pass_(90 * DAY)
    room.restart()
    room.look(11 * DAY)
    assert reminded(room, name)[-1] == "insurance"


def test_what_is_to_be_typed_can_be_typed():
    told = Telling(level="SEV1")
    told.write(Resolved(status="Resolved"))
    dues = (DueStep(name="customer's mail", within=60.0), DueStep(name="review", within=70.0))
    procedures = replace(PROCEDURES, dues=dues)
    first, second = nags_due(told.incident, procedures, SEV, NOON + timedelta(days=1))
    assert shlex.split(first.text.partition(": warroom ")[2]) == [
        *("done", told.incident.id, "customer's mail"),
    ]  # fmt: skip
    assert second.text.endswith(f": warroom done {told.incident.id} review")


def test_an_incident_as_lines_says_what_is_still_due():
    told = Telling(level="SEV1")
    told.write(Resolved(status="Resolved"))
    told.say(Due(name="review", state="dropped", text="it was small"))
    lines = incident_lines(told.incident, NOON + timedelta(hours=5), PROCEDURES)
    found = [line for line in lines if line.startswith(("due", "after"))]
    assert found == [
        "due          2026-11-27 14:00:00Z  channel archived  OVERDUE by 3 h 00",
        "due          2026-11-28 12:00:00Z  first timeline  in 19 h 00",
        "due          2026-11-29 12:00:00Z  post-mortem  in 43 h 00",
        "after        review: dropped by ana: it was small",
    ]
