"""That a playbook fits, in one line of any width. Pure."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from warroom.console.look import Look, fit_to
from warroom.playbooks.standing import Proposal
from warroom.text import safe

NARROW = 100
"""Columns under which the key's words are few."""
LEAST = 14
"""Cells under which a cut piece of evidence tells nothing."""


def line(proposals: Sequence[Proposal], key: str, look: Look, width: int) -> Content:
    """The best one with as much of its evidence as fits, and how many more there are."""
    best = proposals[0]
    more = f" (+{len(proposals) - 1}{' more' if width >= NARROW else ''})"
    opens = f"  {key} opens it" if width >= NARROW else f"  {key} opens"
    end = f"{opens}{more if len(proposals) > 1 else ''} "
    head = f" {look.pointer} Playbook: "
    room = max(width - cell_len(head) - cell_len(end), 0)
    title = fit_to(
        look.plain(safe(best.title, 80)), max(room if room < 30 else room * 3 // 5, 0), look
    )
    told = evidence(best.evidence, room - cell_len(title) - 2, look)
    words = f": {told}" if told else ""
    space = " " * max(room - cell_len(title) - cell_len(words), 0)
    parts = ((head, ".accent"), (title, ".strong"), words, space, (end, ".accent"))
    return Content.assemble(*parts).truncate(max(width, 1))


def evidence(pieces: Sequence[str], room: int, look: Look) -> str:
    """What holds, as many pieces as there is room for; the last one is cut if enough of it is
    left."""
    told = ""
    for piece in pieces:
        shown = look.plain(safe(piece, 200))
        gap = "; " if told else ""
        free = room - cell_len(told) - len(gap)
        if cell_len(shown) <= free:
            told += gap + shown
        elif free >= LEAST:
            return told + gap + fit_to(shown, free, look)
        else:
            return told + (f" {look.end}" if told and room - cell_len(told) >= 2 else "")
    return told
