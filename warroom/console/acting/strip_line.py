"""The strip in one line of any width. Pure."""

from datetime import datetime, timedelta

import msgspec
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


WIDE = 100
"""Columns from which the key at the end is told as the playbook's is."""
LEAST = 20
"""Cells of what is cut under which it is left out."""
MORE = 4
"""Cells for how many more there are."""


class Shown(msgspec.Struct, frozen=True):
    """What the line is drawn from; ``arm`` and ``open`` are keys as people write them,
    empty where they would be refused."""

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
    late = [one for one in acts.on if one.overdue(shown.now)]
    runs = fresh(acts, shown.now)
    groups = [
        *([[_armed(shown)]] if acts.locked and shown.arm else []),
        *([on_words(one, shown.now, look)] for one in late),
        *(_run(run, shown) for run in runs),
        *([on_words(one, shown.now, look)] for one in acts.on if one not in late),
    ]
    if not groups:
        return None
    opens = f"  {shown.open} opens{' it' if width >= WIDE else ''} "
    end = opens if shown.open and (runs or acts.on) else " "
    parts: list[Content] = []
    free, left = width - len(end) - 1, 0
    for at, group in enumerate(groups):
        text = Content.assemble((f" {look.dot} " if at else " ", ".dim"), *group)
        behind = MORE if at < len(groups) - 1 else 0
        if text.cell_length > free - behind:
            if free - behind < LEAST:
                left = len(groups) - at
                break
            text = text.truncate(free - behind, ellipsis=look.unicode)
        parts.append(text)
        free -= text.cell_length
    more = f" +{left}" if left else ""
    return Content.assemble(*parts, (more, ".dim"), (end, ".accent")).truncate(max(width, 1))


def _armed(shown: Shown) -> Piece:
    left = shown.acts.armed_for(shown.monotonic)
    if left > 0:
        return f" ARMED {coarse(left)} ", ".badge-1"
    return f"LOCKED, {shown.arm} arms", ".dim"


def _run(run: RunView, shown: Shown) -> list[Piece]:
    """What came of it first: what is behind it may be cut."""
    look = shown.look
    title = look.plain(safe(run.title, 40))
    word, style = outcome(run, look, blind=shown.acts.blind)
    judged, judged_style = verdict(run, look)
    if run.outcome is None:
        left = shown.acts.left(run, shown.monotonic)
        by = look.plain(safe(run.by, 20))
        return [
            (word, style),
            (f" {title}", ".strong"),
            (f" by {by}", ".dim"),
            (f", {coarse(left)} left" if left is not None else "", ".dim"),
        ]
    if judged:
        text = look.plain(safe(arrows(run.verdict_text, look), 120))
        return [(judged, judged_style), (f" {title}", ".strong"), (f" {text}", "")]
    if run.watching:
        text = look.plain(safe(arrows(run.watching, look), 100))
        return [(word, style), (f" {title}", ".strong"), (f" watching {text}", ".dim")]
    text = look.plain(safe(run.text, 120))
    return [(word, style), (f" {title}", ".strong"), (f" {text}", ".dim")]
