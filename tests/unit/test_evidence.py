"""What is kept beside an incident: half an hour before, all of it, bounded, and hashed."""

import asyncio
import json
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.unit.fakes import failed, seen
from tests.unit.incident_rooms import IncidentRoom
from warroom.engine.evidence import files as evidence_files
from warroom.engine.evidence.files import Files
from warroom.engine.evidence.recent import APART, KEPT, MOST, Line, Recent
from warroom.engine.evidence.recorder import AFTER, Recorder
from warroom.engine.evidence.seen import sights
from warroom.incident.entries import Reopened
from warroom.incident.outward import Evidence
from warroom.measure.change import Change
from warroom.measure.command import CommandSeen, Item
from warroom.measure.postgres import Identity, PostgresSeen, Session
from warroom.measure.snapshot import Signal, Snapshot
from warroom.measure.vendor import StatuspageSeen, VendorIncident
from warroom.report.evidence import SEEN, SIGNALS, Sample, Sight
from warroom.report.reading import agrees
from warroom.wire import SignalView, SourceView


class Kept:
    """A room whose evidence is recorded, by a clock that is told."""

    def __init__(self, room: IncidentRoom, folder: Path) -> None:
        self.room, self.folder = room, folder
        self.troubles: list[str] = []
        self.begin()

    def begin(self) -> None:
        async def make() -> Recorder:
            return Recorder(
                self.folder,
                self.room.clock,
                self.room.incidents.book,
                self.room.incidents.keeper,
                self.troubles.append,
            )

        self.recorder = self.room.run(make())

    def poll(self, latency: float = 100.0, seconds: float = 5.0, *, fails: bool = False) -> None:
        """The api is asked, and the recorder hears of it."""
        clock = self.room.clock
        clock.pass_(seconds)
        signal = Signal("api.latency_p95", latency, "ms")
        poll = failed(clock, "refused") if fails else seen(clock, signal)
        self.room.board.take("api", poll, 0)
        self.recorder.saw(self.room.board.views(frozenset({"api"})))
        self.look()

    def look(self, seconds: float = 1.0) -> None:
        self.room.clock.pass_(seconds)

        async def work() -> None:
            self.recorder.look()
            while self.recorder._task is not None and not self.recorder._task.done():
                await asyncio.sleep(0.001)
            while self.room.incidents.waiting:
                await asyncio.sleep(0.001)

        self.room.run(work())

    def close(self) -> None:
        async def work() -> None:
            await self.recorder.close()
            while self.room.incidents.waiting:
                await asyncio.sleep(0.001)

        self.room.run(work())

    def samples(self, name: str) -> list[Sample]:
        return read(self.folder / "evidence" / name / SIGNALS, Sample)

    def sights(self, name: str) -> list[Sight]:
        return read(self.folder / "evidence" / name / SEEN, Sight)

    def told(self, name: str) -> list[Evidence]:
        found = self.room.kept(name)
        assert found is not None
        return [b for b in self.room.bodies(name) if isinstance(b, Evidence)]


def read(path: Path, kind: Any) -> list[Any]:
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [msgspec.json.decode(line, type=kind) for line in lines if line]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    os.umask(0o000)
    room = IncidentRoom(tmp_path)
    made = Kept(room, tmp_path)
    yield made
    made.close()
    room.close()
    os.umask(0o022)


def test_from_half_an_hour_before_to_ten_minutes_after(kept):
    for n in range(700):
        kept.poll(100.0 + n)
    name = kept.room.declare()
    kept.poll(3000.0)
    kept.poll(fails=True)
    start = kept.room.clock.now()
    found = kept.samples(name)
    before = [one for one in found if one.at < kept.room.live(name).declared]
    assert timedelta(minutes=28) < start - before[0].at <= timedelta(seconds=KEPT + 30)
    assert before[0].units == {"api.latency_p95": "ms"}
    assert all(not one.units for one in found[1:])
    assert found[-2].signals["api.latency_p95"] == 3000.0
    assert (found[-1].state, found[-1].failure, found[-1].signals) == (
        "CAN'T SEE",
        "refused",
        {"api.latency_p95": None},
    )
    kept.room.resolve(name, override="drill")
    for _ in range(60):
        kept.poll(110.0, 9.0)
    end = kept.room.live(name).resolved
    after = [one for one in kept.samples(name) if one.at > end]
    assert timedelta(minutes=9) < after[-1].at - end <= timedelta(seconds=AFTER + 10)
    count = len(kept.samples(name))
    for _ in range(20):
        kept.poll()
    assert len(kept.samples(name)) == count


def test_files_are_their_owner_s_alone_and_hashed_in_the_journal(kept):
    kept.poll()
    name = kept.room.declare()
    kept.poll()
    folder = kept.folder / "evidence" / name
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / SIGNALS).stat().st_mode) == 0o600
    assert kept.told(name) == []
    kept.room.resolve(name, override="drill")
    kept.poll()
    (first,) = kept.told(name)
    assert [file.name for file in first.files] == [SIGNALS]
    for _ in range(3):
        kept.poll(seconds=250.0)
    first, last = kept.told(name)
    assert all(agrees(folder, file) for file in (*first.files, *last.files))
    assert last.files[0].size > first.files[0].size
    content = (folder / SIGNALS).read_bytes()
    (folder / SIGNALS).write_bytes(content.replace(b"100.0", b"900.0", 1))
    assert not agrees(folder, last.files[0])


def test_an_engine_that_ends_and_comes_back_goes_on(kept):
    kept.poll()
    name = kept.room.declare()
    kept.poll(1.0)
    kept.close()
    assert len(kept.told(name)) == 1
    path = kept.folder / "evidence" / name / SIGNALS
    with path.open("ab") as file:
        file.write(b'{"at":"2026')
    kept.room.restart()
    kept.begin()
    kept.poll(2.0)
    lines = path.read_bytes().splitlines()
    assert b'{"at":"2026' in lines
    assert json.loads(lines[-1])["signals"] == {"api.latency_p95": 2.0}
    assert any("goes on here" in one.text for one in kept.sights(name))


