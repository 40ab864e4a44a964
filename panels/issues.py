"""What the panel ``tracker`` draws from: the issues of all trackers, and words for them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from panels import rows
from panels.databases import style_for
from warroom.console.panel import PanelView
from warroom.measure.tracker import Issue, SentrySeen
from warroom.text import safe, short_figure, stepped_age
from warroom.wire import SourceView


@dataclass(frozen=True)
class Entry:
    """One issue of one tracker."""

    source: SourceView
    issue: Issue

    @property
    def key(self) -> str:
        """The name of its row."""
        return f"{self.source.name}.{self.issue.key}"

    @property
    def mark(self) -> str:
        """What is remarkable about it: ``NEW``, ``REGRESSED``; nothing for most."""
        return "NEW" if self.issue.is_new else "REGRESSED" * self.issue.regressed

    @property
    def mark_figure(self) -> str:
        """The figure by whose rules that is judged."""
        return "issues_new" if self.issue.is_new else "issues_regressed"


def trackers(view: PanelView) -> Iterator[tuple[SourceView, SentrySeen]]:
    """The trackers that have been seen, with what was seen last."""
    for source in view.sources:
        seen = source.snapshot.seen if source.snapshot is not None else None
        if isinstance(seen, SentrySeen):
            yield source, seen


def entries(view: PanelView) -> tuple[Entry, ...]:
    """All issues that are listed, the most frequent first."""
    found = [Entry(source, issue) for source, seen in trackers(view) for issue in seen.issues]
    return tuple(sorted(found, key=_frequency))


def urgent(view: PanelView) -> tuple[Entry, ...]:
    """All of them, the new ones and those that have come back first."""
    return tuple(sorted(entries(view), key=lambda entry: not entry.mark))


def newest(view: PanelView) -> tuple[Entry, ...]:
    """All of them, the one first seen last at the top; those of which that is not known last."""
    return tuple(sorted(entries(view), key=lambda entry: -seconds(entry.issue.first_seen)))


def _frequency(entry: Entry) -> tuple[float, int]:
    return -(entry.issue.per_minute or 0.0), -(entry.issue.events or 0)


def seconds(at: datetime | None) -> float:
    """A moment as a number to sort by; the earliest where there is none."""
    return at.timestamp() if at is not None else 0.0


def per_minute(value: float | None, dash: str) -> str:
    """``12.4``: a rate taken from a few events says no more digits than these."""
    return dash if value is None else short_figure(round(value, 1), "")


def counted(value: int | None, dash: str) -> str:
    """A count in few digits."""
    return dash if value is None else short_figure(float(value), "")


def ago(view: PanelView, source: SourceView, at: datetime | None) -> str:
    """``2 min ago``, in steps; a dash where it is not known."""
    if at is None or source.snapshot is None:
        return view.look.dash
    passed = (source.snapshot.taken_at - at).total_seconds() + (view.age(source) or 0.0)
    if passed >= 2 * 86400:
        return f"{passed // 86400:.0f} d ago"
    return "now" if passed < 10 else f"{stepped_age(passed)} ago"


def moment(view: PanelView, source: SourceView, at: datetime | None) -> str:
    """``2026-03-04 14:07:10Z, 2 min ago``; empty where it is not known."""
    if at is None:
        return ""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z, {ago(view, source, at)}"


def summary(view: PanelView, source: SourceView) -> list[tuple[str, str]]:
    """``12.4 events/min, 2 new, 1 regressed``: what is known of it, or was last."""
    dark = rows.is_dark(source)
    parts: list[tuple[str, str]] = []
    for figure, words in (
        ("events_per_minute", "events/min"),
        ("issues_new", "new"),
        ("issues_regressed", "regressed"),
    ):
        signal = source.signal(figure)
        value = rows.last_value(source, signal) if signal is not None else None
        if not value and figure != "events_per_minute":
            continue
        style = style_for(view, source, figure, value)
        text = f"{per_minute(value, view.look.dash)} {words}"
        parts += [(", ", ".dim")] if parts else []
        parts.append((text, ".dim" if dark else style or ".dim"))
    return parts


def title_of(source: SourceView) -> str:
    """What the source is called."""
    return safe(source.title, 40)
