"""What stands around a message: to whom it goes, what is wrong with it, what it promises. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime

from textual.content import Content

from warroom.console.incident.rows import Row
from warroom.console.incident.spans import coarse
from warroom.console.look import Look, fit
from warroom.incident.drafted import Finding
from warroom.incident.outward import CLIPBOARD, Receiver
from warroom.incident.spans import left
from warroom.text import safe
from warroom.zone import IN_UTC, Zone, both

MOST = 9
"""Receivers that have a digit of their own."""


def receiver_rows(
    receivers: Sequence[Receiver],
    chosen: Collection[str],
    look: Look,
    width: int,
    *,
    keyed: bool = True,
) -> list[Row]:
    """One line each, where it is ``keyed`` with the digit that chooses it; without any, what can be
    done all the same."""
    if not receivers:
        said = "No receiver is configured ([receivers] in the file): "
        words = look.worded(f"{said}{{dialog.copy}} copies it for you to send")
        return [Row(Content.assemble((words, ".dim")), indent=2)]
    rows = []
    for at, one in enumerate(receivers, 1):
        box = "[x]" if one.name in chosen else "[ ]"
        key = str(at) if keyed and at <= MOST else " "
        public = "PUBLIC " if one.public else ""
        name = fit(look.plain(safe(one.title or one.name, 60)), 18, end=look.end)
        line = Content.assemble(
            (f"{key} ", ".accent"),
            (f"{box} ", ".strong" if one.name in chosen else ".dim"),
            (f"{name} ", ".strong" if one.name in chosen else ""),
            (public, ".level-2"),
            (look.plain(safe(one.where, 120)), ".dim"),
        )
        rows.append(Row(line.truncate(width, ellipsis=look.unicode)))
    return rows


def finding_rows(findings: Sequence[Finding], look: Look, *, asked: bool) -> list[Row]:
    """What the linter has found, a line of the text each; that it found nothing is said."""
    if not asked:
        return [Row(Content.assemble(("looking it through", ".dim")))]
    if not findings:
        sign = "✔" if look.unicode else "+"
        return [Row(Content.assemble((f"{sign} nothing stands against sending it", ".ok")))]
    return [Row(finding_line(one, look), indent=2) for one in findings]


def finding_line(finding: Finding, look: Look) -> Content:
    where = f"line {finding.line}: " if finding.line else ""
    return Content.assemble(
        ("! ", ".level-1"), (where, ".strong"), (look.plain(safe(finding.text, 300)), ".level-1")
    )


def next_words(promised: datetime | str | None, now: datetime, zone: Zone = IN_UTC) -> str:
    """What is said of the time at which people are told again."""
    if isinstance(promised, str):
        return promised
    if promised is None:
        return "no next update is promised"
    wait = left(promised, now)
    if wait <= 0:
        return "that is past: nobody can be promised it"
    return f"{both(promised, zone, now)}, in {coarse(wait)}: the clock runs from sending"


def called(name: str, receivers: Sequence[Receiver]) -> str:
    """What a receiver is called on the screen."""
    if name == CLIPBOARD:
        return "by hand"
    return next((one.title or one.name for one in receivers if one.name == name), name)
