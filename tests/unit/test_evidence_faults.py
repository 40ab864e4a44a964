"""What is kept beside an incident on disks that fail, in rooms that flood, of what goes on long."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.unit.fakes import failed
from tests.unit.incident_rooms import IncidentRoom
from tests.unit.test_evidence import PG, Kept, shot, view
from warroom.engine.evidence import files as evidence_files
from warroom.engine.evidence.files import Files
from warroom.engine.evidence.recent import KEPT, Line, Recent
from warroom.errors import RoomError
from warroom.measure.change import Change
from warroom.measure.postgres import Session
from warroom.measure.snapshot import Failure, Signal
from warroom.report.evidence import SEEN, SIGNALS, Sight
from warroom.report.reading import read_evidence
from warroom.wire import SignalView

NO_ROOM = OSError(28, "No space left on device")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    room = IncidentRoom(tmp_path)
    made = Kept(room, tmp_path)
    yield made
    made.close()
    room.close()


class Disk:
    """A disk that has room for so many bytes, and then takes part of what it is given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room: int | None = None
        self._real = os.write
        monkeypatch.setattr(evidence_files.os, "write", self.write)

    def write(self, descriptor: int, data: Any) -> int:
        if self.room is None:
            return self._real(descriptor, data)
        if self.room == 0:
            raise NO_ROOM
        part = min(len(data), self.room)
        self.room -= part
        return self._real(descriptor, data[:part])


def test_a_line_that_a_full_disk_has_cut_spoils_no_other(kept, monkeypatch):
    disk = Disk(monkeypatch)
    name = kept.room.declare()
    kept.poll(1.0)
    disk.room = 25
    kept.poll(2.0)
    kept.poll(3.0)
    disk.room = None
    kept.poll(4.0)
    found = read_evidence(kept.folder / "evidence" / name, ())
    assert [one.signals["api.latency_p95"] for one in found.samples] == [1.0, 4.0]
    assert found.problems == ("1 line of signals.jsonl cannot be read",)
    assert ["2 lines could not be kept" in one.text for one in found.sights] == [True]


def test_a_disk_that_is_full_at_the_declaration_costs_no_half_hour(kept, monkeypatch):
    disk = Disk(monkeypatch)
    for n in range(60):
        kept.poll(100.0 + n)
    disk.room = 0
    name = kept.room.declare()
    kept.poll(500.0)
    kept.poll(600.0)
    disk.room = None
    kept.poll(700.0)
    found = kept.samples(name)
    assert [found[0].signals, found[-1].signals] == [
        {"api.latency_p95": 100.0},
        {"api.latency_p95": 700.0},
    ]
    assert len([one for one in found if one.at < kept.room.live(name).declared]) > 25
    assert any("could not be kept" in one.text for one in kept.sights(name))


def test_the_trouble_of_one_incident_is_not_said_anew_for_the_health_of_another(kept, monkeypatch):
    first = kept.room.declare()
    second = kept.room.declare("mail is down")
    kept.poll()
    real = Files._write

    def half(self: Files, name: str, data: bytes) -> None:
        if self.folder.name == first:
            raise NO_ROOM
        real(self, name, data)

    monkeypatch.setattr(Files, "_write", half)
    for _ in range(4):
        kept.poll()
    assert kept.troubles == [f"the evidence of {first} cannot be kept: No space left on device"]
    monkeypatch.setattr(Files, "_write", real)
    kept.poll()
    assert kept.troubles[1:] == [""]
    assert len(kept.samples(second)) == 6


def test_what_was_wrong_is_not_said_any_more_once_the_incident_is_recorded_no_longer(
    kept, monkeypatch
):
    monkeypatch.setattr(evidence_files, "MOST", 10)
    name = kept.room.declare()
    kept.poll()
    kept.poll()
    assert kept.troubles == [f"the evidence of {name} is full: no more is kept"]
    kept.room.resolve(name, override="drill")
    for _ in range(4):
        kept.poll(seconds=250.0)
    assert kept.troubles[-1] == ""


