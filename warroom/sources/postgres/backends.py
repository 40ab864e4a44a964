"""The server's processes, counted: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from warroom.measure.postgres import Ceiling, Group

CLIENT = "client backend"
MOST_GROUPS = 200


@dataclass(frozen=True)
class Backends:
    """What ``groups`` says; ours is counted as a connection, and as nothing else."""

    rows: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> "Backends":
        return cls(tuple(rows))

    @property
    def _clients(self) -> list[Mapping[str, Any]]:
        return [row for row in self.rows if row["backend"] == CLIENT]

    @property
    def _others(self) -> list[Mapping[str, Any]]:
        return [row for row in self._clients if not row["ours"]]

    @property
    def connections(self) -> int:
        return sum(row["count"] for row in self._clients)

    @property
    def hidden(self) -> int:
        """Sessions of which we may not see what they do."""
        return sum(row["count"] for row in self._clients if row["hidden"])

    @property
    def autovacuum_workers(self) -> float:
        return float(sum(r["count"] for r in self.rows if r["backend"] == "autovacuum worker"))

    @property
    def waiting(self) -> float:
        """Clients that wait for a lock."""
        return float(sum(row["count"] for row in self._others if row["waits"]))

    @property
    def long(self) -> float:
        """Queries at work for long."""
        return float(sum(row["long"] for row in self._others))

    @property
    def longest_query(self) -> float:
        return self._longest("longest_query")

    @property
    def longest_transaction(self) -> float:
        return self._longest("longest_transaction")

    def count(self, state: str) -> float:
        """Clients in this state, in its variants too (``idle in transaction (aborted)``)."""
        return float(sum(row["count"] for row in self._in(state)))

    def oldest(self, state: str) -> float:
        """For how many seconds the one that is longest in this state has been in it."""
        return max((max(row["oldest"] or 0.0, 0.0) for row in self._in(state)), default=0.0)

    def ceilings(self, most: int, reserved: int, own: Iterable[Mapping[str, Any]]) -> list[Ceiling]:
        """That of all connections first, then those of databases and roles."""
        usable = max(most - reserved, 0)
        found = [Ceiling("max_connections", self.connections, usable, reserved)]
        for row in own:
            column = "database" if row["kind"] == "database" else "user"
            used = sum(r["count"] for r in self._clients if r[column] == row["name"])
            found.append(Ceiling(f"{row['kind']} {row['name']}", used, row["usable"]))
        return found

    def groups(self) -> tuple[Group, ...]:
        """Those alike together, the largest first."""
        counts: dict[tuple[str, str, str, str], tuple[int, float | None]] = {}
        for row in self._clients:
            key = (row["application"], row["user"], row["database"], row["state"])
            count, oldest = counts.get(key, (0, None))
            ages = [age for age in (oldest, row["oldest"]) if age is not None]
            counts[key] = (count + row["count"], max(max(ages), 0.0) if ages else None)
        groups = [
            Group(
                application=application,
                user=user,
                database=database,
                state=state,
                count=count,
                oldest=oldest,
            )
            for (application, user, database, state), (count, oldest) in counts.items()
        ]
        return tuple(sorted(groups, key=lambda group: -group.count)[:MOST_GROUPS])

    def _in(self, state: str) -> list[Mapping[str, Any]]:
        return [
            row
            for row in self._others
            if row["state"] == state or row["state"].startswith(f"{state} (")
        ]

    def _longest(self, column: str) -> float:
        return max((max(row[column] or 0.0, 0.0) for row in self._others), default=0.0)
