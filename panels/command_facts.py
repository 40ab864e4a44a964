"""What commands told: deployments with their outcomes, checks with their last words. Pure."""

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from panels import rows
from panels.databases import limits_of, quiet
from panels.figures import broken
from warroom.console.look import style_of
from warroom.console.panel import PanelView
from warroom.measure.command import CommandSeen, Item
from warroom.severity import OK
from warroom.text import safe, short_figure
from warroom.wire import SourceView

FAILED = "failed"
AHEAD = "ahead"
SKEW = 300
"""Seconds that a clock may be ahead of ours without a word about it."""


@dataclass(frozen=True)
class Deployed:
    """One deployment that a source lists. ``decides`` is true of the newest of it that is over:
    its outcome is how things stand."""

    source: SourceView
    item: Item
    decides: bool

    @property
    def key(self) -> str:
        """The name of its row."""
        return f"{self.source.name}.item:{self.item.key}"


def seen_of(source: SourceView) -> CommandSeen | None:
    """What its command told last."""
    seen = source.snapshot.seen if source.snapshot is not None else None
    return seen if isinstance(seen, CommandSeen) else None


def lists(source: SourceView) -> bool:
    """Whether it lists deployments, which is known before it has listed any: by a figure that
    no other command has."""
    return source.signal("age") is not None


def listing(view: PanelView) -> tuple[SourceView, ...]:
    """The sources that list deployments."""
    return tuple(source for source in view.sources if lists(source))


def checks(view: PanelView) -> tuple[SourceView, ...]:
    """All other commands."""
    return tuple(source for source in view.sources if not lists(source))


def deployed(view: PanelView) -> tuple[Deployed, ...]:
    """The deployments of all sources, newest first; those without a time stand behind."""
    found = [each for source in listing(view) for each in _of(source)]
    oldest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(found, key=lambda each: each.item.at or oldest, reverse=True))


def _of(source: SourceView) -> Iterator[Deployed]:
    seen = seen_of(source)
    undecided = True
    for item in seen.items if seen is not None else ():
        over = item.outcome in (FAILED, "passed")
        yield Deployed(source, item, over and undecided)
        undecided = undecided and not over


def left_out(source: SourceView) -> int:
    """How many more it lists than are handed on."""
    seen = seen_of(source)
    return seen.hidden if seen is not None else 0


def standing(found: Iterable[Deployed]) -> list[Deployed]:
    """Those that failed, and none was better since."""
    return [each for each in found if each.decides and each.item.outcome == FAILED]


def signed(view: PanelView, found: Deployed) -> tuple[str, str]:
    """Its sign and style. One that failed, and was followed by one that did not, is no trouble
    any more; its sign still says so."""
    look, scale, outcome = view.look, view.state.scale, found.item.outcome
    if outcome == FAILED:
        limit = broken(limits_of(view, found.source, FAILED), 1.0)
        sign = look.sign(limit.level if limit is not None else scale.names[0], scale)
        if not found.decides:
            return sign, ""
        return sign, style_of(limit.level, scale) if limit is not None else ".strong"
    if outcome == "passed":
        return look.sign(OK, scale), quiet(view, found.source) or ".ok"
    return (look.end if outcome == "running" else look.dot), ".dim"


def state(view: PanelView, item: Item) -> str:
    """The command's own word for how it stands."""
    return view.look.plain(safe(item.state or item.outcome, 40))


def name(view: PanelView, item: Item) -> str:
    """Its key, short, and its title."""
    return view.look.plain(safe(item.called, 200))


def since(view: PanelView, found: Deployed) -> float | None:
    """Seconds since it was, below zero by a clock ahead of ours; None when no time is known."""
    snapshot, at = found.source.snapshot, found.item.at
    if at is None or snapshot is None:
        return None
    now = snapshot.taken_at + timedelta(seconds=view.age(found.source) or 0.0)
    return (now - at).total_seconds()


def ago(seconds: float | None, dash: str) -> str:
    """``now``, ``12 min``, ``3 h``, ``5 d``: it changes once a minute at the most. A
    time ahead of our clock by more than clocks differ is ``ahead``: planned, or wrong."""
    if seconds is None:
        return dash
    if seconds < -SKEW:
        return AHEAD
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min"
    return f"{seconds // 3600:.0f} h" if seconds < 48 * 3600 else f"{seconds // 86400:.0f} d"


def clock(found: Deployed, seconds: float | None, dash: str) -> str:
    """``14:02Z``; what is older than 20 hours by its day: ``03-04``."""
    at = found.item.at
    if at is None or seconds is None:
        return dash
    return f"{at.astimezone(UTC):{'%H:%MZ' if abs(seconds) < 20 * 3600 else '%m-%d'}}"


def words(source: SourceView) -> str:
    """What a check says: its number, or the last line it printed; its status where it was mute."""
    seen = seen_of(source)
    if seen is None:
        return ""
    if seen.shows == "number":
        signal = source.signal("value")
        return safe(short_figure(seen.number, signal.unit if signal is not None else ""), 40)
    if seen.items:
        return safe(seen.items[0].called, 200)
    last = safe(seen.output.rstrip().rpartition("\n")[2], 300)
    return last or ("" if seen.status is None else f"status {seen.status}")


def trouble(view: PanelView, source: SourceView) -> str:
    """Why a source is not well, beyond what its rows say themselves: of one that lists
    deployments and is dark, which of them failed."""
    if source.failure is not None and lists(source):
        source = replace(source, cause=source.failure.reason)
    seen, said = seen_of(source), rows.reason(view, source)
    if said or seen is None or not lists(source) or seen.items:
        return said
    return "it lists no deployment"


def command(seen: CommandSeen) -> str:
    """Its words, quoted as a shell would have them."""
    return safe(shlex.join(seen.argv), 2_000)
