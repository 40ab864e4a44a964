"""The journal: what is read is what was written, in the same chain, and every harm is found."""

import math
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from tests.unit.fakes import FakeClock
from warroom.errors import JournalError
from warroom.incident.actor import WARROOM, Actor
from warroom.incident.entries import Body, Draft, Entry, Note
from warroom.journal.backup import back_up
from warroom.journal.chain import GENESIS
from warroom.journal.file import VERSION, sql
from warroom.journal.migrate import bring_up
from warroom.journal.reading import Reading
from warroom.journal.store import Store
from warroom.journal.verify import verify

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOSTILE = "\x1b[2J\x1b]52;c;aGk=\x07 [b]x[/b] \u202e \0 \ud800 é 🔥\n'); DROP TABLE entries; --"


def note(text: str, incident: str = "INC-1", once: str = "") -> Draft:
    return Draft(incident=incident, happened=NOON, actor=WARROOM, body=Note(text=text), once=once)


def texts(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.body.text for entry in entries if isinstance(entry.body, Note)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    made = Store(path, FakeClock())
    yield made
    made.close()


def harm(path: Path, *statements: str) -> None:
    """Do it as somebody with a tool of their own would: without the triggers."""
    connection = sqlite3.connect(path)
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


# --- written and read ---------------------------------------------------------------------


def test_entries_are_numbered_in_the_journal_and_in_their_incident(store: Store) -> None:
    made = store.append([note("a"), note("b", "INC-2"), note("c")])
    assert [(e.seq, e.incident, e.number) for e in made] == [
        (1, "INC-1", 1),
        (2, "INC-2", 1),
        (3, "INC-1", 2),
    ]
    assert [e.previous for e in made] == [GENESIS, made[0].hash, made[1].hash]
    assert store.head().hash == made[-1].hash
    assert tuple(store.all_of("INC-1")) == (made[0], made[2])


def test_a_page_before_and_a_page_after(store: Store) -> None:
    store.append([note(str(n)) for n in range(1, 11)])
    assert texts(store.entries("INC-1", limit=3)) == ["8", "9", "10"]
    assert texts(store.entries("INC-1", before=8, limit=3)) == ["5", "6", "7"]
    assert texts(store.entries("INC-1", after=8, limit=3)) == ["9", "10"]
    assert store.entries("INC-9", limit=3) == ()


def test_what_is_sent_twice_is_written_once(store: Store, path: Path) -> None:
    (first,) = store.append([note("a", once="x")])
    again = store.append([note("other", once="x"), note("b", once="y"), note("b", once="y")])
    assert again[0] == first
    assert again[1] == again[2]
    assert store.head().seq == 2
    store.close()
    other = Store(path, FakeClock())
    assert other.append([note("a", once="x")]) == (first,)
    other.close()


def is_finite(found: object) -> bool:
    """JSON has no infinity; what is said with one is refused before it comes here."""
    if isinstance(found, dict):
        return all(map(is_finite, found.values()))
    if isinstance(found, list | tuple):
        return all(map(is_finite, found))
    return not isinstance(found, float) or math.isfinite(found)


BODIES: st.SearchStrategy[Body] = st.from_type(Body).filter(  # type: ignore[arg-type]
    # Hypothesis may hand in the mark of a default that is made anew each time.
    lambda body: "<factory>" not in repr(body) and is_finite(msgspec.to_builtins(body))
)
TIMES = st.timedeltas(timedelta(0), timedelta(days=20_000)).map(lambda span: NOON + span)


@limits(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, happened=TIMES, name=st.text(max_size=30))
def test_every_kind_of_entry_comes_back_as_it_was(
    store: Store, path: Path, body: Body, happened: datetime, name: str
) -> None:
    actor = Actor(name=name, uid=7, attested=True, claimed=name[::-1])
    draft = Draft(incident="INC-1", happened=happened, actor=actor, body=body)
    (entry,) = store.append([draft])
    (read,) = store.entries("INC-1", limit=1)
    assert read == entry
    clean = all("\ud800" <= c <= "\udfff" for c in name) is False
    if clean and entry.actor == actor:
        assert (read.body, read.happened) == (body, happened)


def test_hostile_text_is_kept_as_it_was_but_for_what_is_no_text(store: Store, path: Path) -> None:
    (entry,) = store.append([note(HOSTILE, incident="INC-1", once=HOSTILE)])
    assert isinstance(entry.body, Note)
    assert entry.body.text == HOSTILE.replace("\ud800", "?")
    assert store.append([note(HOSTILE, once=HOSTILE)]) == (entry,)
    assert verify(path).fault is None


def test_which_incidents_are_open(store: Store) -> None:
    from warroom.incident.entries import Declared, Reopened, Resolved

    def put(incident: str, body: Body) -> None:
        draft = Draft(incident=incident, happened=NOON, actor=WARROOM, body=body)
        store.append([draft])

    for name in ("INC-2", "INC-1", "INC-3"):
        put(name, Declared(title=name, started=NOON))
    put("INC-1", Resolved())
    put("INC-2", Resolved())
    put("INC-2", Reopened(reason="again"))
    put("", Note(text="of the room"))
    assert store.incidents() == ("INC-2", "INC-1", "INC-3")
    assert store.open_incidents() == ("INC-2", "INC-3")


# --- never changed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET body = '{}' WHERE seq = 1",
        "DELETE FROM entries WHERE seq = 2",
        "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 1",
        "INSERT INTO entries SELECT 9, 'X', 1, happened, written, kind, actor, body, NULL, "
        "previous, hash FROM entries WHERE seq = 1",
    ],
)
def test_no_entry_is_changed_or_taken_away_by_a_statement(
    store: Store, path: Path, statement: str
) -> None:
    store.append([note("a"), note("b")])
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()
    assert verify(path).entries == 2


