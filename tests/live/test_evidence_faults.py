"""Evidence of a real engine: on a disk that is full, and killed over and over."""

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.live.rooms import Room, room
from tests.live.test_journal_faults import fill, small_disk
from tests.live.watchers import Watcher
from tests.waiting import until, until_async
from warroom.console.state import RoomState
from warroom.incident.entries import Note
from warroom.journal.verify import verify
from warroom.report.evidence import SIGNALS
from warroom.report.reading import agrees, read_evidence

__all__ = ["room", "small_disk"]


def counter(folder: Path) -> Callable[[], int]:
    return lambda: len(read_evidence(folder, ()).samples)


@pytest.mark.trap(24, "a disk that is full of evidence", "no entry is lost for it")
@pytest.mark.long
async def test_a_full_disk_costs_evidence_and_no_entry(
    room: Room, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(small_disk))
    room.write("api", interval="100ms")
    ana = await Watcher.at(room)
    await ana.until(lambda s: s.sources and s.sources[0].polls > 3)
    first, second = await ana.declare(), await ana.declare("mail is down")
    folders = [room.paths.folder / "evidence" / name for name in (first, second)]
    await until_async(lambda: all(counter(folder)() > 4 for folder in folders), 10)
    ballast = fill(small_disk)
    waits = await ana.post(first, Note(text="nobody may lose this " * 100), once="kept")
    assert waits.waits
    full = "cannot be kept: No space left on device"
    both = {f"the evidence of {name} {full}" for name in (first, second)}

    def said(what: RoomState) -> bool:
        """The journal's trouble first, then that of both incidents' evidence."""
        found = what.room.problems if what.room else ()
        return len(found) == 2 and "JOURNAL" in found[0] and set(found[1].split("; ")) == both

    await ana.until(said, 20)
    had = ana.state.sources[0].polls
    await ana.until(lambda s: s.sources[0].polls > had + 15)
    ballast.unlink()
    await ana.until(lambda s: s.room and not s.room.problems)
    await ana.until(lambda s: len(ana.texts(first)) == 1)
    assert room.paths.log.read_text().count(full) < 6, "it is said once, not every second"
    sizes = [counter(folder)() for folder in folders]
    await until_async(
        lambda: all(counter(f)() > n for f, n in zip(folders, sizes, strict=True)), 10
    )
    for name, folder in zip((first, second), folders, strict=True):
        await ana.resolve(name, override="drill")
        await ana.until(lambda s, name=name: s.incident(name) and s.incident(name).evidence)
        told = ana.incident(name).evidence
        assert all(agrees(folder, file) for file in told)
        found = read_evidence(folder, told)
        assert found.changed == ()
        assert any("could not be kept" in sight.text for sight in found.sights)
        assert all(len(one.split()) < 8 for one in found.problems), "one line is cut at the most"
    await ana.close()
    room.run("stop", "--force")
    assert verify(room.paths.journal).fault is None


@pytest.mark.long
async def test_killed_over_and_over_no_line_is_spoilt_but_those_that_were_cut(room: Room) -> None:
    room.write("api", interval="100ms")
    ana, chance = await Watcher.at(room), random.Random(7)
    name = await ana.declare()
    folder = room.paths.folder / "evidence" / name
    count = counter(folder)
    for _ in range(2):
        had = count()
        await until_async(lambda had=had: count() > had + 2, 10)
        await ana.until(lambda s: s.sources[0].polls > chance.random() * 6)
        (engine,) = room.engines()
        os.kill(engine.pid, signal.SIGKILL)
        await ana.close()
        until(lambda: not room.engines())
        with (folder / SIGNALS).open("ab") as file:
            file.write(b'{"at":"2026-11-27T12:0')
        ana = await Watcher.at(room)
    had = count()
    await until_async(lambda: count() > had + 4, 10)
    await ana.resolve(name, override="drill")
    await ana.until(lambda s: s.incident(name) and s.incident(name).evidence)
    found = read_evidence(folder, ana.incident(name).evidence)
    assert found.problems == ("2 lines of signals.jsonl cannot be read",)
    assert found.changed == ()
    assert len({one.at for one in found.samples}) == len(found.samples)
    await ana.close()
    room.run("stop", "--force")
    assert verify(room.paths.journal).fault is None
