"""Reading pg_stat_statements, seldom: its numbers each time, its texts once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from warroom.clock import Clock
from warroom.measure.postgres import Identity, Statements
from warroom.sources.known import Figure
from warroom.sources.postgres import statements
from warroom.sources.postgres.settings import PostgresSettings
from warroom.sources.postgres.statements import TOP, Key, Read, Sums
from warroom.sources.postgres.turn import Turn

KEPT = 5_000
"""Texts that are kept; a server has as many by default (``pg_stat_statements.max``)."""
GONE = "(its text is not kept any more)"
_OURS = "/* warroom"
_NOTHING = Statements()


@dataclass(frozen=True)
class Told:
    """What is known of statements now."""

    shown: Statements = _NOTHING
    figures: dict[str, Figure] = field(default_factory=dict)


class StatementsReader:
    """Reads as often as the settings say; in between what was read last stands."""

    def __init__(self, settings: PostgresSettings, clock: Clock) -> None:
        every = settings.statements
        self._every = None if every == "off" else float(every)
        self._clock = clock
        self._last: float | None = None
        self._before: Read | None = None
        self._server = ""
        self._texts: dict[str, str] = {}
        self._told = Told()
        self.schema = ""
        """Where the extension's functions are; empty while it is not known to be readable."""

    async def read(self, turn: Turn, identity: Identity) -> Told:
        """What was executed between the two latest readings."""
        now = self._clock.monotonic()
        if self._every is None:
            return Told(Statements(advice='not read: statements = "off"'))
        if self._server != identity.system_identifier + identity.address:
            self._server = identity.system_identifier + identity.address
            self._before, self._last, self._told = None, None, Told()
        if self._last is None or now - self._last >= self._every:
            self._last = now
            self._told = await self._again(turn, identity, now)
        return self._told

    async def _again(self, turn: Turn, identity: Identity, now: float) -> Told:
        found = await turn.rows("extension")
        self.schema = ""
        if not found:
            return Told()
        advice = statements.advice(found[0], identity.database)
        if advice:
            return Told(Statements(advice=advice))
        schema = found[0]["schema"]
        rows = await turn.rows("statements", schema=schema)
        if rows is None:
            return Told()
        self.schema = schema
        before, self._before = self._before, Read.of(now, rows)
        if before is None:
            # Our own are learnt now, and the next reading leaves them out.
            await self._learn(turn, schema, list(self._before.sums), identity.user)
            return Told(Statements(taken_at=self._clock.now()))
        added, span = self._before.since(before), now - before.at
        await self._learn(turn, schema, list(added), identity.user)
        return self._worked(added, span)

    def _worked(self, added: Mapping[Key, Sums], span: float) -> Told:
        ours = frozenset(key for key, text in self._texts.items() if _OURS in text)
        known = {
            query_id: self._texts.get(query_id, GONE)
            for query_id, _ in added
            if query_id not in ours
        }
        shown = statements.shown(added, known, span, self._clock.now())
        return Told(shown, statements.figures(added, ours, span))

    async def _learn(self, turn: Turn, schema: str, keys: list[Key], user: str) -> None:
        """The texts of the longest that are not known yet, and of all that our role sent."""
        wanted = [query for query, _ in keys[:TOP]] + [query for query, by in keys if by == user]
        missing = [query for query in dict.fromkeys(wanted) if query not in self._texts]
        if not missing:
            return
        rows = await turn.rows("texts", missing, schema=schema)
        if rows is not None:
            self._texts |= dict.fromkeys(missing, GONE)
            self._texts |= {row["query_id"]: row["query"] for row in rows}
        while len(self._texts) > KEPT:
            self._texts.pop(next(iter(self._texts)))