def test_a_disk_that_cannot_be_brought_up_to_date_is_said(kept, monkeypatch):
    name = kept.room.declare()
    kept.poll()

    def broken(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(evidence_files.os, "fsync", broken)
    for _ in range(4):
        kept.poll()
    assert kept.troubles == [f"the evidence of {name} cannot be kept: Input/output error"]


def test_files_that_were_taken_away_are_begun_anew(kept):
    name = kept.room.declare()
    kept.poll(1.0)
    kept.poll(2.0)
    folder = kept.folder / "evidence" / name
    (folder / SIGNALS).unlink()
    kept.poll(3.0)
    kept.poll(4.0)
    assert kept.samples(name)[-1].signals == {"api.latency_p95": 4.0}
    assert any("taken away" in one for one in kept.troubles)
    assert kept.troubles[-1] == ""


@pytest.mark.parametrize("planted", ["link", "pipe"])
def test_what_was_planted_is_neither_followed_nor_waited_for(tmp_path, planted):
    now = shot(None).taken_at
    found = Files(tmp_path, "INC-1")
    found.begin([], now)
    path = found.folder / SIGNALS
    if planted == "pipe":
        os.mkfifo(path, 0o600)
    else:
        (tmp_path / "secret").write_text("mine")
        path.symlink_to(tmp_path / "secret")
    with pytest.raises(OSError):  # noqa: PT011 - of whatever kind
        found.hashes()
    again = Files(tmp_path, "INC-1")
    with pytest.raises(RoomError, match="cannot be opened"):
        again.begin([Line(0.0, "api", True, b"x\n")], now)


def test_a_full_folder_stays_full_over_restarts(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence_files, "FULL", 2_000)
    monkeypatch.setattr(evidence_files, "MOST", 6_000)
    now = shot(None).taken_at
    lines = [Line(n * 60.0, "api", True, b"x" * 99 + b"\n") for n in range(100)]

    def size() -> int:
        return sum(path.stat().st_size for path in found.folder.iterdir())

    found = Files(tmp_path, "INC-1")
    found.begin(lines, now)
    found.append(lines, now)
    assert found.is_full
    assert size() < 6_500
    for _ in range(5):
        found = Files(tmp_path, "INC-1")
        found.begin(lines, now)
        found.append(lines, now)
        assert found.is_full
    assert size() < 6_500


def test_a_flood_of_output_takes_no_room_from_the_figures(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence_files, "FULL", 10_000)
    monkeypatch.setattr(evidence_files, "MOST", 100_000)
    now = shot(None).taken_at
    found = Files(tmp_path, "INC-1")
    found.begin([], now)
    for n in range(3_000):
        flood = Line(float(n), "df", False, b"x" * 999 + b"\n")
        found.append([Line(float(n), "api", True, b"{}\n"), flood], now)
    assert not found.is_full
    assert (found.folder / SIGNALS).read_bytes() == b"{}\n" * 3_000
    notes = [line for line in (found.folder / SEEN).read_bytes().splitlines() if b"note" in line]
    assert len(notes) == 1


def test_what_is_left_is_hashed_when_a_file_was_taken_away(tmp_path):
    found = Files(tmp_path, "INC-1")
    lines = [Line(0.0, "api", True, b"{}\n"), Line(0.0, "api", False, b"{}\n")]
    found.begin(lines, shot(None).taken_at)
    (found.folder / SIGNALS).unlink()
    assert [one.name for one in found.hashes()] == [SEEN]


def test_no_file_stays_open_however_many_incidents_there_are(tmp_path):
    now = shot(None).taken_at
    before = len(os.listdir("/proc/self/fd"))
    all_of_them = [Files(tmp_path, f"INC-{n}") for n in range(20)]
    for found in all_of_them:
        found.begin([Line(0.0, "api", True, b"{}\n")], now)
        found.append([Line(1.0, "api", False, b"{}\n")], now)
        found.hashes()
    assert len(os.listdir("/proc/self/fd")) == before


def test_half_an_hour_is_written_in_small_pieces_and_is_all_there(tmp_path, monkeypatch):
    write, sizes = os.write, []

    def counted(descriptor, data):
        sizes.append(len(data))
        return write(descriptor, data)

    monkeypatch.setattr(evidence_files.os, "write", counted)
    lines = [b"%d %s\n" % (n, b"x" * (n % 900)) for n in range(4_000)]
    long = b"y" * 200_000 + b"\n"
    found = Files(tmp_path, "INC-1")
    told = [Line(float(n), "api", True, one) for n, one in enumerate([*lines, long])]
    found.begin(told, shot(None).taken_at)
    assert (found.folder / SIGNALS).read_bytes() == b"".join([*lines, long])
    assert sorted(sizes)[-2] <= 64 * 1024 < max(sizes) == len(long)


def test_what_the_journal_hashes_is_on_the_disk_first(tmp_path, monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(evidence_files.os, "fsync", lambda descriptor: done.append("sync"))
    found = Files(tmp_path, "INC-1")
    found.begin([Line(0.0, "api", True, b"{}\n")], shot(None).taken_at)
    assert [one.size for one in found.hashes()] == [3]
    assert done == ["sync"]


def test_units_are_told_of_a_source_that_is_looked_at_rarely(kept):
    kept.poll(1.0)
    for _ in range(20):
        kept.look(200.0)
    name = kept.room.declare()
    kept.look()
    kept.poll(2.0)
    kept.poll(3.0)
    assert [one.units for one in kept.samples(name)] == [{"api.latency_p95": "ms"}, {}]


def test_a_failure_has_the_figures_that_it_is_and_gaps_for_the_others(kept):
    name = kept.room.declare()
    kept.poll(1.0)
    clock = kept.room.clock
    kept.room.board.take("api", failed(clock, "refused", Signal("api.up", 0.0, "")), 0)
    kept.recorder.saw(kept.room.board.views(frozenset({"api"})))
    kept.look()
    last = kept.samples(name)[-1]
    assert last.failure == "refused"
    assert last.signals == {"api.latency_p95": None, "api.up": 0.0}


def test_a_look_is_missed_by_no_reload():
    recent = Recent()
    at = shot(None).taken_at
    assert recent.saw(view(shot(PG), 1), 0.0, at)
    assert recent.saw(view(None, 0), 1.0, at) == []
    assert recent.saw(view(shot(PG), 1), 2.0, at), "another source of that name, polled once"


# --- what is seen beside figures --------------------------------------------------------


def session(running: float, pid: int = 7) -> Session:
    return Session(
        pid=pid, started=shot(None).taken_at, query="SELECT slow()", running=running, user="app"
    )


def told(lines: list[Line]) -> list[Sight]:
    return [msgspec.json.decode(line.data, type=Sight) for line in lines if not line.sample]


def test_of_a_slow_query_the_worst_duration_is_told():
    recent, at = Recent(), shot(None).taken_at
    found: list[Sight] = []
    for n in range(1, 101):
        seen = msgspec.structs.replace(PG, sessions=(session(n * 5.0),))
        found += told(recent.saw(view(shot(seen), n), n * 5.0, at))
    assert 3 < len(found) < 10
    found += told(recent.saw(view(shot(PG), 101), 505.0, at))
    assert len({one.key for one in found}) == 1
    assert [found[0].facts["seconds"], found[-1].facts["seconds"]] == ["5", "500"]
    assert told(recent.saw(view(shot(PG), 102), 510.0, at)) == []


def test_what_began_long_before_and_still_is_stands_in_the_evidence():
    recent, at = Recent(), shot(None).taken_at
    blocked = msgspec.structs.replace(PG, sessions=(session(9.0),))
    over = msgspec.structs.replace(PG, sessions=(session(9.0), session(9.0, pid=8)))
    recent.saw(view(shot(over), 1), 0.0, at)
    for n in range(2, 1_000):
        recent.saw(view(shot(blocked), n), n * 5.0, at)
    before = list(recent.before(999 * 5.0))
    assert [one.facts["pid"] for one in told(before)] == ["7"]
    assert all(line.at >= 999 * 5.0 - KEPT for line in before if line.sample)


def test_what_is_kept_of_a_room_that_is_not_asked_any_more_is_not_half_a_day_old():
    recent, at = Recent(), shot(None).taken_at
    recent.saw(view(shot(PG), 1, signals=(SignalView(name="db.x", value=1.0),)), 0.0, at)
    assert list(recent.before(KEPT - 1))
    assert list(recent.before(12 * 3600.0)) == []


def test_the_same_thing_that_happens_twice_is_told_twice():
    recent, at = Recent(), shot(None).taken_at

    def started(*minutes: int) -> Any:
        changes = tuple(
            Change(at=at + timedelta(minutes=m), what="the server was started", kind="start")
            for m in minutes
        )
        return shot(msgspec.structs.replace(PG, changes=changes))

    found: list[datetime] = []
    for polls, minutes in enumerate(((0,), (0,), (0, 1), (0, 1), (1, 2)), 1):
        found += [one.at for one in told(recent.saw(view(started(*minutes), polls), polls, at))]
    assert found == [at, at + timedelta(minutes=1), at + timedelta(minutes=2)]


def test_a_failed_look_says_nothing_of_what_is_over():
    recent, at = Recent(), shot(None).taken_at

    def saw(running: float, polls: int, **more: Any) -> list[Sight]:
        seen = msgspec.structs.replace(PG, sessions=(session(running),))
        return told(recent.saw(view(shot(seen), polls, **more), polls * 5.0, at))

    assert len(saw(9.0, 1)) == 1
    assert saw(14.0, 2) == []
    assert saw(14.0, 3, failure=Failure("connect", "refused")) == []
    assert saw(16.0, 4) == []
