"""What one poll reads from the server, and what is kept from one poll to the next."""

from collections.abc import Callable
from typing import Any

from warroom.clock import Clock
from warroom.connect.postgres import Connection
from warroom.connect.transaction import Tally, check_limits
from warroom.errors import ProbeError
from warroom.measure.change import Change
from warroom.measure.postgres import Identity, Replica, Slot
from warroom.sources.postgres import changes, figures
from warroom.sources.postgres.backends import Backends
from warroom.sources.postgres.counters import Counters
from warroom.sources.postgres.looked import Looked
from warroom.sources.postgres.sessions import sessions
from warroom.sources.postgres.settings import PostgresSettings
from warroom.sources.postgres.statements_reader import StatementsReader
from warroom.sources.postgres.texts import Texts
from warroom.sources.postgres.turn import Row, Turn
from warroom.sources.refusals import Refusals
from warroom.sources.seldom import Seldom

MOST_SESSIONS = 200
RARELY = 60.0
"""Seconds between two readings of what costs more and moves slowly."""
PATIENCE = 0.8
"""Share of the deadline that one statement may take."""


class Reader:
    """Reads one server; what it keeps is told apart by which server it was."""

    def __init__(
        self, settings: PostgresSettings, texts: Texts, clock: Clock, tally: Tally
    ) -> None:
        self._settings = settings
        self._texts = texts
        self._clock = clock
        self._limit = max(settings.deadline * PATIENCE, 0.05)
        self._tally = tally
        self._counters = Counters()
        self._statements = StatementsReader(settings, clock)
        self._seldom = Seldom(clock)
        self.refusals = Refusals(clock)
        self._identity: Identity | None = None
        self._in_force: dict[str, str] = {}
        self._loaded: object = None
        self._changes: tuple[Change, ...] = ()
        self._limits: list[Row] = []
        self._oldest: Row | None = None
        self._size: float | None = None
        self._level_at: float | None = None
        self.number = 0
        """``server_version_num`` of the server that was read last."""

    @property
    def schema(self) -> str:
        """Where pg_stat_statements is; empty where it cannot be read."""
        return self._statements.schema

    @property
    def user(self) -> str:
        """As whom we are signed in; empty before the first poll."""
        return self._identity.user if self._identity is not None else ""

    def turn(self, connection: Connection, asking: Callable[[str], None]) -> Turn:
        """One poll's transaction; ``asking`` is told what is under way."""
        return Turn(connection, self._texts, self.refusals, self._limit, self._tally, asking)

    async def read(self, turn: Turn, peer: str) -> Looked:
        """All there is, in the order of what it is worth. Raises ProbeError, and what ends the
        session."""
        server = await turn.one("server")
        if server is None:
            said = turn.failed.get("server") or self.refusals.words.get("server", "no row came")
            raise ProbeError("answer", f"the server tells nothing of itself: {said}")
        check_limits(server, self._limit)
        turn.number = self.number = server["version_number"]
        looked = Looked(await self._who(turn, server, peer))
        await self._backends(turn, server, looked)
        await self._database(turn, looked)
        await self._replication(turn, looked)
        await self._rarely(turn, server, looked)
        told = await self._statements.read(turn, looked.identity)
        looked.statements = told.shown
        looked.changes = self._changes
        looked.known |= told.figures
        looked.known |= {
            "up": (1.0, ""),
            "primary": (float(looked.identity.role == "primary"), ""),
            "size": (self._size, ""),
            "growth": (self._counters.growth(), ""),
        }
        return looked

    async def _who(self, turn: Turn, server: Row, peer: str) -> Identity:
        before = self._identity
        named = before.system_identifier if before is not None else ""
        found = _identity(server, peer, named)
        if before != found:
            row = await turn.one("identity")
            found = _identity(server, peer, row["system_identifier"] if row is not None else "")
        if before is not None and before != found:
            self._level_at = None
            self._notice(changes.of_identity(before, found, self._clock.now()))
        self._identity = found
        return found

    async def _backends(self, turn: Turn, server: Row, looked: Looked) -> None:
        long = self._settings.long_query
        rows = await turn.rows("groups", long)
        found = await turn.rows("sessions", long, MOST_SESSIONS)
        if self._seldom.due("ceilings", RARELY):
            self._limits = await turn.rows("ceilings") or []
        if rows is not None:
            backends = Backends.of(rows)
            most, reserved = server["max_connections"], server["reserved"]
            looked.ceilings = tuple(backends.ceilings(most, reserved, self._limits))
            looked.groups, looked.concealed = backends.groups(), backends.hidden
            looked.known |= figures.connections(looked.ceilings) | figures.clients(backends)
        if found is not None:
            looked.sessions = sessions(found)
            looked.hidden = max((row["found"] for row in found), default=0) - len(found)
            if rows is not None and not looked.concealed:
                looked.known |= figures.longest(backends, looked.sessions)

    async def _database(self, turn: Turn, looked: Looked) -> None:
        row = await turn.one("database")
        if row is not None:
            who = looked.identity
            epoch = (who.system_identifier, who.started_at, row["stats_reset"])
            looked.known |= self._counters.take(
                self._clock.monotonic(), epoch, row, self._tally.rollbacks
            )

    async def _replication(self, turn: Turn, looked: Looked) -> None:
        rows, kept = await turn.rows("replicas"), await turn.rows("slots")
        if rows is not None:
            looked.replicas = tuple(_replica(row) for row in rows)
            looked.known |= figures.replicas(looked.replicas)
        if kept is not None:
            looked.slots = tuple(Slot(**row) for row in kept)
            looked.known |= figures.slots(looked.slots)
        if looked.identity.role == "replica":
            behind = await turn.one("standby")
            now = self._clock.monotonic()
            if figures.is_level(behind):
                self._level_at = now
            ago = None if self._level_at is None else now - self._level_at
            looked.known |= figures.standby(behind, ago)
            looked.alone = behind is not None and not behind["receiving"]

    async def _rarely(self, turn: Turn, server: Row, looked: Looked) -> None:
        """The size, the age of the oldest transaction, and settings that somebody changed."""
        if self._seldom.due("size", RARELY):
            row = await turn.one("size")
            self._size = None if row is None else float(row["size"])
            if row is not None:
                self._counters.size(self._clock.monotonic(), row["size"])
            self._oldest = await turn.one("ages")
        if self._oldest is not None:
            share = 100 * self._oldest["age"] / figures.WRAPAROUND
            looked.known["wraparound"] = (share, self._oldest["database"])
        loaded = (server["loaded_at"], server["started_at"])
        rows = await turn.rows("settings") if loaded != self._loaded else None
        if rows is not None:
            before, self._in_force = self._in_force, changes.settings(rows)
            self._loaded = loaded
            if before:
                found = changes.of_settings(before, self._in_force, server["loaded_at"])
                self._notice(found)

    def _notice(self, found: list[Change]) -> None:
        self._changes = (*self._changes, *found)[-changes.MOST :]


def _identity(server: Row, peer: str, system_identifier: str) -> Identity:
    return Identity(
        database=server["database"],
        user=server["user"],
        system_identifier=system_identifier,
        version=server["version"],
        role="replica" if server["in_recovery"] else "primary",
        address=peer,
        started_at=server["started_at"],
    )


def _replica(row: Row) -> Replica:
    """An idle one that has all of it is not behind, although its lag is not measured."""
    values: dict[str, Any] = dict(row)
    if values["lag"] is None and values["lag_bytes"] == 0:
        values["lag"] = 0.0
    return Replica(**values)
