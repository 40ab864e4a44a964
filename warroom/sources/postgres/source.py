"""One database of a PostgreSQL server: connections, queries at work, locks, statements.

A server that answers and takes no connection is DOWN: it said so itself. No answer at all is
CAN'T SEE: it may be the way that is broken.
"""

import asyncio
from typing import ClassVar

import asyncpg

from warroom.config.settings import SourceSettings
from warroom.connect.postgres import RefusedError, in_words
from warroom.connect.unanswered import Unanswered
from warroom.errors import ProbeError
from warroom.measure.postgres import Identity, PostgresSeen
from warroom.measure.rule import Rule
from warroom.measure.snapshot import Signal
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source
from warroom.sources.down import down_rules
from warroom.sources.postgres import figures
from warroom.sources.postgres.figures import UNITS, Figure
from warroom.sources.postgres.line import Line
from warroom.sources.postgres.looked import Looked
from warroom.sources.postgres.reader import Reader
from warroom.sources.postgres.settings import PostgresSettings
from warroom.sources.postgres.texts import Texts
from warroom.text import short_duration

LOOK_AGAIN = 2.0
"""Seconds between the two looks of ``warroom check``, at most: rates take two."""


class PostgresSource(Source):
    """Reads one server at each poll, over one connection that is kept open."""

    kind = "postgres"
    Settings: ClassVar[type[SourceSettings]] = PostgresSettings

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._settings = _own(settings)
        self._units = UNITS
        self._line = Line(self._settings, context)
        self._reader = Reader(self._settings, Texts(), context.clock)
        self._unanswered = Unanswered()
        self._looks = 0

    async def sample(self) -> Sample:
        """Read once, within the source's deadline. Raises ProbeError for no answer."""
        deadline = self._settings.deadline
        ends = asyncio.get_running_loop().time() + deadline
        try:
            async with asyncio.timeout(deadline):
                return await self._read(ends)
        except TimeoutError:
            self._line.drop()
            words = f"no answer within {short_duration(deadline)}: signed in, query sent"
            raise ProbeError("answer", words, "is the server stopped, or its disk?") from None
        except RefusedError as error:
            self._line.drop()
            return self._refused(error)
        except BaseException:
            self._line.drop()
            raise

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        known: dict[str, Figure] = {}
        if self._unanswered.failed(error):
            known["unanswered"] = (float(self._unanswered.polls or 0), "")
        return figures.signals(self.name, self._units, known)

    def look_again(self) -> float | None:
        """Rates take two looks."""
        return min(self._settings.interval, LOOK_AGAIN) if self._looks == 1 else None

    async def close(self) -> None:
        await self._line.close()

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.{figure}": unit for figure, unit in UNITS.items()}

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        return down_rules(name, _own(settings), scale)

    async def _read(self, ends: float) -> Sample:
        """Over the connection that is held; one that proves dead is opened anew, once."""
        reused = self._line.open
        try:
            return await self._once(ends)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            self._line.drop()
            if not reused:
                raise in_words(error, self._line.peer) from error
        try:
            return await self._once(ends)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise in_words(error, self._line.peer) from error

    async def _once(self, ends: float) -> Sample:
        loop = asyncio.get_running_loop()
        connection = await self._line.get(max(ends - loop.time(), 0.0))
        begun = loop.time()
        async with self._reader.turn(connection) as turn:
            looked = await self._reader.read(turn, self._line.peer)
        looked.known["poll_time"] = ((loop.time() - begun) * 1000, "")
        return self._sample(looked, turn.failed)

    def _sample(self, looked: Looked, failed: dict[str, str]) -> Sample:
        self._looks += 1
        self._unanswered.answered()
        looked.known["unanswered"] = (0.0, "")
        refused = self._reader.refusals.words
        seen = looked.seen(self._settings.long_query, failed, refused)
        return Sample(seen, figures.signals(self.name, self._units, looked.known))

    def _refused(self, error: RefusedError) -> Sample:
        """The server's own no. That it has too many connections says how many are used."""
        self._unanswered.answered()
        known: dict[str, Figure] = {"up": (0.0, ""), "unanswered": (0.0, "")}
        if error.full:
            known["connections_used"] = (100.0, "")
        identity = Identity(database="", user="", address=self._line.peer)
        seen = PostgresSeen(identity=identity, faults=(str(error),))
        return Sample(seen, figures.signals(self.name, self._units, known))


def _own(settings: SourceSettings) -> PostgresSettings:
    if not isinstance(settings, PostgresSettings):
        words = f"a postgres source needs PostgresSettings, not {type(settings).__name__}"
        raise TypeError(words)
    return settings
