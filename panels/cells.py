"""Texts in so many cells: which part of them gives way. Pure."""

from collections import Counter
from collections.abc import Mapping

from rich.cells import cell_len, set_cell_size

from warroom.console.look import Look, fit
from warroom.text import safe


def told_apart(texts: Mapping[str, tuple[str, str]], width: int, end: str) -> dict[str, str]:
    """Each text (given with the group in which it must be told from others) in so many cells.
    Those that would be cut alike are called by their key, or else cut in the middle."""
    if width <= 0:
        return dict.fromkeys(texts, "")
    cut = {key: (group, fit(text, width, "<", end)) for key, (group, text) in texts.items()}
    often = Counter(cut.values())
    found: dict[str, str] = {}
    for key, (group, text) in cut.items():
        if often[group, text] > 1:
            whole = safe(key, 60) if not group else texts[key][1]
            text = _cut_inside(whole, width, end)
        found[key] = text
    return found


def _cut_inside(text: str, width: int, end: str) -> str:
    """Exactly so many cells of the text, what is too much taken out of its middle."""
    if cell_len(text) <= width or width < 4:
        return fit(text, width, "<", end)
    tail = text[-(width // 2) :]
    while cell_len(tail) > width // 2:
        tail = tail[1:]
    return set_cell_size(set_cell_size(text, width - cell_len(tail) - 1) + end + tail, width)


def valued(words: str, width: int, look: Look) -> str:
    """A value in so many cells, on the right, a blank before it: the unit gives way, and a
    digit never does, for fewer digits are another number."""
    number, space, unit = words.partition(" ")
    room = width - 1
    if cell_len(words) > room:
        left = room - cell_len(number) - 1
        words = f"{number} {fit(unit, left, '<', look.end)}" if space and left >= 2 else number
    return fit(words if cell_len(words) <= width else look.end, width, ">", look.end)
