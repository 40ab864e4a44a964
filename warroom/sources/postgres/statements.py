"""pg_stat_statements: sums since a reset as what happened since the reading before. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warroom.connect.query_text import masked
from warroom.measure.postgres import Statement, Statements
from warroom.sources.known import Figure

READ = 1000
"""Rows of one reading: those that took most time since the reset."""
TOP = 50
LEAST_VERSION = (1, 8)
"""Of the extension; from it on the time of execution is told apart (PostgreSQL 13)."""

Key = tuple[str, str]
"""Statement and user."""


@dataclass(frozen=True)
class Sums:
    calls: float
    total: float
    rows: float

    def since(self, before: "Sums | None") -> "Sums":
        """What was added; all of it when the statement is new, or was reset or forgotten by
        the server in between: then a part is missing, and nothing is made up."""
        if before is None or self.calls < before.calls or self.total < before.total:
            return self
        return Sums(
            self.calls - before.calls,
            self.total - before.total,
            max(self.rows - before.rows, 0.0),
        )


@dataclass(frozen=True)
class Read:
    """One reading; ``at`` is monotonic seconds. ``whole`` says that nothing was left out."""

    at: float
    sums: Mapping[Key, Sums]
    whole: bool

    @classmethod
    def of(cls, at: float, rows: Iterable[Mapping[str, Any]]) -> "Read":
        sums = {
            (row["query_id"], row["user"]): Sums(row["calls"], row["total"], row["rows"])
            for row in rows
        }
        return cls(at, sums, len(sums) < READ)

    def since(self, before: "Read") -> dict[Key, Sums]:
        """What was executed in between, the longest in all first. One that the reading before
        may have left out is not counted: what it did before is not known."""
        added = {
            key: sums.since(before.sums.get(key))
            for key, sums in self.sums.items()
            if key in before.sums or before.whole
        }
        worked = {key: sums for key, sums in added.items() if sums.calls > 0}
        return dict(sorted(worked.items(), key=lambda item: -item[1].total))


def shown(
    added: Mapping[Key, Sums], texts: Mapping[str, str], span: float, taken_at: datetime
) -> Statements:
    """The statements that took most time; ours, which are not in ``texts``, left out."""
    top = [
        Statement(
            query_id=query_id,
            user=user,
            query=masked(texts[query_id]),
            calls=sums.calls / span,
            mean=sums.total / sums.calls,
            load=sums.total / span,
            rows=sums.rows / span,
        )
        for (query_id, user), sums in added.items()
        if query_id in texts
    ]
    return Statements(top=tuple(top[:TOP]), span=span, taken_at=taken_at)


def figures(added: Mapping[Key, Sums], ours: frozenset[str], span: float) -> dict[str, Figure]:
    """How many calls a second, and how long one takes on the average, ours left out."""
    others = [sums for (query_id, _), sums in added.items() if query_id not in ours]
    calls = sum(sums.calls for sums in others)
    mean = sum(sums.total for sums in others) / calls if calls else None
    return {"statements": (calls / span, ""), "statement_mean": (mean, "")}


def advice(row: Mapping[str, Any], database: str) -> str:
    """What to type so that pg_stat_statements can be read; empty when it can."""
    if row["version"] is None:
        create = f"in {database}: CREATE EXTENSION pg_stat_statements;"
        if row["preloaded"]:
            return f"pg_stat_statements is loaded, not created; {create}"
        loaded = "shared_preload_libraries = 'pg_stat_statements', restart, then"
        return f"for statements by time: {loaded} {create}"
    version = tuple(int(part) for part in str(row["version"]).split(".")[:2] if part.isdigit())
    if version < LEAST_VERSION:
        return (
            f"pg_stat_statements {row['version']} is too old to read; "
            f"in {database}: ALTER EXTENSION pg_stat_statements UPDATE;"
        )
    return ""