def test_reopened_it_is_recorded_again_and_nothing_stands_twice(kept):
    kept.poll(1.0)
    name = kept.room.declare()
    kept.poll(2.0)
    kept.room.resolve(name, override="drill")
    for _ in range(4):
        kept.poll(3.0, 250.0)
    kept.room.post(name, Reopened(reason="it is back"))
    kept.poll(4.0)
    kept.poll(5.0)
    found = [one.at for one in kept.samples(name)]
    assert len(found) == len(set(found))
    assert kept.samples(name)[-1].signals == {"api.latency_p95": 5.0}


def test_a_disk_that_takes_nothing_is_said_once_and_costs_nothing_else(kept, monkeypatch):
    name = kept.room.declare()
    kept.poll()
    real = Files._write

    def full(self: Files, name: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Files, "_write", full)
    for _ in range(5):
        kept.poll()
    words = f"the evidence of {name} cannot be kept: No space left on device"
    assert [one for one in kept.troubles if one] == [words]
    monkeypatch.setattr(Files, "_write", real)
    kept.poll(7.0)
    assert kept.troubles[-1] == ""
    assert any("5 lines could not be kept" in one.text for one in kept.sights(name))
    assert kept.samples(name)[-1].signals == {"api.latency_p95": 7.0}


def test_a_planted_link_is_not_followed(kept, tmp_path):
    target = tmp_path / "target"
    target.write_text("mine")
    name = kept.room.declare()
    folder = tmp_path / "evidence" / name
    folder.mkdir(parents=True, mode=0o700)
    (tmp_path / "evidence").chmod(0o700)
    folder.chmod(0o700)
    (folder / SIGNALS).symlink_to(target)
    kept.poll()
    assert target.read_text() == "mine"
    assert any("cannot be opened" in one for one in kept.troubles)


def test_much_is_thinned_and_at_last_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence_files, "FULL", 20_000)
    monkeypatch.setattr(evidence_files, "MOST", 60_000)
    room = IncidentRoom(tmp_path)
    now = room.clock.now()
    found = Files(tmp_path, "INC-1")
    found.begin([], now)
    for n in range(20_000):
        found.append([Line(n * 1.0, "api", True, b"x" * 99 + b"\n")], now)
    size = (found.folder / SIGNALS).stat().st_size
    assert 20_000 < size < 60_500
    assert not found.is_full
    for n in range(200):
        found.append([Line(1e6 + n * 61.0, "api", True, b"x" * 999 + b"\n")], now)
    assert found.is_full
    assert sum(p.stat().st_size for p in found.folder.iterdir()) < 62_000
    notes = [one.text for one in read(found.folder / SEEN, Sight)]
    assert ["one look a minute" in notes[0], "nothing more" in notes[1]] == [True, True]
    room.close()


def view(shot: Snapshot | None, polls: int = 1, **more: Any) -> SourceView:
    known: dict[str, Any] = dict(name="db", title="db", kind="x", interval=5.0, polls=polls)
    return SourceView(**known, snapshot=shot, **more)


def shot(seen_: Any) -> Snapshot:
    at = msgspec.convert("2026-11-27T12:00:00Z", type=Any)
    from datetime import datetime

    return Snapshot(taken_at=datetime.fromisoformat(at), took=0.1, seen=seen_)


def test_the_half_hour_is_bounded_in_time_and_in_bytes():
    recent = Recent()
    clock = shot(None).taken_at
    for n in range(2000):
        signals = tuple(SignalView(name=f"db.f{k}", value=float(n)) for k in range(300))
        recent.saw(view(shot(PG), n + 1, signals=signals), n * APART, clock)
    lines = list(recent.before(2000 * APART))
    assert sum(len(line.data) for line in lines) <= MOST + 100_000
    assert lines[0].at >= 2000 * APART - KEPT - APART
    assert recent.saw(view(shot(PG), 2000), 1e9, clock) == []


PG = PostgresSeen(identity=Identity(database="shop", user="x"))


def test_what_is_seen_beside_figures_is_told_once():
    at = shot(None).taken_at
    session = Session(pid=7, started=at, query="SELECT slow()", running=9.0, user="app")
    quick = Session(pid=8, started=at, query="SELECT quick()", running=0.01)
    change = Change(at=at, what="version 1.4.3", kind="deployment")
    cases: list[tuple[Any, list[str]]] = [
        (msgspec.structs.replace(PG, sessions=(session, quick)), ["query"]),
        (msgspec.structs.replace(PG, changes=(change,)), ["deployment"]),
        (
            StatuspageSeen(
                vendor="Mailer", url="u", indicator="major",
                incidents=(VendorIncident(key="1", name="down", status="investigating"),),
            ),
            ["vendor", "vendor"],
        ),
        (
            CommandSeen(argv=("x",), shows="lines", status=0, lists="deployments",
                        items=(Item(key="d1", title="1.4.3"),)),
            ["deployment"],
        ),
        (CommandSeen(argv=("df",), shows="lines", status=0, output="/ 90%"), ["output"]),
    ]  # fmt: skip
    for what, kinds in cases:
        assert [one.kind for one in sights(view(shot(what)))] == kinds
        recent = Recent()
        first = recent.saw(view(shot(what), 1), 0.0, at)
        again = recent.saw(view(shot(what), 2), 60.0, at)
        assert [line.sample for line in first] == [True, *(False for _ in kinds)]
        assert [line.sample for line in again] == [True]
