"""What the console knows of incidents, folded from what the engine says."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from warroom import __version__
from warroom.console.state import RoomState
from warroom.incident.actor import WARROOM
from warroom.incident.entries import Declared, Entry, Note, Resolved
from warroom.incident.fold import applied
from warroom.incident.incident import Incident
from warroom.severity import SEV
from warroom.wire import PROTOCOL, Timeline, Welcome

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WELCOME = Welcome(
    protocol=PROTOCOL, version=__version__, pid=1, granted="act", actor=WARROOM, scale=SEV
)


def entries(name: str, *bodies: object) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            seq=at,
            incident=name,
            number=at,
            happened=NOON,
            written=NOON,
            actor=WARROOM,
            body=body,  # type: ignore[arg-type]
        )
        for at, body in enumerate(bodies, 1)
    )


def folded(found: tuple[Entry, ...]) -> Incident:
    incident = None
    for entry in found:
        incident = applied(incident, entry)
    assert incident is not None
    return incident


def telling(*of: tuple[Entry, ...], whole: bool = True) -> Timeline:
    return Timeline(
        incidents=tuple(map(folded, of)),
        entries=tuple(entry for found in of for entry in found),
        whole=whole,
    )


DECLARED = Declared(title="down", started=NOON)
OPEN = entries("INC-1", DECLARED, Note(text="a"))
OVER = entries("INC-0", DECLARED, Resolved())


def test_until_the_engine_has_said_which_there_are_none_is_not_known_to_be_open() -> None:
    state = RoomState().taking(WELCOME, 0.0)
    assert not state.told
    state = state.taking(telling(), 0.0)
    assert state.told
    assert not state.taking(WELCOME, 1.0).told


def test_one_that_is_over_and_was_chosen_outlives_a_lost_engine() -> None:
    state = RoomState().taking(telling(OPEN), 0.0)
    state = replace(
        state,
        incidents=(folded(OVER), *state.incidents),
        entries={**state.entries, "INC-0": OVER},
    )
    again = state.losing("gone").taking(WELCOME, 1.0).taking(telling(OPEN), 1.0)
    assert again.shown("INC-0", NOON) == folded(OVER)
    assert again.entries == {"INC-0": OVER, "INC-1": OPEN}
    # One that was open then and is not told of any more is over by now: nothing stale is shown.
    gone = state.taking(telling(), 2.0)
    assert [one.id for one in gone.incidents] == ["INC-0"]
    assert set(gone.entries) == {"INC-0"}


def test_one_that_was_resolved_stays_on_the_screen_for_a_while() -> None:
    state = RoomState().taking(telling(OVER), 0.0)
    assert state.shown("", NOON + timedelta(minutes=9)) == folded(OVER)
    assert state.shown("", NOON + timedelta(minutes=11)) is None
    both = state.taking(telling(OPEN, whole=False), 0.0)
    assert both.shown("", NOON) == folded(OPEN)


def test_a_gap_lets_go_of_what_is_before_it_and_older_ones_come_back_in() -> None:
    notes = entries("INC-1", DECLARED, *(Note(text=str(n)) for n in range(9)))
    state = RoomState().taking(telling(notes[:2]), 0.0)
    state = state.taking(replace(telling(notes, whole=False), entries=notes[5:]), 0.0)
    assert state.entries["INC-1"] == notes[5:]
    assert state.with_older("INC-1", notes[1:4]).entries["INC-1"] == notes[5:]  # it does not fit
    assert state.with_older("INC-1", notes[:5]).entries["INC-1"] == notes


def test_of_what_is_long_over_the_last_entry_stays_until_it_is_chosen() -> None:
    long = entries("INC-0", DECLARED, Note(text="a"), Resolved())
    state = RoomState().taking(telling(long, OPEN), 0.0)
    soon, late = NOON + timedelta(minutes=10), NOON + timedelta(minutes=11)
    assert state.lean("", soon) is state
    assert state.lean("INC-0", late) is state
    lean = state.lean("", late)
    assert lean.entries == {"INC-0": long[-1:], "INC-1": OPEN}
    assert lean.incidents == state.incidents
    assert lean.lean("", late) is lean
    assert lean.with_older("INC-0", long[:2]).entries["INC-0"] == long
