"""One database of a PostgreSQL server: connections, queries at work, locks, statements.

A server that answers and takes no connection is DOWN: it said so itself. No answer at all is
CAN'T SEE: it may be the way that is broken.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

import asyncpg

from warroom.config.settings import SourceSettings
from warroom.connect.postgres import in_words
from warroom.connect.refused import RefusedError
from warroom.connect.transaction import Tally
from warroom.connect.unanswered import Unanswered
from warroom.errors import ProbeError
from warroom.measure.postgres import Identity, PostgresSeen
from warroom.measure.rule import Rule
from warroom.measure.snapshot import Signal
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source
from warroom.sources.down import down_rules
from warroom.sources.known import as_signals
from warroom.sources.postgres import starter
from warroom.sources.postgres.explain import Asked, plan
from warroom.sources.postgres.line import Line
from warroom.sources.postgres.looked import Looked
from warroom.sources.postgres.meanings import MEANINGS
from warroom.sources.postgres.queries import Queries
from warroom.sources.postgres.reader import Reader
from warroom.sources.postgres.settings import PostgresSettings
from warroom.sources.postgres.texts import Texts
from warroom.text import short_duration

PLANNING = 0.4
"""Share of the deadline that a plan may take."""
MARGIN = 0.2
"""Share of the deadline that is left when the last own query is cut off."""
ALLOWANCE = 0.05
"""Seconds by which connecting ends before the deadline, to say in its own words how far it came."""
BROKEN = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What asyncpg raises over a connection that is of no use any more; an internal error, too, when
the server's last words come while a query is being sent."""
LOOK_AGAIN = 2.0
"""Seconds between the two looks of ``warroom check``, at most: rates take two."""


class PostgresSource(Source):
    """Reads one server at each poll, over one connection that is kept open."""

    kind = "postgres"
    Settings: ClassVar[type[SourceSettings]] = PostgresSettings
    panels: ClassVar[tuple[str, ...]] = ("connections", "slow_queries")
    meanings: ClassVar[Mapping[str, str]] = MEANINGS

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._settings = _own(settings)
        self._declared = self.signals(name, settings)
        self._line = Line(self._settings, context)
        self._texts = Texts()
        self._tally = Tally()
        self._reader = Reader(self._settings, self._texts, context.clock, self._tally)
        self._queries = Queries(self._settings, context.clock, self._tally)
        # Who holds it may send: a closer look waits for the poll, and the poll for it.
        self._turns = asyncio.Lock()
        self._asked = ""
        self._unanswered = Unanswered()
        self._looks = 0

    async def sample(self) -> Sample:
        """Read once, within the source's deadline. Raises ProbeError for no answer."""
        deadline = self._settings.deadline
        ends = asyncio.get_running_loop().time() + deadline
        try:
            async with asyncio.timeout(deadline), self._turns:
                self._asked = ""
                return await self._read(ends)
        except TimeoutError:
            self._line.drop()
            raise self._late() from None
        except RefusedError as error:
            self._line.drop()
            return self._refused(error)
        except BaseException:
            self._line.drop()
            raise

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        return as_signals(self._declared, self._unanswered.after(error))

    async def inspect(self, key: str) -> str:
        """The plan of a session's query or a statement, over the connection that is held: one
        more would find no place when it is needed most. Raises ProbeError."""
        limit = self._settings.deadline * PLANNING
        async with self._turns:
            if not self._line.open:
                raise ProbeError("connect", "there is no connection now", "wait for the next poll")
            connection = await self._line.get(limit)
            number, schema = self._reader.number, self._reader.schema
            try:
                asked = Asked(connection, self._texts, number, limit, self._tally, schema)
                return await plan(asked, key, self._reader.user)
            except ProbeError:
                raise
            except BROKEN as error:
                self._line.drop()
                raise _as_probe_error(in_words(error, self._line.peer)) from error
            except BaseException:
                self._line.drop()
                raise

    def look_again(self) -> float | None:
        """Rates take two looks."""
        return min(self._settings.interval, LOOK_AGAIN) if self._looks == 1 else None

    async def close(self) -> None:
        await self._line.close()

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.{figure}": unit for figure, unit in _own(settings).units.items()}

    @classmethod
    def starter(cls, found: starter.Found) -> dict[str, dict[str, Any]]:
        """What ``warroom init`` writes."""
        return starter.tables(found)

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        return down_rules(name, _own(settings), scale)

    async def _read(self, ends: float) -> Sample:
        """Over the connection that is held; one that proves dead is opened anew, once."""
        reused = self._line.open
        try:
            return await self._once(ends)
        except BROKEN as error:
            self._line.drop()
            if not reused:
                raise in_words(error, self._line.peer) from error
        try:
            return await self._once(ends)
        except BROKEN as error:
            raise in_words(error, self._line.peer) from error

    async def _once(self, ends: float) -> Sample:
        loop = asyncio.get_running_loop()
        connection = await self._line.get(max(ends - loop.time() - ALLOWANCE, 0.0))
        begun = loop.time()
        async with self._reader.turn(connection, self._asking) as turn:
            looked = await self._reader.read(turn, self._line.peer)
        looked.known["poll_time"] = ((loop.time() - begun) * 1000, "")
        # What the team asks may be slow: it is cut off early enough to leave the rest in time.
        by = min(ends - MARGIN * self._settings.deadline, loop.time() + self._settings.deadline / 2)
        answers = await self._queries.ask(connection, looked.identity.user, by, self._asking)
        looked.answered(answers)
        return self._sample(looked, turn.failed | answers.failed)

    def _asking(self, what: str) -> None:
        self._asked = what

    def _late(self) -> ProbeError:
        within = f"within {short_duration(self._settings.deadline)}"
        if not self._asked:
            words = f"no answer {within}: it waited for its turn, or its secrets"
            return ProbeError("deadline", words, "is a closer look under way?")
        words = f"no answer {within} from {self._line.peer}: signed in, {self._asked} asked"
        return ProbeError("answer", words, "is the server stopped, or its disk?")

    def _sample(self, looked: Looked, failed: dict[str, str]) -> Sample:
        self._looks += 1
        self._unanswered.answered()
        looked.known["unanswered"] = (0.0, "")
        refused = self._reader.refusals.words
        seen = looked.seen(self._settings.long_query, failed, refused)
        return Sample(seen, as_signals(self._declared, looked.known))

    def _refused(self, error: RefusedError) -> Sample:
        """The server's own no. That it has too many connections says how many are used."""
        self._unanswered.answered()
        known = {"up": 0.0, "unanswered": 0.0}
        if error.full:
            known["connections_used"] = 100.0
        identity = Identity(database="", user="", address=self._line.peer)
        seen = PostgresSeen(identity=identity, faults=(str(error),))
        return Sample(seen, as_signals(self._declared, known))


def _as_probe_error(error: RefusedError | ProbeError) -> ProbeError:
    return error if isinstance(error, ProbeError) else ProbeError("answer", str(error))


def _own(settings: SourceSettings) -> PostgresSettings:
    if not isinstance(settings, PostgresSettings):
        words = f"a postgres source needs PostgresSettings, not {type(settings).__name__}"
        raise TypeError(words)
    return settings
