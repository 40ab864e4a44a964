"""The console on every terminal people have, in every size: it draws, in what that terminal knows
and in nothing else, and never falls over."""

import re
import signal
from contextlib import ExitStack, contextmanager

import pytest

from tests.colours import VGA, XTERM, contrast
from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal, until

MORE = """
[actions.flag]
kind = "command"
title = "Raise the flag"
argv = ["true"]
[[pages]]
name = "overview"
panels = ["health", "onset"]
[[pages]]
name = "figures"
panels = ["signals", "timeline"]
"""
TERMINALS = {
    "xterm-256color": ({"TERM": "xterm-256color"}, "256"),
    "truecolour": ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolour"),
    "xterm": ({"TERM": "xterm"}, "16"),
    "xterm-16color": ({"TERM": "xterm-16color"}, "16"),
    "linux": ({"TERM": "linux"}, "16"),
    "vt100": ({"TERM": "vt100"}, "none"),
    "screen": ({"TERM": "screen", "STY": "1.pts", "COLORTERM": "truecolor"}, "16"),
    "tmux": ({"TERM": "tmux-256color", "TMUX": "/tmp/none,1,0"}, "256"),
    "no-color": ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
    "c-locale": ({"TERM": "xterm-256color", "LC_ALL": "C"}, "256"),
    "posix": ({"TERM": "xterm", "LC_ALL": "POSIX"}, "16"),
    "unheard-of": ({"TERM": "nobody-knows-it"}, "16"),
    "on-white": ({"TERM": "xterm-16color", "COLORFGBG": "0;default;15"}, "16"),
    "linux-on-white": ({"TERM": "linux", "COLORFGBG": "0;15"}, "16"),
}
ASCII = ("linux", "linux-on-white", "vt100", "c-locale", "posix")
BASIC = ("linux", "linux-on-white", "vt100")
WHITE = ("on-white", "linux-on-white")
SIZES = ((60, 15), (80, 24), (120, 40), (250, 70))
SCREENS = (
    ("?", "Help"),
    ("a", "Raise the flag"),
    ("p", "Playbooks"),
    ("\x10", "Acknowledge"),
    ("o", "Incidents"),
    ("X", "Done lately"),
    ("I", "r roles"),
    ("@", "Contacts"),
    ("v", "Checklists"),
    ("m", "Milestones of"),
    ("D", "Resolve INC"),
    ("u", "Message  INC"),
    ("B", "Brief  INC"),
    ("U", "Messages"),
)
"""What opens each, and what of it must be seen in any size."""
KINDS = ("xterm-256color", "truecolour", "xterm", "linux", "vt100", "c-locale", *WHITE)
"""One of each sort of colours and signs."""
SGR = re.compile(rb"\x1b\[([\d;]*)m")
MOUSE = re.compile(rb"\x1b\[\?(9|100[0-3]|1005|1006|1015|1016)h")
LEFT_OVER = re.compile(r"\x1b|\[\?\d|\[[<>]|\d+;\d+[mHfr]|\d+\$p")
"""What is left of a control sequence that was not understood."""


@pytest.fixture(scope="module")
def ferry():
    with Ferry() as running:
        yield running


@pytest.fixture(scope="module")
def room(ferry):
    url = {"booking": "/healthz/live", "quay": "/status.txt"}
    sources = {
        name: {"kind": "http", "url": ferry.url(name) + path, "interval": "500ms"}
        for name, path in url.items()
    }
    with Room(sources, linger="60s") as made:
        made.config.write_text(made.config.read_text() + MORE)
        made.env = {k: v for k, v in made.env.items() if k not in ("COLORTERM", "TMUX", "STY")}
        made.run("declare", "It leaks", "--sev", "SEV3")
        yield made


@contextmanager
def console(room, name, **size):
    env = {"LC_ALL": "C.UTF-8", "COLORTERM": "", **TERMINALS[name][0]}
    with Terminal(WARROOM, env={**room.env, **env}, **size) as terminal:
        terminal.wait_for("2 of 2 up")
        yield terminal


def open_and_close(terminal, key, word):
    """A screen or dialog, whose important word is seen; then back to the room."""
    terminal.type(key)
    terminal.wait_for(word)
    no_rubbish(terminal)
    terminal.type("\x1b")
    terminal.wait_gone(word)


def no_rubbish(terminal):
    left = LEFT_OVER.search(terminal.text)
    assert not left, (left, terminal.text)
    legible(terminal)


SIXTEEN = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
"""As pyte calls them; the bright ones have ``bright`` before it."""


def legible(terminal):
    """Nothing is written in the colour of its own ground, be bold bright or not."""
    with terminal._lock:
        buffer, size = terminal.screen.buffer, (terminal.screen.lines, terminal.screen.columns)
        cells = [buffer[y][x] for y in range(size[0]) for x in range(size[1])]
    for cell in {cell for cell in cells if cell.data.strip() and cell.fg != "default" != cell.bg}:
        inks = [cell.fg, f"bright{cell.fg}"] if cell.bold and cell.fg in SIXTEEN else [cell.fg]
        for ink in inks:
            assert ink != cell.bg, (cell, terminal.text)
            if ink.removeprefix("bright") not in SIXTEEN:
                continue  # where there are more, what is behind a dialog is dimmed
            for colours in (XTERM, VGA):
                least = 2 if cell.data.isalnum() else 1.2
                assert contrast(sixteenth(ink, colours), sixteenth(cell.bg, colours)) >= least, cell