@pytest.mark.trap(25, "entries edited in place", "found, and the place named")
@pytest.mark.parametrize(
    ("statement", "place", "words"),
    [
        (
            'UPDATE entries SET body = replace(body, "three", "drei") WHERE seq = 3',
            3,
            "changed after it was written",
        ),
        ('UPDATE entries SET actor = \'{"name":"eve"}\' WHERE seq = 4', 4, "changed"),
        ("UPDATE entries SET happened = written || '' WHERE seq = 2", 2, "changed"),
        ("DELETE FROM entries WHERE seq = 3", 4, "1 entries before it are gone"),
        ("DELETE FROM entries WHERE seq = 1", 2, "1 entries before it are gone"),
        ("UPDATE entries SET hash = 'x' WHERE seq = 2", 2, "changed"),
        ("UPDATE entries SET previous = 'x' WHERE seq = 2", 2, "does not follow"),
    ],
)
def test_what_was_edited_in_place_is_found_and_named(
    store: Store, path: Path, statement: str, place: int, words: str
) -> None:
    clock = FakeClock()
    clock.pass_(60)
    for text in ("one", "two", "three", "four", "five"):
        store.append([note(text)])
    store.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.close()
    statement = statement.replace("written || ''", "'2020-01-01T00:00:00.000000Z'")
    harm(path, statement)
    fault = verify(path).fault
    assert fault is not None
    assert (fault.seq, fault.incident) == (place, "INC-1")
    assert words in fault.reason


@pytest.mark.trap(25, "the last entries cut off", "found by the head")
def test_a_cut_tail_is_found_by_the_head_that_somebody_kept(store: Store, path: Path) -> None:
    first = store.append([note("a")])[0].hash
    head = store.append([note("b"), note("c")])[1].hash
    assert verify(path, head).after == 0
    assert verify(path, first).after == 2
    assert verify(path, GENESIS).after == 3
    store.close()
    harm(path, "DELETE FROM entries WHERE seq = 3")
    assert verify(path).fault is None  # the chain alone does not tell
    fault = verify(path, head).fault
    assert fault is not None
    assert "was cut after it, or written anew" in fault.reason


@pytest.mark.trap(25, "the whole journal written anew", "found by the head")
def test_a_journal_written_anew_is_found_by_the_head(store: Store, path: Path) -> None:
    head = store.append([note("the truth")])[0].hash
    store.close()
    path.unlink()
    other = Store(path, FakeClock())
    other.append([note("a lie")])
    other.close()
    assert verify(path).fault is None
    assert verify(path, head).fault is not None


# --- the file -----------------------------------------------------------------------------


