"""What the rows of all panels share: why a source is not well, and what to do when there
are more rows than lines. Pure."""

from collections.abc import Sequence
from typing import TypeVar

from textual.content import Content

from warroom.console.look import Look, is_well
from warroom.console.panel import PanelView
from warroom.measure.snapshot import CUT_OFF
from warroom.severity import OK, UNSEEN
from warroom.text import safe, stepped_age
from warroom.wire import SignalView, SourceView

_T = TypeVar("_T")


def is_dark(source: SourceView) -> bool:
    """Whether nothing of it can be seen now. One of which only parts cannot be seen is not."""
    return source.failure is not None or source.snapshot is None


def last_value(source: SourceView, signal: SignalView) -> float | None:
    """The figure, or while nothing can be seen the last one that was."""
    if signal.value is not None or not is_dark(source) or source.snapshot is None:
        return signal.value
    return source.snapshot.value(signal.name)


def reason(view: PanelView, source: SourceView) -> str:
    """Who has seen it, why it is not well, how old its figures are, and since when; empty
    when all is well. Of a source that is dark the age comes first: its figures look live. That
    the whole room is cut off is said once, by the room."""
    if source.failure == CUT_OFF and source.level == UNSEEN:
        return age(view, source)
    parts = [age(view, source)] if is_dark(source) else []
    parts.append(acknowledged(source))
    if not is_well(source) or source.pending:
        parts.append(safe(source.cause, 300) or faults(source))
    parts.append(blind(source))
    parts.append(safe(source.pending, 60))
    if not is_dark(source):
        parts.append(age(view, source))
    parts.append(since(source))
    return f" {view.look.dot} ".join(part for part in parts if part)


def acknowledged(source: SourceView) -> str:
    """Who has seen it, until when, and what they said."""
    seen = source.acknowledged
    if seen is None:
        return ""
    return f"seen by {safe(seen.by, 30)} until {seen.until:%H:%M}Z: {safe(seen.reason, 80)}"


def since(source: SourceView) -> str:
    """Since when it is at its level, if it is at one."""
    if source.since is None or source.level == OK:
        return ""
    return f"since {source.since:%H:%M:%S}Z"


def age(view: PanelView, source: SourceView) -> str:
    """How old the figures are, once they are old: ``figures 30 s old``."""
    if not (view.stale(source) or (is_dark(source) and source.snapshot)):
        return ""
    old = view.age(source) or 0.0
    if source.on_request:
        return f"asked {stepped_age(old)} ago"
    return f"figures {stepped_age(old)} old" if old >= 10 else ""


def faults(source: SourceView) -> str:
    """What is not as expected, in the system's own words."""
    seen = source.snapshot.seen if source.snapshot else None
    return safe("; ".join(seen.faults), 300) if seen is not None else ""


def blind(source: SourceView) -> str:
    """Which parts cannot be seen, where the cause does not say so already."""
    seen = source.snapshot.seen if source.snapshot else None
    if seen is None or is_dark(source):
        return ""
    unsaid = [safe(part, 200) for part in seen.blind if part not in source.cause]
    return f"cannot see {'; '.join(unsaid)}" if unsaid else ""


def note(text: str, width: int, look: Look, *, quiet: bool = True) -> Content:
    """A line that hangs under a row."""
    words = (look.plain(text), ".dim" if quiet else "")
    line = Content.assemble((f"    {look.hook} ", ".dim"), words)
    return line.truncate(width, ellipsis=look.unicode)


def wrapped(text: str, width: int, most: int, look: Look) -> list[Content]:
    """The text in at most so many lines, the last one cut where there is more."""
    lines = Content(look.plain(text)).wrap(max(width, 1))
    if len(lines) > most:
        rest = Content(" ").join(lines[most - 1 :])
        lines = [*lines[: most - 1], rest.truncate(width, ellipsis=look.unicode)]
    return lines


def window(order: Sequence[_T], at: int, room: int) -> Sequence[_T]:
    """``room`` of them, from the first one on, but with the one at ``at`` among them."""
    first = max(0, at - room + 1)
    return order[first : first + room]


def hidden(count: int, bad: int, well: str = "all well", unasked: int = 0) -> Content:
    """How many are not shown, and whether that matters; those that nobody asked are neither
    well nor not. It promises no key: what shows them all depends on the panel."""
    judged = count - unasked
    parts = [f"{judged} more"] if judged or not unasked else []
    if judged:
        parts.append(f"{bad} of them not well" if bad else well)
    if unasked:
        parts.append(f"{unasked} not asked" if judged else f"{unasked} more, not asked")
    return Content.assemble((f"  and {', '.join(parts)}", ".unseen" if bad else ".dim"))
