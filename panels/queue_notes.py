"""What is said under the rows of queues: why one is not well, and why its source is not. Pure."""

from collections.abc import Sequence

from msgspec.structs import replace
from textual.content import Content

from panels import blocks, queue_facts, rows
from panels.queue_facts import Entry
from panels.redis_seen import seen_of
from warroom.console.panel import PanelView
from warroom.wire import SourceView

SAID = 3
"""Lines that are said of one queue under its row, at the most."""


def under(view: PanelView, shown: Sequence[Entry], width: int, spare: int) -> list[list[Content]]:
    """Lines under each row, while there are lines to spare: the worst queues come first."""
    found = []
    for entry in shown:
        words = queue_facts.why(view, entry)
        lines: list[Content] = []
        if words and spare > 0:
            quiet = queue_facts.is_well(view, entry) or queue_facts.is_dark(entry)
            lines = blocks.hung(view, words, width, min(SAID, spare), quiet=quiet)
        spare -= len(lines)
        found.append(lines)
    return found


def of_sources(view: PanelView, found: Sequence[Entry], width: int) -> list[Content]:
    """Why each source is not well, beyond what its queues' rows say; the worst first."""
    lines: list[Content] = []
    for source in sorted(view.sources, key=lambda each: -blocks.rank(view, each)):
        own = [entry for entry in found if entry.source.name == source.name]
        words = rows.reason(view, _beyond(source, own))
        if not words:
            continue
        lines += blocks.beside(view, source, words, width)
    return lines


def _beyond(source: SourceView, own: Sequence[Entry]) -> SourceView:
    """The source without what its queues' rows say themselves."""
    seen = seen_of(source)
    if rows.is_dark(source):
        said = [cause for entry in own for cause in queue_facts.causes(entry)]
        told = any(source.cause.startswith(cause) for cause in said)
        if told and source.failure is not None:
            return replace(source, cause=source.failure.reason)
        return source
    if seen is None or source.snapshot is None:
        return source
    unread = {f"{entry.queue.name}: {entry.queue.trouble}" for entry in own}
    rest = tuple(part for part in seen.blind if part not in unread)
    snapshot = replace(source.snapshot, seen=replace(seen, blind=rest))
    if any(source.cause in queue_facts.causes(entry) for entry in own):
        return replace(source, cause="", since=None, snapshot=snapshot)
    cause = "; ".join(rest) if source.cause == "; ".join(seen.blind) else source.cause
    since = source.since if cause else None
    return replace(source, cause=cause, since=since, snapshot=snapshot)