@pytest.mark.trap(26, "a journal made under any umask", "its owner's alone")
def test_the_file_is_its_owners_alone_under_any_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        Store(path, FakeClock()).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_planted_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(b"")
    path.symlink_to(other)
    with pytest.raises(JournalError):
        Store(path, FakeClock())
    assert other.read_bytes() == b""


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    path.chmod(0o600)
    before = path.read_bytes()
    with pytest.raises(JournalError, match="is no journal of warroom's"):
        Store(path, FakeClock())
    with pytest.raises(JournalError, match="is no journal of warroom's"):
        Reading(path)
    assert path.read_bytes() == before
    path.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with pytest.raises(JournalError, match="cannot be opened"):
        Store(path, FakeClock())


def test_a_newer_journal_is_refused_in_words(store: Store, path: Path) -> None:
    store.close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(JournalError, match="written by a newer warroom"):
        Store(path, FakeClock())


def test_an_older_journal_is_copied_before_it_is_changed(store: Store, path: Path) -> None:
    store.append([note("kept")])
    store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    bring_up(
        connection, path, {VERSION: lambda: "ALTER TABLE entries ADD COLUMN more TEXT"}, VERSION + 1
    )
    connection.close()
    copy = path.with_name(f"journal.db.v{VERSION}-copy")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert verify(copy).entries == 1
    with pytest.raises(JournalError, match="newer"):
        Store(path, FakeClock())


def test_a_migration_that_fails_changes_nothing(store: Store, path: Path) -> None:
    store.append([note("kept")])
    store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(JournalError, match=f"brought to version {VERSION + 1}"):
        bring_up(
            connection, path, {VERSION: lambda: sql("schema")}, VERSION + 1
        )  # its tables are there
    connection.close()
    again = Store(path, FakeClock())
    assert texts(tuple(again.all_of("INC-1"))) == ["kept"]
    again.close()


@pytest.mark.parametrize("how", ["removed", "replaced"])
def test_nothing_is_written_into_a_file_that_is_gone(store: Store, path: Path, how: str) -> None:
    store.append([note("a")])
    path.unlink()
    if how == "replaced":
        path.write_bytes(b"")
        path.chmod(0o600)
    with pytest.raises(JournalError) as refused:
        store.append([note("b")])
    assert str(path) in str(refused.value)


def test_a_reader_keeps_nobody_from_writing(store: Store, path: Path) -> None:
    store.append([note(str(n)) for n in range(1_200)])
    reading = Reading(path)
    entries = reading.all_of("INC-1")
    next(entries)  # half read, as long as it likes
    for n in range(50):
        store.append([note(f"while somebody reads {n}")])
    assert sum(1 for _ in entries) == 1_249
    reading.close()


def test_one_that_is_locked_by_another_program_is_said_and_written_afterwards(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append([note("a")])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert store.connection is not None
    store.connection.execute("PRAGMA busy_timeout = 20")
    with pytest.raises(JournalError, match="locked"):
        store.append([note("b")])
    other.execute("ROLLBACK")
    other.close()
    assert store.append([note("b")])[0].seq == 2


# --- the copy -----------------------------------------------------------------------------


def test_a_copy_is_taken_while_somebody_writes(store: Store, path: Path, tmp_path: Path) -> None:
    store.append([note("x" * 2_000) for _ in range(500)])
    done = threading.Event()

    def write() -> None:
        while not done.wait(0.002):
            store.append([note("meanwhile")])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        verdict = back_up(path, tmp_path / "copy.db")
    finally:
        done.set()
        thread.join()
    assert verdict.fault is None
    assert verdict.entries >= 500
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert verify(path, verdict.head).after is not None


def test_a_copy_overwrites_nothing_and_one_that_is_not_whole_is_not_called_done(
    store: Store, path: Path, tmp_path: Path
) -> None:
    store.append([note("a"), note("b")])
    store.close()
    there = tmp_path / "there.db"
    there.write_text("mine")
    with pytest.raises(JournalError):
        back_up(path, there)
    assert there.read_text() == "mine"
    harm(path, 'UPDATE entries SET body = \'{"kind":"note","text":"c"}\' WHERE seq = 2')
    with pytest.raises(JournalError, match="entry 2: it was changed"):
        back_up(path, tmp_path / "copy.db")


def test_times_are_kept_to_the_microsecond_in_utc(store: Store) -> None:
    from datetime import timezone

    at = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    draft = Draft(incident="I", happened=at, actor=WARROOM, body=Note(text="dst"))
    (entry,) = store.append([draft])
    assert entry.happened == at
    assert entry.happened.tzinfo == UTC
