"""What the generic panel draws: sources whose kind no other panel knows. Pure."""

from collections.abc import Iterator
from typing import get_args

from warroom.console.panel import PanelView
from warroom.console.state import RoomState
from warroom.measure.snapshot import GenericSeen, Seen
from warroom.measure.table import Table
from warroom.wire import SourceView

KNOWN = frozenset(
    str(struct.__struct_config__.tag) for struct in get_args(Seen) if struct is not GenericSeen
)
"""The kinds that have a snapshot of their own, and so panels that draw it."""


def wanted(state: RoomState) -> tuple[SourceView, ...]:
    """The sources of a stranger's kind, and those that see as one does."""
    return tuple(
        source
        for source in state.sources
        if source.kind not in KNOWN or generic(source) is not None
    )


def generic(source: SourceView) -> GenericSeen | None:
    """What was seen of it last, if that is tables and text."""
    seen = source.snapshot.seen if source.snapshot is not None else None
    return seen if isinstance(seen, GenericSeen) else None


def tables(view: PanelView) -> Iterator[tuple[SourceView, Table]]:
    """All tables of all sources, as they were seen last."""
    for source in view.sources:
        seen = generic(source)
        for table in seen.tables if seen is not None else ():
            yield source, table


def texts(view: PanelView) -> Iterator[tuple[SourceView, str]]:
    """All texts that say something."""
    for source in view.sources:
        seen = generic(source)
        if seen is not None and seen.text.strip():
            yield source, seen.text
