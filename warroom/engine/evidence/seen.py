"""What of a source's view is kept as evidence. Pure.

What comes in here was made safe, and had its secrets masked, when it was polled.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, cast

from warroom.engine.evidence.news import SECONDS
from warroom.measure.command import CommandSeen
from warroom.measure.postgres import PostgresSeen
from warroom.measure.snapshot import Seen
from warroom.measure.tracker import SentrySeen
from warroom.measure.vendor import StatuspageSeen
from warroom.report.evidence import Sample, Sight
from warroom.wire import SourceView

MOST = 60
"""Things of one poll that are told."""
LONGEST = 4_000
"""Characters of one text."""
DIGITS = 7
"""Of a figure: more are noise, and bytes."""


def sample(view: SourceView, at: datetime) -> Sample:
    """One look: every figure, None where it was not seen, and why nothing was. A failure can be a
    figure too: whether it answers is 0 then."""
    reason = view.failure.reason if view.failure is not None else ""
    shot = view.snapshot if view.failure is None else None
    return Sample(
        at=at if shot is None else shot.taken_at,
        source=view.name,
        level=view.level,
        state=view.state,
        failure=reason[:LONGEST],
        signals={signal.name: _short(signal.value) for signal in view.signals},
        units={signal.name: signal.unit for signal in view.signals if signal.unit},
    )


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")


def sights(view: SourceView) -> Iterator[Sight]:
    """What was seen beside figures, if the newest poll saw anything. ``key`` tells one from the
    other; one that is told again with the same text is no news."""
    shot = view.snapshot
    if view.failure is not None or shot is None or shot.seen is None:
        return
    seen = shot.seen
    for change in seen.changes[:MOST]:
        kind = "deployment" if change.kind == "deployment" else "change"
        yield Sight(
            at=change.at, source=view.name, kind=kind, text=change.what[:LONGEST], key=change.what
        )
    kind_of = _KINDS.get(type(seen))
    if kind_of is not None:
        yield from kind_of(view.name, shot.taken_at, seen)


def _queries(source: str, at: datetime, seen: PostgresSeen) -> Iterator[Sight]:
    """Sessions that run a query for long, or wait."""
    for one in seen.sessions[:MOST]:
        running = one.running or 0.0
        if not one.query or (running < seen.long_query and one.waiting is None and not one.blocks):
            continue
        facts = {
            "pid": str(one.pid),
            "user": one.user,
            "database": one.database,
            "application": one.application,
            "state": one.state,
            "wait": one.wait,
            "blocked by": ", ".join(map(str, one.blocked_by)),
            SECONDS: f"{running:.3g}" if running < 1000 else f"{running:.0f}",
        }
        yield Sight(
            at=at,
            source=source,
            kind="query",
            text=one.query[:LONGEST],
            key=f"{one.pid}:{one.started.isoformat()}:{one.query_id or one.query[:80]}",
            facts={name: value for name, value in facts.items() if value},
        )


def _vendor(source: str, at: datetime, seen: StatuspageSeen) -> Iterator[Sight]:
    words = f"{seen.vendor}: {seen.description or seen.indicator}"
    yield Sight(at=at, source=source, kind="vendor", text=words, key="page")
    for one in seen.incidents[:MOST]:
        words = f"{one.name} ({one.status}): {one.text}"[:LONGEST]
        yield Sight(at=at, source=source, kind="vendor", text=words, key=one.key)


def _output(source: str, at: datetime, seen: CommandSeen) -> Iterator[Sight]:
    for item in seen.items[:MOST]:
        words = " ".join(filter(None, (item.called, item.state, item.by)))
        kind = "deployment" if seen.lists == "deployments" else "output"
        yield Sight(at=item.at or at, source=source, kind=kind, text=words[:LONGEST], key=item.key)
    if seen.output and not seen.items:
        yield Sight(at=at, source=source, kind="output", text=seen.output[:LONGEST], key="output")


def _issues(source: str, at: datetime, seen: SentrySeen) -> Iterator[Sight]:
    for one in seen.issues[:MOST]:
        facts = {
            "events": "" if one.events is None else str(one.events),
            "culprit": one.culprit,
            "name": one.name,
        }
        kept = {name: value for name, value in facts.items() if value}
        yield Sight(
            at=one.last_seen or at,
            source=source,
            kind="output",
            text=one.title[:LONGEST],
            key=one.key,
            facts=kept,
        )


_KINDS = cast(
    dict[type[Seen], Callable[[str, datetime, Any], Iterator[Sight]]],
    {
        PostgresSeen: _queries,
        StatuspageSeen: _vendor,
        CommandSeen: _output,
        SentrySeen: _issues,
    },
)
