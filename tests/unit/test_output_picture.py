"""What is sent makes a real terminal show what is wanted, whatever it showed before."""

import unicodedata
from itertools import pairwise

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from warroom.console.canvas import differences
from warroom.console.output.picture import Picture

WIDTH, HEIGHT = 14, 4
STYLES = [
    None,
    Style.parse("bold red on blue"),
    Style.parse("red on blue"),
    Style.parse("underline"),
    Style.parse("#ffffff on #101010"),
]
CHARACTERS = ["a", "b", " ", "▁", "█", "日", "本", "é", "e\u0301", "か\u3099", "\u0e01\u0e38"]
"""With marks that combine behind wide and narrow ones, as macOS writes the names of its files."""


def strip(parts):
    """A strip of exactly ``WIDTH`` cells."""
    segments = [Segment(text, style) for text, style in parts]
    return Strip(segments).adjust_cell_length(WIDTH)


def lines_of(characters):
    words = st.lists(st.sampled_from(characters), max_size=6).map("".join)
    return st.lists(st.tuples(words, st.sampled_from(STYLES)), max_size=5).map(strip)


lines = lines_of(CHARACTERS)
alone = lines_of([character for character in CHARACTERS if len(character) == 1])
"""Textual leaves the marks of a character cut in half behind, on a blank."""
screens = st.lists(lines, min_size=HEIGHT, max_size=HEIGHT)


def whole(strips):
    return LayoutUpdate([[one] for one in strips], Region(0, 0, WIDTH, HEIGHT))


def terminal():
    """One that does not wrap, as Textual tells it."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    screen.reset_mode(pyte.modes.DECAWM >> 5, private=True)
    return screen


def shown(screen):
    """Every cell as the terminal has it."""
    cells = [
        [screen.buffer[y][x] for x in range(WIDTH) if screen.buffer[y][x].data]
        for y in range(HEIGHT)
    ]
    return [[(c.data, c.fg, c.bg, c.bold, c.underscore) for c in row] for row in cells]


def painted(strips):
    """The same screen as Textual itself sends it."""
    screen = terminal()
    sent = whole(strips).render_segments(Console(color_system="truecolor"))
    pyte.Stream(screen).feed(sent)
    return shown(screen)


@settings(max_examples=15)
@given(st.lists(screens, min_size=1, max_size=4), st.integers(1, 120))
def test_any_screen_comes_from_any_other_in_portions_of_any_size(wanted, room):
    screen, picture = terminal(), Picture(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    for strips in wanted:
        picture.take(whole(strips))
        stream.feed(picture.send(ColorSystem.TRUECOLOR, room))
    portions = 0
    while picture.owed:
        stream.feed(picture.send(ColorSystem.TRUECOLOR, room))
        portions += 1
    assert portions <= HEIGHT
    assert shown(screen) == painted(wanted[-1])
    assert picture.send(ColorSystem.TRUECOLOR, room) == ""


@pytest.mark.parametrize("gap", [0, 10])
def test_a_row_of_wide_characters_that_moved_by_a_cell_is_all_repainted(gap):
    old = Strip([Segment("a" * 3 + "日" * 5), Segment(" ")])
    new = Strip([Segment("a" * 4 + "日" * 5)])
    assert list(differences(old, new, gap=gap)) == [(3, 14)]


@settings(max_examples=40)
@given(st.lists(screens, min_size=2, max_size=4))
def test_what_a_canvas_repaints_of_a_screen_makes_it_the_new_one(wanted):
    """Only the cells that differ are painted, wherever a wide character is cut by that."""
    screen, picture = terminal(), Picture(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    picture.take(whole(wanted[0]))
    for old, new in pairwise(wanted):
        spans = [(y, *span) for y in range(HEIGHT) for span in differences(old[y], new[y], gap=0)]
        if spans:
            chops = [{0: line} for line in new]
            picture.take(ChopsUpdate(chops, spans, [[WIDTH]] * HEIGHT))
        stream.feed(picture.send(ColorSystem.TRUECOLOR, 1 << 20))
        assert shown(screen) == painted(new)


@settings(max_examples=40)
@given(alone, alone, st.integers(0, WIDTH - 1), st.integers(1, WIDTH))
def test_what_is_laid_over_half_a_wide_character_moves_nothing(under, over, start, cells):
    """As a dialog is: what is beside it stays in its columns, a lost half is a blank."""
    end = min(start + cells, WIDTH)
    over = over.crop(0, end - start)
    screen, picture = terminal(), Picture(WIDTH, HEIGHT)
    picture.take(whole([under] * HEIGHT))
    chops, spans = [{start: over}] * HEIGHT, [(y, start, end) for y in range(HEIGHT)]
    picture.take(ChopsUpdate(chops, spans, [[end]] * HEIGHT))
    pyte.Stream(screen).feed(picture.send(ColorSystem.TRUECOLOR, 1 << 20))
    laid = Strip.join([under.crop(0, start), over, under.crop(end, WIDTH)])
    assert shown(screen) == painted([laid] * HEIGHT)


class Widening(pyte.Screen):
    """A terminal that gives the vowel signs of Indian scripts a cell of their own, as the C
    library's tables say."""

    def draw(self, data):
        for char in data:
            super().draw("\u25cc" if unicodedata.category(char) == "Mc" else char)


