"""The incident in one line of any width: what matters least is left out first. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace
from rich.cells import cell_len
from textual.content import Content

from warroom.console.incident.spans import coarse, lasted
from warroom.console.look import Look, fit, fit_to
from warroom.console.message.outbox import mark
from warroom.incident.clocks import Clocks, clocks
from warroom.incident.incident import Incident
from warroom.incident.procedures import Procedures
from warroom.severity import Scale
from warroom.text import safe

Piece = tuple[str, str]
"""Words and their canvas style."""

ID, STATUS, NAME, RUNG = 24, 20, 16, 24
"""Cells that each has at most."""
LEAST = 8
"""Cells of the title under which it is left out."""
TAIL = 6
"""Cells of an id's last part that can stand for the whole."""


class Shape(msgspec.Struct, frozen=True):
    """How much is told. ``title`` is how many cells it must have, 0 for none at all; ``clocks``
    are all of them, the next one and those that are overdue, those that are overdue, or only how
    many are."""

    title: int = 24
    id: Literal["whole", "tail", "none"] = "whole"
    status: Literal["whole", "cut", "none"] = "whole"
    clocks: Literal["all", "next", "overdue", "count"] = "all"
    rung: bool = True
    role: bool = True
    """Whether the commander's role is written out."""
    names: bool = True
    """Whether those of the clocks are."""


_NARROW = Shape(rung=False, title=12, role=False)
_BARE = replace(_NARROW, title=0, id="none", clocks="next")
SHAPES = (
    Shape(),
    Shape(rung=False),
    Shape(rung=False, title=16),
    _NARROW,
    replace(_NARROW, id="tail"),
    replace(_NARROW, id="tail", clocks="next"),
    replace(_NARROW, id="none", clocks="next"),
    _BARE,
    replace(_BARE, status="cut"),
    replace(_BARE, status="cut", names=False),
    replace(_BARE, status="none", names=False),
    replace(_BARE, status="none", names=False, clocks="overdue"),
    replace(_BARE, status="none", names=False, clocks="count"),
)
"""From the widest to the narrowest; the first that fits is taken."""


class Shown(msgspec.Struct, frozen=True):
    """What the line is drawn from. ``place`` is the incident's among the ``several`` that are
    open, counted from 1."""

    incident: Incident
    procedures: Procedures
    scale: Scale
    now: datetime
    look: Look
    place: int = 1
    several: int = 1

    @property
    def clocks(self) -> Clocks:
        return clocks(self.incident, self.procedures, self.scale, self.now)


def line(shown: Shown, width: int) -> Content:
    """The whole line, exactly ``width`` cells where it can be."""
    found = shown.clocks
    title = shown.look.plain(safe(shown.incident.title, 200))
    for shape in SHAPES:
        before, behind = _before(shown, shape), _behind(shown, found, shape)
        free = width - _cells(before) - _cells(behind) - 1
        if free >= min(shape.title, cell_len(title)):
            break
    # Less of it than that tells nobody anything.
    title = title if free >= min(LEAST, cell_len(title)) else ""
    middle = " " + fit(title, free, "<", shown.look.end) if free > 0 else ""
    whole = Content.assemble(*before, middle, *behind)
    return whole.truncate(width, ellipsis=shown.look.unicode)


def _cells(pieces: list[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _before(shown: Shown, shape: Shape) -> list[Piece]:
    """What stands before the title: which one, how bad, and how far."""
    incident, look = shown.incident, shown.look
    pieces: list[Piece] = [(" ", "")]
    name = _name(shown, shape)
    if name:
        pieces += [(name, ".strong"), (" ", "")]
    if shown.several > 1:
        pieces += [(f"{shown.place}/{shown.several}", ".accent"), (" ", "")]
    pieces += [*level(shown), (" ", "")]
    if not incident.open:
        return [*pieces, ("RESOLVED", ".ok"), (" ", "")]
    status = look.plain(safe(incident.status, STATUS))
    if shape.status == "cut":
        status = fit(status, min(cell_len(status), 8), "<", look.end)
    return pieces if shape.status == "none" else [*pieces, (status, ".accent"), (" ", "")]


def _name(shown: Shown, shape: Shape) -> str:
    whole = shown.look.plain(safe(shown.incident.id, ID))
    if shape.id == "whole":
        return whole
    tail = whole.rpartition("-")[2]
    return f"#{tail}" if shape.id == "tail" and tail and len(tail) <= TAIL else ""


def level(shown: Shown) -> list[Piece]:
    """The level's badge: its sign and its word."""
    name = shown.incident.level
    at = shown.scale.index(name)
    if not name:
        return [(" ? NO LEVEL ", ".badge-unseen")]
    style = ".badge-unseen" if at is None else f".badge-{min(at, 3)}"
    words = shown.look.plain(safe(name, 12))
    return [(f" {shown.look.sign(name, shown.scale)} {words} ", style)]


def _behind(shown: Shown, found: Clocks, shape: Shape) -> list[Piece]:
    """What stands at the right: who leads, the clocks, and how long it has been."""
    pieces: list[Piece] = []
    for piece in (*_outbox(shown), *_leads(shown, shape), *_clocks(shown, found, shape)):
        pieces += [("  ", ""), piece]
    if not shown.incident.open:
        return [*pieces, ("  took ", ".dim"), (lasted(found.since), ".strong"), (" ", "")]
    return [*pieces, ("  ", ""), (lasted(found.since), ".strong"), (" ", "")]


def _outbox(shown: Shown) -> Iterator[Piece]:
    """That a message is not where it should be stands there however narrow it is."""
    words = mark(shown.incident)
    if words:
        yield f" {words} ", ".badge-1"


def _leads(shown: Shown, shape: Shape) -> Iterator[Piece]:
    role = shown.procedures.commander
    if not role:
        return
    held = shown.incident.roles.get(role)
    called = shown.look.plain(safe(role, STATUS)) if shape.role else "IC"
    if held is not None:
        person = fit_to(shown.look.plain(safe(held.person, 40)), NAME, shown.look)
        yield f"{called} {person}", ""
    elif shown.incident.open:
        yield f" NO {called.upper()} ", ".badge-0"


def _clocks(shown: Shown, found: Clocks, shape: Shape) -> Iterator[Piece]:
    """The clocks that are told, in one order; what is overdue stands together, behind a word."""
    named = (
        ("respond", "resp", found.response),
        ("update", "upd", found.update),
        ("escalate", "esc", found.escalation),
    )
    told = [(long if shape.names else short, at) for long, short, at in named if at is not None]
    coming = [(name, at) for name, at in told if at > 0]
    if shape.clocks == "next":
        coming = sorted(coming, key=lambda one: one[1])[:1]
    for name, at in coming if shape.clocks in ("all", "next") else ():
        rung = f" ({shown.look.plain(safe(found.rung, RUNG))})" if shape.rung and found.rung else ""
        words = f"{name} in {coarse(at)}{rung if name[:3] == 'esc' else ''}"
        yield words, ".level-2" if at < 60 else ".dim"
    late = [f"{name} {coarse(-at)}" if at <= -60 else name for name, at in told if at <= 0]
    if late and shape.clocks == "count":
        yield f" {len(late)} OVERDUE ", ".badge-1"
    elif late:
        # Under a minute without a figure: seconds that pass tell nobody more.
        yield f" OVERDUE {', '.join(late)} ", ".badge-1"
