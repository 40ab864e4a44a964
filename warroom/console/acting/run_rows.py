"""A run as lines: how it stands, what it says, what the signals say of it. Pure."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from textual.content import Content

from warroom.console.acting.words import arrows, outcome, verdict
from warroom.console.incident.rows import Row, gap
from warroom.console.incident.spans import coarse
from warroom.console.look import Look
from warroom.incident.acting.runs import RunView
from warroom.incident.acting.still_on import On
from warroom.text import safe, short_duration


class Shown(msgspec.Struct, frozen=True):
    """What is drawn. ``left`` is for how many seconds it may still run, None once it has ended;
    ``blind`` whether nobody tells of it now."""

    run: RunView
    look: Look
    left: float | None
    blind: bool = False


def head_rows(shown: Shown) -> list[Row]:
    """How it stands: above its output."""
    return [*_stands(shown), *_came(shown), *_judged(shown)]


def _stands(shown: Shown) -> Iterator[Row]:
    run, look = shown.run, shown.look
    word, style = outcome(run, look, blind=shown.blind)
    took = f" after {short_duration(run.seconds)}" if run.seconds is not None else ""
    left = f"  at most {coarse(shown.left)} more" if shown.left is not None else ""
    by = look.plain(safe(run.by, 40))
    yield Row(
        Content.assemble(
            (f"{word}{took}", style),
            (left, ".dim"),
            (f"  by {by} at {run.began:%H:%M:%S}Z", ".dim"),
        )
    )
    if run.reach:
        yield Row(Content(look.plain(safe(run.reach, 300))), indent=2)
    if run.step:
        yield Row(Content.assemble(("step ", ".dim"), look.plain(safe(run.step, 120))), indent=2)
    if run.state == "waiting":
        said = "Do it by hand, then press {run.done}; {run.not_done} if it could not be done"
        words = look.worded(said)
        yield Row(Content.assemble((words, ".level-2")))


def _came(shown: Shown) -> Iterator[Row]:
    run, look = shown.run, shown.look
    if run.text:
        yield Row(Content.assemble((look.plain(safe(run.text, 400)), ".strong")), indent=2)
    for one in run.refused[:6]:
        words = look.plain(safe(f"left alone: {one}", 300))
        yield Row(Content.assemble((words, ".level-2")), indent=2)
    if len(run.refused) > 6:
        words = f"and {len(run.refused) - 6} more left alone"
        yield Row(Content.assemble((words, ".level-2")), indent=2)


def _judged(shown: Shown) -> Iterator[Row]:
    run, look = shown.run, shown.look
    word, style = verdict(run, look)
    if word:
        words = look.plain(safe(arrows(run.verdict_text, look), 400))
        yield Row(Content.assemble((word, style), f"  {words}"), indent=2)
        if run.verdict == "WORSE" and run.undo:
            yield Row(
                Content.assemble(
                    (look.worded("{run.undo} takes it back: "), ".level-0"),
                    look.plain(safe(run.undo, 60)),
                ),
                indent=2,
            )
    elif run.watching:
        words = look.plain(safe(arrows(run.watching, look), 300))
        yield Row(Content.assemble(("watching ", ".dim"), words), indent=2)


def output_rows(run: RunView, look: Look) -> list[Row]:
    """What it said, its head and its tail."""
    if not run.head:
        return [Row(Content.assemble(("it has said nothing", ".dim")))]
    rows = [_said(line, look) for line in run.head]
    if run.dropped:
        words = f"{look.end} {run.dropped:,} lines are left out {look.end}"
        rows.append(Row(Content.assemble((words, ".dim"))))
    return [*rows, *(_said(line, look) for line in run.tail)]


def _said(line: str, look: Look) -> Row:
    return Row(Content(look.plain(safe(line, 400))), indent=2)


def listed_rows(
    runs: tuple[RunView, ...],
    on: tuple[On, ...],
    now: datetime,
    look: Look,
    *,
    blind: bool = False,
    opens: str = "a",
) -> list[Row]:
    """What is on, then the runs, the newest first; ``blind`` whether nobody tells of them now,
    ``opens`` the key of the actions."""
    if not on and not runs:
        words = f"Nothing was run in ten minutes, and nothing is on: {opens} opens the actions."
        return [Row(Content.assemble((words, ".dim")))]
    rows: list[Row] = []
    if on:
        rows.append(Row(Content.assemble(("Still on", ".strong"))))
        rows += [_on_row(one, now, look) for one in on]
        rows.append(gap())
    rows.append(Row(Content.assemble(("Runs of the last ten minutes", ".strong"))))
    rows += [row for run in reversed(runs) for row in _run_row(run, look, blind=blind)]
    if not runs:
        rows.append(Row(Content.assemble(("  none", ".dim"))))
    return rows


def _run_row(run: RunView, look: Look, *, blind: bool) -> Iterator[Row]:
    word, style = outcome(run, look, blind=blind)
    judged, judged_style = verdict(run, look)
    title, by = look.plain(safe(run.title, 60)), look.plain(safe(run.by, 30))
    text = look.plain(safe(arrows(run.verdict_text or run.text, look), 200))
    yield Row(
        Content.assemble(
            (f"  {run.began:%H:%M:%S}Z ", ".dim"),
            (title, ".strong"),
            (f" by {by}  ", ".dim"),
            (word, style),
            (f"  {judged}" if judged else "", judged_style),
            (f"  {text}", ".dim"),
        ),
        f"run:{run.run}",
        indent=4,
    )


def _on_row(one: On, now: datetime, look: Look) -> Row:
    words, style = on_words(one, now, look)
    kept = f"  kept by {one.keeper}: {one.kept}" if one.kept else ""
    undo = f"  u: {one.undo}" if one.undo else ""
    return Row(
        Content.assemble(
            ("  ", ""),
            (words, style),
            (look.plain(safe(f"  since {one.since:%H:%M}Z by {one.by}", 80)), ".dim"),
            (look.plain(safe(kept, 200)), ".dim"),
            (look.plain(safe(undo, 60)), ".dim"),
        ),
        f"on:{one.name}",
        indent=4,
    )


def on_words(one: On, now: datetime, look: Look) -> tuple[str, str]:
    """What is on, from what to what, and for how long it still may be."""
    detail = f" {one.detail}" if one.detail else ""
    name = look.plain(safe(arrows(f"{one.name}{detail}", look), 80))
    if one.kept:
        return f"ON {name}", ".dim"
    if one.until is None:
        return f"ON {name}", ".level-2"
    left = (one.until - now).total_seconds()
    back = ": take it back? {acted}, {still_on.undo}" if one.proposes and one.undo else ""
    if left <= 0:
        late = f" {coarse(-left)}" if left <= -60 else ""
        return f"ON {name} OVERDUE{late}{look.worded(back)}", ".badge-1"
    return f"ON {name}, {coarse(left)} left", ".level-2"
