"""Panels as text: a board in, the lines a person reads out; and text that wants to be obeyed."""

from hypothesis import strategies as st
from msgspec.structs import replace

from tests.ui import boards
from warroom.console.look import Look
from warroom.console.panel import PanelView
from warroom.console.state import RoomState

HOSTILE = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        "[b",
        "[/]",
        "[@click=app.quit]x[/]",
        "\x1b[2J",
        "\x1b]52;c;eA==\x07",
        "a\u202eb",
        "\x00",
        "x" * 5000,
        "漢字" * 40,
        "e\u0301\u0301\u0301\u0301",
    ]
)
"""Names, causes and labels as an enemy would write them."""


def view(board, *, now=0.0, cursor="", look=None, expanded=False, lost=""):
    """What a panel draws this board from; ``lost`` is why the engine is gone, if it is."""
    state = RoomState().taking(boards.welcome(), 0.0).taking(board, 0.0)
    if lost:
        state = state.losing(lost)
    return PanelView(
        state=state,
        sources=state.sources,
        look=look or Look(),
        now=now,
        cursor=cursor,
        focused=bool(cursor),
        expanded=expanded,
    )


def contents(panel, board, width=116, height=36, *, only=(), **options):
    """The lines of a panel's body, as it would draw them in a room."""
    shown = view(board, **options)
    wanted = (s for s in panel.wanted(shown.state) if not only or s.name in only)
    shown = replace(shown, sources=tuple(wanted), width=width, height=height, only=only)
    return panel.body(shown, width, height)


def text(panel, board, width=116, height=36, **options):
    """Those lines as a greyscale picture tells them."""
    return [line.plain.rstrip() for line in contents(panel, board, width, height, **options)]


def harmless(lines, width, height):
    """Whether these lines keep to their size, and obey nobody."""
    assert len(lines) <= height
    for line in lines:
        assert line.cell_length <= width
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in line.plain)
        assert "\u202e" not in line.plain
        assert all("@" not in str(span.style) for span in line.spans)
