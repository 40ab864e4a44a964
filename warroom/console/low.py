"""A panel too low for a frame: its title on a rule, and its worst sources below it.

On the smallest screen, with a playbook beside them, panels have two or three rows each: within a
frame that would be its title and nothing else.
"""

from collections.abc import Sequence

from textual.content import Content

from warroom.console.look import Look, label, shown_level, sign_of, style_of
from warroom.severity import Scale
from warroom.text import safe
from warroom.wire import SourceView

FLAT = 4
"""Rows from which on a panel has a frame."""


def room_inside(height: int) -> int:
    """How many lines a panel of that height has for its body."""
    return max(height - (2 if height >= FLAT else 1), 0)


def low_lines(sources: Sequence[SourceView], scale: Scale, look: Look) -> list[Content]:
    """A line for each source, the worst first: sign, words, and why. Pure."""
    found = sorted(sources, key=lambda source: -scale.rank(shown_level(source)))
    lines = []
    for source in found:
        style = style_of(shown_level(source), scale)
        words = f"{sign_of(source, look, scale)} {safe(label(source), 24)} "
        why = look.plain(safe(source.cause or source.title, 300))
        lines.append(Content.assemble((words, style), why))
    return lines


def unframed(
    title: Content, body: list[Content], width: int, height: int, look: Look, *, focused: bool
) -> list[Content]:
    """The title on a rule, and what there is room for below it."""
    style, line = ".frame-focus" if focused else ".frame", look.box[1]
    title = title.truncate(max(width - 5, 0), ellipsis=look.unicode)
    rest = line * max(width - 4 - title.cell_length, 0)
    rows = [Content.assemble((f"{line * 2} ", style), title, (f" {rest}", style))]
    rows += [Content.assemble("  ", text) for text in body[: max(height - 1, 0)]]
    return [row.truncate(width, ellipsis=look.unicode) for row in rows[:height]]
