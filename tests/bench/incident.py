"""What the incident costs: an entry made durable, a note until it is shown, a long timeline."""

import sqlite3
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.printing import console, line, settled
from tests.rooms import WARROOM, Room
from warroom.attach.room import room_paths
from warroom.clock import SystemClock
from warroom.config.local import read_local
from warroom.incident.actor import Actor
from warroom.incident.entries import Declared, Draft, Note
from warroom.journal.store import Store

ANA = Actor(name="ana", uid=1000, attested=True)
INSERT = "INSERT INTO rows (row) VALUES (?)"
WORDS = "the pool is exhausted since the deployment, rolling back to 1.42.0 now"


def incidents():
    """All figures of the incident."""
    appends()
    notes()
    lengths()


def draft(text, incident="INC-1"):
    return Draft(incident=incident, happened=datetime.now(UTC), actor=ANA, body=Note(text=text))


def appends(rounds=400):
    """A durable append in the journal's thread, and beside it, by turns, a bare commit of a row
    of the same size with the same settings."""
    ours, bare = [], []

    def work():
        with tempfile.TemporaryDirectory(dir=".") as folder:
            store = Store(Path(folder) / "journal.db", SystemClock())
            other = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
            other.execute("PRAGMA journal_mode = DELETE")
            other.execute("PRAGMA synchronous = EXTRA")
            other.execute("CREATE TABLE rows (seq INTEGER PRIMARY KEY, row TEXT)")
            row = "x" * 420
            for _ in range(rounds):
                bare.append(
                    timed(lambda: other.execute("INSERT INTO rows (row) VALUES (?)", (row,)))
                )
                ours.append(timed(lambda: store.append([draft(WORDS)])))
            store.close()
            other.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    ratio = statistics.median(ours) / statistics.median(bare)
    name = "durable append, beside a bare SQLite commit"
    line(name, f"{ratio:.2f} x", "at most 1.3 x")
    line("durable append, median", f"{statistics.median(ours) * 1000:.2f} ms")


def timed(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def notes(count=40):
    """From Enter to the note in the timeline, durable."""
    with Room({}) as room:
        write(room, 1)
        with console(room.env, ["INC-1"]) as terminal:
            terminal.type("i")
            settled(terminal, 1)
            took = []
            for n in range(count):
                words = f"note-{n:03}-of-many"
                terminal.type(words)
                settled(terminal, 0.2)
                started = time.monotonic()
                terminal.type("\r")
                while not durable(terminal.text, words):
                    time.sleep(0.0005)
                    if time.monotonic() - started > 5:
                        raise AssertionError(f"{words} was not shown in 5 s")
                took.append(time.monotonic() - started)
                settled(terminal, 0.3)
            p95 = sorted(took)[int(len(took) * 0.95) - 1]
            line("note, Enter to shown as durable, p95", f"{p95 * 1000:.0f} ms")


def durable(screen, words):
    """Whether the note stands in the timeline, and not as one that is not saved yet."""
    lines = [line for line in screen.splitlines() if words in line and ": " in line]
    return bool(lines) and "not saved" not in lines[-1]


def lengths():
    """An incident of 10,000 entries: how long until it is on the screen, and to scroll in it."""
    opened = {1: [], 10_000: []}
    for _ in range(5):
        for count, seconds in opened.items():
            with Room({}) as room:
                write(room, count)
                started = time.monotonic()
                with console(room.env, [f"entry-{count:05}"], WARROOM):
                    seconds.append(time.monotonic() - started)
    short, long = (statistics.median(opened[count]) for count in opened)
    name = "an incident of 10,000 entries opens, beside an empty one"
    line(name, f"{long / short:.2f} x", "at most 1.5 x")
    with Room({}) as room:
        write(room, 10_000)
        with console(room.env, ["entry-10000"]) as terminal:
            terminal.type("T")
            settled(terminal, 1)
            took = []
            for _ in range(60):
                before = len(terminal.raw)
                started = time.monotonic()
                terminal.type("\x1b[5~")
                while len(terminal.raw) == before and time.monotonic() - started < 1:
                    time.sleep(0.0005)
                took.append(time.monotonic() - started)
                settled(terminal, 0.1)
            p95 = sorted(took)[int(len(took) * 0.95) - 1]
            line("scrolling in it, key to paint, p95", f"{p95 * 1000:.1f} ms", "at most 50 ms")


def write(room, count):
    """Put an incident of so many notes into a room that has no engine yet."""
    paths = room_paths(read_local(room.config), room.env)
    paths.prepare()
    store = Store(paths.journal, SystemClock())
    now = datetime.now(UTC)
    body = Declared(title="checkout is down", started=now, level="SEV2", status="Investigating")
    drafts = [Draft(incident="INC-1", happened=now, actor=ANA, body=body)]
    drafts += [draft(f"entry-{n:05} {WORDS}") for n in range(1, count + 1)]
    store.append(drafts)
    store.close()
