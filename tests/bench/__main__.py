"""What the console costs, measured in one run and printed as ratios and against its bounds.

``python -m tests.bench``: about fourteen minutes; ``python -m tests.bench.pages`` writes what it
prints into docs/bench.md and the README. Machines are noisy, so this prints and
asserts nothing; where two programs are compared, their runs alternate.
"""

import compileall
import statistics
import time
from pathlib import Path

import psutil

import panels
import warroom
from tests.bench.beside import BARE_READY, live_panels, ten_panels
from tests.bench.footprint import COLUMNS, footprint
from tests.bench.incident import incidents
from tests.bench.link import link
from tests.bench.printing import console, line, part, rate, settled, shown, used
from tests.bench.scrape import large_page
from tests.bench.sharing import shared_board
from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry


def main():
    """All figures, one line each."""
    compiled()
    part("The console and the engine", "measured", "bound")
    with Ferry() as ferry:
        first_frames(ferry)
        quiet(ferry)
        live(ferry)
        load(ferry)
        keys(ferry)
    ten_panels()
    part("Bytes by event", "measured", "bound")
    with Ferry() as ferry:
        link(ferry)
    part("An incident", "measured", "bound")
    incidents()
    part("A metrics page of 400,000 lines", "measured", "bound")
    large_page()
    shared_board()
    live_panels()
    part("What a minute asks of each system", *COLUMNS)
    footprint()


def compiled():
    """As any installation has it: bytecode beside the modules, also where Python was told
    to write none."""
    for package in (warroom, panels):
        compileall.compile_dir(Path(package.__file__).parent, quiet=1)


def sources(ferry, count, interval):
    places = [f"{ferry.url('quay')}/status.txt", f"{ferry.url('booking')}/healthz/live"]
    return {
        f"s{n}": {"kind": "http", "url": places[n % 2], "interval": interval, "timeout": "2s"}
        for n in range(count)
    }


def first_frames(ferry):
    bare, frame, figure = [], [], []
    for _ in range(9):
        bare.append(shown(*BARE_READY))
        with Room(sources(ferry, 4, "2s"), linger="1s") as room:
            words = ["STAGING", "1 Health", "? help"]
            frame.append(shown(WARROOM, words, room.env))
        with Room(sources(ferry, 4, "2s"), linger="1s") as room:
            figure.append(shown(WARROOM, ["4 of 4 up"], room.env))
    base, first, seen = map(statistics.median, (bare, frame, figure))
    line("bare Textual app, first frame", f"{base * 1000:.0f} ms")
    line("first complete frame, header and empty panel", f"{first / base:.2f} x", "at most 1.3 x")
    line("first live figure, engine started too", f"{seen / base:.2f} x")


def quiet(ferry):
    """Nothing changes: sources that are asked once an hour."""
    for clock, bound in ((True, "under 100"), (False, "0")):
        with Room(sources(ferry, 4, "1h")) as room:
            room.write(sources(ferry, 4, "1h"), console={"clock": clock})
            with console(room.env, ["4 of 4 up"]) as terminal:
                name = f"bytes/s, nothing changes, clock {'on' if clock else 'off'}"
                line(name, f"{rate(terminal, 15):.0f}", bound)


def live(ferry):
    with Room(sources(ferry, 4, "2s")) as room, console(room.env, ["4 of 4 up"]) as terminal:
        line("bytes/s, one live panel of four sources at 2 s", f"{rate(terminal, 20):.0f}")


def load(ferry):
    """Processor and memory of both processes, with twenty and with fifty sources at 5 s."""
    for count, seconds in ((20, 40), (50, 30)):
        with (
            Room(sources(ferry, count, "5s")) as room,
            console(room.env, [f"{count} of {count} up"]) as terminal,
        ):
            both = {
                "console": psutil.Process(terminal.process.pid),
                "engine": psutil.Process(room.engine),
            }
            settled(terminal)
            bound = "at most 2 %" if count == 20 else ""
            for name, share in used(both, seconds).items():
                line(f"{name}, processor, {count} sources at 5 s", f"{share * 100:.2f} %", bound)
            for name, process in both.items():
                size = process.memory_info().rss / 2**20
                line(f"{name}, memory, {count} sources", f"{size:.0f} MiB", "at most 120")


def keys(ferry):
    """From a key to the first byte it paints."""
    with Room(sources(ferry, 4, "1h")) as room:
        room.write(sources(ferry, 4, "1h"), console={"clock": False})
        with console(room.env, ["4 of 4 up"]) as terminal:
            terminal.type("1")
            settled(terminal, 1)
            took = []
            for n in range(60):
                before = len(terminal.raw)
                started = time.monotonic()
                terminal.type("\x1b[B" if n % 6 < 3 else "\x1b[A")
                while len(terminal.raw) == before and time.monotonic() - started < 1:
                    time.sleep(0.0005)
                took.append(time.monotonic() - started)
                settled(terminal, 0.05)
            p95 = sorted(took)[int(len(took) * 0.95) - 1]
            line("key to paint, p95", f"{p95 * 1000:.1f} ms", "at most 50 ms")


if __name__ == "__main__":
    main()
