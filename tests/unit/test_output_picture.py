"""What is sent makes a real terminal show what is wanted, whatever it showed before."""

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from warroom.console.output.picture import Picture

WIDTH, HEIGHT = 14, 4
STYLES = [
    None,
    Style.parse("bold red on blue"),
    Style.parse("red on blue"),
    Style.parse("underline"),
    Style.parse("#ffffff on #101010"),
]


def strip(parts):
    """A strip of exactly ``WIDTH`` cells."""
    segments = [Segment(text, style) for text, style in parts]
    return Strip(segments).adjust_cell_length(WIDTH)


lines = st.lists(
    st.tuples(st.text("ab ▁█日本é", max_size=6), st.sampled_from(STYLES)), max_size=5
).map(strip)
screens = st.lists(lines, min_size=HEIGHT, max_size=HEIGHT)


def whole(strips):
    return LayoutUpdate([[one] for one in strips], Region(0, 0, WIDTH, HEIGHT))


def terminal():
    return pyte.Screen(WIDTH, HEIGHT)


def shown(screen):
    """Every cell as the terminal has it."""
    cells = [
        [screen.buffer[y][x] for x in range(WIDTH) if screen.buffer[y][x].data]
        for y in range(HEIGHT)
    ]
    return [[(c.data, c.fg, c.bg, c.bold, c.underscore) for c in row] for row in cells]


def painted(strips):
    """The same screen as Textual itself sends it, to a terminal that does not wrap."""
    screen = terminal()
    sent = whole(strips).render_segments(Console(color_system="truecolor"))
    pyte.Stream(screen).feed(f"\x1b[?7l{sent}")
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
