"""``python -m tests.soak``: half an hour of faults, keys and incidents at ten times the poll rate.

Every five seconds memory, descriptors, threads, tasks and widgets of engine and console; at the
end a table with a verdict a row. ``--out docs/soak.md`` writes it there.
"""

import argparse
import json
import platform
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import psutil
import tomli_w

from tests.live.demo_shop import own_temp
from tests.rooms import WARROOM
from tests.soak.figures import Row, table
from tests.soak.night import FAULTS, Night
from tests.terminal import Terminal
from tests.waiting import until
from warroom.demo.production import Production

SEED = 3
FASTER = 10
SELDOM = ("dns", "tls", "statuspage", "sentry")
"""Kinds that are never asked more than once a second: the configuration refuses it."""
TOLERANCES = (
    ("resident memory", "MiB", 3.0, 0.05, False),
    ("descriptors", "", 4.0, 0.0, True),
    ("threads", "", 4.0, 0.0, True),
    ("tasks", "", 8.0, 0.0, True),
    ("widgets", "", 10.0, 0.10, True),
)
"""Of each figure: by how much it may have grown over the second half, or this share of it, and
whether it comes and goes. One dialog more, or one console more, at the end of a half is no growth.
"""


def main():
    """One soak; 1 where something grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two samples")
    parser.add_argument("--out", type=Path, help="write the table here")
    parser.add_argument("--samples", type=Path, help="write every sample here, as JSON")
    wanted = parser.parse_args()
    rows, done = soak(wanted.minutes * 60, wanted.every)
    page = "\n".join(document(rows, done, wanted.minutes))
    if wanted.samples:
        wanted.samples.write_text(json.dumps({row.name: row.samples for row in rows}))
    if wanted.out:
        wanted.out.write_text(page)
    sys.stdout.write(page)
    return 0 if all(row.flat for row in rows) else 1


def soak(seconds, every, faults=FAULTS):
    """The rows, and what went on."""
    with own_temp() as folder, Production.start(on_stop=[stopping()]) as production:
        config = production.config
        hurry(config)
        counts = folder / "counts"
        argv = [sys.executable, "-m", "tests.soak.inside", str(counts), "--config", str(config)]
        with Terminal(argv, columns=120, rows=40) as terminal:
            terminal.wait_for("engine", seconds=60)
            until(counts.exists, 30)
            with Night(terminal, production, config, SEED, faults=faults, **pace(seconds)) as night:
                rows = watched(terminal, config, counts, seconds, every)
            assert terminal.process.poll() is None, terminal.text
            return rows, night.done


def pace(seconds):
    """A short soak does everything, too, but less of it."""
    return {"fault_s": min(12.0, seconds / 6), "second_s": min(60.0, seconds / 3)}


def stopping():
    return [sys.executable, "-P", "-m", "warroom", "stop", "--force", "--config", "{config}"]


def hurry(config):
    """Ask ten times as often, or as often as a source of that kind may be."""
    document = tomllib.loads(config.read_text())
    for source in document["sources"].values():
        for name in ("interval", "every"):
            if isinstance(source.get(name), str):
                least = 1000 if source["kind"] in SELDOM else 0
                source[name] = faster(source[name], least)
    document["room"]["linger"] = "5s"
    config.write_text(tomli_w.dumps(document))


def faster(text, least=0):
    """``2s`` as ``200ms``, and ``least`` milliseconds; what is not a plain duration stays."""
    number = text.removesuffix("ms").removesuffix("s")
    if not number.isdigit() or text == number:
        return text
    milliseconds = int(number) * (1 if text.endswith("ms") else 1000) // FASTER
    return f"{max(milliseconds, least)}ms"


def watched(terminal, config, counts, seconds, every):
    """Samples until the time is over."""
    samples = {}
    console = psutil.Process(terminal.process.pid)
    engine = psutil.Process(until(lambda: status(config)["engine"], 30)["pid"])
    started = time.monotonic()
    while (at := time.monotonic() - started) < seconds:
        assert terminal.process.poll() is None, terminal.text
        inside = json.loads(counts.read_text())
        figures = {
            **outside("engine", engine),
            ("engine", "tasks"): status(config)["engine"]["tasks"],
            **outside("console", console),
            ("console", "tasks"): inside["tasks"],
            ("console", "widgets"): inside["widgets"],
        }
        for name, value in figures.items():
            samples.setdefault(name, []).append((at, float(value)))
        time.sleep(max(0.0, every - (time.monotonic() - started - at)))
    known = {name: (unit, *more) for name, unit, *more in TOLERANCES}
    return [
        Row(f"{whose}: {name}", known[name][0], tuple(taken), *known[name][1:])
        for (whose, name), taken in samples.items()
    ]


def outside(whose, process):
    with process.oneshot():
        return {
            (whose, "resident memory"): process.memory_info().rss / 2**20,
            (whose, "descriptors"): process.num_fds(),
            (whose, "threads"): process.num_threads(),
        }


def status(config):
    argv = [*WARROOM, "status", "--json", "--config", str(config)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    return json.loads(done.stdout)


def document(rows, done, minutes):
    """The page."""
    went_on = ", ".join(f"{count:,} {what}" for what, count in done.items())
    python = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return [
        "# A long run",
        "",
        "Written by `make soak`: the demo, asked ten times as often as it is configured (vendors'",
        "pages, names, certificates and the tracker once a second: no more is allowed), faults",
        "switched on and off, keys pressed in a console of 120x40, incidents declared, noted in",
        "and resolved, and a second console that attaches and leaves. Sampled every five seconds.",
        "What a figure grew by in the second half is read off the line of least squares through",
        "its samples; beside it stands what is allowed. Of what comes and goes with every dialog",
        "and every second console (all but memory) the line goes through the least of each minute:",
        "what is left over never goes. *Widgets* are those in memory after garbage was collected,",
        "shown or not; in Textual each has a task.",
        "",
        f"{minutes:g} minutes; {went_on}.",
        f"{python}, {psutil.cpu_count()} processors, which others used too.",
        "",
        *table(rows),
        "",
    ]


if __name__ == "__main__":
    sys.exit(main())
