"""The strip in one line of any width. Pure."""

from datetime import datetime, timedelta

import msgspec
from rich.cells import cell_len
from textual.content import Content

from warroom.console.acting.run_rows import on_words
from warroom.console.acting.words import arrows, outcome, verdict
from warroom.console.incident.spans import coarse
from warroom.console.look import Look
from warroom.console.state import Acts
from warroom.incident.acting.runs import RunView
from warroom.text import safe

Piece = tuple[str, str]
STAYS = timedelta(minutes=2)
"""For so long what came of a run stands there."""


class Shown(msgspec.Struct, frozen=True):
    """What the line is drawn from; ``arm`` and ``open`` are keys as people write them."""

    acts: Acts
    now: datetime
    monotonic: float
    look: Look
    arm: str = "L"
    open: str = "X"


def fresh(acts: Acts, now: datetime) -> tuple[RunView, ...]:
    """The runs that are told: those that run, wait for their verdict, or ended a moment ago; the
    newest first."""
    found = [
        run
        for run in acts.runs
        if run.outcome is None
        or run.watching
        or now - run.began - timedelta(seconds=run.seconds or 0.0) < STAYS
    ]
    return tuple(sorted(found, key=lambda run: run.began, reverse=True))


def line(shown: Shown, width: int) -> Content | None:
    """As much as fits; None where there is nothing to say."""
    look, acts = shown.look, shown.acts
    groups: list[list[Piece]] = []
    if acts.locked:
        groups.append([_armed(shown)])
    runs = fresh(acts, shown.now)
    groups += [_run(run, shown) for run in runs[:1]]
    overdue = sorted(acts.on, key=lambda on: not on.overdue(shown.now))
    groups += [[on_words(on, shown.now, look)] for on in overdue]
    groups += [_run(run, shown) for run in runs[1:]]
    if not groups:
        return None
    end = f"  {shown.open}" if runs or acts.on else ""
    pieces: list[Piece] = [(" ", "")]
    used, left = 1, 0
    for at, group in enumerate(groups):
        cells = sum(cell_len(text) for text, _ in group) + (3 if at else 0)
        if at and used + cells > width - len(end) - 8:
            left = len(groups) - at
            break
        pieces += [(f" {look.dot} ", ".dim")] if at else []
        pieces += group
        used += cells
    if left:
        pieces.append((f"  +{left} more", ".dim"))
    text = Content.assemble(*pieces).truncate(max(width - len(end) - 1, 1), ellipsis=look.unicode)
    return Content.assemble(text, (end, ".accent"))


def _armed(shown: Shown) -> Piece:
    left = shown.acts.armed_for(shown.monotonic)
    if left > 0:
        return f" ARMED {coarse(left)} ", ".badge-1"
    return f"LOCKED, {shown.arm} arms", ".dim"


def _run(run: RunView, shown: Shown) -> list[Piece]:
    look = shown.look
    title = look.plain(safe(run.title, 40))
    word, style = outcome(run, look)
    pieces: list[Piece] = [(f"{title} ", ".strong"), (word, style)]
    if run.outcome is None:
        left = shown.acts.left(run, shown.monotonic)
        by = look.plain(safe(run.by, 20))
        return [*pieces, (f" by {by}, {coarse(left or 0.0)} left", ".dim")]
    judged, judged_style = verdict(run, look)
    if judged:
        text = look.plain(safe(arrows(run.verdict_text, look), 120))
        return [*pieces, ("  ", ""), (judged, judged_style), (f" {text}", "")]
    if run.watching:
        text = look.plain(safe(arrows(run.watching, look), 100))
        return [*pieces, (f"  watching {text}", ".dim")]
    return [*pieces, (f" {look.plain(safe(run.text, 120))}", ".dim")]
