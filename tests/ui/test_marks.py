"""Deployments as marks in graphs and lines of bars: at the column where other code began."""

from msgspec.structs import replace

from panels import graph, marks
from panels.errors import ErrorsPanel
from panels.figures import figures
from panels.health import HealthPanel
from tests.ui import boards
from tests.ui.views import text, view
from warroom.console.look import Look
from warroom.measure.history import per_column
from warroom.measure.past import Mark


def deployed(source, *polls):
    return replace(source, marks=tuple(Mark(poll, "deploy 3f2c") for poll in polls))


def column_of(source, poll):
    """Columns from the newest one back to that of the poll."""
    per = per_column(source.interval)
    return (source.polls - 1) // per - (poll - 1) // per


def test_a_line_of_bars_has_the_mark_in_the_place_of_its_column():
    source = deployed(replace(boards.up("web"), polls=12), 9)
    assert marks.on_line("abcdefghijkl", source, 1, Look()) == "abcdefgh┊jkl"
    assert marks.on_line("abcdef", source, 2, Look(unicode=False)) == "abcd:f"
    assert marks.on_line("abc", source, 1, Look()) == "abc"  # further back than is drawn
    assert marks.on_line("abc", replace(source, marks=()), 1, Look()) == "abc"


def test_a_graph_has_the_mark_above_its_bars_and_on_its_time_axis():
    source = boards.metrics()
    poll = source.polls - 30
    board = replace(boards.good(), sources=(deployed(source, poll),))
    (figure, *_) = figures(board.sources)
    plain = replace(boards.good(), sources=(source,))
    (before, *_) = figures(plain.sources)
    for look, sign in ((Look(), "┊"), (Look(unicode=False), ":")):
        old = [line.plain for line in graph.lines(view(plain, look=look), before, 80, 12)]
        new = [line.plain for line in graph.lines(view(board, look=look), figure, 80, 12)]
        differing = {
            (row, at, new[row][at])
            for row in range(len(old) - 2)
            for at in range(min(len(old[row]), len(new[row])))
            if old[row][at] != new[row][at]
        }
        assert {char for _, _, char in differing} == {sign}
        assert len({at for _, at, _ in differing}) == 1
        rows = sorted(row for row, _, _ in differing)
        assert rows[0] == 0
        assert len(rows) >= 2
        assert any("deploy 3f2c" in line for line in new)


def test_panels_show_it():
    web = deployed(replace(boards.up("web"), polls=12), 10)
    shown = text(HealthPanel, replace(boards.good(), sources=(web,)), 116, 36)
    assert sum("┊" in line for line in shown) >= 1
    metrics = deployed(boards.metrics(), boards.metrics().polls - 10)
    shown = text(ErrorsPanel, replace(boards.good(), sources=(metrics,)), 116, 36)
    assert sum("┊" in line for line in shown) >= 2
