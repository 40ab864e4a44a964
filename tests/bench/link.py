"""What the console sends, event by event, in bytes; and what a quiet minute costs."""

import time

from tests.bench.printing import line, settled
from tests.rooms import WARROOM, Room
from tests.terminal import Terminal

EVENTS = (
    ("a page turned", "]", "2/"),
    ("and back", "[", "1/"),
    ("a panel gets the keys", "1", ""),
    ("help opens", "?", "Esc closes"),
    ("help closes", "\x1b", ""),
    ("the palette opens", "\x10", ""),
    ("the palette closes", "\x1b", ""),
    ("a panel is expanded", "1z", ""),
    ("and goes back", "\x1b", ""),
    ("a letter is typed, the line opens", "i", ""),
    ("a letter is typed", "a", ""),
    ("a word of eight letters", "bcdefgh ", ""),
    ("the line is left", "\x15\x1b", ""),
    ("everything is painted again", "\x0c", ""),
)


def link(ferry):
    """On two sizes of terminal, with a room in which nothing moves but the clock."""
    for columns, rows in ((80, 24), (120, 40)):
        with (
            Room(sources(ferry)) as room,
            Terminal(WARROOM, columns=columns, rows=rows, env=room.env) as terminal,
        ):
            size = f"{columns}x{rows}"
            terminal.wait_for("12 of 12 up", seconds=40)
            line(f"{size}: start to the first board", f"{settled(terminal)[0]} B")
            minute(terminal, size)
            for what, keys, words in EVENTS:
                before = len(terminal.raw)
                terminal.type(keys)
                if words:
                    terminal.wait_for(words)
                line(f"{size}: {what}", f"{settled(terminal, 0.9)[0] - before} B")


def minute(terminal, size, seconds=20):
    before, started = settled(terminal)
    time.sleep(seconds)
    rate = (len(terminal.raw) - before) / (time.monotonic() - started)
    line(f"{size}: a quiet room with a clock", f"{rate:.0f} B/s")


def sources(ferry):
    pages = (("booking", "/healthz/live"), ("printer", "/ping"), ("quay", "/status.txt"))
    return {
        f"{service}{n}": {"kind": "http", "url": ferry.url(service) + path, "interval": "1h"}
        for n in range(4)
        for service, path in pages
    }
