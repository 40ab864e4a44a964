"""What the bench prints, written down: ``python -m tests.bench.pages``.

One whole run becomes docs/bench.md, and what the README quotes of it; a run that breaks off
changes neither.
"""

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
PAGE, README = ROOT / "docs/bench.md", ROOT / "README.md"
QUOTED = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)
INTRO = """# What it costs

Written by `python -m tests.bench.pages` from one run of `make bench`: measured, nothing asserted.
Where programs are compared their runs alternate, or run in the same minute. Ratios are what to
compare on another machine.
"""
BESIDE, ALONE = "Beside a bare", "The console and"
SHORT = (
    "first complete frame",
    "bytes/s, nothing changes",
    "bytes/s, ten live panels",
    "console, processor, 20",
    "engine, processor, 20",
    "console, memory, 20",
    "engine, memory, 20",
    "key to paint",
)
"""Which lines of the console's and the engine's the README quotes."""


def main():
    """Run it, show it, write it."""
    began, load = datetime.now(UTC), os.getloadavg()[0]
    lines = []
    command = [sys.executable, "-m", "tests.bench"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line.rstrip("\n"))
    if run.returncode:
        raise SystemExit(f"The bench ended with {run.returncode}: nothing is written")
    conditions = circumstances(began, load)
    parts = read(lines)
    whole = [table(title, rows) for title, rows in parts.items()]
    PAGE.write_text("\n".join([INTRO, conditions, *whole]))
    README.write_text(
        QUOTED.sub(lambda found: quoted(found, parts, conditions), README.read_text())
    )


def circumstances(began, load):
    """When and on what it ran, without the machine's name."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{began:%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, "
        f"{platform.system()} {platform.release().partition('-')[0]}, "
        f"Python {platform.python_version()}, Textual {version('textual')}, "
        f"pg_activity {version('pg_activity')}; load before it {load:.1f}.\n"
    )


def read(lines):
    """By title, the rows of each part, the columns' names first."""
    parts, rows = {}, []
    for line in lines:
        if not line.strip():
            continue
        cells = [cell.strip() for cell in re.split(r"\s{2,}", line.strip())]
        if line.startswith("## "):
            rows = parts[cells[0].removeprefix("## ")] = []
            cells[0] = ""
        rows.append(cells)
    return parts


def table(title, rows):
    """A part as Markdown."""
    return f"## {title}\n\n{body(rows)}"


def body(rows):
    """Rows as a table; one that has no bound has an empty cell."""
    wide = len(rows[0])
    filled = [[*row, *[""] * (wide - len(row))] for row in rows]
    filled.insert(1, ["---"] * wide)
    return "".join(f"| {' | '.join(row)} |\n" for row in filled)


def quoted(found, parts, conditions):
    """What the README has of it."""
    beside = next(rows for title, rows in parts.items() if title.startswith(BESIDE))
    alone = next(rows for title, rows in parts.items() if title.startswith(ALONE))
    few = [alone[0], *(row for row in alone if row[0].startswith(SHORT))]
    return f"{found[1]}{body(beside)}\n{body(few)}\n{conditions}{found[2]}"


if __name__ == "__main__":
    main()
