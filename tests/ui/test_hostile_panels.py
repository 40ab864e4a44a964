"""Every panel under texts that want to be obeyed: shown in their place, and nothing else.

What a panel draws becomes what is written to a terminal, and a terminal (pyte) shows it: each
line has to end where it should, whatever is in it.
"""

import random
import unicodedata
from importlib.metadata import distribution

import pyte
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import Console
from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from wcwidth import wcwidth

from tests import hostile
from tests.ui import (
    boards,
    command_boards,
    databases,
    name_boards,
    redis_boards,
    trackers,
    vendor_boards,
)
from tests.ui.views import view
from tests.ui.walking import Words, mixed, rewritten
from warroom.console.look import Look, framed
from warroom.console.panel import Panel
from warroom.text import safe
from warroom.wire import Board

SOURCES = (
    boards.shop().sources,
    boards.outage().sources,
    (databases.locked(), databases.full(), databases.unseen()),
    (databases.replica(), databases.waiting_pooler(), databases.plain_role()),
    (redis_boards.bad(), redis_boards.stream(), redis_boards.replica()),
    (redis_boards.full(), redis_boards.in_part(), redis_boards.down()),
    (name_boards.differing(), name_boards.expired(), name_boards.unseen()),
    (vendor_boards.bad(), vendor_boards.moving(), vendor_boards.lacking()),
    (trackers.failing(), trackers.unseen()),
    (command_boards.releases(), command_boards.broken(), command_boards.backup()),
)
PANELS = [
    panel
    for point in distribution("warroom").entry_points.select(group="warroom.panels")
    if (panel := point.load()).body is not Panel.body
]
SIZES = ((56, 11), (76, 20), (36, 11), (116, 36))
OBEYED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
MANY = 100_000


def drawn(panel, board, chance):
    """The panel in its frame, at one of the sizes, of one of its rows, in one of its looks."""
    width, height = chance.choice(SIZES)
    seen = view(board, look=Look(unicode=chance.random() < 0.8), expanded=chance.random() < 0.4)
    seen = replace(seen, sources=panel.wanted(seen.state), width=width, height=height)
    rows = panel.rows(seen)
    seen = replace(seen, cursor=chance.choice(rows) if rows else "", focused=bool(rows))
    title, body = panel.title(seen), panel.body(seen, width, height)
    name = Content.assemble((panel.heading, ".strong"), " -- ", title)
    lines = framed(name, body, width + 4, height + 2, seen.look, focused=seen.focused)
    return lines, width + 4, height + 2


def harmless(lines, width, height):
    """Nothing in them is obeyed or unseen, and every line fills its cells, in any terminal."""
    assert len(lines) == height
    for line in lines:
        plain = line.plain
        assert line.cell_length == width, plain
        if plain.isascii() and plain.isprintable():
            continue
        bad = [c for c in plain if unicodedata.category(c) in OBEYED]
        assert not bad, (plain, bad)
        assert safe(plain, 1_000) == plain
        assert sum(map(wcwidth, plain)) == cell_len(plain), plain
    for style in {str(span.style) for line in lines for span in line.spans}:
        assert "@" not in style
        assert "link" not in style


class Shown(pyte.Screen):
    """A terminal that ignores what has no width and is no accent (vowel signs of Thai and Hindi),
    where pyte would ignore the rest of the line too."""

    def draw(self, data):
        super().draw("".join(c for c in data if wcwidth(c) or unicodedata.combining(c)))


def shown(lines, width, height):
    """What a terminal makes of what is written for these lines."""
    console = Console(color_system=None, force_terminal=True, width=width, legacy_windows=False)
    screen = Shown(width, height)
    stream = pyte.Stream(screen)
    for y, line in enumerate(lines):
        segments = line.render_segments(Style())
        stream.feed(f"\x1b[{y + 1};1H{Strip(segments).render(console)}")
    return screen


def walked(seed, words):
    """One room's panels, all of them that draw it, with other words; how many there were."""
    chance = random.Random(seed)
    sources = rewritten(SOURCES[seed % len(SOURCES)], words)
    board = Board(sources=sources, room=rewritten(boards.room(), words))
    state = view(board).state
    for panel in PANELS:
        if panel.wanted(state):
            yield drawn(panel, board, chance)


def test_whatever_is_said_each_panel_shows_it_in_its_place(measured):
    for seed in range(20):
        for lines, width, height in walked(seed, mixed(seed)):
            harmless(lines, width, height)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1000), st.lists(hostile.TEXTS, min_size=1, max_size=5))
def test_any_text_at_all(seed, texts):
    chance = random.Random(seed)
    for lines, width, height in walked(seed, Words(lambda: chance.choice(texts))):
        harmless(lines, width, height)


@pytest.mark.long
@pytest.mark.trap(
    17,
    "100,000 strings of markup, escapes, controls, bidi marks, what is not seen and what is wide"
    " in every text of every kind of source, through every panel in its frame, at four sizes",
    "no control character, no hidden one and no action in what is drawn; every line fills its"
    " cells exactly, and in a terminal (pyte, a sample) the frame stands where it stood",
)
def test_a_hundred_thousand_strings(measured):
    count, seed, pictures = 0, 0, 0
    while count < MANY:
        words = mixed(seed)
        for at, (lines, width, height) in enumerate(walked(seed, words)):
            harmless(lines, width, height)
            if seed % 50 == at == 0:
                in_its_frame(lines, width, height)
                pictures += 1
        count, seed = count + len(words.given), seed + 1
    measured(f"{count} strings in {seed} rooms, {pictures} pictures")


def in_its_frame(lines, width, height):
    """A terminal shows each line as it is, from the first column of the frame to the last."""
    screen = shown(lines, width, height)
    for y, line in enumerate(lines):
        row = screen.buffer[y]
        assert row[0].data == line.plain[0], line.plain
        assert row[width - 1].data == line.plain[-1], line.plain
