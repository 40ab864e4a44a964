"""The journal under kills, full disks and broken ones: no acknowledgement that is not kept."""

import asyncio
import contextlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.live.rooms import REPOSITORY, Room, room
from tests.live.watchers import Watcher
from tests.waiting import until
from warroom.clock import SystemClock
from warroom.errors import EngineError, JournalError
from warroom.incident.actor import WARROOM
from warroom.incident.entries import Draft, Entry, Note
from warroom.journal.reading import Reading
from warroom.journal.store import Store
from warroom.journal.verify import verify

__all__ = ["room"]


def note(text: str, once: str = "") -> Draft:
    body = Note(text=text)
    return Draft(incident="INC-1", happened=datetime.now(UTC), actor=WARROOM, body=body, once=once)


def kept(path: Path) -> dict[int, Entry]:
    """Every entry in the journal by its place, read as one reads when no engine lives."""
    reading = Reading(path)
    try:
        return {entry.seq: entry for entry in reading.all_of("INC-1")}
    finally:
        reading.close()


@pytest.mark.trap(
    23,
    "a writer killed with SIGKILL at any moment, 300 times",
    "every acknowledged entry is there, the chain verifies each time",
)
@pytest.mark.faults
def test_killed_at_any_moment_every_acknowledged_entry_is_there_and_the_chain_holds(
    tmp_path: Path, repetitions: int
) -> None:
    path, chance = tmp_path / "journal.db", random.Random(23)
    acknowledged: dict[int, str] = {}
    for n in range(repetitions * 3 // 2):
        said = appended_until_killed(path, f"run{n}", chance.random() * 0.05)
        acknowledged |= said
        found = kept(path)
        assert {seq: found[seq].once for seq in acknowledged} == acknowledged
        verdict = verify(path)
        assert verdict.fault is None
        assert verdict.entries == len(found)


def appended_until_killed(path: Path, name: str, seconds: float) -> dict[int, str]:
    """What was acknowledged by a writer that was killed after so long."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.live.appender", str(path), name],
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"ready\n"
        time.sleep(seconds)  # the moment of the kill is what is chosen here
    finally:
        process.send_signal(signal.SIGKILL)
        said = process.stdout.read()
        process.stdout.close()
        process.wait()
    lines = (line.split() for line in said.decode().splitlines(keepends=True) if "\n" in line)
    return {int(seq): once for seq, once in lines}


@pytest.mark.trap(
    23, "a commit cut short with pages in the file", "taken back by whoever reads next"
)
def test_a_commit_that_was_cut_short_is_taken_back_by_whoever_reads_next(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = Store(path, SystemClock())
    store.append([note(f"good {n} {'x' * 3_000}") for n in range(50)])
    store.close()
    half_committed(path)
    assert path.with_name("journal.db-journal").exists()
    verdict = verify(path)
    assert verdict.fault is None
    assert verdict.entries == 50


def half_committed(path: Path) -> None:
    """Leave the file as one that is killed in the middle of a commit leaves it: with pages of the
    commit in the file, and the old ones in its rollback journal."""
    script = (
        "import os, signal, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 2')\n"  # so that pages go to the file before the commit
        "c.execute('BEGIN IMMEDIATE')\n"
        "for n in range(200):\n"
        "    c.execute('INSERT INTO entries SELECT max(seq) + 1, incident, max(number) + 1,"
        " happened, written, kind, actor, body, NULL, previous, hash FROM entries')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL


# --- disks that are full ------------------------------------------------------------------


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of a megabyte; where this machine lets nobody mount one, the tests beside it that
    limit the file's size have to do."""
    folder = Path(tempfile.mkdtemp(prefix="wr", dir="/tmp"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "wr", folder]
    if subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
        folder.rmdir()
        pytest.skip("needs a machine on which a disk can be mounted")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def fill(folder: Path) -> Path:
    """Use up what is left of a disk."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    os.write(file.fileno(), b"x" * size)
            except OSError:
                continue
    return ballast


@pytest.mark.trap(24, "a full disk", "nothing acknowledged, written when there is room")
def test_on_a_full_disk_nothing_is_acknowledged_and_all_is_written_when_there_is_room(
    small_disk: Path,
) -> None:
    path = small_disk / "journal.db"
    store = Store(path, SystemClock())
    store.append([note("before")])
    ballast = fill(small_disk)
    refused = note("x" * 20_000, once="kept")
    for _ in range(3):
        with pytest.raises(JournalError) as full:
            store.append([refused])
        assert str(path) in str(full.value)
        assert "df -h" in full.value.hint
    assert [entry.seq for entry in store.entries("INC-1", limit=9)] == [1]
    ballast.unlink()
    (entry,) = store.append([refused])
    assert (entry.seq, entry.once) == (2, "kept")
    store.close()
    assert verify(path).fault is None


@pytest.mark.trap(
    24, "a quota used up under a running engine", "said loudly, the note waits and is written"
)
async def test_a_room_whose_disk_is_full_says_so_and_keeps_what_is_said(room: Room) -> None:
    ana = await Watcher.at(room)
    name = await ana.declare()
    (engine,) = room.engines()
    # As over quota: no file of the engine's may grow any more, and it is told so as it writes.
    none, as_before = (1, resource.RLIM_INFINITY), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(engine.pid, resource.RLIMIT_FSIZE, none)
    waits = await ana.post(name, Note(text="nobody may lose this " * 700), once="kept")
    assert not waits.ok
    assert waits.waits
    problems = await ana.until(lambda s: s.room and s.room.problems)
    assert "THE JOURNAL CANNOT BE WRITTEN" in problems[0]
    assert "wait in memory, NOT on disk" in problems[0]
    assert not ana.texts(name)  # not shown as posted
    again = await ana.post(name, Note(text="the same again"), once="kept")
    assert again.waits
    resource.prlimit(engine.pid, resource.RLIMIT_FSIZE, as_before)
    await ana.until(lambda s: ana.texts(name) == ["nobody may lose this " * 700])
    await ana.until(lambda s: s.room and not s.room.problems)
    await ana.close()
    room.run("stop", "--force")
    assert verify(room.paths.journal).fault is None


def test_a_file_that_may_grow_no_more_is_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from tests.live.test_journal_faults import note\n"
        "from warroom.clock import SystemClock\n"
        "from warroom.errors import EngineError, JournalError\n"
        "from warroom.journal.store import Store\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "store = Store(Path(sys.argv[1]), SystemClock())\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 1_000_000))\n"
        "done = 0\n"
        "try:\n"
        "    while True:\n"
        "        done += len(store.append([note('x' * 5_000)]))\n"
        "except JournalError as error:\n"
        "    print(error)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "print(done, [e.seq for e in store.append([note('there is room')])])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=True,
    )
    words, last = done.stdout.splitlines()
    assert str(path) in words
    count, _, place = last.partition(" ")
    assert place == f"[{int(count) + 1}]"
    assert verify(path).fault is None


async def test_an_engine_killed_with_a_note_on_its_way_writes_it_once(room: Room) -> None:
    ana, chance = await Watcher.at(room), random.Random(5)
    name = await ana.declare()
    for n in range(10):
        (engine,) = room.engines()
        post = ana.post(name, Note(text=f"note {n}"), once=f"n{n}")
        asking = asyncio.create_task(post)
        await asyncio.sleep(chance.random() * 0.01)
        os.kill(engine.pid, signal.SIGKILL)
        with contextlib.suppress(EngineError):
            await asking
        await ana.close()
        until(lambda: not room.engines())
        ana = await Watcher.at(room)
        assert (await ana.post(name, Note(text=f"note {n}"), once=f"n{n}")).ok
    await ana.until(lambda s: ana.texts(name) == [f"note {n}" for n in range(10)])
    await ana.close()


def test_a_journal_that_is_damaged_keeps_nobody_from_watching(room: Room) -> None:
    paths = room.paths
    paths.prepare()
    store = Store(paths.journal, SystemClock())
    store.append([note("x" * 3_000) for _ in range(50)])
    store.close()
    data = bytearray(paths.journal.read_bytes())
    data[4096 * 2 : 4096 * 9] = b"\xff" * (4096 * 7)
    paths.journal.write_bytes(data)
    with pytest.raises(JournalError):
        verify(paths.journal)
    room.write("api")
    process = room.engine()
    try:
        until(lambda: "OK" in room.run("check").stdout or room.run("status").returncode == 0)
        refused = room.run("verify")
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
        assert str(paths.journal) in refused.stderr
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.trap(25, "`warroom verify` of an edited journal", "exit 1, the entry named")
def test_verify_and_backup_from_the_shell(room: Room, tmp_path: Path) -> None:
    missing = room.run("verify")
    assert missing.returncode == 1
    assert "no journal yet" in missing.stderr
    paths = room.paths
    paths.prepare()
    store = Store(paths.journal, SystemClock())
    store.append([note("a"), note("\x1b[2J")])
    head = store.head().hash
    store.close()
    good = room.run("verify", "--head", head)
    assert (good.returncode, good.stderr) == (0, "")
    assert f"head {head}" in good.stdout
    copy = tmp_path / "copy.db"
    assert room.run("backup", str(copy)).returncode == 0
    assert kept(copy).keys() == {1, 2}
    assert room.run("backup", str(copy)).returncode == 1
    connection = sqlite3.connect(paths.journal)
    connection.execute("DROP TRIGGER entries_are_never_changed")
    connection.execute("UPDATE entries SET body = replace(body, 'a', 'b') WHERE seq = 1")
    connection.commit()
    connection.close()
    bad = room.run("verify")
    assert bad.returncode == 1
    assert "entry 1 (number 1 of INC-1): it was changed after it was written" in bad.stderr
    shutil.rmtree(paths.folder)