def sixteenth(name, colours):
    at = SIXTEEN.index(name.removeprefix("bright"))
    return colours[at + 8 * name.startswith("bright")]


def on_its_own_ground(terminal, name):
    """A letter in our colour on the terminal's ground, or in its colour on ours, may be white on
    white."""
    if TERMINALS[name][1] == "none":
        return
    with terminal._lock:
        buffer, size = terminal.screen.buffer, (terminal.screen.lines, terminal.screen.columns)
        cells = [buffer[y][x] for y in range(size[0]) for x in range(size[1])]
    half = {cell for cell in cells if cell.data.strip() and "default" in (cell.fg, cell.bg)}
    assert not half, half


def codes(raw):
    """The numbers of all SGR sequences, those of a colour's values left out."""
    found, values = set(), re.compile(rb"([34]8);(5;\d+|2;\d+;\d+;\d+)")
    for sequence in SGR.findall(bytes(raw)):
        found |= {(m[1].decode(), m[2].decode()[0]) for m in values.finditer(sequence)}
        found |= {int(n or 0) for n in values.sub(b"", sequence).split(b";")}
    return found


def said_nothing_else(terminal, name):
    """Only what this terminal knows, and nothing that blinks."""
    raw, used, colours = bytes(terminal.raw), codes(terminal.raw), TERMINALS[name][1]
    assert not used & {5, 6}, "it blinks"
    assert not re.search(rb"\x1b\[\d* q", raw), "it changes the cursor's shape"
    assert not re.search(rb"\x1b\[\?12h", raw), "it makes the cursor blink"
    assert not MOUSE.search(raw), "it takes the mouse"
    assert b"\x1b]" not in raw, "it says something to the operating system"
    plain = {n for n in used if isinstance(n, int)}
    deep = used - plain
    allowed = {"none": set(), "16": set(), "256": {"5"}, "truecolour": {"2"}}[colours]
    assert {kind for _, kind in deep} == allowed
    painted = plain & {*range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108)}
    assert bool(painted) == (colours == "16")
    assert not painted & set(range(100, 108)), "a ground that not every terminal knows"
    if name in ASCII:
        assert raw.isascii()
    if name in BASIC:
        assert not re.search(rb"\x1b\[[<>]|\$p", raw), "it prints what it does not know"


def painted_whole(terminal, name):
    """The console's own ground is in every cell: the terminal's is unknown."""
    if TERMINALS[name][1] == "none":
        return
    with terminal._lock:
        rows, columns = terminal.screen.lines, terminal.screen.columns
        bare = [
            (x, y)
            for y in range(rows)
            for x in range(columns)
            if terminal.screen.buffer[y][x].bg == "default"
        ]
    assert not bare, bare[:5]


def through_the_pages(terminal):
    for page in ("2/3", "3/3", "1/3"):
        terminal.type("]")
        terminal.wait_for(page)
        no_rubbish(terminal)


def seen(terminal, name, *words):
    """What matters is seen, and every cell is painted."""
    terminal.wait_for(*words)
    until(lambda: not unpainted(terminal, name), 5)
    painted_whole(terminal, name)
    on_its_own_ground(terminal, name)
    no_rubbish(terminal)


def unpainted(terminal, name):
    try:
        painted_whole(terminal, name)
    except AssertionError:
        return True
    return False


@pytest.mark.long
@pytest.mark.parametrize("name", TERMINALS)
def test_every_size_and_screen(room, ferry, name):
    """In each size each screen is seen by one of the terminals, and they take turns."""
    turn = list(TERMINALS).index(name)
    with console(room, name) as terminal:
        through_the_pages(terminal)
        for at, (columns, rows) in enumerate(SIZES):
            terminal.resize(columns, rows)
            seen(terminal, name, "2 of 2 up")
            for screen in SCREENS[(turn + 5 * at) % len(TERMINALS) :: len(TERMINALS)]:
                open_and_close(terminal, *screen)
        said_nothing_else(terminal, name)
        terminal.process.terminate()  # the key would ask, for an incident is open
        assert terminal.wait_exit() == 128 + signal.SIGTERM


@pytest.mark.long
def test_every_size_when_it_is_bad(room, ferry):
    """All at once, for a level takes its time to come and to go."""
    with ExitStack() as stack:
        terminals = {name: stack.enter_context(console(room, name)) for name in KINDS}
        ferry.break_("booking")
        try:
            for columns, rows in SIZES:
                for name, terminal in terminals.items():
                    terminal.resize(columns, rows)
                    seen(terminal, name, "SEV1", "1 of 2 up", "booking is down")
        finally:
            ferry.mend("booking")
        for name, terminal in terminals.items():
            said_nothing_else(terminal, name)


@pytest.mark.parametrize("name", ["xterm", "vt100", *WHITE])
def test_a_look_at_it(room, name):
    with console(room, name, columns=60, rows=15) as terminal:
        seen(terminal, name, "2 of 2 up")
        if name in WHITE:
            with terminal._lock:
                assert terminal.screen.buffer[8][30].bg == "white", "the light theme's silver"
        open_and_close(terminal, *SCREENS[1])
        said_nothing_else(terminal, name)