def test_behind_a_vowel_sign_nothing_moves_whatever_width_the_terminal_gives_it():
    screen, picture = Widening(WIDTH, HEIGHT), Picture(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    red = Style.parse("red")
    parts = [("\u0915\u093e", None), ("\u0932", red), ("\u0940 up |", None)]
    picture.take(whole([strip(parts)] * HEIGHT))
    stream.feed(picture.send(ColorSystem.TRUECOLOR, 1 << 20))
    assert screen.display[0][2:] == " up |".ljust(WIDTH - 2)
    picture.take(whole([strip([("\u0916\u093e", None), *parts[1:]])] * HEIGHT))
    stream.feed(picture.send(ColorSystem.TRUECOLOR, 1 << 20))
    assert screen.display[0] == "\u0916\u0932 up |".ljust(WIDTH)


def test_text_is_text():
    screen, picture = terminal(), Picture(WIDTH, HEIGHT)
    picture.take(whole([strip([("日本 up █", None)])] * HEIGHT))
    pyte.Stream(screen).feed(picture.send(ColorSystem.TRUECOLOR, 1 << 20))
    assert screen.display == ["日本 up █".ljust(WIDTH - 2)] * HEIGHT


def test_a_figure_costs_its_own_cells_and_no_line():
    picture = Picture(WIDTH, HEIGHT)
    picture.take(whole([strip([("12:00:01  up", None)])] * HEIGHT))
    picture.send(ColorSystem.TRUECOLOR, 1 << 20)
    picture.take(whole([strip([("12:00:02  up", None)]), *[strip([("12:00:01  up", None)])] * 3]))
    assert picture.send(ColorSystem.TRUECOLOR, 1 << 20) == "\x1b[1;8H2"


def test_a_part_that_textual_cut_lands_where_it_belongs():
    screen, picture = terminal(), Picture(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    picture.take(whole([strip([("." * WIDTH, None)])] * HEIGHT))
    stream.feed(picture.send(ColorSystem.TRUECOLOR, 1 << 20))
    chops = [{}, {4: Strip([Segment("abcdef")])}, {}, {}]
    picture.take(ChopsUpdate(chops, [(1, 6, 8)], [[], [10], [], []]))
    stream.feed(picture.send(ColorSystem.TRUECOLOR, 1 << 20))
    assert screen.display[1] == "......cd......"


def test_what_is_typed_goes_ahead_and_the_rest_takes_turns():
    picture = Picture(WIDTH, HEIGHT)
    rows = [strip([(str(n) * WIDTH, None)]) for n in range(HEIGHT)]
    picture.take(whole(rows))
    first = picture.send(ColorSystem.TRUECOLOR, 1, ahead := [2])
    assert "2" * WIDTH in first
    assert "0" * WIDTH not in first
    order = []
    while picture.owed:
        sent = picture.send(ColorSystem.TRUECOLOR, 1, ahead)
        order.append(int(sent.partition(";")[0].removeprefix("\x1b[")) - 1)
        if len(order) < 6:  # the top never rests
            picture.take(whole([strip([("xy"[len(order) % 2] * 3, None)]), *rows[1:]]))
    assert order[:3] == [0, 1, 3]


def test_after_it_was_forgotten_everything_is_sent_again():
    picture = Picture(WIDTH, HEIGHT)
    picture.take(whole([strip([("abc", None)])] * HEIGHT))
    everything = picture.send(ColorSystem.TRUECOLOR, 1 << 20)
    picture.forget()
    assert picture.send(ColorSystem.TRUECOLOR, 1 << 20) == everything
