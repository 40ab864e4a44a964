"""The canvas repaints what differs, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip

from warroom.console.canvas import Canvas, differences

TEXT = st.text(alphabet="ab 1▁é漢", min_size=0, max_size=40)


def strip(text, style=None):
    return Strip([Segment(text, style)])


def test_one_changed_figure_is_one_short_range():
    assert list(differences(strip("api  41 ms"), strip("api  45 ms"))) == [(6, 7)]


def test_far_changes_are_two_ranges_and_near_ones_are_joined():
    old = strip("a" + "." * 30 + "b" + "..." + "c")
    new = strip("x" + "." * 30 + "y" + "..." + "z")
    assert list(differences(old, new)) == [(0, 1), (31, 36)]


def test_a_change_of_style_alone_counts():
    old, new = strip("abc", Style(bold=True)), strip("abc")
    assert list(differences(old, new)) == [(0, 3)]


@given(TEXT, TEXT)
def test_outside_the_ranges_nothing_differs(old, new):
    old_strip, new_strip = (strip(text).adjust_cell_length(60) for text in (old, new))
    ranges = list(differences(old_strip, new_strip))
    covered = {x for start, end in ranges for x in range(start, end)}
    before, after = (list(_cells(part)) for part in (old_strip, new_strip))
    assert all(before[x] == after[x] for x in range(60) if x not in covered)
    assert bool(ranges) == (old_strip.text != new_strip.text)


def _cells(strip):
    for at in range(strip.cell_length):
        yield strip.crop(at, at + 1).text


class Figures(Canvas):
    DEFAULT_CSS = "Figures { width: 1fr; height: 1fr; }"

    def __init__(self):
        super().__init__()
        self.latency = 41
        self.repainted = []

    def draw(self, width, height):
        return [Content("api  200"), Content(f"web  {self.latency} ms")]

    def refresh(self, *regions, **options):
        self.repainted.append(regions)
        return super().refresh(*regions, **options)


class FiguresApp(App):
    def compose(self):
        yield Figures()


async def test_a_redraw_asks_for_the_differing_cells_only():
    app = FiguresApp()
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        figures = app.query_one(Figures)
        figures.repainted.clear()
        figures.redraw()
        assert figures.repainted == []
        figures.latency = 45
        figures.redraw()
        assert figures.repainted == [(Region(6, 1, 1, 1),)]
